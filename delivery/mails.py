"""Mails: letters registered by kind, promised in the outbox, and sent in one layout as HTML and as text.

A letter is built only when it is delivered, so its payload holds ids and never contact data. Every attempt at a promise
carries the same Message-ID, by which a receiver drops a repeat.
"""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from types import MappingProxyType
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.functional import Promise

from delivery.models import OutboxMessage
from delivery.promises import enqueue

OUTBOX_KIND = "mail"
Payload = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that goes with a letter; `mime_type` may carry parameters ("text/calendar; method=REQUEST")."""

    name: str
    content: bytes
    mime_type: str


@dataclass(frozen=True, slots=True)
class Action:
    """Something to do about a letter: one main action is the button, others stand below it."""

    label: str
    url: str
    is_main: bool = True


@dataclass(frozen=True, slots=True)
class Scale:
    """A row of numbers to choose one from, each a link; `low` and `high` say what its ends mean."""

    steps: tuple[tuple[str, str], ...]
    low: str
    high: str


@dataclass(frozen=True, slots=True)
class Letter:
    """What a mail says, as plain text: who, what, by when. The layout makes HTML and text of it.

    `unsubscribe_url` leads to a page; with `one_click` a mail program may also post to it on its own (RFC 8058).
    """

    to: str
    subject: str
    heading: str
    paragraphs: tuple[str, ...]
    language: str = "en"
    facts: tuple[tuple[str, str], ...] = ()
    scale: Scale | None = None
    actions: tuple[Action, ...] = ()
    small_print: tuple[str, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    unsubscribe_url: str = ""
    one_click: bool = False


@dataclass(frozen=True, slots=True)
class LetterKind:
    """How letters of one kind are built, and what is told when one could never be sent."""

    label: str | Promise
    build: Callable[[Payload], Letter | None]
    sample: Callable[[], Letter]
    give_up: Callable[[Payload], None] | None = None


_kinds: dict[str, LetterKind] = {}


class UnknownLetterError(Exception):
    """No letter of this kind is registered."""


class MailNotSentError(Exception):
    """A letter has nobody to go to, or the mail server took it for nobody."""


def register_letter(
    kind: str,
    *,
    label: str | Promise,
    build: Callable[[Payload], Letter | None],
    sample: Callable[[], Letter],
    give_up: Callable[[Payload], None] | None = None,
) -> None:
    """Let `build(payload)` write letters of `kind`, when they are delivered; None where nothing is to be sent any more.

    `sample()` gives one of invented people, without a database. `label` may be lazily translated.
    `give_up(payload)` is told, in the marking transaction, when the last attempt failed.
    """
    _kinds[kind] = LetterKind(label, build, sample, give_up)


def registered_letters() -> Mapping[str, LetterKind]:
    """Every kind of letter, by its code."""
    return MappingProxyType(_kinds)


def send_later(*, kind: str, key: str, payload: Payload | None = None, due: datetime | None = None) -> OutboxMessage:
    """Promise a letter in the caller's transaction; the same key twice is one letter.

    Raises RuntimeError outside a transaction. The payload holds ids; contact data is looked up on delivery.
    """
    given = {**(payload or {}), "letter": kind, "key": key}
    return enqueue(kind=OUTBOX_KIND, key=f"mail:{key}", payload=given, due=due)


def deliver_letter(payload: Payload) -> None:
    """Build a promised letter and send it: the outbox's long handler, so that no transaction waits for a mail server.

    Raises UnknownLetterError, MailNotSentError, and whatever the mail server refuses with; the outbox tries again.
    """
    letter = _find_kind(payload).build(payload)
    if letter is None:
        return
    if not letter.to:
        raise MailNotSentError("The letter has no address")
    if not compose(letter, key=payload["key"]).send():
        raise MailNotSentError("The mail server took the letter for nobody")


def give_up_letter(payload: Payload) -> None:
    """Tell the kind of a letter that it could never be sent."""
    kind = _kinds.get(payload["letter"])
    if kind is not None and kind.give_up is not None:
        kind.give_up(payload)


def compose(letter: Letter, *, key: str) -> EmailMultiAlternatives:
    """Make a mail of a letter; its Message-ID follows from `key` alone."""
    headers = {"Message-ID": message_id(key), "Auto-Submitted": "auto-generated"}
    if letter.unsubscribe_url:
        headers["List-Unsubscribe"] = f"<{letter.unsubscribe_url}>"
        if letter.one_click:
            headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    subject = " ".join(letter.subject.split())  # a line break would end the header
    mail = EmailMultiAlternatives(subject, render_text(letter), to=[letter.to], headers=headers)
    mail.attach_alternative(render_html(letter), "text/html")
    for each in letter.attachments:
        mail.attach(each.name, each.content, each.mime_type)
    return mail


def message_id(key: str) -> str:
    """The Message-ID of the mail promised under `key`, at the host of SITE_URL."""
    host = urlsplit(settings.SITE_URL).hostname or "localhost"
    host = f"[{host}]" if ":" in host else host
    return f"<{hashlib.sha256(key.encode()).hexdigest()[:40]}@{host}>"


def render_html(letter: Letter) -> str:
    """The HTML of a letter, in its language."""
    main = next((each for each in letter.actions if each.is_main), None)
    others = [each for each in letter.actions if each is not main]
    context = {
        "letter": letter,
        "main": main,
        "others": others,
        "style": letter_style(),
        "program": settings.PROGRAM_NAME,
    }
    with translation.override(letter.language):
        return render_to_string("mails/letter.html", context)


def render_text(letter: Letter) -> str:
    """The plain text of a letter, in its language."""
    with translation.override(letter.language):
        return render_to_string("mails/letter.txt", {"letter": letter, "program": settings.PROGRAM_NAME})


@cache
def letter_style() -> str:
    """The style sheet that stands inside every HTML letter, the same for all."""
    return render_to_string("mails/letter.css")


def _find_kind(payload: Payload) -> LetterKind:
    if payload["letter"] not in _kinds:
        raise UnknownLetterError(f"No letter is called '{payload['letter']}'")
    return _kinds[payload["letter"]]
