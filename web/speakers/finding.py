"""Finding speakers: who may do what, where and when, with how rested they are and when they are free next."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from matching.speakers import Speaker, read_speakers
from references import activities
from references.enums import Channel, Facet
from references.filters import SpeakerFilter
from references.models import BasketItem, Contact
from references.permissions import may_edit_slots
from references.pool.index import current_snapshot
from references.vocabulary import Vocabulary
from users.models import User
from web.access import viewer
from web.parts import vary_by_part, wants_part
from web.rights_words import Badge, tell_rights
from web.sourcing import FACETS, source

SORTS = (
    ("-verified_on", gettext_lazy("Checked last")),
    ("-nps_on", gettext_lazy("Answered NPS last")),
    ("-created_at", gettext_lazy("Joined last")),
)
CHANNELS = [choice for choice in Channel.choices if choice[0] != Channel.ANY]


@dataclass(frozen=True, slots=True)
class Card:
    """One speaker in the list."""

    speaker: Speaker
    badges: Sequence[Badge]
    is_in_basket: bool
    noun: str = "contact"

    @property
    def pk(self) -> int:
        return self.speaker.card.contact_id


@require_safe
@login_required
def speakers(request: HttpRequest) -> HttpResponse:
    """List the promoters who consent to an activity, filtered and ordered by the query string."""
    user = viewer(request)
    rows = Contact.objects.visible_to(user).select_related("customer")
    found = source(request, SpeakerFilter, rows, reverse("web:speakers"), {})
    vocabulary = current_snapshot().vocabulary
    is_sound = found.filters.form.is_valid()
    activity = found.filters.wanted_activity if is_sound else ""
    context = {
        "found": found,
        "cards": _cards(user, list(found.listing.page), found.filters, vocabulary) if is_sound else [],
        "activity": activity,
        "activities": activities.CHOICES,
        "channels": CHANNELS,
        "regions": sorted(vocabulary.facet(Facet.REGION), key=lambda tag: tag.name),
        "sorts": SORTS,
        "facets": FACETS,
        "clear_url": reverse("web:speakers"),
        "may_edit_slots": may_edit_slots(user),
    }
    part = "web/speakers/found.html" if wants_part(request, "speakers") else "web/speakers/page.html"
    return vary_by_part(render(request, part, context))


def _cards(user: User, rows: Sequence[Contact], filters: SpeakerFilter, vocabulary: Vocabulary) -> list[Card]:
    activity, on = filters.wanted_activity, filters.use.on
    picked = set(BasketItem.objects.filter(user=user, activity=activity).values_list("contact_id", flat=True))
    return [
        Card(each, tell_rights(each.rights, vocabulary), each.card.contact_id in picked)
        for each in read_speakers(list(rows), activity, on, user)
    ]
