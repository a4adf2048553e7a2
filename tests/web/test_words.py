"""Words and numbers as the pages write them, facets, and pages of a list."""

from datetime import timedelta

import pytest
from django.utils import timezone

from references.pool.result import FacetCount
from web.facets import FIRST, group_facets
from web.paging import make_pages
from web.templatetags import pages


def days_from_now(days: int) -> str:
    return pages.ago(timezone.localdate() + timedelta(days=days))


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (0, "today"), (-1, "1 day ago"), (-31, "31 days ago"), (-59, "59 days ago"), (-60, "2 months ago"),
        (-729, "24 months ago"), (-730, "2 years ago"), (3, "in 3 days"), (90, "in 3 months"),
    ],
)  # fmt: skip
def test_ago_uses_the_largest_whole_unit(days: int, words: str) -> None:
    assert days_from_now(days) == words


def test_ago_of_no_day_is_never() -> None:
    assert pages.ago(None) == "never"


@pytest.mark.parametrize(("value", "text"), [(18.25, "+18.2"), (-8.0, "−8"), (0.04, "0"), (-0.04, "0"), (25, "+25")])
def test_points_carry_their_sign(value: float, text: str) -> None:
    assert pages.points(value) == text


@pytest.mark.parametrize(
    ("value", "possible", "share"), [(5, 10, "50.0"), (-5, 0, "20.0"), (30, 10, "100.0"), (0, 10, "0.0")]
)
def test_share_stays_between_nothing_and_all(value: float, possible: float, share: str) -> None:
    assert pages.percent_of(value, possible) == share


@pytest.mark.parametrize(("days", "text"), [(5, ""), (45, "1 mo"), (364, "12 mo"), (365, "1 y"), (800, "2 y")])
def test_age_is_short(days: int, text: str) -> None:
    assert pages.age(timezone.localdate() - timedelta(days=days)) == text


def test_bands_fill_one_to_four_dots() -> None:
    assert [pages.band_level(band) for band in ("fresh", "soft", "approval", "stop", "?")] == [1, 2, 3, 4, 0]


@pytest.mark.parametrize(
    ("right", "words"), [("any · world", "Any channel"), ("web · germany", "Web · germany"), ("press", "Press")]
)
def test_rights_are_told_in_words(right: str, words: str) -> None:
    assert pages.right_words(right) == words


def counts(number: int, chosen: int = -1) -> tuple[FacetCount, ...]:
    return tuple(FacetCount(f"k{n}", f"name {n}", number - n, n == chosen) for n in range(number))


def test_facets_fold_their_tail_but_never_what_is_chosen() -> None:
    (group,) = group_facets({"industry": counts(20, chosen=15)}, lambda key: f"?f={key}")
    assert [item.key for item in group.first] == [f"k{n}" for n in range(FIRST)] + ["k15"]
    assert len(group.rest) == 20 - FIRST - 1
    assert group.first[0].url == "?f=industry:k0"


def test_facets_stand_in_one_order_and_a_lone_status_is_left_out() -> None:
    groups = group_facets({"region": counts(1), "status": counts(1), "industry": counts(1)}, str)
    assert [group.label for group in groups] == ["Industry", "Region"]


def test_facets_nobody_carries_are_left_out() -> None:
    assert group_facets({"industry": (FacetCount("k", "name", 0, False),)}, str) == []


@pytest.mark.parametrize(
    ("number", "total", "expected"),
    [(1, 0, (1, "", "")), (1, 25, (1, "", "")), (1, 26, (2, "", "2")), (2, 26, (2, "1", "")), (9, 26, (2, "2", ""))],
)
def test_pages_know_their_neighbors(number: int, total: int, expected: tuple[int, str, str]) -> None:
    found = make_pages(number, total, 25, str)
    assert (found.count, found.previous, found.next) == expected
