"""Gives everything that is held about one person, as plain values for a JSON file; higher floors add what they hold."""

from collections.abc import Callable, Mapping
from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone

from references.models import (
    Blackout,
    CaseStudy,
    Consent,
    Contact,
    ContactGrant,
    ContactTag,
    Disclosure,
    Engagement,
    EngagementChange,
    Nomination,
    SpeakingSlot,
    StateChange,
    Testimonial,
)
from references.services.saving import name_subject

Exporter = Callable[[Contact], Any]
_exporters: dict[str, Exporter] = {}

PERSON = (
    "name", "title", "seniority", "email", "phone", "external_id", "time_zone", "language", "status", "paused_until",
    "has_opted_out", "sensitivity", "activities", "max_per_quarter", "loyalty", "nps_score", "nps_on", "nps_comment",
    "origin", "verified_on", "notes", "created_at", "updated_at",
)  # fmt: skip
CONTENT = ("language", "url", "published_on", "status")


def register_exporter(name: str, export: Exporter) -> None:
    """Let `export(contact)` add under `name` what a higher floor holds about somebody."""
    _exporters[name] = export


def export_contact(contact: Contact) -> dict[str, Any]:
    """Everything held about a contact, by kind: also what was noted about them, and who saw their contact data."""
    return {
        "program": settings.PROGRAM_NAME,
        "exported_at": timezone.now(),
        "person": _person(contact),
        **_given(contact),
        **_noted(contact),
        **{name: export(contact) for name, export in _exporters.items()},
    }


def _person(contact: Contact) -> dict[str, Any]:
    facts = {name: getattr(contact, name) for name in PERSON}
    owner = contact.customer.account_owner
    return {**facts, "company": contact.customer.name, "account_owner": "" if owner is None else str(owner)}


def _given(contact: Contact) -> dict[str, Any]:
    """What the person allowed, wished, said and suggested."""
    own = {"contact": contact}
    return {
        "consents": list_rows(
            Consent.objects.filter(**own), "activity", "channel", "is_attributed", "valid_from", "valid_until",
            "evidence", "revoked_at", "recorded_at", region="region__name",
        ),
        "days_off": list_rows(Blackout.objects.filter(**own), "starts_on", "ends_on", "reason"),
        "case_studies": list_rows(CaseStudy.objects.filter(**own), "title", *CONTENT),
        "testimonials": list_rows(
            Testimonial.objects.filter(**own), "kind", "text", "said_by", "said_by_title", *CONTENT
        ),
        "speaking": list_rows(SpeakingSlot.objects.filter(speaker=contact), "event", "topic", "starts_at", "status"),
        "suggested": list_rows(
            Nomination.objects.filter(suggested_by=contact), "person_name", "person_title", "person_email", "moment",
            "created_at",
        ),
    }  # fmt: skip


def _noted(contact: Contact) -> dict[str, Any]:
    """What others noted of the person, and who saw what."""
    own = {"contact": contact}
    changes = StateChange.objects.filter(subject=name_subject(contact)).order_by("id")
    return {
        "tags": list_rows(ContactTag.objects.filter(**own), "verified_on", facet="tag__facet", tag="tag__name"),
        "engagements": list_rows(
            Engagement.objects.filter(**own).order_by("on", "id"), "activity", "status", "effort_hours", "recorded_at",
            "went_badly", "was_thanked", "was_rewarded", "is_outside", "note", date="on",
        ),
        "engagement_changes": list_rows(
            EngagementChange.objects.filter(engagement__contact=contact), "at", "status",
            activity="engagement__activity",  # not the reasons: they tell of deals, also where nobody was asked
        ),
        "nominations": list_rows(Nomination.objects.filter(**own), "moment", "status", "note", "created_at"),
        "who_saw_contact_data": list_rows(Disclosure.objects.filter(**own), "at", "why", who="user__name"),
        "who_may_see_contact_data": list_rows(
            ContactGrant.objects.filter(**own), "granted_at", "revoked_at", who="user__name"
        ),
        "changes_of_status": list_rows(changes, "at", "actor", "from_status", "to_status", "why"),
    }  # fmt: skip


def list_rows(rows: "models.QuerySet[Any]", *fields: str, **renamed: str) -> list[Mapping[str, Any]]:
    """Columns of some rows as they are named, or as `renamed` says."""
    names = {**{field: field for field in fields}, **renamed}
    return [dict(zip(names, row, strict=True)) for row in rows.values_list(*names.values())]
