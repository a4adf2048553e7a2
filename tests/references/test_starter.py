"""The starter vocabulary is consistent: slugs, parents, synonyms, order."""

from collections import defaultdict

import pytest

from references.starter import FACETS, build_starter_vocabulary, load_facet, load_starter
from references.synonyms import Synonym, parse_synonym
from references.text import fold_name


@pytest.mark.parametrize("facet", FACETS)
def test_slugs_are_unique(facet: str) -> None:
    slugs = [tag.slug for tag in load_facet(facet)]
    assert len(slugs) == len(set(slugs))
    assert all(slugs)


@pytest.mark.parametrize("facet", FACETS)
def test_names_are_unique_when_folded(facet: str) -> None:
    names = [fold_name(tag.name) for tag in load_facet(facet)]
    assert len(names) == len(set(names))
    assert all(names)


@pytest.mark.parametrize("facet", FACETS)
def test_parents_exist_and_stand_above(facet: str) -> None:
    tags = load_facet(facet)
    above: set[str] = set()
    for tag in tags:
        assert tag.parent == "" or tag.parent in above, tag
        above.add(tag.slug)
    assert {slug for tag in tags for slug in tag.also_in} <= above


def test_groups_form_no_cycle() -> None:
    vocabulary = build_starter_vocabulary()
    for tag in vocabulary.tags:
        for parent in tag.parents:
            assert tag.id not in vocabulary.ancestors(parent), tag


@pytest.mark.parametrize("facet", FACETS)
def test_synonyms_mean_one_tag_each(facet: str) -> None:
    owners: dict[str, set[str]] = defaultdict(set)
    for tag in load_facet(facet):
        owners[fold_name(tag.name)].add(tag.slug)
        for written in tag.synonyms:
            owners[fold_name(parse_synonym(written).text)].add(tag.slug)
    assert {words: slugs for words, slugs in owners.items() if len(slugs) > 1} == {}


@pytest.mark.parametrize("facet", FACETS)
def test_synonyms_say_something(facet: str) -> None:
    assert all(fold_name(parse_synonym(each).text) for tag in load_facet(facet) for each in tag.synonyms)


@pytest.mark.parametrize(
    "facet,slugs",
    [
        ("seniority", ["staff", "senior", "manager", "director", "vp", "c_level"]),
        ("size", ["1-50", "51-200", "201-1000", "1001-10000", "10001+"]),
    ],
)
def test_ordered_facets_go_from_low_to_high(facet: str, slugs: list[str]) -> None:
    assert [tag.slug for tag in load_facet(facet)] == slugs


@pytest.mark.parametrize(
    "below,above",
    [
        ("florida", "americas"),
        ("florida", "united-states"),
        ("switzerland", "dach"),
        ("switzerland", "emea"),
        ("egypt", "middle-east"),
        ("egypt", "africa"),
        ("dubai", "gulf"),
        ("japan", "apac"),
        ("mexico", "latam"),
        ("mexico", "north-america"),
        ("poland", "cee"),
        ("spain", "iberia"),
        ("scotland", "uk-ireland"),
    ],
)
def test_regions_lie_in_their_groups(below: str, above: str) -> None:
    vocabulary = build_starter_vocabulary()
    assert vocabulary.slugs["region", above] in vocabulary.ancestors(vocabulary.slugs["region", below])


def test_gulf_lies_outside_asia_pacific() -> None:
    vocabulary = build_starter_vocabulary()
    ancestors = vocabulary.ancestors(vocabulary.slugs["region", "dubai"])
    assert vocabulary.slugs["region", "apac"] not in ancestors


def test_rows_count_what_a_program_needs() -> None:
    counts: dict[str, int] = defaultdict(int)
    for tag in load_starter():
        counts[tag.facet] += 1
    assert counts["industry"] >= 150
    assert counts["region"] >= 350
    assert counts["solution"] >= 100
    assert set(counts) == set(FACETS)


@pytest.mark.parametrize(
    "written,read",
    [
        ("insurer", Synonym("insurer")),
        ("=US", Synonym("US", exact=True)),
        ("=,OR", Synonym("OR", exact=True, after_comma=True)),
        ("~ space ", Synonym("space", weak=True)),
        ("C++", Synonym("C++")),
    ],
)
def test_synonym_marks(written: str, read: Synonym) -> None:
    assert parse_synonym(written) == read
