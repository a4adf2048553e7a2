"""The letters of surveys, registered by kind: the question with its eleven links, and the reminder of it."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from django.utils import translation
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from delivery.mails import Letter, register_letter
from delivery.outbox import Payload
from surveys import kinds
from surveys.letters import asking

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise as StrOrPromise

Write = Callable[[asking.Asked], Letter]
LETTERS: "tuple[tuple[str, StrOrPromise, Write], ...]" = (
    (kinds.LETTER_INVITATION, _("Customer: the question of a survey"), asking.invitation),
    (kinds.LETTER_REMINDER, _("Customer: a survey once more"), asking.reminder),
)


def register_letters() -> None:
    """Let the outbox build and send the letters of surveys."""
    for kind, label, write in LETTERS:
        first = kind == kinds.LETTER_INVITATION
        register_letter(
            kind,
            label=label,
            build=partial(_build, write),
            sample=partial(_sample, write),
            give_up=asking.give_up if first else None,
        )


def _build(write: Write, payload: Payload) -> Letter | None:
    found = asking.read(payload)
    return None if found is None else _write(write, found)


def _sample(write: Write) -> Letter:
    return _write(write, replace(asking.SAMPLE, language=get_language() or "en"))


def _write(write: Write, found: asking.Asked) -> Letter:
    with translation.override(found.language):
        return write(found)
