"""Unmet demand: noted with its segment and value, turned into a recruiting task that names who comes nearest."""

from collections.abc import Collection, Iterable
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from matching.enums import LIVE, MatchStatus, RequestStatus, TaskStatus
from matching.kinds import LETTER_REQUEST_NEWS
from matching.lifecycle import TASK
from matching.models import RecruitingCandidate, RecruitingTask, Request, UnmetDemand
from matching.proposing import rank_request
from matching.results import Excluded, SearchResult
from matching.services.proposing import empty_slots
from matching.services.requests import need_of
from matching.services.states import lock_request, move_request
from matching.services.telling import tell_managers, tell_requester
from references.activities import BY_CODE
from references.enums import Facet
from references.errors import DomainError
from references.services.saving import record_change
from users.models import User

NEAREST = 5


def note_unmet(*, request: Request, slots: Collection[int]) -> UnmetDemand | None:
    """Note that an open request found nobody for `slots`; one demand stands until it is met.

    The request becomes unmet unless somebody is still being asked or has done it. The manager gets a task, the
    requester a mail. None where somebody has filled the slots meanwhile.
    """
    nearest = rank_request(request, limit=NEAREST, lists=("excluded",))
    with transaction.atomic():
        row = lock_request(request.pk)
        missing = len(set(slots).intersection(empty_slots(row)))
        if not missing or row.status != RequestStatus.OPEN:
            return None
        demand = UnmetDemand.objects.filter(request=row).unmet().first()
        if demand is None:
            demand = _make_demand(row, missing)
            _make_task(demand, nearest)
            payload = {"request": row.pk, "news": "unmet"}
            tell_requester(row, LETTER_REQUEST_NEWS, occasion=f"unmet:{demand.pk}", payload=payload)
            tell_managers(row, occasion=f"unmet {demand.pk}")
        is_going = row.matches.filter(status__in=[*LIVE, MatchStatus.COMPLETED]).exists()
        if not is_going:
            move_request(row, RequestStatus.UNMET, why=_("Nobody who fits may be asked now."), due_at=None)
    return demand


def meet_demand(*, request: Request) -> None:
    """Close what stood as unmet for a request whose every slot is being filled after all, and its task."""
    with transaction.atomic():
        for demand in UnmetDemand.objects.filter(request=request).unmet():
            demand.met_at = timezone.now()
            demand.save(update_fields=["met_at"])
            tasks = RecruitingTask.objects.select_for_update(no_key=True)
            task = tasks.filter(demand=demand, status=TaskStatus.OPEN).first()
            if task is not None:
                end_task(task=task, to=TaskStatus.DONE, by=None, note=_("Somebody could be asked after all."))


@transaction.atomic
def end_task(*, task: RecruitingTask, to: str, by: User | None, note: str = "") -> RecruitingTask:
    """End a recruiting task as done or dismissed. Raises DomainError(move_not_allowed)."""
    row = RecruitingTask.objects.select_for_update(no_key=True).get(pk=task.pk)
    before = row.status
    TASK.require_move(before, to)
    row.status, row.ended_at, row.note = to, timezone.now(), note[:500] or row.note
    row.save(update_fields=["status", "ended_at", "note"])
    record_change(subject=row, before=before, after=to, by=by, why=note)
    return row


@transaction.atomic
def assign_task(*, task: RecruitingTask, assignee: User | None) -> RecruitingTask:
    """Give an open recruiting task to a user, or to nobody. Raises DomainError(task_over)."""
    row = RecruitingTask.objects.select_for_update(no_key=True).get(pk=task.pk)
    if row.status != TaskStatus.OPEN:
        raise DomainError("task_over", _("This task is over."))
    row.assignee = assignee
    row.save(update_fields=["assignee"])
    return row


def _make_demand(request: Request, missing: int) -> UnmetDemand:
    segment = segment_of(request)
    return UnmetDemand.objects.create(
        request=request,
        activity=request.activity,
        segment=segment,
        label=label_of(segment, request.activity),
        missing=missing,
        deal_value=request.deal_value,
        currency=request.currency,
    )


def segment_of(request: Request) -> dict[str, list[str]]:
    """What a request asks for, as {facet: names}; only what was read surely and not excluded."""
    segment: dict[str, list[str]] = {}
    for facet, readings in need_of(request).by_facet("nice", "must").items():
        names = list(dict.fromkeys(reading.name for reading in readings if reading.is_sure))
        if names:
            segment[facet] = names
    return segment


def label_of(segment: dict[str, list[str]], activity: str) -> str:
    """A segment in words: "Reference call · CFO · Banking · Nordics"."""
    order = [Facet.ROLE, Facet.SENIORITY, Facet.INDUSTRY, Facet.PRODUCT, Facet.SOLUTION, Facet.REGION, Facet.SIZE]
    facets = [*order, *(facet for facet in segment if facet not in order)]
    parts = [name for facet in facets for name in segment.get(facet, [])]
    return " · ".join([BY_CODE[activity].label, *parts])[:300]


def _make_task(demand: UnmetDemand, nearest: SearchResult) -> RecruitingTask:
    task = RecruitingTask.objects.create(demand=demand)
    record_change(subject=task, before="", after=task.status, by=None, why=demand.label)
    RecruitingCandidate.objects.bulk_create(
        RecruitingCandidate(
            task=task,
            contact_id=each.card.contact_id,
            rank=place,
            fit=each.fit,
            lacks=lacks_of(each),
            free_from=each.next_free,
        )
        for place, each in enumerate(nearest.excluded, 1)
    )
    return task


def lacks_of(person: Excluded) -> list[dict[str, str]]:
    """What stands between a person and the ask, each as a code and a sentence; never having been asked is said too."""
    lacks = [
        {"code": each.code, "sentence": each.sentence + _until(each.until)} for each in person.refusals
    ]  # fmt: skip
    if person.card.last_used is None:
        lacks.append({"code": "never_asked", "sentence": _("Has never been asked for anything.")})
    return lacks


def _until(day: date | None) -> str:
    return "" if day is None else " " + _("Until %(day)s.") % {"day": date_format(day, "j M Y")}


def totals_by_currency(demands: Iterable[UnmetDemand]) -> dict[str, int]:
    """The deal values of demands summed by currency, in whole units."""
    totals: dict[str, int] = {}
    for demand in demands:
        if demand.deal_value is not None:
            totals[demand.currency] = totals.get(demand.currency, 0) + int(demand.deal_value)
    return totals
