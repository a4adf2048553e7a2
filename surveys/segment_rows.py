"""Finds the answers behind a tally: those with one value of a segment, an attribute of the file or one of our own."""

from calendar import monthrange
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet, TextField, Value
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Coalesce

from references.enums import TagStatus
from references.models import Tag
from surveys.columns import BLANK, name_attribute
from surveys.segments import FIELDS, LABELS, PERIODS, PLACES, TAGS, name_places

_PLACED = "contact__customer__customer_tags__tag"


def keep_segment(rows: QuerySet[Any], segment: str, value: str) -> QuerySet[Any]:
    """Narrow answers to one value of a segment, as `read_tallies` names it: "(blank)", or "", is none.

    An attribute goes before a segment of our own with its name, as there.
    """
    attribute, is_blank = name_attribute(segment), value in {"", BLANK}
    is_ours = segment in FIELDS or segment in TAGS or segment in PLACES or segment in PERIODS
    if not is_ours or rows.filter(attributes__has_key=attribute).exists():
        told = Coalesce(KeyTextTransform(attribute, "attributes"), Value(""), output_field=TextField())
        rows = rows.annotate(told=told)
        return rows.filter(told__in=["", BLANK]) if is_blank else rows.filter(told=value)
    if segment in PERIODS:
        return rows.filter(_in_period(segment, value))
    if segment in FIELDS:
        return rows.filter(_in_field(segment, value, is_blank=is_blank))
    path, tags = _tags_of(segment, value, is_blank=is_blank)
    found = rows.filter(**{f"{path}__in": tags}).order_by().values("pk")
    return rows.exclude(pk__in=found) if is_blank else rows.filter(pk__in=found)


def _in_field(segment: str, value: str, *, is_blank: bool) -> Q:
    path = FIELDS[segment]
    if is_blank:
        empty = Q(**{f"{path}__isnull": True})
        return empty | Q(**{path: ""})
    codes = [code for code, label in LABELS.get(segment, {}).items() if str(label) == value]
    return Q(**{f"{path}__in": codes or [value]})


def _in_period(unit: str, value: str) -> Q:
    """The days of "2026-03" or "2026-Q1"; none for what is neither, and the undated for "(blank)"."""
    if value in {"", BLANK}:
        return Q(answered_on__isnull=True)
    year, _between, part = value.partition("-")
    number = part.removeprefix("Q")
    if not (year.isdecimal() and number.isdecimal() and 1 <= int(year) <= 9_999):
        return Q(pk__in=[])
    last = int(number) * (3 if unit == "quarter" else 1)
    if not 1 <= last <= 12:
        return Q(pk__in=[])
    first = last - 2 if unit == "quarter" else last
    return Q(answered_on__range=(date(int(year), first, 1), date(int(year), last, monthrange(int(year), last)[1])))


def _tags_of(segment: str, value: str, *, is_blank: bool) -> tuple[str, list[int]]:
    """By which path answers carry the segment's tags, and the tags of a value; all of them for none."""
    if segment in TAGS:
        path, facet = TAGS[segment]
        tags = Tag.objects.filter(facet=facet, status=TagStatus.ACCEPTED)
        return path, list((tags if is_blank else tags.filter(name=value)).values_list("pk", flat=True))
    names = name_places(segment)
    return _PLACED, [pk for pk, name in names.items() if is_blank or name == value]
