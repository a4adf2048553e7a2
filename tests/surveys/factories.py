"""Campaigns, invitations and links of surveys for tests."""

from datetime import timedelta
from itertools import count
from typing import Any

from django.utils import timezone

from delivery.links import link_path
from references.enums import ContactStatus, Loyalty
from references.models import Contact
from surveys.enums import CampaignStatus
from surveys.models import Campaign, Invitation
from surveys.purposes import SURVEY, SURVEY_STOP
from surveys.services.inviting import invite_campaign
from surveys.services.survey_links import find_link
from tests.factories import make_contact

_numbers = count(1)


def make_campaign(name: str = "", **fields: Any) -> Campaign:
    """Make a running campaign that asks everybody, its last day two weeks ahead."""
    number = next(_numbers)
    given = {
        "name": name or f"Campaign {number}",
        "status": CampaignStatus.RUNNING,
        "audience": "everybody=true",
        "closes_on": timezone.localdate() + timedelta(days=14),
        "creation_key": f"test:{number}",
        **fields,
    }
    return Campaign.objects.create(**given)


def make_known(name: str = "Nora Lindqvist", **fields: Any) -> Contact:
    """Make somebody at a customer with an address, who is no promoter yet."""
    email = f"{name.lower().replace(' ', '.')}@fjordbank.example"
    given = {
        "email": email, "status": ContactStatus.KNOWN, "loyalty": Loyalty.UNKNOWN, "activities": [], "language": "en",
    }  # fmt: skip
    return make_contact(name=name, **(given | fields))


def invite(campaign: Campaign, contact: Contact) -> Invitation:
    """Invite everybody a campaign asks, and give the invitation of one."""
    invite_campaign(campaign_id=campaign.pk)
    return Invitation.objects.get(campaign=campaign, contact=contact)


def survey_of(invitation: Invitation, purpose: str = SURVEY) -> str:
    """The path of the link to answer an invitation, or to end surveys by."""
    link = find_link(invitation, purpose)
    assert link is not None
    return link_path(link) + ("unsubscribe/" if purpose == SURVEY_STOP else "")
