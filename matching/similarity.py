"""How near what a promoter is comes to what a brief asks for, facet by facet, each in 0…1.

Taxonomies compare by Lin's similarity (*An information-theoretic definition of similarity*, 1998); sizes and
seniorities by steps along their order; regions by containment, then shared language, then shared continent.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

from matching.need import Reading
from references.enums import Facet
from references.pool.features import SENIORITIES, SIZES
from references.pool.snapshot import Snapshot
from references.vocabulary import Vocabulary

ORDERED: dict[str, tuple[str, ...]] = {Facet.SIZE: SIZES, Facet.SENIORITY: SENIORITIES}
WORLD = "world"
_LEAST_RARITY, _MOST_RARITY = 0.5, 3.0


@dataclass(frozen=True)
class Asked:
    """One tag asked for: its share ω of its facet, and how similar each other tag is to it, by tag id."""

    reading: Reading
    share: float
    similar: dict[int, float] = field(repr=False)


def weigh_asked(snapshot: Snapshot, readings: Sequence[Reading]) -> tuple[Asked, ...]:
    """Prepare the readings of one unordered facet: ω_a = confidence · clip(ln(1 + N/(1 + n_a)), .5, 3), then shares."""
    known = [reading for reading in readings if reading.tag_id in snapshot.vocabulary]
    weights = []
    for reading in known:
        rarity = math.log(1.0 + snapshot.person_count / (1 + snapshot.subtree_counts[reading.tag_id]))
        weights.append(reading.confidence * min(max(rarity, _LEAST_RARITY), _MOST_RARITY))
    total = sum(weights)
    return tuple(
        Asked(reading, weight / total if total else 0.0, similar_tags(snapshot, reading.tag_id))
        for reading, weight in zip(known, weights, strict=True)
    )


def similar_tags(snapshot: Snapshot, tag_id: int) -> dict[int, float]:
    """Similarity of every tag that is at all similar to `tag_id`, itself and everything below it at 1.

    Worked out once a snapshot.
    """
    known: dict[int, dict[int, float]] = snapshot.remembered.setdefault("similar", {})
    if tag_id not in known:
        is_region = snapshot.vocabulary.get(tag_id).facet == Facet.REGION
        known[tag_id] = (_similar_regions if is_region else _similar_by_lin)(snapshot, tag_id)
    return known[tag_id]


def _similar_by_lin(snapshot: Snapshot, tag_id: int) -> dict[int, float]:
    """sim(a, b) = 2·IC(lca)/(IC(a) + IC(b)); 1 where b lies below a."""
    vocabulary = snapshot.vocabulary
    similar: dict[int, float] = {}
    own = snapshot.information(tag_id)
    for common in vocabulary.ancestors(tag_id):
        shared = snapshot.information(common)
        if shared <= 0.0:
            continue
        for other in (common, *vocabulary.descendants(common)):
            both = own + snapshot.information(other)
            if both > 0.0:
                similar[other] = max(similar.get(other, 0.0), min(1.0, 2.0 * shared / both))
    similar |= dict.fromkeys((tag_id, *vocabulary.descendants(tag_id)), 1.0)
    return similar


def _similar_regions(snapshot: Snapshot, tag_id: int) -> dict[int, float]:
    """1 inside what was asked for; else the policy's value for a shared language, or for the same continent."""
    vocabulary, policy = snapshot.vocabulary, snapshot.policy.ranking
    similar: dict[int, float] = {}
    for continent in continents(vocabulary, tag_id):
        similar |= dict.fromkeys((continent, *vocabulary.descendants(continent)), policy.region_continent)
    languages = spoken_in(vocabulary, tag_id)
    for other in vocabulary.facet(Facet.REGION):
        if languages and languages.intersection(spoken_in(vocabulary, other.id)):
            similar[other.id] = policy.region_language
    similar |= dict.fromkeys(languages, policy.region_language)
    similar |= dict.fromkeys((tag_id, *vocabulary.descendants(tag_id)), 1.0)
    return similar


def continents(vocabulary: Vocabulary, tag_id: int) -> tuple[int, ...]:
    """The continents around a region (or itself), in id order; none for a group that spans several, such as EMEA."""
    line = {tag_id, *vocabulary.ancestors(tag_id)}
    return tuple(each for each in sorted(line) if _is_continent(vocabulary, each))


def spoken_in(vocabulary: Vocabulary, region_id: int) -> frozenset[int]:
    """The languages of a region, or else of the nearest region around it that names any."""
    region, seen = vocabulary.get(region_id), {region_id}
    while not region.languages and region.parents and region.parents[0] not in seen:
        region = vocabulary.get(region.parents[0])
        seen.add(region.id)
    return frozenset(region.languages)


def _is_continent(vocabulary: Vocabulary, tag_id: int) -> bool:
    """Whether a region lies right below the world and is the main parent of others; a group is only their second."""
    tag = vocabulary.get(tag_id)
    if tag.slug == WORLD or (tag.parents and vocabulary.get(tag.parents[0]).slug != WORLD):
        return False
    return any(vocabulary.get(child).parents[0] == tag_id for child in vocabulary.children.get(tag_id, ()))


def step_similarities(readings: Sequence[Reading], snapshot: Snapshot, facet: str) -> list[float]:
    """By place in the order of an ordered facet, the similarity to the nearest band asked for, times its confidence.

    A place nobody asked near has 0. Slugs that are no band of the order are left out.
    """
    order, steps = ORDERED[facet], snapshot.policy.ranking.band_similarity
    asked = [
        (order.index(snapshot.vocabulary.get(reading.tag_id).slug), reading.confidence)
        for reading in readings
        if reading.tag_id in snapshot.vocabulary and snapshot.vocabulary.get(reading.tag_id).slug in order
    ]
    strongest = max((confidence for _, confidence in asked), default=1.0)
    return [
        max(
            (confidence / strongest * steps[min(abs(place - band), len(steps) - 1)] for band, confidence in asked),
            default=0.0,
        )
        for place in range(len(order))
    ]
