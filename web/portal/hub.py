"""One's own page, joined of its parts: what waits, what came of it, points, referring, settings, leaving."""

import uuid
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from django import forms
from django.http import HttpResponse

from matching.own_view import read_deeds
from references.enums import ContactStatus
from references.models import Contact
from references.services import own_page
from web.portal import adopters, answers, asks, consents, content, leaving, points, preferences, referring, waiting
from web.portal.forms import SuggestForm, hidden_problems
from web.portal.visit import PartAct, ShowAll, Visit, attempt
from web.portal.words import DEEDS, RESULTS

DEEDS_FIRST = 5


def show(visit: Visit) -> HttpResponse:
    """Everything of one's own, or the one thing that was chosen."""
    chosen: tuple[tuple[object, Callable[[Visit], HttpResponse]], ...] = (
        (visit.consent_ask, consents.show),
        (visit.review, content.show),
        (visit.assignment_id, asks.show),
        (visit.seat_id, adopters.show),
        (visit.match, answers.show),
    )
    for what, show_it in chosen:
        if what:
            return show_it(visit)
    return show_all(visit, {})


def show_all(visit: Visit, tried: Mapping[str, forms.Form]) -> HttpResponse:
    """The page with its forms; those that were `tried` show what was wrong with them."""
    person = Contact.objects.select_related("customer").get(pk=visit.person.pk)
    has_left = person.has_opted_out or person.status == ContactStatus.RETIRED
    settings = preferences.context_of(person)
    fresh = {"suggest": SuggestForm(initial={"key": uuid.uuid4().hex}), "erase": leaving.erase_form()}
    shown = {"erase"} if has_left else {"suggest", "erase"} | preferences.shown(person, settings["unconsented"])
    if not has_left:
        shown |= {name for name in tried if name.startswith(("redeem", "board")) or name == "refer"}
    context: dict[str, Any] = {
        "person": person,
        "has_left": has_left,
        "is_paused": person.status == ContactStatus.PAUSED,
        "may_pause": person.status == ContactStatus.ACTIVE,
        **waiting.context_of(visit),
        **_deeds(person),
        **settings,
        **(points.context_of(person, tried)),
        **(referring.context_of(person, tried)),
        "forms": {**fresh, **settings["forms"], **tried},
        "tried": list(tried),
        "problems": hidden_problems(tried, shown),
    }
    return visit.page("hub", context, status=422 if tried else 200)


def suggest(visit: Visit, show_all: ShowAll) -> HttpResponse:
    """Suggest a colleague, or tell of a moment."""
    form = SuggestForm(visit.request.POST)

    def save(data: dict[str, Any]) -> object:
        return own_page.nominate_from_page(contact=visit.person, creation_key=data.pop("key"), **data)

    return show_all(visit, {"suggest": form}) if attempt(form, save) is None else visit.back("nominated")


def _join(act: PartAct) -> Callable[[Visit], HttpResponse]:
    """An act of a part, whose form stands on this page again where it was refused."""
    return partial(_act, act)


def _act(act: PartAct, visit: Visit) -> HttpResponse:
    return act(visit, show_all)


PARTS: Mapping[str, PartAct] = {**preferences.ACTS, **points.ACTS, **referring.ACTS, "suggest": suggest}
ACTS: Mapping[str, Callable[[Visit], HttpResponse]] = {
    **{name: _join(act) for name, act in PARTS.items()},
    "revoke": consents.revoke,
    **consents.ACTS,
    **content.ACTS,
    **asks.ACTS,
    **adopters.ACTS,
    "opt-out": lambda visit: leaving.opt_out(visit),
    "export": lambda visit: leaving.export(visit),
    "erase": lambda visit: leaving.erase(visit, show_all),
}


def _deeds(person: Contact) -> dict[str, Any]:
    deeds = [(deed, DEEDS[deed.status], RESULTS.get(deed.result, "")) for deed in read_deeds(person)]
    return {
        "deeds": deeds[:DEEDS_FIRST],
        "older_deeds": deeds[DEEDS_FIRST:],
        "helped": sum(deed.status == "completed" and deed.activity != "survey" for deed, *_words in deeds),
    }
