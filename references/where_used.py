"""Where a piece of content is used: noted by hand, or known to the program; floors above add what they hold."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import reduce
from operator import or_

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from references.enums import Channel, ContentStatus
from references.models import ContentUse, Embed, Handout, HandoutItem
from references.rights_standing import is_covered
from references.wording import Written, about, noun_of
from users.models import User


@dataclass(frozen=True, slots=True)
class Place:
    """One place where a piece is used. What is noted by hand (`use`) must be taken down by hand too.

    The rest asks for its rights whenever it is shown, and shows a piece without rights no more.
    """

    name: str
    what: str
    url: str = ""
    since: date | None = None
    channel: str = ""
    use: ContentUse | None = None

    @property
    def is_open(self) -> bool:
        """Whether it still stands, as far as the program knows."""
        return self.use is None or self.use.ended_at is None


Finder = Callable[[Written, User], list[Place]]
_finders: list[Finder] = []


def register_places(find: Finder) -> None:
    """Let `find(piece, user)` give further places, those that `user` may see."""
    if find not in _finders:
        _finders.append(find)


def where_used(piece: Written, user: User) -> list[Place]:
    """Every place in which a piece is used: first what was noted by hand, newest first, then what the program knows."""
    found = [*_noted(piece), *_public(piece), *_embeds(piece), *_handouts(piece, user)]
    for find in _finders:
        found += find(piece, user)
    return found


def uses_of(piece: Written) -> QuerySet[ContentUse]:
    """The places noted by hand, of the piece itself and of its numbers."""
    column = noun_of(piece)
    return ContentUse.objects.filter(reduce(or_, [Q(**about(piece)), Q(**{f"proof_point__{column}": piece})]))


def _noted(piece: Written) -> list[Place]:
    return [
        Place(use.place, use.get_channel_display(), use.url, use.since, use.channel, use)
        for use in uses_of(piece).select_related("noted_by")
    ]


def _public(piece: Written) -> list[Place]:
    if piece.status != ContentStatus.PUBLISHED or not is_covered(piece, timezone.localdate(), Channel.WEB):
        return []
    return [
        Place(
            _("The public wall"),
            _("while a consent for the web holds"),
            f"/wall/{noun_of(piece)}/{piece.pk}/",
            piece.published_on,
        )
    ]


def _embeds(piece: Written) -> list[Place]:
    rows = Embed.objects.filter(piece_noun=noun_of(piece), piece_id=piece.pk, ended_at__isnull=True)
    return [
        Place(row.name, _("embed on another site"), f"/setup/wall/{row.pk}/", timezone.localdate(row.made_at))
        for row in rows
    ]


def _handouts(piece: Written, user: User) -> list[Place]:
    rows = HandoutItem.objects.filter(**about(piece)).select_related("handout__made_by").order_by("-handout__pk")[:50]
    return [_handout(row.handout, user) for row in rows]


def _handout(row: Handout, user: User) -> Place:
    """A hand-out by its title for whoever may open it, else by who made it: a title may tell of a deal."""
    since = timezone.localdate(row.made_at)
    if user.is_manager or row.made_by_id == user.pk:
        return Place(row.title, _("hand-out"), f"/handouts/{row.pk}/", since)
    who = "" if row.made_by is None else str(row.made_by)
    return Place(_("A hand-out of %(who)s") % {"who": who or _("somebody")}, _("hand-out"), since=since)
