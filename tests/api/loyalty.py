"""One row of every noun of surveys and advocacy, as the walks over the router want them."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from references.models import Contact
from surveys.models import Benchmark
from tests.surveys.rows import make_campaign, make_invitation, make_responses
from users.models import User


def make_surveyed(contact: Contact, owner: User | None, number: int = 1) -> dict[str, Any]:
    """A survey with its invitation and answer, and a benchmark; gives the id behind each detail endpoint."""
    campaign = make_campaign(f"Survey {number}", owner=owner)
    invitation = make_invitation(contact, campaign, sent_at=timezone.now())
    (answer,) = make_responses(campaign, [9], contact=contact, comment="Most helpful.", attributes={"plan": "Pro"})
    today = timezone.localdate()
    mark = Benchmark.objects.create(
        name=f"Mark {number}", kind="market", nps="31.50", on=today - timedelta(days=number % 300)
    )
    return {
        "survey-campaign-detail": campaign.pk,
        "survey-invitation-detail": invitation.pk,
        "survey-response-detail": answer.pk,
        "benchmark-detail": mark.pk,
    }
