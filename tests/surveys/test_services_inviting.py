"""Invitations: sent once with their links and ledger row, reminded, failed, settled; and nobody who said stop."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from delivery.jobs import run_job
from delivery.mails import OUTBOX_KIND, deliver_letter, give_up_letter
from delivery.models import Job, OutboxMessage, SignedLink
from delivery.outbox import deliver
from references.enums import EngagementStatus
from references.errors import DomainError
from references.models import Contact, Engagement
from references.pool.writing import pool_write
from references.services.contacts import save_contact
from references.services.own_page import opt_out
from surveys import handlers
from surveys.enums import InvitationStatus
from surveys.models import Campaign, Invitation
from surveys.purposes import SURVEY
from surveys.services import inviting
from surveys.services.answering import record_response
from surveys.services.campaigns import close_campaign, invite_rest
from surveys.services.inviting import (
    close_off,
    invite_campaign,
    note_undelivered,
    resend_invitation,
    send_reminders,
)
from surveys.services.opting_out import resume_surveys, stop_surveys
from tests.surveys.factories import invite, make_campaign, make_known
from users.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture
def nora(db: None) -> Contact:
    return make_known()


@pytest.fixture
def campaign(db: None) -> Campaign:
    return make_campaign()


def letters() -> list[OutboxMessage]:
    return list(OutboxMessage.objects.filter(kind=OUTBOX_KIND))


def in_days(days: int) -> Any:
    return timezone.now() + timedelta(days=days)


def test_sent_once_however_often_it_is_tried(campaign: Campaign, nora: Contact) -> None:
    invitation = invite(campaign, nora)
    invite_campaign(campaign_id=campaign.pk)
    assert (invitation.status, invitation.sent_at is None) == (InvitationStatus.SENT, False)
    assert len(letters()) == 1
    touch = Engagement.objects.get(source=f"survey:{invitation.pk}")
    assert (touch.activity, touch.status, touch.on) == ("survey", EngagementStatus.ASKED, timezone.localdate())


def test_letter_has_eleven_links_and_a_way_out(campaign: Campaign, nora: Contact, mailoutbox: list[Any]) -> None:
    invite(campaign, nora)
    deliver_letter(letters()[0].payload)
    (mail,) = mailoutbox
    html = mail.alternatives[0][0]
    for score in range(11):
        assert f"?score={score}\n" in mail.body
        assert f'?score={score}">{score}</a>' in html
    assert mail.extra_headers["List-Unsubscribe"].endswith("/unsubscribe/>")
    assert mail.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert mail.subject == "Nora, one question about RefProgram"


def test_letter_speaks_their_language_with_own_words(nora: Contact, mailoutbox: list[Any]) -> None:
    save_contact(contact=nora, customer=nora.customer, data={"language": "de"})
    invite(
        make_campaign(texts={"de": {"question": "Wie gern empfehlen Sie %(subject)s?"}}, subject_name="Larkspur"), nora
    )
    deliver_letter(letters()[0].payload)
    assert "Wie gern empfehlen Sie Larkspur?" in mailoutbox[0].body
    assert "überhaupt nicht" in mailoutbox[0].body


def test_nothing_is_sent_that_is_not_wanted_any_more(
    campaign: Campaign, nora: Contact, manager: User, mailoutbox: list[Any]
) -> None:
    invitation = invite(campaign, nora)
    stop_surveys(contact=nora)
    deliver_letter(letters()[0].payload)
    resume_surveys(contact=nora)
    record_response(campaign=campaign, score=9, source="a", channel="email", contact=nora, invitation=invitation)
    deliver_letter(letters()[0].payload)
    assert mailoutbox == []


def test_who_stopped_meanwhile_is_skipped(campaign: Campaign, nora: Contact) -> None:
    Invitation.objects.create(campaign=campaign, contact=nora)
    opt_out(contact=nora)
    inviting.send_waiting(campaign_id=campaign.pk)
    row = Invitation.objects.get()
    assert (row.status, row.skipped_because) == (InvitationStatus.SKIPPED, "opted_out")
    assert letters() == []


def test_reminded_so_often_and_no_more(nora: Contact, mailoutbox: list[Any]) -> None:
    campaign = make_campaign(most_reminders=2, reminder_days=4, closes_on=None)
    invite(campaign, nora)
    assert [send_reminders(now=in_days(days)) for days in (3, 4, 4, 7, 8, 12, 20)] == [0, 1, 0, 0, 1, 0, 0]
    deliver_letter(letters()[1].payload)
    assert "we would still like to hear from you" in mailoutbox[0].subject


def test_no_reminder_after_an_answer_a_stop_or_the_last_day(campaign: Campaign, nora: Contact) -> None:
    invitation = invite(campaign, nora)
    stop_surveys(contact=nora)
    assert send_reminders(now=in_days(6)) == 0
    resume_surveys(contact=nora)
    assert send_reminders(now=in_days(15)) == 0
    record_response(campaign=campaign, score=3, source="a", channel="email", contact=nora, invitation=invitation)
    assert send_reminders(now=in_days(6)) == 0


def test_letter_that_never_got_there(campaign: Campaign, nora: Contact, manager: User) -> None:
    invitation = invite(campaign, nora)
    with pool_write():
        give_up_letter(letters()[0].payload)
    deliver(OutboxMessage.objects.get(kind="survey.undelivered").pk)
    invitation.refresh_from_db()
    assert invitation.status == InvitationStatus.FAILED
    assert Engagement.objects.get().status == EngagementStatus.RELEASED
    save_contact(contact=nora, customer=nora.customer, data={"email": "nora@new.example"})
    resend_invitation(invitation=invitation, by=manager)
    assert (invitation.status, len(letters())) == (InvitationStatus.SENT, 2)
    with pytest.raises(DomainError, match="cannot become 'sent'"):
        resend_invitation(invitation=invitation, by=manager)
    record_response(campaign=campaign, score=9, source="a", channel="email", contact=nora, invitation=invitation)
    assert [each.status for each in Engagement.objects.order_by("pk")] == ["released", "completed"]


def test_sent_again_late_has_a_link_that_is_good(nora: Contact, manager: User, mailoutbox: list[Any]) -> None:
    invitation = invite(make_campaign(closes_on=None), nora)
    note_undelivered(invitation_id=invitation.pk)
    invitation.refresh_from_db()
    SignedLink.objects.filter(purpose=SURVEY).update(expires_at=timezone.now() - timedelta(days=1))
    resend_invitation(invitation=invitation, by=manager)
    deliver_letter(OutboxMessage.objects.filter(kind=OUTBOX_KIND).latest("pk").payload)
    assert len(mailoutbox) == 1


def test_failed_one_may_answer_by_telephone(campaign: Campaign, nora: Contact) -> None:
    invitation = invite(campaign, nora)
    note_undelivered(invitation_id=invitation.pk)
    record_response(campaign=campaign, score=9, source="a", channel="phone", contact=nora, invitation=invitation)
    note_undelivered(invitation_id=invitation.pk)
    invitation.refresh_from_db()
    assert invitation.status == InvitationStatus.ANSWERED
    assert [each.status for each in Engagement.objects.order_by("pk")] == ["released", "completed"]


def test_close_settles_what_is_open(campaign: Campaign, nora: Contact, manager: User) -> None:
    called = make_known("Only Telephone", email="", phone="+47 1234 5678")
    invitation = invite(campaign, nora)
    close_off(campaign_id=campaign.pk)
    invitation.refresh_from_db()
    assert invitation.status == InvitationStatus.SENT  # it runs
    close_campaign(campaign=campaign, by=manager)
    deliver(OutboxMessage.objects.get(kind="survey.close_off").pk)
    invitation.refresh_from_db()
    assert invitation.status == InvitationStatus.NO_ANSWER
    assert Engagement.objects.get().status == EngagementStatus.NO_ANSWER
    other = Invitation.objects.get(contact=called)
    assert (other.channel, other.status, other.skipped_because) == ("phone", "skipped", "not_reached")


def test_many_are_invited_by_a_job_that_goes_on(
    campaign: Campaign, monkeypatch: pytest.MonkeyPatch, manager: User, settings: Any
) -> None:
    monkeypatch.setattr(inviting, "MANY", 2)
    monkeypatch.setattr(inviting, "BATCH", 2)
    for number in range(5):
        make_known(f"Person {number}")
    invite_campaign(campaign_id=campaign.pk)
    assert letters() == []
    job = Job.objects.get(kind="survey_invite")
    run_job({"job": job.pk})
    job.refresh_from_db()
    assert (job.report["sent"], job.total, len(letters())) == (5, 5, 5)
    make_known("Late Person")
    invite_rest(campaign=campaign, by=manager, key="again")
    deliver(OutboxMessage.objects.get(key=f"survey.invite:{campaign.pk}:again").pk)
    assert len(letters()) == 6


def test_sample_is_never_exceeded_after_a_crash(monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(9):
        make_known(f"Person {number}")
    campaign = make_campaign(sample_size=4)
    monkeypatch.setattr(inviting, "BATCH", 1)
    inviting.write_invitations(campaign)
    planned = set(Invitation.objects.values_list("contact", flat=True))

    def crash(done: int, total: int) -> None:
        if done == 2:
            raise RuntimeError

    with pytest.raises(RuntimeError):
        inviting.send_waiting(campaign_id=campaign.pk, on_progress=crash)
    invite_campaign(campaign_id=campaign.pk)
    assert set(Invitation.objects.asked().values_list("contact", flat=True)) == planned
    assert len(planned) == 4


def test_every_promise_has_its_handler(django_assert_num_queries: Callable[..., Any]) -> None:
    assert set(handlers.HANDLERS) == {"survey.invite", "survey.close_off", "survey.undelivered"}
