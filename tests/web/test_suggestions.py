"""Which accepted tag a proposed one may mean."""

from web.setup.suggestions import suggest_targets

KNOWN = {"industry": [("Health care", 1), ("Banking", 2), ("retail bank", 3)], "product": [("Banking", 9)]}


def test_a_misspelling_suggests_its_word() -> None:
    assert suggest_targets([(7, "industry", "Helth care")], KNOWN) == {7: 1}


def test_words_count_in_any_order_and_case() -> None:
    assert suggest_targets([(7, "industry", "BANK, RETAIL".replace(",", ""))], KNOWN) == {7: 3}


def test_only_the_same_facet_is_looked_at() -> None:
    assert suggest_targets([(7, "product", "Banking"), (8, "region", "Banking")], KNOWN) == {7: 9}


def test_what_is_like_nothing_suggests_nothing() -> None:
    assert suggest_targets([(7, "industry", "Space travel")], KNOWN) == {}
