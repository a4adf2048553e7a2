"""The addresses of one's calendar feeds: made, renewed and closed on the page of settings."""

from dataclasses import dataclass

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from delivery.links import absolute_url
from delivery.models import SignedLink
from matching.purposes import CALENDAR_OF_PROGRAM, CALENDAR_OF_USER
from matching.services.calendar_links import close_calendar_link, find_calendar_link, renew_calendar_link
from references.errors import DomainError
from references.permissions import may_edit_slots
from users.models import User
from web.access import viewer
from web.calendar.feeds import feed_path


@dataclass(frozen=True, slots=True)
class Feed:
    """One feed on the page of settings; `address` is empty where none is open."""

    code: str
    label: str
    about: str
    link: SignedLink | None

    @property
    def address(self) -> str:
        return "" if self.link is None else absolute_url(feed_path(self.link))


def read_feeds(user: User) -> list[Feed]:
    """The feeds that a user may have."""
    feeds = [
        Feed(
            CALENDAR_OF_USER,
            _("My dates"),
            _("Events you look after, and references scheduled on your requests."),
            find_calendar_link(CALENDAR_OF_USER, user),
        )
    ]
    if may_edit_slots(user):
        about = _("Every event of the program, with where it stands.")
        link = find_calendar_link(CALENDAR_OF_PROGRAM, user)
        feeds.append(Feed(CALENDAR_OF_PROGRAM, _("All events"), about, link))
    return feeds


@require_POST
@login_required
def calendar_link(request: HttpRequest) -> HttpResponse:
    """Make a new address of a feed, or close it."""
    user, feed = viewer(request), request.POST.get("feed", "")
    try:
        if request.POST.get("do") == "close":
            close_calendar_link(purpose=feed, whose=user)
            messages.success(request, _("The address is closed: calendars that read it get nothing any more."))
        else:
            renew_calendar_link(purpose=feed, whose=user)
            messages.success(request, _("The address is made. Give it to your calendar, and to nobody else."))
    except DomainError as error:
        if error.code == "not_allowed":
            raise PermissionDenied from error
        raise Http404 from error
    return redirect("web:settings")
