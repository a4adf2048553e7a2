"""Writes the points ledger: entries are appended once per source, taken back by counter-entries, never changed.

Every writer locks the account first, so that two who spend the same points wait for each other; the database refuses a
balance below zero besides. Points are given for taking part, by stage; never for a score, and never for what was said.
"""

from dataclasses import replace
from datetime import date

from django.db import transaction
from django.utils import timezone

from advocacy.enums import EntryKind, Stage
from advocacy.models import AdvocacySettings, PointsAccount, PointsEntry
from advocacy.points_rules import Lot, catch_up, due
from advocacy.program import current_settings, shares_of
from references.days import add_months
from references.errors import DomainError
from references.models import Contact
from users.models import User


def lock_account(contact: Contact) -> PointsAccount:
    """Lock a person's account for the rest of the transaction, opened where there is none yet."""
    PointsAccount.objects.get_or_create(contact=contact)
    return PointsAccount.objects.select_for_update(no_key=True).get(contact=contact)


@transaction.atomic
def award_stage(
    *,
    contact: Contact,
    source: str,
    activity: str,
    points: int,
    stage: str,
    by: User | None = None,
    on: date | None = None,
) -> list[PointsEntry]:
    """Give what taking part is worth up to `stage`, stages passed over included, each once per `source`.

    What was taken back stays taken back; somebody who opted out earns nothing. All stages together never give more
    than `points`, whatever the shares were when the earlier ones were paid.
    """
    if points <= 0 or contact.has_opted_out:
        return []
    account = lock_account(contact)
    settings = current_settings()
    booked = dict(PointsEntry.objects.filter(source__in=_sources(source)).values_list("stage", "amount"))
    left, day = points - sum(booked.values()), on or timezone.localdate()
    entries = []
    for each, part in catch_up(points, shares_of(settings), stage, booked).items():
        amount = min(part, left)
        if amount <= 0:
            continue
        left -= amount
        fields = {"stage": each, "activity": activity, "by": by, "on": day, "expires_on": _last_day(settings)}
        entries.append(_append(account, amount, EntryKind.EARNED, f"{source}:{each}", **fields))
    return entries


@transaction.atomic
def reverse_source(*, contact: Contact, source: str, by: User | None = None, note: str = "") -> list[PointsEntry]:
    """Take back what was earned from `source`, once; what had been spent or had lapsed by then is noted as a shortfall.

    Lapsed points are gone already: they are not taken a second time, out of what was earned by other things.
    """
    account, today = lock_account(contact), timezone.localdate()
    expire_points(account=account, today=today)
    entries = PointsEntry.objects.filter(
        account=account, kind=EntryKind.EARNED, source__in=_sources(source), reversal=None
    ).order_by("-pk")
    taken = []
    for entry in entries:
        has_lapsed = entry.expires_on is not None and entry.expires_on < today
        amount = 0 if has_lapsed else min(entry.amount, account.balance)
        taken.append(
            _append(
                account,
                -amount,
                EntryKind.REVERSED,
                f"reversal:{entry.pk}",
                activity=entry.activity,
                stage=entry.stage,
                reverses=entry,
                shortfall=entry.amount - amount,
                by=by,
                note=note,
            )
        )
    return taken


@transaction.atomic
def forfeit_source(*, contact: Contact, source: str, by: User | None = None, note: str = "") -> None:
    """Take back what was earned from `source`, and let it earn nothing more: stages to come are booked with nothing."""
    reverse_source(contact=contact, source=source, by=by, note=note)
    account = lock_account(contact)
    sources = {f"{source}:{stage}": stage for stage in Stage}
    there = PointsEntry.objects.filter(source__in=sources).values_list("source", flat=True)
    for each in sources.keys() - set(there):
        _append(account, 0, EntryKind.ADJUSTED, each, stage=sources[each], by=by, note=note)


@transaction.atomic
def spend_points(*, account: PointsAccount, amount: int, source: str, by: User | None = None) -> PointsEntry:
    """Take points for a redemption, once per source; the account is locked by `lock_account` in this transaction.

    Points that have lapsed are taken off first. Raises DomainError(not_enough_points).
    """
    there = PointsEntry.objects.filter(source=source).first()
    if there is not None:
        return there
    expire_points(account=account, today=timezone.localdate())
    if account.balance < amount:
        raise DomainError("not_enough_points", f"There are {account.balance} points; it takes {amount}.", "reward")
    return _append(account, -amount, EntryKind.SPENT, source, by=by)


@transaction.atomic
def refund_points(
    *, account: PointsAccount, spent: PointsEntry, by: User | None = None, note: str = "", is_own: bool = False
) -> PointsEntry:
    """Give back what a redemption took, once; the account is locked.

    What we refuse or call off lives a full term anew. Where it was their own doing (`is_own`) the spending is undone:
    the points lapse when they would have, else asking and calling off would renew them for ever.
    """
    source = f"refund:{spent.pk}"
    there = PointsEntry.objects.filter(source=source).first()
    fields = {"reverses": spent} if is_own else {"expires_on": _last_day(current_settings())}
    return there or _append(account, -spent.amount, EntryKind.REFUNDED, source, by=by, note=note, **fields)


@transaction.atomic
def adjust_points(*, contact: Contact, amount: int, why: str, creation_key: str, by: User) -> PointsEntry:
    """Give or take points by hand, once per key.

    Raises DomainError: why_required, nothing_to_adjust, not_enough_points.
    """
    if not why.strip():
        raise DomainError("why_required", "Say why, so that the person can be told.", "why")
    if amount == 0:
        raise DomainError("nothing_to_adjust", "Give a number of points, with a minus to take them.", "amount")
    account = lock_account(contact)
    source = f"adjust:{creation_key}"
    there = PointsEntry.objects.filter(source=source).first()
    if there is not None:
        return there
    if account.balance + amount < 0:
        raise DomainError("not_enough_points", f"There are only {account.balance} points.", "amount")
    until = _last_day(current_settings()) if amount > 0 else None
    return _append(account, amount, EntryKind.ADJUSTED, source, by=by, note=why.strip(), expires_on=until)


@transaction.atomic
def expire_points(*, account: PointsAccount, today: date) -> PointsEntry | None:
    """Take off what has lapsed by `today`, points that lapse first counting as spent first. The account is locked."""
    lots, gone = read_lots(account)
    amount = min(due(lots, gone, today), account.balance)
    if amount <= 0:
        return None
    day = f"expiry:{account.pk}:{today.isoformat()}"
    before = PointsEntry.objects.filter(account=account, source__startswith=day).count()
    source = f"{day}:{before + 1}" if before else day  # what came back since lapses on the same day
    return _append(account, -amount, EntryKind.EXPIRED, source, on=today)


def sweep_expiry() -> int:
    """Take off everywhere what has lapsed by today; each account in a transaction of its own. Gives how many points."""
    today, total = timezone.localdate(), 0
    lapsed = PointsEntry.objects.filter(expires_on__lt=today).values("account")
    for contact in Contact.objects.filter(points_account__in=lapsed, points_account__balance__gt=0).order_by("pk"):
        with transaction.atomic():
            entry = expire_points(account=lock_account(contact), today=today)
        total -= 0 if entry is None else entry.amount
    return total


def read_lots(account: PointsAccount) -> tuple[list[Lot], int]:
    """What was ever given, with the day it lapses, and how many of all points are gone by now; one query.

    A lot is as old as its entry, not as the deed that a late entry is about. What was taken back is less of that lot,
    not the spending of another.
    """
    given: dict[int, Lot] = {}
    gone = 0
    rows = account.entries.order_by("pk").values_list("pk", "amount", "recorded_at", "expires_on", "reverses")
    for pk, amount, recorded_at, expires_on, reverses in rows:
        if amount > 0 and reverses is not None:
            gone -= amount
        elif amount > 0:
            given[pk] = Lot(timezone.localdate(recorded_at), amount, expires_on)
        elif reverses is not None:
            given[reverses] = replace(given[reverses], amount=given[reverses].amount + amount)
        else:
            gone -= amount
    return list(given.values()), gone


def set_leaderboard(*, contact: Contact, is_on: bool, alias: str = "") -> PointsAccount:
    """Let a person appear on the leaderboard, under a name of their choice, or take them off it."""
    with transaction.atomic():
        account = lock_account(contact)
        account.is_on_leaderboard, account.alias = is_on, alias.strip()[:60]
        account.save(update_fields=["is_on_leaderboard", "alias"])
    return account


def _sources(source: str) -> list[str]:
    """The sources of the entries that the stages of one cause write."""
    return [f"{source}:{stage}" for stage in Stage]


def _last_day(settings: AdvocacySettings) -> date | None:
    """The last day on which points given today can be spent; None where they never lapse."""
    months = settings.points_expire_months
    return add_months(timezone.localdate(), months) if months else None


def _append(account: PointsAccount, amount: int, kind: str, source: str, **fields: object) -> PointsEntry:
    """Write an entry and the sums it changes: what was earned counts for the level, what is taken back no more."""
    entry = PointsEntry.objects.create(account=account, amount=amount, kind=kind, source=source, **fields)
    account.balance += amount
    if kind in {EntryKind.EARNED, EntryKind.ADJUSTED}:
        account.lifetime = max(0, account.lifetime + amount)
    elif kind == EntryKind.REVERSED:
        assert entry.reverses is not None  # noqa: S101 - the constraint says so
        account.lifetime = max(0, account.lifetime - entry.reverses.amount)
    account.save(update_fields=["balance", "lifetime"])
    return entry
