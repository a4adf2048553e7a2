"""Calendar feeds: what stands in the calendar of a user, of the whole program, and of a promoter.

Each event keeps its UID for good and grows its SEQUENCE, so that calendars move it; what was called off is told for a
month. Nothing in it says how to reach anybody, and promoters are named only to those who may know them.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from delivery.links import absolute_url
from matching.enums import MatchStatus
from matching.models import Match
from matching.querysets import MatchQuerySet
from matching.showing import load_matches, show_matches
from matching.slot_people import name_speakers
from references.activities import BY_CODE
from references.enums import SlotStatus
from references.models import Contact, SpeakingSlot
from references.program import current_policy
from users.models import User

BACK = timedelta(days=90)
TOLD_OFF = timedelta(days=30)
MOST = 1_000
_STANDS = (MatchStatus.SCHEDULED, MatchStatus.COMPLETED)
_CALLED_OFF = (MatchStatus.WITHDRAWN, MatchStatus.CANCELLED, MatchStatus.NO_SHOW)
_SLOT_GONE = (SlotStatus.CANCELLED, SlotStatus.UNFILLED)
_SLOT_SURE = (SlotStatus.CONFIRMED, SlotStatus.DELIVERED)


@dataclass(frozen=True, slots=True)
class FeedEvent:
    """One event of a feed: `status` is CONFIRMED, TENTATIVE or CANCELLED, `changed_at` when it was last written."""

    uid: str
    sequence: int
    changed_at: datetime
    title: str
    starts_at: datetime
    minutes: int
    status: str
    place: str = ""
    notes: str = ""
    url: str = ""


def events_of_user(user: User) -> list[FeedEvent]:
    """Slots that a user looks after or sources, and what was scheduled on requests that are theirs or watched."""
    own = Q(owner=user) | Q(requests__owner=user)
    slots = _recent_slots(SpeakingSlot.objects.visible_to(user).filter(own).distinct())
    theirs = Q(request__owner=user) | Q(request__watchers=user)
    matches = _recent_matches(Match.objects.visible_to(user).filter(theirs, request__speaking_slot=None).distinct())
    shown = show_matches(user, load_matches(matches), current_policy())
    meetings = [
        _meeting(each.match, f"{_label(each.match.activity)}: {each.who}", each.meeting, _request_url(each.match))
        for each in shown
    ]
    return _in_order([*_slot_events(user, slots), *meetings])


def events_of_program(user: User) -> list[FeedEvent]:
    """Every slot, as `user` may see its speaker."""
    return _in_order(_slot_events(user, _recent_slots(SpeakingSlot.objects.visible_to(user))))


def events_of_contact(contact: Contact) -> list[FeedEvent]:
    """What a promoter has agreed to, in words of the language spoken now."""
    matches = _recent_matches(Match.objects.filter(contact=contact))
    rows = matches.select_related("request__speaking_slot")
    return _in_order(_meeting(row, _title_for_promoter(row), row.meeting, "") for row in rows)


def write_feed(events: Sequence[FeedEvent], *, name: str) -> bytes:
    """The feed as an iCalendar file (RFC 5545, 7986); the same events give the same bytes."""
    calendar = Calendar()
    calendar.add("prodid", "-//RefProgram//References//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", name)
    calendar.add("refresh-interval", timedelta(hours=1), parameters={"VALUE": "DURATION"})
    for each in events:
        calendar.add_component(_component(each))
    return bytes(calendar.to_ical())


def _component(each: FeedEvent) -> Event:
    event = Event()
    event.add("uid", each.uid)
    event.add("dtstamp", each.changed_at)
    event.add("last-modified", each.changed_at)
    event.add("sequence", each.sequence)
    event.add("dtstart", each.starts_at)
    event.add("dtend", each.starts_at + timedelta(minutes=each.minutes))
    event.add("summary", each.title)
    event.add("status", each.status)
    for field, value in (("location", each.place), ("description", each.notes), ("url", each.url)):
        if value:
            event.add(field, value)
    return event


def _recent_slots(rows: QuerySet[SpeakingSlot]) -> list[SpeakingSlot]:
    now = timezone.now()
    kept = ~Q(status__in=_SLOT_GONE) | Q(updated_at__gte=now - TOLD_OFF)
    return list(rows.filter(kept, starts_at__gte=now - BACK).order_by("starts_at", "id")[:MOST])


def _recent_matches(rows: "QuerySet[Match]") -> "MatchQuerySet[Match]":
    """Those with a time: what stands, and what was called off a short while ago."""
    now = timezone.now()
    kept = Q(status__in=_STANDS) | Q(status__in=_CALLED_OFF, updated_at__gte=now - TOLD_OFF)
    recent = rows.filter(kept, scheduled_at__gte=now - BACK).order_by("scheduled_at", "id").values("pk")[:MOST]
    return Match.objects.filter(pk__in=[each["pk"] for each in recent])


def _slot_events(user: User, slots: Sequence[SpeakingSlot]) -> list[FeedEvent]:
    names = name_speakers(user, slots)
    return [_slot_event(slot, names.get(slot.pk, "")) for slot in slots]


def _slot_event(slot: SpeakingSlot, speaker: str) -> FeedEvent:
    title = f"{_label(slot.activity)}: {slot.event}" + (f" ({speaker})" if speaker else "")
    status = "CANCELLED" if slot.status in _SLOT_GONE else "CONFIRMED" if slot.status in _SLOT_SURE else "TENTATIVE"
    return FeedEvent(
        uid=f"slot-{slot.pk}@{_host()}",
        sequence=max(0, int((slot.updated_at - slot.created_at).total_seconds())),
        changed_at=slot.updated_at,
        title=title,
        starts_at=slot.starts_at,
        minutes=slot.minutes,
        status=status,
        place=slot.place,
        notes="\n".join(filter(None, (slot.topic, str(slot.get_status_display())))),
        url=absolute_url(f"/slots/{slot.pk}/"),
    )


def _meeting(match: Match, title: str, place: str, url: str) -> FeedEvent:
    assert match.scheduled_at is not None  # noqa: S101  filtered by it
    return FeedEvent(
        uid=f"match-{match.pk}@{_host()}",
        sequence=match.version,
        changed_at=match.updated_at,
        title=title,
        starts_at=match.scheduled_at,
        minutes=match.minutes,
        status="CONFIRMED" if match.status in _STANDS else "CANCELLED",
        place=place,
        url=url,
    )


def _title_for_promoter(match: Match) -> str:
    activity, slot = _(BY_CODE[match.activity].label), match.request.speaking_slot
    if slot is not None:
        return f"{activity}: {slot.event}"
    prospects = ", ".join(match.request.prospects)
    return f"{activity}: {prospects}" if prospects else activity


def _request_url(match: Match) -> str:
    return absolute_url(f"/requests/{match.request_id}/")


def _label(activity: str) -> str:
    return _(BY_CODE[activity].label)


def _host() -> str:
    return urlsplit(settings.SITE_URL).hostname or "localhost"


def _in_order(events: Iterable[FeedEvent]) -> list[FeedEvent]:
    return sorted(events, key=lambda each: (each.starts_at, each.uid))
