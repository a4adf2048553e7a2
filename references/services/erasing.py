"""Erases one person: name, address, words and wishes go, while counts, hours and money of the program stay.

Floors above register what they hold of people; everything happens in one transaction.
"""

from collections.abc import Callable, Iterable
from typing import Any

from django.db import models
from django.db.models import Q

from delivery.links import revoke_links
from delivery.models import IdempotencyKey, Job
from references.announcing import announce_unavailable
from references.enums import Actor, ContactStatus, ContentStatus
from references.lifecycles import CONTENT
from references.models import (
    Blackout,
    CaseStudy,
    Consent,
    ConsentAsk,
    Contact,
    ContactGrant,
    ContactTag,
    Customer,
    Disclosure,
    Engagement,
    EngagementChange,
    Nomination,
    ProofPoint,
    StateChange,
    StoredFile,
    Testimonial,
)
from references.personal_words import ERASED_NAME, Person, is_erased, person_of
from references.pool.writing import pool_write
from references.services.consents import revoke_consent
from references.services.contacts import change_status
from references.services.grants import revoke_grants
from references.services.holds import lock_person
from references.services.library import end_content
from references.services.merging import forget_merges_into
from references.services.saving import name_subject, record_change
from references.text import fold_name
from users.models import User

ERASED = "erased"
Eraser = Callable[[Contact, Person, User | None], None]
_erasers: list[Eraser] = []


def register_eraser(erase: Eraser) -> None:
    """Let `erase(contact, person, by)` empty, in the erasing transaction, what a higher floor holds of somebody.

    It is called first, with the person's words still known and nothing locked yet; it must do no harm a second time.
    """
    if erase not in _erasers:
        _erasers.append(erase)


def erase_contact(*, contact: Contact, why: str = "", by: User | None = None) -> Contact:
    """Erase a person for good; `by` is the manager who does, None the person themselves. A second time changes nothing.

    The ledger, scores, disclosures and state changes stay, without the person's name and words; consents are revoked,
    what they said is recalled, and nobody can ask them again.
    """
    with pool_write() as touched:
        row = Contact.objects.select_related("customer").get(pk=contact.pk)
        if is_erased(row):
            return row
        person = person_of(row)
        for erase in _erasers:
            erase(row, person, by)
        row = lock_person(row.pk)
        _revoke_all(row, by)
        _recall_words(row, person, by)
        _forget_wishes(row)
        _forget_in_ledger(row, person)
        _forget_nominations(row, person)
        _forget_in_texts(row, person)
        _empty(row, by)
        _forget_in_history(row, person)
        record_change(subject=row, before=row.status, after=ERASED, by=by, why=person.hide(why), actor=_actor(by))
        touched.add(row.customer_id)
    return row


def hide_in(rows: "models.QuerySet[Any]", fields: Iterable[str], hide: Callable[[str], str]) -> None:
    """Rewrite columns of texts, or of JSON, in some rows, only where they change; inside a `pool_write`."""
    names = list(fields)
    for row in rows.only("pk", *names):
        changes = {name: _hide_in_value(getattr(row, name), hide) for name in names}
        changes = {name: value for name, value in changes.items() if value != getattr(row, name)}
        if changes:
            type(row)._default_manager.filter(pk=row.pk).update(**changes)


def forget_moves(subjects: Iterable[str], person: Person) -> None:
    """Take the person's words out of why rows moved: what they wrote themselves, and their name in what others did."""
    changes = StateChange.objects.filter(subject__in=list(subjects)).exclude(why="")
    changes.filter(actor=Actor.PROMOTER).update(why="")
    hide_in(changes, ["why"], person.hide)


def _hide_in_value(value: Any, hide: Callable[[str], str]) -> Any:
    """A value of JSON with every text in it rewritten, keys left alone."""
    if isinstance(value, dict):
        return {key: _hide_in_value(each, hide) for key, each in value.items()}
    if isinstance(value, list):
        return [_hide_in_value(each, hide) for each in value]
    return hide(value) if isinstance(value, str) and value else value


def _revoke_all(row: Contact, by: User | None) -> None:
    own = Consent.objects.filter(contact=row)
    for consent in own.filter(revoked_at=None, superseded_by=None):
        revoke_consent(consent=consent, by=by, why="Erased.", actor=_actor(by))
    own.update(evidence="")
    StoredFile.objects.filter(Q(consent__contact=row) | Q(testimonial__contact=row)).delete()
    for ask_id in ConsentAsk.objects.filter(contact=row).values_list("pk", flat=True):
        revoke_links(subject=f"ask:{ask_id}")
    ConsentAsk.objects.filter(contact=row).delete()
    for source in ContactGrant.objects.in_force().filter(contact=row).values_list("source", flat=True):
        revoke_grants(source=source)
    revoke_links(subject=name_subject(row))


def _recall_words(row: Contact, person: Person, by: User | None) -> None:
    """Recall what they said, as far as its table allows; drafts stay, and can never be used: the person has left."""
    by_name = Q(customer=row.customer_id, contact=None, said_by__iexact=person.name)
    for said in Testimonial.objects.filter(Q(contact=row) | by_name):
        said.contact = row
        said.said_by = said.said_by_title = said.url = ""
        said.text = person.hide(said.text)
        said.transcript = person.hide(said.transcript)
        said.save(update_fields=["contact", "said_by", "said_by_title", "url", "text", "transcript", "updated_at"])
        if CONTENT.may_move(said.status, ContentStatus.RECALLED):
            end_content(piece=said, to=ContentStatus.RECALLED, by=by, why="Erased.", actor=_actor(by))


def _forget_wishes(row: Contact) -> None:
    ContactTag.objects.filter(contact=row).delete()
    Blackout.objects.filter(contact=row).delete()


def _forget_in_ledger(row: Contact, person: Person) -> None:
    Engagement.objects.filter(contact=row).update(note="")
    hide_in(EngagementChange.objects.filter(engagement__contact=row).exclude(reason=""), ["reason"], person.hide)
    hide_in(Disclosure.objects.filter(contact=row), ["why"], person.hide)


def _forget_nominations(row: Contact, person: Person) -> None:
    """Empty what speaks of them or was said by them; a nomination must name somebody, so one of nobody says so."""
    same = Q(customer=row.customer_id, contact=None, person_name__iexact=person.name)
    if person.email:
        same |= Q(person_email__iexact=person.email)
    of_them = Nomination.objects.filter(Q(contact=row) | same)
    of_them.update(moment=ERASED_NAME, note="", person_title="", person_email="")
    of_them.filter(contact=None).update(person_name=ERASED_NAME)
    of_them.filter(contact=row).update(person_name="")
    suggested = Nomination.objects.filter(suggested_by=row)
    hide_in(suggested, ["moment", "note"], person.hide)
    suggested.update(suggested_by=None)


def _forget_in_texts(row: Contact, person: Person) -> None:
    """What their company's rows say of them in full: the name, the address."""
    stories = ["title", "challenge", "solution_text", "results"]
    hide_in(CaseStudy.objects.filter(customer=row.customer_id), stories, person.hide_in_full)
    hide_in(Testimonial.objects.filter(customer=row.customer_id), ["text", "transcript"], person.hide_in_full)
    numbers = ["metric", "before", "after", "how_measured"]
    hide_in(ProofPoint.objects.filter(customer=row.customer_id), numbers, person.hide_in_full)
    hide_in(Customer.objects.filter(pk=row.customer_id), ["notes"], person.hide_in_full)
    hide_in(Consent.objects.filter(customer=row.customer_id), ["evidence"], person.hide_in_full)
    of_company = Q(case_study__customer=row.customer_id) | Q(testimonial__customer=row.customer_id)
    hide_in(StoredFile.objects.filter(of_company), ["name"], person.hide_in_full)
    hide_in(Nomination.objects.filter(customer=row.customer_id), ["moment", "note"], person.hide_in_full)
    hide_in(Job.objects.exclude(report={}), ["report"], person.hide_in_full)  # rows that an import refused
    hide_in(IdempotencyKey.objects.exclude(answer__isnull=True), ["answer"], person.hide_in_full)


def _empty(row: Contact, by: User | None) -> None:
    """Leave of the person's row what the program counts: its score and class, its customer, its origin."""
    if row.status != ContactStatus.RETIRED:
        change_status(contact=row, to=ContactStatus.RETIRED, has_opted_out=True, by=by, actor=_actor(by))
    else:
        announce_unavailable(contact_id=row.pk)
    row.has_opted_out, row.paused_until, row.verified_on, row.max_per_quarter = True, None, None, None
    row.name, row.folded_name = ERASED_NAME, fold_name(f"{ERASED_NAME} {row.pk}")
    row.title = row.seniority = row.email = row.phone = row.external_id = ""
    row.time_zone = row.language = row.notes = row.nps_comment = ""
    row.activities = []
    row.save()


def _forget_in_history(row: Contact, person: Person) -> None:
    subjects = [name_subject(row), *(name_subject(Contact(pk=gone)) for gone in forget_merges_into(row.pk))]
    for kind in (Consent, Engagement, Nomination, Testimonial, CaseStudy):
        subjects += map(name_subject, kind._default_manager.filter(contact=row).only("pk"))
    forget_moves(subjects, person)


def _actor(by: User | None) -> str:
    return Actor.PROMOTER if by is None else Actor.USER
