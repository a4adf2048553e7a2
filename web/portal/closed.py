"""The friendly page for whoever comes too late, too often, or by a link that opens nothing."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation

from advocacy.purposes import ASK_LINK, SEAT_LINK
from delivery.links import LinkError
from delivery.models import SignedLink
from matching.models import Match
from matching.purposes import FEEDBACK, HUB, INVITATION, ids_in
from references.models import Contact
from references.services.consent_asks import CONSENT_LINK
from references.services.reviews import REVIEW_LINK
from references.speech import language_of
from surveys.purposes import SURVEY, SURVEY_STOP
from web.portal.words import CLOSED, ENDED, ended_words

SHIPPED = dict(settings.LANGUAGES)


def language_asked(request: HttpRequest) -> str:
    """The language that the address asks for; "" for none that is spoken here."""
    given = request.POST.get("language") or request.GET.get("language", "")
    return given if given in SHIPPED else ""


def show_closed(request: HttpRequest, code: str, *, status: int, language: str = "") -> HttpResponse:
    """Say what is closed and what to do instead; in the browser's language where nobody's is known."""
    spoken = language_asked(request) or language or translation.get_language_from_request(request)
    return show_words(request, CLOSED[code], status=status, language=spoken, code=code)


def show_words(
    request: HttpRequest, words: "tuple[Any, Any]", *, status: int, language: str, code: str = ""
) -> HttpResponse:
    """A page of a heading and a sentence, with the way to one's own page where that helps."""
    with translation.override(language):
        context = {
            "heading": words[0],
            "words": words[1],
            "code": code,
            "language": language,
            "languages": settings.LANGUAGES,
            "program": settings.PROGRAM_NAME,
        }
        return render(request, "web/portal/closed.html", context, status=status)


def refuse_link(request: HttpRequest, error: LinkError) -> HttpResponse:
    """Answer a link that opens nothing: 404 for one that never was, 410 for one that is over.

    Whoever holds an invitation that is over learns how it ended, and nothing else.
    """
    if error.link is None:
        return show_closed(request, error.code, status=404)
    contact, match = _whose(error.link)
    language = "en" if contact is None else language_of(contact)
    if match is not None and match.status in ENDED:
        spoken = language_asked(request) or language
        return show_words(request, ended_words(match), status=410, language=spoken)
    return show_closed(request, error.code, status=410, language=language)


def _whose(link: SignedLink) -> tuple[Contact | None, Match | None]:
    ids = ids_in(link.subject)
    if link.purpose in {INVITATION, FEEDBACK}:
        match = Match.objects.select_related("contact").filter(pk=ids[0]).first()
        return (None, None) if match is None else (match.contact, match)
    if link.purpose == ASK_LINK:
        return Contact.objects.filter(assignments=ids[0]).first(), None
    if link.purpose == SEAT_LINK:
        return Contact.objects.filter(adopter_seats=ids[0]).first(), None
    if link.purpose == CONSENT_LINK:
        return Contact.objects.filter(consent_asks=ids[0]).first(), None
    if link.purpose in {SURVEY, SURVEY_STOP}:
        return Contact.objects.filter(survey_invitations=ids[0]).first(), None
    if link.purpose == REVIEW_LINK:
        return Contact.objects.filter(content_reviews=ids[0]).first(), None
    return (Contact.objects.filter(pk=ids[0]).first() if link.purpose == HUB else None), None
