"""What an unknown word seems to mean: the reason, how sure, and that all of it is quick."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from references.term_suggestions import SURE, Name, Suggestion, Term, Together, suggest_tags
from references.term_typos import allowed_slips, find_typos

WORDS = st.text("abcdeinrst", min_size=1, max_size=12)
PHRASES = st.lists(WORDS, min_size=1, max_size=4).map(" ".join)


def suggest(text: str, *names: str, facet: str = "industry") -> Suggestion | None:
    """What is suggested for a word; the names stand for tags 1, 2 …"""
    known = [Name(number, facet, name) for number, name in enumerate(names, 1)]
    return suggest_tags([Term("it", facet, text)], known).get("it")


@pytest.mark.parametrize(
    ("text", "names", "tag", "how", "is_sure"),
    [
        ("Health-Care", ("Banking", "Healthcare"), 2, "spelling", True),
        ("Insurers", ("Insurer", "Banking"), 1, "words", True),
        ("Retail banking services", ("Banking", "Retail Banking"), 2, "filler", True),
        ("Banking Group Inc", ("Banking",), 1, "filler", True),
        ("technolgy", ("Technology",), 1, "typo", True),
        ("Minning", ("Mining",), 1, "typo", False),
        ("Private banking", ("Banking", "Private Equity"), 1, "kind", False),
        ("Manufacture of textiles", ("Textiles", "Manufacture"), 2, "kind", False),
        ("Banking software", ("Banking", "Mining", "Software testing"), 1, "part", False),
        ("Private Equity", ("Private Equity Funds",), 1, "wider", False),
        ("Retail group", ("Retail company",), 1, "filler", False),
    ],
)
def test_reasons(text: str, names: tuple[str, ...], tag: int, how: str, is_sure: bool) -> None:
    found = suggest(text, *names)
    assert found is not None
    assert (found.tag, found.how, found.confidence >= SURE) == (tag, how, is_sure)
    assert found.is_below is (how == "kind")


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Shipping", "Banking"),
        ("CS3 Suite", "CS4 Suite"),
        ("TiKV", "TiDB"),
        ("API platform", "APM platform"),
        ("Director", "IT director"),
        ("", "Banking"),
    ],
)
def test_nothing_is_forced(text: str, name: str) -> None:
    found = suggest(text, name, facet="product")
    assert found is None or found.confidence < 0.5


def test_what_is_filler_in_a_trade_tells_roles_apart() -> None:
    found = [
        suggest(text, "Product leader", facet="role") for text in ("Production leaders", "Leader", "Product leaders")
    ]
    assert [each is not None and each.confidence >= SURE for each in found] == [False, False, True]


def test_titles_that_share_a_rank_alone_are_not_alike() -> None:
    assert suggest("Chief Happiness Officer", "Chief Officer", "Chief Product Officer", facet="role") is None
    assert suggest("Head of smiles", "Head of product", facet="role") is None
    found = suggest("Claims manager", "Bid manager", "Claims", facet="role")
    assert found is not None
    assert found.tag == 2


def test_facets_stay_apart() -> None:
    found = suggest_tags([Term("it", "role", "Banking")], [Name(1, "industry", "Banking")])
    assert found == {}


def test_the_rarer_of_two_new_words_joins_the_more_frequent_never_both() -> None:
    terms = [Term("a", "industry", "Big Data", 1, 0), Term("b", "industry", "BigData", 2, 1)]
    names = [Name(1, "industry", "Big Data", 0), Name(2, "industry", "BigData", 1)]
    assert {key: each.tag for key, each in suggest_tags(terms, names).items()} == {"b": 1}


def test_what_stands_together_far_above_chance_is_suggested_unsurely() -> None:
    together = {"it": Together(10, {1: 9, 2: 9})}
    found = suggest_tags(
        [Term("it", "industry", "Zuvorkom")], [Name(1, "industry", "Banking")], together, {1: 9, 2: 95}, 100
    )
    assert found["it"] == Suggestion(1, "together", 0.48)
    chance = suggest_tags([Term("it", "industry", "Zuvorkom")], [], together, {1: 95, 2: 95}, 100)
    assert chance == {}


@given(st.lists(PHRASES, max_size=12), st.lists(PHRASES, max_size=12))
@settings(deadline=None)
def test_suggestions_are_of_known_tags_and_do_not_hang_on_the_order(words: list[str], names: list[str]) -> None:
    terms = [Term(str(number), "industry", word) for number, word in enumerate(words)]
    known = [Name(number, "industry", name) for number, name in enumerate(names, 1)]
    found = suggest_tags(terms, known)
    assert found == suggest_tags(terms[::-1], known[::-1])
    for each in found.values():
        assert 1 <= each.tag <= len(names)
        assert 0 < each.confidence <= 1


@given(PHRASES, st.lists(PHRASES, max_size=8))
@settings(deadline=None)
def test_a_name_of_the_same_letters_wins_over_all(word: str, others: list[str]) -> None:
    found = suggest(word.upper(), word, *others)
    assert found is not None
    assert found.confidence == 1
    assert [word, *others][found.tag - 1].replace(" ", "") == word.replace(" ", "")


@given(st.lists(st.text("abc", max_size=12), max_size=10), st.lists(st.text("abc", max_size=12), max_size=10))
def test_typos_are_those_that_comparing_each_pair_finds(terms: list[str], names: list[str]) -> None:
    wanted = {
        (row, place, slips)
        for row, term in enumerate(terms)
        for place, name in enumerate(names)
        if 0 < (slips := OSA.distance(term, name)) <= min(allowed_slips(len(term)), allowed_slips(len(name)))
    }
    assert set(find_typos(terms, names)) == wanted


def test_five_thousand_words_find_their_like_among_five_thousand_tags() -> None:
    syllables = "ban king tel com re tail sur ance health care soft ware ma fac tur ing ener gy mi ner log is".split()
    words = [a + b + c for a in syllables for b in syllables for c in syllables[:8]]
    names = [f"{words[n * 7 % len(words)]} {words[n * 13 % len(words)]}" for n in range(5_000)]
    known = [Name(number, "industry", name) for number, name in enumerate(names, 1)]
    terms = [Term(str(number), "industry", f"{name[:-1]}x") for number, name in enumerate(names)]
    found = suggest_tags(terms, known)
    assert len(found) > 1_000
