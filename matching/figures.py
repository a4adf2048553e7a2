"""The figures of the program, each with its definition and unit: what waits, what went unmet, how fast, how fair.

Every reader takes a constant number of queries, and every number is that of rows a page can list.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Count, Exists, Min, OuterRef, Q, Sum
from django.utils import timezone

from matching.enums import SAID_YES, RequestStatus
from matching.models import Approval, ProofUse, Request, UnmetDemand
from matching.proof_uses import ProofUseQuerySet
from matching.querysets import OVER, STEPS
from matching.spread import Middle, Share, middle_of
from references.pool.search import search_pool
from references.pool.selection import BANDS
from users.models import User

PERIODS = (30, 90, 365)
"""Days that figures may look back over."""
SOON = timedelta(hours=72)
SETTLED = (RequestStatus.FULFILLED, RequestStatus.CLOSED, RequestStatus.UNMET, RequestStatus.EXPIRED)

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Work:
    """What waits now: approvals that this user may decide; open requests due within 72 hours (late ones included),
    those of them that are late, and those that say why they need a manager.
    """

    waiting: int
    due_soon: int
    overdue: int
    needs_manager: int


@dataclass(frozen=True, slots=True)
class Unmet:
    """Times since `since` that a request found nobody, how many of them still stand, and their deal values by currency.

    A value is that of the whole deal, in whole units, each request counted once.
    """

    since: date
    noted: int
    standing: int
    values: dict[str, int]


@dataclass(frozen=True, slots=True)
class Period:
    """How requests went that were submitted in the last `days` days.

    `fill` is slots with a yes (accepted, scheduled or completed) out of the slots asked for by settled requests:
    fulfilled, closed, unmet or expired. The slots of open and of cancelled requests are counted apart. The times are
    clock hours from submission to the first of each: somebody proposed, asked, saying yes, done; only requests that
    got there count, `n` of `submitted`. `calls_saved` are deals for which a story, a quote or a number was used in the
    period and a live reference was not needed, as `proof_uses.py` defines it.
    """

    days: int
    submitted: int
    fill: Share
    open_slots: int
    cancelled_slots: int
    to_proposal: Middle
    to_ask: Middle
    to_yes: Middle
    to_done: Middle
    calls_saved: int


@dataclass(frozen=True, slots=True)
class Stage:
    """How many requests stand at one step, or ended in one status."""

    code: str
    count: int


@dataclass(frozen=True, slots=True)
class Pipeline:
    """Requests that are not over by what they wait for, and those that ended in the period by how."""

    standing: tuple[Stage, ...]
    ended: tuple[Stage, ...]


def read_work(user: User, now: datetime) -> Work:
    """Count what waits for `user`, and for any manager; two queries."""
    due = Q(status=RequestStatus.OPEN, due_at__lte=now + SOON)
    counts = Request.objects.visible_to(user).aggregate(
        soon=Count("pk", filter=due),
        late=Count("pk", filter=due & Q(due_at__lte=now)),
        stuck=Count("pk", filter=~Q(needs_manager="") & ~Q(status__in=OVER)),
    )
    waiting = Approval.objects.waiting_for(user).count()
    return Work(waiting, counts["soon"], counts["late"], counts["stuck"])


def read_unmet(user: User, since: date) -> Unmet:
    """Count the demand that went unmet from the day `since` on, as `user` may see it; two queries."""
    rows = UnmetDemand.objects.visible_to(user).filter(noted_at__gte=_midnight(since))
    counts = rows.aggregate(noted=Count("pk"), standing=Count("pk", filter=Q(met_at__isnull=True)))
    deals = Request.objects.filter(Exists(rows.filter(request=OuterRef("pk"))), deal_value__isnull=False)
    sums = deals.order_by().values("currency").annotate(total=Sum("deal_value")).values_list("currency", "total")
    return Unmet(since, counts["noted"], counts["standing"], {code: int(total) for code, total in sorted(sums)})


def read_tired(user: User) -> dict[str, int]:
    """How many promoters, active or paused, are in each fatigue band today, as `user` may see them."""
    counts = {each.key: each.count for each in search_pool(user=user, page_size=0).facets.get("band", ())}
    return {band: counts.get(band, 0) for band in BANDS}


def read_pipeline(user: User, since: datetime) -> Pipeline:
    """Where the requests stand that `user` sees, and how those ended that did from `since` on; two queries."""
    rows = Request.objects.visible_to(user).order_by()
    here = rows.exclude(status__in=OVER).with_step()
    standing = dict(here.values_list("step").annotate(n=Count("pk")))  # type: ignore[misc] # annotated by with_step
    ended = dict(rows.filter(status__in=OVER, ended_at__gte=since).values_list("status").annotate(n=Count("pk")))
    return Pipeline(
        standing=tuple(Stage(step, standing.get(step, 0)) for step in STEPS),
        ended=tuple(Stage(status, ended.get(status, 0)) for status in OVER),
    )


def read_period(user: User, days: int, now: datetime) -> Period:
    """Read how the requests went that `user` sees; one query, whose rows are the period's requests, and two counts."""
    rows = requests_of(user, now - timedelta(days=days), now)
    asked = [each for each in rows if each["status"] in SETTLED]
    return Period(
        days=days,
        submitted=len(rows),
        fill=Share(sum(min(each["filled"], each["quantity"]) for each in asked), _slots(asked)),
        open_slots=_slots([each for each in rows if each["status"] == RequestStatus.OPEN]),
        cancelled_slots=_slots([each for each in rows if each["status"] == RequestStatus.CANCELLED]),
        to_proposal=_middle(rows, "proposed"),
        to_ask=_middle(rows, "asked"),
        to_yes=_middle(rows, "said_yes"),
        to_done=_middle(rows, "done"),
        calls_saved=saved_in(user, days, now).count_calls(),
    )


def saved_in(user: User, days: int, now: datetime) -> ProofUseQuerySet[ProofUse]:
    """What was used in the last `days` days and saved a live reference, as far as `user` sees it."""
    return ProofUse.objects.visible_to(user).filter(used_at__gt=now - timedelta(days=days)).saving_calls(now)


def requests_of(user: User, since: datetime, until: datetime) -> list[Row]:
    """The requests submitted in a span, each with the first moment it was proposed for, asked, accepted and done."""
    said_yes = Q(matches__status__in=SAID_YES)
    rows = Request.objects.visible_to(user).filter(submitted_at__gt=since, submitted_at__lte=until).order_by()
    found = rows.annotate(
        proposed=Min("matches__created_at"),
        asked=Min("matches__invited_at"),
        said_yes=Min("matches__answered_at", filter=said_yes),
        done=Min("matches__completed_at"),
        filled=Count("matches__slot", filter=said_yes, distinct=True),
    )
    names = ("proposed", "asked", "said_yes", "done", "filled")
    return list(found.values("status", "quantity", "submitted_at", *names))


def _slots(rows: Sequence[Row]) -> int:
    return sum(each["quantity"] for each in rows)


def _middle(rows: Sequence[Row], name: str) -> Middle:
    """The median of the hours from submission to a moment, of the requests that have it."""
    spans = [each[name] - each["submitted_at"] for each in rows if each[name] is not None]
    return middle_of([max(0.0, span.total_seconds() / 3600) for span in spans])


def _midnight(day: date) -> datetime:
    """The moment a day begins in the server's zone."""
    return timezone.make_aware(datetime.combine(day, time()))
