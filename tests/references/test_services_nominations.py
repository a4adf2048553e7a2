"""Nominating: once per key, drafts of their author, and what approval makes of the person."""

from typing import Any

import pytest

from references.enums import NominationStatus, Origin
from references.errors import DomainError
from references.lifecycles import NOMINATION
from references.models import Contact, Nomination, StateChange
from references.services.erasing import erase_contact
from references.services.nominations import discard_draft, edit_draft, move_nomination, nominate
from tests.factories import make_contact, make_customer
from users.models import User

pytestmark = pytest.mark.django_db


def make_nomination(by: User | None, **given: Any) -> Nomination:
    given = {"moment": "Praised us on stage", "creation_key": "key:1", **given}
    if "contact" not in given:
        given = {"customer": make_customer(), "person_name": "Jo Ek", **given}
    given.setdefault("customer", given["contact"].customer if given.get("contact") else None)
    return nominate(by=by, **given)


def code_of(verb: Any, **given: Any) -> str:
    with pytest.raises(DomainError) as refusal:
        verb(**given)
    return refusal.value.code


def test_nominate_someone_new_is_recorded(rep: User) -> None:
    row = make_nomination(rep, person_email=" Jo@X.example ", activities=["call"])
    assert (row.status, row.nominated_by, row.person_email, row.activities) == ("new", rep, "jo@x.example", ["call"])
    change = StateChange.objects.get(subject=f"nomination:{row.pk}")
    assert (change.to_status, change.by, change.actor) == ("new", rep, "user")


def test_nominate_a_contact_keeps_no_second_copy_of_the_person(rep: User) -> None:
    row = make_nomination(rep, contact=make_contact(), person_name="Jo Ek", person_email="jo@x.example")
    assert (row.person_name, row.person_email) == ("", "")


def test_nominate_by_a_promoter_says_so() -> None:
    promoter = make_contact()
    row = make_nomination(None, customer=promoter.customer, suggested_by=promoter, via="promoter")
    assert (row.nominated_by, row.suggested_by, row.via) == (None, promoter, "promoter")
    assert StateChange.objects.get(subject=f"nomination:{row.pk}").actor == "promoter"


def test_nominate_again_with_the_same_key_is_the_first_row(rep: User, outsider: User) -> None:
    customer = make_customer()
    first = make_nomination(rep, customer=customer)
    assert make_nomination(rep, customer=customer, moment="Another") == first
    assert Nomination.objects.get().moment == "Praised us on stage"
    assert StateChange.objects.count() == 1
    assert code_of(make_nomination, by=outsider, customer=customer) == "key_taken"


def test_nominate_refuses(rep: User) -> None:
    gone = make_contact(status="retired")
    for change, code in (
        ({"moment": "  "}, "moment_required"),
        ({"person_name": " "}, "who_required"),
        ({"contact": make_contact(), "customer": make_customer()}, "wrong_customer"),
        ({"contact": gone}, "has_opted_out"),
        ({"activities": ["juggling"]}, "unknown_activity"),
        ({"status": "approved"}, "not_initial"),
        ({"person_email": "no address"}, "invalid"),
    ):
        assert code_of(make_nomination, by=rep, **change) == code
    assert not Nomination.objects.exists()


def test_draft_is_changed_and_discarded_by_its_author_alone(rep: User, manager: User) -> None:
    row = make_nomination(rep, status="draft")
    assert code_of(edit_draft, nomination=row, data={"moment": "x"}, by=manager) == "not_allowed"
    assert code_of(discard_draft, nomination=row, by=manager) == "not_allowed"
    assert edit_draft(nomination=row, data={"moment": "Praised us twice"}, by=rep).moment == "Praised us twice"
    assert code_of(edit_draft, nomination=row, data={"moment": ""}, by=rep) == "moment_required"
    discard_draft(nomination=row, by=rep)
    assert not Nomination.objects.exists()


def test_what_was_sent_is_no_draft(rep: User) -> None:
    row = make_nomination(rep)
    assert code_of(edit_draft, nomination=row, data={"moment": "x"}, by=rep) == "not_a_draft"
    assert code_of(discard_draft, nomination=row, by=rep) == "not_a_draft"


def test_draft_is_sent_by_its_author_and_decided_by_managers(rep: User, manager: User) -> None:
    row = make_nomination(rep, status="draft")
    assert code_of(move_nomination, nomination=row, to="new", by=manager) == "not_allowed"
    assert move_nomination(nomination=row, to="new", by=rep).status == "new"
    assert code_of(move_nomination, nomination=row, to="approved", by=rep) == "not_allowed"
    assert move_nomination(nomination=row, to="in_progress", by=manager).decided_by is None
    changes = StateChange.objects.filter(subject=f"nomination:{row.pk}").order_by("pk")
    assert [each.to_status for each in changes] == ["draft", "new", "in_progress"]


@pytest.mark.parametrize("before", NominationStatus.values)
@pytest.mark.parametrize("after", NominationStatus.values)
def test_move_nomination_follows_its_table(before: str, after: str, manager: User) -> None:
    row = make_nomination(manager)
    Nomination.objects.filter(pk=row.pk).update(status=before)
    if NOMINATION.may_move(before, after):
        assert move_nomination(nomination=row, to=after, by=manager, note="why").status == after
    else:
        assert code_of(move_nomination, nomination=row, to=after, by=manager, note="why") == "move_not_allowed"


def test_approval_makes_a_contact_of_someone_new(rep: User, manager: User) -> None:
    row = make_nomination(rep, person_title="CFO", person_email="jo@x.example", activities=["call"])
    move_nomination(nomination=row, to="approved", by=manager, note="welcome")
    assert row.contact is not None
    assert (row.contact.name, row.contact.title, row.contact.email) == ("Jo Ek", "CFO", "jo@x.example")
    assert (row.contact.status, row.contact.origin, row.contact.activities) == ("nominated", Origin.NOMINATION, [])
    assert (row.person_email, row.decided_by, row.note) == ("", manager, "welcome")
    assert row.decided_at is not None


def test_approval_activates_where_that_is_wanted(rep: User, manager: User) -> None:
    row = make_nomination(rep)
    move_nomination(nomination=row, to="approved", by=manager, activate=True)
    assert row.contact is not None
    assert row.contact.status == "active"
    moves = StateChange.objects.filter(subject=f"contact:{row.contact.pk}").order_by("pk")
    assert [(each.to_status, each.why) for each in moves] == [
        ("nominated", f"nomination:{row.pk}"),
        ("active", f"nomination:{row.pk}"),
    ]


@pytest.mark.parametrize("before, after", [("known", "nominated"), ("nominated", "nominated"), ("paused", "paused")])
def test_approval_moves_a_known_contact_no_further_than_nominated(before: str, after: str, manager: User) -> None:
    row = make_nomination(manager, contact=make_contact(status=before))
    move_nomination(nomination=row, to="approved", by=manager)
    assert row.contact is not None
    assert row.contact.status == after


@pytest.mark.parametrize("email, nominated_email", [("", ""), ("", "jo@x.example"), ("jo@x.example", "")])
def test_approval_finds_the_person_who_is_there_by_name(email: str, nominated_email: str, manager: User) -> None:
    there = make_contact(make_customer(), "Jo Ek", status="known", email=email)
    row = make_nomination(manager, customer=there.customer, person_name="jo  EK", person_email=nominated_email)
    move_nomination(nomination=row, to="approved", by=manager)
    assert row.contact == there
    assert (row.contact.email, row.person_email) == (email, "")


def test_approval_takes_two_addresses_for_two_people(manager: User) -> None:
    there = make_contact(make_customer(), "Jo Ek", email="jo.senior@x.example")
    row = make_nomination(manager, customer=there.customer, person_email="jo@x.example")
    move_nomination(nomination=row, to="approved", by=manager)
    assert row.contact != there
    assert Contact.objects.count() == 2


def test_approval_of_somebody_elses_person_changes_nothing(manager: User) -> None:
    make_contact(make_customer(), email="jo@x.example")
    row = make_nomination(manager, person_email="jo@x.example")
    assert code_of(move_nomination, nomination=row, to="approved", by=manager) == "duplicate_contact"
    row.refresh_from_db()
    assert (row.status, Contact.objects.count()) == ("new", 1)


def test_approval_of_somebody_erased_meanwhile_makes_nobody(manager: User) -> None:
    there = make_contact(make_customer(), "Jo Ek", status="known")
    row = make_nomination(manager, customer=there.customer, person_name="Jo Ek")
    erase_contact(contact=there)
    assert code_of(move_nomination, nomination=row, to="approved", by=manager) == "erased"
    assert Contact.objects.count() == 1


def test_refusal_needs_a_note_and_can_be_reopened(manager: User) -> None:
    row = make_nomination(manager)
    assert code_of(move_nomination, nomination=row, to="not_approved", by=manager, note=" ") == "note_required"
    move_nomination(nomination=row, to="not_approved", by=manager, note="Too early")
    assert (row.note, row.decided_by) == ("Too early", manager)
    move_nomination(nomination=row, to="in_progress", by=manager)
    assert (row.status, row.note, row.decided_by, row.decided_at) == ("in_progress", "Too early", None, None)
