"""Records the consents that rows give, once each: a later one supersedes, a refusal revokes, the revoked stays so."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.utils import timezone

from references.activities import CODES
from references.importing.contacts import Import
from references.importing.report import Count
from references.importing.rows import ImportRow
from references.importing.upserts import BATCH
from references.models import Consent, Contact, Customer, StateChange
from references.services.consents import IN_FORCE, REVOKED, SUPERSEDED

EVIDENCE = "import "
Giver = int  # a contact's key, or a customer's below zero


@dataclass(slots=True)
class _Batch:
    rows: list[tuple[ImportRow, Customer, Contact | None]] = field(default_factory=list)
    new: list[Consent] = field(default_factory=list)
    superseded: list[tuple[Consent, Consent]] = field(default_factory=list)
    revoked: list[Consent] = field(default_factory=list)


class ConsentWriter:
    """The consents of a file, a batch at a time; the first word of a file on one activity holds."""

    def __init__(self, run: Import) -> None:
        self._run = run
        self._said: dict[Giver, int] = {}
        self._batch = _Batch()
        self.count = Count()

    def take(self, row: ImportRow, customer: Customer, contact: Contact | None) -> None:
        """Note what a row allows or refuses: its person, or without one its customer."""
        if row.consent or row.consent_refused:
            self._batch.rows.append((row, customer, contact))

    def flush(self) -> tuple[set[int], list[StateChange]]:
        """Write the batch; gives the customers concerned, and the records of what was given or ended."""
        batch, self._batch = self._batch, _Batch()
        there = self._read(batch)
        for row, customer, contact in batch.rows:
            giver = _giver(customer, contact)
            if row.consent_refused:
                self._refuse(batch, there[giver])
            for activity in row.consent:
                bit = 1 << CODES.index(activity)
                if not self._said.get(giver, 0) & bit:
                    self._said[giver] = self._said.get(giver, 0) | bit
                    self._give(batch, row, customer, contact, activity, there[giver])
        return self._write(batch)

    def _read(self, batch: _Batch) -> dict[Giver, list[Consent]]:
        """The consents of this batch's givers, revoked ones included; two queries at most."""
        there: dict[Giver, list[Consent]] = defaultdict(list)
        contacts = {contact.pk for _, _, contact in batch.rows if contact}
        customers = {customer.pk for _, customer, contact in batch.rows if not contact}
        queries: list[Iterable[Consent]] = []
        if contacts:
            queries.append(Consent.objects.filter(contact__in=contacts))
        if customers:
            queries.append(Consent.objects.filter(customer__in=customers, contact__isnull=True))
        for query in queries:
            for consent in query:
                there[-consent.customer_id if consent.contact_id is None else consent.contact_id].append(consent)
        return there

    def _give(
        self,
        batch: _Batch,
        row: ImportRow,
        customer: Customer,
        contact: Contact | None,
        activity: str,
        there: list[Consent],
    ) -> None:
        same = [each for each in there if each.activity == activity and each.superseded_by_id is None]
        live = [each for each in same if each.revoked_at is None]
        imported = next((each for each in live if each.evidence.startswith(EVIDENCE)), None)
        if same and (imported is None or imported.valid_until == row.consent_until):
            self.count.unchanged += 1  # as it is, or made by hand, or revoked: an import does not undo that
            return
        today = self._run.today
        consent = Consent(
            contact=contact,
            customer=customer,
            activity=activity,
            valid_from=min(today, row.consent_until or today),
            valid_until=row.consent_until,
            evidence=self._run.evidence[:300],
        )
        batch.new.append(consent)
        there.append(consent)
        if imported is not None:
            batch.superseded.append((imported, consent))

    def _refuse(self, batch: _Batch, there: list[Consent]) -> None:
        for consent in there:
            if consent.revoked_at is None and consent.superseded_by_id is None:
                consent.revoked_at = timezone.now()
                if consent.pk:
                    batch.revoked.append(consent)

    def _write(self, batch: _Batch) -> tuple[set[int], list[StateChange]]:
        Consent.objects.bulk_create(batch.new, batch_size=BATCH)
        for old, new in batch.superseded:
            old.superseded_by = new
        Consent.objects.bulk_update([old for old, _ in batch.superseded], ["superseded_by"], batch_size=BATCH)
        Consent.objects.bulk_update(batch.revoked, ["revoked_at"], batch_size=BATCH)
        self.count.created += len(batch.new) - len(batch.superseded)
        self.count.updated += len(batch.superseded) + len(batch.revoked)
        changes = [self._record(consent, "", IN_FORCE) for consent in batch.new]
        changes += [self._record(old, IN_FORCE, SUPERSEDED) for old, _ in batch.superseded]
        changes += [self._record(consent, IN_FORCE, REVOKED) for consent in batch.revoked]
        changed = [*batch.new, *batch.revoked]
        return {consent.customer_id for consent in changed}, changes

    def _record(self, consent: Consent, before: str, after: str) -> StateChange:
        subject = f"consent:{consent.pk}"
        return StateChange(
            subject=subject, from_status=before, to_status=after, by=self._run.by, why=self._run.evidence
        )


def _giver(customer: Customer, contact: Contact | None) -> Giver:
    return int(contact.pk) if contact else -int(customer.pk)
