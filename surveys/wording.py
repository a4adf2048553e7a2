"""What a survey says in each language: the campaign's own words, and ours where it has none."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from surveys.models import Campaign

PARTS = ("question", "why", "thanks", "invitation")
LONGEST = 1_000


@dataclass(frozen=True, slots=True)
class Wording:
    """The words of a survey in one language; `low` and `high` name the ends of the scale."""

    question: str
    why: str
    thanks: str
    invitation: str
    low: str
    high: str


def subject_of(campaign: Campaign) -> str:
    """What is recommended: the campaign's subject, its product, or the program."""
    named = "" if campaign.product is None else campaign.product.name
    return campaign.subject_name or named or settings.PROGRAM_NAME


def wording_of(campaign: Campaign, language: str) -> Wording:
    """The words of a campaign (its product loaded) in a language; `%(subject)s` in them becomes its subject."""
    subject = subject_of(campaign)
    texts: Mapping[str, Mapping[str, str]] = campaign.texts or {}
    own = {part: words.strip() for part, words in texts.get(language, {}).items() if words.strip()}
    with translation.override(language):
        ours = default_wording(subject)
    said = {part: own[part].replace("%(subject)s", subject) if part in own else getattr(ours, part) for part in PARTS}
    return Wording(**said, low=ours.low, high=ours.high)


def default_wording(subject: str) -> Wording:
    """Our own words for what is asked of `subject`, in the language spoken now."""
    return Wording(
        question=_("How likely are you to recommend %(subject)s to a friend or colleague?") % {"subject": subject},
        why=_("What is the main reason for your score?"),
        thanks=_("Thank you for your answer. Somebody reads every one of them."),
        invitation=_("We have one question, and it takes less than a minute. Choose a number, from 0 to 10:"),
        low=_("0: not at all likely"),
        high=_("10: extremely likely"),
    )
