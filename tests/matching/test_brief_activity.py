"""The activity a brief asks for, and the words that only look like one."""

import pytest

from matching.brief_activity import find_activity
from references.activities import BY_CODE
from references.words import split_words


def _activity(text: str) -> str | None:
    found = find_activity(split_words(text), set())
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


@pytest.mark.parametrize("text", ["keynote not needed, just a call", "not a keynote but a call", "no webinar, a call"])
def test_declined_activity_is_passed_over(text: str) -> None:
    assert _activity(text) == "call"


def test_words_of_a_tag_are_left_alone() -> None:
    words = split_words("video streaming")
    assert find_activity(words, {0, 1}) is None


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
