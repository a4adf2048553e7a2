"""What all writers of one import share: the import itself, and the record of the states that rows took by it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from references.importing.inserting import append_rows
from references.models import StateChange
from users.models import User

Move = tuple[str, str, str]
"""A subject such as "contact:17", the state it left, "" for a new one, and the state it took."""


@dataclass(frozen=True, slots=True)
class Import:
    """One import: what it is called as evidence, on which day, and who asked for it."""

    evidence: str
    today: date
    by: User | None


def record_moves(moves: Sequence[Move], run: Import) -> None:
    """Keep who moved what, when and why."""
    fixed = {"by": run.by.pk if run.by else None, "why": run.evidence}
    append_rows(StateChange, ["subject", "from_status", "to_status"], moves, fixed)
