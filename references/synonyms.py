"""How a synonym is written: plain, or marked as unsure, case-bound or standing after a comma."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Synonym:
    """One synonym without its marks: `exact` binds it to its case, `after_comma` to a place such as "Portland, OR".

    `weak` marks an everyday word that often means something else ("space", "maker"): a reading to confirm.
    """

    text: str
    exact: bool = False
    after_comma: bool = False
    weak: bool = False


def parse_synonym(written: str) -> Synonym:
    """Read the marks in front of a synonym: `=US` case as written, `=,OR` also after a comma, `~space` unsure."""
    text = written.strip()
    if text.startswith("~"):
        return Synonym(text[1:].strip(), weak=True)
    if text.startswith("=,"):
        return Synonym(text[2:].strip(), exact=True, after_comma=True)
    if text.startswith("="):
        return Synonym(text[1:].strip(), exact=True)
    return Synonym(text)
