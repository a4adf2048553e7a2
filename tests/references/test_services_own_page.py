"""What promoters change about themselves is noted as theirs, and what is somebody else's stays."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from delivery.models import OutboxMessage
from references.announcing import UNAVAILABLE
from references.errors import DomainError
from references.models import Blackout, Consent, Contact, StateChange
from references.services import own_page
from references.services.erasing import erase_contact
from tests.factories import make_blackout, make_consent, make_contact
from tests.tables import all_rows

pytestmark = pytest.mark.django_db


@pytest.fixture
def nora(db: None) -> Contact:
    return make_contact(name="Nora Lindqvist", activities=["call"])


def own_changes(contact: Contact) -> list[str]:
    rows = StateChange.objects.filter(subject=f"contact:{contact.pk}", actor="promoter").order_by("pk")
    return [row.why for row in rows]


def test_limits_are_set_and_each_change_is_kept(nora: Contact) -> None:
    own_page.set_own_limits(contact=nora, max_per_quarter=3, agreed=["call", "quote"])
    own_page.set_own_limits(contact=nora, max_per_quarter=3, agreed=["quote"])
    nora.refresh_from_db()
    assert (nora.max_per_quarter, nora.activities) == (3, ["quote"])
    assert own_changes(nora) == [
        "own limit: as the program → 3 a quarter, on their own page",
        "quote: not agreed → agreed, on their own page",
        "call: agreed → not agreed, on their own page",
    ]


@pytest.mark.parametrize(
    ("limit", "agreed", "code"), [(21, [], "wrong_limit"), (-1, [], "wrong_limit"), (1, ["dance"], "unknown_activity")]
)
def test_limits_that_make_no_sense_are_refused(nora: Contact, limit: int, agreed: list[str], code: str) -> None:
    with pytest.raises(DomainError) as refused:
        own_page.set_own_limits(contact=nora, max_per_quarter=limit, agreed=agreed)
    assert refused.value.code == code


def test_pause_takes_a_new_end_and_ends(nora: Contact) -> None:
    until = timezone.localdate() + timedelta(days=9)
    own_page.pause_self(contact=nora)
    own_page.pause_self(contact=nora, until=until)
    nora.refresh_from_db()
    assert (nora.status, nora.paused_until) == ("paused", until)
    assert own_page.resume_self(contact=nora).status == "active"
    assert own_page.resume_self(contact=nora).status == "active"


@pytest.mark.parametrize(("status", "code"), [("known", "not_active"), ("retired", "has_opted_out")])
def test_nobody_who_is_not_asked_pauses(status: str, code: str) -> None:
    with pytest.raises(DomainError) as refused:
        own_page.pause_self(contact=make_contact(status=status))
    assert refused.value.code == code


def test_opting_out_is_announced_once(nora: Contact) -> None:
    own_page.opt_out(contact=nora)
    own_page.opt_out(contact=nora)
    nora.refresh_from_db()
    assert (nora.status, nora.has_opted_out) == ("retired", True)
    assert OutboxMessage.objects.filter(kind=UNAVAILABLE).count() == 1


def test_somebody_retired_can_still_opt_out() -> None:
    contact = make_contact(status="retired")
    own_page.opt_out(contact=contact)
    contact.refresh_from_db()
    assert contact.has_opted_out
    assert OutboxMessage.objects.filter(kind=UNAVAILABLE).count() == 1


def test_days_off_of_the_past_and_without_end_are_refused(nora: Contact, monkeypatch: pytest.MonkeyPatch) -> None:
    today = timezone.localdate()
    with pytest.raises(DomainError) as refused:
        own_page.add_own_blackout(contact=nora, starts_on=today - timedelta(9), ends_on=today - timedelta(1))
    assert refused.value.code == "date_over"
    monkeypatch.setattr(own_page, "MOST_DAYS_OFF", 1)
    own_page.add_own_blackout(contact=nora, starts_on=today, ends_on=today)
    with pytest.raises(DomainError) as refused:
        own_page.add_own_blackout(contact=nora, starts_on=today, ends_on=today)
    assert refused.value.code == "too_many"


def test_days_off_of_others_stay(nora: Contact) -> None:
    row = make_blackout(make_contact(), timezone.localdate(), timezone.localdate())
    own_page.remove_own_blackout(contact=nora, blackout_id=row.pk)
    assert Blackout.objects.get() == row


@pytest.mark.parametrize(
    ("language", "zone", "code"), [("fr", "UTC", "unknown_language"), ("de", "Mars/Base", "unknown_time_zone")]
)
def test_language_nobody_speaks_is_refused(nora: Contact, language: str, zone: str, code: str) -> None:
    with pytest.raises(DomainError) as refused:
        own_page.set_own_language(contact=nora, language=language, time_zone=zone)
    assert refused.value.code == code


@pytest.mark.parametrize("leave", [own_page.opt_out, erase_contact])
def test_page_opened_before_somebody_left_changes_nothing(nora: Contact, leave: Any) -> None:
    today = timezone.localdate()
    verbs: list[tuple[Any, dict[str, Any]]] = [
        (own_page.set_own_language, {"language": "de", "time_zone": "UTC"}),
        (own_page.set_own_limits, {"max_per_quarter": 3, "agreed": ["call"]}),
        (own_page.pause_self, {}),
        (own_page.resume_self, {}),
        (own_page.add_own_blackout, {"starts_on": today, "ends_on": today}),
        (own_page.give_own_consent, {"activity": "call"}),
        (own_page.nominate_from_page, {"person_name": "Jo Ek", "moment": "Praised us", "creation_key": "1"}),
    ]
    leave(contact=Contact.objects.get(pk=nora.pk))
    before = all_rows()
    for verb, given in verbs:
        with pytest.raises(DomainError) as refused:
            verb(contact=nora, **given)
        assert refused.value.code == "has_opted_out"
    assert all_rows() == before


def test_whoever_has_left_still_takes_consents_back(nora: Contact) -> None:
    consent = make_consent(nora)
    own_page.opt_out(contact=nora)
    own_page.revoke_own_consent(contact=nora, consent_id=consent.pk)
    assert not Consent.objects.filter(revoked_at=None).exists()


def test_consent_is_given_once_with_its_evidence(nora: Contact) -> None:
    first = own_page.give_own_consent(contact=nora, activity="call")
    assert own_page.give_own_consent(contact=nora, activity="call") == first
    assert first.evidence == own_page.EVIDENCE
    assert StateChange.objects.get(subject=f"consent:{first.pk}").actor == "promoter"
    assert own_page.give_own_consent(contact=nora, activity="call", channel="press") != first


def test_consent_of_others_stays_and_ones_own_ends_once(nora: Contact) -> None:
    other, own = make_consent(make_contact()), make_consent(nora)
    for consent in (other, own, own):
        own_page.revoke_own_consent(contact=nora, consent_id=consent.pk)
    assert list(Consent.objects.filter(revoked_at=None)) == [other]


def test_suggestion_without_a_name_is_about_oneself(nora: Contact) -> None:
    row = own_page.nominate_from_page(contact=nora, moment="Closed in two days", creation_key="1")
    assert (row.contact, row.suggested_by, row.nominated_by, row.via) == (nora, nora, None, "promoter")
    assert own_page.nominate_from_page(contact=nora, moment="Again", creation_key="1") == row
