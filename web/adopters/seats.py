"""One seat: whose it is, what they agreed to, what they found, and what becomes of it."""

import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from advocacy.enums import SeatStatus
from advocacy.models import AdopterSeat
from advocacy.services.adopters import give_feedback, move_seat
from references.consent_view import tell_whose
from references.errors import DomainError
from references.models import Engagement, StateChange
from references.program import current_policy
from references.services.saving import name_subject
from users.models import User
from web.access import viewer
from web.adopters.forms import FeedbackForm, SeatMoveForm
from web.adopters.programs import SEAT_COLORS
from web.asks.access import keepers_only

_S = SeatStatus
BY_STAFF = {
    _S.INVITED: (_S.WITHDRAWN, _S.DECLINED),
    _S.AGREED: (_S.ACTIVE, _S.DROPPED, _S.WITHDRAWN),
    _S.ACTIVE: (_S.FINISHED, _S.DROPPED),
}
"""What whoever runs a program can do with a seat; to agree is for the person alone."""


@require_safe
@login_required
def seat(request: HttpRequest, seat_id: int) -> HttpResponse:
    """Show a seat to whoever runs advocacy, and to the account owner."""
    user = viewer(request)
    row = _find(user, seat_id)
    whose = tell_whose(user, row.contact, row.contact.customer, current_policy())
    rows = row.feedback.select_related("by")
    changes = StateChange.objects.filter(subject=name_subject(row)).select_related("by").order_by("-at")
    context: dict[str, Any] = {
        "seat": row,
        "color": SEAT_COLORS[row.status],
        "whose": whose,
        "feedback": [(each, whose.hide(each.text)) for each in rows],
        "touch": Engagement.objects.filter(source=row.source).first(),
        "outcome": whose.hide(row.outcome),
        "changes": [(each, whose.hide(each.why)) for each in changes],
        "moves": BY_STAFF.get(_S(row.status), ()) if user.is_manager or user.is_marketer else (),
        "may_note": row.status in {_S.AGREED, _S.ACTIVE, _S.FINISHED} and (user.is_manager or user.is_marketer),
        "move_form": SeatMoveForm(auto_id="move_%s"),
        "feedback_form": FeedbackForm(initial={"key": uuid.uuid4().hex}, auto_id="said_%s"),
    }
    return render(request, "web/adopters/seat.html", context)


@require_POST
@keepers_only
def move(request: HttpRequest, seat_id: int) -> HttpResponse:
    """Take a seat back, end it, or say what came of it."""
    user = viewer(request)
    row = _find(user, seat_id)
    form = SeatMoveForm(request.POST)
    if not form.is_valid():
        messages.warning(request, _("That did not work. Please check it."))
        return redirect("web:adopter-seat", row.pk)
    data = dict(form.cleaned_data)
    said = data.pop("adopted")
    try:
        if data["to"] not in BY_STAFF.get(_S(row.status), ()):
            raise DomainError("move_not_allowed", _("That is not possible any more."))
        move_seat(seat=row, by=user, adopted=None if not said else said == "yes", **data)
    except DomainError as error:
        messages.warning(request, error.message)
    else:
        messages.success(request, _("Saved."))
    return redirect("web:adopter-seat", row.pk)


@require_POST
@keepers_only
def feedback(request: HttpRequest, seat_id: int) -> HttpResponse:
    """Note what somebody said, for instance in a call."""
    user = viewer(request)
    row = _find(user, seat_id)
    form = FeedbackForm(request.POST)
    if not form.is_valid():
        messages.warning(request, _("Write what they said."))
        return redirect("web:adopter-seat", row.pk)
    try:
        key = f"page:{row.pk}:{form.cleaned_data['key']}"
        give_feedback(seat=row, text=form.cleaned_data["text"], creation_key=key, by=user)
    except DomainError as error:
        messages.warning(request, error.message)
    else:
        messages.success(request, _("Noted."))
    return redirect("web:adopter-seat", row.pk)


def _find(user: User, seat_id: int) -> AdopterSeat:
    rows = AdopterSeat.objects.visible_to(user).select_related("program", "contact__customer", "invited_by")
    return get_object_or_404(rows, pk=seat_id)
