"""Letters of requests: who gets which, what stands in them, and that nothing leaves that may not be known yet."""

from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from delivery import outbox
from delivery.links import issue_link
from delivery.mails import registered_letters, render_html, render_text
from delivery.models import OutboxMessage, SignedLink
from matching.letters import LETTERS
from matching.models import Match
from matching.purposes import approval_subject
from matching.services.answering import accept_match, decline_match
from matching.services.meeting import complete_match, schedule_match
from tests.matching.factories import invite, make_banker, submit
from users.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture
def invited(rep: User, manager: User, outsider: User) -> Match:
    make_banker("Nora Lindqvist", owner=outsider, phone="+47 555 0100", time_zone="Europe/Oslo")
    return invite(rep, manager, questions="How long did it take?")


def deliver() -> None:
    while waiting := list(OutboxMessage.objects.waiting().values_list("pk", flat=True)):
        for each in waiting:
            assert outbox.deliver(each), OutboxMessage.objects.get(pk=each).last_error


def mails_to(address: str) -> list[mail.EmailMessage]:
    return [each for each in mail.outbox if each.to == [address]]


def text_of(message: mail.EmailMessage) -> str:
    return f"{message.subject} {message.body} {getattr(message, 'alternatives', '')}"


def test_every_letter_has_a_sample_in_both_forms() -> None:
    for kind, *_rest in LETTERS:
        letter = registered_letters()[kind].sample()
        assert letter.heading in render_text(letter)
        assert "<h1" in render_html(letter)


def test_invitation_says_who_what_how_long_and_carries_the_one_link(invited: Match) -> None:
    deliver()
    [message] = [each for each in mails_to(invited.contact.email) if "can you help" in each.subject]
    text = text_of(message)
    link = SignedLink.objects.get(purpose="invitation")
    for words in ("Robin Rep", "Harbor Bank", "about 30 minutes", "How long did it take?", "Europe/Oslo", link.pk.hex):
        assert words in text, words


def test_no_letter_names_the_promoter_to_a_requester_before_the_yes(invited: Match, rep: User, manager: User) -> None:
    decline_match(match=invited, reason="no_time")
    deliver()
    theirs = mails_to(rep.email)
    assert len(theirs) >= 2
    for message in theirs:
        assert "Nora" not in text_of(message)
        assert "555 0100" not in text_of(message)
        assert invited.contact.email not in text_of(message)


def test_owner_is_asked_by_name_with_a_link_of_their_own(rep: User, outsider: User) -> None:
    make_banker("Nora Lindqvist", owner=outsider)
    submit(rep)
    deliver()
    [message] = mails_to(outsider.email)
    link = SignedLink.objects.get(purpose="approval")
    assert "Nora Lindqvist" in message.subject
    assert link.pk.hex in text_of(message)
    assert link.subject.endswith(f":user:{outsider.pk}")
    assert mails_to(rep.email) == []


@pytest.mark.parametrize("ended", ["revoked_at", "expires_at"])
def test_approver_gets_a_link_that_still_opens(ended: str, rep: User, outsider: User) -> None:
    make_banker("Nora Lindqvist", owner=outsider)
    approval = submit(rep).matches.get().approvals.get()
    subject = approval_subject(approval.pk, outsider.pk)
    closed = issue_link(purpose="approval", subject=subject, lifetime=timedelta(days=14))
    SignedLink.objects.filter(pk=closed.pk).update(**{ended: timezone.now()})
    deliver()
    fresh = SignedLink.objects.exclude(pk=closed.pk).get(purpose="approval")
    assert fresh.expires_at > timezone.now() + timedelta(days=13)
    [message] = mails_to(outsider.email)
    assert fresh.pk.hex in text_of(message)
    assert closed.pk.hex not in text_of(message)


def test_approver_gets_the_link_there_is_while_it_is_open(rep: User, outsider: User) -> None:
    make_banker("Nora Lindqvist", owner=outsider)
    approval = submit(rep).matches.get().approvals.get()
    subject = approval_subject(approval.pk, outsider.pk)
    there = issue_link(purpose="approval", subject=subject, lifetime=timedelta(days=14))
    deliver()
    assert SignedLink.objects.get(purpose="approval") == there
    assert there.pk.hex in text_of(mails_to(outsider.email)[0])


def test_place_of_a_meeting_names_nobody_to_those_who_only_follow(invited: Match, rep: User) -> None:
    watcher = User.objects.create_user("watcher@example.test", "x")
    invited.request.watchers.add(watcher)
    accept_match(match=invited)
    deliver()
    mail.outbox.clear()
    place = f"Nora's office, +47 555 0100, {invited.contact.email}"
    schedule_match(match=invited, at=timezone.now() + timedelta(days=5), meeting=place, by=rep)
    deliver()
    [watched], [own] = mails_to(watcher.email), mails_to(rep.email)
    for secret in ("Nora", "555 0100", invited.contact.email):
        assert secret not in text_of(watched) + str(watched.attachments[0][1]), secret
        assert secret in text_of(own), secret


def test_yes_is_told_by_name_but_contact_data_stays_behind_the_button(invited: Match, rep: User) -> None:
    watcher = User.objects.create_user("watcher@example.test", "x")
    invited.request.watchers.add(watcher)
    accept_match(match=invited)
    deliver()
    [told] = [each for each in mails_to(rep.email) if "said yes" in each.subject]
    assert "Nora Lindqvist" in told.subject
    assert invited.contact.email not in text_of(told)
    [watched] = [each for each in mails_to(watcher.email) if "said yes" in each.subject]
    assert "Nora" not in text_of(watched)


def test_letters_that_no_longer_hold_are_not_sent(invited: Match, rep: User) -> None:
    decline_match(match=invited, reason="no_time")
    deliver()
    assert mails_to(invited.contact.email) == []  # the invitation was still waiting to go out


def test_meeting_is_a_calendar_file_with_one_uid_whatever_moves(invited: Match, rep: User) -> None:
    accept_match(match=invited)
    deliver()
    mail.outbox.clear()
    for days in (5, 6):
        schedule_match(match=invited, at=timezone.now() + timedelta(days=days), by=rep)
        deliver()
    files = [each.attachments[0] for each in mail.outbox]
    assert len(files) == 4
    uids = {line for each in files for line in str(each[1]).splitlines() if line.startswith("UID")}
    assert len(uids) == 1
    assert all(invited.contact.email not in str(each[1]) for each in files)


def test_somebody_who_opted_out_meanwhile_gets_nothing_more(invited: Match, rep: User) -> None:
    from references.services.contacts import change_status

    accept_match(match=invited)
    complete_match(match=invited, by=rep)
    change_status(contact=invited.contact, to="retired", has_opted_out=True)
    deliver()
    assert mails_to(invited.contact.email) == []


def test_nobody_is_asked_to_decide_what_is_decided(rep: User, manager: User, outsider: User) -> None:
    make_banker(owner=outsider)
    invite_now = submit(rep)
    match = invite_now.matches.get()
    from matching.services.approving import approve_match

    approve_match(match=match, by=manager)
    deliver()
    assert mails_to(outsider.email) == []
