"""Calendar files of meetings: one event, the same UID for every version of it, no addresses of people in it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from icalendar import Alarm, Calendar, Event

MIME_TYPE = 'text/calendar; method=PUBLISH; charset="utf-8"'


@dataclass(frozen=True, slots=True)
class Meeting:
    """A meeting as a calendar shows it; `version` grows whenever it moves. Times are aware."""

    match_id: int
    version: int
    title: str
    starts_at: datetime
    minutes: int
    place: str = ""
    notes: str = ""
    is_cancelled: bool = False


def write_calendar(meeting: Meeting, *, stamp: datetime) -> bytes:
    """The meeting as an iCalendar file (RFC 5545), with a reminder fifteen minutes before; `stamp` is now."""
    host = urlsplit(settings.SITE_URL).hostname or "localhost"
    event = Event()
    event.add("uid", f"match-{meeting.match_id}@{host}")
    event.add("dtstamp", stamp)
    event.add("sequence", meeting.version)
    event.add("dtstart", meeting.starts_at)
    event.add("dtend", meeting.starts_at + timedelta(minutes=meeting.minutes))
    event.add("summary", meeting.title)
    event.add("status", "CANCELLED" if meeting.is_cancelled else "CONFIRMED")
    if meeting.place:
        event.add("location", meeting.place)
    if meeting.notes:
        event.add("description", meeting.notes)
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", meeting.title)
    alarm.add("trigger", timedelta(minutes=-15))
    event.add_component(alarm)
    calendar = Calendar()
    calendar.add("prodid", "-//RefProgram//References//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add_component(event)
    return bytes(calendar.to_ical())
