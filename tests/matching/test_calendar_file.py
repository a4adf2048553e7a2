"""Calendar files: read back by a parser of their own, the same event however often it moves."""

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from matching.calendar_file import Meeting, write_calendar

STAMP = datetime(2026, 6, 1, 12, tzinfo=UTC)
AT = datetime(2026, 7, 1, 9, 30, tzinfo=UTC)


def read(meeting: Meeting) -> Any:
    """The one event of a calendar file."""
    calendar: Any = Calendar.from_ical(write_calendar(meeting, stamp=STAMP))
    assert str(calendar["method"]) == "PUBLISH"
    [event] = calendar.walk("VEVENT")
    return event


def make(**fields: Any) -> Meeting:
    given = {"match_id": 7, "version": 3, "title": "Reference call", "starts_at": AT, "minutes": 45, **fields}
    return Meeting(**given)


def test_event_tells_when_where_and_what() -> None:
    event = read(make(place="https://meet.example/1", notes="How long did it take?"))
    assert (event["dtstart"].dt, event["dtend"].dt) == (AT, AT + timedelta(minutes=45))
    assert (str(event["summary"]), str(event["location"])) == ("Reference call", "https://meet.example/1")
    assert str(event["description"]) == "How long did it take?"
    assert (str(event["status"]), event["dtstamp"].dt) == ("CONFIRMED", STAMP)
    [alarm] = event.walk("VALARM")
    assert alarm["trigger"].dt == timedelta(minutes=-15)


def test_moved_meeting_is_the_same_event_with_a_higher_sequence() -> None:
    first, moved = read(make()), read(make(version=4, starts_at=AT + timedelta(days=1)))
    assert str(first["uid"]) == str(moved["uid"])
    assert first["sequence"] < moved["sequence"]
    assert str(read(make(match_id=8))["uid"]) != str(first["uid"])


def test_cancelled_meeting_says_so() -> None:
    assert str(read(make(is_cancelled=True))["status"]) == "CANCELLED"


def test_file_names_nobody_and_leaves_out_what_is_empty() -> None:
    text = write_calendar(make(), stamp=STAMP).decode()
    assert not any(word in text for word in ("ATTENDEE", "ORGANIZER", "mailto:", "LOCATION", "\r\nDESCRIPTION:\r\n"))
    event = read(make())
    assert "location" not in event
    assert "description" not in event


WORDS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=200)


@given(title=WORDS, notes=WORDS, minutes=st.integers(5, 600))
def test_any_words_come_back_as_they_were_and_cannot_break_out(title: str, notes: str, minutes: int) -> None:
    event = read(make(title=title, notes=notes, minutes=minutes))
    assert (str(event["summary"]), str(event["description"])) == (title, notes)
    assert event["dtend"].dt - event["dtstart"].dt == timedelta(minutes=minutes)


def test_line_breaks_in_words_make_no_lines_of_the_file() -> None:
    event = read(make(title="Call\nATTENDEE:mailto:eve@example.test", notes="a\r\nEND:VEVENT\r\nb"))
    assert "attendee" not in event
    assert "END:VEVENT" in str(event["description"])


def test_lines_are_folded_at_75_octets_and_end_as_the_standard_says() -> None:
    text = write_calendar(make(title="Ü" * 200), stamp=STAMP)
    assert text.endswith(b"END:VCALENDAR\r\n")
    assert all(len(line) <= 75 for line in text.split(b"\r\n"))
