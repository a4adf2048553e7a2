"""Reads seniority and roles from a job title, by the grammar of titles and the program's own words for roles."""

import re
from functools import lru_cache

from references.enums import Facet, Seniority
from references.importing.tagnames import Entry, TagNames, to_singular
from references.text import fold
from references.titles import turn_titles

_WORD = re.compile(r"[^\W_]+(?:[&'’][^\W_]+)*|[,/|;]")
_DOTTED = re.compile(r"\b(?:[^\W\d_]\.){2,}")
_SMALL = frozenset("of the for and in at to a an & de la du des der die das und et y".split())
_SHORT = {
    "sr": "senior",
    "jr": "junior",
    "mgr": "manager",
    "dir": "director",
    "asst": "assistant",
    "eng": "engineer",
    "gm": "general manager",
}
_PHRASES = (
    (re.compile(r"\b(?:senior |executive |assistant |group |corporate |regional )?vice[ -]president\b"), "vp"),
    (re.compile(r"\b(?:svp|evp|avp)\b"), "vp"),
    (re.compile(r"\bco[ -]?(?=founder|owner|ceo)"), ""),
    (re.compile(r"\bfull[ -]stack\b"), "full stack"),
)
_MAX_WORDS = 5
_MAX_ROLES = 3

_LEARNER = re.compile(r"\b(students?|undergraduate|enthusiast|volunteer|retired|unemployed|cohort)\b")
_AIDE = re.compile(
    r"\b(assistant|secretary|aide|office|advisor|adviser|assistenz|assistentin|assistent|reporting) (?:to|of|der|des) "
    r"(?!and )"
)
_JUNIOR = re.compile(r"\b(interns?|internship|trainee|junior|apprentice|working student|werkstudent\w*|praktik\w+)\b")
_BEGINNER = re.compile(
    r"\b(stagiaire|azubi|assistant|assistante?|assistenz|assistentin|secretary|sekret\w+|coordinator|clerk|"
    r"referent(?:in)?|alternante?)\b"
)
_CHIEF = re.compile(
    r"\b(ceo|cto|cio|cfo|coo|cmo|ciso|cso|cdo|cpo|cro|chro|cco|clo|cao|cxo|c-level|founder|cofounder|"
    r"chief(?: [\w&-]+){1,4} officer|chief executive|chief of the executive|managing director|managing partner|"
    r"(?:general|founding) partner|geschaftsfuhr\w+|vorstand\w*|vorsitzende\w*|inhaber\w*|gerente general|"
    r"directeur general|directrice generale|director general|president directeur|pdg|chairman|chairwoman|chairperson|"
    r"chair of the board|chancellor|proprietor|administrateur delegue|amministratore delegato|"
    r"(?:business|company|agency|firm) owner|mayor|general counsel|chief technologist|president|geschaftsleitung|"
    r"board (?:of directors|member)|member of the (?:\w+ )?board)\b"
)
_ALONE = re.compile(r"^(owner|partner|chief|gerant|presidente?|dueno|socio)$")
_VP = re.compile(r"\b(vp|vizeprasident\w*|vicepresidente?|vice directeur)\b")
_DIRECTOR = re.compile(
    r"\b(directors?|head|(?:global|group|department|division|program) head|chief (?:\w+ )?(?:architect|engineer|"
    r"scientist|economist|editor|accountant|analyst|designer|developer|evangelist|actuary)|chief of staff|"
    r"general manager|country manager|dean|superintendent|principal investigator|headteacher|direktor\w*|"
    r"bereichsleiter\w*|hauptabteilungsleiter\w*|directeur|directrice|directora|direttore|abteilungsleiter\w*|leiter\w*|"
    r"\w+leiter(?:in)?|\w*leitung|responsable|jefe|jefa|chef)\b"
)
_NO_DIRECTOR = re.compile(
    r"\b(art|creative|casting|funeral|stage|film) director\b|\b(?:team|projekt)leit(?:er|ung)\w*|^chief of "
)
_MANAGER = re.compile(
    r"\b(managers?|management|team ?lead\w*|group lead\w*|team head|supervisor|foreman|scrum master|product owner|"
    r"agile coach|project lead\w*|program lead\w*|programme lead\w*|engineering lead\w*|team ?leit(?:er|ung)\w*|"
    r"projektleit\w+|gerente|manageur|chef de projet|chef de produit|controller|treasurer|superviseur|encargad[oa])\b"
)
_SENIOR = re.compile(
    r"\b(senior|staff|principal|leads?|leader|expert\w*|distinguished|fellow|experienced|referente?|specialiste?)\b"
)
_NO_SENIOR = re.compile(r"\b(lead generation|staff (?:member|writer|nurse))\b|\b(member of technical staff)\b")
_WORKER = re.compile(
    r"\b(\w+(?:er|or|ist|ian|yst|ect|ects|ers|ors|ists|ians|ant|mann|eur|euse|rin|nte))\b|\b(dba|sre|devops|rep|nurse|"
    r"pm|qa|faculty|counsel|representative|representant\w*|staff|employee|executive|technicien\w*|commercial\w*)\b"
)


@lru_cache(maxsize=8192)
def read_seniority(title: str) -> str:
    """Give the Seniority a title tells of, "" where it tells none: "Head of Infrastructure" is a director.

    The highest rank of the title counts, unless it is another's ("Assistant to the CEO"); students have none.
    """
    plain = _normalize(title)
    if not plain or _LEARNER.search(plain):
        return ""
    if _AIDE.search(plain) or _JUNIOR.search(plain):
        return Seniority.STAFF
    segments = [part.strip() for part in re.split(r"\s*[,/|;]\s*|\s+(?:and|und|et|y)\s+|\s+[-–—]\s+|[()]", plain)]
    if plain == "executive director" or _CHIEF.search(plain) or any(_ALONE.match(part) for part in segments):
        return Seniority.C_LEVEL
    if _VP.search(plain):
        return Seniority.VP
    if _DIRECTOR.search(_NO_DIRECTOR.sub("", plain)):
        return Seniority.DIRECTOR
    if _BEGINNER.search(plain) and not re.search(r"\bassistant (?:\w+ )?manager", plain):
        return Seniority.STAFF
    if _MANAGER.search(plain):
        return Seniority.MANAGER
    if _SENIOR.search(_NO_SENIOR.sub("", plain)):
        return Seniority.SENIOR
    return Seniority.STAFF if _WORKER.search(plain) else ""


def find_roles(title: str, tags: TagNames) -> tuple[int, ...]:
    """Give the role tags that a title names, at most three, the longest names first taken; everyday words only if
    nothing surer is there: "Cloud Engineer" is DevOps, a mere "Engineer" is software engineering."""
    names = _role_names(tags)
    parts = re.split(r"\s*[,|]\s*|\s+at\s+", title)
    for text in [*parts, title] if len(parts) > 1 else parts:
        words = _words(text)
        for weak in (False, True):
            found = _scan(words, names, weak)
            if found:
                return tuple(dict.fromkeys(found))[:_MAX_ROLES]
    return ()


_roles: list[tuple[TagNames, dict[str, Entry]]] = []


def _role_names(tags: TagNames) -> dict[str, Entry]:
    """The names of roles as words of titles, kept for the vocabulary last used."""
    if not _roles or _roles[0][0] is not tags:
        names: dict[str, Entry] = {}
        for entries in tags.entries(Facet.ROLE).values():
            for entry in sorted(entries, key=lambda entry: entry.weak):
                names.setdefault(" ".join(_words(entry.written)), entry)
        plain = [(entry.tag, entry.written) for entry in names.values() if not entry.weak]
        for tag, title in turn_titles(plain):
            names.setdefault(" ".join(_words(title)), Entry(tag, title))
        _roles[:] = [(tags, names)]
    return _roles[0][1]


def _scan(words: list[str], names: dict[str, Entry], weak: bool) -> list[int]:
    found: list[int] = []
    at = 0
    while at < len(words):
        for end in range(min(len(words), at + _MAX_WORDS), at, -1):
            entry = names.get(" ".join(words[at:end]))
            if entry is not None and entry.weak is weak:
                found.append(entry.tag)
                at = end
                break
        else:
            at += 1
    return found


def _words(title: str) -> list[str]:
    return [to_singular(word) for word in _normalize(title).split() if word not in _SMALL and word not in ",/|;"]


def _normalize(title: str) -> str:
    """Fold a title, write its short forms in full, and keep commas and slashes as words of their own."""
    folded = fold(title).replace("ß", "ss").replace("&", " and ") if "r&d" not in title.lower() else fold(title)
    folded = _DOTTED.sub(lambda match: match.group().replace(".", ""), folded.replace("-", " "))
    words = [_SHORT.get(word, word) for word in _WORD.findall(folded)]
    plain = " ".join(words)
    for pattern, full in _PHRASES:
        plain = pattern.sub(full, plain)
    return plain
