"""Reads tallies of answers by segment: by an attribute of the file, or by what we know of who answered; few queries."""

from collections import defaultdict
from collections.abc import Callable
from datetime import date
from typing import Any

from django.db.models import Count, F, QuerySet
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import TruncMonth, TruncQuarter
from django.utils.translation import gettext_noop

from references.enums import Facet, Seniority, SizeBand, TagStatus, Tier
from references.errors import DomainError
from references.models import Tag
from surveys.columns import BLANK, name_attribute
from surveys.enums import AnswerChannel
from surveys.models import Campaign, Response
from surveys.scores import Tally, tally_scores

_CUSTOMER = "contact__customer"
FIELDS = {
    "product": "product__name",
    "size": f"{_CUSTOMER}__size_band",
    "tier": f"{_CUSTOMER}__tier",
    "seniority": "contact__seniority",
    "account_owner": f"{_CUSTOMER}__account_owner__name",
    "channel": "channel",
    "language": "language",
}
TAGS = {
    "industry": (f"{_CUSTOMER}__customer_tags__tag", Facet.INDUSTRY),
    "role": ("contact__contact_tags__tag", Facet.ROLE),
}
PLACES = ("region", "country")
PERIODS: dict[str, Any] = {"month": TruncMonth, "quarter": TruncQuarter}
BUILT_IN: dict[str, str] = {
    "product": gettext_noop("Product"),
    "industry": gettext_noop("Industry"),
    "region": gettext_noop("Region"),
    "size": gettext_noop("Size"),
    "country": gettext_noop("Country"),
    "tier": gettext_noop("Tier"),
    "role": gettext_noop("Role"),
    "seniority": gettext_noop("Seniority"),
    "account_owner": gettext_noop("Account owner"),
    "channel": gettext_noop("Channel"),
    "language": gettext_noop("Language"),
    "month": gettext_noop("Month"),
    "quarter": gettext_noop("Quarter"),
}
"""The segments every answer may have, with their labels, to be translated where they are shown."""
LABELS: dict[str, dict[str, Any]] = {
    "size": dict(SizeBand.choices),
    "tier": dict(Tier.choices),
    "seniority": dict(Seniority.choices),
    "channel": dict(AnswerChannel.choices),
}
_LOOKED_AT = 200


def read_tally(rows: QuerySet[Response]) -> Tally:
    """Tally answers; one query."""
    return tally_scores(read_histogram(rows))


def read_histogram(rows: QuerySet[Response]) -> dict[int, int]:
    """How often each score of 0–10 was given, zeros included; one query."""
    counted = dict(rows.order_by().values_list("score").annotate(n=Count("pk")))
    return {score: counted.get(score, 0) for score in range(11)}


def list_attributes(rows: QuerySet[Response]) -> list[str]:
    """The names of the attributes that answers have, as the latest and the earliest of them tell; two queries."""
    told = rows.exclude(attributes={}).values_list("attributes", flat=True)
    names: dict[str, None] = {}
    for found in (told.order_by("-pk")[:_LOOKED_AT], told.order_by("pk")[:_LOOKED_AT]):
        for attributes in found:
            names.update(dict.fromkeys(attributes))
    return list(names)


def read_tallies(rows: QuerySet[Response], segment: str) -> dict[str, Tally]:
    """Tally answers by the values of a segment, in order of value: at most three queries.

    An attribute goes before a segment of our own with its name. Who has no value is under "(blank)"; whose customer has
    two industries counts in both. Raises DomainError(unknown_segment).
    """
    attribute = name_attribute(segment)
    if rows.filter(attributes__has_key=attribute).exists():
        return _gather(rows.order_by().values_list(KeyTextTransform(attribute, "attributes"), "score"), str)
    if segment in FIELDS:
        labels = LABELS.get(segment, {})
        return _gather(_values(rows, FIELDS[segment]), lambda value: str(labels.get(value, value)))
    if segment in PERIODS:
        return {
            BLANK if day is None else name_period(segment, day): n for day, n in read_periods(rows, segment).items()
        }
    if segment in TAGS:
        return _gather_tags(rows, segment)
    if segment in PLACES:
        return _gather_places(rows, segment)
    raise DomainError("unknown_segment", f"No answer has a “{segment}”.", "by")


def add_silent(tallies: dict[str, Tally], campaign: Campaign, segment: str) -> dict[str, Tally]:
    """Add to the tallies of a campaign the values of an attribute under which nobody gave a score; no query."""
    silent = campaign.silent_values.get(name_attribute(segment), [])
    return dict(sorted({**dict.fromkeys(silent, Tally()), **tallies}.items()))


def read_periods(rows: QuerySet[Response], unit: str) -> dict[date | None, Tally]:
    """Tally answers by the first day of each "month" or "quarter", in order; those without a day last; one query."""
    counts: dict[date | None, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    dated = rows.order_by().annotate(period=PERIODS[unit]("answered_on"))
    for starts, score, number in _values(dated, "period").annotate(n=Count("pk")):
        counts[starts][score] += number
    return {day: tally_scores(counts[day]) for day in sorted(counts, key=lambda day: (day is None, day or date.min))}


def name_period(segment: str, starts: date) -> str:
    """A month as 2026-03, a quarter as 2026-Q1."""
    return f"{starts:%Y-%m}" if segment == "month" else f"{starts.year}-Q{(starts.month + 2) // 3}"


def _values(rows: QuerySet[Response], name: str) -> "QuerySet[Response, tuple[Any, ...]]":
    return rows.order_by().values_list(F(name), "score")


def _gather(values: Any, name: Callable[[Any], str]) -> dict[str, Tally]:
    """Count (value, score) in the database and tally them by the names of the values."""
    counts: dict[str, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    for value, score, number in values.annotate(n=Count("pk")):
        counts[BLANK if value in (None, "") else name(value)][score] += number
    return {key: tally_scores(counts[key]) for key in sorted(counts)}


def _gather_tags(rows: QuerySet[Response], segment: str) -> dict[str, Tally]:
    path, facet = TAGS[segment]
    tags = Tag.objects.filter(facet=facet, status=TagStatus.ACCEPTED)
    named = rows.filter(**{f"{path}__in": tags.values("pk")})
    found = _gather(_values(named, f"{path}__name"), str)
    blank = read_tally(rows.exclude(pk__in=named.order_by().values("pk")))
    return {**found, BLANK: blank} if blank.responses else found


def _gather_places(rows: QuerySet[Response], segment: str) -> dict[str, Tally]:
    """By the countries customers are in, or by the parts of the world these lie in; each answer once in each."""
    names = name_places(segment)
    located = rows.filter(contact__customer__customer_tags__tag__in=list(names)).order_by()
    scores: dict[str, dict[int, int]] = defaultdict(dict)
    for pk, tag, score in located.values_list("pk", f"{_CUSTOMER}__customer_tags__tag", "score"):
        if tag in names:
            scores[names[tag]][pk] = score
    found = {name: tally_scores(scores[name].values()) for name in sorted(scores)}
    blank = tally_scores(read_histogram(rows.exclude(pk__in=located.values("pk"))))
    return {**found, BLANK: blank} if blank.responses else found


def name_places(segment: str) -> dict[int, str]:
    """Which country (the nearest place above that has languages), or which part of the world, each region tag is in."""
    tags = Tag.objects.filter(facet=Facet.REGION, status=TagStatus.ACCEPTED).order_by()
    told = tags.annotate(tongues=Count("languages")).values_list("pk", "parent", "name", "tongues")
    places = {pk: (parent, name, tongues) for pk, parent, name, tongues in told}
    found = {}
    for pk in places:
        line = _line_up(pk, {place: parent for place, (parent, _, _) in places.items()})
        if segment == "region":
            found[pk] = places[line[-2] if len(line) > 1 else line[-1]][1]
        elif country := next((places[each][1] for each in line if places[each][2]), ""):
            found[pk] = country
    return found


def _line_up(place: int, parents: dict[int, int | None]) -> list[int]:
    """A place and all above it, the topmost last."""
    line = [place]
    above = parents[place]
    while above in parents and above not in line:
        line.append(above)
        above = parents[above]
    return line
