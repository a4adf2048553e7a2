"""Leaderboards: who wants to be seen on them, ranked by lifetime points, among all or within one group."""

from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from advocacy.levels import read_levels, standing_of
from advocacy.models import PointsAccount
from advocacy.points_rules import rank_places
from references.enums import Facet
from references.models import ContactTag, CustomerTag
from references.pool.index import current_snapshot

GROUPS = (Facet.INDUSTRY, Facet.REGION, Facet.PRODUCT)
MOST = 50


@dataclass(frozen=True, slots=True)
class BoardLine:
    """One line: equal points share a rank. Only the name that the person chose for it, never their own."""

    rank: int
    account_id: int
    alias: str
    points: int
    level: str


def read_leaderboard(tag_id: int | None = None, *, most: int = MOST) -> list[BoardLine]:
    """The leaderboard of all, or of those who carry a tag or one below it, themselves or by their customer.

    Who did not ask to be on it, has left or opted out is on none. Three queries.
    """
    rows = on_the_board() if tag_id is None else _carrying(on_the_board(), tag_id)
    found = list(rows.order_by("-lifetime", "pk")[:most])
    names, levels = {each.pk: each.alias for each in found}, read_levels()
    places = rank_places({each.pk: each.lifetime for each in found})
    return [
        BoardLine(
            place.rank,
            place.person,
            names[place.person] or _("Somebody who gives no name"),
            place.points,
            level.name if (level := standing_of(place.points, levels).level) else "",
        )
        for place in places
    ]


def on_the_board() -> QuerySet[PointsAccount]:
    """The accounts of who asked to be seen and has any points; nobody who has left or opted out."""
    rows = PointsAccount.objects.filter(is_on_leaderboard=True, lifetime__gt=0, contact__has_opted_out=False)
    return rows.exclude(contact__status="retired")


def _carrying(rows: QuerySet[PointsAccount], tag_id: int) -> QuerySet[PointsAccount]:
    tags = {tag_id, *current_snapshot().vocabulary.descendants(tag_id)}
    own = ContactTag.objects.filter(tag__in=tags).values("contact")
    theirs = CustomerTag.objects.filter(tag__in=tags).values("customer")
    return rows.filter(Q(contact__in=own) | Q(contact__customer__in=theirs))
