"""The widget of a campaign: a script that shows its question in a frame on a product's own pages; nobody is known.

No cookie is set and no address is kept. Only sites that the campaign names may frame it. What a page says of its
reader (plan, page) comes along as plain text; a key that the script keeps for the session makes an answer one answer.
"""

import re
import secrets
from collections.abc import Mapping
from http import HTTPStatus

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from references.errors import DomainError
from surveys.enums import AnswerChannel, CampaignStatus
from surveys.models import Campaign
from surveys.services.answering import record_response
from surveys.wording import wording_of
from users.lockout import read_client_address
from web.portal.gate import is_too_often
from web.querying import write_query

SANDBOX = "allow-scripts allow-forms"
"""What the frame may do: run our script and send our form. It has no origin, so no storage and no cookies."""
BY_ONE_CALLER = 30
HOUR = 3600
MOST_ATTRIBUTES = 10
LONGEST_VALUE = 100
LONGEST_COMMENT = 2_000
OWN = "about-"
"""What an attribute's name starts with in the address and in the form."""
_KEY = re.compile(r"[A-Za-z0-9_-]{16,64}")
_NAME = re.compile(r"[a-z][a-z0-9_-]{0,39}")
_SCRIPT = settings.BASE_DIR / "web" / "assets" / "js" / "survey-widget.js"
_SCRIPT_AGE = 3600


@csrf_exempt  # nobody is known here, so there is nothing to forge
@require_http_methods(["GET", "HEAD", "POST"])
@xframe_options_exempt
@never_cache
def widget(request: HttpRequest, widget_token: str) -> HttpResponse:
    """Show the question of a running campaign, or take the answer; an empty page where none runs."""
    row = Campaign.objects.filter(widget_token=widget_token).select_related("product").first()
    is_preview = "preview" in request.GET
    if row is None or not (is_preview or _is_open(row)):
        return _guard(HttpResponse(render_to_string("web/surveys/widget_gone.html"), status=HTTPStatus.GONE), [])
    with translation.override(_read_language(request)):
        is_answer = request.method == "POST" and not is_preview
        response = _take(request, row) if is_answer else _ask(request, row)
    return _guard(response, row.widget_origins)


@require_safe
def script(request: HttpRequest) -> HttpResponse:
    """Give the script that puts the widget on a page; its address never changes."""
    response = HttpResponse(_SCRIPT.read_bytes(), content_type="text/javascript; charset=utf-8")
    response["Cache-Control"] = f"public, max-age={_SCRIPT_AGE}"
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


def frame_url(row: Campaign, *, preview: bool = False) -> str:
    """Where the frame of a campaign is; a preview takes no answers."""
    return reverse("web:survey-widget", args=[row.widget_token]) + write_query({"preview": "1" if preview else ""})


def write_snippet(row: Campaign) -> str:
    """What a product pastes into its pages."""
    address = settings.SITE_URL + reverse("web:survey-widget-script")
    return f'<script src="{address}" data-survey="{row.widget_token}" async></script>'


def read_attributes(given: Mapping[str, str]) -> dict[str, str]:
    """What the page says of its reader: at most ten names, each with a short plain value."""
    found: dict[str, str] = {}
    for name, value in given.items():
        short = name.removeprefix(OWN)
        text = " ".join("".join(each if each.isprintable() else " " for each in value).split())[:LONGEST_VALUE]
        if name.startswith(OWN) and _NAME.fullmatch(short) and text and len(found) < MOST_ATTRIBUTES:
            found[short] = text
    return found


def _is_open(row: Campaign) -> bool:
    today = timezone.localdate()
    is_too_early = row.opens_on is not None and row.opens_on > today
    is_over = row.closes_on is not None and row.closes_on < today
    return row.status == CampaignStatus.RUNNING and not is_too_early and not is_over


def _ask(request: HttpRequest, row: Campaign, *, problem: str = "", status: int = HTTPStatus.OK) -> HttpResponse:
    given = request.POST if request.method == "POST" else request.GET
    chosen = given.get("score", "")
    context = {
        "campaign": row,
        "words": wording_of(row, translation.get_language()),
        "key": _read_key(given) or secrets.token_urlsafe(16),
        "language": translation.get_language(),
        "attributes": {f"{OWN}{name}": value for name, value in read_attributes(given.dict()).items()},
        "scores": [str(score) for score in range(11)],
        "chosen": chosen,
        "comment": given.get("comment", "")[:LONGEST_COMMENT],
        "longest": LONGEST_COMMENT,
        "problem": problem,
        "is_preview": "preview" in request.GET,
        "look": given.get("look", "") if given.get("look", "") in {"light", "dark"} else "",
    }
    return HttpResponse(render_to_string("web/surveys/widget.html", context), status=status)


def _take(request: HttpRequest, row: Campaign) -> HttpResponse:
    """Record an answer, once by key; given again it is what was said last."""
    _refuse_other_sites(request)
    score, key = request.POST.get("score", ""), _read_key(request.POST)
    if not (score.isascii() and score.isdecimal() and len(score) <= 2):
        return _ask(request, row, problem=_("Choose a number first."), status=HTTPStatus.UNPROCESSABLE_ENTITY)
    if not key or is_too_often(f"survey {read_client_address(request)}", BY_ONE_CALLER, HOUR):
        return _ask(request, row, problem=_("Please try again later."), status=HTTPStatus.TOO_MANY_REQUESTS)
    try:
        record_response(
            campaign=row,
            score=int(score),
            source=f"widget:{row.pk}:{key}",
            channel=AnswerChannel.WIDGET,
            comment=request.POST.get("comment", "")[:LONGEST_COMMENT].replace("\x00", ""),
            language=translation.get_language() or "",
            attributes=read_attributes(request.POST.dict()),
        )
    except DomainError as error:
        return _ask(request, row, problem=error.message, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    context = {"words": wording_of(row, translation.get_language()), "look": request.POST.get("look", "")}
    return HttpResponse(render_to_string("web/surveys/widget_thanks.html", {**context, "campaign": row}))


def _guard(response: HttpResponse, origins: list[str]) -> HttpResponse:
    framed = " ".join(["'self'", *origins])
    own = " ".join(f"{kind}-src 'self';" for kind in ("style", "script", "img"))
    response["Content-Security-Policy"] = (
        f"default-src 'none'; {own} base-uri 'none'; form-action 'self'; frame-ancestors {framed}"
    )
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex"
    return response


def _refuse_other_sites(request: HttpRequest) -> None:
    """The form is sent from our own frame, whose origin is none; where a browser names another one it is refused."""
    origin = request.headers.get("Origin", "")
    if origin and origin not in {"null", f"{request.scheme}://{request.get_host()}"}:
        raise PermissionDenied


def _read_key(given: Mapping[str, str]) -> str:
    key = given.get("key", "")
    return key if _KEY.fullmatch(key) else ""


def _read_language(request: HttpRequest) -> str:
    """The language the page asks for, else the browser's, of those that are spoken here."""
    given = request.POST.get("language") or request.GET.get("language", "")
    short = given.lower().split("-")[0]
    return short if short in dict(settings.LANGUAGES) else translation.get_language_from_request(request)
