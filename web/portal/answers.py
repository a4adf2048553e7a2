"""An ask and its answer: yes with times, no, not now, a colleague instead; later other times, or the yes taken back."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from matching.calendar_file import MIME_TYPE, Meeting, write_calendar
from matching.enums import DeclineReason, MatchStatus
from matching.letters.events import tell_event
from matching.letters.words import activity_words, listed
from matching.models import Match
from matching.services.answering import (
    accept_match,
    cancel_by_customer,
    decline_match,
    offer_times,
    suggest_colleague,
)
from references.activities import BY_CODE
from web.portal.closed import show_closed, show_words
from web.portal.forms import (
    ColleagueForm,
    DeclineForm,
    LaterForm,
    TakeBackForm,
    TimesForm,
    hidden_problems,
    zone_choices,
)
from web.portal.visit import Visit, attempt
from web.portal.words import ENDED, ended_words

Forms = Mapping[str, forms.Form]
OFFERED: Mapping[str, tuple[str, ...]] = {
    MatchStatus.INVITED: ("times", "later", "colleague", "decline"),
    MatchStatus.ACCEPTED: ("times", "take_back"),
    MatchStatus.SCHEDULED: ("take_back",),
}
"""The forms that stand on the page of an ask."""


def show(visit: Visit) -> HttpResponse:
    """The ask as it stands: to be answered, agreed to, set for a time, done, or over."""
    match = _match(visit)
    if match.status in ENDED:
        return show_words(visit.request, ended_words(match), status=410, language=visit.language)
    return _page(visit, {})


def accept(visit: Visit) -> HttpResponse:
    """Say yes, with times or without."""
    with timezone.override(_zone(visit)):
        form = TimesForm(visit.request.POST)
        done = attempt(form, lambda data: accept_match(match=_match(visit), times=data["times"]))
    return _page(visit, {"times": form}) if done is None else _back(visit, "accepted", done)


def decline(visit: Visit) -> HttpResponse:
    """Say no."""
    form = DeclineForm(visit.request.POST)
    done = attempt(form, lambda data: decline_match(match=_match(visit), **data))
    return _page(visit, {"decline": form}) if done is None else _back(visit, "declined", done)


def later(visit: Visit) -> HttpResponse:
    """Say not now, and from when again."""
    form = LaterForm(visit.request.POST)
    done = attempt(form, lambda data: decline_match(match=_match(visit), reason=DeclineReason.NOT_NOW, **data))
    return _page(visit, {"later": form}) if done is None else _back(visit, "declined", done)


def suggest(visit: Visit) -> HttpResponse:
    """Say who would suit better."""
    form = ColleagueForm(visit.request.POST)
    done = attempt(form, lambda data: suggest_colleague(match=_match(visit), **data))
    return _page(visit, {"colleague": form}) if done is None else _back(visit, "declined", done)


def offer(visit: Visit) -> HttpResponse:
    """Give other times for a yes."""
    with timezone.override(_zone(visit)):
        form = TimesForm(visit.request.POST)
        done = attempt(form, lambda data: offer_times(match=_match(visit), times=data["times"]))
    return _page(visit, {"times": form}) if done is None else _back(visit, "times", done)


def take_back(visit: Visit) -> HttpResponse:
    """Take a yes back before it took place."""
    form = TakeBackForm(visit.request.POST)
    done = attempt(form, lambda data: cancel_by_customer(match=_match(visit), **data))
    return _page(visit, {"take_back": form}) if done is None else _back(visit, "taken-back", done)


def give_calendar(visit: Visit) -> HttpResponse:
    """The meeting as a calendar file; 404 where no time is set."""
    match = _match(visit)
    if match.status != MatchStatus.SCHEDULED or match.scheduled_at is None:
        return show_closed(visit.request, "unknown", status=404, language=visit.language)
    meeting = Meeting(
        match_id=match.pk,
        version=match.version,
        title=_title(match),
        starts_at=match.scheduled_at,
        minutes=match.minutes,
        place=match.meeting,
        notes=match.request.questions,
    )
    content = write_calendar(meeting, stamp=timezone.now())
    headers = {"Content-Disposition": 'attachment; filename="meeting.ics"'}
    return HttpResponse(content, content_type=MIME_TYPE, headers=headers)


ACTS: Mapping[str, Callable[[Visit], HttpResponse]] = {
    "accept": lambda visit: _with_match(visit, accept),
    "decline": lambda visit: _with_match(visit, decline),
    "later": lambda visit: _with_match(visit, later),
    "colleague": lambda visit: _with_match(visit, suggest),
    "times": lambda visit: _with_match(visit, offer),
    "take-back": lambda visit: _with_match(visit, take_back),
}


def _with_match(visit: Visit, do: Callable[[Visit], HttpResponse]) -> HttpResponse:
    """On one's own page an answer names the ask it is for."""
    if visit.match is None:
        return show_closed(visit.request, "unknown", status=404, language=visit.language)
    return do(visit)


def _match(visit: Visit) -> Match:
    assert visit.match is not None  # noqa: S101 - an action link has one, the others are asked in `_with_match`
    return visit.match


def _back(visit: Visit, done: str, match: Match) -> HttpResponse:
    """To the ask, or where it is over to what is left of the page: all of one's own, or the kind word at the end."""
    if visit.is_hub and match.is_live:
        return visit.back(done, match=str(match.pk))
    return visit.back(done)


def _page(visit: Visit, tried: Forms) -> HttpResponse:
    """The ask with its forms; those that were `tried` show what was wrong with them."""
    match = _match(visit)
    match.refresh_from_db()
    if tried and match.status in ENDED:
        return visit.back()
    zone = {"time_zone": visit.person.time_zone}
    kinds: dict[str, forms.Form] = {
        "times": TimesForm(initial=zone),
        "decline": DeclineForm(),
        "later": LaterForm(),
        "colleague": ColleagueForm(),
        "take_back": TakeBackForm(),
    }
    slot = match.request.speaking_slot
    context: dict[str, Any] = {
        "match": match,
        "event": tell_event(slot) if slot is not None else (),
        "title": _title(match),
        "is_live": BY_CODE[match.activity].live,
        "prospects": listed(tuple(match.request.prospects)),
        "questions": [line.strip(" -•\t") for line in match.request.questions.splitlines() if line.strip()],
        "offered": [datetime.fromisoformat(each) for each in match.offered_times],
        "forms": {**kinds, **tried},
        "tried": list(tried),
        "problems": hidden_problems(tried, OFFERED.get(match.status, ())),
    }
    return visit.page("ask", context, status=422 if tried else 200)


def _title(match: Match) -> str:
    slot = match.request.speaking_slot
    if slot is not None:
        return _("%(activity)s: %(event)s") % {"activity": activity_words(match.activity), "event": slot.event}
    names = {"activity": activity_words(match.activity), "who": listed(tuple(match.request.prospects))}
    return _("%(activity)s with %(who)s") % names if names["who"] else names["activity"]


def _zone(visit: Visit) -> ZoneInfo:
    """The zone in which times were typed: the chosen one, else that of the page."""
    given = visit.request.POST.get("time_zone", "")
    return ZoneInfo(given) if given in dict(zone_choices()) else visit.zone
