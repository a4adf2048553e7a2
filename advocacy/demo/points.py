"""Gives the people of the demonstration the points for what the ledger says they did, as the worker would have."""

from collections.abc import Mapping
from datetime import date, timedelta

from advocacy.enums import EntryKind, Stage
from advocacy.models import PointsAccount, PointsEntry, PointsRule
from advocacy.points_rules import split_points
from advocacy.program import current_settings, shares_of
from advocacy.services.earning import PAID_ELSEWHERE
from references.days import add_months
from references.demo import PREFIX
from references.enums import EngagementStatus
from references.models import Engagement

_BATCH = 1_000


def tell_points(*, today: date) -> Mapping[str, int]:
    """Open accounts and write what was earned in the months in which points do not lapse; gives how many entries."""
    settings = current_settings()
    months = settings.points_expire_months
    since = add_months(today, -months) + timedelta(days=1) if months else date.min
    worth = dict(PointsRule.objects.values_list("activity", "points"))
    touches = [
        row
        for row in Engagement.objects.filter(
            contact__external_id__startswith=PREFIX, status=EngagementStatus.COMPLETED, activity__in=worth,
            on__range=(since, today), contact__has_opted_out=False,
        ).order_by("on", "id")
        if not row.source.startswith(PAID_ELSEWHERE)
    ]  # fmt: skip
    accounts = _open_accounts({row.contact_id for row in touches})
    shares = shares_of(settings)
    entries = []
    for row in touches:
        account = accounts[row.contact_id]
        for stage, amount in split_points(worth[row.activity], shares).items():
            if not amount:
                continue
            entries.append(
                PointsEntry(
                    account=account, amount=amount, kind=EntryKind.EARNED, stage=Stage(stage), activity=row.activity,
                    source=f"touch:{row.pk}:{stage}", on=row.on, recorded_at=row.recorded_at,
                    expires_on=add_months(row.on, months) if months else None,
                )
            )  # fmt: skip
            account.balance += amount
            account.lifetime += amount
    PointsEntry.objects.bulk_create(entries, batch_size=_BATCH)
    PointsAccount.objects.bulk_update(accounts.values(), ["balance", "lifetime"], batch_size=_BATCH)
    return {"points entries": len(entries)}


def _open_accounts(contact_ids: set[int]) -> dict[int, PointsAccount]:
    PointsAccount.objects.bulk_create(
        [PointsAccount(contact_id=pk) for pk in sorted(contact_ids)], batch_size=_BATCH, ignore_conflicts=True
    )
    return {row.contact_id: row for row in PointsAccount.objects.filter(contact__in=contact_ids)}
