"""Django's admin: who gets in, that saves are announced, and that looks at contact data are recorded."""

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from references.models import Contact, Customer, Disclosure, PoolNote, Tag
from tests.factories import make_case_study, make_contact, make_customer, make_engagement, make_slot, make_tag
from users.enums import Role
from users.models import User

POOL_MODELS = [model for model in admin.site._registry if model._meta.app_label in {"references", "delivery", "users"}]


@pytest.fixture
def administrator(db: None) -> User:
    return User.objects.create_superuser("ada@example.test", "correct horse")


@pytest.fixture
def browser(administrator: User) -> Client:
    client = Client()
    client.force_login(administrator, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.mark.parametrize("model", POOL_MODELS, ids=lambda model: model._meta.label)
def test_list_opens(browser: Client, model: type) -> None:
    contact = make_contact(tags=[make_tag()])
    make_engagement(contact)
    make_case_study(contact.customer)
    make_slot()
    name = f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist"  # type: ignore[attr-defined]
    assert browser.get(reverse(name)).status_code == 200


def test_staff_without_the_role_sees_nothing(manager: User) -> None:
    manager.is_staff = True
    manager.save()
    client = Client()
    client.force_login(manager, backend="django.contrib.auth.backends.ModelBackend")
    assert manager.role == Role.MANAGER
    assert client.get(reverse("admin:references_contact_changelist")).status_code == 403


def test_saving_a_customer_is_announced(browser: Client) -> None:
    customer = make_customer("Old Name")
    page = browser.get(reverse("admin:references_customer_change", args=[customer.pk]))
    form = page.context["adminform"].form
    data = {name: "" if value is None else value for name, value in form.initial.items() if value is not False}
    data |= {"name": "New Name", "exclusions": "[]"}
    for formset in page.context["inline_admin_formsets"]:
        data |= {f"{formset.formset.prefix}-{name}": 0 for name in ("TOTAL_FORMS", "INITIAL_FORMS")}
    notes = PoolNote.objects.filter(object_id=customer.pk).count()
    answer = browser.post(reverse("admin:references_customer_change", args=[customer.pk]), data)
    assert answer.status_code == 302, answer.context["errors"]
    assert Customer.objects.get().folded_name == "new name"
    assert PoolNote.objects.filter(object_id=customer.pk).count() == notes + 1


def test_deleting_a_customer_with_people_is_refused(browser: Client) -> None:
    contact = make_contact()
    address = reverse("admin:references_customer_delete", args=[contact.customer_id])
    browser.post(address, {"post": "yes"})
    assert Customer.objects.filter(pk=contact.customer_id).exists()


def test_deleting_a_customer_without_history_is_announced(browser: Client) -> None:
    customer = make_customer()
    notes = PoolNote.objects.count()
    browser.post(reverse("admin:references_customer_delete", args=[customer.pk]), {"post": "yes"})
    assert not Customer.objects.exists()
    assert PoolNote.objects.count() == notes + 1


def test_deleting_tags_in_bulk_is_announced(browser: Client) -> None:
    tags = [make_tag(), make_tag()]
    data = {"action": "delete_selected", "_selected_action": [tag.pk for tag in tags], "post": "yes"}
    browser.post(reverse("admin:references_tag_changelist"), data)
    assert not Tag.objects.exists()


def test_opening_a_contact_records_a_disclosure(browser: Client, administrator: User) -> None:
    contact = make_contact(email="jo@acme.example")
    page = browser.get(reverse("admin:references_contact_change", args=[contact.pk]))
    assert "jo@acme.example" in page.content.decode()
    look = Disclosure.objects.get()
    assert (look.contact, look.user) == (contact, administrator)


def test_list_of_contacts_shows_no_contact_data(browser: Client) -> None:
    make_contact(email="jo@acme.example")
    page = browser.get(reverse("admin:references_contact_changelist"))
    assert "jo@acme.example" not in page.content.decode()
    assert Contact.objects.count() == 1
