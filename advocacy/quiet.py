"""Advocates gone quiet: promoters who did something in the past two years and nothing of late."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery
from django.utils import timezone

from advocacy.models import Level
from advocacy.points_rules import LevelRule, level_of
from advocacy.program import current_settings
from advocacy.querysets import runs_advocacy
from references.days import add_months
from references.enums import EngagementStatus
from references.models import Contact, Engagement
from users.models import User

LOOK_BACK_MONTHS = 24
NO_ACT = ("survey",)


@dataclass(frozen=True, slots=True)
class QuietAdvocate:
    """One of them (customer and owner loaded): the last act, its day, and the level reached, empty for none."""

    contact: Contact
    activity: str
    on: date
    level: str


def find_quiet(user: User, *, today: date | None = None) -> "QuerySet[Contact]":
    """Active promoters whose last act lies between `quiet_after_months` and two years back, the longest quiet first.

    Managers and marketers see all, others the people of their own customers. Annotated with `last_activity` and
    `last_act_on`, customer, owner and points loaded, for a list to page. A survey answered is no act. One query for the
    settings.
    """
    today = today or timezone.localdate()
    quiet_since = add_months(today, -current_settings().quiet_after_months)
    acts = Engagement.objects.filter(contact=OuterRef("pk"), status=EngagementStatus.COMPLETED, on__lte=today)
    last = acts.exclude(activity__in=NO_ACT).order_by("-on", "-pk")
    people: Any = Contact.objects.visible_to(user).promoters()
    if not runs_advocacy(user):
        people = people.filter(customer__account_owner=user)
    found: QuerySet[Contact] = (
        people.filter(has_opted_out=False)
        .annotate(last_act_on=Subquery(last.values("on")[:1]), last_activity=Subquery(last.values("activity")[:1]))
        .filter(last_act_on__gte=add_months(today, -LOOK_BACK_MONTHS), last_act_on__lt=quiet_since)
        .select_related("customer__account_owner", "points_account")
        .order_by("last_act_on", "pk")
    )
    return found


def tell_quiet(rows: Iterable[Contact]) -> list[QuietAdvocate]:
    """Put rows of `find_quiet` (a page of them) into words; one query for the levels."""
    levels = [LevelRule(name, points) for name, points in Level.objects.values_list("name", "from_points")]
    told = []
    for row in rows:
        account = getattr(row, "points_account", None)
        level = level_of(account.lifetime if account else 0, levels).level
        told.append(
            QuietAdvocate(row, row.last_activity, row.last_act_on, level.name if level else "")  # type: ignore[attr-defined]
        )
    return told
