"""What became of each ask: the list with its filters, one with its evidence and history, and moving them on."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST, require_safe

from advocacy.enums import AssignmentStatus
from advocacy.filters import AssignmentFilter
from advocacy.lifecycles import ASSIGNMENT
from advocacy.models import Ask, AskAssignment, AskCampaign, PointsEntry
from advocacy.permissions import may_keep_asks, may_put_asks, may_withdraw_ask
from advocacy.services.asking import confirm_ask, note_for_person, postpone_answer, send_back_ask, withdraw_ask
from references.consent_view import Whose, tell_whose
from references.errors import DomainError
from references.models import Engagement, StateChange
from references.policy import ProgramPolicy
from references.program import current_policy
from references.services.saving import name_subject
from users.models import User
from web.access import viewer
from web.asks.forms import MoveForm
from web.asks.words import COLORS
from web.listing import list_rows

_S = AssignmentStatus
MOST_MOVED = 100
BY_PERSON = (_S.ACCEPTED, _S.SCHEDULED, _S.DONE, _S.DECLINED, _S.CANCELLED)
TABS = (
    ("", "", gettext_lazy("All")),
    ("status", "done", gettext_lazy("Evidence to check")),
    ("is_open", "true", gettext_lazy("Under way")),
    ("is_late", "true", gettext_lazy("Late")),
    ("status", "confirmed", gettext_lazy("Confirmed")),
    ("status", "declined", gettext_lazy("Said no")),
    ("status", "no_answer", gettext_lazy("No answer")),
)
SORTS = (
    ("-asked_at", gettext_lazy("Asked last")),
    ("asked_at", gettext_lazy("Asked first")),
    ("answer_by", gettext_lazy("Due first")),
    ("-updated_at", gettext_lazy("Changed last")),
)


@dataclass(frozen=True, slots=True)
class Line:
    """One ask of one person as a viewer may know it."""

    row: AskAssignment
    whose: Whose
    color: str


@require_safe
@login_required
def assignments(request: HttpRequest) -> HttpResponse:
    """List what people were asked, newest first."""
    user, policy = viewer(request), current_policy()
    listing = list_rows(request, AssignmentFilter, _rows(user), reverse("web:assignments"), ordering="-asked_at")
    tabs = [
        (
            label,
            listing.url(**{"status": "", "is_open": "", "is_late": "", **({name: value} if name else {})}),
            listing.value(name) == value if name else not any(map(listing.value, ("status", "is_open", "is_late"))),
        )
        for name, value, label in TABS
    ]
    context = {
        "listing": listing,
        "lines": [_tell(row, user, policy) for row in listing.page],
        "tabs": tabs,
        "asks": Ask.objects.all(),
        "campaign": AskCampaign.objects.filter(pk=_id(listing.value("campaign"))).first(),
        "without_campaign": listing.url(campaign=""),
        "chips": [
            (label, listing.value(name), listing.url(**{name: ""}))
            for name, label in (("rung", _("Rung")), ("contact", _("Person")), ("customer", _("Customer")))
            if listing.value(name)
        ],
        "sorts": SORTS,
        "me": str(user.pk),
        "may_keep": may_keep_asks(user),
        "is_narrowed": bool(listing.query.keys() - {"ordering"}),
    }
    return render(request, "web/asks/assignments.html", context)


@require_safe
@login_required
def assignment(request: HttpRequest, assignment_id: int) -> HttpResponse:
    """Show one ask of one person: its evidence, its points, its history, and what can be done now."""
    user = viewer(request)
    row = get_object_or_404(_rows(user), pk=assignment_id)
    line = _tell(row, user, current_policy())
    context = {
        "line": line,
        "evidence": line.whose.hide(row.evidence),
        "decline_reason": line.whose.hide(row.decline_reason),
        "history": [
            (change, line.whose.hide(change.why))
            for change in StateChange.objects.filter(subject=name_subject(row)).select_related("by").order_by("pk")
        ],
        "entries": PointsEntry.objects.filter(source__in=[f"{row.source}:{each}" for each in _stages()]).order_by("pk"),
        "touch": Engagement.objects.filter(source=row.source).first(),
        "acts": _acts(user, row),
        "may_open": True,
    }
    return render(request, "web/asks/assignment.html", context)


@require_POST
@login_required
def move(request: HttpRequest, assignment_id: int) -> HttpResponse:
    """Move one ask on."""
    user = viewer(request)
    row = get_object_or_404(_rows(user), pk=assignment_id)
    form = MoveForm(request.POST)
    if not form.is_valid():
        messages.warning(request, _("Please check the day, the link and the words."))
    else:
        error = _move(user, row, form.cleaned_data)
        if error:
            messages.warning(request, error)
        else:
            messages.success(request, _("Noted."))
    return redirect("web:assignment", row.pk)


@require_POST
@login_required
def move_many(request: HttpRequest) -> HttpResponse:
    """Confirm, send back or withdraw all that were ticked, with one word for all."""
    user = viewer(request)
    form = MoveForm(request.POST)
    ids = [int(each) for each in request.POST.getlist("pick")[:MOST_MOVED] if each.isdecimal() and len(each) < 19]
    moved, refused = 0, set()
    if form.is_valid():
        for row in _rows(user).filter(pk__in=ids).order_by("pk"):
            error = _move(user, row, form.cleaned_data)
            moved += not error
            refused |= {error} - {""}
    if moved:
        messages.success(request, ngettext("%(n)d ask moved.", "%(n)d asks moved.", moved) % {"n": moved})
    for error in sorted(refused):
        messages.warning(request, error)
    if not ids:
        messages.warning(request, _("Tick what to move first."))
    return redirect("web:assignments")


def _rows(user: User) -> QuerySet[AskAssignment]:
    rows: QuerySet[AskAssignment] = AskAssignment.objects.visible_to(user)
    return rows.select_related("ask__review_site", "contact__customer__account_owner", "asked_by", "campaign")


def _tell(row: AskAssignment, user: User, policy: ProgramPolicy) -> Line:
    whose = tell_whose(user, row.contact, row.contact.customer, policy)
    return Line(row, whose, COLORS.get(AssignmentStatus(row.status), "quiet"))


def _acts(user: User, row: AskAssignment) -> frozenset[str]:
    """What this viewer can do with it now."""
    found = set()
    if may_put_asks(user, row.contact):
        found |= {str(to) for to in BY_PERSON if ASSIGNMENT.may_move(row.status, to)}
        if row.status == _S.ASKED:
            found.add("longer")
    if row.status == _S.DONE:
        found -= {str(_S.ACCEPTED)}
        if may_keep_asks(user):
            found |= {str(_S.CONFIRMED), "back"}
    if may_withdraw_ask(user, row) and ASSIGNMENT.may_move(row.status, _S.WITHDRAWN):
        found.add(str(_S.WITHDRAWN))
    return frozenset(found)


def _move(user: User, row: AskAssignment, data: dict[str, Any]) -> str:
    """Do what a form says; gives why not, "" where it was done. 403 for what the viewer may never do."""
    to = data["to"]
    if to not in _acts(user, row):
        if to in {_S.CONFIRMED, "back"} and not may_keep_asks(user):
            raise PermissionDenied
        return _("That is not possible any more.")
    why = data["why"]
    acts: dict[str, Callable[[], object]] = {
        _S.CONFIRMED: lambda: confirm_ask(assignment=row, by=user, led_to=why),
        "back": lambda: send_back_ask(assignment=row, by=user, why=why),
        _S.WITHDRAWN: lambda: withdraw_ask(assignment=row, by=user, why=why),
        "longer": lambda: postpone_answer(assignment=row, days=data["days"] or 7, by=user),
    }
    given = {name: data[name] for name in ("why", "scheduled_on", "evidence", "evidence_url")}
    try:
        acts.get(to, lambda: note_for_person(assignment=row, to=to, by=user, **given))()
    except DomainError as error:
        return error.message
    return ""


def _stages() -> tuple[str, ...]:
    return ("accepted", "scheduled", "done", "confirmed")


def _id(value: str) -> int:
    return int(value) if value.isascii() and value.isdecimal() and len(value) < 19 else 0
