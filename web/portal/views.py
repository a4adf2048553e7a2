"""The pages behind signed links: one address per link, whose purpose says what it opens and which acts it allows."""

from collections.abc import Callable, Mapping

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.views.decorators.http import require_http_methods, require_safe

from advocacy.purposes import ASK_LINK, SEAT_LINK
from delivery.links import LinkError
from matching.purposes import APPROVAL, FEEDBACK, HUB, INVITATION
from matching.services.own_links import mail_own_link, mail_own_links_to
from references.services.consent_asks import CONSENT_LINK
from references.services.reviews import REVIEW_LINK
from surveys.purposes import SURVEY, SURVEY_STOP
from users.lockout import read_client_address
from web.portal import adopters, answers, approvals, asks, consents, content, feedback, hub, survey, unsubscribing
from web.portal.closed import language_asked, refuse_link, show_closed
from web.portal.forms import AddressForm
from web.portal.gate import behind_link, is_too_often
from web.portal.visit import Visit, enter

Act = Callable[[Visit], HttpResponse]
TEN_MINUTES = 600
LINKS_PER_CALLER = 20
LINKS_PER_ADDRESS = 3


@behind_link
@require_http_methods(["GET", "HEAD", "POST"])
def own_link(request: HttpRequest) -> HttpResponse:
    """Mail somebody the link to their own page, if their address is on file: nobody learns whether it is."""
    language = language_asked(request) or translation.get_language_from_request(request)
    with translation.override(language):
        form = AddressForm(request.POST or None)
        is_sent = request.method == "POST" and form.is_valid()
        if is_sent:
            _mail_links(request, str(form.cleaned_data["email"]).strip().lower())
        context = {
            "form": form,
            "is_sent": is_sent,
            "language": language,
            "languages": settings.LANGUAGES,
            "program": settings.PROGRAM_NAME,
        }
        return render(request, "web/portal/own_link.html", context, status=422 if form.errors else 200)


@behind_link
@require_safe
def portal(request: HttpRequest, token: str) -> HttpResponse:
    """Show what a link opens; nothing changes by looking."""
    try:
        visit = enter(request, token)
    except LinkError as error:
        return refuse_link(request, error)
    with visit.speaking():
        return SHOWN[visit.link.purpose](visit)


@behind_link
@require_safe
def meeting(request: HttpRequest, token: str) -> HttpResponse:
    """Give the calendar file of a meeting that a promoter has agreed to."""
    try:
        visit = enter(request, token)
    except LinkError as error:
        return refuse_link(request, error)
    with visit.speaking():
        if visit.contact is None or visit.match is None:
            return show_closed(request, "unknown", status=404)
        return answers.give_calendar(visit)


@behind_link
@require_http_methods(["GET", "HEAD", "POST"])
def act(request: HttpRequest, token: str, act: str) -> HttpResponse:
    """Do what was posted, if the link allows it; somebody who only looks is led to the page."""
    try:
        visit = enter(request, token)
    except LinkError as error:
        return refuse_link(request, error)
    do = ACTS[visit.link.purpose].get(act)
    if do is None:
        return show_closed(request, "unknown", status=404, language=visit.language)
    if request.method != "POST":
        return visit.back()
    with visit.speaking():
        return do(visit)


def _mail_links(request: HttpRequest, address: str) -> None:
    """Silent where there were too many, so that the answer is always the same."""
    caller = read_client_address(request)
    is_often = is_too_often(f"links by {caller}", LINKS_PER_CALLER, TEN_MINUTES)
    if not is_often and not is_too_often(f"links to {address}", LINKS_PER_ADDRESS, TEN_MINUTES):
        mail_own_links_to(address=address)


def _mail_link(visit: Visit) -> HttpResponse:
    """Mail the link to one's own page to the address on file, from an action link."""
    if not is_too_often(f"links for {visit.person.pk}", LINKS_PER_ADDRESS, TEN_MINUTES):
        mail_own_link(contact=visit.person)
    return visit.back("hub")


SHOWN: Mapping[str, Act] = {
    INVITATION: answers.show,
    FEEDBACK: feedback.show,
    APPROVAL: approvals.show,
    HUB: hub.show,
    REVIEW_LINK: content.show,
    CONSENT_LINK: consents.show,
    ASK_LINK: asks.show,
    SEAT_LINK: adopters.show,
    SURVEY: survey.show,
    SURVEY_STOP: unsubscribing.show,
}
ACTS: Mapping[str, Mapping[str, Act]] = {
    INVITATION: {**answers.ACTS, "page": _mail_link},
    FEEDBACK: {**feedback.ACTS, "page": _mail_link},
    APPROVAL: approvals.ACTS,
    HUB: {**answers.ACTS, **hub.ACTS},
    REVIEW_LINK: {**content.ACTS, "page": _mail_link},
    CONSENT_LINK: {**consents.ACTS, "page": _mail_link},
    ASK_LINK: {**asks.ACTS, "page": _mail_link},
    SEAT_LINK: {**adopters.ACTS, "page": _mail_link},
    SURVEY: {**survey.ACTS, **unsubscribing.ACTS, "page": _mail_link},
    SURVEY_STOP: {**unsubscribing.ACTS, "page": _mail_link},
}
