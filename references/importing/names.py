"""Reads the names of people as exports write them: with a salutation, with the last name first, with a title after."""

import re

from references.importing.remembering import remembered
from references.text import fold

_LINK = re.compile(r"\[([^\[\]]+)\]\([^()\s]*\)")
_PAGE = re.compile(r"\s\(https?://[^\s()]+\)$")
_SALUTATION = re.compile(
    r"^(?:(?:mr|mrs|ms|mx|hr|fr|m|sr|sra|srta|sig|dhr|mevr)\.|mr|mrs|ms|miss|herrn?|frau|madame|monsieur|mme|mlle|"
    r"señora?|signora?|señorita|dhr|mevrouw)\s+(?=\S)",
    re.IGNORECASE,
)
_PARTICLES = frozenset("van von de da di del della der den dos du la le ten ter af bin ibn al el zu mc o".split())
_AFTER_NAMES = frozenset(
    """jr sr ii iii iv phd md mba cpa esq dr prof msc bsc ma ba pe rn do dds jd llm pmp cissp ceo cto cfo coo cio ciso
    cmo cro vp svp evp director manager owner founder president inc ltd llc gmbh""".split()
)
_WORDS_OF_NAME = 3


@remembered
def unlink(text: str) -> str:
    """Give a text without the addresses of its Markdown links, or of the page in brackets after it."""
    return _PAGE.sub("", _LINK.sub(r"\1", text)) if "](" in text or "(http" in text else text


@remembered
def clean_person(name: str) -> str:
    """Give a person's name without salutation, first name first: "Bo, Al" and "Mr. Al Bo" are Al Bo."""
    plain = _SALUTATION.sub("", name)
    last, comma, first = plain.partition(",")
    last, first = last.strip(), first.strip()
    if not comma or not _is_turned(last, first):
        return plain
    return f"{first} {last}"


def split_attribution(said_by: str) -> tuple[str, str]:
    """Split who said something, "— Ren Ito, CTO, Tidal Power", into name and title; the title may be blank."""
    plain = said_by.lstrip("-–—― ").strip()
    name, comma, title = plain.partition(",")
    if comma and " " in name.strip() and title.strip():
        return name.strip(), title.strip()
    return plain, ""


def _is_turned(last: str, first: str) -> bool:
    """Whether a last name stands before a first name, rather than a name before a title, an office or another name."""
    lasts, firsts = last.split(), first.split()
    if not lasts or not firsts or len(lasts) > _WORDS_OF_NAME or len(firsts) > _WORDS_OF_NAME:
        return False
    if not all(re.fullmatch(r"[^\W\d_][^\d_,@]*", word) for word in (*lasts, *firsts)):
        return False
    if any(fold(word).strip(".").replace(".", "") in _AFTER_NAMES for word in firsts):
        return False
    if len(first) > 1 and first.isupper() and not last.isupper():
        return False
    return len(lasts) == 1 or fold(lasts[0]) in _PARTICLES or (last.isupper() and not first.isupper())
