"""Records the consents that rows give, once each: a later one supersedes, a refusal revokes, the revoked stays so."""

from collections import defaultdict
from collections.abc import Collection, Set
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from itertools import starmap

from django.utils import timezone

from references.activities import CODES
from references.importing.among import among
from references.importing.inserting import insert_rows
from references.importing.record import ImportRow
from references.importing.records import Import, Move
from references.importing.report import Count
from references.importing.upserts import BATCH
from references.models import Consent, Contact, Customer
from references.services.consents import IN_FORCE, REVOKED, SUPERSEDED

EVIDENCE = "import "
_COLUMNS = ("contact_id", "customer_id", "activity", "valid_from", "valid_until")
_BITS = {code: 1 << place for place, code in enumerate(CODES)}
_EVERYTHING = (1 << len(CODES)) - 1
Giver = int  # a contact's key, or a customer's below zero


@dataclass(slots=True)
class _Standing:
    """A consent that is there."""

    pk: int
    customer_id: int
    contact_id: int | None
    activity: str
    evidence: str
    valid_until: date | None
    revoked_at: datetime | None
    superseded_by_id: int | None


_STANDING = tuple(each.name for each in fields(_Standing))


@dataclass(slots=True)
class _Batch:
    rows: list[tuple[ImportRow, Customer, Contact | None]] = field(default_factory=list)
    new: list[tuple[int | None, int, str, date, date | None]] = field(default_factory=list)  # as _COLUMNS
    superseded: list[tuple[_Standing, int]] = field(default_factory=list)  # with the place of the new one
    revoked: list[_Standing] = field(default_factory=list)


class ConsentWriter:
    """The consents of a file, a batch at a time. The first word of a file on an activity holds, but a no outdoes it."""

    def __init__(self, run: Import) -> None:
        self._run = run
        self._said: dict[Giver, int] = {}
        self._batch = _Batch()
        self.count = Count()

    def take(self, row: ImportRow, customer: Customer, contact: Contact | None) -> None:
        """Note what a row allows or refuses: its person, or without one its customer."""
        if row.consent or row.consent_refused or row.forbidden:
            self._batch.rows.append((row, customer, contact))

    def flush(self, fresh: Set[Giver] = frozenset()) -> tuple[set[int], list[Move]]:
        """Write the batch; gives the customers concerned, and the records of what was given or ended.

        Those who are `fresh` have given nothing before this batch.
        """
        batch, self._batch = self._batch, _Batch()
        there = self._read({_giver(customer, contact) for _, customer, contact in batch.rows} - fresh)
        for row, customer, contact in batch.rows:
            if row.consent_refused:
                giver = _giver(customer, contact)
                self._said[giver] = _EVERYTHING
                batch.revoked += _end(there[giver], CODES)
            elif row.forbidden:
                giver = _giver(customer, contact)
                for activity in row.forbidden:
                    self._said[giver] = self._said.get(giver, 0) | _BITS[activity]
                batch.revoked += _end(there[giver], row.forbidden)
        for row, customer, contact in batch.rows:
            giver = _giver(customer, contact)
            said = self._said.get(giver, 0)
            for activity in row.consent:
                if not said & _BITS[activity]:
                    said |= _BITS[activity]
                    self._give(batch, row, (customer.id, contact.id if contact else None), activity, there[giver])
            self._said[giver] = said
        return self._write(batch)

    def _read(self, givers: Set[Giver]) -> dict[Giver, list[_Standing]]:
        """The consents of these givers, revoked ones included; two queries at most."""
        there: dict[Giver, list[_Standing]] = defaultdict(list)
        contacts = {giver for giver in givers if giver > 0}
        customers = {-giver for giver in givers if giver < 0}
        for query in (
            Consent.objects.filter(contact__in=among(contacts)),
            Consent.objects.filter(customer__in=among(customers), contact__isnull=True),
        ):
            for consent in starmap(_Standing, query.values_list(*_STANDING)):
                there[-consent.customer_id if consent.contact_id is None else consent.contact_id].append(consent)
        return there

    def _give(
        self, batch: _Batch, row: ImportRow, whose: tuple[int, int | None], activity: str, there: list[_Standing]
    ) -> None:
        same = [each for each in there if each.activity == activity and each.superseded_by_id is None]
        live = [each for each in same if each.revoked_at is None]
        imported = next((each for each in live if each.evidence.startswith(EVIDENCE)), None)
        if same and (imported is None or imported.valid_until == row.consent_until):
            self.count.unchanged += 1  # as it is, or made by hand, or revoked: an import does not undo that
            return
        if imported is not None:
            batch.superseded.append((imported, len(batch.new)))
        starts = min(self._run.today, row.consent_until or self._run.today)
        customer_id, contact_id = whose
        batch.new.append((contact_id, customer_id, activity, starts, row.consent_until))

    def _write(self, batch: _Batch) -> tuple[set[int], list[Move]]:
        keys = insert_rows(Consent, _COLUMNS, batch.new, {"evidence": self._run.evidence})
        for old, place in batch.superseded:
            old.superseded_by_id = keys[place]
        superseded = [Consent(pk=old.pk, superseded_by_id=old.superseded_by_id) for old, _ in batch.superseded]
        Consent.objects.bulk_update(superseded, ["superseded_by"], batch_size=BATCH)
        revoked = [Consent(pk=old.pk, revoked_at=old.revoked_at) for old in batch.revoked]
        Consent.objects.bulk_update(revoked, ["revoked_at"], batch_size=BATCH)
        self.count.created += len(batch.new) - len(batch.superseded)
        self.count.updated += len(batch.superseded) + len(batch.revoked)
        moves = [(f"consent:{key}", "", IN_FORCE) for key in keys]
        moves += [(f"consent:{old.pk}", IN_FORCE, SUPERSEDED) for old, _ in batch.superseded]
        moves += [(f"consent:{consent.pk}", IN_FORCE, REVOKED) for consent in batch.revoked]
        return {row[1] for row in batch.new} | {consent.customer_id for consent in batch.revoked}, moves


def _end(there: list[_Standing], activities: Collection[str]) -> list[_Standing]:
    """Revoke what is in force for these activities; gives what was."""
    live = [each for each in there if each.revoked_at is None and each.superseded_by_id is None]
    live = [each for each in live if each.activity in activities]
    for consent in live:
        consent.revoked_at = timezone.now()
    return live


def _giver(customer: Customer, contact: Contact | None) -> Giver:
    return int(contact.id) if contact else -int(customer.id)
