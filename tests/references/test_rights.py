"""Rights over people and content, as consents in force give them."""

from datetime import date, timedelta

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from references.models import CaseStudy, Contact, Testimonial
from references.policy import ProgramPolicy
from references.rights import (
    Right,
    Use,
    nameable_customers,
    rights_of,
    usable_case_studies,
    usable_speakers,
    usable_testimonials,
    usable_until,
)
from tests.factories import make_case_study, make_consent, make_contact, make_customer, make_tag, make_testimonial
from users.models import User

TODAY = timezone.localdate()


def right(until: date | None) -> Right:
    return Right("quote", "any", None, True, until)


@given(st.lists(st.dates() | st.none()))
def test_usable_until_is_the_last_day_any_right_holds(ends: list[date | None]) -> None:
    until = usable_until([right(end) for end in ends])
    if not ends or None in ends:
        assert until is None
    else:
        assert until in ends
        assert all(end is not None and until is not None and end <= until for end in ends)


@pytest.mark.django_db
def test_rights_are_the_persons_and_the_whole_customers_and_no_colleagues() -> None:
    contact = make_contact()
    region = make_tag("region", "Europe")
    make_consent(contact, "speaking", channel="event", region=region, is_attributed=False)
    make_consent(contact.customer, "speaking", valid_until=TODAY)
    make_consent(contact, "call")
    make_consent(make_contact(contact.customer), "speaking")
    (row,) = usable_speakers(Contact.objects.filter(pk=contact.pk), "speaking", Use(TODAY))
    assert rights_of(row, "speaking") == (
        Right("speaking", "event", "europe", False, None),
        Right("speaking", "any", None, True, TODAY),
    )


@pytest.mark.django_db
def test_rights_shown_are_those_that_cover_the_use() -> None:
    contact = make_contact()
    make_consent(contact, "speaking", channel="web")
    make_consent(contact, "speaking", channel="event", valid_until=TODAY + timedelta(days=5))
    for use, channels in (
        (Use(TODAY), ["web", "event"]),
        (Use(TODAY, "event"), ["event"]),
        (Use(TODAY + timedelta(days=6)), ["web"]),
    ):
        (row,) = usable_speakers(Contact.objects.all(), "speaking", use)
        assert [each.channel for each in rights_of(row, "speaking")] == channels
    assert not usable_speakers(Contact.objects.all(), "speaking", Use(TODAY + timedelta(days=6), "event"))


@pytest.mark.django_db
def test_content_may_be_named_only_where_every_right_and_the_customer_allow() -> None:
    named, mixed, hidden = make_customer(), make_customer(), make_customer(is_named=False)
    for customer in (named, mixed, hidden):
        make_case_study(customer)
        make_consent(customer, "case_study")
    make_consent(mixed, "case_study", channel="web", is_attributed=False)

    def nameable(use: Use) -> set[int]:
        return {row.customer_id for row in usable_case_studies(CaseStudy.objects.all(), use) if row.may_be_named}  # type: ignore[attr-defined]

    assert nameable(Use(TODAY)) == {named.pk}
    assert nameable(Use(TODAY, "print")) == {named.pk, mixed.pk}


@pytest.mark.django_db
def test_testimonial_is_judged_by_the_consent_for_its_kind() -> None:
    contact = make_contact(consents=["quote"])
    make_consent(contact, "video", is_attributed=False)
    rows = {kind: make_testimonial(contact, kind=kind).pk for kind in ("quote", "video", "review")}
    found = {row.pk: row for row in usable_testimonials(Testimonial.objects.all(), Use(TODAY))}
    assert set(found) == {rows["quote"], rows["video"]}
    assert found[rows["quote"]].may_be_named is True  # type: ignore[attr-defined]
    assert found[rows["video"]].may_be_named is False  # type: ignore[attr-defined]
    assert [each.activity for each in rights_of(found[rows["video"]], "video")] == ["video"]


def test_customers_may_be_named_by_policy(rep: User, outsider: User, manager: User) -> None:
    own = make_customer(account_owner=rep, is_named=False)
    named, hidden = make_customer(), make_customer(is_named=False)
    open_, closed = ProgramPolicy(), ProgramPolicy(show_customer_name=False)
    assert set(nameable_customers(rep, open_)) == {own, named}
    assert set(nameable_customers(rep, closed)) == {own}
    assert set(nameable_customers(outsider, closed)) == set()
    assert set(nameable_customers(manager, closed)) == {own, named, hidden}
