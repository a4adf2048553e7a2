"""Suggests which accepted tag a proposed one may mean: the closest name or synonym of the same facet."""

from collections.abc import Iterable, Mapping, Sequence

from rapidfuzz import fuzz, process

from references.text import fold

CLOSE_ENOUGH = 84.0


def suggest_targets(
    proposed: Iterable[tuple[int, str, str]], known: Mapping[str, Sequence[tuple[str, int]]]
) -> dict[int, int]:
    """For proposals (id, facet, name) the id of the accepted tag each may mean; those like none are left out.

    `known` gives by facet the names and synonyms of accepted tags with the tag's id. Words count in any order.
    """
    folded = {facet: [fold(word) for word, _ in words] for facet, words in known.items()}
    found: dict[int, int] = {}
    for tag_id, facet, name in proposed:
        best = process.extractOne(
            fold(name), folded.get(facet, []), scorer=fuzz.token_sort_ratio, score_cutoff=CLOSE_ENOUGH
        )
        if best is not None:
            found[tag_id] = known[facet][best[2]][1]
    return found
