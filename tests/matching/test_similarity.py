"""Nearness of tags: Lin's measure by hand, regions by containment, language and continent, bands by steps."""

import math
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.need import Reading
from matching.similarity import similar_tags, spoken_in, step_similarities, weigh_asked
from references.policy import ProgramPolicy, RankingPolicy
from references.pool.features import SENIORITIES, SIZES
from references.pool.snapshot import Snapshot
from references.starter import build_starter_vocabulary
from references.vocabulary import VocabularyTag
from tests.matching.pools import alone, person, reading, snapshot_of, tag

FINANCE, BANKING, RETAIL, INSURANCE, HEALTH = 1, 2, 3, 4, 5
INDUSTRIES = (
    tag(FINANCE, "finance"),
    tag(BANKING, "banking", "industry", FINANCE),
    tag(RETAIL, "retail-banking", "industry", BANKING),
    tag(INSURANCE, "insurance", "industry", FINANCE),
    tag(HEALTH, "health"),
)


@pytest.fixture
def pool() -> Snapshot:
    """Eight people: three in banking, one in retail banking, two in insurance, two in health."""
    carried = [BANKING] * 3 + [RETAIL] + [INSURANCE] * 2 + [HEALTH] * 2
    return snapshot_of(INDUSTRIES, alone(*(person(place, [each]) for place, each in enumerate(carried, 1))))


def content(count: int) -> float:
    """IC of a tag whose subtree is carried so often, of eight in all, both smoothed by one."""
    return -math.log((count + 1) / 9)


def test_lin_by_hand(pool: Snapshot) -> None:
    similar = similar_tags(pool, BANKING)
    assert similar[INSURANCE] == pytest.approx(2 * content(6) / (content(4) + content(2)))
    assert similar[INSURANCE] == pytest.approx(0.298, abs=0.0005)
    assert similar[FINANCE] == pytest.approx(2 * content(6) / (content(4) + content(6)))
    assert HEALTH not in similar
    assert similar_tags(pool, RETAIL)[BANKING] == pytest.approx(0.562, abs=0.0005)


def test_lin_of_a_tag_itself_and_what_lies_below_is_one(pool: Snapshot) -> None:
    assert similar_tags(pool, FINANCE) == dict.fromkeys((FINANCE, BANKING, RETAIL, INSURANCE), 1.0)
    assert similar_tags(pool, BANKING)[RETAIL] == 1.0
    assert similar_tags(pool, RETAIL)[RETAIL] == 1.0


def test_lin_takes_the_nearest_of_several_common_groups() -> None:
    tags = (*INDUSTRIES, tag(6, "insurtech", "industry", FINANCE, HEALTH))
    pool = snapshot_of(tags, alone(person(1, [6]), person(2, [HEALTH]), person(3, [BANKING]), person(4, [INSURANCE])))
    similar = similar_tags(pool, 6)
    assert set(similar) == {6, FINANCE, BANKING, RETAIL, INSURANCE, HEALTH}
    assert similar[HEALTH] > similar[FINANCE] > 0


def test_group_that_covers_everyone_says_nothing() -> None:
    pool = snapshot_of(INDUSTRIES[:4], alone(person(1, [BANKING]), person(2, [INSURANCE])))
    assert similar_tags(pool, BANKING) == {BANKING: 1.0, RETAIL: 1.0}


@st.composite
def forests(draw: st.DrawFn) -> Snapshot:
    """Up to nine tags, each below none, one or two earlier ones, carried by up to a dozen people."""
    count = draw(st.integers(2, 9))
    tags = []
    for tag_id in range(1, count + 1):
        parents = draw(st.lists(st.integers(1, tag_id - 1), max_size=2, unique=True)) if tag_id > 1 else []
        tags.append(VocabularyTag(tag_id, "industry", f"t{tag_id}", f"T{tag_id}", tuple(parents)))
    carried = draw(st.lists(st.sets(st.integers(1, count), max_size=3), max_size=12))
    return snapshot_of(tags, alone(*(person(place, each) for place, each in enumerate(carried, 1))))


@settings(max_examples=80, deadline=None)
@given(forests())
def test_lin_lies_between_0_and_1_and_is_symmetric_beside_the_line(pool: Snapshot) -> None:
    vocabulary = pool.vocabulary
    for one in vocabulary.tags:
        similar = similar_tags(pool, one.id)
        assert all(0.0 <= each <= 1.0 for each in similar.values())
        below = {one.id, *vocabulary.descendants(one.id)}
        assert all(similar[each] == 1.0 for each in below)
        for other in similar.keys() - below - vocabulary.ancestors(one.id):
            assert similar_tags(pool, other)[one.id] == pytest.approx(similar[other], abs=1e-12)


def lin(pool: Snapshot, one: int, other: int) -> float:
    """Lin's similarity by its definition, with the common group that tells most; 1 where `other` lies below `one`."""
    below = pool.vocabulary.descendants
    if other == one or other in below(one):
        return 1.0
    both = pool.information(one) + pool.information(other)
    common = [each for each in pool.vocabulary.ancestors(one) if other == each or other in below(each)]
    return max((2 * pool.information(each) / both for each in common if pool.information(each)), default=0.0)


@settings(max_examples=80, deadline=None)
@given(forests())
def test_lin_by_its_definition(pool: Snapshot) -> None:
    ids = [each.id for each in pool.vocabulary.tags]
    for one in ids:
        similar = similar_tags(pool, one)
        assert {other: similar.get(other, 0.0) for other in ids} == {other: lin(pool, one, other) for other in ids}


ENGLISH, GERMAN, SPANISH = 101, 102, 103
WORLD, AMER, NORTH_AMERICA, US, FLORIDA, MEXICO, AFRICA, NIGERIA = range(1, 9)
EUROPE, EMEA, UK, GERMANY, BAVARIA, AUSTRIA, FRANCE = range(9, 16)
LANGUAGES = (
    tag(ENGLISH, "english", "language"),
    tag(GERMAN, "german", "language"),
    tag(SPANISH, "spanish", "language"),
)
REGIONS = (
    tag(WORLD, "world", "region"),
    tag(AMER, "amer", "region", WORLD),
    tag(NORTH_AMERICA, "north-america", "region", WORLD, AMER),
    tag(US, "united-states", "region", NORTH_AMERICA, languages=[ENGLISH]),
    tag(FLORIDA, "florida", "region", US),
    tag(MEXICO, "mexico", "region", NORTH_AMERICA, languages=[SPANISH]),
    tag(EUROPE, "europe", "region", WORLD, EMEA),
    tag(EMEA, "emea", "region", WORLD),
    tag(UK, "united-kingdom", "region", EUROPE, languages=[ENGLISH]),
    tag(GERMANY, "germany", "region", EUROPE, languages=[GERMAN]),
    tag(BAVARIA, "bavaria", "region", GERMANY),
    tag(AUSTRIA, "austria", "region", EUROPE, languages=[GERMAN]),
    tag(AFRICA, "africa", "region", WORLD, EMEA),
    tag(NIGERIA, "nigeria", "region", AFRICA, languages=[ENGLISH]),
    tag(FRANCE, "france", "region", EUROPE),
)


@pytest.fixture
def world() -> Snapshot:
    return snapshot_of((*REGIONS, *LANGUAGES))


@pytest.mark.parametrize(
    ("asked", "has", "similarity"),
    [
        (AMER, FLORIDA, 1.0),
        (AMER, US, 1.0),
        (AMER, NORTH_AMERICA, 1.0),
        (AMER, AMER, 1.0),
        (AMER, GERMANY, 0.0),
        (US, FLORIDA, 1.0),
        (FLORIDA, US, 0.6),  # English around it
        (FLORIDA, UK, 0.6),
        (UK, FLORIDA, 0.6),
        (UK, NIGERIA, 0.6),
        (AUSTRIA, BAVARIA, 0.6),
        (BAVARIA, AUSTRIA, 0.6),
        (US, MEXICO, 0.4),
        (GERMANY, FRANCE, 0.4),
        (GERMANY, EUROPE, 0.4),
        (GERMANY, MEXICO, 0.0),
        (GERMANY, NIGERIA, 0.0),  # both in EMEA, which is no continent
        (EMEA, NIGERIA, 1.0),
        (WORLD, NIGERIA, 1.0),
        (AUSTRIA, GERMAN, 0.6),  # a language of the person's own
        (FRANCE, GERMAN, 0.0),
    ],
)
def test_regions(asked: int, has: int, similarity: float, world: Snapshot) -> None:
    assert similar_tags(world, asked).get(has, 0.0) == similarity


def test_regions_of_the_starter_know_continents_from_sales_regions() -> None:
    pool = snapshot_of(build_starter_vocabulary().tags)
    slugs = pool.vocabulary.slugs

    def similarity(asked: str, has: str) -> float:
        return similar_tags(pool, slugs["region", asked]).get(slugs["region", has], 0.0)

    assert similarity("dach", "germany") == similarity("emea", "france") == similarity("americas", "canada") == 1.0
    assert similarity("germany", "spain") == similarity("dach", "sweden") == pytest.approx(0.4)
    assert similarity("south-africa", "brazil") == similarity("france", "egypt") == 0.0


def test_language_is_that_of_the_nearest_region_that_names_one(world: Snapshot) -> None:
    assert spoken_in(world.vocabulary, BAVARIA) == {GERMAN}
    assert spoken_in(world.vocabulary, FRANCE) == frozenset()


def test_regions_in_a_circle_come_to_an_end() -> None:
    pool = snapshot_of((tag(1, "one", "region", 2), tag(2, "two", "region", 1)))
    assert similar_tags(pool, 1) == {1: 1.0, 2: 1.0}
    above = snapshot_of((tag(1, "one", "region", 2), tag(2, "two", "region", 3), tag(3, "three", "region", 2)))
    assert spoken_in(above.vocabulary, 1) == frozenset()


def test_country_on_two_continents_is_near_to_both() -> None:
    tags = (
        tag(1, "world", "region"),
        tag(2, "europe", "region", 1),
        tag(3, "asia", "region", 1),
        tag(4, "turkey", "region", 2, 3),
        tag(5, "france", "region", 2),
        tag(6, "japan", "region", 3),
    )
    similar = similar_tags(snapshot_of(tags), 4)
    assert similar == {4: 1.0} | dict.fromkeys((2, 3, 5, 6), 0.4)


def test_region_below_the_world_without_others_is_near_to_none() -> None:
    tags = (tag(1, "world", "region"), tag(2, "antarctica", "region", 1), tag(3, "europe", "region", 1))
    assert similar_tags(snapshot_of(tags), 2) == {2: 1.0}


def test_region_similarities_follow_the_policy() -> None:
    policy = ProgramPolicy(ranking=RankingPolicy(region_language=0.3, region_continent=0.1))
    pool = snapshot_of((*REGIONS, *LANGUAGES), policy=policy)
    assert similar_tags(pool, GERMANY)[AUSTRIA] == 0.3
    assert similar_tags(pool, GERMANY)[FRANCE] == 0.1


BANDS = tuple(tag(200 + place, slug, "size") for place, slug in enumerate(SIZES)) + tuple(
    tag(300 + place, slug, "seniority") for place, slug in enumerate(SENIORITIES)
)
ORDERED = snapshot_of((*BANDS, tag(400, "odd", "size")))


def steps(facet: str, *readings: Reading) -> list[float]:
    return step_similarities(readings, ORDERED, facet)


def test_bands_by_steps() -> None:
    assert steps("size", reading(BANDS[0])) == [1.0, 0.6, 0.2, 0.0, 0.0]
    assert steps("size", reading(BANDS[2])) == [0.2, 0.6, 1.0, 0.6, 0.2]
    assert steps("seniority", reading(BANDS[-1])) == [0.0, 0.0, 0.0, 0.2, 0.6, 1.0]


def test_several_bands_take_the_nearest_and_weigh_by_confidence() -> None:
    assert steps("size", reading(BANDS[0]), reading(BANDS[4])) == [1.0, 0.6, 0.2, 0.6, 1.0]
    doubted = steps("size", reading(BANDS[0]), reading(BANDS[4], confidence=0.5))
    assert doubted == pytest.approx([1.0, 0.6, 0.2, 0.3, 0.5])
    both = steps("size", reading(BANDS[0], confidence=0.8), reading(BANDS[4], confidence=0.4))
    assert both == pytest.approx(doubted), "only how they compare counts here"


def test_slug_that_is_no_band_asks_for_nothing() -> None:
    assert steps("size", reading(tag(400, "odd", "size"))) == [0.0] * 5
    assert steps("size", reading(tag(999, "unknown", "size"))) == [0.0] * 5


def test_rare_tags_weigh_more() -> None:
    tags = (tag(1, "common"), tag(2, "rare"), tag(3, "unheard"))
    pool = snapshot_of(tags, alone(*(person(each, [2] if each == 1 else [1]) for each in range(1, 11))))
    weights = [math.log(1 + 10 / 10), math.log(1 + 10 / 2), math.log(1 + 10 / 1)]
    asked = weigh_asked(pool, [reading(each) for each in tags])
    assert [each.share for each in asked] == pytest.approx([each / sum(weights) for each in weights])


def test_rarity_is_kept_within_limits() -> None:
    tags = (tag(1, "all", "industry"), tag(2, "part", "industry", 1), tag(3, "unheard"))
    pool = snapshot_of(tags, alone(*(person(each, [1, 2]) for each in range(1, 41))))
    every, unheard = weigh_asked(pool, [reading(tags[0]), reading(tags[2])])
    assert (every.share, unheard.share) == pytest.approx((0.5 / 3.5, 3 / 3.5)), "ln(1 + 40/81) and ln(41) are clipped"


def test_share_follows_confidence_and_skips_unknown_tags() -> None:
    tags = (tag(1, "one"), tag(2, "two"))
    pool = snapshot_of(tags, alone(person(1, [1]), person(2, [2])))
    readings = [reading(tags[0]), replace(reading(tags[1]), confidence=0.5), reading(tag(9, "gone"))]
    asked = weigh_asked(pool, readings)
    assert [each.share for each in asked] == pytest.approx([2 / 3, 1 / 3])
    assert [each.reading for each in asked] == readings[:2]
    assert [each.similar for each in asked] == [{1: 1.0}, {2: 1.0}]


def test_readings_without_any_confidence_have_no_share() -> None:
    pool = snapshot_of((tag(1, "one"),), alone(person(1, [1])))
    assert [each.share for each in weigh_asked(pool, [reading(tag(1, "one"), confidence=0.0)])] == [0.0]
