"""Which answers a page of scores is about: the query string as a state, and the addresses behind its numbers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, QueryDict
from django.urls import reverse
from django.utils.dateparse import parse_date

from references.enums import Facet
from references.models import Tag
from surveys.enums import AnswerChannel
from surveys.filters import ResponseFilter
from surveys.models import Campaign, Invitation, Response
from users.models import User
from web.querying import write_query

NARROWING = ("campaign", "product", "channel", "on_after", "on_before", "segment")
"""What narrows the answers that are counted."""
READING = ("search", "topic", "score_class")
"""What narrows the comments beside them, and no number."""
LAYING_OUT = ("by", "unit")
MOST_CAMPAIGNS = 200


@dataclass(frozen=True, slots=True)
class Scope:
    """What was asked of a page of scores."""

    address: str
    query: Mapping[str, Sequence[str]]

    @classmethod
    def of(cls, request: HttpRequest, address: str) -> "Scope":
        """Read a query string, empty values left out."""
        names = (*NARROWING, *READING, *LAYING_OUT)
        query = {name: [each for each in request.GET.getlist(name) if each.strip()] for name in names}
        return cls(address, {name: values for name, values in query.items() if values})

    @property
    def asked(self) -> dict[str, str]:
        """The first value of everything asked."""
        return {name: values[0] for name, values in self.query.items()}

    @property
    def is_narrowed(self) -> bool:
        return bool(self.query.keys() & set(NARROWING))

    @property
    def narrowing(self) -> dict[str, Sequence[str]]:
        return {name: self.query[name] for name in NARROWING if name in self.query}

    def count(self, rows: QuerySet[Response]) -> QuerySet[Response]:
        """The answers that the numbers are about."""
        return _narrow(rows, self.narrowing)

    def read(self, rows: QuerySet[Response]) -> QuerySet[Response]:
        """The answers whose comments are read beside them."""
        return _narrow(rows, {**self.narrowing, **{name: self.query[name] for name in READING if name in self.query}})

    def url(self, **changes: str) -> str:
        """The address of this page with other values."""
        return self.address + write_query({**self.query, **changes})

    @property
    def without_segment(self) -> str:
        """The address without the segment the answers are narrowed to."""
        return self.url(segment="")

    def answers(self, **more: str) -> str:
        """The address of the answers behind a number."""
        return reverse("web:survey-responses") + write_query({**self.narrowing, **more})

    def invitations(self) -> "QuerySet[Invitation] | None":
        """The invitations the answers came from; None where what was asked cannot be told of an invitation."""
        if {"channel", "segment"} & self.query.keys():
            return None
        rows = Invitation.objects.all()
        for name, path in (("campaign", "campaign"), ("product", "campaign__product")):
            if value := self.asked.get(name, ""):
                rows = rows.filter(**{path: int(value)}) if _is_id(value) else rows.none()
        first, last = _read_day(self.asked.get("on_after", "")), _read_day(self.asked.get("on_before", ""))
        if first:
            rows = rows.filter(sent_at__date__gte=first)
        return rows.filter(sent_at__date__lte=last) if last else rows


def offer_choices(user: User) -> dict[str, Any]:
    """What the form of a page of scores offers; two queries."""
    products = Response.objects.order_by().values("product")
    return {
        "campaigns": Campaign.objects.visible_to(user).order_by("-pk").values_list("pk", "name")[:MOST_CAMPAIGNS],
        "products": Tag.objects.filter(facet=Facet.PRODUCT, pk__in=products).order_by("name"),
        "channels": AnswerChannel.choices,
    }


def _narrow(rows: QuerySet[Response], query: Mapping[str, Sequence[str]]) -> QuerySet[Response]:
    found: QuerySet[Response] = ResponseFilter(QueryDict(write_query(query).removeprefix("?")), queryset=rows).qs
    return found


def _is_id(value: str) -> bool:
    return value.isascii() and value.isdecimal() and len(value) < 16


def _read_day(value: str) -> date | None:
    try:
        return parse_date(value)
    except ValueError:
        return None
