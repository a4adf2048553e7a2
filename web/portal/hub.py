"""One's own page: what is asked, what came of it, limits, pauses, language, consents, suggestions."""

import uuid
from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.http import HttpResponse
from django.utils import timezone

from delivery.links import absolute_url
from matching.own_view import read_asks, read_deeds
from matching.purposes import CALENDAR_OF_PROMOTER
from matching.services.calendar_links import find_calendar_link, renew_calendar_link
from references import activities
from references.enums import ContactStatus
from references.models import Blackout, Consent, Contact
from references.program import current_policy
from references.services import own_page
from references.speech import language_of
from web.calendar.feeds import feed_path
from web.portal import answers, consents, leaving
from web.portal.forms import (
    ConsentForm,
    DaysOffForm,
    LanguageForm,
    LimitsForm,
    PauseForm,
    SuggestForm,
    hidden_problems,
)
from web.portal.visit import Visit, attempt
from web.portal.words import DEEDS, RESULTS

DEEDS_FIRST = 5


def show(visit: Visit) -> HttpResponse:
    """Everything of one's own, or the one ask that was chosen."""
    if visit.consent_ask is not None:
        return consents.show(visit)
    return show_all(visit, {}) if visit.match is None else answers.show(visit)


def show_all(visit: Visit, tried: Mapping[str, forms.Form]) -> HttpResponse:
    """The page with its forms; those that were `tried` show what was wrong with them."""
    person = Contact.objects.select_related("customer").get(pk=visit.person.pk)
    deeds = [(deed, DEEDS[deed.status], RESULTS.get(deed.result, "")) for deed in read_deeds(person)]
    given = list(
        Consent.objects.filter(contact=person, superseded_by=None).select_related("region", "case_study", "testimonial")
    )
    unconsented = _agreed_without_consent(person, given)
    context: dict[str, Any] = {
        "person": person,
        "has_left": person.has_opted_out or person.status == ContactStatus.RETIRED,
        "is_paused": person.status == ContactStatus.PAUSED,
        "may_pause": person.status == ContactStatus.ACTIVE,
        "asks": read_asks(person),
        "feed": _feed_of(person),
        "deeds": deeds[:DEEDS_FIRST],
        "older_deeds": deeds[DEEDS_FIRST:],
        "helped": sum(deed.status == "completed" for deed, *_words in deeds),
        "consent_asks": consents.waiting_for(visit),
        "consents": [each for each in given if each.revoked_at is None],
        "revoked": [each for each in given if each.revoked_at is not None],
        "today": timezone.localdate(),
        "unconsented": unconsented,
        "days_off": Blackout.objects.filter(contact=person, ends_on__gte=timezone.localdate()),
        "forms": {**_fresh_forms(visit, person, unconsented), **tried},
        "tried": list(tried),
        "problems": hidden_problems(tried, _shown(person, unconsented)),
    }
    return visit.page("hub", context, status=422 if tried else 200)


def limits(visit: Visit) -> HttpResponse:
    """Set how often and for what."""
    form = LimitsForm(visit.request.POST, limit=_program_limit())
    done = attempt(
        form,
        lambda data: own_page.set_own_limits(
            contact=visit.person, max_per_quarter=data["max_per_quarter"], agreed=data["activities"]
        ),
    )
    return _answer(visit, "limits", form, done)


def language(visit: Visit) -> HttpResponse:
    """Set the language and the zone; the page is in it from now on."""
    form = LanguageForm(visit.request.POST)
    done = attempt(
        form,
        lambda data: own_page.set_own_language(
            contact=visit.person, language=data["spoken"], time_zone=data["time_zone"]
        ),
    )
    return show_all(visit, {"language": form}) if done is None else visit.back("language", language=done.language)


def pause(visit: Visit) -> HttpResponse:
    """Be left alone for a while."""
    form = PauseForm(visit.request.POST)
    done = attempt(form, lambda data: own_page.pause_self(contact=visit.person, **data))
    return _answer(visit, "pause", form, done, "paused")


def resume(visit: Visit) -> HttpResponse:
    """End the pause."""
    form = forms.Form(visit.request.POST)
    done = attempt(form, lambda data: own_page.resume_self(contact=visit.person))
    return _answer(visit, "resume", form, done, "resumed")


def add_days(visit: Visit) -> HttpResponse:
    """Keep days free of asks."""
    form = DaysOffForm(visit.request.POST)
    done = attempt(form, lambda data: own_page.add_own_blackout(contact=visit.person, **data))
    return _answer(visit, "days_off", form, done, "days-off")


def remove_days(visit: Visit) -> HttpResponse:
    """Allow days again."""
    own_page.remove_own_blackout(contact=visit.person, blackout_id=_posted_id(visit))
    return visit.back("days-on")


def consent(visit: Visit) -> HttpResponse:
    """Allow something one has agreed to."""
    form = ConsentForm(visit.request.POST, codes=activities.CODES)
    done = attempt(form, lambda data: own_page.give_own_consent(contact=visit.person, **data))
    return _answer(visit, "consent", form, done)


def suggest(visit: Visit) -> HttpResponse:
    """Suggest a colleague, or tell of a moment."""
    form = SuggestForm(visit.request.POST)

    def save(data: dict[str, Any]) -> object:
        return own_page.nominate_from_page(contact=visit.person, creation_key=data.pop("key"), **data)

    return _answer(visit, "suggest", form, attempt(form, save), "nominated")


def calendar(visit: Visit) -> HttpResponse:
    """Make the address, or a new one, at which a calendar reads one's own dates."""
    renew_calendar_link(purpose=CALENDAR_OF_PROMOTER, whose=visit.person)
    return visit.back("calendar")


def _feed_of(person: Contact) -> str:
    """The address of one's own dates; empty where none is open."""
    link = find_calendar_link(CALENDAR_OF_PROMOTER, person)
    return "" if link is None else absolute_url(feed_path(link))


ACTS: Mapping[str, Callable[[Visit], HttpResponse]] = {
    "limits": limits,
    "language": language,
    "pause": pause,
    "resume": resume,
    "days-off": add_days,
    "days-on": remove_days,
    "consent": consent,
    "revoke": consents.revoke,
    **consents.ACTS,
    "suggest": suggest,
    "calendar": calendar,
    "opt-out": lambda visit: leaving.opt_out(visit),
    "export": lambda visit: leaving.export(visit),
    "erase": lambda visit: leaving.erase(visit, show_all),
}


def _answer(visit: Visit, name: str, form: forms.Form, done: object, word: str = "") -> HttpResponse:
    return show_all(visit, {name: form}) if done is None else visit.back(word or name)


def _fresh_forms(visit: Visit, person: Contact, unconsented: list[str]) -> dict[str, forms.Form]:
    given = {"max_per_quarter": person.max_per_quarter, "activities": person.activities}
    spoken = {"spoken": language_of(person), "time_zone": person.time_zone or "UTC"}
    return {
        "limits": LimitsForm(initial=given, limit=_program_limit()),
        "language": LanguageForm(initial=spoken),
        "pause": PauseForm(),
        "days_off": DaysOffForm(),
        "consent": ConsentForm(codes=unconsented),
        "suggest": SuggestForm(initial={"key": uuid.uuid4().hex}),
        "erase": leaving.erase_form(),
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


def _shown(person: Contact, unconsented: list[str]) -> set[str]:
    """The forms that stand on the page: nobody who has left sets limits, and only who is asked can pause."""
    if person.has_opted_out or person.status == ContactStatus.RETIRED:
        return {"erase"}
    shown = {"limits", "language", "days_off", "suggest", "erase"}
    if person.status in {ContactStatus.ACTIVE, ContactStatus.PAUSED}:
        shown |= {"pause"}
    return shown | ({"consent"} if unconsented else set())


def _program_limit() -> int:
    return current_policy().caps.per_quarter


def _posted_id(visit: Visit) -> int:
    """The id in a form of one button; 0, which no row has, for nonsense."""
    given = visit.request.POST.get("id", "")
    return int(given) if given.isascii() and given.isdigit() and len(given) <= 18 else 0
