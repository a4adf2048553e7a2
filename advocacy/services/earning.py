"""Gives points for what the ledger says somebody took part in, and takes them back where it never was.

What an ask of ours promised is paid by `services.assignments`, and a survey earns nothing: here is everything else,
whoever logged it. What somebody logged by hand counts as confirmed; a reference call is, once its feedback is in.
"""

from collections.abc import Mapping
from typing import Any

from advocacy.enums import Stage
from advocacy.models import PointsEntry, PointsRule
from advocacy.services.badges import award_badges
from advocacy.services.points import award_stage, reverse_source
from references.enums import EngagementStatus
from references.models import Engagement

PAID_ELSEWHERE = ("assignment:", "survey:", "seat:", "referral:")
AWAITS_FEEDBACK = ("match:",)


def keep_touch_promise(payload: Mapping[str, Any]) -> None:
    """Look at one touch as it stands by now: points and badges follow. The outbox's handler, idempotent."""
    rows = Engagement.objects.select_for_update(of=("self",), no_key=True)  # two moves of one touch take turns
    row = rows.select_related("contact").filter(pk=payload["engagement"]).first()
    if row is None:
        return
    if not row.source.startswith(PAID_ELSEWHERE):
        _settle(row)
    if row.status == EngagementStatus.COMPLETED:
        award_badges(contact_ids=[row.contact_id])


def _settle(row: Engagement) -> None:
    stage = _stage_of(row)
    if stage is not None:
        award_touch(row, stage)
    elif PointsEntry.objects.filter(source__startswith=f"{_source(row)}:").exists():
        reverse_source(contact=row.contact, source=_source(row))


def award_touch(row: Engagement, stage: str) -> None:
    """Give what the activity of a touch (contact loaded) is worth, up to a stage."""
    rule = PointsRule.objects.filter(activity=row.activity).first()
    if rule is not None:
        award_stage(
            contact=row.contact, source=_source(row), activity=row.activity, points=rule.points, stage=stage, on=row.on
        )


def _source(row: Engagement) -> str:
    return f"touch:{row.pk}"


def _stage_of(row: Engagement) -> str | None:
    if row.status == EngagementStatus.PLANNED:
        return Stage.ACCEPTED
    if row.status != EngagementStatus.COMPLETED:
        return None
    return Stage.DONE if row.source.startswith(AWAITS_FEEDBACK) else Stage.CONFIRMED
