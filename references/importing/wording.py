"""Recognizes headings that say a known name in other words: after a record, before brackets, as a question."""

import re
from collections.abc import Iterator
from functools import lru_cache

from references.importing.agreeing import recognize_agreement
from references.importing.aliases import ALIASES, EVERY_MARKER, IGNORED, PLAIN_NAMES, squeeze
from references.text import fold

Recognized = tuple[str, int]
"""A field and the preference of the heading within it: 0 is best."""

LESS = 100
"""How much further back a heading stands that was recognized by its wording, behind all that are known by name."""
_LONGEST = 300
_LOOKED_AT = 4
_PERSONS = tuple(
    """customercontact clientcontact keycontact champion primarycontact maincontact referencecontact
    contactperson contacts contact person recipient respondent reviewer member advocate speaker lead
    user""".split()
)
_COMPANIES = ("accounts", "account", "companies", "company", "organization", "organisation", "customer", "client")
_OF_PERSONS = frozenset(
    """promoter first_name last_name email phone title role seniority languages opted_out external_id customer
    customer_id""".split()
)
_OF_COMPANIES = frozenset(
    "customer customer_id customer_domain industry country region size tier health renewal_date annual_value".split()
)
_MEANT: dict[str, dict[str, str]] = {  # what says little without the record it belongs to
    "person": {"name": "promoter", "id": "external_id", "externalid": "external_id"},
    "company": {"name": "customer", "id": "customer_id", "externalid": "customer_id", "number": "customer_id"},
}
_BRACKETS = re.compile(r"\s*[(\[]([^()\[\]]*)[)\]]\s*")
_FIRST = re.compile(r"\s1\b|\b1\s")
_OPTED_OUT = re.compile(r"\bunsubscribed?\b|\bopt(?:ed)?[ -]?out\b|\bdo not (?:contact|e-?mail|mail)\b")
_STATUS = re.compile(
    r"(?:contact:? )?(?:customer )?(?:reference|advocate|advocacy|champion)(?: program(?:me)?)?"
    r"(?: (?:member|membership|contact))? (?:status|state|availability|readiness|eligibility)$"
)
_ABOUT_IT = re.compile(r"\b(?:date|time|mode|reason|link|url|on|at|by|source)\b")
_QUESTION = re.compile(
    r"^(?:please\s+)?(?:(?:enter|provide|state|give\s+us|tell\s+us)\s+)?(?:what(?:['’]s|\s+is|\s+are)\s+|which\s+)?"
    r"(?:(?:your|the\s+name\s+of\s+your|ihre?n?|votre|su|tu)\s+)?(?P<said>.*?)"
    r"(?:\s+(?:do|are)\s+you\s+(?:work\s+for|with|at))?[?*:\s]*$",
    re.IGNORECASE,
)
_RECOMMEND = re.compile(
    r"\bnps\b|net promoter|likel\w*.*recommend|recommend\w*.*likel|weiterempfehl|recommand|recomenda"
)
_GROUP = re.compile(r"\b(?:groups?|categor\w*|types?|segments?|labels?|class|bucket|trend|change|count|avg|average)\b")
_COMMENT = re.compile(r"\b(?:comments?|reasons?|why|feedback|verbatim|text)\b")
_DATE = re.compile(r"\b(?:date|on|at|when)\b")
_WHY_SCORE = re.compile(r"\b(?:reason|why)\b.*\b(?:score|rating|answer)\b")
_LIKELY = re.compile(r"likel|weiterempfehl|recommand|recomenda")


@lru_cache(maxsize=8192)
def recognize(heading: str) -> Recognized | None:
    """The field that a heading means by its name or its wording, or None."""
    name = squeeze(heading)
    if name in IGNORED:
        return None
    if name in ALIASES:
        return ALIASES[name]
    if len(heading) > _LONGEST:
        return None
    if agreement := recognize_agreement(heading):
        return agreement, LESS
    for place, wording in enumerate(_list_wordings(heading)):
        found = _look_up(wording)
        if found:
            return found, LESS + place
    folded = fold(heading).replace("_", " ")
    if _OPTED_OUT.search(folded) and not _ABOUT_IT.search(folded):
        return "opted_out", 2 * LESS
    if _STATUS.match(folded):
        return "reference_status", LESS
    found = _recognize_answer(folded) or recognize_agreement(heading, alone=True)
    return (found, 2 * LESS) if found else None


def _list_wordings(heading: str) -> Iterator[str]:
    """What a heading says without its brackets, as a question, and what stands in them."""
    plain = _BRACKETS.sub(" ", heading).strip()
    yield heading
    if plain != heading:
        yield plain
    if _FIRST.search(plain):
        yield _FIRST.sub(" ", plain)
    asked = _QUESTION.match(plain)
    if asked and asked["said"] and asked["said"] != plain:
        yield "full name" if squeeze(asked["said"]) == "name" else asked["said"]


def _look_up(wording: str) -> str | None:
    name = squeeze(wording)
    if name in IGNORED:
        return None
    if name in ALIASES:
        return ALIASES[name][0]
    return _look_up_of("person", name, _PERSONS, _OF_PERSONS) or _look_up_of("company", name, _COMPANIES, _OF_COMPANIES)


def _look_up_of(record: str, name: str, prefixes: tuple[str, ...], allowed: frozenset[str]) -> str | None:
    """The field of a name that begins with the record it belongs to, such as "contactfirstname"."""
    for prefix in prefixes:
        said = name.removeprefix(prefix)
        if said == name:
            continue
        field = _MEANT[record].get(said) or ("" if said in IGNORED else ALIASES.get(said, ("",))[0])
        if field in allowed:
            return field
    return None


def _recognize_answer(folded: str) -> str | None:
    """Whether a heading tells of an answer to whether one would recommend: its score, comment or day."""
    if _WHY_SCORE.search(folded):
        return "nps_comment"
    if not _RECOMMEND.search(folded) or _GROUP.search(folded):
        return None
    if _LIKELY.search(folded) and not re.search(r"\b(?:comment|reason|date|why)\b", folded):
        return "nps"
    if _COMMENT.search(folded):
        return "nps_comment"
    return "nps_date" if _DATE.search(folded) else "nps"


def count_known(cells: list[str]) -> int:
    """Say how many different fields or tell-tale headings a row of cells names; a heading row names many."""
    known: set[str] = set()
    for cell in cells:
        if not cell or len(cell) > 80:
            continue
        name, found = squeeze(cell), recognize(cell)
        if found:
            known.add(found[0])
        elif name in EVERY_MARKER or name in IGNORED or name == "name":
            known.add(name)
    return len(known)


def begins_table(cells: list[str]) -> bool:
    """Whether a row of cells names columns rather than filling them: most of its words are headings."""
    told = [cell for cell in cells if cell][:_LOOKED_AT]
    if sum(cell.lower() in PLAIN_NAMES for cell in told) < 2:
        return False
    told = [cell for cell in cells if cell]
    return 2 * sum(recognize(cell) is not None for cell in told) > len(told)
