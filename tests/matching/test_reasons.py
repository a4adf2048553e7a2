"""The words of a score: true to the numbers beside them, and plain."""

from datetime import timedelta

import pytest

from matching.reasons import list_words, surface_forms
from matching.results import Term
from references.pool.features import SIZES, CustomerFeature, EventFeature, TagFeature
from tests.matching.pools import FRESH, TODAY, alone, customer, need_of, person, rank, reading, snapshot_of, tag, touch

FINANCE, BANKING, RETAIL, INSURANCE, HEALTH = (
    tag(1, "finance"),
    tag(2, "banking", "industry", 1),
    tag(3, "retail banking", "industry", 2),
    tag(4, "insurance", "industry", 1),
    tag(5, "health"),
)
GERMAN = tag(11, "german", "language")
DACH, AUSTRIA, VIENNA, GERMANY = (
    tag(12, "dach", "region"),
    tag(13, "austria", "region", 12, languages=[11]),
    tag(14, "vienna", "region", 13),
    tag(15, "germany", "region", 12, languages=[11]),
)
SECURITY = tag(21, "security", "role")
VP = tag(22, "vp", "seniority")
LARGE = tag(23, "1001-10000", "size")
TAGS = (FINANCE, BANKING, RETAIL, INSURANCE, HEALTH, GERMAN, DACH, AUSTRIA, VIENNA, GERMANY, SECURITY, VP, LARGE)
OTHERS = [person(each, [HEALTH.id]) for each in range(90, 99)]


def words_of(code: str, carried: list[int], *asked: int) -> str:
    """The words of one facet's term for someone who carries these tags."""
    by_id = {each.id: each for each in TAGS}
    need = need_of(*(reading(by_id[each]) for each in asked))
    return rank(snapshot_of(TAGS, alone(person(1, carried), *OTHERS)), need)[1].term(code).words


@pytest.mark.parametrize(
    ("carried", "asked", "words"),
    [
        ([BANKING.id], [BANKING.id], "Banking: exact"),
        ([RETAIL.id], [BANKING.id], "Retail Banking lies within Banking"),
        ([RETAIL.id, BANKING.id], [BANKING.id], "Banking: exact"),
        ([RETAIL.id], [FINANCE.id], "Retail Banking lies within Finance"),
        ([INSURANCE.id], [BANKING.id], "Insurance is next to Banking"),
        ([FINANCE.id], [BANKING.id], "Finance is next to Banking"),
        ([HEALTH.id], [BANKING.id], "Banking: nothing like it"),
        ([], [BANKING.id], "Banking: nothing like it"),
        ([BANKING.id], [BANKING.id, HEALTH.id], "Banking: exact · Health: nothing like it"),
    ],
)
def test_taxonomies(carried: list[int], asked: list[int], words: str) -> None:
    assert words_of("industry", carried, *asked) == words


@pytest.mark.parametrize(
    ("carried", "asked", "words"),
    [
        ([VIENNA.id], AUSTRIA.id, "Vienna lies within Austria"),
        ([VIENNA.id], DACH.id, "Vienna lies within Dach"),
        ([GERMANY.id], AUSTRIA.id, "Germany is next to Austria"),
        ([GERMAN.id], AUSTRIA.id, "speaks German, as in Austria"),
        ([GERMAN.id, VIENNA.id], AUSTRIA.id, "Vienna lies within Austria"),
    ],
)
def test_regions_and_languages(carried: list[int], asked: int, words: str) -> None:
    assert words_of("region", carried, asked) == words


def test_bands_say_what_the_promoter_is() -> None:
    known = customer(1, person(1, [SECURITY.id], seniority="c_level"), size=SIZES[4])
    unknown = customer(2, person(2))
    found = rank(snapshot_of(TAGS, [known, unknown]), need_of(reading(SECURITY), reading(VP), reading(LARGE)))
    assert found[1].term("role").words == "Security: exact · C-level"
    assert found[1].term("size").words == "10,000+"
    assert found[2].term("role").words == "Security: nothing like it · seniority unknown"
    assert found[2].term("size").words == "size unknown"


def test_words_are_shown_as_the_brief_wrote_them() -> None:
    pool = snapshot_of(TAGS, alone(person(1, words="insure branches with branch audits"), person(2, words="cloud")))
    need = need_of(text="Branches, Auditing and clouds")
    found = rank(pool, need)
    assert set(found[1].term("text").words.removeprefix("mentions ").split(", ")) == {"branches", "auditing"}
    assert found[2].term("text").words == "mentions clouds"
    assert found[1].term("text").label == "Words"
    assert found[1].term("text").points > 0


def test_words_nobody_has_are_no_term_and_those_one_lacks_say_so() -> None:
    pool = snapshot_of(TAGS, alone(person(1, words="cloud"), person(2)))
    assert [term.code for term in rank(pool, need_of(text="zeppelins"))[1].terms] == ["acceptance", "fatigue"]
    row = rank(pool, need_of(text="cloud zeppelins"))[2]
    assert (row.term("text").words, row.term("text").points) == ("none of these words", 0.0)


def test_no_more_than_six_words_are_listed() -> None:
    text = "alpha bravo delta gamma kilo lima oscar"
    row = rank(snapshot_of(TAGS, alone(person(1, words=text), person(2))), need_of(text=text))[1]
    assert len(row.term("text").words.split(", ")) == 6


def test_surface_forms_take_the_first_and_the_parts_of_compounds() -> None:
    assert surface_forms("Insurers insure cloud-native insurance") == {
        "insur": "insurers",
        "cloud": "cloud",
        "nativ": "native",
    }


def used(*events: EventFeature) -> CustomerFeature:
    return customer(1, person(1), events=events)


def fatigue_words(*rows: tuple[str, str, int]) -> str:
    events = [touch(1, activity, status, TODAY - timedelta(days=days)) for activity, status, days in rows]
    return rank(snapshot_of(TAGS, [used(*events)]), need_of())[1].term("fatigue").words


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([], "fresh"),
        ([("call", "completed", 31)], "fresh, reference call 31 days ago"),
        ([("call", "completed", 1)], "fresh, reference call 1 day ago"),
        ([("case_study", "completed", 31), ("call", "completed", 90)], "a little used, case study 31 days ago"),
        ([("site_visit", "completed", 5)], "tired, a manager approves, site visit 5 days ago"),
        ([("site_visit", "completed", 5), ("call", "completed", 0)], "worn out, rests, reference call 0 days ago"),
        ([("call", "completed", 31), ("beta", "completed", 31)], "fresh, reference call 31 days ago"),
        ([("call", "completed", 31), ("speaking", "declined", 31)], "fresh, reference call 31 days ago"),
        ([("call", "completed", 31), ("survey", "completed", 2)], "fresh, reference call 31 days ago"),
        ([("call", "declined", 31)], "fresh"),
        ([("call", "planned", -20)], "fresh"),
    ],
)
def test_fatigue_says_how_tired_and_since_what(rows: list[tuple[str, str, int]], words: str) -> None:
    assert fatigue_words(*rows) == words


def test_confidence_of_an_inferred_tag_is_said_before_its_age() -> None:
    old = TagFeature(FRESH.day - 3000, 60)
    row = rank(snapshot_of(TAGS, alone(person(1, {BANKING.id: old}), *OTHERS)), need_of(reading(BANKING)))[1]
    assert row.term("industry").words == "Banking: exact (read in its stories)"


def test_lines_for_the_terminal() -> None:
    terms = [
        Term("industry", "Industry", 18.4, 25.0, "Payers is next to Providers"),
        Term("fatigue", "Fatigue", -8.2, 0.0, "a little used, case study 31 days ago"),
    ]
    assert list_words(terms) == [
        "Industry: Payers is next to Providers, +18 of 25",
        "Fatigue: a little used, case study 31 days ago, -8",
    ]
