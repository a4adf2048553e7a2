"""Suggests which tag an unknown word means, with the reason and how sure that is. Pure: values in, values out."""

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from rapidfuzz.distance import OSA

from references.enums import Facet
from references.term_forms import Form, form_of
from references.term_typos import allowed_slips, find_typos

How = Literal["spelling", "words", "filler", "typo", "kind", "part", "wider", "overlap", "together"]

SURE = 0.9
"""From this confidence on a suggestion is offered for all words at once."""

_PROPER = frozenset({Facet.PRODUCT, Facet.TECHNOLOGY, Facet.COMPETITOR})
_RANK_WORDS = (
    "assistant chief deputy director global group head junior lead leader leiter manager officer president principal "
    "senior vice"
)
_RANKS = form_of(_RANK_WORDS).core
"""Words of job titles that tell the rank, and nothing of what somebody does."""
_MOST_POSTINGS = 1_500  # a word in more names than this leads to none of them
_LEAST = 0.4  # less sure than this is not worth reading
_LEAST_OVERLAP = 0.5
_LEAST_TOGETHER, _LEAST_ALIKE, _LEAST_LIFT = 3, 0.5, 3.0
_NEXT_TO_SURE = 0.89


@dataclass(frozen=True, slots=True)
class Term:
    """An unknown word of a facet. `tag` is its own where it is a proposed tag, else 0; `rank` its place by use."""

    key: str
    facet: str
    text: str
    tag: int = 0
    rank: int = 0


@dataclass(frozen=True, slots=True)
class Name:
    """One way of writing a tag. `rank` is -1 for an accepted tag; for a proposed one its place by use, so that of two
    new words the rarer is said to mean the more frequent one, never both ways."""

    tag: int
    facet: str
    text: str
    rank: int = -1
    is_weak: bool = False


@dataclass(frozen=True, slots=True)
class Together:
    """How many rows carry a term, how many of these each tag, and how many rows carry that tag in all."""

    carriers: int
    by_tag: Mapping[int, int]


@dataclass(frozen=True, slots=True)
class Suggestion:
    """The tag a term may mean, or lie below (`is_below`), how that was seen, and from 0 to 1 how sure it is."""

    tag: int
    how: How
    confidence: float
    is_below: bool = False


class _Names:
    """The names of one facet, with the ways that lead to them."""

    def __init__(self, names: Sequence[Name]) -> None:
        self.names = names
        self.forms = [form_of(name.text) for name in names]
        self.squeezed: dict[str, list[int]] = defaultdict(list)
        self.cores: dict[frozenset[str], list[int]] = defaultdict(list)
        self.postings: dict[str, list[int]] = defaultdict(list)
        for place, form in enumerate(self.forms):
            self.squeezed[form.squeezed].append(place)
            self.cores[form.core].append(place)
            for each in form.core:
                self.postings[each].append(place)

    def weight(self, stem: str) -> float:
        """How much a word tells: little where many names have it."""
        return math.log(1 + (len(self.names) + 1) / (1 + len(self.postings.get(stem, ()))))


def suggest_tags(
    terms: Sequence[Term],
    names: Iterable[Name],
    together: Mapping[str, Together] | None = None,
    carriers: Mapping[int, int] | None = None,
    rows: int = 0,
) -> dict[str, Suggestion]:
    """Give by a term's key the best suggestion; terms that resemble nothing are left out.

    `together` says by key which tags stand on the same rows, `carriers` how many of all `rows` carry each tag.
    """
    by_facet: dict[str, list[Name]] = defaultdict(list)
    for name in names:
        by_facet[name.facet].append(name)
    grouped: dict[str, list[Term]] = defaultdict(list)
    for term in terms:
        grouped[term.facet].append(term)
    found: dict[str, Suggestion] = {}
    for facet, group in grouped.items():
        if facet in by_facet:
            found |= _suggest_facet(group, _Names(by_facet[facet]))
    for term in terms:
        seen = (together or {}).get(term.key)
        best = found.get(term.key)
        if seen is not None and (best is None or best.confidence < _NEXT_TO_SURE):
            better = _weigh_together(best, seen, carriers or {}, rows)
            if better is not None:
                found[term.key] = better
    return found


def _suggest_facet(terms: Sequence[Term], names: _Names) -> dict[str, Suggestion]:
    typos = _typos(terms, names)
    found: dict[str, Suggestion] = {}
    for place, term in enumerate(terms):
        form = form_of(term.text)
        best = _equal(term, form, names) or typos.get(place) or _related(term, form, names)
        if best is not None:
            found[term.key] = best
    return found


def _fits(term: Term, name: Name) -> bool:
    return name.tag != term.tag and (name.rank < 0 or name.rank < term.rank)


def _first(term: Term, places: Iterable[int], names: _Names) -> Name | None:
    """The first name that may be suggested, those of accepted tags before those of proposed ones."""
    fitting = [names.names[place] for place in places if _fits(term, names.names[place])]
    return min(fitting, key=lambda name: (name.rank, name.is_weak, name.tag), default=None)


def _equal(term: Term, form: Form, names: _Names) -> Suggestion | None:
    """A name of the same letters, of the same words in any inflection and order, or with filler aside."""
    plain = [place for place in names.cores.get(form.core, ()) if not names.names[place].is_weak]
    same = [place for place in plain if names.forms[place].stems == form.stems]
    bare = [place for place in plain if _is_bare(form, names.forms[place])]
    ways: tuple[tuple[How, float, Iterable[int]], ...] = (
        ("spelling", 1.0, names.squeezed.get(form.squeezed, ())),
        ("words", 0.95, [place for place in same if names.forms[place].singular == form.singular]),
        ("words", 0.8, same),
        ("filler", SURE, bare if term.facet == Facet.INDUSTRY else ()),
        ("filler", 0.65, plain),
    )
    for how, confidence, places in ways:
        name = _first(term, places, names) if form.squeezed else None
        if name is not None:
            return Suggestion(name.tag, how, confidence)
    return None


def _is_bare(form: Form, other: Form) -> bool:
    """Whether the filler of one is all that the two differ in: "retail group" and "retail company" are two things."""
    return not form.filler or not other.filler


def _typos(terms: Sequence[Term], names: _Names) -> dict[int, Suggestion]:
    """By the place of a term the name that it may be a misspelling of."""
    forms = [form_of(term.text) for term in terms]
    best: dict[int, tuple[float, Name]] = {}
    written = [form.squeezed for form in names.forms]
    for row, place, slips in find_typos([form.squeezed for form in forms], written):
        name = names.names[place]
        if name.is_weak or not _fits(terms[row], name) or not _may_slip(forms[row], names.forms[place]):
            continue
        confidence = _typo_confidence(terms[row], forms[row].squeezed, written[place], slips)
        if row not in best or (-confidence, name.rank, name.tag) < (-best[row][0], best[row][1].rank, best[row][1].tag):
            best[row] = (confidence, name)
    return {row: Suggestion(name.tag, "typo", round(confidence, 2)) for row, (confidence, name) in best.items()}


def _may_slip(form: Form, other: Form) -> bool:
    """Whether no digit differs, nor a word too short for a slip: "API platform" is no "APM platform"."""
    if form.digits != other.digits:
        return False
    pairs = zip(form.words, other.words, strict=False)
    return len(form.words) != len(other.words) or all(
        OSA.distance(one, two) <= min(allowed_slips(len(one)), allowed_slips(len(two))) for one, two in pairs
    )


def _typo_confidence(term: Term, written: str, meant: str, slips: int) -> float:
    """A slip in a long word is plain; at the first letter, in a short word or a proper name it may be another word."""
    confidence = (0.92 if len(written) >= 8 else 0.8) if slips == 1 else 0.84
    return confidence - 0.15 * (written[:1] != meant[:1]) - 0.1 * (term.facet in _PROPER)


def _related(term: Term, form: Form, names: _Names) -> Suggestion | None:
    """A name that shares words with the term: a wider one, a part of it, a narrower one, or one that overlaps."""
    shared: dict[int, float] = defaultdict(float)
    for each in form.core:
        places = names.postings.get(each, ())
        if len(places) <= _MOST_POSTINGS:
            weight = names.weight(each)
            for place in places:
                shared[place] += weight
    total = sum(map(names.weight, form.core))
    best: Suggestion | None = None
    order = ((1.0, 0),)
    for place, weight in shared.items():
        name = names.names[place]
        if name.is_weak or not _fits(term, name) or _share_rank_alone(term, form, names.forms[place]):
            continue
        relation = _relate(form, names.forms[place], weight, total, names)
        if relation is None or relation[1] < _LEAST:
            continue
        how, confidence, is_below = relation
        key = ((-confidence, name.tag),)
        if best is None or key < order:
            best, order = Suggestion(name.tag, how, round(confidence, 2), is_below), key
    return best


def _share_rank_alone(term: Term, form: Form, other: Form) -> bool:
    """Whether two titles have but a rank in common: a chief happiness officer is no kind of chief product officer."""
    return term.facet == Facet.ROLE and form.core & other.core <= _RANKS


def _relate(form: Form, other: Form, shared: float, total: float, names: _Names) -> tuple[How, float, bool] | None:
    """(how, confidence, is it a kind of the other) from the weight of the shared words."""
    share = shared / total if total else 0.0
    if other.core < form.core:
        if form.head in other.core:
            return "kind", 0.45 + 0.4 * share, True
        return "part", 0.32 + 0.2 * share, False
    whole = sum(map(names.weight, other.core))
    if form.core < other.core:
        return "wider", 0.25 + 0.25 * shared / whole, False
    overlap = shared / (total + whole - shared)
    return ("overlap", 0.2 + 0.35 * overlap, False) if overlap >= _LEAST_OVERLAP else None


def _weigh_together(
    best: Suggestion | None, seen: Together, carriers: Mapping[int, int], rows: int
) -> Suggestion | None:
    """Raise a suggestion that stands on the same rows, or make one of the tag that stands on nearly the same ones."""
    if best is not None:
        share = seen.by_tag.get(best.tag, 0) / max(seen.carriers, 1)
        raised = min(best.confidence + 0.05 * share, max(best.confidence, _NEXT_TO_SURE))
        best = Suggestion(best.tag, best.how, round(raised, 2), best.is_below)
        if best.confidence >= 0.5:
            return best
    for tag, count in sorted(seen.by_tag.items(), key=lambda pair: (-pair[1], pair[0])):
        alike = count / max(seen.carriers + carriers.get(tag, count) - count, 1)
        share, chance = count / max(seen.carriers, 1), carriers.get(tag, 0) / max(rows, 1)
        if count >= _LEAST_TOGETHER and alike >= _LEAST_ALIKE and share >= _LEAST_LIFT * chance:
            made = Suggestion(tag, "together", round(0.3 + 0.2 * alike, 2))
            return made if best is None or made.confidence > best.confidence else best
    return best
