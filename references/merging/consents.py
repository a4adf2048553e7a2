"""Consents of two rows that are one: what one of them has withdrawn, an older word of the other does not allow."""

from collections.abc import Iterator

from django.db.models import Q, QuerySet

from references.announcing import announce_unavailable
from references.enums import DuplicateKind
from references.merging.journal import Journal
from references.models import Consent


def withdrawn_consents(kind: str, one: int, other: int) -> list[tuple[Consent, Consent]]:
    """(standing, withdrawn) for each general consent of one that is older than the other's withdrawal of the same.

    Whoever gave it anew after withdrawing it allows it; what was given for one piece alone is left.
    """
    return [*_older_words(kind, one, other), *_older_words(kind, other, one)]


def end_withdrawn(kind: str, gone: int, kept: int, journal: Journal) -> list[int]:
    """End such consents from the moment of the withdrawal, and give their ids; to be called before they move."""
    ended = withdrawn_consents(kind, kept, gone)
    for standing, withdrawn in ended:
        journal.set([standing], "revoked_at", None, withdrawn.revoked_at)
    if ended and kind == DuplicateKind.CONTACT:
        announce_unavailable(contact_id=kept)
    elif ended:
        announce_unavailable(customer_id=kept)
    return [standing.pk for standing, _withdrawn in ended]


def _older_words(kind: str, holder: int, other: int) -> Iterator[tuple[Consent, Consent]]:
    standing = Q(revoked_at__isnull=True, superseded_by__isnull=True)
    given_anew = set(_general(kind, other).filter(standing).values_list("activity", flat=True))
    last: dict[str, Consent] = {}
    for row in _general(kind, other).filter(revoked_at__isnull=False).order_by("revoked_at", "pk"):
        last[row.activity] = row
    for row in _general(kind, holder).filter(standing).order_by("pk"):
        withdrawn = last.get(row.activity)
        if withdrawn is None or withdrawn.revoked_at is None or row.activity in given_anew:
            continue
        if row.recorded_at <= withdrawn.revoked_at:
            yield row, withdrawn


def _general(kind: str, owner: int) -> QuerySet[Consent]:
    rows = Consent.objects.filter(case_study__isnull=True, testimonial__isnull=True)
    if kind == DuplicateKind.CONTACT:
        return rows.filter(contact=owner)
    return rows.filter(customer=owner, contact__isnull=True)
