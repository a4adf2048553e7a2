"""Answers: yes with times and opened contact data, no with the next best, silence, a colleague, a yes taken back."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from delivery.links import LinkError, link_token, read_link
from delivery.models import OutboxMessage, SignedLink
from matching.models import Match
from matching.services.answering import (
    accept_match,
    cancel_by_customer,
    decline_match,
    note_silence,
    offer_times,
    remind_promoter,
    suggest_colleague,
)
from references.errors import DomainError
from references.models import Blackout, ContactGrant, Engagement, Nomination
from references.services.disclosures import disclose_contact
from tests.factories import make_contact, make_engagement
from tests.matching.factories import invite, make_banker
from users.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture
def invited(rep: User, manager: User) -> Match:
    make_banker("Nora Lindqvist", phone="+47 555 0100")
    return invite(rep, manager)


def letters() -> list[str]:
    return list(OutboxMessage.objects.filter(kind="mail").order_by("id").values_list("payload__letter", flat=True))


def ledger_of(match: Match) -> Engagement:
    return Engagement.objects.get(source=f"match:{match.pk}")


def test_yes_plans_keeps_times_and_opens_contact_data_to_the_requester_alone(
    invited: Match, rep: User, outsider: User
) -> None:
    with pytest.raises(DomainError) as refused:
        disclose_contact(user=rep, contact=invited.contact, why="too early")
    assert refused.value.code == "not_disclosed"
    later, sooner = timezone.now() + timedelta(days=6), timezone.now() + timedelta(days=5)
    match = accept_match(match=invited, times=[later, sooner])
    assert match.status == "accepted"
    assert match.offered_times == [sooner.isoformat(), later.isoformat()]
    assert ledger_of(match).status == "planned"
    assert disclose_contact(user=rep, contact=match.contact, why="arrange").phone == "+47 555 0100"
    assert match.contact.disclosures.get().user == rep
    with pytest.raises(DomainError):
        disclose_contact(user=outsider, contact=match.contact, why="curious")
    assert letters()[-2:] == ["request_accepted", "promoter_accepted"]


def test_second_answer_is_refused(invited: Match) -> None:
    accept_match(match=invited)
    answers: tuple[Callable[[], Match], ...] = (
        lambda: accept_match(match=invited),
        lambda: decline_match(match=invited, reason="no_time"),
        lambda: suggest_colleague(match=invited, name="Per"),
    )
    for answer in answers:
        with pytest.raises(DomainError) as error:
            answer()
        assert error.value.code == "not_waiting"


def test_time_that_is_over_is_refused(invited: Match) -> None:
    with pytest.raises(DomainError) as error:
        accept_match(match=invited, times=[timezone.now() - timedelta(hours=1)])
    assert (error.value.code, error.value.field) == ("time_over", "times")


def test_caps_are_recounted_at_the_yes(invited: Match) -> None:
    """Three colleagues were planned meanwhile: the customer has no room left, and the yes becomes a kind thank you."""
    for _ in range(3):
        make_engagement(make_contact(invited.contact.customer), "call", "planned", on=invited.on)
    match = accept_match(match=invited)
    assert match.status == "withdrawn"
    assert ledger_of(match).status == "cancelled"
    assert not ContactGrant.objects.in_force().exists()
    assert letters()[-1] == "promoter_withdrawn"


def test_manager_records_an_answer_given_by_telephone_and_a_requester_cannot(
    invited: Match, rep: User, manager: User
) -> None:
    with pytest.raises(DomainError) as error:
        accept_match(match=invited, by=rep)
    assert error.value.code == "not_allowed"
    assert accept_match(match=invited, by=manager).status == "accepted"


def test_no_is_kept_in_words_closes_the_link_and_looks_for_the_next(invited: Match) -> None:
    link = SignedLink.objects.get(purpose="invitation")
    assert read_link(link_token(link), "invitation") == link
    match = decline_match(match=invited, reason="no_time", note=" Busy quarter ")
    assert (match.status, match.decline_reason, match.decline_note) == ("declined", "no_time", "Busy quarter")
    assert ledger_of(match).status == "declined"
    assert OutboxMessage.objects.filter(kind="request.fill").count() == 2
    with pytest.raises(LinkError) as error:
        read_link(link_token(link), "invitation")
    assert error.value.code == "revoked"


def test_not_now_keeps_the_person_from_being_asked_before_the_day(invited: Match) -> None:
    day = timezone.localdate() + timedelta(days=40)
    decline_match(match=invited, reason="not_now", not_before=day)
    blackout = Blackout.objects.get(contact=invited.contact)
    assert (blackout.starts_on, blackout.ends_on) == (timezone.localdate(), day - timedelta(days=1))


@pytest.mark.parametrize(
    ("answer", "code"),
    [({"reason": "sulk"}, "unknown_reason"), ({"reason": "not_now", "not_before": timezone.localdate()}, "date_over")],
)
def test_bad_no_changes_nothing(invited: Match, answer: dict[str, object], code: str) -> None:
    with pytest.raises(DomainError) as error:
        decline_match(match=invited, **answer)  # type: ignore[arg-type]
    assert error.value.code == code
    invited.refresh_from_db()
    assert invited.status == "invited"


def test_colleague_is_nominated_and_the_person_is_free_of_the_ask(invited: Match) -> None:
    match = suggest_colleague(match=invited, name="Per Berg", title="CIO", email="per@fjord.test", note="Knows more")
    nomination = Nomination.objects.get()
    assert (nomination.person_name, nomination.suggested_by, nomination.via) == ("Per Berg", match.contact, "promoter")
    assert nomination.customer == match.contact.customer
    assert (match.status, match.decline_reason) == ("declined", "not_suited")


def test_silence_ends_the_invitation_only_once_it_is_due(invited: Match) -> None:
    assert not note_silence(match=invited)
    Match.objects.filter(pk=invited.pk).update(answer_due_at=timezone.now() - timedelta(minutes=1))
    assert note_silence(match=invited)
    invited.refresh_from_db()
    assert invited.status == "no_answer"
    assert invited.answered_at is not None
    assert ledger_of(invited).status == "no_answer"
    assert not note_silence(match=invited)


def test_two_misses_running_tell_the_account_owner(rep: User, manager: User, outsider: User) -> None:
    nora = make_banker(owner=outsider)
    long_ago = timezone.localdate() - timedelta(days=60)
    make_engagement(nora, "webinar", "no_answer", on=long_ago)
    decline_match(match=invite(rep, manager), reason="no_time")
    letter = OutboxMessage.objects.get(payload__letter="owner_misses")
    assert letter.payload["user"] == outsider.pk


def test_reminder_goes_once_and_only_while_it_waits(invited: Match) -> None:
    link = str(SignedLink.objects.get(purpose="invitation").pk)
    assert remind_promoter(match=invited, link=link)
    assert remind_promoter(match=invited, link=link)
    assert letters().count("invitation_reminder") == 1
    accept_match(match=invited)
    assert not remind_promoter(match=invited, link=link)


def test_yes_can_be_taken_back_and_hides_contact_data_again(invited: Match, rep: User) -> None:
    accept_match(match=invited)
    match = cancel_by_customer(match=invited, why="Travelling")
    assert (match.status, ledger_of(match).status) == ("cancelled", "cancelled")
    with pytest.raises(DomainError):
        disclose_contact(user=rep, contact=match.contact, why="arrange")
    assert OutboxMessage.objects.filter(kind="request.fill").count() == 2


def test_other_times_can_be_offered_until_one_is_set(invited: Match) -> None:
    with pytest.raises(DomainError):
        offer_times(match=invited, times=[timezone.now() + timedelta(days=3)])
    accept_match(match=invited)
    at = timezone.now() + timedelta(days=4)
    assert offer_times(match=invited, times=[at]).offered_times == [at.isoformat()]
