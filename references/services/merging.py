"""Merges two customers, or two contacts, that are one; previews it, and takes it back."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.db import IntegrityError
from django.db.models import Q
from django.utils import timezone

from references.announcing import announce_unavailable
from references.enums import ContactStatus, DuplicateKind, DuplicateStatus, IdentityKind
from references.errors import DomainError
from references.merging.consents import end_withdrawn, withdrawn_consents
from references.merging.fields import GUARDS, Line, resolve
from references.merging.journal import Entry, Journal, take_back
from references.merging.moving import move_all
from references.merging.relations import rewrites
from references.models import Consent, Contact, Customer, DuplicatePair, FormerIdentity, Merge
from references.personal_words import ERASED_NAME, is_erased
from references.pool.gate import Touched
from references.pool.writing import pool_write
from references.program import current_policy
from references.services.consents import note_end, note_return
from references.services.holds import Ask, judge
from references.services.saving import record_change
from users.models import User

UNDO_DAYS = 30
MERGED = "merged"
WITHIN = "within"  # in the journal of a person who was merged along with a customer
_MODELS: dict[str, type[Any]] = {DuplicateKind.CUSTOMER: Customer, DuplicateKind.CONTACT: Contact}
_CALL = "call"  # the ask whose caps are told after merging


@dataclass(slots=True)
class MergePreview:
    """What a merge would do: field by field, what moves by model, and what to think of first.

    `blocked` is why it cannot be done, "" where it can; `breaches` are the caps that then stand against
    asking the one person; `ended` are the activities whose consent ends, since the other one has withdrawn it later;
    `people` are the names of those who are merged along with their customers.
    """

    kept: Any
    gone: Any
    lines: list[Line] = field(default_factory=list)
    moved: dict[str, int] = field(default_factory=dict)
    blocked: str = ""
    breaches: list[str] = field(default_factory=list)
    ended: list[str] = field(default_factory=list)
    people: list[str] = field(default_factory=list)


class _TriedOutError(Exception):
    """Ends a preview, so that its transaction is rolled back."""


def preview_merge(*, kind: str, kept: int, gone: int, taken: Collection[str] | None = None) -> MergePreview:
    """Merge inside a transaction that is taken back, so that all is told as it would be; arguments as `merge_rows`."""
    preview = MergePreview(*_read(kind, kept, gone))
    try:
        preview.lines = resolve(preview.kept, preview.gone, taken)[1]
        with pool_write() as touched:
            ended = {standing.activity for standing, _withdrawn in withdrawn_consents(kind, kept, gone)}
            preview.ended = sorted(ended)
            if kind == DuplicateKind.CUSTOMER:
                preview.people = [person.name for _gone, person in _same_people(preview.gone, preview.kept)]
            merge = _merge(kind, kept, gone, taken, None, touched)
            preview.moved = merge.moved
            if kind == DuplicateKind.CONTACT:
                preview.breaches = _read_breaches(kept)
            raise _TriedOutError
    except _TriedOutError:
        return preview
    except DomainError as error:
        preview.blocked = error.message
    except IntegrityError:
        preview.blocked = "The values chosen belong to another row. Choose others."
    return preview


def merge_rows(*, kind: str, kept: int, gone: int, taken: Collection[str] | None = None, by: User | None) -> Merge:
    """Merge `gone` into `kept`, two ids of one kind; `taken` are the fields whose value comes from the one that goes.

    Opt-outs, pauses, limits and exclusions of both hold. People of one name and without an address at two customers are
    merged with these. Raises DomainError: merge_with_itself, not_found, erased,
    customers_first, merge_blocked, activities_differ, unknown_field, taken.
    """
    _read(kind, kept, gone)
    try:
        with pool_write() as touched:
            return _merge(kind, kept, gone, taken, by, touched)
    except IntegrityError as error:
        raise DomainError("taken", "The values chosen belong to another row. Choose others.") from error


def undo_merge(*, merge: Merge, by: User | None) -> Merge:
    """Take a merge back: both rows are as they were, and what came since stays with the one that was kept.

    Raises DomainError: undone, undo_over, merged_within, merged_on, changed_since.
    """
    try:
        with pool_write() as touched:
            row = Merge.objects.select_for_update(no_key=True).get(pk=merge.pk)
            merged_on = Merge.objects.filter(kind=row.kind, gone=row.kept, undone_at=None)
            _check_undo(row, is_merged_on=merged_on.exists())
            _lock(row.kind, row.kept)
            take_back(row.journal)
            _give_back_consents(row, by)
            if row.kind == DuplicateKind.CUSTOMER:
                _drop_pairs_across(row)
            row.undone_at, row.undone_by, row.journal = timezone.now(), by, []
            row.save(update_fields=["undone_at", "undone_by", "journal"])
            _record(row, by, "unmerged")
            touched.add_all(_customers_of(row.kind, row.kept, row.gone))
    except IntegrityError as error:
        raise DomainError("changed_since", "Something made since has taken the place of what was there.") from error
    merge.refresh_from_db()
    return merge


def find_kept(kind: str, gone: int) -> int | None:
    """The id under which a row that was merged away is found now; None where it was not."""
    found = None
    merge = Merge.objects.filter(kind=kind, gone=gone, undone_at=None).first()
    while merge is not None:
        found = merge.kept
        merge = Merge.objects.filter(kind=kind, gone=found, undone_at=None).first()
    return found


def why_no_undo(merges: Collection[Merge]) -> dict[int, str]:
    """Why merges cannot be taken back for certain, by id, "" where it may be tried; one query."""
    standing = Merge.objects.filter(undone_at=None, gone__in={merge.kept for merge in merges})
    merged_on = set(standing.values_list("kind", "gone"))
    told = {}
    for merge in merges:
        try:
            _check_undo(merge, is_merged_on=(merge.kind, merge.kept) in merged_on)
            told[merge.pk] = ""
        except DomainError as error:
            told[merge.pk] = error.message
    return told


def forget_merges() -> None:
    """Empty the journals of merges that cannot be undone any more."""
    Merge.objects.filter(undo_until__lt=timezone.localdate()).exclude(journal=[]).update(journal=[])


def forget_merges_into(contact_id: int) -> list[int]:
    """Empty all journals that led to one person, and what they were known by; gives the ids that were merged away."""
    ids, fresh = [], [contact_id]
    while fresh:
        merges = Merge.objects.filter(kind=DuplicateKind.CONTACT, kept__in=fresh)
        fresh = list(merges.values_list("gone", flat=True))
        fresh = [each for each in fresh if each not in ids]
        ids += fresh
        merges.update(journal=[])
    _forget_within({contact_id, *ids})
    FormerIdentity.objects.filter(contact=contact_id).delete()
    return ids


def _drop_pairs_across(merge: Merge) -> None:
    """Put forward no more who were likely one only as long as their customers were."""
    here, there = (Contact.objects.filter(customer=pk).values("pk") for pk in (merge.kept, merge.gone))
    across = Q(first__in=here, second__in=there) | Q(first__in=there, second__in=here)
    found = DuplicatePair.objects.open().filter(across, kind=DuplicateKind.CONTACT, found_at__gte=merge.merged_at)
    found.delete()


def _give_back_consents(merge: Merge, by: User | None) -> None:
    """Tell of the consents that the merge had ended, and that its undoing gave back."""
    label = Consent._meta.label
    ended = [pk for entry in merge.journal if entry["model"] == label and _has_ended(entry) for pk in entry["pks"]]
    for consent in Consent.objects.filter(pk__in=ended).order_by("pk"):
        note_return(consent=consent, by=by, why=f"merge of {merge.kind} {merge.gone} undone")


def _has_ended(entry: Entry) -> bool:
    return bool(entry["do"] == "set" and entry["field"] == "revoked_at")


def _forget_within(people: Collection[int]) -> None:
    """Empty the journals of merged customers that hold one of these people."""
    for merge in Merge.objects.filter(kind=DuplicateKind.CUSTOMER).exclude(journal=[]):
        held = (entry for entry in merge.journal if entry["do"] == "delete" and entry["model"] == Contact._meta.label)
        if any(entry["row"]["id"] in people for entry in held):
            Merge.objects.filter(pk=merge.pk).update(journal=[])


def _merge(kind: str, kept: int, gone: int, taken: Collection[str] | None, by: User | None, touched: Touched) -> Merge:
    old_row, row = _lock_both(kind, gone, kept)
    journal, moved = Journal(), Counter[str]()
    touched.add_all(_customers_of(kind, kept, gone))
    if kind == DuplicateKind.CUSTOMER:
        for old_person, person in _same_people(old_row, row):
            _fold(DuplicateKind.CONTACT, old_person, person, None, by, journal, moved)
            within = [{"do": WITHIN, "name": old_person.name}]
            journal.created(_note(DuplicateKind.CONTACT, old_person.pk, person.pk, within, Counter(), by))
    _fold(kind, old_row, row, taken, by, journal, moved)
    return _note(kind, gone, kept, journal.entries, moved, by)


def _fold(
    kind: str,
    old_row: Any,
    row: Any,
    taken: Collection[str] | None,
    by: User | None,
    journal: Journal,
    moved: Counter[str],
) -> None:
    """Let one row take over all that the other was, and delete that one."""
    gone, kept = old_row.pk, row.pk
    values, _lines = resolve(row, old_row, taken)
    before = {name: getattr(row, name) for name in values}
    ended = end_withdrawn(kind, gone, kept, journal)
    move_all(old_row, row, journal, moved)
    for rewrite in rewrites():
        rewrite(kind, gone, kept, journal)
    _settle_pairs(kind, gone, kept, by, journal)
    journal.delete(old_row)
    old_row.pk = gone
    for name, value in values.items():
        journal.set([row], name, before[name], value)
    row.refresh_from_db()
    journal.guard(row, GUARDS[type(row)])
    _remember(kind, old_row, row, journal)
    for consent in Consent.objects.filter(pk__in=ended).order_by("pk"):
        note_end(consent=consent, by=by, why=f"withdrawn by one of {kind} {gone} and {kind} {kept}")
    if kind == DuplicateKind.CONTACT and (row.has_opted_out or row.status != before["status"]):
        announce_unavailable(contact_id=row.pk)


def _note(kind: str, gone: int, kept: int, entries: list[Any], moved: Counter[str], by: User | None) -> Merge:
    merge = Merge.objects.create(
        kind=kind,
        kept=kept,
        gone=gone,
        journal=entries,
        moved={label: count for label, count in sorted(moved.items()) if count},
        merged_by=by,
        undo_until=timezone.localdate() + timedelta(days=UNDO_DAYS),
    )
    _record(merge, by, MERGED)
    return merge


def _same_people(gone: Customer, kept: Customer) -> list[tuple[Contact, Contact]]:
    """(who goes, who stays) of one name and without an address at both customers: one customer has such a one once."""
    rows = Contact.objects.filter(email="").exclude(Q(status=ContactStatus.RETIRED) | Q(name=ERASED_NAME))
    there = {person.folded_name: person for person in rows.filter(customer=kept)}
    theirs = rows.filter(customer=gone, folded_name__in=there).order_by("pk")
    return [(person, there[person.folded_name]) for person in theirs]


def _read(kind: str, kept: int, gone: int) -> tuple[Any, Any]:
    if kept == gone:
        raise DomainError("merge_with_itself", "A row cannot be merged with itself.")
    rows = _MODELS[kind].objects.in_bulk([kept, gone])
    if len(rows) != 2:
        raise DomainError("not_found", "One of the two is not there any more.")
    return rows[kept], rows[gone]


def _lock(kind: str, *ids: int) -> dict[int, Any]:
    """Lock customers before contacts, each in the order of their ids."""
    if kind == DuplicateKind.CONTACT:
        homes = set(Contact.objects.filter(pk__in=ids).values_list("customer_id", flat=True))
        list(Customer.objects.select_for_update(no_key=True).filter(pk__in=homes).order_by("pk"))
    else:
        found = Customer.objects.select_for_update(no_key=True).filter(pk__in=ids).order_by("pk")
        customers = {row.pk: row for row in found}
        list(Contact.objects.select_for_update(no_key=True).filter(customer__in=ids).order_by("pk"))
        return customers
    return {row.pk: row for row in Contact.objects.select_for_update(no_key=True).filter(pk__in=ids).order_by("pk")}


def _lock_both(kind: str, gone: int, kept: int) -> tuple[Any, Any]:
    rows = _lock(kind, gone, kept)
    if len(rows) != 2:
        raise DomainError("not_found", "One of the two is not there any more.")
    old, row = rows[gone], rows[kept]
    if kind == DuplicateKind.CONTACT:
        if is_erased(old) or is_erased(row):
            raise DomainError("erased", "A person who was erased cannot be merged.")
        if old.customer_id != row.customer_id:
            raise DomainError("customers_first", "They are at two customers. Merge the customers first.")
    return old, row


def _settle_pairs(kind: str, gone: int, kept: int, by: User | None, journal: Journal) -> None:
    """The pair is merged; what was said of the one that goes and others is said of the one that stays."""
    for pair in DuplicatePair.objects.filter(Q(first=gone) | Q(second=gone), kind=kind):
        other = pair.second if pair.first == gone else pair.first
        if other == kept:
            journal.set([pair], "status", pair.status, DuplicateStatus.MERGED)
            journal.set([pair], "decided_by_id", pair.decided_by_id, by.pk if by else None)
            journal.set([pair], "decided_at", pair.decided_at, timezone.now())
            continue
        first, second = sorted((kept, other))
        there = DuplicatePair.objects.filter(kind=kind, first=first, second=second).first()
        values = {"first": first, "second": second, "score": pair.score, "reasons": pair.reasons}
        if there is None and pair.status != DuplicateStatus.MERGED:
            journal.created(DuplicatePair.objects.create(kind=kind, status=pair.status, **values))
        elif there is not None and pair.status == DuplicateStatus.DISMISSED:
            journal.set([there], "status", there.status, pair.status)
        if pair.status == DuplicateStatus.OPEN:
            journal.delete(pair)


def _remember(kind: str, old: Any, row: Any, journal: Journal) -> None:
    """Keep what the row that went was known by, where the one that stays is not."""
    known: dict[str, str] = {IdentityKind.CRM_ID: old.external_id, IdentityKind.NAME: old.folded_name}
    now: dict[str, str] = {IdentityKind.CRM_ID: row.external_id, IdentityKind.NAME: row.folded_name}
    if kind == DuplicateKind.CUSTOMER:
        known[IdentityKind.DOMAIN], now[IdentityKind.DOMAIN] = old.domain, row.domain
    else:
        known[IdentityKind.EMAIL], now[IdentityKind.EMAIL] = old.email.lower(), row.email.lower()
    for each, value in known.items():
        if value and value != now[each]:
            journal.created(FormerIdentity.objects.create(kind=each, value=value, **{kind: row}))
    # What the kept row gave up for a value of the other is remembered too: its own old file still says it.
    _remember_overwritten(kind, row, journal)


def _remember_overwritten(kind: str, row: Any, journal: Journal) -> None:
    names = {"folded_name": IdentityKind.NAME, "domain": IdentityKind.DOMAIN, "email": IdentityKind.EMAIL}
    for entry in list(journal.entries):
        is_own = entry["do"] == "set" and entry["model"] == row._meta.label and entry["pks"] == [row.pk]
        if is_own and entry["field"] in names and entry["before"]:
            value = entry["before"].lower()
            made = FormerIdentity.objects.create(kind=names[entry["field"]], value=value, **{kind: row})
            journal.created(made)


def _check_undo(merge: Merge, *, is_merged_on: bool) -> None:
    if merge.undone_at is not None:
        raise DomainError("undone", "This merge was undone already.")
    if not merge.journal or merge.undo_until < timezone.localdate():
        raise DomainError("undo_over", f"A merge can be undone for {UNDO_DAYS} days.")
    if merge.journal[0]["do"] == WITHIN:
        raise DomainError("merged_within", "They were merged along with their customers. Undo that merge.")
    if is_merged_on:
        raise DomainError("merged_on", "The one that was kept has been merged on. Undo that merge first.")


def _customers_of(kind: str, *ids: int) -> set[int]:
    if kind == DuplicateKind.CUSTOMER:
        return set(ids)
    return set(Contact.objects.filter(pk__in=ids).values_list("customer_id", flat=True))


def _record(merge: Merge, by: User | None, after: str) -> None:
    """Note the merge in the history of both."""
    model = _MODELS[merge.kind]
    record_change(subject=model(pk=merge.gone), before="", after=after, by=by, why=f"with {merge.kind} {merge.kept}")
    record_change(subject=model(pk=merge.kept), before="", after=after, by=by, why=f"with {merge.kind} {merge.gone}")


def _read_breaches(contact_id: int) -> list[str]:
    contact = Contact.objects.select_related("customer").get(pk=contact_id)
    if contact.status not in {ContactStatus.ACTIVE, ContactStatus.PAUSED}:
        return []
    ask = Ask(_CALL, timezone.localdate())
    broken = judge(contact, ask, now=timezone.now(), policy=current_policy()).broken
    return sorted(code for code, breach in broken.items() if breach is not None)
