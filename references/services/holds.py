"""Takes holds in the ledger: the person and their customer locked, every rule judged again, then one expiring row.

The index only proposes. On PostgreSQL the rows' locks, customer before contact, make two takers of the last slot wait
for each other; on SQLite the write transaction itself does. Locks spare the keys of rows (`no_key`): whoever writes a
row that points to a locked one checks this at their commit, when they hold the pool's counter, for which the holder of
the lock may be waiting.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.utils import timezone

from references.caps import CAP_WINDOWS, Breach
from references.circumstances import read_circumstances
from references.enums import EngagementStatus
from references.errors import DomainError
from references.fatigue import band
from references.models import Contact, Customer, Engagement
from references.policy import ProgramPolicy
from references.pool.writing import pool_write
from references.program import current_policy
from references.rules import NEVER_OVERRIDDEN, broken_rules, fatigue_on, leave_out
from references.services.ledger import change_engagement_status, log_engagement
from users.models import User

GONE_FOR_GOOD = frozenset({"opted_out", "no_consent", "not_active", "not_referenceable"})


class HoldRefusedError(DomainError):
    """Rules stand against a hold. `broken` are their codes, caps with their breach."""

    def __init__(self, broken: Mapping[str, Breach | None]) -> None:
        codes = ", ".join(sorted(broken))
        super().__init__("hold_refused", f"This person may not be asked for that now ({codes}).", "contact")
        self.broken = dict(broken)


@dataclass(frozen=True, slots=True)
class Ask:
    """What a hold is for: an activity on a day. `ignore` are the sources of ledger rows that it replaces."""

    activity: str
    on: date
    ignore: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found of one person: every broken rule, and fatigue with its band on the day."""

    broken: Mapping[str, Breach | None]
    phi: float
    band: str


def lock_person(contact_id: int) -> Contact:
    """Lock a contact and, before it, its customer, for the rest of the transaction; gives it with the customer."""
    customer_id = Contact.objects.values_list("customer_id", flat=True).get(pk=contact_id)
    customer = Customer.objects.select_for_update(no_key=True).get(pk=customer_id)
    contact = Contact.objects.select_for_update(no_key=True).get(pk=contact_id)
    contact.customer = customer
    return contact


def judge(contact: Contact, ask: Ask, *, now: datetime, policy: ProgramPolicy) -> Verdict:
    """Judge one person (customer loaded) by the ledger as it stands; six queries, nothing locked or written."""
    circumstances = leave_out(read_circumstances([contact], ask.activity)[contact.pk], ask.ignore)
    phi = fatigue_on(contact, circumstances, ask.on, now=now, policy=policy)
    broken = broken_rules(contact, circumstances, ask.activity, ask.on, now=now, policy=policy)
    return Verdict(broken, phi, band(phi, policy.fatigue))


def require_allowed(verdict: Verdict, overridden: Collection[str]) -> None:
    """Raise HoldRefusedError unless every broken rule is among those overridden, and may be."""
    standing = {
        code: breach for code, breach in verdict.broken.items() if code not in overridden or code in NEVER_OVERRIDDEN
    }
    if standing:
        raise HoldRefusedError(standing)


def take_hold(
    *,
    contact: Contact,
    ask: Ask,
    source: str,
    expires_at: datetime,
    overridden: Collection[str] = (),
    by: User | None = None,
    reason: str = "",
) -> tuple[Engagement, Verdict]:
    """Hold a person for an ask until `expires_at`, if every rule leaves room.

    The same `source` again is the same hold, as it stands by now. Raises HoldRefusedError (code hold_refused) with the
    rules that stand against it, DomainError(source_taken) where `source` is another touch's.
    """
    with pool_write():
        locked = lock_person(contact.pk)
        ask = replace(ask, ignore=ask.ignore | {source})
        verdict = judge(locked, ask, now=timezone.now(), policy=current_policy())
        if not Engagement.objects.filter(source=source).exists():
            require_allowed(verdict, overridden)
        return write_hold(contact=locked, ask=ask, source=source, expires_at=expires_at, by=by, reason=reason), verdict


def write_hold(
    *, contact: Contact, ask: Ask, source: str, expires_at: datetime, by: User | None = None, reason: str = ""
) -> Engagement:
    """Write the row of a hold that was judged before; only `take_hold` may call this in earnest."""
    return log_engagement(
        contact=contact,
        activity=ask.activity,
        status=EngagementStatus.HELD,
        on=ask.on,
        source=source,
        hold_expires_at=expires_at,
        by=by,
        reason=reason,
    )


def require_room(*, contact: Contact, ask: Ask, overridden: Collection[str] = ()) -> Verdict:
    """Recount the caps for somebody who says yes, or moves to another day; inside a `pool_write`, rows locked.

    The rules about being asked are behind us, and about their own days the person decides. Raises HoldRefusedError.
    """
    locked = lock_person(contact.pk)
    verdict = judge(locked, ask, now=timezone.now(), policy=current_policy())
    mattering = {code: each for code, each in verdict.broken.items() if code in CAP_WINDOWS | GONE_FOR_GOOD}
    require_allowed(Verdict(mattering, verdict.phi, verdict.band), overridden)
    return verdict


def require_no_open_ask(*, contact: Contact, ask: Ask, overridden: Collection[str] = ()) -> None:
    """Refuse to ask somebody who has not answered another ask yet; inside a `pool_write`.

    Holds on different days stand side by side, asks do not. Raises HoldRefusedError.
    """
    locked = lock_person(contact.pk)
    verdict = judge(locked, ask, now=timezone.now(), policy=current_policy())
    open_asks = {code: each for code, each in verdict.broken.items() if code == "ask_outstanding"}
    require_allowed(Verdict(open_asks, verdict.phi, verdict.band), overridden)


def is_standing(engagement: Engagement | None, now: datetime) -> bool:
    """Whether a hold still counts."""
    if engagement is None or engagement.status != EngagementStatus.HELD:
        return False
    return engagement.hold_expires_at is not None and engagement.hold_expires_at > now


def release_expired_hold(*, engagement: Engagement) -> bool:
    """Give a hold free whose time is up; False where it was extended, used or released meanwhile."""
    with pool_write():
        row = Engagement.objects.select_for_update(no_key=True).get(pk=engagement.pk)
        if row.status != EngagementStatus.HELD or is_standing(row, timezone.now()):
            return False
        change_engagement_status(engagement=row, to=EngagementStatus.RELEASED, reason="The hold expired.")
    return True
