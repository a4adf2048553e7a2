"""Plain factories of surveys."""

from collections.abc import Iterable
from datetime import date
from itertools import count
from typing import Any

from references.models import Contact
from surveys.enums import CampaignStatus, InvitationStatus
from surveys.models import Campaign, Invitation, Response

_numbers = count(1)


def make_campaign(name: str | None = None, **fields: Any) -> Campaign:
    """Make a running campaign."""
    number = next(_numbers)
    given = {"status": CampaignStatus.RUNNING, "creation_key": f"test:{number}", **fields}
    return Campaign.objects.create(name=name or f"Campaign {number}", **given)


def make_responses(campaign: Campaign, scores: Iterable[int], **fields: Any) -> list[Response]:
    """Make an answer of each score, all with the same other fields."""
    given = {"channel": "email", "answered_on": date(2026, 3, 2), **fields}
    return Response.objects.bulk_create(
        Response(campaign=campaign, score=score, source=f"test:{next(_numbers)}", **given) for score in scores
    )


def make_invitation(contact: Contact, campaign: Campaign | None = None, **fields: Any) -> Invitation:
    """Make an invitation that was sent."""
    given = {"status": InvitationStatus.SENT, **fields}
    return Invitation.objects.create(campaign=campaign or make_campaign(), contact=contact, **given)
