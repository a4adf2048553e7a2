"""Sends one webhook: builds its body, signs it, posts it to a checked address, and notes what came of it.

A delivery keeps its webhook id through every attempt and replay, by which a receiver drops a repeat. A receiver that
does not answer is left in peace for a minute, so that its backlog does not hold up the others.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import requests
from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from urllib3.exceptions import HTTPError

from delivery import webhooks
from delivery.leases import require_lease
from delivery.mails import send_later
from delivery.models import WebhookDelivery, WebhookSubscription
from delivery.outbox import Payload, PostponedError, RetryLaterError
from delivery.redaction import redact
from delivery.webhook_signing import sign
from delivery.webhook_targets import GuardedAdapter, TargetError, check_url, within

TEST_EVENT = "webhook.test"
LETTER_STOPPED = "webhook_stopped"
MAX_ATTEMPTS = 16
CONNECT_SECONDS, READ_SECONDS, ALL_SECONDS = 5, 10, 20
MOST_READ = 64 * 1024
MOST_TOLD = 200
REST = timedelta(minutes=1)
LONGEST_REST = timedelta(hours=1)
GONE = 410


@dataclass(frozen=True, slots=True)
class Answer:
    """What a receiver said: its status, None where it did not answer; what went wrong; how long to wait, if it said."""

    status: int | None
    error: str = ""
    wait: timedelta = timedelta(0)

    @property
    def is_success(self) -> bool:
        return self.status is not None and 200 <= self.status < 300


def body_of(delivery: WebhookDelivery) -> str | None:
    """The body as it is sent, the same every time; None where there is nothing left to tell."""
    data: Mapping[str, Any] | None = delivery.data
    if delivery.event != TEST_EVENT:
        build = webhooks.event_type(delivery.event).build
        data = build(delivery.data) if build else data
    if data is None:
        return None
    told = {"type": delivery.event, "timestamp": delivery.happened_at.isoformat(), "data": data}
    return json.dumps(told, ensure_ascii=False, separators=(",", ":"))


def deliver_webhook(payload: Payload) -> None:
    """Post a promised delivery: the outbox's long handler. What must not be sent any more is given up with the reason.

    Raises PostponedError while the receiver rests, RetryLaterError where it did not take it.
    """
    rows = WebhookDelivery.objects.pending().filter(pk=payload["delivery"])
    delivery = rows.select_related("subscription__owner").first()
    if delivery is None:
        return
    why = _why_not(delivery)
    body = None if why else body_of(delivery)
    if body is None:
        _note(delivery, error=why or _("There is nothing left to tell."), gave_up_at=timezone.now())
        return
    subscription, now = delivery.subscription, timezone.now()
    if subscription.quiet_until is not None and subscription.quiet_until > now:
        raise PostponedError(subscription.quiet_until - now)
    require_lease()
    headers = sign(subscription, message_id=delivery.message_id, at=now, body=body)
    _settle(delivery, post(subscription.url, body, headers))


def give_up_webhook(payload: Payload) -> None:
    """Note that a delivery failed to the end."""
    WebhookDelivery.objects.pending().filter(pk=payload["delivery"]).update(gave_up_at=timezone.now())


def reopen_webhook(payload: Payload) -> None:
    """Note that a delivery is tried again."""
    WebhookDelivery.objects.failed().filter(pk=payload["delivery"]).update(gave_up_at=None)


def post(url: str, body: str, headers: Mapping[str, str]) -> Answer:
    """Post a body and give the answer: no redirect is followed, no proxy asked, and little of the answer is read."""
    given = {**headers, "Content-Type": "application/json", "User-Agent": "RefProgram-Webhooks/1"}
    with requests.Session() as session, within(ALL_SECONDS) as deadline:
        session.trust_env = False
        for scheme in ("https://", "http://"):
            session.mount(scheme, GuardedAdapter())
        try:
            check_url(url)
            response = session.post(
                url,
                data=body.encode(),
                headers=given,
                timeout=(CONNECT_SECONDS, READ_SECONDS),
                allow_redirects=False,
                stream=True,
            )
            with response:
                return _read(response)
        except TargetError as error:
            return Answer(None, str(error))
        except (requests.RequestException, OSError, ValueError) as error:
            words = _("It took longer than %(n)s seconds.") % {"n": ALL_SECONDS} if deadline.has_passed else ""
            return Answer(None, words or _describe(error), REST)


def _read(response: requests.Response) -> Answer:
    status, told = response.status_code, _read_body(response)
    if 200 <= status < 300:
        return Answer(status)
    if 300 <= status < 400:
        return Answer(status, _("It answered with a redirect, which is not followed."))
    plain = "".join(each if each.isprintable() else " " for each in told)
    words = " ".join(plain.split())[:MOST_TOLD] if "Content-Encoding" not in response.headers else ""
    return Answer(status, redact(words), read_wait(response.headers.get("Retry-After", ""), timezone.now()))


def _read_body(response: requests.Response) -> str:
    """The beginning of what was answered; where it breaks off, the status has been heard all the same."""
    try:
        read: bytes = response.raw.read(MOST_READ, decode_content=False)
    except (HTTPError, OSError):
        return ""
    return read.decode("utf-8", "replace")


def read_wait(given: str, now: datetime) -> timedelta:
    """How long a Retry-After asks to wait, in seconds or by a date: at most an hour, zero where it makes no sense."""
    given = given.strip()
    if given.isascii() and given.isdecimal():
        wait = timedelta(seconds=min(int(given[:9]), LONGEST_REST.total_seconds()))
    else:
        try:
            moment = parsedate_to_datetime(given)
        except (ValueError, IndexError):
            return timedelta(0)
        wait = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)) - now
    return min(max(wait, timedelta(0)), LONGEST_REST)


def _describe(error: Exception) -> str:
    """An error of the network in words that name no address of ours."""
    if isinstance(error, requests.exceptions.SSLError):
        return _("It offers no secure connection with a valid certificate for this address.")
    if isinstance(error, requests.Timeout | TimeoutError):
        return _("It did not answer in time.")
    return _("It could not be reached: %(kind)s.") % {"kind": type(error).__name__}


def _why_not(delivery: WebhookDelivery) -> str:
    """Why a delivery must not be sent any more; "" where it may."""
    subscription = delivery.subscription
    if not subscription.is_active:
        return _("The webhook was paused or stopped.")
    owner = subscription.owner
    is_test = delivery.event == TEST_EVENT
    if not (webhooks.may_keep_webhooks(owner) if is_test else webhooks.may_hear(owner, delivery.event)):
        return _("Whoever made the webhook may not hear of this any more.")
    return ""


def _settle(delivery: WebhookDelivery, answer: Answer) -> None:
    """Note an answer on the delivery and on its subscription; raises RetryLaterError where it is tried again."""
    now = timezone.now()
    known = {"attempts": delivery.attempts + 1, "tried_at": now, "answered": answer.status}
    subscription = WebhookSubscription.objects.filter(pk=delivery.subscription_id)
    if answer.is_success:
        _note(delivery, **known, error="", delivered_at=now)
        subscription.exclude(failing_since=None, quiet_until=None).update(failing_since=None, quiet_until=None)
        return
    error = answer.error or _("It answered %(status)s.") % {"status": answer.status}
    _note(delivery, **known, error=error)
    subscription.filter(failing_since=None).update(failing_since=now)
    if answer.wait:
        subscription.update(quiet_until=now + answer.wait)
    if _stop_if_hopeless(delivery, answer, now):
        _note(delivery, error=error, gave_up_at=now)
        return
    raise RetryLaterError(error, answer.wait)


def _stop_if_hopeless(delivery: WebhookDelivery, answer: Answer, now: datetime) -> bool:
    """Stop a subscription that says it is gone, or that took nothing for days, and write to its owner."""
    days = settings.WEBHOOKS_STOP_AFTER_DAYS
    row = WebhookSubscription.objects.get(pk=delivery.subscription_id)
    if answer.status == GONE:
        why = _("It answered 410: gone.")
    elif row.failing_since is not None and now - row.failing_since > timedelta(days=days):
        why = _("It took nothing for %(days)s days.") % {"days": days}
    else:
        return False
    with transaction.atomic():
        if WebhookSubscription.objects.filter(pk=row.pk, is_active=True).update(is_active=False, stopped_why=why):
            key = f"{LETTER_STOPPED}:{row.pk}:{int(now.timestamp())}"
            send_later(kind=LETTER_STOPPED, key=key, payload={"webhook": str(row.pk)})
    return True


def _note(delivery: WebhookDelivery, *, error: str, **fields: Any) -> None:
    WebhookDelivery.objects.filter(pk=delivery.pk).update(error=error[:300], **fields)
