"""One unmet demand: what was asked for, the deals that wait, the nearest people, and for each the one thing to do."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from matching.enums import RequestStatus, TaskStatus
from matching.models import RecruitingTask, UnmetDemand
from matching.permissions import may_edit_request, may_work_on_task
from matching.recruiting import Known, Nearest, deals_waiting, read_known, read_nearest
from matching.showing import hide_people
from references.enums import Facet
from references.models import Contact, StateChange
from references.policy import ProgramPolicy
from references.program import current_policy
from references.services.saving import name_subject
from users.enums import Role
from users.models import User
from web.access import viewer
from web.querying import write_query

FIXES = {
    "no_consent": "consent-add",
    "not_agreed": "contact-edit",
    "must_have": "contact-edit",
    "unwanted": "contact-edit",
}
FIX_WORDS = {
    "no_consent": gettext_lazy("Record a consent"),
    "not_agreed": gettext_lazy("Change what they agreed to"),
    "must_have": gettext_lazy("Check their tags"),
    "unwanted": gettext_lazy("Check their tags"),
}
BY_PROMOTER = frozenset({"no_consent", "not_agreed"})
"""What people can give by themselves, on their own page."""


class EndForm(forms.Form):
    """Why a task is over."""

    note = forms.CharField(label=gettext_lazy("Note"), max_length=500, required=False)


class AssignForm(forms.Form):
    """Whose a task is."""

    assignee = forms.ModelChoiceField(
        User.objects.none(), label=gettext_lazy("Whose task"), required=False, empty_label=gettext_lazy("Nobody’s yet")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["assignee"].queryset = people_for_tasks()  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class Line:
    """One of the nearest people with their one act: a link (`url`), or with `retry_on` a form that tries again then.

    `may_mail` where they could give what is lacking on their own page.
    """

    person: Nearest
    act: str
    url: str
    retry_on: str
    may_mail: bool


def people_for_tasks() -> Any:
    """Who may be given a recruiting task: managers and account owners whose login is open."""
    return User.objects.filter(is_active=True).exclude(role=Role.MARKETER).order_by("name", "pk")


@require_safe
@login_required
def demand(request: HttpRequest, demand_id: int) -> HttpResponse:
    """Show an unmet demand with its recruiting task; people by name to managers alone."""
    user = viewer(request)
    row = find_demand(request, demand_id)
    task: RecruitingTask | None = getattr(row, "task", None)
    is_open = task is not None and task.status == TaskStatus.OPEN
    nearest = [_line(each, row, user) for each in read_nearest(row, user)] if row.met_at is None else []
    people, policy = _read_people(task), current_policy()
    context = {
        "demand": row,
        "title": str(row),
        "lead": _("For %(deal)s, requested by %(who)s.") % {"deal": row.request.deal, "who": row.request.owner},
        "task": task,
        "note": "" if task is None else hide_people(user, people, task.note, policy),
        "is_open": is_open,
        "segment": [(Facet(facet).label, names) for facet, names in row.segment.items() if facet in Facet.values],
        "deals": deals_waiting(row, user),
        "nearest": nearest,
        "free": [each for each in nearest if each.person.is_free],
        "known": _read_known(row, user),
        "history": _read_history(user, task, people, policy),
        "may_run": user.is_manager,
        "may_end": is_open and task is not None and may_work_on_task(user, task),
        "may_retry": row.met_at is None
        and row.request.status in {RequestStatus.OPEN, RequestStatus.UNMET}
        and may_edit_request(user, row.request),
        "assign_form": AssignForm(initial={"assignee": task.assignee_id if task else None}),
        "end_form": EndForm(),
    }
    return render(request, "web/demand/task.html", context)


def find_demand(request: HttpRequest, demand_id: int) -> UnmetDemand:
    """A demand that the viewer sees; 404 for any other."""
    rows = UnmetDemand.objects.visible_to(viewer(request)).select_related("request__owner", "task__assignee")
    return get_object_or_404(rows, pk=demand_id)


def _read_known(row: UnmetDemand, user: User) -> list[tuple[Known, str]]:
    """Who is known at the customers that fit, with the address that nominates them; for managers alone."""
    if not user.is_manager or row.met_at is not None:
        return []
    nominate = reverse("web:nomination-add")
    return [(each, nominate + write_query({"contact": str(each.contact.pk)})) for each in read_known(row)]


def _read_people(task: RecruitingTask | None) -> list[Contact]:
    """The people of a task, whom what is written about it may name."""
    if task is None:
        return []
    return list(Contact.objects.filter(pk__in=task.candidates.values("contact")).select_related("customer"))


def _read_history(
    user: User, task: RecruitingTask | None, people: Sequence[Contact], policy: ProgramPolicy
) -> list[StateChange]:
    if task is None:
        return []
    changes = list(StateChange.objects.filter(subject=name_subject(task)).select_related("by").order_by("at", "pk"))
    for change in changes:
        change.why = hide_people(user, people, change.why, policy)
    return changes


def _line(person: Nearest, row: UnmetDemand, user: User) -> Line:
    codes = [each.code for each in person.lacks]
    may_mail = user.is_manager and not person.is_free and BY_PROMOTER.issuperset(codes)
    if person.is_free:
        return Line(person, "", "", "", may_mail=False)
    fix = next((code for code in FIXES if code in codes), None)
    if fix is not None and user.is_manager:
        url = reverse(f"web:{FIXES[fix]}", args=[person.contact_id])
        return Line(person, str(FIX_WORDS[fix]), url, "", may_mail)
    is_ahead = person.free_from is not None and person.free_from > timezone.localdate()
    if is_ahead and person.free_from is not None and may_edit_request(user, row.request):
        return Line(person, _("Ask again when free"), "", person.free_from.isoformat(), may_mail=False)
    return Line(person, _("Open the profile"), reverse("web:profile", args=[person.contact_id]), "", may_mail=False)
