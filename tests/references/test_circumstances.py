"""What decides when people are free is read whole, for many at once, in four queries."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from references.availability import next_free_date
from references.caps import OwnLimits
from references.circumstances import read_circumstances
from references.models import Consent, Contact
from references.policy import ProgramPolicy
from tests.factories import LONG_AGO, make_blackout, make_consent, make_contact, make_customer, make_engagement

pytestmark = pytest.mark.django_db


def day(ahead: int) -> date:
    return timezone.now().date() + timedelta(days=ahead)


def circumstances(contact: Contact, activity: str = "call") -> Any:
    return read_circumstances([contact], activity)[contact.pk]


def test_touches_are_told_apart_as_own_and_colleagues() -> None:
    customer = make_customer()
    one, two = make_contact(customer), make_contact(customer)
    gone = make_contact(customer, status="retired")
    own = make_engagement(one, "call", on=day(-5))
    theirs = [make_engagement(two, "webinar", on=day(-9)), make_engagement(gone, "call", on=day(-8))]
    make_engagement(make_contact(), "call")
    found = read_circumstances([one, two], "call")
    assert [touch.source for touch in found[one.pk].own] == [own.source]
    assert [touch.source for touch in found[one.pk].colleagues] == [each.source for each in theirs]
    assert [touch.source for touch in found[two.pk].own] == [theirs[0].source]
    assert {touch.source for touch in found[two.pk].colleagues} == {own.source, theirs[1].source}


def test_own_limits_and_sensitivity() -> None:
    found = circumstances(make_contact(max_per_quarter=1, activities=["call", "quote"], sensitivity="sensitive"))
    assert found.own_limits == OwnLimits(1, frozenset({"call", "quote"}))
    assert found.sensitivity == "sensitive"
    assert circumstances(make_contact()).own_limits.max_per_quarter is None


def test_consents_in_force_for_the_activity_of_the_person_and_of_the_customer() -> None:
    contact = make_contact()
    make_consent(contact, "call", valid_from=day(-9), valid_until=day(9))
    make_consent(contact.customer, "call", valid_from=day(5))
    make_consent(contact, "quote")
    make_consent(make_contact(contact.customer), "call", valid_from=day(1))
    make_consent(make_contact(), "call")
    make_consent(contact, "call", superseded_by=Consent.objects.get(activity="quote"))
    assert circumstances(contact).consents == ((day(-9), day(9)), (day(5), None))
    make_consent(contact, "call", valid_from=day(-50), revoked_at=timezone.now())
    assert circumstances(contact).consents == ((day(-9), day(9)),), "their own no outweighs their customer's yes"
    assert circumstances(contact, "quote").consents == ((LONG_AGO, None),)
    assert circumstances(contact, "video").consents == ()


def test_blackouts_pauses_and_quiet_renewals_close_days() -> None:
    renewing = make_customer(renewal_date=day(100), is_renewal_sensitive=True)
    contact = make_contact(renewing, status="paused", paused_until=day(10))
    make_blackout(contact, day(20), day(25))
    make_blackout(make_contact(renewing), day(1), day(2))
    assert circumstances(contact).blackouts == (
        (day(20), day(25)),
        (date.min, day(9)),
        (day(70), day(130)),
    )


@pytest.mark.parametrize(
    ("person", "customer", "closed"),
    [
        ({}, {}, ()),
        ({"status": "paused"}, {}, ((date.min, None),)),
        ({"paused_until": date(2030, 1, 1)}, {}, ()),
        ({}, {"renewal_date": date(2030, 6, 15)}, ()),
        ({}, {"is_renewal_sensitive": True}, ()),
        (
            {},
            {"renewal_date": date(2030, 6, 15), "is_renewal_sensitive": True},
            ((date(2030, 5, 16), date(2030, 7, 15)),),
        ),
    ],
)
def test_pause_without_end_never_opens_and_only_sensitive_renewals_are_quiet(
    person: dict[str, Any], customer: dict[str, Any], closed: tuple[tuple[date, date | None], ...]
) -> None:
    assert circumstances(make_contact(make_customer(**customer), **person)).blackouts == closed


def test_what_is_read_is_what_decides() -> None:
    contact = make_contact(make_customer(renewal_date=day(60), is_renewal_sensitive=True))
    make_engagement(contact, "call", on=day(5))
    make_consent(contact, "call", valid_from=day(40))
    now: datetime = timezone.now()
    free = next_free_date(circumstances(contact), "call", from_=day(3), now=now, policy=ProgramPolicy())
    assert free == day(91), "after the rest (36), inside the consent (40), past the quiet days (30–90)"


def test_six_queries_however_many(django_assert_num_queries: Any) -> None:
    def people() -> list[Contact]:
        return list(Contact.objects.select_related("customer"))

    for _ in range(6):
        contact = make_contact(consents=["call"])
        make_engagement(contact)
        make_blackout(contact, day(1), day(2))
        asked = people()
        with django_assert_num_queries(6):  # the ledger's rows, their changes, two of consents, withdrawals, blackouts
            assert len(read_circumstances(asked, "call")) == len(asked)


def test_nobody_asked_about_is_nobody_answered() -> None:
    assert read_circumstances([], "call") == {}
