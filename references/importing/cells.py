"""Reads text and words in a cell: blanks, several values, activities, bands by name, and addresses."""

import re
from collections.abc import Iterable
from functools import lru_cache
from html import unescape

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
_MARKS = "\u200b\u200c\u200d\u200e\u200f\u2060\u061c\ufeff\u00ad\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
_CONTROLS = "".join(map(chr, [*range(9), *range(14, 32), 127]))
_INVISIBLE = dict.fromkeys(map(ord, _MARKS + _CONTROLS))
_TWICE = re.compile("[\u00c2-\u00df][\u0080-\u00bf\u0152-\u2122]|[\u00e0-\u00ef][\u0080-\u00bf\u0152-\u2122]{2}")
_ENTITY = re.compile(r"&(?:[a-z]{2,8}|[A-Z][a-z]{2,7}|#\d{2,6}|#x[0-9a-fA-F]{2,5});")
_KEPT_AS_TEXT = re.compile(r"^(?:=\"([^\"]*)\"|'([-+=@\d].*))$", re.DOTALL)


def clean_text(cell: str) -> str:
    """Strip a cell, drop invisible characters and write line ends as \\n.

    What a web page or a spreadsheet put around it is taken off: "&amp;" is &, ="007" and '007 are 007.
    """
    if not (cell.isascii() and cell.isprintable()):
        cell = mend_letters(cell).translate(_INVISIBLE).replace("\u00a0", " ")
    if "&" in cell and _ENTITY.search(cell):
        cell = unescape(cell).replace("\u00a0", " ")
    cell = cell.replace("\r\n", "\n").replace("\r", "\n").strip(" \t\n\f\v\x1a\u3000")
    kept = _KEPT_AS_TEXT.match(cell) if cell[:1] in ("=", "'") else None
    return (kept[1] or kept[2] or "").strip() if kept else cell


def mend_letters(text: str) -> str:
    """Give a text whose UTF-8 was once read as Windows-1252, "CafÃ©", as it was meant; any other as it is."""
    if not _TWICE.search(text):
        return text
    try:
        return b"".join(map(_byte_of, text)).decode("utf-8")
    except UnicodeError:
        return text


def _byte_of(char: str) -> bytes:
    """The byte that Windows-1252 shows so; the five that it leaves open stand for themselves, as in web browsers."""
    return char.encode("latin-1" if "\x80" <= char <= "\x9f" else "cp1252")


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


_WRITTEN_IN_EXPORTS = {
    "call": "calls;phone call;phone calls;reference calls;peer call;customer call;telephone call;telephone reference",
    "press": "press;press release;press releases;pr;media;press quote",
    "speaking": "speaking engagement;speaking engagements;speaking event;speaking opportunity;event speaker;events",
    "site_visit": "site visits;on-site visit;customer visit",
    "case_study": "case studies;written case study;customer story;success stories",
    "video": "videos;video case study;video reference;video testimonials",
    "quote": "quotes;customer quote;testimonials",
    "logo": "logos;logo usage;logo permission",
    "review": "reviews;g2 review;peer review",
    "webinar": "webinars",
}
ACTIVITY_BY_NAME = {
    fold_name(name): code for code, names in _WRITTEN_IN_EXPORTS.items() for name in names.split(";")
} | {
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
_ROUNDED = re.compile(r"^\d(?:[.,]\d+)?[eE]\+?\d{1,2}$")
_WHOLE = re.compile(r"^(\d{1,15})\.0{1,6}$")
_YES = frozenset("yes y true 1 x ✓ ✔ checked ja si oui sim on granted given agreed".split())
_NO = frozenset("no n false 0 unchecked nein non off refused denied declined revoked withdrawn".split())


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
        whole = ACTIVITY_BY_NAME.get(fold_name(value))
        parts = (
            [whole] if whole else [ACTIVITY_BY_NAME.get(fold_name(part)) for part in value.split(",") if part.strip()]
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


_OUT = frozenset(
    "do not allow|do not contact|opted out|opt out|unsubscribed|blocked|cleaned|opted-out|never".split("|")
)
_IN = frozenset("allow|subscribed|opted in|opt in|opted-in|may contact|non-subscribed|active".split("|"))


def parse_opted_out(text: str) -> bool:
    """Read whether a person has opted out: yes, no, or the words that CRMs use of either. Raises CellError."""
    folded = fold(text)
    verdict = True if folded in _OUT else False if folded in _IN else parse_boolean(text)
    if verdict is None:
        raise CellError("does not say whether the person has opted out", "yes or no")
    return verdict


def parse_id(text: str) -> str:
    """Read an id of another system: "1234.0", as a program writes a number, is 1234. Raises CellError."""
    plain = " ".join(text.split())
    if _ROUNDED.match(plain):
        raise CellError("was rounded by a spreadsheet, so that its last figures are lost", "the id, kept as text")
    whole = _WHOLE.match(plain)
    return whole[1] if whole else lengthen_id(plain)


_SALESFORCE = re.compile(r"^(?:001|003|00Q)(?=.*[A-Za-z])[0-9A-Za-z]{12}$")


def spell_ids(ids: Iterable[str]) -> set[str]:
    """These ids, as `parse_id` gives them, and the shorter ones as which a pool may hold them from before."""
    found = set(ids)
    return found | {each[:15] for each in found if len(each) == 18 and lengthen_id(each[:15]) == each}


def lengthen_id(text: str) -> str:
    """Write a Salesforce id of 15 characters with its three figures of the capitals, as other exports have it."""
    if not _SALESFORCE.match(text):
        return text
    sums = (sum(1 << place for place, char in enumerate(text[at : at + 5]) if char.isupper()) for at in (0, 5, 10))
    return text + "".join("ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"[each] for each in sums)


_LONGEST_EMAIL = 254
# What Django's validator, which takes longer, would let pass too.
_PLAIN_EMAIL = re.compile(r"[a-zA-Z0-9_+-]+(?:\.[a-zA-Z0-9_+-]+)*@(?:[a-zA-Z0-9]{1,63}\.)+[a-zA-Z]{2,63}\Z")
_BEFORE_ADDRESS = re.compile(r"[^\s;,|<>][^;|<>]*<[^<>]+>")
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


def parse_emails(text: str) -> tuple[str, tuple[str, ...]]:
    """Read the first of the addresses in a cell, and give the others as well. Raises CellError."""
    parts = [part.strip() for part in re.split(r"\s*(?:[;,|\n]|:::|\s/\s)\s*", text) if part.strip()]
    if len(parts) < 2 or text.count("@") < 2:
        return parse_email(text), ()
    if _BEFORE_ADDRESS.search(text):  # "Ta, Be" <be@example.com>; …
        parts = [match[0].strip() for match in re.finditer(r"[^<>;]*<[^<>]+>|[^<>;,\s]+@[^<>;,\s]+", text)]
    first, *others = (parse_email(part) for part in parts)
    return first, tuple(others)


def name_in_email(text: str) -> str:
    """The name before an address, as in "Ana López" <ana@example.com>; "" where there is none."""
    match = re.match(r"^\s*[\"']?([^<>\"@]*[^\W\d_][^<>\"@]*?)[\"']?\s*<[^<>]+>", text)
    return " ".join(match[1].split()) if match else ""


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


def parse_phone(text: str) -> str:
    """Take a phone number as it is written, if it holds three figures and at most 60 characters. Raises CellError."""
    if _ROUNDED.match(text):
        raise CellError("was rounded by a spreadsheet, so that its last figures are lost", "the number, kept as text")
    if sum(ch.isdigit() for ch in text) < 3 or len(text) > 60:
        raise CellError("is no phone number", "one number such as +1 415 555 0100")
    whole = _WHOLE.match(text)  # as a program writes a number
    return whole[1] if whole else " ".join(text.split())
