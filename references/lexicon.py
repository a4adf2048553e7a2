"""The lexicon: every name and synonym of the vocabulary in one trie of stems, compiled once, asked for each brief."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import Literal

from rapidfuzz import process
from rapidfuzz.distance import OSA, Indel

from references.common_words import COMMON_STEMS, COMMON_WORDS
from references.enums import Facet
from references.synonyms import parse_synonym
from references.text import STOP_WORDS, stem
from references.titles import turn_titles
from references.vocabulary import Vocabulary, VocabularyTag
from references.words import Word, split_words

Method = Literal["name", "synonym", "inflection", "typo", "pattern", "user"]

SURE = 0.75
"""From this confidence a reading counts without being confirmed."""

DESCRIPTIVE_FACETS = frozenset({"industry", "solution", "role", "seniority", "size", "persona"})
"""Facets whose tags are ordinary words; the tags of all others are proper names, for which capitals matter."""

TOPIC_FACETS = frozenset({"industry", "solution"})
MAX_WORDS = 6
MIN_TYPO_LETTERS = 5
MIN_TYPO_SCORE = 88.0
_NAME, _SYNONYM, _INFLECTED, _WEAK, _TYPO, _DOUBTED, _LEAST = 1.0, 0.95, 0.92, 0.6, 0.7, 0.45, 0.3
_BAND = re.compile(r"(?P<low>[0-9]{1,9})(?:-(?P<high>[0-9]{1,9})|\+)")
_AGENTS = ("er", "ers", "or", "ors", "ist", "ists")
_LINKS = frozenset("of to in for on from the a an our their its your his her my these those all".split())


@dataclass(frozen=True, slots=True)
class Entry:
    """One way of writing a tag. `depth` counts its ancestors; `proper` says that it is a name, bound to capitals."""

    tag_id: int
    facet: str
    name: str
    words: tuple[str, ...]
    raws: tuple[str, ...]
    is_name: bool
    exact: bool
    after_comma: bool
    weak: bool
    proper: bool
    depth: int


@dataclass(frozen=True, slots=True)
class Match:
    """An entry found in words[first:last]."""

    entry: Entry
    first: int
    last: int
    confidence: float
    method: Method

    @property
    def length(self) -> int:
        """Words covered."""
        return self.last - self.first


class _Node:
    __slots__ = ("children", "entries")

    def __init__(self) -> None:
        self.children: dict[str, _Node] = {}
        self.entries: list[Entry] = []


class Lexicon:
    """All ways of writing the tags of one vocabulary; immutable once built and safe to share between threads."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        self._root = _Node()
        self._known: set[str] = set()
        targets: set[str] = set()
        for tag in vocabulary.tags:
            for entry in _entries(tag, len(vocabulary.ancestors(tag.id))):
                self._add(entry)
                if not entry.weak:
                    targets.update(entry.words)
        self._add_turned_titles()
        self._targets: dict[tuple[str, int], list[str]] = defaultdict(list)
        for word in sorted(targets):
            if len(word) >= MIN_TYPO_LETTERS and word.isalpha() and stem(word) not in COMMON_STEMS:
                self._targets[word[0], len(word)].append(word)

    def find(self, words: Sequence[Word], *, is_shouted: bool = False, mends: bool = True) -> list[Match]:
        """Give the best entry per facet for every stretch of `words` that writes one, in text order.

        `mends` repairs typos of unknown words.
        """
        mended = self._mend_all(words) if mends else None
        best: dict[tuple[int, int, str], list[Match]] = defaultdict(list)
        for first in range(len(words)):
            for match in self._from(mended or words, words, first, is_shouted):
                best[match.first, match.last, match.entry.facet].append(match)
        found = [self._choose(matches) for matches in best.values()]
        return sorted(found, key=lambda match: (match.first, match.last, match.entry.facet))

    def mend(self, word: str) -> tuple[str, float] | None:
        """Give the one word of the lexicon that a folded unknown word probably misspells, with a score up to 100."""
        if len(word) < MIN_TYPO_LETTERS or not word.isalpha():
            return None
        if word in STOP_WORDS or stem(word) in self._known or stem(word) in COMMON_STEMS:
            return None
        near = self._near(word)
        if not near:
            return None
        rivals = [each for each, score in near if score > near[0][1] - 3 and stem(each) != stem(near[0][0])]
        return None if rivals else near[0]

    def band(self, facet: str, count: int) -> VocabularyTag | None:
        """Give the tag of an ordered facet whose slug ("51-200", "10001+") holds `count`."""
        for low, high, tag in self._bands.get(facet, ()):
            if low <= count <= high:
                return tag
        return None

    @cached_property
    def _bands(self) -> dict[str, list[tuple[int, float, VocabularyTag]]]:
        bands: dict[str, list[tuple[int, float, VocabularyTag]]] = defaultdict(list)
        for tag in self.vocabulary.tags:
            if span := _BAND.fullmatch(tag.slug):
                bands[tag.facet].append((int(span["low"]), float(span["high"] or "inf"), tag))
        return bands

    @cached_property
    def size(self) -> int:
        """Entries compiled."""
        waiting, count = [self._root], 0
        while waiting:
            node = waiting.pop()
            count += len(node.entries)
            waiting.extend(node.children.values())
        return count

    def _add(self, entry: Entry) -> None:
        for words in _spellings(entry.words):
            node = self._root
            for word in words:
                key = stem(word)
                self._known.add(key)
                node = node.children.setdefault(key, _Node())
            node.entries.append(entry if words == entry.words else replace(entry, words=words, raws=words))

    def _add_turned_titles(self) -> None:
        """Add titles of the same functions by other ranks; what is written in the vocabulary itself goes first."""
        roles = [tag for tag in self.vocabulary.tags if tag.facet == Facet.ROLE]
        synonyms = ((tag.id, parse_synonym(each)) for tag in roles for each in (tag.name, *tag.synonyms))
        plain = [(role, each.text) for role, each in synonyms if not each.weak]
        for role, title in turn_titles(plain):
            tag = self.vocabulary.get(role)
            words = split_words(title)
            raws = tuple(each.raw for each in words)
            folded = tuple(each.word for each in words)
            depth = len(self.vocabulary.ancestors(role))
            self._add(Entry(role, tag.facet, tag.name, folded, raws, False, False, False, False, False, depth))

    def _mend_all(self, words: Sequence[Word]) -> list[Word] | None:
        mended: list[Word] | None = None
        for position, word in enumerate(words):
            if word.stem in self._known or (fix := self.mend(word.word)) is None:
                continue
            if mended is None:
                mended = list(words)
            mended[position] = replace(word, word=fix[0], raw=fix[0], stem=stem(fix[0]))
        return mended

    def _near(self, word: str) -> list[tuple[str, float]]:
        """Likely words, the likeliest first: an Indel ratio from 88, or one slip in a word of seven letters or more."""
        scores: dict[str, float] = {}
        for length in range(max(MIN_TYPO_LETTERS, len(word) - 2), len(word) + 3):
            targets = self._targets.get((word[0], length), ())
            least = MIN_TYPO_SCORE / 100
            for each, score, _ in process.extract(
                word, targets, scorer=Indel.normalized_similarity, score_cutoff=least, limit=4
            ):
                scores[each] = score * 100
            if len(word) >= 7:
                for each, _, _ in process.extract(word, targets, scorer=OSA.distance, score_cutoff=1, limit=4):
                    scores.setdefault(each, MIN_TYPO_SCORE)
        return sorted(scores.items(), key=lambda scored: (-scored[1], scored[0]))

    def _from(self, words: Sequence[Word], written: Sequence[Word], first: int, is_shouted: bool) -> Iterator[Match]:
        for node, last, surface in self._walk(words, first):
            for entry in node.entries:
                judged = _judge(entry, surface, words[first], is_shouted)
                if judged is None:
                    continue
                confidence, method = judged
                if any(words[each] is not written[each] for each in range(first, last)):
                    confidence, method = min(confidence, _TYPO), "typo"
                yield Match(entry, first, last, confidence, method)
        yield from self._turned(words, first)

    def _walk(self, words: Sequence[Word], first: int) -> Iterator[tuple[_Node, int, tuple[str, ...]]]:
        """Follow the trie from `first`; two words may count as one ("health care" finds "healthcare")."""
        waiting: list[tuple[_Node, int, tuple[str, ...]]] = [(self._root, first, ())]
        while waiting:
            node, at, surface = waiting.pop()
            if surface and node.entries:
                yield node, at, surface
            if at >= len(words) or (surface and words[at].gap == "."):
                continue
            word = words[at]
            below = node.children.get(word.stem)
            if below is not None:
                waiting.append((below, at + 1, (*surface, word.raw)))
            if at + 1 < len(words) and words[at + 1].gap in ("", " ") and len(words[at + 1].word) > 1:
                joined = word.word + words[at + 1].word
                below = node.children.get(stem(joined)) if len(joined) > 4 else None
                if below is not None:
                    waiting.append((below, at + 2, (*surface, joined)))

    def _turned(self, words: Sequence[Word], first: int) -> Iterator[Match]:
        """Find two-word topics the other way round: "detection of fraud", "migrating to the cloud".

        Someone who acts is not the act: "manager to site manager" is no site management.
        """
        last = first + 1
        while last < len(words) and last - first <= 2 and words[last].word in _LINKS and words[last].gap == " ":
            last += 1
        if last >= len(words) or words[last].gap != " ":
            return
        head = self._root.children.get(words[last].stem)
        node = None if head is None else head.children.get(words[first].stem)
        if node is None:
            return
        is_linked = last > first + 1
        if words[first + 1].word == "to" and words[first].word.endswith(_AGENTS):
            return
        for entry in node.entries:
            if len(entry.words) != 2 or entry.weak or entry.exact or entry.facet not in TOPIC_FACETS:
                continue
            is_bent = _relation(words[first].word, entry.words[1]) == 2
            if _relation(words[last].word, entry.words[0]) == 2 or not (is_linked or is_bent):
                continue
            yield Match(entry, first, last + 1, 0.8 if is_linked else 0.76, "inflection")

    def _choose(self, matches: list[Match]) -> Match:
        """Pick the surest, then the most specific; less sure where two unrelated tags are written alike."""
        ordered = sorted(
            matches, key=lambda each: (-each.confidence, -each.entry.depth, each.entry.name, each.entry.tag_id)
        )
        chosen = ordered[0]
        for other in ordered[1:]:
            if other.confidence < chosen.confidence - 0.06:
                break
            if not self._is_related(chosen.entry.tag_id, other.entry.tag_id):
                return replace(chosen, confidence=min(chosen.confidence, _WEAK))
        return chosen

    def _is_related(self, one: int, other: int) -> bool:
        return one == other or other in self.vocabulary.ancestors(one) or one in self.vocabulary.ancestors(other)


def _entries(tag: VocabularyTag, depth: int) -> Iterable[Entry]:
    proper = tag.facet not in DESCRIPTIVE_FACETS
    seen: set[tuple[str, ...]] = set()
    for position, written in enumerate((tag.name, *tag.synonyms)):
        is_name = position == 0
        synonym = parse_synonym(tag.name) if is_name and not proper else parse_synonym(written)
        parts = split_words(synonym.text)
        words = tuple(part.word for part in parts)
        if not 1 <= len(words) <= MAX_WORDS or words in seen:
            continue
        if all(word.isdigit() or (word in STOP_WORDS and not (synonym.exact or proper)) for word in words):
            continue
        seen.add(words)
        raws = tuple(part.raw for part in parts)
        flags = (is_name, synonym.exact, synonym.after_comma, synonym.weak, proper)
        yield Entry(tag.id, tag.facet, tag.name, words, raws, *flags, depth)


def _spellings(words: tuple[str, ...]) -> Iterable[tuple[str, ...]]:
    """The words themselves and, for a short pair, the closed form ("e commerce", "ecommerce")."""
    yield words
    if len(words) == 2 and all(word.isalpha() for word in words) and 4 < len(words[0] + words[1]) <= 12:
        yield (words[0] + words[1],)


@lru_cache(maxsize=32_768)
def _singular(word: str) -> str:
    if len(word) < 4 or not word.endswith("s") or word.endswith(("ss", "us", "is")):
        return word
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("sses", "xes", "ches", "shes", "zzes")):
        return word[:-2]
    return word[:-1]


def _relation(written: str, word: str) -> int:
    """0 for the same word, 1 for singular and plural of it, 2 for another word of its stem."""
    if written == word:
        return 0
    return 1 if _singular(written) == _singular(word) else 2


def _judge(entry: Entry, surface: tuple[str, ...], first: Word, is_shouted: bool) -> tuple[float, Method] | None:
    """Say how sure `surface` (as written) means `entry`, or None where it does not."""
    if len(surface) != len(entry.words):
        return None
    if entry.exact:
        return _judge_exact(entry, surface, first, is_shouted)
    folded = tuple(part.casefold() if part.isascii() else split_words(part)[0].word for part in surface)
    relation = max(_relation(written, word) for written, word in zip(folded, entry.words, strict=True))
    confidence = _NAME if entry.is_name else _SYNONYM
    method: Method = "name" if entry.is_name else "synonym"
    if len(surface) == 1 and entry.proper:
        confidence = min(confidence, _trust_name(entry, surface[0], first, is_shouted))
        relation = 2 if relation == 1 and len(folded[0]) < 5 else relation
    if relation == 2 and len(surface) == 1:
        if entry.proper and len(folded[0]) >= 7 and Indel.normalized_similarity(folded[0], entry.words[0]) >= 0.88:
            return _TYPO, "typo"
        if entry.weak or entry.facet not in TOPIC_FACETS or not _may_bend(folded[0]):
            return None
        confidence = _WEAK
    elif relation == 2:
        bent = sum(_relation(written, word) == 2 for written, word in zip(folded, entry.words, strict=True))
        confidence = 0.85 if len(surface) >= 3 and bent == 1 else 0.72
    if relation:
        confidence, method = min(confidence, _INFLECTED), "inflection"
    if entry.weak:
        confidence = min(confidence, _WEAK)
    return None if confidence < _LEAST else (confidence, method)


def _may_bend(word: str) -> bool:
    """True for a word whose stem alone may name a topic: neither short, everyday nor a participle ("regulated")."""
    return len(word) >= 5 and word not in COMMON_WORDS and not word.endswith("ed")


def _judge_exact(entry: Entry, surface: tuple[str, ...], first: Word, is_shouted: bool) -> tuple[float, Method] | None:
    fits = all(written in (raw, raw + "s") for written, raw in zip(surface, entry.raws, strict=True))
    if not fits or (entry.after_comma and first.gap != ","):
        return None
    if is_shouted and any(word in STOP_WORDS or word in COMMON_WORDS for word in entry.words):
        return _DOUBTED, "synonym"
    return (0.85 if entry.after_comma else _WEAK if entry.weak else _SYNONYM), "synonym"


def _trust_name(entry: Entry, written: str, first: Word, is_shouted: bool) -> float:
    """How far a single written word can be the proper name `entry`: capitals decide where it is an everyday word."""
    name = entry.raws[0]
    is_everyday = entry.words[0] in COMMON_WORDS or entry.words[0] in STOP_WORDS
    if len(name) == 1:
        return 0.4 if written == name and first.gap != "" else 0.0
    if not is_everyday and len(name) > 2:
        return _NAME
    if written != name or written.islower():
        return 0.0 if is_everyday or written.islower() != name.islower() else _NAME
    is_small = entry.words[0] in STOP_WORDS and not written.isupper()
    if is_shouted or is_small or (is_everyday and first.opens_sentence):
        return _DOUBTED
    return 0.85 if is_everyday else _NAME


_compiled: list[Lexicon] = []


def compile_lexicon(vocabulary: Vocabulary) -> Lexicon:
    """Give the lexicon of a vocabulary; the last one compiled is kept, as compiling takes about a second."""
    if not _compiled or (_compiled[0].vocabulary is not vocabulary and _compiled[0].vocabulary != vocabulary):
        _compiled[:] = [Lexicon(vocabulary)]
    return _compiled[0]
