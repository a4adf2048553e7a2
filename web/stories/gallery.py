"""The gallery of stories: quotes, case studies and numbers that may be used, with their rights as badges."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe
from django_filters import FilterSet

from references.enums import Channel, ContentNoun, Facet, TestimonialKind
from references.filters import CaseStudyFilter, ProofPointFilter, TestimonialFilter
from references.models import BasketItem, CaseStudy, ProofPoint, Testimonial
from references.pieces import Piece, load_shown, show_to
from references.pool.index import current_snapshot
from references.vocabulary import Vocabulary
from users.models import User
from web.access import viewer
from web.parts import vary_by_part, wants_part
from web.querying import write_query
from web.rights_words import Badge, tell_rights
from web.sourcing import FACETS, Sourced, count_found, source

FILTERS: dict[str, type[FilterSet]] = {
    ContentNoun.TESTIMONIAL: TestimonialFilter,
    ContentNoun.CASE_STUDY: CaseStudyFilter,
    ContentNoun.PROOF_POINT: ProofPointFilter,
}
TABS = (
    (ContentNoun.TESTIMONIAL, gettext_lazy("Quotes and videos")),
    (ContentNoun.CASE_STUDY, gettext_lazy("Case studies")),
    (ContentNoun.PROOF_POINT, gettext_lazy("Numbers")),
)
CONTENT_SORTS = (
    ("-published_on", gettext_lazy("Newest first")),
    ("published_on", gettext_lazy("Oldest first")),
    ("-created_at", gettext_lazy("Added last")),
)
SORTS = {
    ContentNoun.TESTIMONIAL: CONTENT_SORTS,
    ContentNoun.CASE_STUDY: CONTENT_SORTS,
    ContentNoun.PROOF_POINT: (
        ("-measured_on", gettext_lazy("Measured last")),
        ("-amount", gettext_lazy("Largest amount")),
        ("-created_at", gettext_lazy("Added last")),
    ),
}
CHANNELS = [choice for choice in Channel.choices if choice[0] != Channel.ANY]


@dataclass(frozen=True, slots=True)
class Card:
    """One piece in the gallery: `quote` is what the copy button takes."""

    piece: Piece
    badges: Sequence[Badge]
    quote: str
    is_in_basket: bool

    @property
    def noun(self) -> str:
        return self.piece.noun

    @property
    def pk(self) -> int:
        return self.piece.id


@require_safe
@login_required
def gallery(request: HttpRequest) -> HttpResponse:
    """Show what may be used, filtered and ordered by the query string, one noun at a time."""
    user, noun = viewer(request), request.GET.get("noun", "")
    noun = noun if noun in FILTERS else str(ContentNoun.TESTIMONIAL)
    kept = {"noun": "" if noun == ContentNoun.TESTIMONIAL else noun}
    found = source(request, FILTERS[noun], _rows(noun), reverse("web:stories"), kept)
    vocabulary = current_snapshot().vocabulary
    context = {
        "found": found,
        "noun": noun,
        "cards": show_cards(user, noun, list(found.listing.page), vocabulary),
        "tabs": _tabs(request, found, noun),
        "kinds": TestimonialKind.choices if noun == ContentNoun.TESTIMONIAL else (),
        "channels": CHANNELS,
        "regions": sorted(vocabulary.facet(Facet.REGION), key=lambda tag: tag.name),
        "sorts": SORTS[ContentNoun(noun)],
        "facets": FACETS,
        "clear_url": reverse("web:stories") + write_query(kept),
    }
    part = "web/stories/found.html" if wants_part(request, "gallery") else "web/stories/page.html"
    return vary_by_part(render(request, part, context))


def show_cards(user: User, noun: str, rows: Sequence[Any], vocabulary: Vocabulary) -> list[Card]:
    """The cards of usable rows of one noun, as `user` may see them; two queries."""
    policy = current_snapshot().policy
    picked = set(BasketItem.objects.filter(user=user).values_list(f"{noun}_id", flat=True))
    pieces = [show_to(user, policy, row) for row in rows]
    return [
        Card(piece, tell_rights(piece.rights, vocabulary, piece.until), quotation(piece), piece.id in picked)
        for piece in pieces
    ]


def quotation(piece: Piece) -> str:
    """A piece as it is pasted elsewhere: its words and whose they are."""
    whose = ", ".join(part for part in (piece.said_by, piece.customer_name or piece.whose) if part)
    if piece.noun == ContentNoun.TESTIMONIAL:
        return _("“%(text)s”") % {"text": piece.text} + (f" — {whose}" if whose else "")
    words = f"{piece.title}: {piece.text}" if piece.text else piece.title
    return f"{words} ({whose})" if whose else words


def _rows(noun: str) -> QuerySet[Any]:
    if noun == ContentNoun.CASE_STUDY:
        return load_shown(CaseStudy.objects.all())
    if noun == ContentNoun.PROOF_POINT:
        return load_shown(ProofPoint.objects.all())
    return load_shown(Testimonial.objects.all())


def _tabs(request: HttpRequest, found: Sourced, noun: str) -> list[tuple[Any, str, int, bool]]:
    """Label, address, count, and whether it is open, of every noun under the same filters."""
    query = {name: values for name, values in found.listing.query.items() if name != "noun"}
    tabs = []
    for other, label in TABS:
        count = found.listing.total if other == noun else count_found(request, FILTERS[other], _rows(other), query)
        known = {name: values for name, values in query.items() if name in FILTERS[other].base_filters}
        known.pop("ordering", None)
        named = "" if other == ContentNoun.TESTIMONIAL else str(other)
        tabs.append((label, reverse("web:stories") + write_query({"noun": named, **known}), count, other == noun))
    return tabs
