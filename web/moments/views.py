"""The queue of moments handed to marketing, and one of them: take it, ask the person, or say why not now."""

from dataclasses import replace
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from advocacy.enums import HandoverStatus
from advocacy.lifecycles import HANDOVER
from advocacy.models import Ask, Handover
from advocacy.permissions import may_hand_over, may_take_moments
from advocacy.referral_filters import HandoverFilter
from advocacy.services.handovers import ask_for_moment, hand_over, move_handover
from references.blinding import headline, may_see_name
from references.consent_view import Whose, tell_whose
from references.errors import DomainError
from references.models import Nomination, StateChange
from references.policy import ProgramPolicy
from references.program import current_policy
from references.services.saving import name_subject
from users.models import User
from web.access import viewer
from web.listing import list_rows

_H = HandoverStatus
COLORS = {"open": "accent", "taken": "soft", "done": "fresh", "declined": "quiet"}
SORTS = (("-handed_at", gettext_lazy("Newest first")), ("handed_at", gettext_lazy("Oldest first")))
MOVES = (
    (_H.TAKEN, gettext_lazy("Take it up")),
    (_H.DONE, gettext_lazy("Done")),
    (_H.DECLINED, gettext_lazy("Not now")),
    (_H.OPEN, gettext_lazy("Put it back")),
)
DONE = {
    _H.TAKEN: gettext_lazy("It is yours."),
    _H.DONE: gettext_lazy("Done; whoever handed it over is told."),
    _H.DECLINED: gettext_lazy("Noted; whoever handed it over reads your reply."),
    _H.OPEN: gettext_lazy("It is in the queue again."),
}


class ReplyForm(forms.Form):
    """What whoever handed it over is told."""

    reply = forms.CharField(label=gettext_lazy("Reply"), required=False, max_length=300)


class MomentAskForm(forms.Form):
    """What the person of a moment is asked for."""

    ask = forms.ModelChoiceField(Ask.objects.none(), label=gettext_lazy("Ask them for"))
    note = forms.CharField(
        label=gettext_lazy("Our words in the letter"),
        required=False,
        max_length=1_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("What made you think of them: they read it."),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["ask"].queryset = Ask.objects.filter(is_active=True).order_by("rung", "name")  # type: ignore[attr-defined]


@require_safe
@login_required
def moments(request: HttpRequest) -> HttpResponse:
    """List the moments handed over that concern the viewer; marketing sees those that wait, unless asked otherwise."""
    user, policy = viewer(request), current_policy()
    given = {"status": _H.OPEN} if may_take_moments(user) and "status" not in request.GET else {}
    listing = list_rows(request, HandoverFilter, _rows(user), reverse("web:moments"), ordering="-handed_at", **given)
    chosen = listing.value("status")
    context = {
        "listing": listing,
        "lines": [_tell(row, user, policy) for row in listing.page],
        "statuses": HandoverStatus.choices,
        "sorts": SORTS,
        "me": str(user.pk),
        "shows_open": chosen == _H.OPEN,
        "is_narrowed": bool(listing.query.keys() - {"ordering", "status"}),
    }
    return render(request, "web/moments/list.html", context)


@require_safe
@login_required
def moment(request: HttpRequest, handover_id: int) -> HttpResponse:
    """Show a moment and what came of it."""
    return _show(request, _find(request, handover_id))


@require_POST
@login_required
def moment_hand_over(request: HttpRequest, nomination_id: int) -> HttpResponse:
    """Hand a nominated moment to marketing."""
    user = viewer(request)
    rows = Nomination.objects.visible_to(user).select_related("customer")
    nomination: Nomination = get_object_or_404(rows, pk=nomination_id)
    if not may_hand_over(user, nomination):
        raise PermissionDenied
    try:
        row = hand_over(nomination=nomination, by=user, note=request.POST.get("note", "")[:1_000])
    except DomainError as error:
        messages.error(request, error.message)
        return redirect("web:nomination", nomination.pk)
    messages.success(request, _("Handed to marketing. You read here, and by mail, what came of it."))
    return redirect("web:moment", row.pk)


@require_POST
@login_required
def moment_move(request: HttpRequest, handover_id: int) -> HttpResponse:
    """Take a moment up, end it, or put it back."""
    row, user, to = _find(request, handover_id), viewer(request), request.POST.get("to", "")
    _require_marketing(user)
    form = ReplyForm(request.POST)
    if not form.is_valid():
        return _show(request, row, reply_form=form, status=422)
    try:
        move_handover(handover=row, to=to, by=user, reply=form.cleaned_data["reply"])
    except DomainError as error:
        form.add_error("reply" if error.field == "reply" else None, error.message)
        return _show(request, row, reply_form=form, status=422)
    messages.success(request, str(DONE[HandoverStatus(to)]))
    return redirect("web:moment", row.pk)


@require_POST
@login_required
def moment_ask(request: HttpRequest, handover_id: int) -> HttpResponse:
    """Ask the person of a moment for something; their letter goes at once."""
    row, user = _find(request, handover_id), viewer(request)
    _require_marketing(user)
    form = MomentAskForm(request.POST)
    if not form.is_valid():
        return _show(request, row, ask_form=form, status=422)
    try:
        ask_for_moment(handover=row, by=user, **form.cleaned_data)
    except DomainError as error:
        form.add_error(None, error.message)
        return _show(request, row, ask_form=form, status=422)
    messages.success(request, _("Asked. The letter is on its way, and whoever handed it over is told."))
    return redirect("web:moment", row.pk)


def _rows(user: User) -> "QuerySet[Handover]":
    rows: QuerySet[Handover] = Handover.objects.visible_to(user)
    return rows.select_related(
        "nomination__customer", "nomination__contact__customer", "handed_by", "taken_by", "assignment__ask"
    )


def _find(request: HttpRequest, handover_id: int) -> Handover:
    """A moment that the viewer sees; 404 for any other."""
    return get_object_or_404(_rows(viewer(request)), pk=handover_id)


def _require_marketing(user: User) -> None:
    if not may_take_moments(user):
        raise PermissionDenied


def _whose(row: Handover, user: User, policy: ProgramPolicy) -> Whose:
    moment = row.nomination
    whose = tell_whose(user, moment.contact, moment.customer, policy)
    if moment.contact is not None:
        return whose
    knows = user.pk in {row.handed_by_id, moment.nominated_by_id}
    if knows or may_see_name(user, moment.customer.account_owner_id):
        return replace(whose, who=moment.person_name)
    hidden = (*whose.hidden, moment.person_name)
    who = headline(title=moment.person_title, seniority="", hidden=hidden) or _("Someone")
    return Whose(who, whose.customer, False, hidden)


def _tell(row: Handover, user: User, policy: ProgramPolicy) -> tuple[Handover, Whose, str, str]:
    """One line of the list: whose it is, the moment without names that must not show, the color of its state."""
    whose = _whose(row, user, policy)
    return row, whose, whose.hide(row.nomination.moment), COLORS[row.status]


def _show(
    request: HttpRequest,
    row: Handover,
    *,
    reply_form: ReplyForm | None = None,
    ask_form: MomentAskForm | None = None,
    status: int = 200,
) -> HttpResponse:
    user, policy = viewer(request), current_policy()
    whose = _whose(row, user, policy)
    may_take = may_take_moments(user)
    labels = {str(value): str(label) for value, label in HandoverStatus.choices}
    changes = StateChange.objects.filter(subject=name_subject(row)).select_related("by").order_by("pk")
    context = {
        "row": row,
        "whose": whose,
        "color": COLORS[row.status],
        "moment": whose.hide(row.nomination.moment),
        "note": whose.hide(row.note),
        "reply": whose.hide(row.reply),
        "moves": [(to, label) for to, label in MOVES if may_take and HANDOVER.may_move(row.status, to)],
        "may_ask": may_take and HANDOVER.may_move(row.status, _H.DONE),
        "may_hand_again": row.status == _H.DECLINED and may_hand_over(user, row.nomination),
        "reply_form": reply_form or ReplyForm(),
        "ask_form": ask_form or MomentAskForm(),
        "history": [(each, labels.get(each.to_status, ""), whose.hide(each.why)) for each in changes],
        "assignment_url": "" if row.assignment_id is None else reverse("web:assignment", args=[row.assignment_id]),
    }
    return render(request, "web/moments/moment.html", context, status=status)
