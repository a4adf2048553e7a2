"""Puts files that are imported together into an order in which each finds the customers it joins."""

from collections.abc import Sequence
from pathlib import Path

from references.importing.errors import ImportRefusedError
from references.importing.preview import GivenMapping, choose_mapping
from references.importing.readers import open_table

_SUBJECTS = frozenset({"promoter", "first_name", "last_name", "email", "story_id", "story_title", "quote", "event"})


def order_files(
    paths: Sequence[Path], mapping: GivenMapping = None, *, sheet: str = "", encoding: str = ""
) -> list[Path]:
    """Lists of customers first, those that tell a customer by its id or domain alone last; else the order given."""
    return sorted(paths, key=lambda path: _rank(path, mapping, sheet, encoding)) if len(paths) > 1 else list(paths)


def _rank(path: Path, mapping: GivenMapping, sheet: str, encoding: str) -> int:
    try:
        fields = choose_mapping(open_table(path, encoding=encoding, sheet=sheet), mapping).fields
    except ImportRefusedError:
        return 1  # its import says why
    if "customer" not in fields:
        return 2
    return 1 if fields & _SUBJECTS else 0
