"""The lexicon finds names and synonyms, judges how sure each is, and mends single slips."""

import pytest

from references.lexicon import Lexicon, Match
from references.vocabulary import Vocabulary, VocabularyTag
from references.words import split_words


def _tag(
    number: int, name: str, *synonyms: str, facet: str = "industry", parents: tuple[int, ...] = ()
) -> VocabularyTag:
    return VocabularyTag(number, facet, name.lower(), name, parents, synonyms)


def _find(text: str, *tags: VocabularyTag) -> list[Match]:
    return Lexicon(Vocabulary(tags)).find(split_words(text))


def test_name_beats_synonym() -> None:
    found = _find("banking", _tag(1, "Banking"), _tag(2, "Finance", "banking"))
    assert [match.entry.tag_id for match in found] == [1]


def test_equal_writings_of_unrelated_tags_are_unsure() -> None:
    found = _find("wallets", _tag(1, "Leather", "wallet"), _tag(2, "Payments", "wallet"))
    assert [match.confidence for match in found] == [0.6]


def test_equal_writings_in_one_line_take_the_deeper() -> None:
    found = _find("wallets", _tag(1, "Payments", "wallet"), _tag(2, "Mobile", "wallet", parents=(1,)))
    assert [(match.entry.tag_id, match.confidence) for match in found] == [(2, 0.92)]


def test_one_reading_per_facet() -> None:
    found = _find("CFO", _tag(1, "Finance", "CFO", facet="role"), _tag(2, "C-level", "CFO", facet="seniority"))
    assert [match.entry.tag_id for match in found] == [1, 2]


@pytest.mark.parametrize("text", ["e-commerce", "e commerce", "eCommerce", "E-COMMERCE"])
def test_hyphens_are_optional(text: str) -> None:
    assert [match.entry.tag_id for match in _find(text, _tag(1, "E-commerce"))] == [1]


@pytest.mark.parametrize("text", ["start-up", "start up", "startup", "startups"])
def test_closed_words_may_be_written_apart(text: str) -> None:
    assert [match.entry.tag_id for match in _find(text, _tag(1, "Startup"))] == [1]


@pytest.mark.parametrize(
    "text,count",
    [("US", 1), ("us", 0), ("Us", 0), ("Portland, OR", 1), ("Portland OR", 0), ("or", 0)],
)
def test_case_bound_synonyms(text: str, count: int) -> None:
    tags = (_tag(1, "United States", "=US", facet="region"), _tag(2, "Oregon", "=,OR", facet="region"))
    assert len(_find(text, *tags)) == count


def test_weak_synonyms_are_unsure() -> None:
    assert [match.confidence for match in _find("space", _tag(1, "Satellites", "~space"))] == [0.6]


@pytest.mark.parametrize("name", ["2019", "the and of", "a name of many more words than six"])
def test_junk_names_are_left_out(name: str) -> None:
    assert Lexicon(Vocabulary((_tag(1, name),))).size == 0


@pytest.mark.parametrize(
    "word,mended",
    [
        ("helathcare", "healthcare"),
        ("healthcare", None),
        ("healt", None),
        ("manufcturing", "manufacturing"),
        ("market", None),
        ("zzzzzz", None),
        ("ab", None),
    ],
)
def test_single_slips_are_mended(word: str, mended: str | None) -> None:
    found = Lexicon(Vocabulary((_tag(1, "Healthcare"), _tag(2, "Manufacturing"), _tag(3, "Marquetry")))).mend(word)
    assert (found and found[0]) == mended


def test_ambiguous_slips_stay() -> None:
    assert Lexicon(Vocabulary((_tag(1, "Bellmaker"), _tag(2, "Bellbaker")))).mend("bellraker") is None


def test_turned_pairs_are_found() -> None:
    tags = (_tag(1, "Fraud detection", facet="solution"), _tag(2, "Cloud migration", facet="solution"))
    assert [match.entry.tag_id for match in _find("detection of fraud", *tags)] == [1]
    assert [match.entry.tag_id for match in _find("migrate to the cloud", *tags)] == [2]
    assert _find("fraud. detection", *tags) == []


def test_bands_hold_counts() -> None:
    bands = [VocabularyTag(n, "size", slug, slug) for n, slug in enumerate(("1-50", "51-200", "201+"), start=1)]
    lexicon = Lexicon(Vocabulary(tuple(bands)))
    assert [getattr(lexicon.band("size", count), "id", None) for count in (0, 1, 50, 51, 200, 201, 10**9)] == [
        None, 1, 1, 2, 2, 3, 3,
    ]  # fmt: skip
    assert lexicon.band("industry", 5) is None
