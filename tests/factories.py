"""Plain factories: each makes one row with sensible defaults inside `pool_write()`, touching its customer."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from itertools import count
from typing import Any

from django.utils import timezone

from references import activities
from references.enums import ContactStatus, ContentStatus, EngagementStatus, Loyalty, SlotStatus
from references.models import (
    Blackout,
    CaseStudy,
    CaseStudyTag,
    Consent,
    Contact,
    ContactTag,
    Customer,
    CustomerTag,
    Disclosure,
    Engagement,
    EngagementChange,
    Nomination,
    PolicyVersion,
    ProofPoint,
    SlotTag,
    SpeakingSlot,
    Tag,
    TagContainment,
    TagLanguage,
    TagSynonym,
    Testimonial,
    TestimonialTag,
)
from references.pool.writing import pool_write
from references.services.tags import fold_synonym
from references.text import fold_name
from users.models import User

_numbers = count(1)
LONG_AGO = date(2020, 1, 1)


def make_tag(
    facet: str = "industry",
    name: str | None = None,
    *,
    slug: str | None = None,
    parent: Tag | None = None,
    synonyms: Iterable[str] = (),
    also_in: Iterable[Tag] = (),
    languages: Iterable[Tag] = (),
    **fields: Any,
) -> Tag:
    """Make an accepted tag; its slug is the folded name joined by dashes."""
    name = name or f"Tag {next(_numbers)}"
    with pool_write() as touched:
        slug = slug or fold_name(name).replace(" ", "-")
        tag = Tag.objects.create(facet=facet, name=name, slug=slug, parent=parent, **fields)
        TagSynonym.objects.bulk_create(TagSynonym(tag=tag, text=text, folded=fold_synonym(text)) for text in synonyms)
        TagContainment.objects.bulk_create(TagContainment(tag=tag, container=each) for each in also_in)
        TagLanguage.objects.bulk_create(TagLanguage(region=tag, language=each) for each in languages)
        touched.add(vocabulary=True)
    return tag


def make_customer(
    name: str | None = None, *, tags: Iterable[Tag] = (), verified_on: date | None = None, **fields: Any
) -> Customer:
    """Make a customer that may be referenced and named, its tags verified today."""
    name = name or f"Customer {next(_numbers)}"
    with pool_write() as touched:
        customer = Customer.objects.create(name=name, folded_name=fold_name(name), **fields)
        verified_on = verified_on or timezone.localdate()
        CustomerTag.objects.bulk_create(
            CustomerTag(customer=customer, tag=tag, verified_on=verified_on) for tag in tags
        )
        touched.add(customer.pk)
    return customer


def make_contact(
    customer: Customer | None = None,
    name: str | None = None,
    *,
    tags: Iterable[Tag] = (),
    consents: Iterable[str] = (),
    verified_on: date | None = None,
    **fields: Any,
) -> Contact:
    """Make an active promoter agreeing to every activity; `consents` are codes consented to since long ago."""
    customer = customer or make_customer()
    name = name or f"Contact {next(_numbers)}"
    given = {
        "status": ContactStatus.ACTIVE,
        "loyalty": Loyalty.PROMOTER,
        "activities": list(activities.CODES),
        **fields,
    }
    with pool_write() as touched:
        contact = Contact.objects.create(customer=customer, name=name, folded_name=fold_name(name), **given)
        verified_on = verified_on or timezone.localdate()
        ContactTag.objects.bulk_create(ContactTag(contact=contact, tag=tag, verified_on=verified_on) for tag in tags)
        for activity in consents:
            make_consent(contact, activity)
        touched.add(customer.pk)
    return contact


def make_consent(of: Contact | Customer, activity: str = "call", **fields: Any) -> Consent:
    """Make a consent of a contact, or of a whole customer, in force since long ago and without end."""
    contact = of if isinstance(of, Contact) else None
    customer_id = of.customer_id if isinstance(of, Contact) else of.pk
    with pool_write() as touched:
        fields = {"valid_from": LONG_AGO, **fields}
        consent = Consent.objects.create(contact=contact, customer_id=customer_id, activity=activity, **fields)
        touched.add(customer_id)
    return consent


def make_engagement(
    contact: Contact,
    activity: str = "call",
    status: str = EngagementStatus.COMPLETED,
    on: date | None = None,
    *,
    recorded_at: datetime | None = None,
    changes: Iterable[tuple[datetime, str]] | None = None,
    **fields: Any,
) -> Engagement:
    """Make a ledger row, recorded at noon (UTC) of its day or now, with one change unless `changes` are given."""
    on = on or timezone.localdate()
    now = timezone.now()
    recorded_at = recorded_at or min(now, datetime.combine(on, time(12), tzinfo=UTC))
    given = {"source": f"test:{next(_numbers)}", **fields}
    if status == EngagementStatus.HELD:
        given.setdefault("hold_expires_at", now + timedelta(hours=72))
    with pool_write() as touched:
        row = Engagement.objects.create(
            contact=contact, activity=activity, status=status, on=on, recorded_at=recorded_at, **given
        )
        history = [(recorded_at, status)] if changes is None else changes
        EngagementChange.objects.bulk_create(EngagementChange(engagement=row, at=at, status=to) for at, to in history)
        touched.add(contact.customer_id)
    return row


def make_blackout(contact: Contact, starts_on: date, ends_on: date, **fields: Any) -> Blackout:
    """Make days on which a contact must not be asked, both ends included."""
    with pool_write() as touched:
        blackout = Blackout.objects.create(contact=contact, starts_on=starts_on, ends_on=ends_on, **fields)
        touched.add(contact.customer_id)
    return blackout


def make_proof_point(
    customer: Customer, metric: str = "Time to close", after: str = "2 days", **fields: Any
) -> ProofPoint:
    """Make a number the customer reports."""
    with pool_write() as touched:
        point = ProofPoint.objects.create(customer=customer, metric=metric, after=after, **fields)
        touched.add(customer.pk)
    return point


def make_case_study(
    customer: Customer | None = None, title: str | None = None, *, tags: Iterable[Tag] = (), **fields: Any
) -> CaseStudy:
    """Make a published story; without a consent of the customer for case_study it is not usable."""
    customer = customer or make_customer()
    fields = {"status": ContentStatus.PUBLISHED, **fields}
    with pool_write() as touched:
        story = CaseStudy.objects.create(customer=customer, title=title or f"Story {next(_numbers)}", **fields)
        CaseStudyTag.objects.bulk_create(CaseStudyTag(case_study=story, tag=tag) for tag in tags)
        touched.add(customer.pk)
    return story


def make_testimonial(
    contact: Contact | None = None, text: str = "It simply works.", *, tags: Iterable[Tag] = (), **fields: Any
) -> Testimonial:
    """Make a published quote of a contact; without their consent for quote it is not usable."""
    contact = contact or make_contact()
    given = {"status": ContentStatus.PUBLISHED, "said_by": contact.name, "said_by_title": contact.title, **fields}
    with pool_write() as touched:
        quote = Testimonial.objects.create(customer_id=contact.customer_id, contact=contact, text=text, **given)
        TestimonialTag.objects.bulk_create(TestimonialTag(testimonial=quote, tag=tag) for tag in tags)
        touched.add(contact.customer_id)
    return quote


def make_slot(
    event: str | None = None, *, starts_at: datetime | None = None, tags: Iterable[Tag] = (), **fields: Any
) -> SpeakingSlot:
    """Make an open speaking slot, 90 days ahead."""
    fields = {"status": SlotStatus.OPEN, **fields}
    with pool_write() as touched:
        slot = SpeakingSlot.objects.create(
            event=event or f"Event {next(_numbers)}",
            starts_at=starts_at or timezone.now() + timedelta(days=90),
            **fields,
        )
        SlotTag.objects.bulk_create(SlotTag(slot=slot, tag=tag) for tag in tags)
        if slot.speaker is not None:
            touched.add(slot.speaker.customer_id)
    return slot


def make_nomination(
    contact: Contact | None = None, *, customer: Customer | None = None, by: User | None = None, **fields: Any
) -> Nomination:
    """Make a new nomination of a contact, or of Jo New at `customer`."""
    given = {"moment": "Praised us on stage.", "creation_key": f"test:{next(_numbers)}", **fields}
    if contact is None:
        given.setdefault("person_name", "Jo New")
    customer = customer or (contact.customer if contact else make_customer())
    return Nomination.objects.create(customer=customer, contact=contact, nominated_by=by, **given)


def make_disclosure(
    contact: Contact | None = None, *, user: User | None = None, why: str = "to invite them"
) -> Disclosure:
    """Make a look at a contact's data."""
    return Disclosure.objects.create(contact=contact or make_contact(), user=user, why=why)


def make_policy(values: dict[str, Any] | None = None, **fields: Any) -> PolicyVersion:
    """Make the next version of the policy, holding only what differs from the defaults."""
    with pool_write() as touched:
        newest = PolicyVersion.objects.order_by("-version").values_list("version", flat=True).first() or 0
        version = PolicyVersion.objects.create(version=newest + 1, values=values or {}, **fields)
        touched.add(policy=True)
    return version
