"""Rights in the words of a badge: "Web · Germany, France · until Mar 2027"."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from references.enums import Facet
from references.rights import Right
from references.vocabulary import Vocabulary
from web.templatetags.pages import label

SOON = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Badge:
    """One way in which something may be used; `title` says the last day to the day."""

    text: str
    title: str
    is_ending: bool


def tell_rights(rights: Iterable[Right], vocabulary: Vocabulary, until: date | None = None) -> list[Badge]:
    """Say rights in badges, those of one channel and end together; none lasts beyond `until`."""
    places: dict[tuple[str, date | None, bool], list[str]] = {}
    for right in rights:
        end = min((day for day in (right.until, until) if day is not None), default=None)
        region = "" if right.region is None else _region(right.region, vocabulary)
        places.setdefault((right.channel, end, right.is_attributed), []).append(region)
    return [_badge(channel, regions, end, named) for (channel, end, named), regions in places.items()]


def _badge(channel: str, regions: list[str], end: date | None, is_attributed: bool) -> Badge:
    where = "" if "" in regions else ", ".join(dict.fromkeys(regions))
    ending = "" if end is None else _("until %(day)s") % {"day": _short(end)}
    nameless = "" if is_attributed else _("anonymous")
    return Badge(
        text=" · ".join(part for part in (label(channel, "channel"), where, nameless, ending) if part),
        title="" if end is None else _("until %(day)s") % {"day": date_format(end, "j F Y")},
        is_ending=end is not None and end - timezone.localdate() <= SOON,
    )


def _short(day: date) -> str:
    """The month is enough of a day far off."""
    return date_format(day, "M Y" if (day - timezone.localdate()).days > 90 else "j M Y")


def _region(slug: str, vocabulary: Vocabulary) -> str:
    tag_id = vocabulary.slugs.get((Facet.REGION, slug))
    return slug if tag_id is None else vocabulary.get(tag_id).name
