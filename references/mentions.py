"""Which of many overlapping matches a text means: the longest, helped by the words beside them."""

from collections.abc import Sequence
from dataclasses import replace

from references.lexicon import SURE, Match
from references.words import Span, Word

LIFTED = 0.8
"""How sure an everyday word becomes beside a word that settles it: "wind people", "shipping or rail"."""

_PRODUCTS = frozenset(("product", "technology", "competitor"))
_TITLES = frozenset(("role", "seniority"))
_OF_AN_INDUSTRY = frozenset(
    "company companies firm firms business businesses industry industries sector sectors operator operators people "
    "player players group provider providers vendor vendors organization organizations organisation organisations "
    "client clients world space market brand brands chain chains".split()
)
_OF_A_ROLE = frozenset(
    "team teams people person folks lead leads leader leaders head heads department leadership staff squad".split()
)
_SPOKEN_BEFORE = frozenset("speak speaks speaking fluent native spoken".split())
_SPOKEN_BEHIND = frozenset("speaker speakers speaking spoken language languages fluent".split())
_NEEDED = frozenset("essential required mandatory necessary needed must".split())
_LINKS = frozenset("is are be would will a an absolutely".split())
_JOINTS = frozenset(("or", "and", "nor"))


def select_matches(words: Sequence[Word], found: Sequence[Match], taken: Sequence[Span]) -> list[Match]:
    """Keep the matches that stand: none inside `taken` (dates, money), per facet the longest, in text order.

    A match inside a longer one of another facet is part of its name ("security" in "cloud security"); only roles and
    seniorities share words ("head of risk"), and two facets may read the very same words ("CFO").
    """
    free = [match for match in found if not any(_span(words, match).overlaps(span) for span in taken)]
    free = _tell_languages(words, [match for match in free if _is_placed(words, match)])
    kept: list[Match] = []
    for match in sorted(free, key=lambda each: (-each.length, -each.confidence, each.first, each.entry.facet)):
        if not any(_yields(match, other) for other in kept):
            kept.append(match)
    kept.sort(key=lambda each: (each.first, each.last, each.entry.facet))
    return _lift_joined(words, [_lift(words, match) for match in kept])


def _is_placed(words: Sequence[Word], match: Match) -> bool:
    """True unless a code that needs a place before its comma ("Portland, OR") has none."""
    return not match.entry.after_comma or (match.first > 0 and words[match.first - 1].raw.istitle())


def _span(words: Sequence[Word], match: Match) -> Span:
    return Span(words[match.first].start, words[match.last - 1].end)


def _yields(match: Match, other: Match) -> bool:
    if match.first >= other.last or other.first >= match.last:
        return False
    if match.entry.facet == other.entry.facet:
        return True
    if {match.entry.facet, other.entry.facet} == _TITLES:
        return False
    if (match.first, match.last) == (other.first, other.last):
        is_bent = match.method == "inflection" and match.confidence < SURE <= other.confidence
        return is_bent or (other.entry.facet in _PRODUCTS and other.confidence > match.confidence)
    is_inside = other.first <= match.first and match.last <= other.last and other.length > match.length
    return is_inside and other.confidence >= min(match.confidence, SURE)


def _lift(words: Sequence[Word], match: Match) -> Match:
    if not match.entry.weak or match.last >= len(words) or words[match.last].gap not in (" ", ""):
        return match
    following = words[match.last].word
    settled = {"industry": _OF_AN_INDUSTRY, "role": _OF_A_ROLE}.get(match.entry.facet, frozenset())
    return replace(match, confidence=LIFTED) if following in settled else match


def _lift_joined(words: Sequence[Word], matches: list[Match]) -> list[Match]:
    """An everyday word joined by "or" to a sure match of its facet means its tag too ("wind or power plants")."""
    lifted = list(matches)
    for number, match in enumerate(matches):
        if not match.entry.weak or match.confidence >= SURE:
            continue
        for other in matches:
            first, second = (match, other) if match.first < other.first else (other, match)
            between = words[first.last : second.first]
            is_joined = len(between) == 1 and between[0].word in _JOINTS and words[second.first].gap == " "
            if is_joined and other.entry.facet == match.entry.facet and other.confidence >= SURE:
                lifted[number] = replace(match, confidence=LIFTED)
    return lifted


def _tell_languages(words: Sequence[Word], matches: list[Match]) -> list[Match]:
    """A word that is a language and a people ("Spanish") is the language only where speaking is spoken of."""
    regions = {(match.first, match.last) for match in matches if match.entry.facet == "region"}
    languages = {(match.first, match.last) for match in matches if match.entry.facet == "language"}
    spoken = {place for place in languages if place not in regions or _is_spoken(words, *place)}
    for _ in languages:
        joined = {place for place in languages - spoken if any(_is_joined(words, place, other) for other in spoken)}
        if not joined:
            break
        spoken |= joined
    dropped = {(*place, "region" if place in spoken else "language") for place in regions & languages}
    return [match for match in matches if (match.first, match.last, match.entry.facet) not in dropped]


def _is_spoken(words: Sequence[Word], first: int, last: int) -> bool:
    before = words[first - 1].word if first else ""
    behind = words[last].word if last < len(words) else ""
    return before in _SPOKEN_BEFORE or behind in _SPOKEN_BEHIND or _stands_alone(words, first, last)


def _stands_alone(words: Sequence[Word], first: int, last: int) -> bool:
    """True where no noun follows that a people's name describes: "a call in French.", "Spanish is a must"."""
    at = last
    while at < len(words) and words[at].gap not in (",", ".") and words[at].word in _LINKS:
        at += 1
    is_needed = at < len(words) and words[at].gap not in (",", ".") and words[at].word in _NEEDED
    ends = last == len(words) or words[last].gap in (",", ".")
    is_in = first > 0 and words[first - 1].word == "in" and words[first].gap == " "
    opens = first == 0 or words[first].gap in (",", ".") or words[first - 1].word in _JOINTS
    return (is_in and ends) or (is_needed and opens)


def _is_joined(words: Sequence[Word], one: tuple[int, int], other: tuple[int, int]) -> bool:
    """True for two stretches with only "or" or "and" between them."""
    first, second = min(one, other), max(one, other)
    return second[0] == first[1] + 1 and words[first[1]].word in _JOINTS
