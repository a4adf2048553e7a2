"""Consents that end are told of twice, to whoever keeps what ends with them, and never twice the same."""

from datetime import date, timedelta

import pytest
from django.core import mail
from django.utils import timezone

from delivery.mails import deliver_letter
from delivery.models import OutboxMessage
from references.consent_expiry import ending_consents, warn_of_ending
from references.consent_reach import reach_of
from references.models import Contact, ContentUse, Testimonial
from references.pool.writing import pool_write
from references.services.consents import revoke_consent
from tests.factories import (
    make_case_study,
    make_consent,
    make_contact,
    make_customer,
    make_slot,
    make_testimonial,
)
from users.models import User

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def nora() -> Contact:
    return make_contact(make_customer("Fjordbank"), "Nora Lindqvist")


def in_days(days: int) -> date:
    return timezone.localdate() + timedelta(days=days)


def letters() -> list[tuple[str, str]]:
    found = sorted((each.to[0], str(each.body)) for each in mail.outbox)
    mail.outbox.clear()
    return found


def wait(monkeypatch: pytest.MonkeyPatch, days: int) -> None:
    later = timezone.now() + timedelta(days=days)
    monkeypatch.setattr("django.utils.timezone.now", lambda: later)


def test_which_consents_end_soon(nora: Contact) -> None:
    soon = [make_consent(nora, "quote", valid_until=in_days(days)) for days in (30, 0)]
    make_consent(nora, "call", valid_until=in_days(31))
    make_consent(nora, "video", valid_until=in_days(-1))
    make_consent(nora, "webinar")
    make_consent(nora, "press", valid_until=in_days(3), revoked_at=timezone.now())
    make_consent(nora, "analyst", valid_until=in_days(3), superseded_by=soon[0])
    assert list(ending_consents(timezone.localdate())) == soon[::-1]


def test_the_owner_of_what_ends_is_told_once_per_threshold(
    nora: Contact, marketer: User, manager: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_testimonial(nora, owner=marketer)
    make_consent(nora, "quote", valid_until=in_days(29))
    make_consent(nora, "call", valid_until=in_days(28))

    assert warn_of_ending() == 2
    [(first, to_manager), (second, to_marketer)] = letters()
    assert (first, second) == (manager.email, marketer.email)
    assert "Quote · Nora Lindqvist, Fjordbank" in to_marketer
    assert "1 piece ends with it" in to_marketer
    assert "Reference call" not in to_marketer
    assert "Reference call · Nora Lindqvist" in to_manager
    assert warn_of_ending() == 0

    wait(monkeypatch, 10)
    assert warn_of_ending() == 0
    wait(monkeypatch, 25 - 10)
    assert warn_of_ending() == 2
    assert len(letters()) == 2
    assert warn_of_ending() == 0


def test_a_letter_says_what_still_stands_when_it_is_sent(nora: Contact, manager: User) -> None:
    consent = make_consent(nora, "call", valid_until=in_days(5))
    assert warn_of_ending() == 1
    letters()
    revoke_consent(consent=consent)
    deliver_letter(OutboxMessage.objects.get(kind="mail").payload)
    assert letters() == []


def test_a_login_that_was_closed_passes_it_on_to_the_managers(nora: Contact, marketer: User, manager: User) -> None:
    make_testimonial(nora, owner=marketer)
    make_consent(nora, "quote", valid_until=in_days(5))
    marketer.is_active = False
    marketer.save()
    warn_of_ending()
    assert [to for to, _body in letters()] == [manager.email]


def test_what_hangs_on_a_consent(nora: Contact) -> None:
    quote, other = make_testimonial(nora), make_testimonial(nora)
    make_testimonial(nora, status="draft")
    make_testimonial(nora, kind="video")
    make_testimonial(make_contact(nora.customer))
    mine = make_consent(nora, "quote")
    make_consent(nora, "quote", testimonial=other)
    ContentUse.objects.create(testimonial=quote, place="Home page", since=in_days(-9))
    ContentUse.objects.create(testimonial=quote, place="Old page", since=in_days(-9), ended_at=timezone.now())
    ContentUse.objects.create(testimonial=other, place="Deck", since=in_days(-9))

    reach = reach_of(mine)
    assert {each.piece.pk: each.is_last for each in reach.pieces} == {quote.pk: True, other.pk: False}
    assert [use.place for each in reach.ending for use in each.places] == ["Home page"]
    assert reach.places == 1


def test_a_person_s_no_counts_against_their_customer_s_yes(nora: Contact) -> None:
    quote = make_testimonial(nora)
    mine, whole = make_consent(nora, "quote"), make_consent(nora.customer, "quote")
    assert [each.is_last for each in reach_of(mine).pieces] == [True]
    assert [(each.piece, each.is_last) for each in reach_of(whole).pieces] == [(quote, False)]
    only = make_consent(nora, "quote", testimonial=quote)
    assert [each.is_last for each in reach_of(only).pieces] == [True]
    revoke_consent(consent=only)
    assert reach_of(mine).pieces == ()


def test_stories_and_slots_hang_on_consents_too(nora: Contact) -> None:
    story = make_case_study(nora.customer)
    whole = make_consent(nora.customer, "case_study")
    assert [each.piece for each in reach_of(whole).pieces] == [story]
    slot = make_slot(speaker=nora, status="confirmed")
    make_slot(speaker=nora, status="confirmed", activity="webinar")
    make_slot(speaker=nora, status="delivered")
    assert reach_of(make_consent(nora, "speaking")).slots == (slot,)
    assert reach_of(make_consent(nora, "call")).pieces == ()


def test_reach_tells_the_truth(nora: Contact) -> None:
    """What is said to end does end, and nothing else does."""
    for _number in range(2):
        make_testimonial(nora)
    limited = make_testimonial(nora)
    make_consent(nora, "quote", testimonial=limited)
    consent = make_consent(nora, "quote")
    make_consent(nora.customer, "quote")
    said = {each.piece.pk for each in reach_of(consent).ending}
    assert said == set(Testimonial.objects.exclude(pk=limited.pk).values_list("pk", flat=True))
    with pool_write():
        revoke_consent(consent=consent)
    assert {each.piece for each in reach_of(Testimonial.objects.get(pk=limited.pk).consents.get()).pieces} == {limited}
