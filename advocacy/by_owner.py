"""Advocacy by account owner: their promoters, who is willing and who acted, points, referrals and moments."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, Sum

from advocacy.enums import ReferralStatus
from advocacy.models import PointsAccount, Referral
from advocacy.querysets import runs_advocacy
from references.enums import ContactStatus, EngagementStatus, NominationStatus
from references.models import Contact, Engagement, Nomination
from users.models import User

SURVEY = "survey"


@dataclass(slots=True)
class OwnerLine:
    """The advocacy of one owner's customers; `owner` is None for customers without one.

    `willing` promoters agreed to more than surveys, `acted` are those of them who did something; `points` are lifetime
    points, `moments` nominations.
    """

    owner: User | None = None
    promoters: int = 0
    willing: int = 0
    acted: int = 0
    points: int = 0
    referrals: int = 0
    referrals_won: int = 0
    moments: int = 0
    customers: set[int] = field(default_factory=set)

    @property
    def activation(self) -> float | None:
        """Acted of willing, 0 to 1; None where nobody is willing."""
        return self.acted / self.willing if self.willing else None


def read_by_owner(user: User, *, since: date | None = None) -> list[OwnerLine]:
    """A line for each owner with promoters, points, referrals or moments, by name, those without an owner last.

    Managers and marketers see everybody's, others their own. With `since`, acts, referrals and moments from that day
    on. Five queries.
    """
    lines: defaultdict[int | None, OwnerLine] = defaultdict(OwnerLine)
    within = _scope(user)
    _count_people(lines, within, since)
    points = (
        PointsAccount.objects.filter(within("contact__customer__"))
        .values("contact__customer__account_owner")
        .order_by()
    )
    for owner, total in points.annotate(total=Sum("lifetime")).values_list("contact__customer__account_owner", "total"):
        lines[owner].points = total
    _count_referrals(lines, within, since)
    _count_moments(lines, within, since)
    owners = User.objects.in_bulk([owner for owner in lines if owner is not None])
    for owner_id, line in lines.items():
        line.owner = None if owner_id is None else owners[owner_id]
    return sorted(lines.values(), key=_place)


def _scope(user: User) -> Callable[[str], Q]:
    """Give, for the way to a customer, the rows `user` may see."""

    def within(way: str) -> Q:
        return Q() if runs_advocacy(user) else Q(**{f"{way}account_owner": user})

    return within


def _count_people(lines: "defaultdict[int | None, OwnerLine]", within: Callable[[str], Q], since: date | None) -> None:
    acts = Engagement.objects.filter(contact=OuterRef("pk"), status=EngagementStatus.COMPLETED).exclude(activity=SURVEY)
    if since is not None:
        acts = acts.filter(on__gte=since)
    people = Contact.objects.filter(within("customer__"), status=ContactStatus.ACTIVE, has_opted_out=False)
    rows: Any = people.annotate(acted=Exists(acts)).values_list(
        "customer__account_owner", "customer_id", "activities", "acted"
    )
    for owner, customer, agreed, acted in rows.iterator(chunk_size=5_000):
        line = lines[owner]
        is_willing = any(activity != SURVEY for activity in agreed)
        line.promoters += 1
        line.willing += is_willing
        line.acted += is_willing and acted
        line.customers.add(customer)


def _count_referrals(
    lines: "defaultdict[int | None, OwnerLine]", within: Callable[[str], Q], since: date | None
) -> None:
    rows = Referral.objects.filter(within("referrer__customer__")).exclude(status=ReferralStatus.DISQUALIFIED)
    if since is not None:
        rows = rows.filter(created_at__date__gte=since)
    counted = rows.values("referrer__customer__account_owner").annotate(
        count=Count("pk"), won=Count("pk", filter=Q(status=ReferralStatus.WON))
    )
    for owner, count, won in counted.order_by().values_list("referrer__customer__account_owner", "count", "won"):
        lines[owner].referrals, lines[owner].referrals_won = count, won


def _count_moments(lines: "defaultdict[int | None, OwnerLine]", within: Callable[[str], Q], since: date | None) -> None:
    rows = Nomination.objects.filter(within("customer__")).exclude(status=NominationStatus.DRAFT)
    if since is not None:
        rows = rows.filter(created_at__date__gte=since)
    counted = rows.values("customer__account_owner").annotate(count=Count("pk")).order_by()
    for owner, count in counted.values_list("customer__account_owner", "count"):
        lines[owner].moments = count


def _place(line: OwnerLine) -> tuple[bool, str, int]:
    return (line.owner is None, str(line.owner).casefold(), line.owner.pk if line.owner else 0)
