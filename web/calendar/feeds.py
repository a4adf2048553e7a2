"""The feed behind one address: read anew each time as its owner may see it now, with tags for those who ask often."""

import hashlib
from collections.abc import Sequence

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone, translation
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from delivery.links import LinkError, link_token, read_link
from delivery.models import SignedLink
from matching.calendar_feed import (
    FeedEvent,
    events_of_contact,
    events_of_program,
    events_of_user,
    write_feed,
)
from matching.purposes import CALENDAR_OF_PROGRAM, CALENDAR_OF_PROMOTER, CALENDARS, ids_in
from references.models import Contact
from references.permissions import may_edit_slots
from references.speech import language_of
from users.models import User
from web.portal.gate import MINUTE, PER_LINK, is_too_often

HEADERS = {
    "Cache-Control": "private, no-cache",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
}
CLOSED = {"unknown": 404, "revoked": 410, "expired": 410}


def feed_path(link: SignedLink) -> str:
    """Where a calendar reads a feed."""
    return f"/calendar/{link_token(link)}.ics"


@require_safe
def feed(request: HttpRequest, token: str) -> HttpResponseBase:
    """Give the calendar of an address; 404 for none, 410 for one that was closed, 429 for too many calls."""
    response = _answer(request, token)
    for name, value in HEADERS.items():
        response[name] = value
    return response


def _answer(request: HttpRequest, token: str) -> HttpResponseBase:
    if is_too_often(f"calendar {token}", PER_LINK, MINUTE):
        return _plain("Too many calls. Try again in a minute.", 429)
    try:
        link = read_link(token, *CALENDARS)
    except LinkError as error:
        return _plain("There is no calendar here.", CLOSED[error.code])
    found = _read(link)
    if found is None:
        return _plain("There is no calendar here.", 410)
    events, name = found
    content = write_feed(events, name=name)
    tag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    # By its tag alone: a right that ends takes a name out of an event without changing when that was written.
    response = HttpResponse(content, content_type="text/calendar; charset=utf-8", headers={"ETag": tag})
    return get_conditional_response(request, etag=tag, response=response) or response


def _read(link: SignedLink) -> tuple[Sequence[FeedEvent], str] | None:
    """What stands in it, and what it is called; None for somebody who is gone or may not see it any more."""
    [pk] = ids_in(link.subject)
    if link.purpose == CALENDAR_OF_PROMOTER:
        contact = Contact.objects.filter(pk=pk).first()
        if contact is None:
            return None
        with translation.override(language_of(contact)):
            return events_of_contact(contact), settings.PROGRAM_NAME
    user = User.objects.filter(pk=pk, is_active=True).first()
    if user is None:
        return None
    with timezone.override(user.time_zone or "UTC"):
        if link.purpose == CALENDAR_OF_PROGRAM:
            name = _("%(program)s: events") % {"program": settings.PROGRAM_NAME}
            return (events_of_program(user), name) if may_edit_slots(user) else None
        return events_of_user(user), _("%(program)s: mine") % {"program": settings.PROGRAM_NAME}


def _plain(text: str, status: int) -> HttpResponse:
    return HttpResponse(text, status=status, content_type="text/plain; charset=utf-8")
