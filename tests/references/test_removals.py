"""Removals: whatever may not be used any more is told, with when and why, and nothing that may be."""

from collections.abc import Iterable
from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from references.models import CaseStudy, Consent, Contact, Customer, Testimonial
from references.pool.writing import pool_write
from references.removals import Removal, Removals
from references.rights import Use
from references.services.consents import revoke_consent, supersede_consent
from references.services.content_states import lock_piece, move_content
from references.services.customers import delete_proof_point
from references.services.erasing import erase_contact
from tests.factories import (
    make_case_study,
    make_contact,
    make_proof_point,
    make_testimonial,
)
from users.models import User

pytestmark = pytest.mark.django_db
ALL = ("speaker", "case_study", "testimonial", "proof_point")


def gone(since: datetime, nouns: Iterable[str] = ALL, channel: str = "") -> list[Removal]:
    use = Use(on=timezone.localdate(), channel=channel)
    return Removals(since=since, use=use, activity="speaking").of(nouns)


def told(since: datetime, channel: str = "") -> set[tuple[str, int, str]]:
    return {(each.noun, each.id, each.why) for each in gone(since, channel=channel)}


@pytest.fixture
def contact(db: None) -> Contact:
    return make_contact(consents=["speaking", "quote", "case_study"])


def backdate(*rows: Contact | Customer | CaseStudy | Testimonial) -> datetime:
    """Let rows look as if they had not changed for long; gives a moment after it."""
    long_ago = timezone.now() - timedelta(days=30)
    with pool_write() as touched:
        for row in rows:
            type(row)._default_manager.filter(pk=row.pk).update(updated_at=long_ago)
        touched.add(everything=True)
    return timezone.now() - timedelta(days=7)


def test_what_may_be_used_is_not_gone(contact: Contact) -> None:
    since = timezone.now() - timedelta(days=1)
    story = make_case_study(contact.customer, contact=contact)
    make_proof_point(contact.customer, case_study=story)
    make_testimonial(contact)
    assert gone(since) == []


@pytest.mark.parametrize("state", ["expired", "recalled"])
def test_piece_that_moved_to_its_end_is_gone_with_its_numbers(state: str, contact: Contact) -> None:
    story = make_case_study(contact.customer, contact=contact)
    point = make_proof_point(contact.customer, case_study=story)
    since = timezone.now()
    with pool_write():
        move_content(lock_piece(story), state)
    assert told(since) == {("case_study", story.pk, state), ("proof_point", point.pk, state)}
    assert told(timezone.now()) == set()


def test_number_that_was_deleted_is_gone_though_its_row_is(contact: Contact, marketer: User) -> None:
    point = make_proof_point(contact.customer)
    pk, since = point.pk, timezone.now()
    delete_proof_point(point=point, by=marketer)
    assert told(since) == {("proof_point", pk, "deleted")}
    assert [each.gone_at >= since for each in gone(since)] == [True]
    assert told(timezone.now()) == set()


def test_revoked_consent_takes_what_it_covered_and_nothing_else(contact: Contact) -> None:
    quote, story = make_testimonial(contact), make_case_study(contact.customer, contact=contact)
    since = timezone.now()
    revoke_consent(consent=Consent.objects.get(activity="quote"))
    (removal,) = gone(since)
    assert (removal.noun, removal.id, removal.why) == ("testimonial", quote.pk, "consent_ended")
    assert since <= removal.gone_at <= timezone.now()
    revoke_consent(consent=Consent.objects.get(activity="speaking"))
    assert told(since) == {("testimonial", quote.pk, "consent_ended"), ("speaker", contact.pk, "consent_ended")}
    assert [each.noun for each in gone(since, ["speaker"])] == ["speaker"]
    assert story.pk


def test_consent_that_lapses_by_itself_is_told_by_its_last_day(contact: Contact) -> None:
    quote = make_testimonial(contact)
    since = backdate(contact, contact.customer, quote)
    last = timezone.localdate() - timedelta(days=3)
    with pool_write() as touched:
        Consent.objects.filter(activity__in=["quote", "speaking"]).update(valid_until=last)
        touched.add(contact.customer_id)
    removals = gone(since)
    assert {(each.noun, each.why) for each in removals} == {
        ("testimonial", "consent_ended"), ("speaker", "consent_ended"),
    }  # fmt: skip
    assert {timezone.localdate(each.gone_at) for each in removals} == {last + timedelta(days=1)}
    assert gone(timezone.now() - timedelta(hours=1)) == []


def test_piece_past_its_own_last_day_is_expired_before_anybody_moves_it(contact: Contact) -> None:
    quote = make_testimonial(contact, expires_on=timezone.localdate() - timedelta(days=2))
    since = backdate(contact, contact.customer, quote)
    assert told(since) == {("testimonial", quote.pk, "expired")}


def test_narrower_consent_takes_it_from_the_channels_it_leaves_out(contact: Contact) -> None:
    quote = make_testimonial(contact)
    since = timezone.now()
    supersede_consent(consent=Consent.objects.get(activity="quote"), channel="print")
    assert ("testimonial", quote.pk, "consent_ended") in told(since, channel="web")
    assert told(since, channel="print") == set()
    assert told(since) == set()


def test_erased_person_and_customer_that_is_no_reference_are_withdrawn(contact: Contact) -> None:
    other = make_contact(consents=["speaking"])
    story = make_case_study(contact.customer)
    since = timezone.now()
    erase_contact(contact=contact)
    assert ("speaker", contact.pk, "withdrawn") in told(since)
    with pool_write() as touched:
        other.customer.is_referenceable = False
        other.customer.save()
        touched.add(other.customer_id)
    assert ("speaker", other.pk, "withdrawn") in told(since)
    assert story.pk


def test_drafts_are_never_told(contact: Contact) -> None:
    draft = make_case_study(contact.customer, status="draft")
    make_proof_point(contact.customer, case_study=draft)
    assert gone(timezone.now() - timedelta(days=1)) == []
