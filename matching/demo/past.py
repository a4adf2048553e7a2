"""Dates rows back: what the database stamps with the present when they are written takes the moment it stands for."""

from collections import defaultdict
from datetime import datetime

from django.db.models import Model

from matching.models import Match, Request
from references.models import StateChange
from references.services.saving import name_subject
from users.models import User

_BATCH = 500


class Past:
    """Rows written for moments gone by, and the history of states to go with them."""

    def __init__(self) -> None:
        self._moments: dict[type[Model], dict[int, tuple[Model, dict[str, datetime]]]] = defaultdict(dict)
        self._changes: list[tuple[datetime, StateChange]] = []

    def date(self, row: Model, **moments: datetime) -> None:
        """Let the named fields of a saved row take these moments; a later call adds to an earlier one."""
        _, known = self._moments[type(row)].setdefault(row.pk, (row, {}))
        known.update(moments)

    def note(self, row: Model, before: str, after: str, at: datetime, *, by: User | None, why: str, actor: str) -> None:
        """Note a move of a saved row."""
        change = StateChange(
            subject=name_subject(row), from_status=before, to_status=after, by=by, actor=actor, why=why[:300]
        )
        self._changes.append((at, change))

    def write(self) -> None:
        """Write the history in its order, then set every moment."""
        self._changes.sort(key=lambda each: each[0])
        changes = [change for _, change in self._changes]
        StateChange.objects.bulk_create(changes, batch_size=_BATCH)
        for at, change in self._changes:
            self.date(change, at=at)
        for model, dated in self._moments.items():
            rows, names = [], set[str]()
            for row, moments in dated.values():
                for name, moment in moments.items():
                    setattr(row, name, moment)
                names.update(moments)
                rows.append(row)
            model._default_manager.bulk_update(rows, sorted(names), batch_size=_BATCH)


def set_latest(row: Request | Match, at: datetime) -> dict[str, datetime]:
    """The moments of a row that was made and last changed then."""
    return {"created_at": at, "updated_at": at}
