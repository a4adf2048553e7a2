"""What somebody sets on their own page: how often and for what, pauses, days off, consents, language, a calendar."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import HttpResponse
from django.utils import timezone

from delivery.links import absolute_url
from matching.purposes import CALENDAR_OF_PROMOTER
from matching.services.calendar_links import find_calendar_link, renew_calendar_link
from references import activities
from references.enums import ContactStatus
from references.models import Blackout, Consent, Contact
from references.program import current_policy
from references.services import own_page
from references.speech import language_of
from web.calendar.feeds import feed_path
from web.portal.forms import ConsentForm, DaysOffForm, LanguageForm, LimitsForm, PauseForm
from web.portal.visit import PartAct, ShowAll, Visit, attempt


def context_of(person: Contact) -> dict[str, Any]:
    """What the page shows of one's settings, with fresh forms under `forms`."""
    rows = Consent.objects.filter(contact=person, superseded_by=None)
    given = list(rows.select_related("region", "case_study", "testimonial"))
    unconsented = _agreed_without_consent(person, given)
    return {
        "feed": _feed_of(person),
        "consents": [each for each in given if each.revoked_at is None],
        "revoked": [each for each in given if each.revoked_at is not None],
        "unconsented": unconsented,
        "days_off": Blackout.objects.filter(contact=person, ends_on__gte=timezone.localdate()),
        "forms": _fresh_forms(person, unconsented),
    }


def shown(person: Contact, unconsented: list[str]) -> set[str]:
    """The forms that stand on the page of somebody who has not left: only who is asked can pause."""
    found = {"limits", "language", "days_off"}
    if person.status in {ContactStatus.ACTIVE, ContactStatus.PAUSED}:
        found |= {"pause"}
    return found | ({"consent"} if unconsented else set())


def limits(visit: Visit, show_all: ShowAll) -> HttpResponse:
    """Set how often and for what."""
    form = LimitsForm(visit.request.POST, limit=_program_limit())
    done = attempt(
        form,
        lambda data: own_page.set_own_limits(
            contact=visit.person, max_per_quarter=data["max_per_quarter"], agreed=data["activities"]
        ),
    )
    return show_all(visit, {"limits": form}) if done is None else visit.back("limits")


def language(visit: Visit, show_all: ShowAll) -> HttpResponse:
    """Set the language and the zone; the page is in it from now on."""
    form = LanguageForm(visit.request.POST)
    done = attempt(
        form,
        lambda data: own_page.set_own_language(
            contact=visit.person, language=data["spoken"], time_zone=data["time_zone"]
        ),
    )
    return show_all(visit, {"language": form}) if done is None else visit.back("language", language=done.language)


def pause(visit: Visit, show_all: ShowAll) -> HttpResponse:
    """Be left alone for a while."""
    form = PauseForm(visit.request.POST)
    done = attempt(form, lambda data: own_page.pause_self(contact=visit.person, **data))
    return show_all(visit, {"pause": form}) if done is None else visit.back("paused")


def resume(visit: Visit, show_all: ShowAll) -> HttpResponse:
    """End the pause."""
    form = forms.Form(visit.request.POST)
    done = attempt(form, lambda data: own_page.resume_self(contact=visit.person))
    return show_all(visit, {"resume": form}) if done is None else visit.back("resumed")


def add_days(visit: Visit, show_all: ShowAll) -> HttpResponse:
    """Keep days free of asks."""
    form = DaysOffForm(visit.request.POST)
    done = attempt(form, lambda data: own_page.add_own_blackout(contact=visit.person, **data))
    return show_all(visit, {"days_off": form}) if done is None else visit.back("days-off")


def remove_days(visit: Visit, show_all: ShowAll) -> HttpResponse:
    """Allow days again."""
    own_page.remove_own_blackout(contact=visit.person, blackout_id=visit.posted_id)
    return visit.back("days-on")


def consent(visit: Visit, show_all: ShowAll) -> HttpResponse:
    """Allow something one has agreed to."""
    form = ConsentForm(visit.request.POST, codes=activities.CODES)
    done = attempt(form, lambda data: own_page.give_own_consent(contact=visit.person, **data))
    return show_all(visit, {"consent": form}) if done is None else visit.back("consent")


def calendar(visit: Visit, show_all: ShowAll) -> HttpResponse:
    """Make the address, or a new one, at which a calendar reads one's own dates."""
    renew_calendar_link(purpose=CALENDAR_OF_PROMOTER, whose=visit.person)
    return visit.back("calendar")


ACTS: Mapping[str, PartAct] = {
    "limits": limits,
    "language": language,
    "pause": pause,
    "resume": resume,
    "days-off": add_days,
    "days-on": remove_days,
    "consent": consent,
    "calendar": calendar,
}


def _feed_of(person: Contact) -> str:
    """The address of one's own dates; empty where none is open."""
    link = find_calendar_link(CALENDAR_OF_PROMOTER, person)
    return "" if link is None else absolute_url(feed_path(link))


def _fresh_forms(person: Contact, unconsented: list[str]) -> dict[str, forms.Form]:
    given = {"max_per_quarter": person.max_per_quarter, "activities": person.activities}
    spoken = {"spoken": language_of(person), "time_zone": person.time_zone or "UTC"}
    return {
        "limits": LimitsForm(initial=given, limit=_program_limit()),
        "language": LanguageForm(initial=spoken),
        "pause": PauseForm(),
        "days_off": DaysOffForm(),
        "consent": ConsentForm(codes=unconsented),
    }


def _agreed_without_consent(person: Contact, consents: list[Consent]) -> list[str]:
    today = timezone.localdate()
    standing = {
        each.activity
        for each in consents
        if each.revoked_at is None
        and each.case_study_id is each.testimonial_id is None
        and (each.valid_until is None or each.valid_until >= today)
    }
    return [code for code in activities.CODES if code in person.activities and code not in standing]


def _program_limit() -> int:
    return current_policy().caps.per_quarter
