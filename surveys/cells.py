"""Reads the cells of an export of answers: a score in its many spellings, and a day."""

import re
from datetime import UTC, date, datetime
from functools import lru_cache

from references.importing.cells import clean_text, is_blank
from references.importing.dates import parse_date
from references.importing.errors import CellError

SCORE_EXPECTED = "a whole number from 0 to 10"
_SKIPPED = frozenset(
    (
        "skip", "skipped", "unanswered", "no answer", "not answered", "no response", "no score", "did not answer",
        "prefer not to say", "prefer not to answer", "don't know", "i don't know", "keine angabe", "k. a.",
        "sin respuesta", "sans réponse", "ns/nc",
    )
)  # fmt: skip
_NUMBER = re.compile(r"^([+-]?\d{1,9})(?:[.,](\d+))?$")
_OF_TEN = re.compile(r"^(\d{1,2})(?:[.,]0+)?\s*(?:/|of|out\s+of|von|de|sur)\s*10$", re.IGNORECASE)
_NUMBER_FIRST = re.compile(r"^(\d{1,2})\s*(?:[-–—:=.)]+\s*|\(\s*|\s+)([^\W\d].*|…|\.\.\.)$")
_NUMBER_LAST = re.compile(r"^[^\W\d][^\d]*?[\s(=:–—-]+(\d{1,2})\s*\)?$")
_MONTH = re.compile(r"^(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\b", re.IGNORECASE)
_LABEL = re.compile(r"like(?:ly|lihood)|recommend|promot|passiv|detract", re.IGNORECASE)
_EPOCH = re.compile(r"^(\d{10})(?:\d{3})?$")


@lru_cache(maxsize=4096)
def parse_score(cell: str) -> int | None:
    """Read a score: "9", "8.0", "9/10", "10 - Extremely likely"; None where the question was skipped.

    Raises CellError for what is no whole number of 0–10, such as 11, -1, 8.5, or a date a spreadsheet made of "9/10".
    """
    text = " ".join(clean_text(cell).split())
    if is_blank(text) or text.lower() in _SKIPPED:
        return None
    number = _NUMBER.match(text)
    if number:
        if number[2] and int(number[2]):
            raise CellError("is no whole number", SCORE_EXPECTED)
        return _require_range(int(number[1]))
    of_ten = _OF_TEN.match(text)
    if of_ten:
        return _require_range(int(of_ten[1]))
    labeled = _NUMBER_FIRST.match(text)
    if labeled and not _MONTH.match(labeled[2]) and _is_label(text, labeled[2]):
        return _require_range(int(labeled[1]))
    labeled = _NUMBER_LAST.match(text)
    if labeled and _LABEL.search(text):
        return _require_range(int(labeled[1]))
    raise CellError("is no score", SCORE_EXPECTED)


@lru_cache(maxsize=16_384)
def is_score(cell: str) -> bool:
    """Whether a cell holds a score of 0–10."""
    try:
        return parse_score(cell) is not None
    except CellError:
        return False


@lru_cache(maxsize=4096)
def parse_day(cell: str, day_first: bool = False) -> date | None:
    """Read the day of an answer, also from seconds since 1970 (in UTC); None where it is blank. Raises CellError."""
    text = clean_text(cell)
    if is_blank(text):
        return None
    seconds = _EPOCH.match(text)
    if seconds:
        return datetime.fromtimestamp(int(seconds[1]), UTC).date()
    return parse_date(text, day_first=day_first)


@lru_cache(maxsize=16_384)
def is_day(cell: str) -> bool:
    """Whether a cell holds a day, whichever of 3/4 comes first."""
    try:
        return parse_day(cell) is not None
    except CellError:
        return False


def _require_range(score: int) -> int:
    if not 0 <= score <= 10:
        raise CellError("lies outside 0 to 10", SCORE_EXPECTED)
    return score


def _is_label(text: str, label: str) -> bool:
    """Whether the words after a number explain it: set off by a sign, or known words; "3 years" is no score."""
    return not re.match(r"^\d+\s+[^\W\d]", text) or bool(_LABEL.search(label))
