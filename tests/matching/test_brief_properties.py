"""What holds of a brief whatever it says: no text breaks the reader, places tell the truth, "not" never wishes."""

import json
import sys

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from matching.brief import read_brief
from matching.brief_amounts import find_money
from matching.brief_dates import find_date
from matching.need import Need
from references.text import fold_name
from references.vocabulary import VocabularyTag
from tests.matching.test_brief import LEXICON, PHRASES, TODAY, VOCABULARY

TAGS = {tag.id: tag for tag in VOCABULARY.tags}
NAMED = [tag for tag in VOCABULARY.tags if tag.facet in ("industry", "product", "solution", "role", "competitor")]
MONEY_AND_DATES = st.sampled_from(
    ["$4m ", "€1.2 million ", "410k USD ", "by Friday ", "on 3 March 2027 ", "end of Q1 ", "next week ", "2026-12-01 "]
)
NAMES = st.sampled_from(VOCABULARY.tags).map(lambda tag: f"{tag.name} ")
SAID = st.lists(st.one_of(PHRASES, MONEY_AND_DATES, NAMES), max_size=12).map("".join)
ANYTHING = st.text(st.characters(codec=None, exclude_categories=()), max_size=60)


def read(text: str) -> Need:
    return read_brief(text, LEXICON, today=TODAY)


@settings(max_examples=150)
@given(st.lists(st.one_of(ANYTHING, PHRASES), max_size=6).map("".join))
def test_no_text_breaks_the_reader(text: str) -> None:
    """Any code points there are: controls, unpaired surrogates, private use, letters beyond the basic plane."""
    need = read(text)
    assert need.text == text
    assert Need.from_dict(json.loads(json.dumps(need.as_dict()))) == need
    spans = [each.span for each in need.readings] + [need.activity_span, need.needed_by_span, need.money_span]
    assert all(0 <= span.start < span.end <= len(text) for span in spans if span is not None)


def test_letters_of_every_plane_are_read() -> None:
    planes = "".join(chr(code) for code in range(0, sys.maxunicode + 1, 257))
    need = read(f"{planes} insurers")
    assert [reading.name for reading in need.readings if reading.is_sure] == ["Insurance"]


@settings(max_examples=100)
@given(SAID)
def test_place_of_a_reading_holds_what_it_claims(text: str) -> None:
    """By name: that name stands there; by synonym: one of the tag's; by whatever way: read alone, the tag again."""
    for reading in read(text).readings:
        there, tag = text[reading.start : reading.end], TAGS[reading.tag_id]
        if reading.method == "name":
            assert fold_name(there) == fold_name(tag.name)
        elif reading.method == "synonym":
            assert fold_name(there) in {fold_name(each) for each in (*tag.synonyms, tag.name)}
        else:
            assert there.strip() == there != ""


@settings(max_examples=100)
@given(SAID)
def test_place_of_money_and_date_holds_that_money_and_date(text: str) -> None:
    need = read(text)
    if need.money_span is not None:
        money, _ = find_money(text[slice(*need.money_span)])
        assert money is not None
        assert (money.value, money.currency) == (need.deal_value, need.currency)
    if need.needed_by_span is not None:
        found = find_date(text[slice(*need.needed_by_span)], TODAY)
        assert found is not None
        assert found.day == need.needed_by


@settings(max_examples=100)
@given(SAID, st.sampled_from(NAMED), st.sampled_from(["Not {}.", "But not {}.", "Other than {}.", "No {} please."]))
def test_what_is_said_not_to_be_wanted_is_never_wished(text: str, tag: VocabularyTag, said: str) -> None:
    last = said.format(tag.name)
    assume(any(each.tag_id == tag.id for each in read(last).readings))
    modes = {each.mode for each in read(f"{text}. {last}").readings if each.tag_id == tag.id}
    assert modes == {"not"}
