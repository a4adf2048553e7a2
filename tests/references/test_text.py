"""Folding makes words comparable, whatever alphabet trick they are written with, and folding again changes nothing."""

import pytest
from hypothesis import given
from hypothesis import settings as trying
from hypothesis import strategies as st

from references.text import STOP_WORDS, fold, fold_name, split_compound, stem, stems, tokenize


@pytest.mark.parametrize(
    "text,folded",
    [("Énergie", "energie"), ("STRASSE", "strasse"), ("Straße", "strasse"), ("ﬁnance", "finance"), ("🄐", "(a)")],
)
def test_fold_by_example(text: str, folded: str) -> None:
    assert fold(text) == folded


@trying(max_examples=500)
@given(st.text(max_size=30))
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)
    assert fold_name(fold_name(text)) == fold_name(text)


@given(st.text(max_size=60))
def test_tokens_stand_where_they_say(text: str) -> None:
    for token in tokenize(text):
        assert token.word == fold(text[token.start : token.end])
        assert split_compound(token.word) or not token.word.strip(".&'’/-")


def test_stems_leave_stop_words_out_and_split_compounds() -> None:
    assert stems("The insurers of our cloud-native banks") == ["insur", "cloud", "nativ", "bank"]


@given(st.text(max_size=80))
def test_stems_are_those_of_the_tokens_in_order(text: str) -> None:
    parts = [part for token in tokenize(text) for part in split_compound(token.word)]
    kept = [part for part in parts if part not in STOP_WORDS and (len(part) > 1 or part.isdigit())]
    assert stems(text) == [stem(part) for part in kept]


@pytest.mark.parametrize(
    "one,other",
    [
        ("hospital", "hospitality"), ("customer", "customs"), ("engineer", "engines"), ("import", "important"),
        ("author", "authorities"), ("animals", "animation"), ("experience", "experiments"), ("transit", "transition"),
    ],
)  # fmt: skip
def test_words_of_other_meanings_have_other_stems(one: str, other: str) -> None:
    assert stem(one) != stem(other)
    assert stem(stem(other)) == stem(other)
