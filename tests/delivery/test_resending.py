"""Sending again: what was given up, what waits, and a mail once more, each only where it makes sense."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.utils import timezone

from delivery.jobs import register_runner, start_job
from delivery.mails import Letter, register_letter
from delivery.models import Job, OutboxMessage
from delivery.outbox import Handler, deliver, register_handler
from delivery.resending import ResendError, may_send_now, send_anew, send_now, try_again

pytestmark = pytest.mark.django_db

HELLO = Letter(to="nora@fjordbank.example", subject="Hello", heading="Hello", paragraphs=())


def keep(kind: str = "note", **fields: Any) -> OutboxMessage:
    number = OutboxMessage.objects.count()
    return OutboxMessage.objects.create(**{"kind": kind, "key": f"{kind}:{number}", **fields})


def keep_mail(**fields: object) -> OutboxMessage:
    register_letter("hello", label="Hello", build=lambda payload: HELLO, sample=lambda: HELLO)
    return keep("mail", key="mail:hello:1", payload={"letter": "hello", "key": "hello:1"}, **fields)


def test_messages_that_were_given_up_get_all_their_attempts_again() -> None:
    now = timezone.now()
    given_up = keep(attempts=12, gave_up_at=now, due=now + timedelta(hours=6))
    delivered, waiting = keep(attempts=1, delivered_at=now), keep(attempts=3)
    assert try_again(OutboxMessage.objects.all()) == 1
    for each in (given_up, delivered, waiting):
        each.refresh_from_db()
    assert (given_up.attempts, given_up.is_given_up) == (0, False)
    assert given_up.due <= timezone.now()
    assert (delivered.attempts, waiting.attempts) == (1, 3)


def test_job_that_was_given_up_is_done_when_tried_again() -> None:
    job = start_job(kind="sum", title="A sum", parameters={})
    message = OutboxMessage.objects.get()
    OutboxMessage.objects.update(attempts=4, leased_until=timezone.now() - timedelta(seconds=1))
    deliver(message.pk)
    assert Job.objects.get().status == "failed"
    register_runner("sum", lambda job: {"sum": 3})
    try_again(OutboxMessage.objects.all())
    assert Job.objects.get().status == "queued"
    assert deliver(message.pk)
    job.refresh_from_db()
    assert (job.status, job.report) == ("succeeded", {"sum": 3})


def test_what_waits_for_its_next_attempt_is_sent_now() -> None:
    register_handler("note", Handler(lambda payload: None))
    message = keep(attempts=3, due=timezone.now() + timedelta(hours=6))
    assert not deliver(message.pk)
    send_now(message=message)
    assert deliver(message.pk)


def test_only_mails_are_sent_ahead_of_their_time() -> None:
    later, now = timezone.now() + timedelta(days=3), timezone.now()
    assert may_send_now(keep_mail(due=later))
    assert may_send_now(keep())
    for field, moment in {"due": later, "delivered_at": now, "gave_up_at": now, "leased_until": later}.items():
        message = keep("note", **{field: moment})
        with pytest.raises(ResendError, match="ahead of its time") as refused:
            send_now(message=message)
        assert refused.value.code == "not_sendable"


def test_mail_is_sent_anew_under_a_message_id_of_its_own() -> None:
    first = keep_mail()
    deliver(first.pk)
    first.refresh_from_db()
    second = send_anew(message=first)
    with pytest.raises(ResendError) as refused:
        send_anew(message=first)
    assert refused.value.code == "already_waiting"
    deliver(second.pk)
    third = send_anew(message=first)
    deliver(third.pk)
    assert [each.to for each in mail.outbox] == [["nora@fjordbank.example"]] * 3
    assert len({each.message()["Message-ID"] for each in mail.outbox}) == 3


@pytest.mark.parametrize("is_mail", [False, True])
def test_other_messages_are_not_sent_anew(is_mail: bool) -> None:
    message = keep_mail() if is_mail else keep(delivered_at=timezone.now())
    with pytest.raises(ResendError) as refused:
        send_anew(message=message)
    assert refused.value.code == "not_sendable"
    assert OutboxMessage.objects.count() == 1
