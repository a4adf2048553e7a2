"""Two customers or contacts with everything that can hang on them, and all rows of the database as plain values."""

from datetime import timedelta
from typing import Any

from django.apps import apps
from django.utils import timezone

from advocacy.models import Ask, AskAssignment, PointsAccount
from delivery.links import issue_link
from references.models import BasketItem, Contact, ContactGrant, Merge, PoolNote, PoolRevision, StateChange
from surveys.models import Invitation, SurveyOptOut
from tests.factories import (
    make_blackout,
    make_case_study,
    make_consent,
    make_contact,
    make_disclosure,
    make_engagement,
    make_nomination,
    make_proof_point,
    make_slot,
    make_tag,
    make_testimonial,
)
from tests.surveys.factories import make_campaign
from users.models import User

_LEFT_OUT = (Merge, PoolNote, PoolRevision, StateChange)


def snapshot() -> dict[str, dict[Any, dict[str, Any]]]:
    """Every row of every table of ours, by model and key, but for when it was last changed."""
    ours = {"references", "advocacy", "surveys", "matching", "delivery"}
    return {
        model._meta.label: {
            row["pk"]: {name: value for name, value in row.items() if name != "updated_at"}
            for row in ({"pk": each[model._meta.pk.attname], **each} for each in model._default_manager.values())
        }
        for model in apps.get_models(include_auto_created=True)
        if model._meta.app_label in ours and model not in _LEFT_OUT and model._meta.label != "delivery.OutboxMessage"
    }


def furnish(contact: Contact, user: User, parts: set[str]) -> None:
    """Let things hang on a contact."""
    customer = contact.customer
    today = timezone.localdate()
    makers: dict[str, Any] = {
        "consent": lambda: make_consent(contact, "call"),
        "house": lambda: make_consent(customer, "logo"),
        "touch": lambda: make_engagement(contact, on=today - timedelta(days=40)),
        "blackout": lambda: make_blackout(contact, today, today + timedelta(days=3)),
        "story": lambda: make_case_study(customer, contact=contact),
        "quote": lambda: make_testimonial(contact),
        "number": lambda: make_proof_point(customer),
        "slot": lambda: make_slot(speaker=contact, status="delivered"),
        "moment": lambda: make_nomination(contact),
        "look": lambda: make_disclosure(contact, user=user),
        "basket": lambda: BasketItem.objects.create(contact=contact, user=user),
        "grant": lambda: ContactGrant.objects.create(contact=contact, user=user, source="match:1"),
        "points": lambda: PointsAccount.objects.create(contact=contact, balance=30, lifetime=50),
        "stop": lambda: SurveyOptOut.objects.create(contact=contact),
        "link": lambda: issue_link(purpose="hub", subject=f"contact:{contact.pk}", lifetime=timedelta(days=9)),
    }
    for part in sorted(parts):
        makers[part]()


PARTS = frozenset(
    {"consent", "house", "touch", "blackout", "story", "quote", "number", "slot", "moment", "look", "basket", "grant",
     "points", "stop", "link"}
)  # fmt: skip


def make_twins(**gone: Any) -> tuple[Contact, Contact]:
    """Two contacts of one customer: the one that stays, and one that goes."""
    kept = make_contact(None, "Ana Lopez", email="ana@acme.example", tags=[make_tag("role")])
    fields = {"email": "ana.lopez@acme.example", "external_id": "C-9", "max_per_quarter": 1, **gone}
    return kept, make_contact(kept.customer, "Ana López", tags=list(kept.tags.all()), **fields)


def campaign_of_both(one: Contact, other: Contact) -> None:
    """Invite both to one campaign."""
    campaign = make_campaign()
    for each in (one, other):
        Invitation.objects.create(campaign=campaign, contact=each)


def assign_both(one: Contact, other: Contact) -> None:
    """Ask both for one thing."""
    ask = Ask.objects.create(name="Write a review", activity="review", rung=3, text="Please")
    for each in (one, other):
        AskAssignment.objects.create(
            contact=each, ask=ask, answer_by=timezone.localdate(), creation_key=f"test:{each.pk}"
        )
