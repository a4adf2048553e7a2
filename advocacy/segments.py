"""Reads which customers buy, refer, do both or neither: the table behind `customer_segments`.

Money of customers is for managers, and for account owners that of their own. What rewards cost is not taken off, since
they are given for all acts; what a referral saved is added where it is told in the same currency.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils import timezone

from advocacy.customer_segments import Placed, Split, Valued, WonReferral, referral_value, split_customers
from advocacy.enums import ReferralStatus
from advocacy.models import AdvocacySettings, Referral
from advocacy.program import current_settings
from references.models import Customer
from users.models import User

HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class SegmentRow:
    """One customer (account owner loaded) and where it stands."""

    customer: Customer
    placed: Placed


@dataclass(frozen=True, slots=True)
class SegmentTable:
    """The customers of one currency in their segments, by name; `currencies` counts customers with a value by theirs.

    `split` names those left out, and why.
    """

    rows: tuple[SegmentRow, ...]
    split: Split
    currencies: tuple[tuple[str, int], ...]

    @property
    def counts(self) -> dict[str, int]:
        """How many customers each segment holds."""
        return dict(Counter(row.placed.segment for row in self.rows))


def read_segments(user: User, *, currency: str = "", today: date | None = None) -> SegmentTable:
    """The segments of the customers whose money `user` may see, in the currency named or the program's; 3 queries."""
    settings = current_settings()
    today = today or timezone.localdate()
    rows = Customer.objects.visible_to(user).select_related("account_owner")
    customers = list(rows if user.is_manager else rows.filter(account_owner=user))
    values = _read_referral_values(customers, settings, today)
    valued = [Valued(row.pk, row.lifetime_value, values.get(row.pk, Decimal(0)), row.currency) for row in customers]
    split = split_customers(valued, currency=currency or settings.currency)
    by_id = {row.pk: row for row in customers}
    known = Counter(row.currency for row in customers if row.lifetime_value is not None)
    placed = tuple(SegmentRow(by_id[each.customer], each) for each in split.placed)
    return SegmentTable(placed, split, tuple(sorted(known.items(), key=lambda each: (-each[1], each[0]))))


def _read_referral_values(
    customers: list[Customer], settings: AdvocacySettings, today: date
) -> dict[int, Decimal | None]:
    """Referral value by customer, in its own currency; None where a won referral was in another."""
    currencies = {row.pk: row.currency for row in customers}
    won: defaultdict[int, list[WonReferral]] = defaultdict(list)
    mixed: set[int] = set()
    found = Referral.objects.filter(status=ReferralStatus.WON).values_list(
        "referrer__customer_id", "value", "currency", "ended_at"
    )
    for customer, value, currency, ended in found:
        if customer not in currencies:
            continue
        if value is not None and currency != currencies[customer]:
            mixed.add(customer)
            continue
        saved = settings.acquisition_saved if settings.currency == currencies[customer] else Decimal(0)
        on = today if ended is None else timezone.localdate(ended)
        margin = (value or Decimal(0)) * settings.margin_percent / HUNDRED
        won[customer].append(WonReferral(on, margin, acquisition_saved=saved))
    rate = settings.discount_percent / HUNDRED
    told = {customer: referral_value(rows, rate=rate, as_of=today) for customer, rows in won.items()}
    return {**told, **dict.fromkeys(mixed)}
