"""Writes nominations: made as a draft or sent, read by the program, and decided; an approved one names a contact."""

from collections.abc import Sequence
from typing import Any, TypedDict, cast

from django.db import transaction
from django.utils import timezone

from references import activities as table
from references.enums import Actor, ContactStatus, NominationStatus, NominationVia, Origin
from references.errors import DomainError
from references.lifecycles import NOMINATION
from references.models import Contact, Customer, Nomination
from references.permissions import may_move_nomination
from references.personal_words import ERASED_NAME
from references.pool.writing import pool_write
from references.services.contacts import change_status, save_contact
from references.services.holds import lock_person
from references.services.saving import assign, check_fields, name_subject, record_change, save_checked
from references.text import fold_name
from users.models import User

DECIDED = frozenset({NominationStatus.APPROVED, NominationStatus.NOT_APPROVED})


class DraftData(TypedDict, total=False):
    """What an author may still change in a draft."""

    person_name: str
    person_title: str
    person_email: str
    moment: str
    activities: list[str]


@transaction.atomic
def nominate(
    *,
    customer: Customer,
    contact: Contact | None = None,
    person_name: str = "",
    person_title: str = "",
    person_email: str = "",
    moment: str,
    activities: Sequence[str] = (),
    by: User | None,
    suggested_by: Contact | None = None,
    via: str = NominationVia.PAGE,
    creation_key: str,
    status: str = NominationStatus.NEW,
) -> Nomination:
    """Nominate a contact, or someone new at `customer`, for a moment; once per `creation_key`.

    What the moment would suit is advice to the manager and binds nobody. Raises DomainError: not_initial, key_taken,
    moment_required, who_required, wrong_customer, has_opted_out, unknown_activity, or a field's own code.
    """
    NOMINATION.require_initial(status)
    values: dict[str, Any] = {
        "customer": customer,
        "contact": contact,
        "person_name": "" if contact else person_name.strip(),
        "person_title": "" if contact else person_title.strip(),
        "person_email": "" if contact else person_email.strip().lower(),
        "moment": moment.strip(),
        "activities": list(activities),
        "nominated_by": by,
        "suggested_by": suggested_by,
        "via": via,
        "status": status,
    }
    _check(Nomination(creation_key=creation_key, **values))
    row, is_new = Nomination.objects.get_or_create(creation_key=creation_key, defaults=values)
    if is_new:
        record_change(subject=row, before="", after=status, by=by, actor=Actor.PROMOTER if suggested_by else "")
    elif (row.customer_id, row.nominated_by_id) != (customer.pk, None if by is None else by.pk):
        raise DomainError("key_taken", "This key belongs to another nomination.")
    return row


@transaction.atomic
def edit_draft(*, nomination: Nomination, data: DraftData, by: User) -> Nomination:
    """Change a draft; raises DomainError: not_allowed for all but its author, not_a_draft, and what `nominate` does."""
    row = _lock_draft(nomination, by)
    assign(row, data, DraftData.__annotations__)
    _check(row)
    save_checked(row)
    return row


@transaction.atomic
def discard_draft(*, nomination: Nomination, by: User) -> None:
    """Delete a draft that was never sent; raises DomainError: not_allowed for all but its author, not_a_draft."""
    row = _lock_draft(nomination, by)
    record_change(subject=row, before=row.status, after="", by=by, why="discarded")
    row.delete()


def move_nomination(*, nomination: Nomination, to: str, by: User, note: str = "", activate: bool = False) -> Nomination:
    """Move a nomination along its table; the only writer of its status.

    Authors send their drafts, those who run the program do the rest. Approving makes a contact of someone new, or takes
    the one in the pool who bears the name or e-mail; someone known becomes nominated, and active with `activate`. The
    address given is kept of someone new alone: whoever is in the pool must not be reached where a nominator says.
    Raises DomainError: move_not_allowed, not_allowed, note_required where it is not approved, has_opted_out,
    erased, duplicate_contact where the e-mail is that of somebody at another customer.
    """
    with pool_write():
        row = _lock_with_person(nomination)
        if not may_move_nomination(by, row):
            raise DomainError("not_allowed", "Drafts are sent by their authors, the rest is decided by managers.")
        before = row.status
        NOMINATION.require_move(before, to)
        note = note.strip()
        if to == NominationStatus.NOT_APPROVED and not note:
            raise DomainError("note_required", "Say why, so that whoever nominated learns from it.", "note")
        if to == NominationStatus.APPROVED:
            row.contact = _welcome(row, by, activate=activate)
            row.person_email = ""  # it is guarded with the contact now
        row.status, row.note = to, note or row.note
        row.decided_by, row.decided_at = (by, timezone.now()) if to in DECIDED else (None, None)
        save_checked(row)
        record_change(subject=row, before=before, after=to, by=by, why=note)
    nomination.refresh_from_db()
    return nomination


def approve_by_rule(*, nomination: Nomination, why: str) -> Nomination:
    """Approve a survey's nomination since its own rule let the person in, which nobody decided one by one.

    Their status is moved by whoever calls this. Raises DomainError: move_not_allowed, not_by_survey.
    """
    with pool_write():
        row = _lock_with_person(nomination)
        if row.via != NominationVia.SURVEY:
            raise DomainError("not_by_survey", "Somebody put this person forward: a manager decides.")
        before = row.status
        NOMINATION.require_move(before, NominationStatus.APPROVED)
        row.status, row.note, row.decided_at = NominationStatus.APPROVED, why, timezone.now()
        save_checked(row, update_fields=["status", "note", "decided_at"])
        record_change(subject=row, before=before, after=row.status, by=None, why=why)
    return row


def _lock_with_person(nomination: Nomination) -> Nomination:
    """Lock the customer, the person and then the nomination: in the order in which erasing comes by them."""
    seen = Nomination.objects.get(pk=nomination.pk)
    if seen.contact_id is None:
        Customer.objects.select_for_update(no_key=True).get(pk=seen.customer_id)
    else:
        lock_person(seen.contact_id)
    return Nomination.objects.select_for_update(no_key=True).get(pk=nomination.pk)


def _lock_draft(nomination: Nomination, by: User) -> Nomination:
    row = Nomination.objects.select_for_update(no_key=True).get(pk=nomination.pk)
    if row.nominated_by_id != by.pk:
        raise DomainError("not_allowed", "Only whoever wrote a draft changes it.")
    if row.status != NominationStatus.DRAFT:
        raise DomainError("not_a_draft", "This nomination has been sent already.", "status")
    return row


def _welcome(row: Nomination, by: User, *, activate: bool) -> Contact:
    """The contact that an approved nomination stands for, at least nominated, and active where that is wanted."""
    if row.contact is None and row.person_name == ERASED_NAME:
        raise DomainError("erased", "This person was erased: there is nobody to approve.")
    why = name_subject(row)
    contact = row.contact or _find_person(row) or _add_person(row, by, why)
    _require_reachable(contact)
    if contact.status == ContactStatus.KNOWN:
        change_status(contact=contact, to=ContactStatus.NOMINATED, by=by, why=why)
    if activate and contact.status == ContactStatus.NOMINATED:
        change_status(contact=contact, to=ContactStatus.ACTIVE, by=by, why=why)
    return contact


def _find_person(row: Nomination) -> Contact | None:
    """Whoever at the customer has this e-mail, or else this name and no other e-mail; those who left do not count."""
    people = Contact.objects.filter(customer=row.customer_id).exclude(status=ContactStatus.RETIRED).order_by("pk")
    named = people.filter(folded_name=fold_name(row.person_name))
    if not row.person_email:
        return named.first()
    return people.filter(email=row.person_email).first() or named.filter(email="").first()


def _add_person(row: Nomination, by: User, why: str) -> Contact:
    return save_contact(
        customer=row.customer,
        data={
            "name": row.person_name,
            "title": row.person_title,
            "email": row.person_email,
            "origin": Origin.NOMINATION,
        },
        initial_status=ContactStatus.NOMINATED,
        by=by,
        why=why,
    )


def _check(row: Nomination) -> None:
    if not row.moment.strip():
        raise DomainError("moment_required", "Say what they said or did.", "moment")
    if row.contact is None and not row.person_name.strip():
        raise DomainError("who_required", "Say whom the moment speaks for.", "person_name")
    if row.contact is not None and row.contact.customer_id != row.customer_id:
        raise DomainError("wrong_customer", "The contact works for another customer.", "contact")
    if row.contact is not None:
        _require_reachable(row.contact)
    for activity in cast("list[str]", row.activities):
        if activity not in table.BY_CODE:
            raise DomainError("unknown_activity", f"There is no activity '{activity}'.", "activities")
    check_fields(row)


def _require_reachable(contact: Contact) -> None:
    if contact.has_opted_out or contact.status == ContactStatus.RETIRED:
        raise DomainError("has_opted_out", "This person has left or opted out.", "contact")
