"""Reads what referrals brought: chains of who brought whom, and the value of what each customer's people referred."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.db.models import Count, Q, QuerySet, Sum
from django.utils import timezone

from advocacy.chains import Forest, Link, build_forest
from advocacy.customer_segments import WonReferral, referral_value
from advocacy.enums import ReferralStatus
from advocacy.models import AdvocacySettings, Referral
from advocacy.program import current_settings
from references.models import Contact, Customer

HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class StatusSum:
    """How many referrals are in one state, and what they are worth by currency, those with a value counted."""

    status: str
    count: int
    values: tuple[tuple[str, Decimal], ...]


@dataclass(slots=True)
class ReferrerLine:
    """What one customer's people referred: how many, how many were won, and the worth of those by currency.

    `sales` are the deals' values, `worth` the customer referral value (see `customer_segments`); `referrers` tells the
    same person by person.
    """

    customer: Customer
    count: int = 0
    won: int = 0
    sales: dict[str, Decimal] = field(default_factory=dict)
    worth: dict[str, Decimal] = field(default_factory=dict)
    referrers: dict[int, "PersonLine"] = field(default_factory=dict)


@dataclass(slots=True)
class PersonLine:
    """What one person referred."""

    contact: Contact
    count: int = 0
    won: int = 0
    worth: dict[str, Decimal] = field(default_factory=dict)


def sum_by_status(rows: "QuerySet[Referral]") -> list[StatusSum]:
    """Count referrals and add up their values, state by state in their order, never across currencies; one query."""
    values: defaultdict[str, dict[str, Decimal]] = defaultdict(dict)
    counts: defaultdict[str, int] = defaultdict(int)
    grouped = rows.order_by().values("status", "currency").annotate(count=Count("pk"), total=Sum("value"))
    for row in grouped:
        counts[row["status"]] += row["count"]
        if row["total"] is not None:
            values[row["status"]][row["currency"]] = row["total"]
    return [
        StatusSum(status, counts[status], tuple(sorted(values[status].items()))) for status in ReferralStatus.values
    ]


def read_forest(rows: "QuerySet[Referral]") -> tuple[Forest, dict[str, Customer], dict[str, Referral]]:
    """The chains of referrals: the trees, the customers among their nodes, and the referrals that are leads still.

    Duplicates and what was disqualified brought nobody. One query.
    """
    counted = rows.filter(duplicate_of=None).exclude(status=ReferralStatus.DISQUALIFIED)
    links: list[Link] = []
    customers: dict[str, Customer] = {}
    leads: dict[str, Referral] = {}
    for row in counted.select_related("referrer__customer", "became").order_by("pk"):
        top = f"customer:{row.referrer.customer_id}"
        customers[top] = row.referrer.customer
        end = f"lead:{row.pk}" if row.became_id is None else f"customer:{row.became_id}"
        if row.became is None:
            leads[end] = row
        else:
            customers[end] = row.became
        is_won = row.status == ReferralStatus.WON and row.value is not None
        links.append(Link(row.pk, top, end, row.value if is_won else None, row.currency if is_won else ""))
    return build_forest(links), customers, leads


def read_referrers(rows: "QuerySet[Referral]", *, today: date | None = None) -> list[ReferrerLine]:
    """A line for each customer whose people referred somebody, those that won most on top; two queries.

    A deal whose worth nobody noted counts as won, and with what a referral saves.
    """
    settings, today = current_settings(), today or timezone.localdate()
    found = rows.exclude(status=ReferralStatus.DISQUALIFIED).filter(duplicate_of=None)
    lines: dict[int, ReferrerLine] = {}
    won: defaultdict[int, list[Referral]] = defaultdict(list)
    for row in found.select_related("referrer__customer__account_owner").order_by("pk"):
        person = row.referrer
        line = lines.setdefault(person.customer_id, ReferrerLine(person.customer))
        own = line.referrers.setdefault(person.pk, PersonLine(person))
        line.count, own.count = line.count + 1, own.count + 1
        if row.status == ReferralStatus.WON:
            line.won, own.won = line.won + 1, own.won + 1
            won[person.customer_id].append(row)
            if row.value is not None:
                line.sales[row.currency] = line.sales.get(row.currency, Decimal(0)) + row.value
    for pk, line in lines.items():
        line.worth = _worth(won[pk], settings, today)
        for own in line.referrers.values():
            own.worth = _worth([row for row in won[pk] if row.referrer_id == own.contact.pk], settings, today)
    return sorted(lines.values(), key=lambda line: (-line.won, -line.count, line.customer.folded_name))


def _worth(rows: Iterable[Referral], settings: AdvocacySettings, today: date) -> dict[str, Decimal]:
    """Customer referral value by currency; what a referral saved is added in the program's own."""
    by_currency: defaultdict[str, list[WonReferral]] = defaultdict(list)
    for row in rows:
        currency = row.currency or settings.currency
        saved = settings.acquisition_saved if currency == settings.currency else Decimal(0)
        on = today if row.ended_at is None else timezone.localdate(row.ended_at)
        margin = (row.value or Decimal(0)) * settings.margin_percent / HUNDRED
        by_currency[currency].append(WonReferral(on, margin, acquisition_saved=saved))
    rate = settings.discount_percent / HUNDRED
    told = {code: referral_value(each, rate=rate, as_of=today) for code, each in sorted(by_currency.items())}
    return {code: amount for code, amount in told.items() if amount}


def brought_by(customer: Customer) -> "QuerySet[Referral]":
    """The referrals through which a customer came to us."""
    return Referral.objects.filter(Q(became=customer)).select_related("referrer__customer")
