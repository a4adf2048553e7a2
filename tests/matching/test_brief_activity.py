"""The activity a brief asks for, and the words that only look like one."""

import pytest

from matching.brief_activity import FoundActivity, build_cues, find_activity
from references.activities import ACTIVITIES, BY_CODE, Activity
from references.words import split_words


def _find(text: str, taken: set[int] | None = None) -> FoundActivity | None:
    return find_activity(split_words(text), taken or set(), build_cues())


def _activity(text: str) -> str | None:
    found = _find(text)
    return found.activity if found else None


@pytest.mark.parametrize(
    "text,activity",
    [
        ("a reference in retail", "call"),
        ("hop on a call", "call"),
        ("customer reference call", "call"),
        ("a written quote", "quote"),
        ("two testimonials", "quote"),
        ("video testimonial please", "video"),
        ("a founder on video", "video"),
        ("keynote at our user conference", "speaking"),
        ("a panel seat in June", "speaking"),
        ("a speaker for the summit", "speaking"),
        ("reference webinar", "group_call"),
        ("peer round table", "group_call"),
        ("a guest for our podcast", "webinar"),
        ("visit to their plant", "site_visit"),
        ("a site visit", "site_visit"),
        ("a success story", "case_study"),
        ("case studies", "case_study"),
        ("use of their logo", "logo"),
        ("a journalist asks", "press"),
        ("the analyst briefing", "analyst"),
        ("a review on G2", "review"),
        ("beta testers", "beta"),
        ("advisory board seat", "advisory"),
        ("an NPS survey", "survey"),
    ],
)
def test_activity_is_read(text: str, activity: str) -> None:
    assert activity in BY_CODE
    assert _activity(text) == activity


@pytest.mark.parametrize(
    "text",
    [
        "runs a call center",
        "an on-call rotation",
        "operator panel software",
        "a solar panel maker",
        "a printing press maker",
        "code review tooling",
        "event streaming",
        "a business analyst",
        "insurance quotes",
        "video conferencing rooms",
        "the engineering lead",
        "reference data",
        "",
    ],
)
def test_lookalikes_are_no_activity(text: str) -> None:
    assert _activity(text) is None


def test_surest_activity_wins_over_the_bare_reference() -> None:
    assert _activity("a reference for a keynote") == "speaking"


@pytest.mark.parametrize(
    "text",
    [
        "keynote not needed, just a call",
        "keynote unnecessary, just a call",
        "not a keynote but a call",
        "not an introduction but a reference",
        "no webinar, a call",
        "without the webinar, a call",
        "without a webinar: a call",
        "not another keynote, a call",
        "not any keynote. A call",
        "no keynotes. A call",
    ],
)
def test_declined_activity_is_passed_over(text: str) -> None:
    assert _activity(text) == "call"


@pytest.mark.parametrize(
    "text",
    [
        "Can they host us? No. A keynote will do",
        "nothing in writing, no, a keynote",
        "we need a keynote. Not next week",
        "a keynote, not more than that",
        "no time for a keynote",
    ],
)
def test_what_is_said_of_something_else_declines_nothing(text: str) -> None:
    assert _activity(text) == "speaking"


@pytest.mark.parametrize("text", ["a call, center stage for us", "a call. Center and agents are theirs"])
def test_lookalikes_end_with_the_clause_behind(text: str) -> None:
    assert _activity(text) == "call"


@pytest.mark.parametrize("text", ["on the web, visit them", "It is for the web. Visit them", "visit them"])
def test_lookalikes_begin_with_the_clause_before(text: str) -> None:
    assert _activity(text) == "site_visit"


def test_words_of_a_tag_are_left_alone() -> None:
    words = split_words("video streaming")
    assert find_activity(words, {0, 1}) is None
    assert _find("case study", {1}) is None
    assert _find("bank call center", {1, 2}) is None
    for taken in ({0}, {2}):
        assert _find("bank call tomorrow", taken) == FoundActivity("call", 0.85, 1, 2)


def test_found_is_told_with_its_words_and_how_sure_it_is() -> None:
    assert _find("We would like two case studies, please") == FoundActivity("case_study", 0.95, 4, 6)
    assert _find("a story") == FoundActivity("case_study", 0.5, 1, 2), "at the least confidence there is"
    assert _find("a keynote or a panelist") == FoundActivity("speaking", 0.95, 1, 2), "the earlier of two equals"


@pytest.mark.parametrize("activity", ACTIVITIES, ids=lambda each: each.code)
def test_activity_is_read_by_its_own_names(activity: Activity) -> None:
    """But for words that say other things more often, and those that other cues are surer of."""
    everyday = {"Shared post", "share a post", "lead", "event", "cab", "nps", "reference", "video", "logo"}
    for name in {activity.label, *activity.also} - everyday:
        for text in (name, f"They wish for {name.upper()} from us", f"{name}s"):
            found = _find(text)
            assert found is not None, text
            assert found.activity == activity.code, text


@pytest.mark.parametrize("text", ["the lead", "a share", "the cab", "an nps"])
def test_names_that_say_other_things_more_often_are_not_read(text: str) -> None:
    assert _activity(text) is None


@pytest.mark.parametrize(
    ("text", "activity"),
    [
        ("speak to her team about risk", "call"),
        ("a conference call", "call"),
        ("a press conference", "press"),
        ("the press release", "press"),
        ("visit their site", "site_visit"),
        ("gartner peer insights", "review"),
        ("beta customers wanted", "beta"),
        ("a filmed testimonial", "video"),
        ("on video calls", None),
        ("conference rooms", None),
        ("a data analyst", None),
        ("user stories", None),
        ("an introduction of risk", None),
        ("their peer review", None),
        ("summit county", None),
        ("case study calls", "case_study"),
    ],
)
def test_longer_cues_go_first_and_company_decides(text: str, activity: str | None) -> None:
    assert _activity(text) == activity


@pytest.mark.parametrize(
    "text,expected",
    [
        ("a CIO who may speak in Munich", "speaking"),
        ("someone who could speak in May", "speaking"),
        ("they may speak to our prospect", "call"),
        ("who can speak English", None),
        ("speak in German", None),
    ],
)
def test_speaking_is_told_from_talking(text: str, expected: str | None) -> None:
    assert _activity(text) == expected
