"""Writing contacts: identity, loyalty, blackouts, and the one way a status moves."""

from datetime import date, timedelta
from itertools import product

import pytest
from django.utils import timezone

from references.enums import ContactStatus, Loyalty
from references.errors import DomainError
from references.lifecycles import CONTACT
from references.models import Contact, StateChange
from references.personal_words import is_erased
from references.services.contacts import ContactData, add_blackout, change_status, remove_blackout, save_contact
from references.services.erasing import erase_contact
from tests.factories import make_contact, make_customer, make_tag
from users.models import User

pytestmark = pytest.mark.django_db


def test_save_contact_new_is_known_and_on_record(manager: User) -> None:
    made = save_contact(
        customer=make_customer(),
        data={"name": "Zoë Ek", "email": " Zoe@X.Example"},
        tags=[make_tag("role")],
        by=manager,
    )
    assert (made.folded_name, made.email, made.status) == ("zoe ek", "zoe@x.example", ContactStatus.KNOWN)
    change = StateChange.objects.get(subject=f"contact:{made.pk}")
    assert (change.from_status, change.to_status, change.by) == ("", "known", manager)
    assert made.contact_tags.count() == 1


@pytest.mark.parametrize(
    "data, code",
    [
        ({"name": "-"}, "name_required"),
        ({"name": "B", "email": "jo@x.example"}, "duplicate_contact"),
        ({"name": "B", "activities": ["juggling"]}, "unknown_activity"),
        ({"name": "B", "nps_score": 11}, "score_out_of_range"),
        ({"name": "B", "email": "no address"}, "invalid"),
        ({"name": "B", "status": "active"}, "unknown_field"),
    ],
)
def test_save_contact_refuses(data: ContactData, code: str) -> None:
    there = make_contact(email="jo@x.example")
    with pytest.raises(DomainError) as refusal:
        save_contact(customer=there.customer, data=data)
    assert refusal.value.code == code


def test_save_contact_same_name_without_address_is_refused_unless_retired() -> None:
    there = make_contact(name="Jo Ek")
    with pytest.raises(DomainError) as refusal:
        save_contact(customer=there.customer, data={"name": "jo  ek"})
    assert refusal.value.code == "duplicate_contact"
    change_status(contact=there, to=ContactStatus.RETIRED)
    assert save_contact(customer=there.customer, data={"name": "Jo Ek"}).pk != there.pk


def test_save_contact_initial_status_must_be_one() -> None:
    customer = make_customer()
    assert save_contact(customer=customer, data={"name": "A"}, initial_status="active").status == "active"
    with pytest.raises(DomainError) as refusal:
        save_contact(customer=customer, data={"name": "B"}, initial_status="paused")
    assert refusal.value.code == "not_initial"


def test_save_contact_score_decides_loyalty_unless_given() -> None:
    contact = make_contact(loyalty=Loyalty.UNKNOWN)
    assert save_contact(contact=contact, customer=contact.customer, data={"nps_score": 7}).loyalty == Loyalty.PASSIVE
    data: ContactData = {"nps_score": 9, "loyalty": Loyalty.DETRACTOR}
    assert save_contact(contact=contact, customer=contact.customer, data=data).loyalty == Loyalty.DETRACTOR


def test_save_contact_of_another_customer_is_refused() -> None:
    contact = make_contact()
    with pytest.raises(DomainError) as refusal:
        save_contact(contact=contact, customer=make_customer(), data={})
    assert refusal.value.code == "wrong_customer"


def test_save_contact_loaded_before_an_opt_out_writes_only_what_it_names() -> None:
    stale = make_contact(name="Jo Ek", title="CFO")
    change_status(contact=Contact.objects.get(), to=ContactStatus.RETIRED, has_opted_out=True)
    saved = save_contact(contact=stale, customer=stale.customer, data={"title": "CEO"})
    row = Contact.objects.get()
    assert (row.status, row.has_opted_out, row.title, row.name) == ("retired", True, "CEO", "Jo Ek")
    assert (saved.status, stale.title) == ("retired", "CEO")


def test_save_contact_loaded_before_an_erasure_does_not_bring_the_person_back() -> None:
    stale = make_contact(name="Jo Ek", email="jo@x.example")
    erase_contact(contact=Contact.objects.get())
    with pytest.raises(DomainError) as refusal:
        save_contact(contact=stale, customer=stale.customer, data={"name": "Jo Ek"})
    assert refusal.value.code == "erased"
    assert is_erased(Contact.objects.get())


def test_save_contact_changed_by_a_form_still_guards_the_address_of_another() -> None:
    make_contact(email="jo@x.example")
    contact = make_contact(email="other@x.example")
    contact.email = "jo@x.example"  # as a form of its model leaves the row it was given
    with pytest.raises(DomainError) as refusal:
        save_contact(contact=contact, customer=contact.customer, data={"email": "jo@x.example"})
    assert refusal.value.code == "duplicate_contact"


@pytest.mark.parametrize("before, after", list(product(ContactStatus.values, repeat=2)))
def test_change_status_follows_its_table(before: str, after: str) -> None:
    contact = make_contact(status=before)
    if not CONTACT.may_move(before, after):
        with pytest.raises(DomainError) as refusal:
            change_status(contact=contact, to=after)
        assert refusal.value.code == "move_not_allowed"
        assert Contact.objects.get().status == before
        return
    change_status(contact=contact, to=after, why="because")
    change = StateChange.objects.get()
    assert (contact.status, change.from_status, change.to_status, change.why) == (after, before, after, "because")


def test_change_status_pause_has_an_end_which_resuming_clears() -> None:
    contact = make_contact()
    until = timezone.localdate() + timedelta(days=30)
    assert change_status(contact=contact, to=ContactStatus.PAUSED, paused_until=until).paused_until == until
    assert change_status(contact=contact, to=ContactStatus.ACTIVE).paused_until is None


def test_change_status_opting_out_retires() -> None:
    contact = make_contact()
    with pytest.raises(DomainError, match="retired"):
        change_status(contact=contact, to=ContactStatus.PAUSED, has_opted_out=True)
    assert change_status(contact=contact, to=ContactStatus.RETIRED, has_opted_out=True).has_opted_out


def test_change_status_refuses_ends_that_make_no_sense() -> None:
    contact = make_contact()
    with pytest.raises(DomainError) as refusal:
        change_status(contact=contact, to=ContactStatus.PAUSED, paused_until=date(2020, 1, 1))
    assert refusal.value.code == "pause_in_past"
    with pytest.raises(DomainError) as refusal:
        change_status(contact=contact, to=ContactStatus.RETIRED, paused_until=date(2099, 1, 1))
    assert refusal.value.code == "not_a_pause"


def test_blackout_added_and_removed() -> None:
    contact = make_contact()
    blackout = add_blackout(contact=contact, starts_on=date(2026, 7, 1), ends_on=date(2026, 7, 1), reason="Leave")
    assert contact.blackouts.get() == blackout
    with pytest.raises(DomainError) as refusal:
        add_blackout(contact=contact, starts_on=date(2026, 7, 2), ends_on=date(2026, 7, 1))
    assert refusal.value.code == "ends_before_start"
    remove_blackout(blackout=blackout)
    assert not contact.blackouts.exists()
