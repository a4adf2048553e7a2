"""The form of a request: new from a brief or a deal, changed, copied, and sent."""

import uuid
from collections.abc import Sequence
from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from matching.enums import RequestStatus
from matching.models import Request
from matching.services.filling import fill_request, propose_person
from matching.services.requests import (
    RequestData,
    create_request,
    duplicate_request,
    edit_request,
    submit_request,
)
from matching.timeline import read_timeline
from references.errors import DomainError
from references.models import Contact
from references.pool.writing import pool_write
from references.services.holds import HoldRefusedError
from users.models import User
from web.access import viewer
from web.find.state import FindState
from web.requests.forms import RequestForm
from web.requests.rows import carry_out, find_own_request, find_request, read_text, read_version, why_not
from web.requests.starting import (
    Chosen,
    keep_corrections,
    look_up_chosen,
    read_asked,
    read_chosen_ids,
    read_initial,
    read_kept_corrections,
    stored_corrections,
)
from web.submitting import submitted

LOCKED = ("activity", "prospects", "needed_by")


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def request_new(request: HttpRequest) -> HttpResponse:
    """Start a request from the find page, a CRM's button, or nothing; send it, or keep it as a draft."""
    user, is_sent = viewer(request), request.method == "POST"
    ids = read_chosen_ids(request.POST if is_sent else request.GET)
    initial: dict[str, Any] = {} if is_sent else read_initial(request.GET, ids)
    brief = request.POST.get("brief", "")
    corrections = (
        read_kept_corrections(request.POST, brief) if is_sent else stored_corrections(FindState.from_query(request.GET))
    )
    values: dict[str, Any] = request.POST.dict() if is_sent else initial
    chosen = look_up_chosen(user, ids, read_asked(values, corrections))
    barred = [each.contact_id for each in chosen if user.is_manager and each.may_override]
    is_draft = request.POST.get("act") == "draft"
    form = RequestForm(request.POST or None, initial=initial, is_override=bool(barred) and not is_draft)

    def save(data: dict[str, Any]) -> Request:
        key = f"page:{user.pk}:{data.pop('key') or uuid.uuid4().hex}"
        given: RequestData = {**_given(data), "corrections": corrections, "chosen": ids}
        if is_draft:
            return create_request(owner=user, data=given, creation_key=key)
        return _send(user, given, key, ids, barred, data.get("override_reason", ""))

    saved = submitted(request, form, save)
    if saved:
        _tell_saved(request, saved, ids, is_draft=is_draft)
        return redirect("web:request", saved.pk)
    if initial.get("brief") and not initial["deal"]:
        form.fields["deal"].widget.attrs["autofocus"] = True  # all else is filled in
    fields = keep_corrections(corrections, values.get("brief", ""))
    return _form_page(request, form, chosen=chosen, fields=fields)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def request_edit(request: HttpRequest, request_id: int) -> HttpResponse:
    """Change a draft wholly, an open request in what nobody is asked by yet."""
    row = find_own_request(request, request_id)
    is_draft = row.status == RequestStatus.DRAFT
    is_locked = not is_draft and row.matches.live().exists()
    form = RequestForm(request.POST or None, initial=_values_of(row), locked=LOCKED if is_locked else ())
    is_sent = request.method == "POST"
    ids = read_chosen_ids(request.POST) if is_sent else [*read_chosen_ids(request.GET), *row.chosen]

    def save(data: dict[str, Any]) -> Request:
        by, given = viewer(request), _changes(row, request, data)
        if is_draft:
            given["chosen"] = ids
        with transaction.atomic():
            saved = edit_request(request=row, data=given, by=by, expected_version=read_version(request))
            if is_draft and request.POST.get("act") == "send":
                saved = submit_request(request=saved, by=by)
        if saved.status == RequestStatus.OPEN:
            fill_request(request=saved, by=by)
        return saved

    saved = submitted(request, form, save)
    if saved:
        _tell_saved(request, saved, ids, is_draft=saved.status == RequestStatus.DRAFT)
        return redirect("web:request", row.pk)
    fields = keep_corrections(dict(row.corrections), row.brief)
    values: dict[str, Any] = request.POST.dict() if is_sent else _values_of(row)
    chosen = look_up_chosen(viewer(request), ids, read_asked(values, row.corrections)) if is_draft else []
    return _form_page(request, form, row=row, chosen=chosen, fields=fields)


@require_POST
@login_required
def request_copy(request: HttpRequest, request_id: int) -> HttpResponse:
    """Make a fresh draft of a request, and open it."""
    row, user = find_request(request, request_id), viewer(request)
    key = read_text(request, "key", most=40)
    copy = duplicate_request(request=row, by=user, creation_key=f"copy:{user.pk}:{row.pk}:{key}" if key else "")
    messages.success(request, _("A copy of your own: look it over, then send it."))
    return redirect("web:request-edit", copy.pk)


@require_POST
@login_required
def request_submit(request: HttpRequest, request_id: int) -> HttpResponse:
    """Send a draft as it is."""
    row, user = find_own_request(request, request_id), viewer(request)
    sent = carry_out(
        request,
        row,
        lambda: submit_request(request=row, by=user, expected_version=read_version(request)),
        _("Sent."),
    )
    if sent:
        fill_request(request=sent, by=user)
    return redirect("web:request", row.pk)


def _send(user: User, data: RequestData, key: str, ids: Sequence[int], barred: Sequence[int], reason: str) -> Request:
    """Make and submit a request in one go, those who are barred put forward against the rules; then fill the rest.

    The same form again gives the request that it has made.
    """
    free = [each for each in ids if each not in barred]
    with pool_write():
        row = create_request(owner=user, data={**data, "chosen": free}, creation_key=key)
        if row.status != RequestStatus.DRAFT:
            return row
        row = submit_request(request=row, by=user)
        for contact_id in barred:
            _put_forward(row, contact_id, user, reason)
    fill_request(request=row, by=user)
    return row


def _put_forward(row: Request, contact_id: int, user: User, reason: str) -> None:
    try:
        propose_person(request=row, contact_id=contact_id, by=user, override_reason=reason)
    except HoldRefusedError as error:
        contact = Contact.objects.select_related("customer").get(pk=contact_id)
        raise DomainError(error.code, why_not(error, row, contact), "override_reason") from error


def _given(data: dict[str, Any]) -> RequestData:
    """What the form says, without what is to be read from the brief."""
    names = set(RequestData.__annotations__) & data.keys()
    kept = {name: data[name] for name in names if data[name] not in ("", None, [])}
    return cast(RequestData, {"brief": "", **kept})


def _changes(row: Request, request: HttpRequest, data: dict[str, Any]) -> RequestData:
    """What an edit changes: the brief and its corrections only where they were changed, since that reads it anew."""
    given = {name: data[name] for name in RequestData.__annotations__ if name in data}
    if not given.get("activity"):
        given.pop("activity", None)
    corrections = read_kept_corrections(request.POST, given.get("brief", ""))
    if given.get("brief", "").split() == row.brief.split():
        del given["brief"]
    else:
        given["corrections"] = corrections
    return cast(RequestData, given)


def _values_of(row: Request) -> dict[str, Any]:
    values = {name: getattr(row, name) for name in RequestData.__annotations__ if name not in {"corrections", "chosen"}}
    return {**values, "prospects": "\n".join(row.prospects)}


def _tell_saved(request: HttpRequest, row: Request, ids: Sequence[int], *, is_draft: bool) -> None:
    """Say what became of it: who was put forward, and why not somebody who was chosen."""
    if is_draft:
        messages.success(request, _("Saved as a draft: nobody is asked before you send it."))
        if ids:
            messages.warning(request, _("Whoever you chose is kept, but not held by a draft: others may be faster."))
        return
    for event in read_timeline(row, []):
        if event.kind == "request" and event.before == event.to:
            messages.warning(request, event.text)
    row.refresh_from_db(fields=["status"])
    if row.status == RequestStatus.UNMET:
        messages.warning(request, _("Sent, but nobody who fits may be asked now. The managers know, and look for one."))
    else:
        messages.success(request, _("Sent. Below is who was put forward, and what happens next."))


def _form_page(
    request: HttpRequest,
    form: RequestForm,
    *,
    row: Request | None = None,
    chosen: Sequence[Chosen] = (),
    fields: Sequence[tuple[str, str]] = (),
) -> HttpResponse:
    context = {
        "form": form,
        "row": row,
        "chosen": chosen,
        "fields": fields,
        "is_draft": row is None or row.status == RequestStatus.DRAFT,
        "back": reverse("web:find") if row is None else reverse("web:request", args=[row.pk]),
    }
    return render(request, "web/requests/form.html", context, status=422 if form.errors else 200)
