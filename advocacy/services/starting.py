"""Loads what a program of advocacy begins with; what is there already, by name, is left alone."""

from collections.abc import Iterable

from django.db import models, transaction

from advocacy import starter
from advocacy.models import AdvocacySettings, Ask, Badge, Level, PlayTemplate, PointsRule, ReviewSite
from references.activities import BY_CODE


@transaction.atomic
def load_starter() -> int:
    """Add the asks, sites, points, levels, badges and plays that are not there yet; gives how many were added.

    Whoever has asks, levels or plays of their own gets no others of that kind.
    """
    _set_disclosure()
    asks = [] if Ask.objects.exists() else list(_asks())
    sites = [ReviewSite(name=name, url=url, is_active=False) for name, url in starter.SITES]
    rules = [PointsRule(activity=code, points=points) for code, points in starter.POINTS.items()]
    levels = (
        [] if Level.objects.exists() else [Level(name=n, from_points=p, perk=perk) for n, p, perk in starter.LEVELS]
    )
    badges = [
        Badge(name=name, about=about, rule=rule, count=count, activity=activity)
        for name, about, rule, count, activity in starter.BADGES
    ]
    plays = [] if PlayTemplate.objects.exists() else list(_plays())
    return sum(
        (
            _add(Ask, asks, "name"),
            _add(ReviewSite, sites if asks else [], "name"),
            _add(PointsRule, rules, "activity"),
            _add(Level, levels, "name"),
            _add(Badge, badges if not Badge.objects.exists() else [], "name"),
            _add(PlayTemplate, plays, "name"),
        )
    )


def has_starter() -> bool:
    """Whether there are any asks, so that the starter has nothing to offer to the ladder."""
    return Ask.objects.exists()


def _asks() -> Iterable[Ask]:
    for each in starter.ASKS:
        points = starter.POINTS.get(each.activity, 0)
        yield Ask(
            name=each.name,
            activity=each.activity,
            rung=BY_CODE[each.activity].rung,
            text=each.text,
            minutes=each.minutes,
            points=points,
            cool_down_days=each.cool_down_days,
            needs_evidence=each.needs_evidence,
            disclosure=starter.DISCLOSURE if each.activity == "review" and points else "",
        )


def _plays() -> Iterable[PlayTemplate]:
    for each in starter.PLAYS:
        yield PlayTemplate(
            name=each.name,
            kind=each.kind,
            about=each.about,
            steps=list(each.steps),
            due_days=each.due_days,
            opens_for=each.opens_for,
        )


def _set_disclosure() -> None:
    row, _is_new = AdvocacySettings.objects.get_or_create(pk=1)
    if not row.review_disclosure:
        row.review_disclosure = starter.DISCLOSURE
        row.save(update_fields=["review_disclosure"])


def _add(model: type[models.Model], rows: Iterable[models.Model], name: str) -> int:
    there = set(model._default_manager.values_list(name, flat=True))
    return len(model._default_manager.bulk_create(row for row in rows if getattr(row, name) not in there))
