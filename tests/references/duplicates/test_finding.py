"""Which customers and contacts are likely one, and which only look like it."""

import random

import pytest

from references.duplicates.finding import MOST, find_firms, find_persons
from references.duplicates.judging import LEAST, Firm, Person


def firms(one: tuple[str, str], other: tuple[str, str]) -> int:
    found = find_firms([Firm(1, *one), Firm(2, *other)])
    return found[0].score if found else 0


def persons(one: dict[str, str], other: dict[str, str], *, apart: bool = False) -> int:
    rows = [Person(1, firm=1, **one), Person(2, firm=2 if apart else 1, **other)]
    found = find_persons(rows)
    return found[0].score if found else 0


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("acme gmbh", ""), ("acme", "")),
        (("acme inc", "acme.com"), ("acme incorporated", "acme.com")),
        (("halvenor systems", ""), ("halvennor systems", "")),
        (("blue sky", ""), ("bluesky", "")),
        (("systems halvenor", ""), ("halvenor systems", "")),
        (("international harvest works", "ihw.com"), ("ihw", "ihw.com")),
        (("acme", "acme.com"), ("acme", "acme.io")),
        (("acme s a r l", ""), ("acme", "")),
    ],
)
def test_customers_that_are_likely_one(one: tuple[str, str], other: tuple[str, str]) -> None:
    assert firms(one, other) >= LEAST
    assert firms(other, one) == firms(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("acme uk", "acme.co.uk"), ("acme france", "acme.fr")),
        (("acme north", ""), ("acme south", "")),
        (("acme robotics", "acme.com"), ("acme health", "acme.com")),
        (("plant 1", ""), ("plant 2", "")),
        (("acme", "acme.de"), ("acme", "acme.fr")),
        (("acme", "acme.com"), ("acme", "other.com")),
        (("nova", ""), ("nora", "")),
        (("gmbh", ""), ("ag", "")),
    ],
)
def test_customers_that_only_look_alike(one: tuple[str, str], other: tuple[str, str]) -> None:
    assert firms(one, other) == 0


@pytest.mark.parametrize(
    ("one", "other", "score", "code"),
    [
        ("acme", "acme", 90, "same_name"),
        ("acme ltd", "acme ltd", 90, "same_name"),
        ("acme ltd", "acme", 90, "same_words"),
        ("acme ltd", "acme gmbh", 78, "same_words"),
    ],
)
def test_a_legal_form_that_differs_is_said(one: str, other: str, score: int, code: str) -> None:
    (found,) = find_firms([Firm(1, one), Firm(2, other)])
    assert (found.score, found.reasons) == (score, ((code, 0),))


def test_customers_in_two_countries_are_two_and_one_within_the_other_is_not() -> None:
    here, there = frozenset({1}), frozenset({2})
    assert find_firms([Firm(1, "acme", "", here, here), Firm(2, "acme", "", there, there)]) == []
    wide = frozenset({2, 9})
    assert find_firms([Firm(1, "acme", "", frozenset({9}), frozenset({9})), Firm(2, "acme", "", there, wide)])


@pytest.mark.parametrize(
    ("one", "other", "apart"),
    [
        ({"folded": "ana lopez", "email": "a@x.io"}, {"folded": "ana garcia", "email": "a@x.io"}, True),
        ({"folded": "ana lopez"}, {"folded": "lopez ana"}, False),
        ({"folded": "ana lopez"}, {"folded": "anna lopez"}, False),
        ({"folded": "a lopez"}, {"folded": "ana lopez"}, False),
        ({"folded": "ana lopez", "email": "a@x.io"}, {"folded": "ana lopez", "email": "ana@old.io"}, False),
        ({"folded": "ana lopez", "domain": "x.io"}, {"folded": "ana lopez", "domain": "x.io"}, True),
    ],
)
def test_contacts_that_are_likely_one(one: dict[str, str], other: dict[str, str], apart: bool) -> None:
    assert persons(one, other, apart=apart) >= LEAST


@pytest.mark.parametrize(
    ("one", "other", "apart"),
    [
        ({"folded": "ana lopez"}, {"folded": "ana lopez"}, True),
        ({"folded": "ana lopez", "email": "all@x.io"}, {"folded": "bo marsh", "email": "all@x.io"}, False),
        ({"folded": "jo smith", "email": "jo1@x.io"}, {"folded": "jo smith", "email": "jo2@x.io"}, False),
        ({"folded": "ana lopez"}, {"folded": "ana marsh"}, False),
        ({"folded": "ana"}, {"folded": "ana lopez"}, False),
    ],
)
def test_contacts_that_only_look_alike(one: dict[str, str], other: dict[str, str], apart: bool) -> None:
    assert persons(one, other, apart=apart) == 0


def test_a_search_among_some_finds_just_their_pairs() -> None:
    rows = [Firm(1, "halvenor"), Firm(2, "halvenor"), Firm(3, "quazet"), Firm(4, "quazet")]
    assert [(each.first, each.second) for each in find_firms(rows, {4})] == [(3, 4)]


def test_a_block_that_is_too_large_is_compared_in_windows() -> None:
    made = random.Random(4)
    names = {"".join(made.choices("abcdefghijklmnop", k=12)) for _each in range(5 * MOST)}
    rows = [Firm(place, f"acme {name}") for place, name in enumerate(sorted(names))]
    twin = Firm(len(rows), f"{rows[70].folded}x")
    assert [(each.first, each.second) for each in find_firms([*rows, twin])] == [(70, len(rows))]
