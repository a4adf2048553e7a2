"""A promoter's profile per role, and the button before contact data."""

from django.urls import reverse

from references.models import Contact, Disclosure
from references.services.customers import save_customer
from tests.web.conftest import LogIn, read_page
from users.models import User


def profile_of(contact: Contact) -> str:
    return reverse("web:profile", args=[contact.pk])


def test_profile_tells_a_manager_everything_but_contact_data(promoter: Contact, manager: User, log_in: LogIn) -> None:
    html = log_in(manager).get(profile_of(promoter)).content.decode()
    for told in ("Nora Lindqvist", "Fjordbank", "Spoke with a prospect", "They answer within the hour."):
        assert told in html
    for kept in ("nora@fjordbank.example", "555 0100"):
        assert kept not in html


def test_profile_blinds_the_person_for_a_salesperson(promoter: Contact, rep: User, log_in: LogIn) -> None:
    html = log_in(rep).get(profile_of(promoter)).content.decode()
    assert "CFO · Banking" in html.replace("Finance, ", "")
    for kept in ("Nora", "nora@", "555 0100", "Spoke with a prospect", "They answer within the hour."):
        assert kept not in html, kept


def test_profile_names_the_person_to_the_account_owner(promoter: Contact, rep: User, log_in: LogIn) -> None:
    save_customer(customer=promoter.customer, data={"account_owner": rep, "is_named": False})
    page = read_page(log_in(rep).get(profile_of(promoter)).content.decode())
    assert "Nora Lindqvist" in page.text
    assert "Fjordbank" in page.text
    assert "Show e-mail and phone" in page.text


def test_profile_withholds_a_customer_that_may_not_be_named(promoter: Contact, rep: User, log_in: LogIn) -> None:
    save_customer(customer=promoter.customer, data={"is_named": False})
    assert "fjordbank" not in log_in(rep).get(profile_of(promoter)).content.decode().lower()


def test_profile_out_of_sight_is_not_found(promoter: Contact, rep: User, log_in: LogIn) -> None:
    save_customer(customer=promoter.customer, data={"is_referenceable": False})
    assert log_in(rep).get(profile_of(promoter)).status_code == 404


def test_profile_draws_the_curve_and_says_it_in_a_table(promoter: Contact, manager: User, log_in: LogIn) -> None:
    page = read_page(log_in(manager).get(profile_of(promoter)).content.decode())
    assert len([each for each in page.all("polyline") if each["class"] in {"past", "ahead"}]) == 2
    assert len([each for each in page.all("line") if "limit" in (each["class"] or "").split()]) == 3
    assert "projected" in page.text


def test_contact_data_is_shown_once_and_recorded(promoter: Contact, manager: User, log_in: LogIn) -> None:
    response = log_in(manager).post(reverse("web:disclose", args=[promoter.pk]), {"why": "invite to the panel"})
    assert "nora@fjordbank.example" in response.content.decode()
    assert "no-store" in response["Cache-Control"]
    assert [(row.user, row.why) for row in Disclosure.objects.all()] == [(manager, "invite to the panel")]


def test_contact_data_needs_a_reason(promoter: Contact, manager: User, log_in: LogIn) -> None:
    response = log_in(manager).post(reverse("web:disclose", args=[promoter.pk]), {"why": " "}, follow=True)
    assert "nora@" not in response.content.decode()
    assert not Disclosure.objects.exists()


def test_contact_data_is_refused_to_others(promoter: Contact, rep: User, marketer: User, log_in: LogIn) -> None:
    for user in (rep, marketer):
        response = log_in(user).post(reverse("web:disclose", args=[promoter.pk]), {"why": "curious"})
        assert response.status_code == 403
        assert "nora@" not in response.content.decode()
    assert not Disclosure.objects.exists()


def test_contact_data_cannot_be_had_by_get(promoter: Contact, manager: User, log_in: LogIn) -> None:
    assert log_in(manager).get(reverse("web:disclose", args=[promoter.pk])).status_code == 405
