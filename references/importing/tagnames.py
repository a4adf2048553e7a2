"""Finds the tags that a value means by what they are called: the whole value first, then its parts."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from references.enums import Facet, TagStatus
from references.synonyms import Synonym, parse_synonym
from references.text import fold_name

_LIST = re.compile(r"[,;|\\]|\s+or\s+|\s/+\s|(?<=\w\w\w)/(?=\w\w\w)")
_PAIR = re.compile(r"\s*&\s*|\s+and\s+|\s*\+\s+|\s+-\s+|\s*\"\s*")
_BRACKETS = re.compile(r"\s*[(\[][^)\]]*[)\]]\s*")
_MARKED = re.compile(r"(?<=\w)[#+]+")
_MARKS = {"#": " sharp", "+": " plus"}
_SLUG_LENGTH = 120
_MAX_WORDS = 6
_MAX_CHARS = 60
_SHORTEST = 2  # no single letter is looked for inside a value
_CACHE = 50_000
_SMALL = frozenset({"of", "the", "and", "for", "a"})
_SHORT = {"mfg": "manufacturing", "svcs": "services", "svc": "service", "govt": "government", "mgmt": "management"}
_PLAIN_ENDS = ("ss", "us", "is")
# Facets whose names are looked for inside a longer value: "Telecommunications equipment provider".
_SCANNED = frozenset({Facet.INDUSTRY, Facet.SOLUTION})
# Facets whose values are names of their own, never to be taken apart at an "and".
_UNSPLIT = frozenset({Facet.PRODUCT})
# The facet whose values are kept as spelled, so that nothing is lost where only a part of one is known.
_KEPT_RAW = frozenset({Facet.INDUSTRY})
_NOTHING = frozenset("other others misc miscellaneous various unknown none general all any".split())


@dataclass(frozen=True, slots=True)
class KnownTag:
    """A tag of any status. `stands_for` is the tag it was merged into, else itself; `synonyms` are as written."""

    id: int
    facet: str
    slug: str
    name: str
    status: str = TagStatus.ACCEPTED
    stands_for: int = 0
    parents: tuple[int, ...] = ()
    synonyms: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """What a value means: ids of tags, and the names that no tag goes by yet."""

    tags: tuple[int, ...] = ()
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Entry:
    """One name of one tag; `written` keeps the case for synonyms bound to it."""

    tag: int
    written: str
    exact: bool = False
    after_comma: bool = False
    weak: bool = False


@dataclass(slots=True)
class _Names:
    """The names of one facet's tags. 0 stands for a tag that a manager rejected."""

    whole: dict[str, int] = field(default_factory=dict)
    singular: dict[str, int] = field(default_factory=dict)
    squeezed: dict[str, int] = field(default_factory=dict)
    entries: dict[str, list[Entry]] = field(default_factory=dict)


class TagNames:
    """All tags by what they are called. Accepted tags are found before proposed ones, names before synonyms."""

    def __init__(self, tags: Iterable[KnownTag]) -> None:
        self._facets: dict[str, _Names] = {}
        self._parents: dict[int, tuple[int, ...]] = {}
        self._cache: dict[tuple[str, str], Finding] = {}
        order = {TagStatus.ACCEPTED: 0, TagStatus.PROPOSED: 1, TagStatus.REJECTED: 2, TagStatus.MERGED: 3}
        known = sorted(tags, key=lambda tag: (order[TagStatus(tag.status)], tag.id))
        self._rejected = {tag.id for tag in known if tag.status == TagStatus.REJECTED}
        self._proposed = {tag.id for tag in known if tag.status == TagStatus.PROPOSED}
        for tag in known:
            self._add_name(tag, tag.name)
        for tag in known:
            self._add_name(tag, tag.slug)
            for written in tag.synonyms:
                self._add_synonym(tag, parse_synonym(written))

    def add(self, tag: KnownTag) -> None:
        """Take in a tag that was proposed just now."""
        self._proposed.add(tag.id)
        self._add_name(tag, tag.name)
        self._cache.clear()

    def find(self, facet: str, value: str) -> Finding:
        """Give what `value` means in this facet; an unknown one is missing if it could be the name of a tag."""
        key = (facet, value)
        found = self._cache.get(key)
        if found is None:
            if len(self._cache) >= _CACHE:
                self._cache.clear()
            found = self._cache[key] = self._find(facet, value)
        return found

    def find_whole(self, facet: str, value: str) -> Finding | None:
        """Give the tag that goes by exactly this value, case and word endings aside; None if there is none."""
        names = self._names(facet)
        key = fold_value(value)
        tag = names.whole.get(key)
        if tag is None and key:
            tag = names.singular.get(to_singular(key))
        if tag is None and key:
            tag = names.squeezed.get(key.replace(" ", ""))
        if tag is None:
            return None
        return Finding((tag,)) if tag else Finding()

    def entries(self, facet: str) -> dict[str, list[Entry]]:
        """The names of a facet's accepted tags by folded words, for reading them in a longer text."""
        return self._names(facet).entries

    def is_within(self, tag: int, top: int) -> bool:
        """Whether `tag` lies somewhere below `top`."""
        seen: set[int] = set()
        waiting = [*self._parents.get(tag, ())]
        while waiting:
            each = waiting.pop()
            if each == top:
                return True
            if each not in seen:
                seen.add(each)
                waiting.extend(self._parents.get(each, ()))
        return False

    def _names(self, facet: str) -> _Names:
        return self._facets.setdefault(facet, _Names())

    def _add_name(self, tag: KnownTag, name: str) -> None:
        self._parents.setdefault(tag.id, tag.parents)
        self._add_key(tag, Synonym(name), name)

    def _add_synonym(self, tag: KnownTag, synonym: Synonym) -> None:
        self._add_key(tag, synonym, synonym.text)

    def _add_key(self, tag: KnownTag, synonym: Synonym, written: str) -> None:
        names = self._names(tag.facet)
        key = fold_value(written)
        if not key:
            return
        target = tag.stands_for or tag.id
        meant = 0 if target in self._rejected else target
        names.whole.setdefault(key, meant)
        if not key.endswith("ies"):  # "security" is not what "securities" means
            names.singular.setdefault(to_singular(key), meant)
        names.squeezed.setdefault(key.replace(" ", ""), meant)
        if meant and tag.status in {TagStatus.ACCEPTED, TagStatus.MERGED}:
            entry = Entry(meant, written, synonym.exact, synonym.after_comma, synonym.weak)
            names.entries.setdefault(key, []).append(entry)

    def _find(self, facet: str, value: str) -> Finding:
        for attempt in (value, _BRACKETS.sub(" ", value).strip()):
            whole = self.find_whole(facet, attempt)
            if whole is not None:
                return self._with_known(facet, value, whole)
        parts = _split(_LIST, value)
        if len(parts) > 1 and all(_reads_alone(part) for part in parts):
            return _join(self._find(facet, part) for part in parts)
        found, is_whole = self._find_within(facet, value)
        if not found and may_be_tag(value):
            return Finding(missing=(value,))
        is_lost = found and not is_whole and facet not in _KEPT_RAW and may_be_tag(value)
        return Finding(found, (value,) if is_lost else ())

    def _with_known(self, facet: str, value: str, whole: Finding) -> Finding:
        """A proposal says nothing yet to whoever searches, so what is known within it counts beside it."""
        if not whole.tags or not self._proposed.issuperset(whole.tags):
            return whole
        return Finding(tuple(dict.fromkeys((*whole.tags, *self._find_within(facet, value)[0]))))

    def _find_within(self, facet: str, value: str) -> tuple[tuple[int, ...], bool]:
        """What the parts of a value mean, and whether each part is the whole name of a tag."""
        parts = _split(_PAIR, value) if facet not in _UNSPLIT else [value]
        known = [self.find_whole(facet, part) for part in parts]
        found: dict[int, None] = {}
        for part, finding in zip(parts, known, strict=True):
            if finding is not None:
                found.update(dict.fromkeys(finding.tags))
            is_settled = finding is not None and not (finding.tags and self._proposed.issuperset(finding.tags))
            if facet in _SCANNED and not is_settled:
                found.update(dict.fromkeys(self._scan(facet, part)))
        return tuple(found), None not in known

    def _scan(self, facet: str, value: str) -> list[int]:
        """The accepted tags named within a value: by sure names, or else by an everyday one at its start or end."""
        names = self._names(facet).entries
        words = fold_value(value).split()
        for weak in (False, True) if facet in _KEPT_RAW else (False,):
            found = [tag for at, end, tag in _scan(words, names, weak) if not weak or at == 0 or end == len(words)]
            if found:
                return found
        return []


def _scan(words: list[str], names: dict[str, list[Entry]], weak: bool) -> Iterator[tuple[int, int, int]]:
    """Yield (first word, end, tag) for the longest names in turn; no word counts twice."""
    at = 0
    while at < len(words):
        for end in range(min(len(words), at + _MAX_WORDS), at, -1):
            key = " ".join(words[at:end])
            if len(key) < _SHORTEST:
                continue
            entries = names.get(key) or names.get(to_singular(key)) or ()
            tag = next((entry.tag for entry in entries if entry.weak is weak and not entry.exact), 0)
            if tag:
                yield at, end, tag
                at = end
                break
        else:
            at += 1


@lru_cache(maxsize=16_384)
def fold_value(value: str) -> str:
    """Fold a value to the words by which tags are compared; "C#" and "C++" stay apart from "C"."""
    marked = _MARKED.sub(lambda match: "".join(_MARKS[ch] for ch in match.group()), value)
    folded = fold_name(marked)
    return " ".join(_SHORT.get(word, word) for word in folded.split())


@lru_cache(maxsize=16_384)
def to_singular(key: str) -> str:
    """The words of a folded value in the singular, small words left out; lighter than a stem, since "training" is
    no "train" and "mobile" no "mobility"."""
    words = [word for word in key.split() if word not in _SMALL]
    return " ".join(map(_singular, words)) if words else key


def _singular(word: str) -> str:
    if len(word) < 4 or not word.endswith("s") or word.endswith(_PLAIN_ENDS):
        return word
    if word.endswith("ies"):
        return f"{word[:-3]}y"
    return word[:-2] if word.endswith(("sses", "ches", "shes", "xes")) else word[:-1]


def _reads_alone(part: str) -> bool:
    return len(part.split()) <= 4 and not part.lower().startswith(("and ", "for ", "with "))


def slug_value(value: str) -> str:
    """The slug of a tag proposed for a value."""
    return fold_value(value).replace(" ", "-")[:_SLUG_LENGTH].strip("-")


def may_be_tag(value: str) -> bool:
    """Whether a value could be a tag's name: short, with a letter, and no web address."""
    return (
        len(value) <= _MAX_CHARS
        and len(value.split()) <= _MAX_WORDS
        and "://" not in value
        and any(ch.isalpha() for ch in value)
        and value.lower() not in _NOTHING
    )


def _split(separator: re.Pattern[str], value: str) -> list[str]:
    return [part for part in (piece.strip(" .") for piece in separator.split(value)) if part]


def _join(findings: Iterable[Finding]) -> Finding:
    tags: dict[int, None] = {}
    missing: dict[str, None] = {}
    for found in findings:
        tags.update(dict.fromkeys(found.tags))
        missing.update(dict.fromkeys(found.missing))
    return Finding(tuple(tags), tuple(missing))
