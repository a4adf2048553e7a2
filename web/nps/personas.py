"""Scores by persona: role and seniority, with what people said who let themselves be quoted."""

from dataclasses import dataclass
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from references.models import Tag
from surveys.models import Response
from surveys.personas import Persona, read_personas
from surveys.scores import INDICATIVE
from web.access import viewer
from web.nps.charts import place_of
from web.nps.scope import Scope, offer_choices
from web.nps.words import BAND_WORDS
from web.paging import make_pages
from web.querying import read_number, write_query

PAGE_SIZE = 20


@dataclass(frozen=True, slots=True)
class Line:
    """One persona, where its interval lies on a line from −100 to 100, and the address of its people."""

    persona: Persona
    band: str
    is_indicative: bool
    at: str
    low: str
    high: str
    people: str


@require_safe
@login_required
def personas(request: HttpRequest) -> HttpResponse:
    """List personas, the most answers first."""
    address = reverse("web:nps-personas")
    scope = Scope.of(request, address)
    found = read_personas(scope.count(Response.objects.all()), timezone.localdate())
    shown = [each for each in found if not each.is_hidden]
    page = Paginator(shown, PAGE_SIZE).get_page(read_number(request.GET, "page", default=1, most=1_000))
    slugs = dict(Tag.objects.filter(pk__in=[each.role_id for each in page if each.role_id]).values_list("pk", "slug"))

    def url_of(number: int) -> str:
        return address + write_query({**scope.query, "page": "" if number == 1 else str(number)})

    context: dict[str, Any] = {
        "scope": scope,
        **offer_choices(viewer(request)),
        "lines": [_lay_out(each, slugs) for each in page],
        "pages": make_pages(page.number, page.paginator.count, PAGE_SIZE, url_of),
        "hidden_count": len(found) - len(shown),
        "hidden_answers": sum(each.tally.responses for each in found if each.is_hidden),
    }
    return render(request, "web/nps/personas.html", context)


def _lay_out(persona: Persona, slugs: dict[int, str]) -> Line:
    interval = persona.interval
    slug = slugs.get(persona.role_id or 0, "")
    return Line(
        persona=persona,
        band=str(BAND_WORDS.get(persona.tally.band or "", "")),
        is_indicative=persona.tally.sample == INDICATIVE,
        at=place_of(persona.tally.nps or 0.0),
        low=place_of(interval.low) if interval else "",
        high=place_of(interval.high) if interval else "",
        people=reverse("web:pool") + write_query({"f": f"role:{slug}"}) if slug else "",
    )
