"""Erasing a person: nothing names them any more, everything counted stays."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from delivery.idempotency import claim, store_answer
from delivery.links import LinkError, issue_link, link_token, read_link
from delivery.models import Job
from references.enums import ContactStatus
from references.models import Blackout, Consent, Contact, ContactGrant, ContactTag, Engagement, Nomination, StateChange
from references.personal_words import is_erased
from references.pool.writing import pool_write
from references.services.contacts import save_contact
from references.services.disclosures import disclose_contact
from references.services.erasing import erase_contact
from references.services.grants import grant_contact
from references.services.ledger import change_engagement_status, log_engagement
from references.services.nominations import nominate
from tests.factories import (
    make_blackout,
    make_case_study,
    make_consent,
    make_contact,
    make_customer,
    make_engagement,
    make_proof_point,
    make_tag,
    make_testimonial,
)
from tests.tables import texts_of_all_tables
from users.models import User

pytestmark = pytest.mark.django_db

NEEDLES = ("Lindqvist", "lindqvist", "nora@", "555 0100", "5550100")


@pytest.fixture
def nora(manager: User, rep: User) -> Contact:
    """Nora, of whom every table of the pool knows something."""
    customer = make_customer("Fjordbank", notes="Nora Lindqvist decides, nora@fjordbank.example")
    contact = make_contact(
        customer,
        "Nora Lindqvist",
        title="CFO, reports to Lindqvist senior",
        email="nora@fjordbank.example",
        phone="+47 555 0100",
        external_id="crm-nora-lindqvist",
        nps_score=9,
        nps_comment="Ask Lindqvist",
        notes="Call Nora Lindqvist in the morning",
        tags=[make_tag("role", "Finance")],
        consents=["call"],
    )
    make_consent(contact, "quote", evidence="Mail of Nora Lindqvist")
    make_consent(customer, "logo", evidence="Signed by Nora Lindqvist")
    today = timezone.localdate()
    make_blackout(contact, today, today, reason="Ms. Lindqvist is away")
    touch = make_engagement(contact, effort_hours=Decimal("1.5"), note="Lindqvist spoke well")
    planned = log_engagement(
        contact=contact, activity="call", status="planned", on=today, source="page:1", by=rep, reason="for Lindqvist"
    )
    change_engagement_status(engagement=planned, to="cancelled", by=rep, reason="Nora Lindqvist was ill")
    make_case_study(customer, "How Nora Lindqvist closed in two days", results="As Lindqvist, Nora says.")
    make_testimonial(contact, "I am Nora Lindqvist and I like it.", url="https://example.test/lindqvist")
    make_testimonial(make_contact(customer), "Nora Lindqvist told me.", transcript="Ask Nora Lindqvist.")
    make_proof_point(customer, "Hours of Nora Lindqvist", how_measured="counted by Nora Lindqvist")
    nominate(customer=customer, contact=contact, moment="Nora was great", by=rep, creation_key="1")
    nominate(
        customer=customer, person_name="Nora Lindqvist", person_email="nora@fjordbank.example", moment="Nora again",
        by=rep, creation_key="2",
    )  # fmt: skip
    nominate(
        customer=customer, person_name="Jo New", moment="says Nora Lindqvist", by=None, suggested_by=contact,
        creation_key="3",
    )  # fmt: skip
    disclose_contact(user=manager, contact=contact, why="invite Nora Lindqvist")
    grant_contact(contact=contact, user=rep, source="match:1")
    report = {"problems": [{"line": 3, "value": "nora@fjordbank.example", "wrong": "Nora Lindqvist is twice here"}]}
    Job.objects.create(kind="import", title="pool.csv", report=report)
    key = claim(user=rep, key="1", endpoint="POST /x/", body=b"")
    store_answer(key, status=201, answer={"body": {"who": "Nora Lindqvist <nora@fjordbank.example>"}, "headers": {}})
    assert touch.status == "completed"
    return contact


def test_erased_person_is_named_in_no_table(nora: Contact, manager: User) -> None:
    erase_contact(contact=nora, why="Nora Lindqvist asked for it", by=manager)
    found = [(where, text) for where, text in texts_of_all_tables() for needle in NEEDLES if needle in text]
    assert found == []


def test_erasing_keeps_counts_and_hours(nora: Contact, manager: User) -> None:
    kept = ("activity", "status", "on", "effort_hours", "source", "recorded_at")
    before = list(Engagement.objects.order_by("pk").values(*kept))
    erase_contact(contact=nora, by=manager)
    assert list(Engagement.objects.order_by("pk").values(*kept)) == before
    nora.refresh_from_db()
    assert (nora.nps_score, nora.loyalty, nora.status, nora.has_opted_out) == (9, "promoter", "retired", True)
    assert Nomination.objects.count() == 3
    assert nora.disclosures.count() == 1


def test_erasing_revokes_recalls_and_closes(nora: Contact, manager: User) -> None:
    hub = issue_link(purpose="hub", subject=f"contact:{nora.pk}", lifetime=timedelta(minutes=30))
    erase_contact(contact=nora, by=manager)
    assert not Consent.objects.filter(contact=nora, revoked_at=None).exists()
    said = nora.testimonial_set.get()
    assert (said.status, said.said_by, said.said_by_title) == ("recalled", "", "")
    assert not ContactGrant.objects.in_force().exists()
    assert not ContactTag.objects.filter(contact=nora).exists()
    assert not Blackout.objects.exists()
    with pytest.raises(LinkError):
        read_link(link_token(hub), "hub")


def test_erasing_twice_changes_nothing_more(nora: Contact, manager: User) -> None:
    erase_contact(contact=nora, by=manager)
    changes = StateChange.objects.count()
    assert is_erased(erase_contact(contact=nora, by=manager))
    assert StateChange.objects.count() == changes


def test_erasing_notes_who_did_it(nora: Contact, manager: User) -> None:
    erase_contact(contact=nora, by=manager)
    last = StateChange.objects.get(to_status="erased")
    assert (last.subject, last.by, last.actor) == (f"contact:{nora.pk}", manager, "user")


def test_person_who_erases_themselves_leaves_no_words(nora: Contact) -> None:
    erase_contact(contact=nora)
    last = StateChange.objects.get(to_status="erased")
    assert (last.by, last.actor) == (None, "promoter")


def test_erasing_leaves_namesakes_elsewhere_alone(nora: Contact, manager: User) -> None:
    other = make_contact(make_customer(), "Nora Lindqvist", email="other@example.test")
    said = make_testimonial(other, "By Nora Lindqvist, of course.")
    erase_contact(contact=nora, by=manager)
    other.refresh_from_db()
    said.refresh_from_db()
    assert (other.name, said.said_by, said.text) == (
        "Nora Lindqvist",
        "Nora Lindqvist",
        "By Nora Lindqvist, of course.",
    )


def test_several_people_of_one_customer_can_be_erased_and_come_back(manager: User) -> None:
    customer = make_customer()
    for _ in range(2):
        erase_contact(contact=make_contact(customer, "Nora Lindqvist"), by=manager)
    again = save_contact(customer=customer, data={"name": "Nora Lindqvist"}, initial_status=ContactStatus.KNOWN)
    assert Contact.objects.filter(customer=customer).count() == 3
    assert not is_erased(again)


def test_somebody_retired_before_can_be_erased(manager: User) -> None:
    contact = make_contact(name="Nora Lindqvist", status=ContactStatus.RETIRED)
    erase_contact(contact=contact, by=manager)
    contact.refresh_from_db()
    assert is_erased(contact)


def test_draft_of_an_erased_person_can_never_be_used(manager: User) -> None:
    contact = make_contact(name="Nora Lindqvist")
    make_consent(contact.customer, "quote")
    said = make_testimonial(contact, "Nora Lindqvist likes it.", status="draft")
    erase_contact(contact=contact, by=manager)
    said.refresh_from_db()
    assert (said.status, said.text, said.said_by) == ("draft", "… likes it.", "")
    with pool_write():
        type(said).objects.update(status="published")
    assert not type(said).objects.standing(on=timezone.localdate()).exists()
