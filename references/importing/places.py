"""Reads the regions out of a location as CRMs spell it: "Beijing, China, and San Mateo, CA"."""

import re
from dataclasses import dataclass

from references.enums import Facet
from references.importing.tagnames import Entry, TagNames, fold_value

_DOTTED = re.compile(r"\b(?:[^\W\d_]\.){2,}|\b(?:[^\W\d_]\.)+[^\W\d_]\b")
_WORD = re.compile(r"[^\W_]+")
_JOINS = re.compile(r"[;|/&+()]|\band\b|\bor\b", re.IGNORECASE)
_MAX_WORDS = 6

# ISO 3166-1 codes whose countries go by other names here than the words of a CRM would give; facts.
_CODES = """
AE United Arab Emirates|AF Afghanistan|AL Albania|AM Armenia|AO Angola|AR Argentina|AT Austria|AU Australia|
AZ Azerbaijan|BA Bosnia and Herzegovina|BB Barbados|BD Bangladesh|BE Belgium|BF Burkina Faso|BG Bulgaria|BH Bahrain|
BJ Benin|BN Brunei|BO Bolivia|BR Brazil|BS Bahamas|BW Botswana|BY Belarus|BZ Belize|CA Canada|CD DR Congo|
CH Switzerland|CI Ivory Coast|CL Chile|CM Cameroon|CN China|CO Colombia|CR Costa Rica|CU Cuba|CY Cyprus|CZ Czechia|
DE Germany|DK Denmark|DO Dominican Republic|DZ Algeria|EC Ecuador|EE Estonia|EG Egypt|ES Spain|ET Ethiopia|FI Finland|
FJ Fiji|FR France|GB United Kingdom|GE Georgia|GH Ghana|GR Greece|GT Guatemala|HK Hong Kong|HN Honduras|HR Croatia|
HT Haiti|HU Hungary|ID Indonesia|IE Ireland|IL Israel|IN India|IQ Iraq|IR Iran|IS Iceland|IT Italy|JM Jamaica|
JO Jordan|JP Japan|KE Kenya|KG Kyrgyzstan|KH Cambodia|KR South Korea|KW Kuwait|KZ Kazakhstan|LA Laos|LB Lebanon|
LI Liechtenstein|LK Sri Lanka|LT Lithuania|LU Luxembourg|LV Latvia|LY Libya|MA Morocco|MC Monaco|MD Moldova|
ME Montenegro|MG Madagascar|MK North Macedonia|MM Myanmar|MN Mongolia|MO Macau|MT Malta|MU Mauritius|MW Malawi|
MX Mexico|MY Malaysia|MZ Mozambique|NA Namibia|NG Nigeria|NI Nicaragua|NL Netherlands|NO Norway|NP Nepal|
NZ New Zealand|OM Oman|PA Panama|PE Peru|PG Papua New Guinea|PH Philippines|PK Pakistan|PL Poland|PR Puerto Rico|
PT Portugal|PY Paraguay|QA Qatar|RO Romania|RS Serbia|RU Russia|RW Rwanda|SA Saudi Arabia|SD Sudan|SE Sweden|
SG Singapore|SI Slovenia|SK Slovakia|SN Senegal|SV El Salvador|SY Syria|TH Thailand|TJ Tajikistan|TM Turkmenistan|
TN Tunisia|TR Turkey|TT Trinidad and Tobago|TW Taiwan|TZ Tanzania|UA Ukraine|UG Uganda|UK United Kingdom|
US United States|UY Uruguay|UZ Uzbekistan|VE Venezuela|VN Vietnam|YE Yemen|ZA South Africa|ZM Zambia|ZW Zimbabwe
"""
COUNTRY_CODES: dict[str, str] = {entry.strip()[:2]: entry.strip()[3:] for entry in _CODES.split("|")}


@dataclass(frozen=True, slots=True)
class _Word:
    folded: str
    written: str
    after_comma: bool
    chain: int  # words of one "city, state, country" share it
    starts: int
    ends: int


@dataclass(frozen=True, slots=True)
class _Hit:
    tag: int
    chain: int
    after_comma: bool
    is_abbreviation: bool


def find_regions(location: str, names: TagNames) -> tuple[int, ...]:
    """Give the tags of the places a location names, only the most specific ones; none if it names none known.

    The longest names win; abbreviations of states count after a comma ("San Mateo, CA"), alone they are countries.
    """
    plain = _DOTTED.sub(lambda match: match.group().replace(".", ""), location)
    alone = COUNTRY_CODES.get(plain.strip().upper())
    whole = names.find_whole(Facet.REGION, alone or plain)
    if whole is not None:
        return whole.tags
    hits = _settle(_scan(_words(plain), names), names)
    tags = list(dict.fromkeys(hit.tag for hit in hits))
    return tuple(tag for tag in tags if not any(names.is_within(other, tag) for other in tags))


def _words(text: str) -> list[_Word]:
    words: list[_Word] = []
    chain, at = 0, 0
    for match in _WORD.finditer(text):
        between = text[at : match.start()]
        if _JOINS.search(between) or match.group().lower() in {"and", "or"}:
            chain += 1
        words.append(_Word(fold_value(match.group()), match.group(), "," in between, chain, match.start(), match.end()))
        at = match.end()
    return words


def _scan(words: list[_Word], names: TagNames) -> list[_Hit]:
    entries = names.entries(Facet.REGION)
    hits: list[_Hit] = []
    at = 0
    while at < len(words):
        for end in range(min(len(words), at + _MAX_WORDS), at, -1):
            found = _match(words, at, end, entries.get(" ".join(word.folded for word in words[at:end]), ()))
            if found:
                hits.append(found)
                at = end
                break
        else:
            at += 1
    return hits


def _match(words: list[_Word], at: int, end: int, entries: "list[Entry] | tuple[()]") -> _Hit | None:
    first = words[at]
    is_apart = (at == 0 or first.after_comma) and (end == len(words) or words[end].after_comma)
    written = " ".join(word.written for word in words[at:end])
    for entry in sorted(entries, key=lambda entry: (not entry.after_comma, entry.weak)):
        is_spelled = not entry.exact or fold_case(entry.written) == written
        if entry.after_comma and first.after_comma and is_spelled and _ends_part(words, end):
            return _Hit(entry.tag, first.chain, True, True)
        if not entry.after_comma and is_spelled and (not entry.weak or is_apart):
            return _Hit(entry.tag, first.chain, first.after_comma, False)
    return None


def _ends_part(words: list[_Word], end: int) -> bool:
    """Whether a part of the address ends here: a comma, another place or a postal code follows, or nothing."""
    if end == len(words):
        return True
    following = words[end]
    return following.after_comma or following.chain != words[end - 1].chain or following.written[0].isdigit()


def fold_case(written: str) -> str:
    """The words of a name as written, without dots and other marks."""
    return " ".join(_WORD.findall(_DOTTED.sub(lambda match: match.group().replace(".", ""), written)))


def _settle(hits: list[_Hit], names: TagNames) -> list[_Hit]:
    """Drop a city that its state contradicts: Cambridge in "Cambridge, MA" is not the one in England."""
    kept: list[_Hit] = []
    for place, hit in enumerate(hits):
        after = hits[place + 1] if place + 1 < len(hits) else None
        is_contradicted = (
            after is not None
            and after.chain == hit.chain
            and after.is_abbreviation
            and not hit.is_abbreviation
            and not names.is_within(hit.tag, after.tag)
        )
        if not is_contradicted:
            kept.append(hit)
    return kept
