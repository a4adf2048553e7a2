"""The letter of a saved search: what is new in it, under the rights of its reader on the day it goes out."""

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from delivery.links import absolute_url
from delivery.mails import Action, Letter, register_letter
from delivery.outbox import Payload
from matching.kinds import LETTER_SEARCH
from matching.models import SavedSearch
from matching.searches import filter_search
from references.models import SpeakingSlot
from references.pieces import load_shown, show_to
from references.pool.cards import describe_people
from references.program import current_policy

MOST_LINES = 8
LINE_LENGTH = 140


@dataclass(frozen=True, slots=True)
class Told:
    """What a letter tells: whose search, by what name, how many are new, and the first of them in a line each."""

    to: str
    search_id: int
    name: str
    count: int
    lines: tuple[str, ...]


SAMPLE = Told(
    to="mara@example.test",
    search_id=7,
    name="Fraud detection in France",
    count=2,
    lines=(
        "We stopped guessing and started seeing fraud within the hour.",
        "Head of Risk · Banking · France · 10,000+",
    ),
)


def register_search_letter() -> None:
    """Let the outbox build and send the letter."""
    register_letter(
        LETTER_SEARCH, label=gettext_lazy("Saved search: something new fits"), build=build, sample=lambda: write(SAMPLE)
    )


def build(payload: Payload) -> Letter | None:
    """The letter as it stands now; None where the search is gone, its mail is off, or nothing of it fits any more."""
    search = SavedSearch.objects.select_related("user").filter(pk=payload["search"]).first()
    if search is None or not search.mails or not search.user.is_active:
        return None
    filters = filter_search(search.noun, search.query, search.user)
    rows = filters.qs.filter(pk__in=payload["new"])  # none where the filters are no longer valid
    count = rows.count()
    return write(Told(search.user.email, search.pk, search.name, count, _lines(search, rows))) if count else None


def write(told: Told) -> Letter:
    """Say what is new, with the way to it and the way to turn the mail off."""
    new = ngettext("%(count)s new for “%(name)s”", "%(count)s new for “%(name)s”", told.count)
    subject = new % {"count": told.count, "name": told.name}
    more = told.count - len(told.lines)
    paragraphs = [_("Since you last looked, this has come in and may be used:"), *(f"– {line}" for line in told.lines)]
    if more > 0:
        paragraphs.append(_("And %(count)s more.") % {"count": more})
    return Letter(
        to=told.to,
        subject=subject,
        heading=subject,
        paragraphs=tuple(paragraphs),
        actions=(
            Action(_("Look at them"), absolute_url(f"/searches/{told.search_id}/look/")),
            Action(_("Turn this mail off"), absolute_url("/searches/"), is_main=False),
        ),
        small_print=(_("Sent at most once a day, and only when something new fits."),),
    )


def _lines(search: SavedSearch, rows: "QuerySet[Any]") -> tuple[str, ...]:
    """The first rows in words, as the search's owner may see them."""
    found = rows[:MOST_LINES]
    if search.noun == "speaker":
        headlines = describe_people(found)
        lines = [headlines[row.pk] for row in found]
    elif search.noun == "slot":
        slots: list[SpeakingSlot] = list(found)
        lines = [", ".join(part for part in (str(slot), slot.topic, slot.place) if part) for slot in slots]
    else:
        policy = current_policy()
        pieces = [show_to(search.user, policy, row) for row in load_shown(rows)[:MOST_LINES]]
        lines = [f"{piece.title}: {piece.text}" if piece.title else piece.text for piece in pieces]
    return tuple(_shorten(line) for line in lines)


def _shorten(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= LINE_LENGTH else text[:LINE_LENGTH].rsplit(" ", 1)[0] + " …"
