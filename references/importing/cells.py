"""Reads text and words in a cell: blanks, several values, activities, bands by name, and addresses."""

import re
from collections.abc import Iterable
from functools import lru_cache

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from references.activities import ACTIVITIES, CODES
from references.enums import Health, Seniority, Tier
from references.importing.errors import CellError
from references.importing.remembering import remembered
from references.text import fold, fold_name

BLANKS = frozenset(
    """n/a na n.a. n.a null nil none nan - -- --- – — . ? #n/a #value! #ref! #div/0! #name? #null! #num! (blank)
    <null> (null)""".split()
) | {"", "not available", "not applicable"}
_INVISIBLE = dict.fromkeys(
    map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad\x1a\0\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
)


def clean_text(cell: str) -> str:
    """Strip a cell, drop invisible characters and write line ends as \\n."""
    if not (cell.isascii() and cell.isprintable()):
        cell = cell.translate(_INVISIBLE).replace("\u00a0", " ")
    return cell.replace("\r\n", "\n").replace("\r", "\n").strip(" \t\n\f\v\x1a\u3000")


@remembered
def read_cell(cell: str) -> str:
    """Clean a cell; "" where it says nothing."""
    text = clean_text(cell)
    return "" if is_blank(text) else text


def is_blank(text: str) -> bool:
    """Whether a cleaned cell says nothing: empty, "N/A", "NULL", "-", "none" and their like."""
    return not text or (len(text) <= 14 and text.lower() in BLANKS)


@remembered
def split_values(text: str) -> tuple[str, ...]:
    """Split a cell at | and ; into its values, blank and repeated ones left out, order kept."""
    return distinct(" ".join(part.split()) for part in re.split(r"[|;]", text))


def split_languages(text: str) -> tuple[str, ...]:
    """Split a cell of languages, where commas separate too."""
    return split_values(text.replace(",", "|"))


def distinct(values: Iterable[str]) -> tuple[str, ...]:
    """Drop blank values and those that differ only in case or accents from an earlier one."""
    found: dict[str, str] = {}
    for value in values:
        if not is_blank(value):
            found.setdefault(fold(value), value)
    return tuple(found.values())


_ACTIVITY_BY_NAME = {
    fold_name(name): activity.code
    for activity in reversed(ACTIVITIES)
    for name in (*activity.also, activity.label, activity.code)
}
_HEALTH = {
    Health.GREEN: "green good healthy great excellent strong verde gut grün vert",
    Health.YELLOW: "yellow amber orange neutral fair medium amarillo gelb jaune",
    Health.RED: "red poor bad critical unhealthy weak at_risk rojo schlecht rot rouge",
    Health.UNKNOWN: "unknown grey gray unbekannt",
}
_TIER = {
    Tier.STRATEGIC: "strategic 1 tier_1 a platinum diamond top enterprise strategisch estratégico",
    Tier.KEY: "key 2 tier_2 b gold major important",
    Tier.STANDARD: "standard 3 tier_3 c silver bronze basic normal mid_market smb commercial",
}
_SENIORITY = {
    Seniority.STAFF: "staff junior entry entry_level associate individual_contributor ic intern trainee employee",
    Seniority.SENIOR: "senior lead principal expert specialist",
    Seniority.MANAGER: "manager management team_lead supervisor middle_management",
    Seniority.DIRECTOR: "director head head_of senior_director",
    Seniority.VP: "vp vice_president svp evp avp senior_vice_president",
    Seniority.C_LEVEL: """c_level c_suite cxo executive exec chief owner founder partner board president
        managing_director top_management""",
}
_YES = frozenset("yes y true 1 x ✓ ✔ ja si oui sim on granted given agreed".split())
_NO = frozenset("no n false 0 nein non off refused denied declined revoked withdrawn".split())


def _index(words: dict[Health, str] | dict[Tier, str] | dict[Seniority, str]) -> dict[str, str]:
    return {fold_name(word): str(value.value) for value, names in words.items() for word in names.split()}


_HEALTH_BY_WORD, _TIER_BY_WORD, _SENIORITY_BY_WORD = _index(_HEALTH), _index(_TIER), _index(_SENIORITY)


def parse_health(text: str) -> str:
    """Read a Health from its colour or a word for it. Raises CellError."""
    return _look_up(text, _HEALTH_BY_WORD, "no health", Health.values)


def parse_tier(text: str) -> str:
    """Read a Tier from its name, number, letter or metal. Raises CellError."""
    return _look_up(text, _TIER_BY_WORD, "no tier", Tier.values)


def parse_seniority(text: str) -> str:
    """Read a Seniority from its code or a common word for it. Raises CellError."""
    return _look_up(text, _SENIORITY_BY_WORD, "no seniority", Seniority.values)


def _look_up(text: str, known: dict[str, str], problem: str, allowed: list[str]) -> str:
    found = known.get(fold_name(text))
    if found is None:
        raise CellError(f"is {problem}", f"one of {', '.join(allowed)}")
    return found


@lru_cache(maxsize=4096)
def parse_activities(text: str) -> tuple[str, ...]:
    """Read activity codes from codes, labels and other names, split at | ; and, if need be, comma. Raises CellError."""
    codes: list[str] = []
    for value in split_values(text):
        whole = _ACTIVITY_BY_NAME.get(fold_name(value))
        parts = (
            [whole] if whole else [_ACTIVITY_BY_NAME.get(fold_name(part)) for part in value.split(",") if part.strip()]
        )
        for part in parts:
            if part is None:
                raise CellError(f"holds no activity in “{value[:60]}”", f"some of {', '.join(CODES)}")
            codes.append(part)
    return distinct(codes)


def parse_boolean(text: str) -> bool | None:
    """Read yes or no in the common words of five languages; None for anything else."""
    folded = fold(text)
    return True if folded in _YES else False if folded in _NO else None


_LONGEST_EMAIL = 254
# What Django's validator, which takes longer, would let pass too.
_PLAIN_EMAIL = re.compile(r"[a-zA-Z0-9_+-]+(?:\.[a-zA-Z0-9_+-]+)*@(?:[a-zA-Z0-9]{1,63}\.)+[a-zA-Z]{2,63}\Z")
_NAMED_EMAIL = re.compile(r"^[^<>]*<([^<>]+)>$")
_DOMAIN = re.compile(r"^(?=.{4,200}$)(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.)+[^\W\d_][\w-]{1,62}$")
_URL = re.compile(r"^https?://[^\s/?#@\\]+\.[^\s\\]+$", re.IGNORECASE)


def parse_email(text: str) -> str:
    """Read an e-mail address, "Name <a@b.c>" and "mailto:" included; its domain in small letters. Raises CellError."""
    match = _NAMED_EMAIL.match(text)
    address = (match[1] if match else text).strip().removeprefix("mailto:")
    if len(address) > _LONGEST_EMAIL or not _PLAIN_EMAIL.match(address):
        _require_email(address)
    if len(address) > _LONGEST_EMAIL:
        raise CellError(f"is {len(address)} characters long", f"an address of at most {_LONGEST_EMAIL} characters")
    name, _, domain = address.rpartition("@")
    return f"{name}@{domain.lower()}"


@remembered
def parse_domain(text: str) -> str:
    """Read the domain of a web or e-mail address: "https://www.Acme.com/x" is acme.com. Raises CellError."""
    host = re.sub(r"^[a-z][a-z0-9+.-]*://", "", text.strip().lower())
    host = re.split(r"[/?#\s]", host, maxsplit=1)[0].rpartition("@")[2]
    host = re.sub(r":\d+$", "", host).removeprefix("www.").rstrip(".")
    if not _DOMAIN.match(host):
        raise CellError("is no web domain", "a domain such as example.com")
    return host


def _require_email(address: str) -> None:
    try:
        validate_email(address)
    except ValidationError:
        raise CellError("is no e-mail address", "one address such as ana@example.com") from None


def parse_url(text: str) -> str:
    """Read a web address; one without a scheme gets https. Raises CellError."""
    url = text if "://" in text else f"https://{text}"
    if not _URL.match(url) or len(url) > 500:
        raise CellError("is no web address", "an address such as https://example.com/story")
    return url


_ROUNDED = re.compile(r"^\d(?:[.,]\d+)?[eE]\+?\d{1,2}$")


def parse_phone(text: str) -> str:
    """Take a phone number as it is written, if it holds three figures and at most 60 characters. Raises CellError."""
    if _ROUNDED.match(text):
        raise CellError("was rounded by a spreadsheet, so that its last figures are lost", "the number, kept as text")
    if sum(ch.isdigit() for ch in text) < 3 or len(text) > 60:
        raise CellError("is no phone number", "one number such as +1 415 555 0100")
    return " ".join(text.split())
