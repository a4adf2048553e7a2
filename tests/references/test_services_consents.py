"""Writing consents: recorded, superseded, revoked, and never edited."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from references.errors import DomainError
from references.models import Consent, StateChange
from references.services.consents import record_consent, revoke_consent, supersede_consent
from references.services.contacts import change_status
from tests.factories import make_consent, make_contact, make_customer, make_tag
from users.models import User

pytestmark = pytest.mark.django_db


def usable(activity: str = "call") -> int:
    return Consent.objects.in_force(activity, on=timezone.localdate()).count()


def test_record_consent_of_a_contact(manager: User) -> None:
    contact = make_contact()
    consent = record_consent(contact=contact, activity="call", evidence="mail", by=manager)
    assert (consent.customer, consent.valid_from) == (contact.customer, timezone.localdate())
    assert StateChange.objects.get().by == manager
    assert usable() == 1


def test_record_consent_of_a_whole_customer() -> None:
    customer = make_customer()
    assert record_consent(customer=customer, activity="logo").contact is None


def test_record_consent_refuses() -> None:
    contact = make_contact()
    retired = change_status(contact=make_contact(), to="retired", has_opted_out=True)
    yesterday = timezone.localdate() - timedelta(days=1)
    cases = {
        "whose_consent": {"activity": "call"},
        "wrong_customer": {"contact": contact, "customer": make_customer(), "activity": "call"},
        "unknown_activity": {"contact": contact, "activity": "juggling"},
        "ends_before_start": {"contact": contact, "activity": "call", "valid_until": yesterday},
        "not_a_region": {"contact": contact, "activity": "call", "region": make_tag("industry")},
        "has_opted_out": {"contact": retired, "activity": "call"},
    }
    for code, arguments in cases.items():
        with pytest.raises(DomainError) as refusal:
            record_consent(**arguments)  # type: ignore[arg-type]
        assert refusal.value.code == code
    assert not Consent.objects.exists()


def test_revoke_consent_ends_it_once() -> None:
    consent = make_consent(make_contact())
    revoke_consent(consent=consent, why="changed their mind")
    assert consent.revoked_at is not None
    assert usable() == 0
    with pytest.raises(DomainError) as refusal:
        revoke_consent(consent=consent)
    assert refusal.value.code == "consent_over"


def test_supersede_consent_keeps_the_old_one_as_history() -> None:
    old = make_consent(make_contact(), channel="web")
    new = supersede_consent(consent=old, is_attributed=False, valid_until=date(2099, 1, 1))
    old.refresh_from_db()
    assert old.superseded_by == new
    assert (new.activity, new.channel, new.is_attributed) == ("call", "web", False)
    assert usable() == 1
    with pytest.raises(DomainError) as refusal:
        supersede_consent(consent=old)
    assert refusal.value.code == "consent_over"


def test_supersede_consent_refused_leaves_the_old_one_in_force() -> None:
    old = make_consent(make_contact())
    with pytest.raises(DomainError):
        supersede_consent(consent=old, valid_until=date(2020, 1, 1))
    old.refresh_from_db()
    assert old.superseded_by is None
    assert usable() == 1
