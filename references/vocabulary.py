"""The vocabulary as pure values: tags of every facet with their parents and synonyms, free of the ORM."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain

import numpy as np
import numpy.typing as npt


@dataclass(frozen=True, slots=True)
class VocabularyTag:
    """One tag: `parents` are the ids directly above it; regions that overlap, such as DACH, give several."""

    id: int
    facet: str
    slug: str
    name: str
    parents: tuple[int, ...] = ()
    synonyms: tuple[str, ...] = ()
    languages: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Families:
    """Every tag and all below it, one family after the other in the order of the vocabulary's tags.

    `members` are places among those tags, `starts` tell where each family begins; none is empty.
    """

    members: npt.NDArray[np.int64]
    starts: npt.NDArray[np.int64]


@dataclass(frozen=True)
class Vocabulary:
    """All accepted tags, with the questions of containment that reading, ranking and filtering ask."""

    tags: tuple[VocabularyTag, ...]
    _by_id: dict[int, VocabularyTag] = field(init=False, repr=False, compare=False)
    _below: dict[int, frozenset[int]] = field(init=False, repr=False, compare=False, default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_by_id", {tag.id: tag for tag in self.tags})

    def __contains__(self, tag_id: object) -> bool:
        return tag_id in self._by_id

    def get(self, tag_id: int) -> VocabularyTag:
        """Give the tag with this id; raises KeyError where there is none."""
        return self._by_id[tag_id]

    @cached_property
    def children(self) -> dict[int, tuple[int, ...]]:
        """Ids directly below each tag, in id order."""
        below: dict[int, list[int]] = {}
        for tag in sorted(self.tags, key=lambda tag: tag.id):
            for parent in tag.parents:
                below.setdefault(parent, []).append(tag.id)
        return {parent: tuple(ids) for parent, ids in below.items()}

    @cached_property
    def slugs(self) -> dict[tuple[str, str], int]:
        """Tag id by (facet, slug)."""
        return {(tag.facet, tag.slug): tag.id for tag in self.tags}

    def ancestors(self, tag_id: int) -> frozenset[int]:
        """Every tag above `tag_id`, itself left out; cycles in bad data end the walk."""
        return self._closure(tag_id, lambda each: self._by_id[each].parents if each in self._by_id else ())

    def descendants(self, tag_id: int) -> frozenset[int]:
        """Every tag below `tag_id`, itself left out; worked out once."""
        known = self._below.get(tag_id)
        if known is None:
            known = self._below[tag_id] = self._closure(tag_id, lambda each: self.children.get(each, ()))
        return known

    @cached_property
    def families(self) -> Families:
        """The family of every tag, for sums over all of them."""
        places = {tag.id: place for place, tag in enumerate(self.tags)}
        found = [[place, *map(places.__getitem__, self.descendants(tag.id))] for place, tag in enumerate(self.tags)]
        sizes = np.fromiter(map(len, found), np.int64, len(found))
        members = np.fromiter(chain.from_iterable(found), np.int64, int(sizes.sum()))
        return Families(members, np.cumsum(sizes) - sizes)

    @cached_property
    def parents_of_a_facet(self) -> dict[int, frozenset[int]]:
        """By tag that has others of its facet below it, those and itself."""
        found = {}
        for tag in self.tags:
            below = [each for each in self.descendants(tag.id) if self._by_id[each].facet == tag.facet]
            if below:
                found[tag.id] = frozenset((tag.id, *below))
        return found

    def facet(self, facet: str) -> tuple[VocabularyTag, ...]:
        """The tags of one facet, in the order given."""
        return self._by_facet.get(facet, ())

    @cached_property
    def _by_facet(self) -> dict[str, tuple[VocabularyTag, ...]]:
        found: dict[str, list[VocabularyTag]] = {}
        for tag in self.tags:
            found.setdefault(tag.facet, []).append(tag)
        return {facet: tuple(tags) for facet, tags in found.items()}

    @staticmethod
    def _closure(start: int, step: Callable[[int], Iterable[int]]) -> frozenset[int]:
        seen: set[int] = set()
        waiting: list[int] = list(step(start))
        while waiting:
            each = waiting.pop()
            if each not in seen and each != start:
                seen.add(each)
                waiting.extend(step(each))
        return frozenset(seen)


def order_by_slug(tags: Iterable[VocabularyTag]) -> tuple[VocabularyTag, ...]:
    """Sort tags by facet and slug, the order in which lists show them."""
    return tuple(sorted(tags, key=lambda tag: (tag.facet, tag.slug)))
