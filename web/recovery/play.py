"""The page of one recovery play, and every act on it: steps ticked, an end, another owner or day, a note."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from advocacy.enums import PlayStatus
from advocacy.models import PlayStep, RecoveryPlay
from advocacy.services.recovery import move_play, tick_step
from advocacy.services.recovery_changes import change_play, comment_play
from references.errors import DomainError
from references.models import StateChange
from references.permissions import may_edit_contact
from references.program import current_policy
from references.services.saving import name_subject
from surveys.models import Response
from web.access import viewer
from web.parts import wants_part
from web.recovery.forms import ChangeForm, CommentForm, MoveForm
from web.recovery.shown import load_plays, tell_plays
from web.submitting import submitted

MOVED = {
    PlayStatus.OPEN: gettext_lazy("Open again."),
    PlayStatus.IN_PROGRESS: gettext_lazy("In progress."),
    PlayStatus.DONE: gettext_lazy("Done. The next score tells whether they are won back."),
    PlayStatus.ABANDONED: gettext_lazy("Given up."),
}
MOST_SHOWN = 50


@require_safe
@login_required
def recovery_play(request: HttpRequest, play_id: int) -> HttpResponse:
    """Show one play."""
    return _show(request, _find(request, play_id))


@require_POST
@login_required
def recovery_step(request: HttpRequest, play_id: int, step_id: int) -> HttpResponse:
    """Tick a step, or take the tick off; htmx gets the card anew."""
    row = _find(request, play_id)
    step = get_object_or_404(PlayStep, pk=step_id, play=row)
    try:
        tick_step(step=step, is_done=request.POST.get("done") == "true", by=viewer(request))
    except DomainError as error:
        messages.error(request, error.message)
        return redirect("web:recovery-play", row.pk)
    if not wants_part(request):
        return redirect("web:recovery-play", row.pk)
    found = load_plays(RecoveryPlay.objects.filter(pk=row.pk))
    (card,) = tell_plays(viewer(request), found, current_policy(), timezone.localdate())
    part = "steps" if request.POST.get("look") == "page" else "card"
    return render(request, f"web/recovery/{part}.html", {"card": card, "look": request.POST.get("look", "")})


@require_POST
@login_required
def recovery_move(request: HttpRequest, play_id: int) -> HttpResponse:
    """Move a play along its table: done, given up, open again."""
    row, form = _find(request, play_id), MoveForm(request.POST)
    return _act(request, row, form, "move", lambda data: _move(request, row, data))


@require_POST
@login_required
def recovery_change(request: HttpRequest, play_id: int) -> HttpResponse:
    """Give a play to somebody else, or another day."""
    row = _find(request, play_id)
    form = ChangeForm(request.POST, contact=row.contact)

    def save(data: dict[str, Any]) -> RecoveryPlay:
        changed = change_play(play=row, by=viewer(request), **data)
        messages.success(request, _("Saved."))
        return changed

    return _act(request, row, form, "change", save)


@require_POST
@login_required
def recovery_comment(request: HttpRequest, play_id: int) -> HttpResponse:
    """Write a note into the history of a play."""
    row = _find(request, play_id)

    def save(data: dict[str, Any]) -> bool:
        comment_play(play=row, by=viewer(request), **data)
        return True

    return _act(request, row, CommentForm(request.POST), "comment", save)


def _move(request: HttpRequest, row: RecoveryPlay, data: dict[str, Any]) -> RecoveryPlay:
    moved = move_play(play=row, by=viewer(request), **data)
    messages.success(request, str(MOVED[PlayStatus(moved.status)]))
    return moved


def _act(
    request: HttpRequest, row: RecoveryPlay, form: forms.Form, name: str, save: Callable[[dict[str, Any]], object]
) -> HttpResponse:
    if submitted(request, form, save):
        return redirect("web:recovery-play", row.pk)
    return _show(request, _find(request, row.pk), {name: form})


def _find(request: HttpRequest, pk: int) -> RecoveryPlay:
    rows = load_plays(RecoveryPlay.objects.visible_to(viewer(request)))
    row: RecoveryPlay = get_object_or_404(rows, pk=pk)
    return row


def _show(request: HttpRequest, row: RecoveryPlay, bound: dict[str, forms.Form] | None = None) -> HttpResponse:
    """Render a play; with `bound`, a form that was sent and refused, the answer is 422."""
    user, bound = viewer(request), bound or {}
    (card,) = tell_plays(user, [row], current_policy(), timezone.localdate())
    history = StateChange.objects.filter(subject=name_subject(row)).select_related("by").order_by("-pk")[:MOST_SHOWN]
    changed = {"owner": row.owner_id, "due_on": row.due_on}
    refused = bound.get("move")
    context: dict[str, Any] = {
        "card": card,
        "look": "page",
        "history": [(change, PlayStatus(change.to_status).label, card.whose.hide(change.why)) for change in history],
        "change": bound.get("change") or ChangeForm(initial=changed, contact=row.contact),
        "comment": bound.get("comment") or CommentForm(),
        "refused": refused,
        "refused_to": refused.data.get("to", "") if refused else "",
        "has_answers": Response.objects.visible_to(user).filter(contact=row.contact_id).exists(),
        "others": RecoveryPlay.objects.visible_to(user).filter(contact=row.contact_id).exclude(pk=row.pk)[:MOST_SHOWN],
        "may_open": may_edit_contact(user, row.contact),
    }
    return render(request, "web/recovery/play.html", context, status=422 if bound else 200)
