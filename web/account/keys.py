"""API keys on pages: one's own, and for administrators everybody's; made, replaced and ended here."""

from datetime import datetime, timedelta

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from users.filters import STATES, ApiKeyFilter
from users.models import ApiKey
from users.services import ApiKeyError, create_api_key, revoke_api_key, rotate_api_key
from web.access import viewer
from web.account.key_forms import KeyForm, ReplaceForm
from web.listing import list_rows


@require_safe
@login_required
def keys(request: HttpRequest) -> HttpResponse:
    """List API keys, the newest first: whose, for what, until when, and when each was last used."""
    user = viewer(request)
    rows = ApiKey.objects.visible_to(user).select_related("user", "replaced_by")
    listing = list_rows(request, ApiKeyFilter, rows, reverse("web:api-keys"), ordering="-created", state="working")
    now = timezone.now()
    limit, _slash, span = settings.API_RATE.partition("/")
    context = {
        "listing": listing,
        "lines": [
            (row, row.expiry is None or row.expiry > now, tell_moment(row.last_used, now)) for row in listing.page
        ],
        "states": STATES,
        "sees_all": rows.exclude(user=user).exists(),
        "sorted_by": {name: listing.url_sorting(name) for name in ("created", "last_used", "expiry")},
        "is_narrowed": listing.value("search") != "" or listing.value("state") != "working",
        "all_url": listing.url(state="all", search=""),
        "limit": limit,
        "span": {"s": _("second"), "m": _("minute"), "h": _("hour"), "d": _("day")}.get(span[:1], span),
    }
    return render(request, "web/account/keys.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def key_add(request: HttpRequest) -> HttpResponse:
    """Make a key of one's own, and show its secret this once."""
    user = viewer(request)
    form = KeyForm(request.POST or None, user=user)
    if request.method == "POST" and form.is_valid():
        try:
            key, secret = create_api_key(user=user, **form.values())
        except ApiKeyError as error:
            form.add_error(None, str(error))
        else:
            return render(request, "web/account/key_secret.html", {"key": key, "secret": secret})
    context = {"form": form, "title": _("Make an API key"), "back": reverse("web:api-keys"), "action": _("Make it")}
    context["lead"] = _("A key acts in your name and never may more than you. Tick only what its user needs.")
    return render(request, "web/form.html", context, status=422 if form.errors else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def key_replace(request: HttpRequest, start: str) -> HttpResponse:
    """Ask how long the old key goes on working, then put a new one in its place and show its secret this once."""
    key = _find(request, start, own=True)
    form = ReplaceForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            new, secret = rotate_api_key(key=key, keep=timedelta(hours=form.cleaned_data["hours"]))
        except ApiKeyError as error:
            form.add_error(None, str(error))
        else:
            key.refresh_from_db()
            return render(request, "web/account/key_secret.html", {"key": new, "secret": secret, "old": key})
    title = _("Replace the key “%(name)s”") % {"name": key.name}
    lead = _("The new key has the same name, scopes and lifetime. Put it where the old one is used, in time.")
    context = {"form": form, "title": title, "lead": lead, "back": reverse("web:api-keys"), "action": _("Replace it")}
    return render(request, "web/form.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def key_end(request: HttpRequest, start: str) -> HttpResponse:
    """Ask, then end a key at once."""
    key = _find(request, start)
    if request.method == "POST":
        revoke_api_key(key=key)
        messages.success(request, _("The key “%(name)s” has ended.") % {"name": key.name})
        return redirect("web:api-keys")
    return render(request, "web/account/key_end.html", {"key": key, "used": tell_moment(key.last_used, timezone.now())})


def tell_moment(at: datetime | None, now: datetime) -> str:
    """A moment as people say it: "today 14:02", "yesterday 9:30", "3 Mar 14:02"; "never" for none."""
    if at is None:
        return _("never")
    local = timezone.localtime(at)
    time = formats.date_format(local, "H:i")
    days = (timezone.localdate(now) - local.date()).days
    if days in {0, 1}:
        return (_("today %(time)s") if days == 0 else _("yesterday %(time)s")) % {"time": time}
    return formats.date_format(local, "j M H:i" if local.year == timezone.localdate(now).year else "j M Y H:i")


def _find(request: HttpRequest, start: str, *, own: bool = False) -> ApiKey:
    """The key that starts so. Nobody replaces another's key, whose new secret they would then see."""
    rows = ApiKey.objects.visible_to(viewer(request)).select_related("user", "replaced_by")
    key: ApiKey = get_object_or_404(rows.filter(user=viewer(request)) if own else rows, token_key=start)
    return key
