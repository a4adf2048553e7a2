"""Writes consents: recorded, superseded by a later one, or revoked; never edited."""

from collections.abc import Iterable
from datetime import date

from django.utils import timezone

from delivery.webhooks import emit
from references import activities
from references.announcing import announce_consent, announce_unavailable
from references.enums import Channel, ContactStatus, Facet
from references.errors import DomainError
from references.events import CONSENT_GIVEN, CONSENT_REVOKED, describe_consent
from references.models import CaseStudy, Consent, Contact, Customer, Tag, Testimonial
from references.pool.writing import pool_write
from references.rights import asset_of
from references.services.covered import touch_covered
from references.services.saving import record_change, save_checked
from users.models import User

IN_FORCE = "in_force"
SUPERSEDED = "superseded"
REVOKED = "revoked"


def record_consent(
    *,
    contact: Contact | None = None,
    customer: Customer | None = None,
    activity: str,
    piece: CaseStudy | Testimonial | None = None,
    channel: str = Channel.ANY,
    region: Tag | None = None,
    is_attributed: bool = True,
    valid_from: date | None = None,
    valid_until: date | None = None,
    evidence: str = "",
    by: User | None = None,
    actor: str = "",
) -> Consent:
    """Record what a contact, or with `customer` alone the whole customer, allows; from today where no date is given.

    With `piece` it is for that one piece of content alone. Raises DomainError: whose_consent, wrong_customer,
    has_opted_out, unknown_activity, wrong_piece, ends_before_start, not_a_region.
    """
    with pool_write() as touched:
        row = Consent(
            contact=contact,
            customer=_whose(contact, customer),
            activity=activity,
            case_study=piece if isinstance(piece, CaseStudy) else None,
            testimonial=piece if isinstance(piece, Testimonial) else None,
            channel=channel,
            region=region,
            is_attributed=is_attributed,
            valid_from=valid_from or timezone.localdate(),
            valid_until=valid_until,
            evidence=evidence,
        )
        _check(row)
        save_checked(row)
        record_change(subject=row, before="", after=IN_FORCE, by=by, why=evidence, actor=actor)
        _tell(row, CONSENT_GIVEN)
        touched.add(row.customer_id)
    return row


def supersede_consent(
    *,
    consent: Consent,
    channel: str | None = None,
    region: Tag | None = None,
    is_attributed: bool | None = None,
    valid_from: date | None = None,
    valid_until: date | None = None,
    evidence: str = "",
    by: User | None = None,
    actor: str = "",
) -> Consent:
    """Replace a consent by a later one of the same person and activity; `region` and `valid_until` are taken as given.

    Returns the new one. Raises DomainError(consent_over) where it was revoked or superseded before, and what
    `record_consent` does.
    """
    with pool_write() as touched:
        old = _lock(consent)
        new = record_consent(
            contact=old.contact,
            customer=old.customer,
            activity=old.activity,
            piece=old.case_study or old.testimonial,
            channel=channel or old.channel,
            region=region,
            is_attributed=old.is_attributed if is_attributed is None else is_attributed,
            valid_from=valid_from,
            valid_until=valid_until,
            evidence=evidence,
            by=by,
            actor=actor,
        )
        _mark_superseded(old, new, by, actor)
        touched.add(old.customer_id)
    consent.superseded_by = new
    return new


def supersede_by(*, new: Consent, consents: Iterable[Consent], by: User | None = None, actor: str = "") -> None:
    """Let a consent that was just recorded stand in place of others of the same person and activity.

    Raises DomainError(consent_over) where one was revoked or superseded before.
    """
    with pool_write() as touched:
        for consent in consents:
            _mark_superseded(_lock(consent), new, by, actor)
        touched.add(new.customer_id)


def _mark_superseded(old: Consent, new: Consent, by: User | None, actor: str) -> None:
    old.superseded_by = new
    old.save(update_fields=["superseded_by"])
    record_change(subject=old, before=IN_FORCE, after=SUPERSEDED, by=by, why=f"by consent {new.pk}", actor=actor)


def revoke_consent(*, consent: Consent, by: User | None = None, why: str = "", actor: str = "") -> Consent:
    """End a consent from this moment; raises DomainError(consent_over) where it was revoked or superseded before."""
    with pool_write() as touched:
        row = _lock(consent)
        row.revoked_at = timezone.now()
        row.save(update_fields=["revoked_at"])
        record_change(subject=row, before=IN_FORCE, after=REVOKED, by=by, why=why, actor=actor)
        _tell(row, CONSENT_REVOKED)
        announce_unavailable(contact_id=row.contact_id, customer_id=None if row.contact_id else row.customer_id)
        touched.add(row.customer_id)
    consent.revoked_at = row.revoked_at
    return consent


def note_end(*, consent: Consent, by: User | None, why: str) -> None:
    """Keep on record, and tell, that a consent has ended by something else than a revocation: a merge."""
    record_change(subject=consent, before=IN_FORCE, after=REVOKED, by=by, why=why)
    _tell(consent, CONSENT_REVOKED)


def note_return(*, consent: Consent, by: User | None, why: str) -> None:
    """Keep on record, and tell, that what ended a consent was taken back."""
    record_change(subject=consent, before=REVOKED, after=IN_FORCE, by=by, why=why)
    _tell(consent, CONSENT_GIVEN)


def _tell(row: Consent, event: str) -> None:
    """Let what it covers be pulled anew, be looked at again, and subscribers know."""
    touch_covered(contact_id=row.contact_id, customer_id=row.customer_id)
    announce_consent(customer_id=row.customer_id)
    emit(event, subject=f"consent:{row.pk}", data=describe_consent(row))


def _lock(consent: Consent) -> Consent:
    row = Consent.objects.select_for_update(no_key=True).get(pk=consent.pk)
    if row.revoked_at is not None or row.superseded_by_id is not None:
        raise DomainError("consent_over", "This consent has been revoked or superseded already.")
    return row


def _whose(contact: Contact | None, customer: Customer | None) -> Customer:
    if contact is None and customer is None:
        raise DomainError("whose_consent", "A consent is given by a contact or by a customer.", "contact")
    if contact is None:
        assert customer is not None  # noqa: S101 - narrowed just above
        return customer
    if customer is not None and contact.customer_id != customer.pk:
        raise DomainError("wrong_customer", "The contact works for another customer.", "contact")
    return contact.customer


def _check(row: Consent) -> None:
    if row.activity not in activities.BY_CODE:
        raise DomainError("unknown_activity", f"There is no activity '{row.activity}'.", "activity")
    if row.contact is not None and (row.contact.has_opted_out or row.contact.status == ContactStatus.RETIRED):
        raise DomainError("has_opted_out", "This person has left or opted out.", "contact")
    piece = row.case_study or row.testimonial
    if piece is not None:
        if piece.customer_id != row.customer_id:
            raise DomainError("wrong_customer", "This content belongs to another customer.", "piece")
        if row.activity != asset_of(piece):
            raise DomainError("wrong_piece", f"Consent for this piece is for '{asset_of(piece)}'.", "activity")
    if row.valid_until is not None and row.valid_until < row.valid_from:
        raise DomainError("ends_before_start", "The consent would end before it begins.", "valid_until")
    if row.region is not None and row.region.facet != Facet.REGION:
        raise DomainError("not_a_region", f"'{row.region.name}' is not a region.", "region")
