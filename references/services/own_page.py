"""What promoters change about themselves: limits, pauses, days off, language, consents, and leaving for good.

Each is noted as theirs (`Actor.PROMOTER`), since nobody logged in did it.
"""

from collections.abc import Collection
from datetime import date
from zoneinfo import available_timezones

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from references import activities
from references.announcing import announce_unavailable
from references.enums import Actor, Channel, ContactStatus, NominationVia
from references.errors import DomainError
from references.models import Blackout, Consent, Contact, Nomination
from references.pool.writing import pool_write
from references.services.consents import record_consent, revoke_consent
from references.services.contacts import add_blackout, change_status, remove_blackout, save_contact
from references.services.nominations import nominate
from references.services.saving import record_change

EVIDENCE = "Given by themselves, on their own page."
MOST_PER_QUARTER = 20
MOST_DAYS_OFF = 50


def set_own_limits(*, contact: Contact, max_per_quarter: int | None, agreed: Collection[str]) -> Contact:
    """Set how often and for what they may be asked; None follows the program's own limit.

    Every change is kept as theirs: a limit loosened by somebody else could not be told from it afterwards. Raises
    DomainError: wrong_limit, unknown_activity, has_opted_out.
    """
    if max_per_quarter is not None and not 0 <= max_per_quarter <= MOST_PER_QUARTER:
        raise DomainError("wrong_limit", "A limit lies between 0 and 20 a quarter.", "max_per_quarter")
    wanted = [code for code in activities.CODES if code in set(agreed)]
    if len(wanted) != len(set(agreed)):
        raise DomainError("unknown_activity", "There is no such activity.", "activities")
    with pool_write():
        row = _require_here(contact)
        before, was = row.max_per_quarter, set(row.activities)
        data = {"max_per_quarter": max_per_quarter, "activities": wanted}
        row = save_contact(contact=row, customer=row.customer, data=data)  # type: ignore[arg-type]
        if before != max_per_quarter:
            _note(row, _limit(before), _limit(max_per_quarter))
        for code in sorted(was.symmetric_difference(wanted)):
            words = ("agreed", "not agreed") if code in was else ("not agreed", "agreed")
            _note(row, *words, f"{code}: ")
    return row


def pause_self(*, contact: Contact, until: date | None = None) -> Contact:
    """Be asked for nothing until a day, or until further notice; a pause that stands gets the new end.

    Raises DomainError: pause_in_past, not_active for somebody who is not asked anyway.
    """
    if until is not None and until <= timezone.localdate():
        raise DomainError("pause_in_past", "Give a day to come.", "until")
    with pool_write():
        row = _require_here(contact)
        if row.status == ContactStatus.PAUSED:
            resume_self(contact=row)
        elif row.status != ContactStatus.ACTIVE:
            raise DomainError("not_active", "Nobody asks this person for anything yet.")
        return change_status(contact=row, to=ContactStatus.PAUSED, paused_until=until, actor=Actor.PROMOTER)


def resume_self(*, contact: Contact) -> Contact:
    """End a pause; without one nothing changes."""
    with pool_write():
        row = _require_here(contact)
        if row.status != ContactStatus.PAUSED:
            return row
        return change_status(contact=row, to=ContactStatus.ACTIVE, actor=Actor.PROMOTER)


def opt_out(*, contact: Contact) -> Contact:
    """Never be asked again, for good; the record stays. Once is enough."""
    with pool_write() as touched:
        row = Contact.objects.select_for_update(no_key=True).get(pk=contact.pk)
        if row.status != ContactStatus.RETIRED:
            return change_status(contact=row, to=ContactStatus.RETIRED, has_opted_out=True, actor=Actor.PROMOTER)
        if not row.has_opted_out:
            row.has_opted_out = True
            row.save(update_fields=["has_opted_out", "updated_at"])
            record_change(subject=row, before=row.status, after=row.status, by=None, actor=Actor.PROMOTER)
            announce_unavailable(contact_id=row.pk)
            touched.add(row.customer_id)
    return row


def add_own_blackout(*, contact: Contact, starts_on: date, ends_on: date) -> Blackout:
    """Keep days free of asks, both included.

    Raises DomainError: date_over, too_many, ends_before_start, has_opted_out.
    """
    if ends_on < timezone.localdate():
        raise DomainError("date_over", "Those days are over.", "ends_on")
    with pool_write():
        row = _require_here(contact)
        if Blackout.objects.filter(contact=row).count() >= MOST_DAYS_OFF:
            raise DomainError("too_many", "There are too many entries: remove some first.")
        return add_blackout(contact=row, starts_on=starts_on, ends_on=ends_on)


def remove_own_blackout(*, contact: Contact, blackout_id: int) -> None:
    """Allow days again; days of somebody else, or none, change nothing."""
    for row in Blackout.objects.filter(contact=contact, pk=blackout_id).select_related("contact"):
        remove_blackout(blackout=row)


def set_own_language(*, contact: Contact, language: str, time_zone: str) -> Contact:
    """Set the language of mails and of the page, and the zone of times.

    Raises DomainError: unknown_language, unknown_time_zone, has_opted_out.
    """
    if language and language not in dict(settings.LANGUAGES):
        raise DomainError("unknown_language", "That language is not spoken here.", "language")
    if time_zone and time_zone not in available_timezones():
        raise DomainError("unknown_time_zone", f"There is no time zone '{time_zone}'.", "time_zone")
    with pool_write():
        row = _require_here(contact)
        return save_contact(contact=row, customer=row.customer, data={"language": language, "time_zone": time_zone})


def give_own_consent(
    *,
    contact: Contact,
    activity: str,
    channel: str = Channel.ANY,
    is_attributed: bool = True,
    evidence: str = EVIDENCE,
) -> Consent:
    """Allow an activity, from today on and without an end; what is allowed already stays the one there is.

    Raises DomainError: has_opted_out, and what `record_consent` does.
    """
    with pool_write():
        row = _require_here(contact)
        standing = Consent.objects.general().in_force(activity, on=timezone.localdate())
        there = standing.filter(contact=row, channel=channel, is_attributed=is_attributed, region=None)
        return there.first() or record_consent(
            contact=row,
            activity=activity,
            channel=channel,
            is_attributed=is_attributed,
            evidence=evidence,
            actor=Actor.PROMOTER,
        )


def revoke_own_consent(*, contact: Contact, consent_id: int) -> None:
    """Take a consent back; one that is over, or somebody else's, changes nothing. Whoever has left may do so too."""
    standing = Consent.objects.filter(contact=contact, pk=consent_id, revoked_at=None, superseded_by=None)
    for row in standing:
        revoke_consent(consent=row, why="Taken back on their own page.", actor=Actor.PROMOTER)


def nominate_from_page(
    *,
    contact: Contact,
    person_name: str = "",
    person_title: str = "",
    person_email: str = "",
    moment: str,
    creation_key: str,
) -> Nomination:
    """Suggest a colleague, or without a name a moment of one's own; once per key.

    Raises DomainError: has_opted_out, and what `nominate` does.
    """
    with transaction.atomic():
        row = _require_here(contact)
        return nominate(
            customer=row.customer,
            contact=None if person_name.strip() else row,
            person_name=person_name,
            person_title=person_title,
            person_email=person_email,
            moment=moment,
            by=None,
            suggested_by=row,
            via=NominationVia.PROMOTER,
            creation_key=f"own:{row.pk}:{creation_key}",
        )


def _require_here(contact: Contact) -> Contact:
    row = Contact.objects.select_for_update(of=("self",), no_key=True).select_related("customer").get(pk=contact.pk)
    if row.has_opted_out or row.status == ContactStatus.RETIRED:
        raise DomainError("has_opted_out", "This person has left or opted out.", "contact")
    return row


def _note(contact: Contact, before: str, after: str, what: str = "own limit: ") -> None:
    why = f"{what}{before} → {after}, on their own page"
    record_change(subject=contact, before=contact.status, after=contact.status, by=None, why=why, actor=Actor.PROMOTER)


def _limit(value: int | None) -> str:
    return "as the program" if value is None else f"{value} a quarter"
