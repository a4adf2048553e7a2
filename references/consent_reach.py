"""What hangs on a consent: the pieces it covers, the places noted for them, and the slots its person was booked for."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import cast

from django.db.models import Q, QuerySet
from django.utils import timezone

from references.enums import ContentNoun, SlotStatus
from references.models import Consent, ContentUse, SpeakingSlot
from references.querysets import USABLE_CONTENT, ConsentQuerySet
from references.rights import ASSET_ACTIVITIES, Use
from references.wording import Written, rows_of

MOST_PIECES = 50
BOOKED = (SlotStatus.HELD, SlotStatus.CONFIRMED)


@dataclass(frozen=True, slots=True)
class HangingPiece:
    """A piece that a consent covers. `is_last` says that nothing else covers it: it ends with the consent.

    `places` are those noted by hand that nobody has taken down.
    """

    piece: Written
    noun: str
    is_last: bool
    places: tuple[ContentUse, ...]


@dataclass(frozen=True, slots=True)
class Reach:
    """What hangs on a consent; of very many pieces the newest."""

    pieces: tuple[HangingPiece, ...]
    slots: tuple[SpeakingSlot, ...]

    @property
    def ending(self) -> tuple[HangingPiece, ...]:
        """The pieces that end with it."""
        return tuple(each for each in self.pieces if each.is_last)

    @property
    def places(self) -> int:
        """How many noted places show what ends with it."""
        return sum(len(each.places) for each in self.ending)


def reach_of(consent: Consent, *, on: date | None = None) -> Reach:
    """Read what hangs on a consent on a day; four queries at most."""
    today = on or timezone.localdate()
    noun = _noun(consent)
    pieces: list[Written] = []
    kept: set[int] = set()
    if noun:
        own = _consents(Consent.objects.in_force(on=today).filter(pk=consent.pk))
        rows = rows_of(noun).filter(own.covering_pieces(noun), customer=consent.customer_id, status__in=USABLE_CONTENT)
        if noun == ContentNoun.TESTIMONIAL:
            rows = rows.filter(kind=consent.activity)
        pieces = list(rows.select_related("owner")[:MOST_PIECES])
        others = _others(consent, today).covering_pieces(noun)
        kept = set(rows_of(noun).filter(others, pk__in=[each.pk for each in pieces]).values_list("pk", flat=True))
    places = _places(noun, pieces)
    hanging = tuple(HangingPiece(each, noun, each.pk not in kept, tuple(places[each.pk])) for each in pieces)
    return Reach(hanging, tuple(_slots(consent, today)))


def _noun(consent: Consent) -> str:
    if consent.activity == "case_study":
        return ContentNoun.CASE_STUDY.value
    return ContentNoun.TESTIMONIAL.value if consent.activity in ASSET_ACTIVITIES else ""


def _others(consent: Consent, today: date) -> ConsentQuerySet[Consent]:
    """What still covers the pieces once the consent is revoked: a person's no counts against their customer's yes."""
    others = _consents(Use(on=today).consents([consent.activity]).exclude(pk=consent.pk))
    if consent.case_study_id is not None or consent.testimonial_id is not None:
        return others.filter(case_study=consent.case_study_id, testimonial=consent.testimonial_id)
    if consent.contact_id is not None:
        return others.exclude(contact__isnull=True, case_study__isnull=True, testimonial__isnull=True)
    return others


def _places(noun: str, pieces: list[Written]) -> dict[int, list[ContentUse]]:
    found: dict[int, list[ContentUse]] = defaultdict(list)
    if pieces:
        ids = [each.pk for each in pieces]
        of_pieces = Q(**{f"{noun}__in": ids}) | Q(**{f"proof_point__{noun}__in": ids})
        rows = ContentUse.objects.filter(of_pieces, ended_at__isnull=True).select_related("proof_point")
        for use in rows:
            owner = use if use.proof_point is None else use.proof_point
            found[cast("int", getattr(owner, f"{noun}_id"))].append(use)
    return found


def _slots(consent: Consent, today: date) -> QuerySet[SpeakingSlot]:
    """The slots to come that the person holds by this activity; a customer's consent books nobody."""
    if consent.contact_id is None or consent.case_study_id is not None or consent.testimonial_id is not None:
        return SpeakingSlot.objects.none()
    rows = SpeakingSlot.objects.filter(speaker=consent.contact_id, activity=consent.activity, status__in=BOOKED)
    return rows.filter(starts_at__date__gte=today)


def _consents(rows: QuerySet[Consent]) -> ConsentQuerySet[Consent]:
    return cast("ConsentQuerySet[Consent]", rows)
