"""One row of every noun of surveys and advocacy, as the walks over the router want them."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from advocacy.models import (
    AdopterProgram,
    AdopterSeat,
    Ask,
    AskAssignment,
    AskCampaign,
    Badge,
    Handover,
    Level,
    PointsAccount,
    PointsEntry,
    Redemption,
    Referral,
    ReviewSite,
    Reward,
)
from references.models import Contact
from surveys.models import Benchmark
from tests.advocacy.recovery_plays import make_play
from tests.factories import make_engagement, make_nomination
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


def make_advocated(contact: Contact, owner: User | None, number: int = 1) -> dict[str, Any]:
    """One row of every noun of advocacy about a person; gives the id behind each detail endpoint."""
    today, key = timezone.localdate(), f"api-world:{contact.pk}"
    site = ReviewSite.objects.create(name=f"Site {number}", url="https://reviews.example/")
    ask = Ask.objects.create(name=f"Ask {number}", activity="quote", rung=2, text="A quote?", points=100)
    drive = AskCampaign.objects.create(name=f"Quotes {number}", ask=ask, owner=owner, creation_key=key)
    assignment = AskAssignment.objects.create(
        contact=contact, ask=ask, asked_by=owner, answer_by=today, points=100, creation_key=key, evidence="Said so."
    )
    make_engagement(contact, activity="quote", status="asked", source=assignment.source)
    account = PointsAccount.objects.create(contact=contact, balance=50, lifetime=150, is_on_leaderboard=True)
    entry = PointsEntry.objects.create(account=account, amount=150, kind="earned", activity="quote", source=key)
    level = Level.objects.create(name=f"Level {number}", from_points=100 + number)
    badge = Badge.objects.create(name=f"Badge {number}", rule="acts", count=3)
    reward = Reward.objects.create(name=f"Reward {number}", kind="swag", cost=100, from_level=level)
    redemption = Redemption.objects.create(account=account, reward=reward, cost=100, creation_key=key)
    PointsEntry.objects.create(account=account, amount=-100, kind="spent", source=redemption.source)
    referral = Referral.objects.create(
        referrer=contact, lead_name="Lea Lead", lead_email="lead@customer.test", lead_phone="+1 555 0100",
        company=f"Lead {number}", folded_company=f"lead {number}", owner=owner, creation_key=key,
    )  # fmt: skip
    play = make_play(contact, owner=None)
    program = AdopterProgram.objects.create(
        name=f"Program {number}", seats=5, agreement="Be kind.", starts_on=today, ends_on=today, creation_key=key
    )
    seat = AdopterSeat.objects.create(program=program, contact=contact)
    moment = Handover.objects.create(nomination=make_nomination(contact, by=owner), handed_by=owner)
    return {
        "review-site-detail": site.pk,
        "ask-detail": ask.pk,
        "ask-campaign-detail": drive.pk,
        "ask-assignment-detail": assignment.pk,
        "points-account-detail": account.pk,
        "points-entry-detail": entry.pk,
        "level-detail": level.pk,
        "badge-detail": badge.pk,
        "reward-detail": reward.pk,
        "redemption-detail": redemption.pk,
        "referral-detail": referral.pk,
        "recovery-play-detail": play.pk,
        "adopter-program-detail": program.pk,
        "adopter-seat-detail": seat.pk,
        "moment-detail": moment.pk,
    }
