"""Warns of consents that end: thirty and seven days before, whoever keeps what hangs on them, once for each."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from delivery.mails import send_later
from references.consent_reach import reach_of
from references.models import Consent, StateChange
from references.services.consents import IN_FORCE
from references.services.keepers import keepers_of, managers
from references.services.saving import name_subject, record_change
from users.models import User

LETTER_ENDING = "consents_ending"
SOON = 30
THRESHOLDS = (SOON, 7)
"""Days before the end at which a warning goes out, the longest first."""


def ending_consents(on: date, *, within: int = SOON) -> QuerySet[Consent]:
    """Consents in force that end within so many days, the first to end first."""
    ending = Consent.objects.in_force(on=on).filter(valid_until__lte=on + timedelta(days=within))
    return ending.order_by("valid_until", "pk")


@transaction.atomic
def warn_of_ending() -> int:
    """Promise a letter to everybody who keeps something that ends soon, listing it; gives how many letters.

    Each consent is told of once per threshold; where the clock stood still, at the next sweep.
    """
    today = timezone.localdate()
    lists: dict[int, list[str]] = defaultdict(list)
    due = list(_due(today))
    for consent, threshold in due:
        for user in _keepers(consent, today):
            lists[user.pk].append(f"{consent.pk}:{threshold}")
        why = _told(threshold)
        record_change(subject=consent, before=IN_FORCE, after=IN_FORCE, by=None, why=why)
    for user_id, told in lists.items():
        digest = hashlib.sha256(" ".join(told).encode()).hexdigest()[:16]
        consents = [int(each.partition(":")[0]) for each in told]
        payload = {"user": user_id, "consents": consents}
        send_later(kind=LETTER_ENDING, key=f"{LETTER_ENDING}:{user_id}:{digest}", payload=payload)
    return len(lists)


def _due(today: date) -> Iterable[tuple[Consent, int]]:
    """The consents that end soon with the nearest threshold they have passed, where nobody was told of it."""
    rows = list(ending_consents(today).select_related("contact", "customer"))
    told = set(
        StateChange.objects.filter(subject__in=[name_subject(row) for row in rows]).values_list("subject", "why")
    )
    for row in rows:
        assert row.valid_until is not None  # noqa: S101 - the rows were filtered by it
        left = (row.valid_until - today).days
        threshold = min(each for each in THRESHOLDS if left <= each)
        if (name_subject(row), _told(threshold)) not in told:
            yield row, threshold


def _keepers(consent: Consent, today: date) -> list[User]:
    """The owners of the pieces that end with it, else every manager."""
    owners = {
        user.pk: user
        for each in reach_of(consent, on=today).pieces
        if each.piece.owner is not None
        for user in keepers_of(each.piece)
    }
    return list(owners.values()) or managers()


def _told(threshold: int) -> str:
    return f"Told that it ends within {threshold} days."
