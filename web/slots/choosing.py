"""Somebody who was chosen on a list of people, and is now to be held for a slot."""

from django.http import HttpRequest
from django.utils import timezone

from references.models import Contact
from references.pool.cards import build_cards
from references.pool.index import current_snapshot
from references.pool.readiness import Readiness
from references.pool.result import PromoterCard
from web.access import viewer
from web.querying import read_number


def chosen_id(request: HttpRequest) -> int:
    """The contact that the address or the form names; 0 for none."""
    query = request.POST if request.method == "POST" else request.GET
    return read_number(query, "speaker", default=0, most=2**62)


def chosen_person(request: HttpRequest) -> PromoterCard | None:
    """The card of whoever the address names, as the viewer may know them; None for nobody they see."""
    user, contact_id = viewer(request), chosen_id(request)
    if not contact_id or not Contact.objects.visible_to(user).filter(pk=contact_id).exists():
        return None
    standings = Readiness("speaking", timezone.localdate()).of([contact_id])
    usage = {pk: each.usage for pk, each in standings.items()}
    return build_cards(user, usage, current_snapshot().policy).get(contact_id)
