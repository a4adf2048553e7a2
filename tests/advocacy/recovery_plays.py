"""Recovery plays and their templates for tests."""

from itertools import count
from typing import Any

from advocacy.models import PlayTemplate, RecoveryPlay
from advocacy.services.recovery import open_play
from references.models import Contact

_numbers = count(1)


def make_template(name: str = "", **fields: Any) -> PlayTemplate:
    """Make a template of two steps, due within a week, that opens by hand."""
    given = {"kind": "call", "steps": ["Call", "Write"], "due_days": 7, **fields}
    return PlayTemplate.objects.create(name=name or f"Play {next(_numbers)}", **given)


def make_play(contact: Contact, **fields: Any) -> RecoveryPlay:
    """Open a play by hand that began with a four."""
    given = {"source": f"test:{next(_numbers)}", "score": 4, "why": "Answered 4 in Spring", **fields}
    return open_play(contact=contact, **given)
