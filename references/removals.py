"""What must be deleted from copies kept elsewhere: speakers and content that may not be used any more.

A row is told wherever it may not be used now and it, or a right over it, has changed or ended since: one that a
subscriber never had may be among them, one that they have and must not keep is never missing.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Model, Q, QuerySet
from django.utils import timezone

from references.enums import ContactStatus, ContentStatus, DuplicateKind
from references.models import CaseStudy, Consent, Contact, Merge, ProofPoint, StateChange, Testimonial
from references.rights import (
    Use,
    asset_of,
    usable_case_studies,
    usable_proof_points,
    usable_speakers,
    usable_testimonials,
)

NOUNS = ("speaker", "case_study", "testimonial", "proof_point")
EXPIRED, RECALLED, CONSENT_ENDED, WITHDRAWN, DELETED = "expired", "recalled", "consent_ended", "withdrawn", "deleted"
WHY = (EXPIRED, RECALLED, CONSENT_ENDED, WITHDRAWN, DELETED)
_SUBJECTS = {"casestudy": "case_study", "testimonial": "testimonial", "proofpoint": "proof_point"}
_NEVER_SHOWN = (ContentStatus.DRAFT, ContentStatus.WITH_CUSTOMER)


@dataclass(frozen=True, slots=True)
class Removal:
    """A row that is gone: `noun` is one of NOUNS, `why` one of WHY; nobody outside may keep it."""

    noun: str
    id: int
    gone_at: datetime
    why: str


@dataclass(frozen=True, slots=True)
class _Ended:
    """A consent that ended: for what, whose it was, and when."""

    activity: str
    contact: int | None
    customer: int
    piece: tuple[str, int] | None
    at: datetime


class Removals:
    """What is gone since a moment, for one use; `activity` is what speakers would do."""

    def __init__(self, *, since: datetime, use: Use, activity: str) -> None:
        self._since, self._use, self._activity = since, use, activity
        self._first_day = timezone.localdate(since) - timedelta(days=1)
        self._today = timezone.localdate()
        self._ended = list(self._read_ended())
        self._customers = {each.customer for each in self._ended}

    def of(self, nouns: Iterable[str]) -> list[Removal]:
        """The removals of these nouns, oldest first; a constant number of queries."""
        readers = {
            "speaker": self._speakers,
            "case_study": lambda: self._pieces("case_study", CaseStudy, usable_case_studies),
            "testimonial": lambda: self._pieces("testimonial", Testimonial, usable_testimonials),
            "proof_point": self._points,
        }
        found = [removal for noun in dict.fromkeys(nouns) for removal in readers[noun]()]
        return sorted(found, key=lambda removal: (removal.gone_at, removal.noun, removal.id))

    def _read_ended(self) -> Iterator[_Ended]:
        lapsed = Q(valid_until__gte=self._first_day, valid_until__lt=self._today)
        over = Q(revoked_at__gte=self._since) | Q(superseded_by__recorded_at__gte=self._since) | lapsed
        for row in Consent.objects.filter(over).select_related("superseded_by"):
            ends = [row.revoked_at, row.superseded_by.recorded_at if row.superseded_by else None]
            ends += [_end_of(row.valid_until)] if row.valid_until is not None else []
            piece = ("case_study", row.case_study_id) if row.case_study_id is not None else None
            piece = ("testimonial", row.testimonial_id) if row.testimonial_id is not None else piece
            at = min(end for end in ends if end is not None)
            yield _Ended(row.activity, row.contact_id, row.customer_id, piece, max(at, self._since))

    def _speakers(self) -> Iterator[Removal]:
        agreed = Consent.objects.general().filter(activity=self._activity)
        whole = agreed.filter(contact__isnull=True).values("customer")
        once = Q(pk__in=agreed.values("contact")) | Q(customer__in=whole)
        usable = usable_speakers(Contact.objects.all(), self._activity, self._use)
        for row in self._gone(Contact.objects.filter(once), self._touched("", "customer__"), usable, "customer"):
            is_reference = row.status == ContactStatus.ACTIVE and not row.has_opted_out
            why = CONSENT_ENDED if is_reference and row.customer.is_referenceable else WITHDRAWN
            yield Removal("speaker", row.pk, self._gone_at(row, row.pk, self._activity, None), why)
        merged = Merge.objects.filter(kind=DuplicateKind.CONTACT, undone_at=None, merged_at__gte=self._since)
        for pk, at in merged.values_list("gone", "merged_at"):
            yield Removal("speaker", pk, at, DELETED)

    def _pieces(self, noun: str, model: type[Model], usable_rows: Any) -> Iterator[Removal]:
        changed = self._touched("", "customer__", "contact__") | self._expired("expires_on")
        shown = model._default_manager.exclude(status__in=_NEVER_SHOWN)
        usable = usable_rows(model._default_manager.all(), self._use)
        states = self._read_states(noun)
        for row in self._gone(shown, changed, usable, "customer", "contact"):
            at = states.get(row.pk) or self._gone_at(row, row.contact_id, asset_of(row), (noun, row.pk))
            yield Removal(noun, row.pk, at, self._why(row))

    def _points(self) -> Iterator[Removal]:
        changed = self._touched("", "customer__", "case_study__", "testimonial__")
        changed |= self._expired("case_study__expires_on") | self._expired("testimonial__expires_on")
        hidden = Q(case_study__isnull=False, case_study__status__in=_NEVER_SHOWN)
        hidden |= Q(testimonial__isnull=False, testimonial__status__in=_NEVER_SHOWN)
        usable = usable_proof_points(ProofPoint.objects.all(), self._use)
        related = ("customer", "case_study__contact", "testimonial__contact")
        for row in self._gone(ProofPoint.objects.exclude(hidden), changed, usable, *related):
            piece = row.case_study or row.testimonial
            person, noun = piece and piece.contact_id, "case_study" if row.case_study_id else "testimonial"
            at = self._gone_at(row, person, asset_of(row), None if piece is None else (noun, piece.pk))
            yield Removal("proof_point", row.pk, at, self._why(piece or row))
        for pk, at in self._read_states("proof_point").items():
            yield Removal("proof_point", pk, at, DELETED)

    def _touched(self, *paths: str) -> Q:
        """Rows that changed since, or whose customer, person or piece did, or over which a right ended."""
        found = Q(customer__in=self._customers)
        for path in paths:
            found |= Q(**{f"{path}updated_at__gte": self._since})
        return found

    def _expired(self, column: str) -> Q:
        return Q(**{f"{column}__gte": self._first_day, f"{column}__lt": self._today})

    def _gone(self, rows: QuerySet[Any], changed: Q, usable: QuerySet[Any], *related: str) -> QuerySet[Any]:
        gone = rows.filter(changed).exclude(pk__in=usable.order_by().values("pk"))
        return gone.select_related(*related).order_by("pk")

    def _read_states(self, noun: str) -> dict[int, datetime]:
        """When pieces came to their last state since, by id; of proof points, when they were deleted."""
        model = next(name for name, each in _SUBJECTS.items() if each == noun)
        last = (DELETED,) if noun == "proof_point" else (ContentStatus.EXPIRED, ContentStatus.RECALLED)
        rows = StateChange.objects.filter(subject__startswith=f"{model}:", to_status__in=last, at__gte=self._since)
        return {int(subject.partition(":")[2]): at for subject, at in rows.order_by("id").values_list("subject", "at")}

    def _gone_at(self, row: Any, person: int | None, activity: str, piece: tuple[str, int] | None) -> datetime:
        """When the last right over a row ended; when it changed, where none did."""
        ends = [
            each.at
            for each in self._ended
            if each.activity == activity
            and each.customer == row.customer_id
            and each.contact in {None, person}
            and each.piece in {None, piece}
        ]
        return max(ends, default=max(row.updated_at, self._since))

    def _why(self, row: Any) -> str:
        if isinstance(row, ProofPoint):
            return CONSENT_ENDED if row.customer.is_referenceable else WITHDRAWN
        if row.status == ContentStatus.RECALLED:
            return RECALLED
        if row.status == ContentStatus.EXPIRED or (row.expires_on is not None and row.expires_on < self._today):
            return EXPIRED
        has_left = row.contact is not None and row.contact.has_opted_out
        return WITHDRAWN if has_left or not row.customer.is_referenceable else CONSENT_ENDED


def _end_of(day: date) -> datetime:
    """The first moment after a day."""
    return timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min))
