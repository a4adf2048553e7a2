"""The page of one request: its people as the viewer may see them, what happened, what happens next, and every act."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from matching.enums import LIVE, SAID_YES, MatchStatus, RequestStatus, Side
from matching.lifecycle import REQUEST
from matching.models import Match, Outcome, Request
from matching.permissions import may_answer_for, may_edit_request
from matching.proposing import rank_request
from matching.results import ContentHit
from matching.services.approving import TIRED
from matching.showing import ShownFeedback, ShownMatch, hide_from, load_matches, next_step_of, show_matches
from matching.timeline import blind_events, read_timeline
from references.activities import BY_CODE
from references.program import current_policy
from users.models import User
from web.access import viewer
from web.requests.forms import AnswerForm, CommentForm, DeclineForm, HowItWentForm, OutcomeForm, ScheduleForm
from web.requests.rows import find_request
from web.requests.words import MATCH_COLORS, REQUEST_COLORS, describe_events, describe_step

Bound = Mapping[tuple[str, int], forms.Form]
MEANWHILE = 3
GOES_ON = (RequestStatus.OPEN, RequestStatus.UNMET)


@dataclass(frozen=True, slots=True)
class MatchCard:
    """A match on the page with the forms of what its viewer can do; a form is None where there is nothing to do."""

    shown: ShownMatch
    color: str
    is_live_activity: bool
    is_past: bool
    needs_reason: bool
    schedule: forms.Form | None
    how: forms.Form | None
    answer: forms.Form | None
    decline: forms.Form | None
    may_take_back: bool
    why_contact: str
    feedback: tuple[ShownFeedback, ...]

    @property
    def match(self) -> Match:
        return self.shown.match

    @property
    def has_agreed(self) -> bool:
        """Whether there is something to prepare for."""
        return self.match.status in SAID_YES


@require_safe
@login_required
def request_page(request: HttpRequest, request_id: int) -> HttpResponse:
    """Show one request."""
    return show_request(request, find_request(request, request_id))


def show_request(request: HttpRequest, row: Request, bound: Bound | None = None) -> HttpResponse:
    """Render a request; with `bound`, forms that were sent and refused, by (name, match id), the answer is 422.

    What is wrong with no single field is a notice: the form may be gone, where somebody was faster.
    """
    user, policy, bound = viewer(request), current_policy(), bound or {}
    for form in bound.values():
        for error in form.non_field_errors():
            messages.warning(request, str(error))
    matches = load_matches(Match.objects.filter(request=row))
    shown = show_matches(user, matches, policy)
    cards = [_make_card(user, each, bound) for each in shown]
    going = [card for card in cards if card.match.is_live or card.match.status == MatchStatus.COMPLETED]
    may_edit = may_edit_request(user, row)
    names = {each.match.pk: each.who for each in shown}
    context: dict[str, Any] = {
        "row": row,
        "color": REQUEST_COLORS.get(RequestStatus(row.status), "quiet"),
        "next": describe_step(next_step_of(row, shown), row.activity),
        "cards": going,
        "tried": [card for card in cards if card not in going],
        "lines": describe_events(blind_events(read_timeline(row, matches), shown), names),
        "may_edit": may_edit,
        "may_choose": user.is_manager and row.status in GOES_ON and _has_empty_slot(row, matches),
        "may_cancel": may_edit and REQUEST.may_move(row.status, RequestStatus.CANCELLED),
        "may_reopen": may_edit and row.status == RequestStatus.UNMET,
        "is_watching": row.watchers.filter(pk=user.pk).exists(),
        "outcome": _read_outcome(row, shown),
        "outcome_form": _outcome_form(row, bound) if may_edit and row.status != RequestStatus.DRAFT else None,
        "comment_form": bound.get(("comment", 0)) or CommentForm(initial={"key": uuid.uuid4().hex}),
        "stories": _stories(row, user) if may_edit and not _is_served(row, matches) else (),
        "copy_key": uuid.uuid4().hex,
    }
    return render(request, "web/requests/request.html", context, status=422 if bound else 200)


def make_form(kind: str, shown: ShownMatch, data: Any = None) -> Any:
    """The form of one act on a match, its fields prefixed so that many fit on the page."""
    match = shown.match
    options: dict[str, Any] = {"prefix": f"{kind}-{match.pk}"}
    if kind == "schedule":
        options["initial"] = {"at": match.scheduled_at, "minutes": match.minutes, "meeting": shown.meeting}
    elif kind == "how":
        options["can_fail"] = match.status == MatchStatus.SCHEDULED
        options["is_live"] = BY_CODE[match.activity].live
    return FORMS[kind](data, **options)


FORMS: dict[str, type[forms.Form]] = {
    "schedule": ScheduleForm,
    "how": HowItWentForm,
    "answer": AnswerForm,
    "decline": DeclineForm,
}


def _make_card(user: User, shown: ShownMatch, bound: Bound) -> MatchCard:
    match = shown.match
    agreed = match.status in {MatchStatus.ACCEPTED, MatchStatus.SCHEDULED}
    activity = BY_CODE[match.activity]
    has_said = any(each.side == Side.REQUESTER for each in shown.feedback)
    wanted = {
        "schedule": shown.may_run and agreed and activity.live,
        "how": shown.may_run and not has_said,
        "answer": shown.may_answer,
        "decline": shown.may_answer,
    }
    made: dict[str, Any] = {
        kind: (bound.get((kind, match.pk)) or make_form(kind, shown)) if is_wanted else None
        for kind, is_wanted in wanted.items()
    }
    answers_for = may_answer_for(user, match)
    return MatchCard(
        shown=shown,
        color=MATCH_COLORS.get(MatchStatus(match.status), "quiet"),
        is_live_activity=activity.live,
        is_past=match.scheduled_at is not None and match.scheduled_at <= timezone.now(),
        needs_reason=match.band == TIRED and match.status == MatchStatus.MANAGER_REVIEW,
        may_take_back=agreed and answers_for,
        why_contact=_("Arrange the %(activity)s for %(deal)s")
        % {"activity": activity.label.lower(), "deal": match.request.deal},
        feedback=tuple(each for each in shown.feedback if each.side == Side.REQUESTER or answers_for),
        **made,
    )


def _has_empty_slot(row: Request, matches: Sequence[Match]) -> bool:
    taken = {match.slot for match in matches if match.status in {*LIVE, MatchStatus.COMPLETED}}
    return len(taken) < row.quantity


def _is_served(row: Request, matches: Sequence[Match]) -> bool:
    return len([match for match in matches if match.status in SAID_YES]) >= row.quantity


def _read_outcome(row: Request, shown: Sequence[ShownMatch]) -> Outcome | None:
    """How the deal ended, its note without what the viewer of these matches may not see."""
    outcome = Outcome.objects.filter(request=row).select_related("reported_by").first()
    if outcome is not None:
        outcome.note = hide_from(shown, outcome.note)
    return outcome


def _outcome_form(row: Request, bound: Bound) -> forms.Form:
    initial = {"value": row.deal_value, "currency": row.currency}
    return bound.get(("outcome", 0)) or OutcomeForm(initial=initial)


def _stories(row: Request, user: User) -> tuple[ContentHit, ...]:
    """What could be sent to the prospect while people are being asked."""
    if row.status not in GOES_ON:
        return ()
    used = {(each["kind"], each["id"]) for each in row.content_used}
    hits = rank_request(row, lists=("content",), limit=MEANWHILE + len(used), viewer=user).content
    return tuple(hit for hit in hits if (hit.kind, hit.content_id) not in used)[:MEANWHILE]
