"""Writes contacts: the person, their tags and blackouts, and, alone, their status."""

from collections.abc import Iterable
from datetime import date
from typing import TypedDict

from django.db.models import Q
from django.utils import timezone

from references import activities
from references.announcing import announce_unavailable
from references.enums import ContactStatus
from references.errors import DomainError
from references.lifecycles import CONTACT
from references.loyalty import classify_score
from references.models import Blackout, Contact, ContactTag, Customer, LoyaltyRecord, Tag
from references.personal_words import is_erased
from references.pool.writing import pool_write
from references.services.corrections import learn_from_tags
from references.services.saving import assign, record_change, save_checked, set_tags
from references.text import fold_name
from users.models import User


class ContactData(TypedDict, total=False):
    """The fields of a contact that a form or a request may set; the status is moved by `change_status` alone."""

    name: str
    title: str
    seniority: str
    email: str
    phone: str
    external_id: str
    time_zone: str
    language: str
    sensitivity: str
    activities: list[str]
    max_per_quarter: int | None
    loyalty: str
    nps_score: int | None
    nps_on: date | None
    nps_comment: str
    origin: str
    verified_on: date | None
    notes: str


def save_contact(
    *,
    contact: Contact | None = None,
    customer: Customer,
    data: ContactData,
    tags: Iterable[Tag] | None = None,
    verified_on: date | None = None,
    initial_status: str = ContactStatus.KNOWN,
    by: User | None = None,
    why: str = "",
    keeps_score: bool = True,
) -> Contact:
    """Make or change a contact of `customer`; `tags`, where given, become exactly their own tags.

    Of one who is there, only what `data` names is written, over the row as it stands by now: an instance loaded before
    somebody opted out does not ask them back. A new score decides the loyalty class unless `data` names one, and is
    kept in its history unless it is there already (`keeps_score`). Other tags than before are proposed as what the
    title means (see `corrections`). Raises DomainError: name_required, wrong_customer, duplicate_contact,
    unknown_activity, not_initial, tag_rejected, erased, or a field's own code.
    """
    with pool_write() as touched:
        row = Contact(customer=customer, status=initial_status) if contact is None else _lock(contact, customer)
        known_as = (row.email, row.folded_name)
        assign(row, data, ContactData.__annotations__)
        if "nps_score" in data and "loyalty" not in data:
            _classify(row)
        row.folded_name = fold_name(row.name)
        row.email = row.email.strip().lower()
        _check(row)
        is_new = row.pk is None
        if is_new or known_as != (row.email, row.folded_name):
            _check_identity(row)
        if is_new:
            CONTACT.require_initial(initial_status)
        columns = {*data, "folded_name", "loyalty", "updated_at"}
        save_checked(row, update_fields=None if is_new else columns)
        if is_new:
            record_change(subject=row, before="", after=row.status, by=by, why=why)
        if keeps_score and "nps_score" in data:
            _keep_score(row)
        if tags is not None:
            before = list(row.tags.all())
            set_tags(ContactTag, row, tags, verified_on=verified_on)
            if not is_new:
                learn_from_tags(row=row, before=before, after=row.tags.all())
        touched.add(customer.pk)
    if contact is not None:
        contact.refresh_from_db(fields=columns)
    return row


def change_status(
    *,
    contact: Contact,
    to: str,
    by: User | None = None,
    why: str = "",
    paused_until: date | None = None,
    has_opted_out: bool = False,
    actor: str = "",
) -> Contact:
    """Move a contact along its table: known → nominated → active ⇄ paused, any → retired. The only writer of status.

    `paused_until` belongs to a pause and `has_opted_out` to a retirement. Raises DomainError: move_not_allowed,
    pause_in_past, not_a_pause, not_a_retirement.
    """
    with pool_write() as touched:
        row = Contact.objects.select_for_update(no_key=True).get(pk=contact.pk)
        before = row.status
        CONTACT.require_move(before, to)
        if paused_until is not None and to != ContactStatus.PAUSED:
            raise DomainError("not_a_pause", "Only a pause has an end.", "paused_until")
        if paused_until is not None and paused_until < timezone.localdate():
            raise DomainError("pause_in_past", "The pause would be over already.", "paused_until")
        if has_opted_out and to != ContactStatus.RETIRED:
            raise DomainError("not_a_retirement", "Whoever opts out is retired.", "has_opted_out")
        row.status = to
        row.paused_until = paused_until
        row.has_opted_out = row.has_opted_out or has_opted_out
        row.save(update_fields=["status", "paused_until", "has_opted_out", "updated_at"])
        record_change(subject=row, before=before, after=to, by=by, why=why, actor=actor)
        if to == ContactStatus.RETIRED:
            announce_unavailable(contact_id=row.pk)
        touched.add(row.customer_id)
    contact.refresh_from_db(fields=["status", "paused_until", "has_opted_out", "updated_at"])
    return contact


def add_blackout(*, contact: Contact, starts_on: date, ends_on: date, reason: str = "") -> Blackout:
    """Keep a contact from being asked on these days, both included; raises DomainError(ends_before_start)."""
    if ends_on < starts_on:
        raise DomainError("ends_before_start", "The last day lies before the first.", "ends_on")
    with pool_write() as touched:
        row = Blackout(contact=contact, starts_on=starts_on, ends_on=ends_on, reason=reason)
        save_checked(row)
        touched.add(contact.customer_id)
    return row


def remove_blackout(*, blackout: Blackout) -> None:
    """Allow a contact to be asked on these days again."""
    with pool_write() as touched:
        touched.add(blackout.contact.customer_id)
        blackout.delete()


def _lock(contact: Contact, customer: Customer) -> Contact:
    row = Contact.objects.select_for_update(no_key=True).get(pk=contact.pk)
    if row.customer_id != customer.pk:
        raise DomainError("wrong_customer", "A change of customer retires a contact and makes a new one.", "customer")
    if is_erased(row):
        raise DomainError("erased", "This person was erased: nothing more can be noted of them.")
    row.customer = customer
    return row


def _classify(row: Contact) -> None:
    try:
        row.loyalty = classify_score(row.nps_score)
    except ValueError as error:
        raise DomainError("score_out_of_range", str(error), "nps_score") from error


def _keep_score(row: Contact) -> None:
    if row.nps_score is None:
        return
    kept = {"contact": row, "on": row.nps_on, "score": row.nps_score, "loyalty": row.loyalty}
    LoyaltyRecord.objects.get_or_create(source=f"set:{row.pk}:{row.nps_on}:{row.nps_score}", defaults=kept)


def _check(row: Contact) -> None:
    if not row.folded_name:
        raise DomainError("name_required", "A contact needs a name.", "name")
    for activity in row.activities:
        if activity not in activities.BY_CODE:
            raise DomainError("unknown_activity", f"There is no activity '{activity}'.", "activities")


def _check_identity(row: Contact) -> None:
    same = Q(email=row.email) if row.email else Q(email="", customer=row.customer_id, folded_name=row.folded_name)
    others = Contact.objects.exclude(pk=row.pk).exclude(status=ContactStatus.RETIRED)
    if row.status != ContactStatus.RETIRED and others.filter(same).exists():
        field = "email" if row.email else "name"
        raise DomainError("duplicate_contact", "This person is in the pool already.", field)
