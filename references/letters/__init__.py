"""The letters of content and consents: what customers look at or are asked for, what they said, what ends."""

from collections.abc import Callable
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.utils import timezone, translation
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from delivery.mails import Letter, register_letter
from delivery.outbox import Payload
from references.consent_expiry import LETTER_ENDING
from references.letters import asks, consents, drafts, keepers
from references.services import consent_asks
from references.services.library import LETTER_ENDED
from references.services.reviews import LETTER_ANSWERED, LETTER_REVIEW

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise as StrOrPromise

Told = drafts.Draft | keepers.News | asks.Asked

LETTERS: "tuple[tuple[str, StrOrPromise, Callable[[Payload], Told | None], Callable[..., Letter], Told], ...]" = (
    (LETTER_REVIEW, _("Promoter: a draft to look at"), drafts.read, drafts.write, drafts.SAMPLE),
    (LETTER_ANSWERED, _("Owner of content: what the customer said"), keepers.answered, keepers.write, keepers.ANSWERED),
    (LETTER_ENDED, _("Owner of content: not to be used any more"), keepers.ended, keepers.write, keepers.ENDED),
    (consent_asks.LETTER_ASK, _("Promoter: may we have your consent"), asks.read, asks.write, asks.SAMPLE),
    (
        consent_asks.LETTER_ANSWERED,
        _("Asker: what the promoter said to an ask for consent"),
        consents.answered,
        keepers.write,
        consents.ANSWERED,
    ),
    (LETTER_ENDING, _("Owner of content: consents that end soon"), consents.ending, keepers.write, consents.ENDING),
)


def register_letters() -> None:
    """Let the outbox build and send the letters of the content library."""
    for kind, label, read, write, sample in LETTERS:
        _register(kind, label, read, write, sample)


def _register(
    kind: str,
    label: "StrOrPromise",
    read: Callable[[Payload], Told | None],
    write: Callable[..., Letter],
    sample: Told,
) -> None:
    def build(payload: Payload) -> Letter | None:
        found = read(payload)
        if found is None:
            return None
        with translation.override(found.language), timezone.override(ZoneInfo(found.zone or "UTC")):
            return write(found)

    def show() -> Letter:
        return write(sample, get_language() or "en")

    register_letter(kind, label=label, build=build, sample=show)
