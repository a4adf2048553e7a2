"""What waits for somebody on their own page: asks, consents, drafts, seats, a survey; the most urgent first."""

from typing import Any

from django.utils import timezone

from delivery.links import link_path
from matching.own_view import read_asks
from references.enums import ContentStatus, ReviewStatus
from references.models import ContentReview
from surveys.enums import CampaignStatus, InvitationStatus
from surveys.models import Invitation
from surveys.services.survey_links import find_link
from web.portal import adopters, asks, consents
from web.portal.visit import Visit


def context_of(visit: Visit) -> dict[str, Any]:
    """Everything that waits, by what it is: first what is to be answered, then what they said yes to; six queries."""
    matches, cards = read_asks(visit.person), asks.cards_of(visit)
    seats = adopters.seats_of(visit)
    found: dict[str, Any] = {
        "open_matches": [match for match in matches if match.status == "invited"],
        "open_cards": [card for card in cards if card.may_answer],
        "consent_asks": consents.waiting_for(visit),
        "drafts": _drafts_of(visit),
        "open_seats": [seat for seat in seats if seat.status == "invited"],
        "survey": _survey_of(visit),
    }
    return {
        **found,
        "is_waiting": any(found.values()),
        "said_yes": [match for match in matches if match.status != "invited"],
        "to_do": [card for card in cards if card.is_to_do],
        "seats": [seat for seat in seats if seat.status != "invited"],
        "today": timezone.localdate(),
    }


def _drafts_of(visit: Visit) -> list[ContentReview]:
    """Drafts that wait for their look; those that were taken back meanwhile are left out."""
    rows = ContentReview.objects.filter(contact=visit.person, status=ReviewStatus.WAITING)
    found = rows.select_related("case_study", "testimonial", "asked_by")
    return [row for row in found if row.piece.status == ContentStatus.WITH_CUSTOMER]


def _survey_of(visit: Visit) -> dict[str, Any] | None:
    """The newest survey that waits for their answer, with its link: the one of the mail, none is made here."""
    rows = Invitation.objects.filter(
        contact=visit.person,
        status=InvitationStatus.SENT,
        response=None,
        campaign__status=CampaignStatus.RUNNING,
    )
    row = rows.exclude(contact__survey_opt_out__isnull=False).order_by("-pk").first()
    link = None if row is None else find_link(row)
    is_open = link is not None and link.expires_at > timezone.now()
    return {"url": link_path(link)} if link is not None and is_open else None
