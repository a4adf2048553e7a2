"""The reusable questions to requests and their rows; `visible_to` is the only door for pages and the API."""

from datetime import datetime
from typing import Any, Self, TypeVar

from django.db import models
from django.db.models import Case, Exists, OuterRef, Q, Value, When

from matching.enums import (
    BEFORE_ASKING,
    IN_REVIEW,
    LIVE,
    SAID_YES,
    ApprovalStatus,
    MatchStatus,
    RequestStatus,
    TaskStatus,
)

M_co = TypeVar("M_co", bound=models.Model, covariant=True)

OVER = (RequestStatus.CLOSED, RequestStatus.CANCELLED, RequestStatus.EXPIRED)
STEPS = (
    "draft", "needs_manager", "unmet", "proposing", "owner_review", "manager_review", "customer", "schedule", "meeting",
    "outcome",
)  # fmt: skip
"""What a request that is not over can wait for, in the order of its way; see `RequestQuerySet.with_step`."""


def _sees_request(user: Any, prefix: str = "") -> Q:
    """Whose request it is, their team's, those watched, about their customers, and a marketer's for speakers."""
    seen = Q(**{f"{prefix}owner": user}) | Q(**{f"{prefix}watchers": user})
    seen |= Q(**{f"{prefix}matches__contact__customer__account_owner": user})
    seen |= Q(**{f"{prefix}matches__approvals__assignee": user})
    if user.team_id is not None:
        seen |= Q(**{f"{prefix}owner__team": user.team_id})
    if user.is_marketer:
        seen |= Q(**{f"{prefix}speaking_slot__isnull": False})
    return seen


class RequestQuerySet(models.QuerySet[M_co]):
    def visible_to(self, user: Any) -> Self:
        """Managers see all; others their own, and what was sent by their team, is watched, or about their customers."""
        if user.is_manager:
            return self.all()
        seen = self.model._default_manager.filter(_sees_request(user)).values("pk")
        watched = self.model._default_manager.filter(watchers=user).values("pk")
        return self.filter(Q(owner=user) | Q(pk__in=watched) | ~Q(status=RequestStatus.DRAFT), pk__in=seen)

    def editable_by(self, user: Any) -> Self:
        """Managers change all, others their own and their team's; marketers those for speakers."""
        if user.is_manager:
            return self.all()
        own = Q(owner=user) | (Q(owner__team=user.team_id) if user.team_id is not None else Q())
        return self.filter(own | Q(speaking_slot__isnull=False) if user.is_marketer else own)

    def open(self) -> Self:
        return self.filter(status=RequestStatus.OPEN)

    def with_step(self) -> Self:
        """Annotated with `step`: what each waits for, by the codes of `showing.NextStep`, most urgent first."""
        matches = self.model._meta.get_field("matches").related_model._default_manager  # type: ignore[union-attr]
        standing = {status: Exists(matches.filter(request=OuterRef("pk"), status=status)) for status in LIVE}
        cases = [
            When(status=RequestStatus.DRAFT, then=Value("draft")),
            When(status__in=OVER, then=Value("over")),
            When(~Q(needs_manager=""), then=Value("needs_manager")),
            When(status=RequestStatus.UNMET, then=Value("unmet")),
            When(standing[MatchStatus.ACCEPTED], then=Value("schedule")),
            When(standing[MatchStatus.OWNER_REVIEW], then=Value("owner_review")),
            When(standing[MatchStatus.MANAGER_REVIEW], then=Value("manager_review")),
            When(standing[MatchStatus.INVITED], then=Value("customer")),
            When(standing[MatchStatus.SCHEDULED], then=Value("meeting")),
            When(status=RequestStatus.FULFILLED, then=Value("outcome")),
        ]
        return self.annotate(step=Case(*cases, default=Value("proposing"), output_field=models.CharField()))

    def waiting_at(self, step: str) -> Self:
        """Those that wait for one step."""
        return self.with_step().filter(step=step)

    def having_reached(self, point: str) -> Self:
        """Those for which somebody was `proposed`, `asked`, said `yes`, or had it `done`. KeyError for another word."""
        matches = self.model._meta.get_field("matches").related_model._default_manager  # type: ignore[union-attr]
        reached = {
            "proposed": Q(),
            "asked": Q(invited_at__isnull=False),
            "yes": Q(answered_at__isnull=False, status__in=SAID_YES),
            "done": Q(completed_at__isnull=False),
        }
        return self.filter(Exists(matches.filter(reached[point], request=OuterRef("pk"))))


class MatchQuerySet(models.QuerySet[M_co]):
    def visible_to(self, user: Any) -> Self:
        """The matches of the requests that `user` sees."""
        if user.is_manager:
            return self.all()
        requests = self.model._meta.get_field("request").related_model
        return self.filter(request__in=requests._default_manager.visible_to(user))  # type: ignore[union-attr]

    def live(self) -> Self:
        return self.filter(status__in=LIVE)

    def before_asking(self) -> Self:
        return self.filter(status__in=BEFORE_ASKING)

    def in_review(self) -> Self:
        return self.filter(status__in=IN_REVIEW)

    def invited(self) -> Self:
        return self.filter(status=MatchStatus.INVITED)


class ApprovalQuerySet(models.QuerySet[M_co]):
    def pending(self) -> Self:
        """Those that wait for somebody now: their match stands at this very step."""
        at_owner = Q(step="owner", match__status=MatchStatus.OWNER_REVIEW)
        at_manager = Q(step="manager", match__status=MatchStatus.MANAGER_REVIEW)
        return self.filter(at_owner | at_manager, status=ApprovalStatus.PENDING)

    def waiting_for(self, user: Any) -> Self:
        """Pending ones that are `user`'s to decide: of accounts they own now, handed on to them, or any manager's."""
        return self.waiting_for_whom(user, is_manager=user.is_manager)

    def waiting_for_whom(self, who: Any, *, is_manager: bool) -> Self:
        """`waiting_for` a user, or what stands for one's id in a query."""
        mine = Q(step="owner", escalated_at__isnull=True, match__contact__customer__account_owner=who)
        mine |= Q(assignee=who, escalated_at__isnull=False)
        if is_manager:
            mine |= Q(step="manager") | Q(assignee__isnull=True)
        return self.pending().filter(mine)

    def overdue(self, now: datetime) -> Self:
        return self.pending().filter(due_at__lte=now)


class DemandQuerySet(models.QuerySet[M_co]):
    def visible_to(self, user: Any) -> Self:
        """Managers see all, others what the requests they see lacked, and what they were given to recruit for."""
        if user.is_manager:
            return self.all()
        requests = self.model._meta.get_field("request").related_model
        theirs = Q(request__in=requests._default_manager.visible_to(user))  # type: ignore[union-attr]
        return self.filter(theirs | Q(task__assignee=user))

    def unmet(self) -> Self:
        return self.filter(met_at__isnull=True)

    def with_task(self) -> Self:
        """Annotated with whether a recruiting task is open for it."""
        tasks = self.model._meta.get_field("task").related_model
        rows = tasks._default_manager.filter(demand=OuterRef("pk"), status=TaskStatus.OPEN)  # type: ignore[union-attr]
        return self.annotate(has_open_task=Exists(rows))


class TaskQuerySet(models.QuerySet[M_co]):
    def visible_to(self, user: Any) -> Self:
        """Managers see all, others those given to them."""
        return self.all() if user.is_manager else self.filter(assignee=user)

    def open(self) -> Self:
        return self.filter(status=TaskStatus.OPEN)
