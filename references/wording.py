"""The words of pieces of content: how pieces are named, which columns a customer approves, and their lines."""

import re
from collections.abc import Mapping
from typing import Any, TypeAlias

from django.db.models import QuerySet

from references.enums import ContentNoun
from references.models import CaseStudy, ProofPoint, Testimonial

Written: TypeAlias = CaseStudy | Testimonial

PARTS: Mapping[str, tuple[str, ...]] = {
    ContentNoun.CASE_STUDY: ("title", "challenge", "solution_text", "results"),
    ContentNoun.TESTIMONIAL: ("text", "said_by", "said_by_title", "transcript"),
}
"""The columns that hold words, in the order in which they are read; what a customer approves is all of them."""
NOUNS: Mapping[str, type[CaseStudy] | type[Testimonial]] = {
    ContentNoun.CASE_STUDY.value: CaseStudy,
    ContentNoun.TESTIMONIAL.value: Testimonial,
}
NUMBER = "number"
"""The part of lines that tell a proof point; such a line is not among the words."""
_LINE_ENDS = re.compile(r"\r\n|\r|\n")


def noun_of(row: Written) -> str:
    """The noun of a piece: "case_study" or "testimonial"."""
    return ContentNoun.CASE_STUDY.value if isinstance(row, CaseStudy) else ContentNoun.TESTIMONIAL.value


def rows_of(noun: str) -> "QuerySet[Any]":
    """All pieces of a noun; a KeyError for any other."""
    return NOUNS[noun]._default_manager.all()


def about(row: Written) -> dict[str, Any]:
    """The column, and its value, by which rows about a piece are found and made: {"case_study": row}."""
    return {noun_of(row): row}


def words_of(row: Written) -> dict[str, str]:
    """The words of a piece by part."""
    return {part: str(getattr(row, part)) for part in PARTS[noun_of(row)]}


def tell_number(point: ProofPoint) -> str:
    """A number as one line: "Time to close: 10 → 2 days, 40,000 EUR (by hand)"."""
    change = f"{point.before} → {point.after}" if point.before else point.after
    change += f" {point.unit}" if point.unit else ""
    money = f", {point.amount:,.0f} {point.currency}" if point.amount is not None else ""
    how = f" ({point.how_measured})" if point.how_measured else ""
    return f"{point.metric}: {change}{money}{how}"


def split_lines(words: Mapping[str, str]) -> list[tuple[str, str]]:
    """The lines of a piece's words as (part, text), without empty ones."""
    lines = [(part, line.strip()) for part, text in words.items() for line in _LINE_ENDS.split(text)]
    return [(part, line) for part, line in lines if line]


def replace_line(text: str, line: str, better: str) -> str | None:
    """`text` with the first line that reads `line` written anew; None where it is not there any more."""
    lines = _LINE_ENDS.split(text)
    for number, each in enumerate(lines):
        if each.strip() == line:
            lines[number] = better
            return "\n".join(lines)
    return None


def name_of(row: Written) -> str:
    """What a piece is called in a list: its title, or how it begins."""
    text = row.title if isinstance(row, CaseStudy) else " ".join(row.text.split())
    return text if len(text) <= 120 else f"{text[:117].rstrip()}…"
