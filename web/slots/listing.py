"""The list of slots: by where they stand, filtered by facet, day, kind and language, sorted by day or deadline."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import django_filters
from django.contrib.auth.decorators import login_required
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from matching.slot_people import name_speakers
from references import activities
from references.enums import Facet
from references.filters import SpeakingSlotFilter
from references.models import SpeakingSlot
from references.permissions import may_edit_slots
from references.pool.index import current_snapshot
from web.access import viewer
from web.listing import Listing, list_rows
from web.querying import write_query
from web.slots.choosing import chosen_person
from web.slots.words import COLORS, KINDS, TABS

SORTS = (
    ("starts_at", gettext_lazy("Soonest first")),
    ("-starts_at", gettext_lazy("Latest first")),
    ("deadline", gettext_lazy("By deadline")),
)
FACETS = (Facet.INDUSTRY, Facet.PRODUCT, Facet.SOLUTION, Facet.REGION, Facet.ROLE, Facet.LANGUAGE)


class SlotListFilter(SpeakingSlotFilter):
    """The filters of slots, and the tab they stand in."""

    tab = django_filters.ChoiceFilter(choices=[(code, label) for code, label, _all in TABS], method="keep_tab")

    def keep_tab(self, queryset: QuerySet[SpeakingSlot], name: str, value: str) -> QuerySet[SpeakingSlot]:
        return queryset.filter(status__in=_STATUSES[value])


_STATUSES: Mapping[str, tuple[str, ...]] = {code: statuses for code, _label, statuses in TABS}


@dataclass(frozen=True, slots=True)
class SlotRow:
    """A slot in the list, with its speaker as the viewer may know them."""

    slot: SpeakingSlot
    speaker: str
    color: str


@require_safe
@login_required
def slots(request: HttpRequest) -> HttpResponse:
    """List slots; with `speaker`, somebody who was chosen on a list of people is held for one of them."""
    user = viewer(request)
    rows = SpeakingSlot.objects.visible_to(user).select_related("region").prefetch_related("tags")
    listing = list_rows(request, SlotListFilter, rows, reverse("web:slots"), tab="open", ordering="starts_at")
    person = chosen_person(request)
    kept = write_query({"speaker": str(person.contact_id)}) if person is not None else ""
    context = {
        "listing": listing,
        "rows": read_rows(user, listing.page.object_list),
        "tabs": _tabs(listing, SpeakingSlot.objects.visible_to(user)),
        "person": person,
        "kept": kept,
        "kinds": [choice for choice in activities.CHOICES if choice[0] in KINDS],
        "facets": _facet_choices(),
        "sorts": SORTS,
        "may_edit": may_edit_slots(user),
        "is_refined": bool(listing.query.keys() & {*FACETS, "starts_from", "starts_until"}),
        "is_narrowed": bool(listing.query.keys() - {"tab", "ordering"}),
    }
    return render(request, "web/slots/list.html", context)


def read_rows(user: object, slots: Iterable[SpeakingSlot]) -> list[SlotRow]:
    """Slots with the names of their speakers; a constant number of queries."""
    found = list(slots)
    names = name_speakers(user, found)  # type: ignore[arg-type]
    return [SlotRow(slot, names.get(slot.pk, ""), COLORS.get(slot.status, "quiet")) for slot in found]  # type: ignore[call-overload]


def _tabs(listing: Listing, rows: QuerySet[SpeakingSlot]) -> list[tuple[str, int, str, bool]]:
    counts = dict(rows.order_by().values_list("status").annotate(n=Count("pk")))
    return [
        (str(label), sum(counts.get(each, 0) for each in statuses), listing.url(tab=code), listing.value("tab") == code)
        for code, label, statuses in TABS
    ]


def _facet_choices() -> list[tuple[str, str, list[tuple[str, str]]]]:
    vocabulary = current_snapshot().vocabulary
    groups = []
    for facet in FACETS:
        tags = sorted(vocabulary.facet(facet), key=lambda tag: tag.name)
        groups.append((facet.value, str(facet.label), [(tag.slug, tag.name) for tag in tags]))
    return groups
