"""What is done with one match: decided, answered for by telephone, scheduled, judged, its contact data looked at."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from matching.enums import MatchStatus, Side
from matching.models import Match
from matching.permissions import may_answer_for, may_run_meeting
from matching.services.answering import accept_match, cancel_by_customer, decline_match
from matching.services.approving import approve_match, reject_match
from matching.services.closing import give_feedback
from matching.services.filling import fill_request
from matching.services.meeting import note_no_show, schedule_match
from matching.showing import show_match
from references.errors import DomainError
from references.services.disclosures import disclose_contact
from users.models import User
from web.access import viewer
from web.parts import wants_part
from web.requests.forms import AnswerForm, HowItWentForm
from web.requests.page import make_form, show_request
from web.requests.rows import carry_out, find_match, find_request, go_back, read_text, read_version, why_not
from web.submitting import submitted


@require_POST
@login_required
def match_approve(request: HttpRequest, match_id: int) -> HttpResponse:
    """Say yes at the step the match stands at."""
    row, by = find_match(request, match_id), viewer(request)
    reason, version = read_text(request, "reason"), read_version(request)
    carry_out(
        request,
        row,
        lambda: approve_match(match=row, by=by, reason=reason, expected_version=version),
        _("Approved: %(deal)s.") % {"deal": row.request.deal},
    )
    return go_back(request, row)


@require_POST
@login_required
def match_reject(request: HttpRequest, match_id: int) -> HttpResponse:
    """Say no with a reason; the next best is put forward."""
    row, by = find_match(request, match_id), viewer(request)
    reason, version = read_text(request, "reason"), read_version(request)
    done = carry_out(
        request,
        row,
        lambda: reject_match(match=row, by=by, reason=reason, expected_version=version),
        _("Not approved; the next best is put forward: %(deal)s.") % {"deal": row.request.deal},
    )
    if done:
        fill_request(request=row.request)
    return go_back(request, row)


@require_POST
@login_required
def match_accept(request: HttpRequest, match_id: int) -> HttpResponse:
    """Record a yes given by telephone."""

    def save(row: Match, form: forms.Form, by: User) -> Match:
        assert isinstance(form, AnswerForm)  # noqa: S101
        version = read_version(request)
        answered = accept_match(match=row, times=form.times(), by=by, expected_version=version)
        if answered.status == MatchStatus.WITHDRAWN:
            messages.warning(request, _("Their limits are full by now, so they were thanked; the next best is asked."))
        else:
            messages.success(request, _("Noted: they said yes."))
        return answered

    return _act(request, match_id, "answer", save, "")


@require_POST
@login_required
def match_decline(request: HttpRequest, match_id: int) -> HttpResponse:
    """Record a no given by telephone; the next best is put forward."""

    def save(row: Match, form: forms.Form, by: User) -> Match:
        return decline_match(match=row, by=by, expected_version=read_version(request), **form.cleaned_data)

    return _act(request, match_id, "decline", save, _("Noted. The next best is put forward."))


@require_POST
@login_required
def match_take_back(request: HttpRequest, match_id: int) -> HttpResponse:
    """Record that the customer takes their yes back."""
    row, by = find_match(request, match_id), viewer(request)
    why = read_text(request, "why")
    done = carry_out(
        request, row, lambda: cancel_by_customer(match=row, by=by, why=why), _("Noted. The next best is put forward.")
    )
    if done:
        fill_request(request=row.request)
    return go_back(request, row)


@require_POST
@login_required
def match_schedule(request: HttpRequest, match_id: int) -> HttpResponse:
    """Set, or move, the time."""

    def save(row: Match, form: forms.Form, by: User) -> Match:
        data: dict[str, Any] = dict(form.cleaned_data)
        if "meeting" not in form.changed_data:  # it may be blinded for whoever only moves the time
            data["meeting"] = row.meeting
        return schedule_match(match=row, by=by, expected_version=read_version(request), **data)

    return _act(request, match_id, "schedule", save, _("The time is set; both sides get a calendar file."))


@require_POST
@login_required
def match_how(request: HttpRequest, match_id: int) -> HttpResponse:
    """Say whether it took place, and how it went."""

    def save(row: Match, form: forms.Form, by: User) -> Match:
        data: dict[str, Any] = dict(form.cleaned_data)
        happened = data.pop("happened")
        if happened == HowItWentForm.YES:
            give_feedback(match=row, side=Side.REQUESTER, data={"happened": True, **data}, by=by)  # type: ignore[typeddict-item]
            return row
        return note_no_show(match=row, side=happened, by=by, why=data["comment"][:300])

    return _act(request, match_id, "how", save, _("Thank you, noted."))


@never_cache
@require_POST
@login_required
def match_contact(request: HttpRequest, match_id: int) -> HttpResponse:
    """Show the person's e-mail and phone, once, and record who looked and why."""
    row, user = find_match(request, match_id), viewer(request)
    try:
        data = disclose_contact(user=user, contact=row.contact, why=read_text(request, "why", most=200))
    except DomainError as error:
        messages.warning(request, why_not(error, row))
        return go_back(request, row)
    if wants_part(request):
        return render(request, "web/pool/contact_data.html", {"data": data})
    return render(request, "web/requests/contact.html", {"match": row, "data": data})


def _act(
    request: HttpRequest,
    match_id: int,
    kind: str,
    save: Callable[[Match, forms.Form, User], Match],
    done: str,
) -> HttpResponse:
    """Check a form of the request page and do what it says; refused, the page comes back with it."""
    row, by = find_match(request, match_id), viewer(request)
    if not _may(kind, by, row):
        raise PermissionDenied
    form = make_form(kind, show_match(by, row), request.POST)

    def told(_data: dict[str, Any]) -> Match:
        try:
            return save(row, form, by)
        except DomainError as error:
            raise DomainError(error.code, why_not(error, row), error.field) from error

    saved = submitted(request, form, told)
    if saved is None:
        return show_request(request, find_request(request, row.request_id), {(kind, row.pk): form})
    fill_request(request=row.request)
    if done:
        messages.success(request, done)
    return go_back(request, row)


def _may(kind: str, by: User, row: Match) -> bool:
    return may_answer_for(by, row) if kind in {"answer", "decline"} else may_run_meeting(by, row)
