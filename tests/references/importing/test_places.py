"""Locations as CRMs spell them, read by the starter vocabulary."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from references.importing.places import COUNTRY_CODES, find_regions
from references.importing.tagnames import KnownTag, TagNames
from references.starter import build_starter_vocabulary

VOCABULARY = build_starter_vocabulary()
NAMES = TagNames(
    KnownTag(tag.id, tag.facet, tag.slug, tag.name, parents=tag.parents, synonyms=tag.synonyms)
    for tag in VOCABULARY.tags
)


def read(location: str) -> set[str]:
    return {VOCABULARY.get(tag).slug for tag in find_regions(location, NAMES)}


@pytest.mark.parametrize(
    ("location", "slugs"),
    [
        ("San Francisco, California", {"san-francisco"}),
        ("the Netherlands", {"netherlands"}),
        ("Budel, The Netherlands", {"netherlands"}),
        ("Beijing, China, and San Mateo, CA", {"beijing", "california"}),
        ("Central America and the Caribbean", {"central-america", "caribbean"}),
        ("Trinidad and Tobago", {"trinidad-and-tobago"}),
        ("Englewood, Colorado", {"colorado"}),
        ("Cambridge, MA", {"massachusetts"}),
        ("Cambridge", {"cambridge-uk"}),
        ("New York, N.Y.", {"new-york-city"}),
        ("Atlanta, GA", {"atlanta"}),
        ("Springfield, IL 62701, USA", {"illinois"}),
        ("Georgia", {"georgia"}),
        ("USA / Canada", {"united-states", "canada"}),
        ("U.S.A.", {"united-states"}),
        ("us", {"united-states"}),
        ("CA", {"canada"}),
        ("DE", {"germany"}),
        ("Remote", set()),
        ("", set()),
        ("Nowhere, OK then", set()),
    ],
)
def test_location_is_read(location: str, slugs: set[str]) -> None:
    assert read(location) == slugs


def test_every_country_code_names_a_region_of_the_vocabulary() -> None:
    unknown = [code for code, name in COUNTRY_CODES.items() if NAMES.find_whole("region", name) is None]
    assert unknown == []


@given(st.text(max_size=60))
def test_any_location_gives_regions_none_of_which_lies_in_another(location: str) -> None:
    found = find_regions(location, NAMES)
    assert not any(NAMES.is_within(one, other) for one in found for other in found)
