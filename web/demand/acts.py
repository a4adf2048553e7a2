"""What is done about an unmet demand: given to somebody, ended, tried again, and a person mailed their own page."""

from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from matching.enums import TaskStatus
from matching.models import RecruitingCandidate, RecruitingTask
from matching.permissions import may_edit_request, may_work_on_task
from matching.services.demand import assign_task, end_task
from matching.services.own_links import mail_own_link
from matching.services.retrying import promise_retry, retry_demand
from references.errors import DomainError
from references.models import Contact
from web.access import managers_only, viewer
from web.demand.task import AssignForm, EndForm, find_demand
from web.querying import read_day

ENDS = {"done": TaskStatus.DONE, "dismiss": TaskStatus.DISMISSED}


@require_POST
@login_required
def demand_end(request: HttpRequest, demand_id: int) -> HttpResponse:
    """End the recruiting task as done, or dismiss it with a note that says why: managers, and whose task it is."""
    row, form = find_demand(request, demand_id), EndForm(request.POST)
    to = ENDS.get(request.POST.get("act", ""))
    task = get_object_or_404(RecruitingTask, demand=row)
    if not may_work_on_task(viewer(request), task):
        raise PermissionDenied
    note = form.cleaned_data["note"].strip() if form.is_valid() else ""
    if to is None or not form.is_valid():
        messages.warning(request, _("Say whether it is done or dismissed, in at most 500 letters."))
    elif to == TaskStatus.DISMISSED and not note:
        messages.warning(request, _("Say why nobody will be recruited: others ask again otherwise."))
    else:
        _try(request, lambda: end_task(task=task, to=to, by=viewer(request), note=note), _("The task is over."))
    return redirect("web:unmet-demand", row.pk)


@require_POST
@managers_only
def demand_assign(request: HttpRequest, demand_id: int) -> HttpResponse:
    """Give the recruiting task to somebody, or to nobody."""
    row, form = find_demand(request, demand_id), AssignForm(request.POST)
    task = get_object_or_404(RecruitingTask, demand=row)
    if form.is_valid():
        assignee = form.cleaned_data["assignee"]
        done = _("It is %(who)s’s task now.") % {"who": assignee} if assignee else _("It is nobody’s task now.")
        _try(request, lambda: assign_task(task=task, assignee=assignee), done)
    else:
        messages.warning(request, _("Choose somebody from the list."))
    return redirect("web:unmet-demand", row.pk)


@require_POST
@login_required
def demand_retry(request: HttpRequest, demand_id: int) -> HttpResponse:
    """Try the request again, now or on the morning of a day to come."""
    row, user = find_demand(request, demand_id), viewer(request)
    if not may_edit_request(user, row.request):
        raise PermissionDenied
    day = read_day(request.POST, "on")
    if day is not None:
        done = _("The request is tried again on %(day)s.") % {"day": date_format(day, "j M Y")}
        _try(request, lambda: promise_retry(demand=row, on=day, by=user), done)
        return redirect("web:unmet-demand", row.pk)
    try:
        made = retry_demand(demand=row, by=user)
    except DomainError as error:
        messages.warning(request, error.message)
        return redirect("web:unmet-demand", row.pk)
    if not made:
        messages.warning(request, _("Still nobody who fits may be asked."))
        return redirect("web:unmet-demand", row.pk)
    messages.success(request, _("Somebody can be asked: the request is on its way again."))
    return redirect("web:request", row.request_id)


@require_POST
@managers_only
def demand_mail(request: HttpRequest, demand_id: int) -> HttpResponse:
    """Mail one of the nearest the link to their own page, where they give consent and set limits."""
    row = find_demand(request, demand_id)
    value = request.POST.get("contact", "")
    named = int(value) if value.isascii() and value.isdecimal() and len(value) < 19 else 0
    nearest = RecruitingCandidate.objects.filter(task__demand=row).values("contact")
    contact = get_object_or_404(Contact.objects.filter(pk__in=nearest, has_opted_out=False), pk=named)
    if mail_own_link(contact=contact):
        messages.success(request, _("The link to their own page is on its way; it is good for half an hour."))
    else:
        messages.warning(request, _("There is no e-mail address on file."))
    return redirect("web:unmet-demand", row.pk)


def _try(request: HttpRequest, do: Callable[[], object], done: str) -> None:
    """Do something and say so, or say why not."""
    try:
        do()
    except DomainError as error:
        messages.warning(request, error.message)
    else:
        messages.success(request, done)
