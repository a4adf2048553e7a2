"""Writes the levels, what activities are worth, and the shares of the stages."""

from collections.abc import Mapping
from typing import TypedDict

from django.db import transaction
from django.utils.translation import gettext as _

from advocacy.models import AdvocacySettings, Level, PointsRule
from references.errors import DomainError
from references.services.saving import assign, save_checked

SURVEY = "survey"
_LEVEL_FIELDS = ("name", "from_points", "perk")
_SHARE_FIELDS = ("share_accepted", "share_scheduled", "share_done", "share_confirmed", "points_expire_months")


class LevelData(TypedDict, total=False):
    """The fields of a level."""

    name: str
    from_points: int
    perk: str


class ShareData(TypedDict, total=False):
    """The share of each stage in percent, 100 in all, and after how many months points lapse; 0 is never."""

    share_accepted: int
    share_scheduled: int
    share_done: int
    share_confirmed: int
    points_expire_months: int


@transaction.atomic
def save_level(*, data: LevelData, level: Level | None = None) -> Level:
    """Add a level, or change one: whoever has the points has it at once. Raises DomainError with a field's code."""
    row = Level() if level is None else Level.objects.select_for_update(no_key=True).get(pk=level.pk)
    assign(row, data, _LEVEL_FIELDS)
    save_checked(row)
    return row


@transaction.atomic
def remove_level(*, level: Level) -> None:
    """Take a level away; raises DomainError(has_rewards) while rewards are kept for it."""
    if level.rewards.exists():
        raise DomainError("has_rewards", _("Rewards are kept for this level: change them first."))
    Level.objects.filter(pk=level.pk).delete()


@transaction.atomic
def save_worth(*, points: Mapping[str, int | None]) -> int:
    """Set what activities are worth, by code; 0 or None is nothing. What was promised or booked stays as it was.

    Gives how many changed. Raises DomainError: points_for_survey, or a field's own code.
    """
    if points.get(SURVEY):
        raise DomainError("points_for_survey", _("Answering a survey earns no points: a score is not for sale."))
    kept = {rule.activity: rule for rule in PointsRule.objects.select_for_update(no_key=True)}
    changed = 0
    for activity, worth in points.items():
        rule = kept.get(activity)
        if (rule.points if rule else 0) == (worth or 0):
            continue
        changed += 1
        if worth:
            rule = rule or PointsRule(activity=activity)
            rule.points = worth
            save_checked(rule)
        elif rule is not None:
            rule.delete()
    return changed


@transaction.atomic
def save_shares(*, data: ShareData) -> AdvocacySettings:
    """Set the shares of the stages and the term of points to come; raises DomainError(not_100), or a field's code."""
    AdvocacySettings.objects.get_or_create(pk=1)
    row = AdvocacySettings.objects.select_for_update(no_key=True).get(pk=1)
    assign(row, data, _SHARE_FIELDS)
    if row.share_accepted + row.share_scheduled + row.share_done + row.share_confirmed != 100:
        raise DomainError("not_100", _("The four shares must make 100."), "share_confirmed")
    save_checked(row)
    return row
