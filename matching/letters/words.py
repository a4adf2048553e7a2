"""Words that several letters share: activities, moments and greetings in the language of the letter."""

from datetime import date, datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from delivery.mails import Attachment
from matching.calendar_file import MIME_TYPE, Meeting, write_calendar
from matching.letters.facts import Facts
from references.activities import BY_CODE


def activity_words(code: str) -> str:
    """An activity by its name, in the language that is spoken now."""
    return _(BY_CODE[code].label)


def moment(value: datetime | None) -> str:
    """A moment in the receiver's zone, which is the current one: "Tuesday, 14 May 2030, 10:30 (Europe/Oslo)"."""
    if value is None:
        return ""
    local = timezone.localtime(value)
    return f"{date_format(local, 'DATETIME_FORMAT')} ({timezone.get_current_timezone_name()})"


def day(value: date | None) -> str:
    """A day as it is written out."""
    return "" if value is None else date_format(value, "DATE_FORMAT")


def minutes(facts: Facts) -> str:
    """How long it takes, as a promoter wants to know it."""
    if facts.is_live:
        return _("about %(minutes)s minutes") % {"minutes": facts.minutes}
    return _("at a time of your choice")


def listed(values: tuple[str, ...]) -> str:
    return ", ".join(values)


def told(*pairs: tuple[str, str]) -> tuple[tuple[str, str], ...]:
    """The facts of a letter, those without a value left out."""
    return tuple((name, value) for name, value in pairs if value)


def calendar(facts: Facts, title: str) -> tuple[Attachment, ...]:
    """The meeting as a calendar file, where a time is set."""
    if facts.starts_at is None:
        return ()
    meeting = Meeting(
        match_id=facts.match_id,
        version=facts.version,
        title=title,
        starts_at=facts.starts_at,
        minutes=facts.minutes,
        place=facts.meeting,
        notes=facts.questions,
    )
    content = write_calendar(meeting, stamp=timezone.now())
    return (Attachment("meeting.ics", content, MIME_TYPE),)
