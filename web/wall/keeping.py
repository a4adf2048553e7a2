"""What the keepers' pages share: who may open them, and counts by place with the addresses of their rows."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import Sum
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.translation import ngettext

from references.enums import PublicEvent
from references.models import PublicCount
from references.permissions import may_keep_wall
from references.wall_filters import WALL
from web.access import View, viewer
from web.querying import write_query

P = ParamSpec("P")


def keepers_only(view: Callable[Concatenate[HttpRequest, P], HttpResponseBase]) -> View[P]:
    """Let marketers and managers through; others get 403, the anonymous are sent to the login page."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if not may_keep_wall(viewer(request)):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return cast("View[P]", login_required(guarded))


@dataclass(frozen=True, slots=True)
class Number:
    """A count, what it counts, and where its rows are."""

    event: str
    label: str
    count: int
    url: str


def numbers_by_place(places: Iterable[str]) -> Mapping[str, list[Number]]:
    """Views, clicks and leads of each place, ever; one query."""
    wanted = list(places)
    rows = PublicCount.objects.filter(place__in=wanted).order_by().values_list("place", "event")
    found = {(place, event): total for place, event, total in rows.annotate(total=Sum("count"))}
    return {
        place: [make_number(place, event, found.get((place, event), 0)) for event in PublicEvent] for place in wanted
    }


def make_number(place: str, event: PublicEvent, count: int, *, noun: str = "", piece_id: int = 0) -> Number:
    """A count with the address of its rows: leads for leads, days for the others."""
    filters = {"place": place or WALL, "noun": noun, "piece_id": str(piece_id) if noun else ""}
    if event == PublicEvent.LEAD:
        address = reverse("web:leads") + write_query(filters)
    else:
        address = reverse("web:wall-numbers") + write_query({**filters, "event": event.value})
    return Number(event.value, _label(event, count), count, address)


def _label(event: PublicEvent, count: int) -> str:
    if event == PublicEvent.VIEW:
        return ngettext("view", "views", count)
    return ngettext("click", "clicks", count) if event == PublicEvent.CLICK else ngettext("lead", "leads", count)
