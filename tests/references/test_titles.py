"""Titles of one function under other ranks, and the functions that are left alone."""

import pytest

from references.lexicon import Lexicon, Match
from references.titles import turn_titles
from references.vocabulary import Vocabulary, VocabularyTag
from references.words import split_words

CREWS, STORES = 1, 2


def _forms(*titles: tuple[int, str]) -> dict[int, set[str]]:
    found: dict[int, set[str]] = {}
    for role, title in turn_titles(titles):
        found.setdefault(role, set()).add(title)
    return found


@pytest.mark.parametrize(
    "written", ["crew manager", "Crew director", "head of crew", "director of crew", "VP of crew", "VP crew"]
)
def test_a_function_is_told_by_every_rank(written: str) -> None:
    forms = {each.casefold() for each in _forms((CREWS, written))[CREWS]} | {written.casefold()}
    assert {"crew manager", "crew lead", "crew superintendent", "head of crew", "vp of crew", "vp crew"} <= forms


def test_what_is_written_already_is_not_told_again() -> None:
    forms = _forms((CREWS, "crew manager"), (STORES, "crew coordinator"))
    assert forms == {}
    assert "Crew Manager" not in _forms((CREWS, "Crew Manager"))[CREWS]
    assert "crew lead" in _forms((CREWS, "crew manager"), (CREWS, "crew coordinator"))[CREWS]


def test_two_roles_that_claim_a_function_are_left_as_they_are() -> None:
    forms = _forms((CREWS, "crew manager"), (STORES, "head of crew"), (STORES, "stores manager"))
    assert set(forms) == {STORES}
    assert all("stores" in each for each in forms[STORES])


@pytest.mark.parametrize("written", ["general manager", "head of", "manager", "crew engineer", "chief of the crew", ""])
def test_titles_without_rank_or_function_give_none(written: str) -> None:
    assert _forms((CREWS, written)) == {}


def test_a_function_has_three_words_at_most() -> None:
    assert _forms((CREWS, "night and day crew manager")) == {}
    assert "head of day and night" in _forms((CREWS, "day and night manager"))[CREWS]


def _find(text: str, *synonyms: str) -> list[Match]:
    tags = (VocabularyTag(CREWS, "role", "crews", "Crews", (), synonyms),)
    return Lexicon(Vocabulary(tags)).find(split_words(text))


def test_the_lexicon_reads_them_as_synonyms() -> None:
    (found,) = _find("we need the head of rigging", "rigging manager")
    assert (found.entry.tag_id, found.method, found.confidence, found.length) == (CREWS, "synonym", 0.95, 3)


def test_unsure_titles_and_other_facets_turn_into_none() -> None:
    assert _find("the head of rigging", "~rigging manager") == []
    topic = VocabularyTag(CREWS, "industry", "rigging", "Rigging Managers")
    found = Lexicon(Vocabulary((topic,))).find(split_words("the rigging director"))
    assert found == []
