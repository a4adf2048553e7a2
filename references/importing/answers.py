"""Logs survey answers: dated ones in the ledger, once for each person and day, and all in the history of loyalty."""

from collections.abc import Set
from datetime import date

from django.utils import timezone

from references.enums import EngagementStatus
from references.importing.among import among
from references.importing.inserting import append_rows, insert_rows
from references.importing.record import ImportRow
from references.importing.report import Count
from references.loyalty import classify_score
from references.models import Contact, Engagement, EngagementChange, LoyaltyRecord

ACTIVITY = "survey"


class AnswerWriter:
    """The survey answers of a file, a batch at a time. An answer without a date stays out of the ledger."""

    def __init__(self) -> None:
        self._waiting: dict[str, tuple[Contact, date]] = {}
        self._scores: dict[str, tuple[Contact, date | None, int]] = {}
        self.count = Count()

    def take(self, row: ImportRow, contact: Contact | None) -> None:
        """Note the answer of a row's person."""
        if contact is not None and row.nps is not None:
            self._scores[f"pool:{contact.id}:{row.nps_date or row.nps}"] = (contact, row.nps_date, row.nps)
        if contact is not None and row.nps is not None and row.nps_date is not None:
            self._waiting[f"import:nps:{contact.id}:{row.nps_date}"] = (contact, row.nps_date)

    def flush(self, fresh: Set[int] = frozenset()) -> set[int]:
        """Write the batch; gives the customers concerned. Contacts that are `fresh`, by key, have answered nothing."""
        self._write_history(fresh)
        asked = [source for source, (contact, _) in self._waiting.items() if contact.id not in fresh]
        there = set(Engagement.objects.filter(source__in=among(asked)).values_list("source", flat=True))
        new = {source: each for source, each in self._waiting.items() if source not in there}
        now = timezone.now()
        same = {"activity": ACTIVITY, "status": EngagementStatus.COMPLETED, "recorded_at": now}
        rows = [(contact.id, on, source) for source, (contact, on) in new.items()]
        keys = insert_rows(Engagement, ["contact_id", "on", "source"], rows, same)
        steps = {"status": EngagementStatus.COMPLETED, "at": now}
        append_rows(EngagementChange, ["engagement_id"], [(key,) for key in keys], steps)
        self.count.created += len(new)
        self.count.unchanged += len(self._waiting) - len(new)
        self._waiting.clear()
        return {contact.customer_id for contact, _ in new.values()}

    def _write_history(self, fresh: Set[int]) -> None:
        asked = [source for source, (contact, _, _) in self._scores.items() if contact.id not in fresh]
        there = set(LoyaltyRecord.objects.filter(source__in=among(asked)).values_list("source", flat=True))
        rows = [
            (contact.id, on, score, classify_score(score), source)
            for source, (contact, on, score) in self._scores.items()
            if source not in there
        ]
        append_rows(LoyaltyRecord, ["contact_id", "on", "score", "loyalty", "source"], rows)
        self._scores.clear()
