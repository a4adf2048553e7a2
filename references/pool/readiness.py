"""Who is free for an activity on a day, and what stands against the others, read from the index."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np
from django.utils import timezone

from references.pool.conditions import Conditions, Mask, Usage, conditions_of
from references.pool.index import current_snapshot
from references.pool.snapshot import View

UNWILLING = ("not_active", "opted_out", "not_referenceable", "no_consent", "not_agreed")
"""Codes of the rules that say no for good: the person, or the customer, has not agreed."""


@dataclass(frozen=True, slots=True)
class Standing:
    """One person's standing: their use so far, and the codes of the rules that fail."""

    usage: Usage
    broken: tuple[str, ...]


class Readiness:
    """Everyone's standing for one activity on one day, as of the last committed write."""

    def __init__(self, activity: str, on: date) -> None:
        self._snapshot = current_snapshot()
        self._activity, self._on, self._now = activity, on, timezone.now()

    @cached_property
    def _parts(self) -> list[tuple[View, Conditions]]:
        policy = self._snapshot.policy
        return [
            (view, conditions_of(view.segment, self._activity, self._on, now=self._now, policy=policy))
            for view in self._snapshot.views
        ]

    def free_ids(self) -> list[int]:
        """Ids of the contacts against whom no rule stands, in ascending order."""
        return self._ids([conditions.free() for _, conditions in self._parts])

    def willing_ids(self) -> list[int]:
        """Ids of the promoters who agreed to the activity, tired or not, in ascending order."""
        return self._ids(
            [~np.logical_or.reduce([conditions.broken[code] for code in UNWILLING]) for _, conditions in self._parts]
        )

    def _ids(self, masks: list[Mask]) -> list[int]:
        found = [
            view.segment.people_docs.ids[view.people.is_live & mask]
            for (view, _), mask in zip(self._parts, masks, strict=True)
        ]
        return sorted(int(each) for each in np.concatenate(found)) if found else []

    def of(self, contact_ids: Iterable[int]) -> dict[int, Standing]:
        """The standing of each of these contacts that the index knows."""
        found: dict[int, Standing] = {}
        for view, conditions in self._parts:
            for contact_id in contact_ids:
                row = view.segment.people_rows.get(contact_id)
                if row is not None and view.people.is_live[row]:
                    found[contact_id] = self._stand(conditions, row)
        return found

    def _stand(self, conditions: Conditions, row: int) -> Standing:
        return Standing(
            usage=conditions.usage(row, self._snapshot.policy.fatigue),
            broken=tuple(code for code, mask in conditions.broken.items() if mask[row]),
        )
