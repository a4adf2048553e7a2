"""What subscribers hear of the pool: the events, and how what they are about is told, without a person in it."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from delivery.webhooks import Body, EventType, register_event
from references.models import CaseStudy, Consent, Lead, SpeakingSlot, Tag, Testimonial
from references.models.base import PoolModel

CONTENT_APPROVED = "content.approved"
CONTENT_PUBLISHED = "content.published"
CONTENT_EXPIRED = "content.expired"
CONTENT_RECALLED = "content.recalled"
CONSENT_GIVEN = "consent.given"
CONSENT_REVOKED = "consent.revoked"
SLOT_OPENED = "slot.opened"
SLOT_HELD = "slot.held"
SLOT_CONFIRMED = "slot.confirmed"
SLOT_DELIVERED = "slot.delivered"
SLOT_CANCELLED = "slot.cancelled"
SLOT_UNFILLED = "slot.unfilled"
LEAD_CREATED = "lead.created"

_CONTENT = {
    "noun": "testimonial",
    "id": 17,
    "kind": "quote",
    "status": "published",
    "language": "en",
    "tags": ["banking"],
}
_CONSENT = {"id": 5, "activity": "quote", "channel": "web", "region": None, "attributed": True, "until": "2027-03-31"}
_SLOT = {
    "id": 3,
    "activity": "speaking",
    "status": "held",
    "event": "Finance Forum",
    "starts_at": "2027-05-06T09:00:00Z",
}
_LEAD = {
    "id": 9,
    "name": "Jo Vrabec",
    "email": "jo@visitor.example",
    "company": "Visitor Ltd",
    "message": "",
    "noun": "",
    "piece_id": 0,
    "agreed_to": "You may write to me about my message.",
}


def build_lead(body: Body) -> Body | None:
    """What a visitor wrote, read when it is sent; None once the lead was deleted."""
    row = Lead.objects.filter(pk=body["id"]).first()
    return None if row is None else {name: getattr(row, name) for name in _LEAD}


EVENTS = (
    EventType(CONTENT_APPROVED, _("A customer approved a draft"), _CONTENT),
    EventType(CONTENT_PUBLISHED, _("A piece of content may be used and was published"), _CONTENT),
    EventType(CONTENT_EXPIRED, _("A piece of content came to its end"), _CONTENT),
    EventType(CONTENT_RECALLED, _("A piece of content must not be used any more"), _CONTENT),
    EventType(CONSENT_GIVEN, _("A consent was given"), _CONSENT),
    EventType(CONSENT_REVOKED, _("A consent was revoked"), _CONSENT),
    EventType(SLOT_OPENED, _("A speaking slot was opened, or is open again"), _SLOT),
    EventType(SLOT_HELD, _("Somebody is being asked for a speaking slot"), _SLOT),
    EventType(SLOT_CONFIRMED, _("A speaker said yes"), _SLOT),
    EventType(SLOT_DELIVERED, _("A speaking slot took place"), _SLOT),
    EventType(SLOT_CANCELLED, _("A speaking slot was cancelled"), _SLOT),
    EventType(SLOT_UNFILLED, _("No speaker was found for a slot"), _SLOT),
    EventType(LEAD_CREATED, _("A visitor of the public wall wants to hear from us"), _LEAD, build=build_lead),
)  # fmt: skip


def register_events() -> None:
    """Let webhooks be subscribed to by these events."""
    for event in EVENTS:
        register_event(event)


def describe_content(row: CaseStudy | Testimonial) -> dict[str, Any]:
    """A piece of content by what it is about, not by its words; one query for its tags."""
    noun = "case_study" if isinstance(row, CaseStudy) else "testimonial"
    return {
        "noun": noun,
        "id": row.pk,
        "kind": noun if isinstance(row, CaseStudy) else row.kind,
        "status": row.status,
        "language": row.language,
        "tags": sorted({*_slugs(row.tags), *_slugs(row.customer.tags)}),
    }


def _slugs(tags: "models.Manager[Tag]") -> list[str]:
    return list(tags.values_list("slug", flat=True))


def describe_consent(row: Consent) -> dict[str, Any]:
    """A consent by its scope; whose it is stays here."""
    return {
        "id": row.pk,
        "activity": row.activity,
        "channel": row.channel,
        "region": None if row.region is None else row.region.slug,
        "attributed": row.is_attributed,
        "until": None if row.valid_until is None else row.valid_until.isoformat(),
        "case_study": row.case_study_id,
        "testimonial": row.testimonial_id,
    }


def describe_slot(row: SpeakingSlot) -> dict[str, Any]:
    """A speaking slot, without its speaker."""
    return {
        "id": row.pk,
        "activity": row.activity,
        "status": row.status,
        "event": row.event,
        "starts_at": row.starts_at.isoformat(),
        "language": row.language,
        "tags": sorted(_slugs(row.tags)),
    }


def subject_of(row: PoolModel) -> str:
    """How an event names what it is about: "testimonial:17"."""
    return f"{row._meta.model_name}:{row.pk}"
