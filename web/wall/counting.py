"""Counts what happens on the public pages, told by a mark that they carry: no cookie, no address, no visitor."""

import re

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from references.enums import PublicEvent
from references.services.wall import count_event
from users.lockout import read_client_address
from web.portal.gate import MINUTE, is_too_often

BETWEEN = "|"
BY_ONE_CALLER = 240
BOTS = re.compile(
    r"bot|crawl|spider|slurp|preview|externalhit|headless|lighthouse|curl|wget|python|monitor|scan|fetch", re.IGNORECASE
)
COUNTED = {PublicEvent.VIEW.value, PublicEvent.CLICK.value}
_signer = Signer(salt="wall.count")


def make_mark(place: str, noun: str = "", piece_id: int = 0) -> str:
    """What a page sends back to be counted; good until the end of tomorrow, and for nothing but what it says."""
    return _signer.sign(BETWEEN.join([timezone.localdate().isoformat(), place, noun, str(piece_id)]))


@csrf_exempt  # nobody is known here, so there is nothing to forge
@require_POST
def count(request: HttpRequest) -> HttpResponse:
    """Count a view or a click; always answered alike."""
    if not settings.PUBLIC_WALL:
        raise Http404
    event = request.POST.get("event", "")
    read = _read_mark(request.POST.get("mark", ""))
    if read is not None and event in COUNTED and _is_counted(request):
        place, noun, piece_id = read
        count_event(event=event, place=place, noun=noun, piece_id=piece_id)
    return HttpResponse(status=204)


def _read_mark(mark: str) -> tuple[str, str, int] | None:
    try:
        day, place, noun, piece_id = _signer.unsign(mark).split(BETWEEN)
    except BadSignature:
        return None
    made = parse_date(day)
    if made is None or (timezone.localdate() - made).days > 1:
        return None
    return place, noun, int(piece_id)


def _is_counted(request: HttpRequest) -> bool:
    """Not who asks not to be, what fetches ahead or is a machine, nor a flood.

    A caller's address is kept for two minutes at most, in memory and as a hash, to tell a flood.
    """
    headers = request.headers
    is_opposed = headers.get("DNT") == "1" or headers.get("Sec-GPC") == "1"
    is_ahead = "prefetch" in headers.get("Sec-Purpose", headers.get("Purpose", ""))
    agent = headers.get("User-Agent", "")
    if is_opposed or is_ahead or not agent or BOTS.search(agent):
        return False
    return not is_too_often(f"count {read_client_address(request)}", BY_ONE_CALLER, MINUTE)
