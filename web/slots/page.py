"""The page of one slot: its facts, what happens next, who is held or could speak, and what happened."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from matching.enums import LIVE
from matching.models import Match, Request
from matching.results import Candidate, Excluded, SearchResult
from matching.search import List
from matching.services.sourcing import tried_for
from matching.services.unfilled import MOST_ASKED, is_overdue
from matching.showing import ShownMatch, load_matches, next_step_of, show_matches
from matching.slot_need import rank_slot
from matching.slot_people import name_speakers, read_ends
from references.enums import SlotStatus
from references.lifecycles import SLOT
from references.models import SpeakingSlot
from references.permissions import may_edit_slots
from references.program import current_policy
from users.models import User
from web.access import viewer
from web.requests.words import MATCH_COLORS, NextWords, describe_step
from web.slots.choosing import chosen_id
from web.slots.forms import language_name
from web.slots.words import COLORS, next_words, read_lines, slot_words

LOOK_AT = 8
PEOPLE: tuple[List, ...] = ("candidates", "excluded")


@dataclass(frozen=True, slots=True)
class Option:
    """Somebody who could speak, or would if no rule stood against it; `until` is how long their consent holds."""

    found: Candidate | Excluded
    until: date | None

    @property
    def is_free(self) -> bool:
        return isinstance(self.found, Candidate)

    @property
    def may_override(self) -> bool:
        """Whether a manager may hold this person all the same."""
        return isinstance(self.found, Excluded) and self.found.may_be_overridden


def find_slot(request: HttpRequest, slot_id: int) -> SpeakingSlot:
    """A slot that the viewer sees; 404 for any other."""
    rows = SpeakingSlot.objects.visible_to(viewer(request)).select_related("region", "owner", "speaker__customer")
    return get_object_or_404(rows.prefetch_related("tags"), pk=slot_id)


@require_safe
@login_required
def slot_page(request: HttpRequest, slot_id: int) -> HttpResponse:
    """Show one slot."""
    return show_slot(request, find_slot(request, slot_id))


def show_slot(request: HttpRequest, row: SpeakingSlot, *, error: str = "") -> HttpResponse:
    """Render a slot, 422 with why something was refused; whom it asks, and could ask, is for those who edit slots."""
    user = viewer(request)
    may_edit = may_edit_slots(user)
    matches = load_matches(Match.objects.filter(request__speaking_slot=row)) if may_edit else []
    shown = show_matches(user, matches, current_policy())
    standing = next((each for each in shown if each.match.status in {*LIVE, "completed"}), None)
    is_past = row.starts_at <= timezone.now()
    is_looking = may_edit and row.status == SlotStatus.OPEN and not is_overdue(row, timezone.now())
    asked = sum(match.invited_at is not None for match in matches)
    context: dict[str, Any] = {
        "row": row,
        "color": COLORS.get(SlotStatus(row.status), "quiet"),
        "words": slot_words(row.activity),
        "spoken": language_name(row.language),
        "next": next_words(row, _step(row, shown), is_past=is_past),
        "standing": standing,
        "standing_color": MATCH_COLORS.get(standing.match.status, "quiet") if standing else "",  # type: ignore[call-overload]
        "speaker": name_speakers(user, [row]).get(row.pk, ""),
        "tried": [each for each in shown if each is not standing],
        "asked": asked,
        "most_asked": MOST_ASKED,
        "lines": read_lines(row, shown),
        "may_edit": may_edit and bool(SLOT.moves[row.status]),
        "may_deliver": may_edit and is_past and row.status == SlotStatus.CONFIRMED,
        "may_copy": may_edit,
        "may_look": is_looking and asked < MOST_ASKED,
        "error": error,
    }
    if context["may_look"]:
        context |= _candidates(request, row, user)
    return render(request, "web/slots/slot.html", context, status=422 if error else 200)


def _candidates(request: HttpRequest, row: SpeakingSlot, user: User) -> dict[str, Any]:
    found = rank_slot(row, user=user, but=tried_for(row), limit=LOOK_AT, lists=PEOPLE)
    wanted = chosen_id(request)
    picked = _options(rank_slot(row, user=user, only=[wanted], limit=1, lists=PEOPLE), user) if wanted else []
    others = [each for each in _options(found, user) if each.found.card.contact_id != wanted]
    return {
        "picked": picked,
        "is_unknown": bool(wanted) and not picked,
        "free": [each for each in others if each.is_free],
        "barred": [each for each in others if each.may_override],  # nobody may set the others' own no aside
        "total": found.total_candidates,
        "notice": found.notice,
    }


def _options(found: SearchResult, user: User) -> list[Option]:
    ends = read_ends(found, user)
    people: tuple[Candidate | Excluded, ...] = (*found.candidates, *found.excluded)
    return [Option(each, ends.get(each.card.contact_id)) for each in people]


def _step(row: SpeakingSlot, shown: list[ShownMatch]) -> NextWords | None:
    latest = Request.objects.filter(speaking_slot=row).order_by("-id").first()
    if latest is None:
        return None
    of_it = [each for each in shown if each.match.request_id == latest.pk]
    return describe_step(next_step_of(latest, of_it), row.activity)
