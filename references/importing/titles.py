"""Cleans a job title as it stands in an export: the company's name taken off, capitals calmed."""

import re
from functools import lru_cache

from references.text import fold_name

_JOINT = re.compile(r"\s*(?:,|\||\s[-–—]|\s@|\s(?:at|of|for|from|with|bei|chez|en|de)(?=\s))\s*", re.IGNORECASE)
_FORM_WORDS = frozenset(
    """the inc incorporated corp corporation co company llc ltd limited plc gmbh ag sa sas sarl srl bv nv ab as oy kg
    group holding holdings foundation technologies international""".split()
)
_SMALL = frozenset("of and the for in at to on de la du et und der von y a an or with".split())
_KEPT = {
    word.upper(): word
    for word in """AD AI API AR AVP AWS BI BU CDO CEO CFO CIO CISO CMO COO CPO CRM CRO CSM CSO CTO CX DB DBA DevOps
    DevSecOps EMEA APAC LATAM NA EU UK US USA ERP ETL EVP GIS GM GTM HR ICT IoT IT KYC MD ML MLOps OT PhD PM PMO PR
    QA R&D RPA SAP SaaS SDK SEO SOC SQL SRE SVP UI UX VP XR II III IV""".split()
}
_WORD = re.compile(r"[^\W_]+(?:[&'’][^\W_]+)*")


def clean_title(title: str, customer: str) -> str:
    """Give `title` without the name of `customer` at its end and, if it was all capitals, in title case.

    "CHIEF ARCHITECT, JD.COM" at JD.com is "Chief Architect". A name counts as the customer's when they agree but for
    case, accents, punctuation and words such as Inc, Group or The. A title that is only that name gives "".
    """
    if not title:
        return ""
    plain = " ".join(title.split()).strip(" *,;|")
    core = _core_name(customer)
    if core:
        plain = next((left for named, left in _endings(plain) if named == core), plain)
    return plain if _is_calm(plain) else _calm(plain, customer)


@lru_cache(maxsize=16_384)
def _core_name(name: str) -> str:
    words = fold_name(name).split()
    return " ".join(word for word in words if word not in _FORM_WORDS) or " ".join(words)


@lru_cache(maxsize=8192)
def _endings(title: str) -> tuple[tuple[str, str], ...]:
    """The names that a title may end in, or be, each with what is left of it without."""
    joints = [joint for joint in _JOINT.finditer(title) if joint.start()]
    ends = ((_core_name(title[joint.end() :]), title[: joint.start()].rstrip(" *,;|")) for joint in joints)
    return ((_core_name(title), ""), *ends)


@lru_cache(maxsize=8192)
def _is_calm(title: str) -> bool:
    letters = [ch for ch in title if ch.isalpha()]
    return any(ch.islower() for ch in letters) or (len(letters) <= 5 and " " not in title) or title in _KEPT


def _calm(title: str, customer: str) -> str:
    kept = _KEPT | {word.upper(): word for word in _WORD.findall(customer) if not word.islower()}
    starts = True
    pieces: list[str] = []
    at = 0
    for match in _WORD.finditer(title):
        between = title[at : match.start()]
        starts = starts or "," in between or ":" in between
        pieces += [between, _calm_word(match.group(), starts, kept)]
        starts, at = False, match.end()
    return "".join(pieces) + title[at:]


def _calm_word(word: str, starts: bool, kept: dict[str, str]) -> str:
    stem, apostrophe, ending = word.partition("'")
    if stem in kept:
        return kept[stem] + apostrophe + ending.lower()
    lower = word.lower()
    if lower in _SMALL and not starts:
        return lower
    return lower[0].upper() + lower[1:]
