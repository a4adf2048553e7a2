"""Webhooks on pages: what listens and how it does, what it was told, its secret, and sending again."""

import json
from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any, Concatenate, cast
from urllib.parse import urlsplit
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from delivery.models import WebhookDelivery, WebhookSubscription
from delivery.webhook_log import STANDINGS, STATES, DeliveryFilter, WebhookFilter, next_tries
from delivery.webhook_sending import TEST_EVENT, body_of
from delivery.webhook_services import (
    FACTS,
    WebhookError,
    change_webhook,
    create_webhook,
    delete_webhook,
    pause_webhook,
    replay,
    replay_failed,
    resume_webhook,
    rotate_secret,
    send_test,
)
from delivery.webhook_signing import secret_of
from delivery.webhooks import known_events, may_keep_webhooks
from web.access import P, View, viewer
from web.listing import list_rows
from web.setup.webhook_forms import WebhookForm, refusing
from web.submitting import submitted

LATELY = timedelta(days=7)
STATE_COLORS = {"pending": "soft", "delivered": "fresh", "failed": "stop"}
STANDING_COLORS = {"active": "fresh", "failing": "approval", "paused": "quiet", "stopped": "stop"}
SPANS = {"1": timedelta(days=1), "7": timedelta(days=7), "90": timedelta(days=90)}


def keepers_only(view: View[P]) -> View[P]:
    """Let those through who may have webhooks: managers and marketers."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if not may_keep_webhooks(viewer(request)):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return cast(View[P], login_required(cast(Callable[Concatenate[HttpRequest, P], HttpResponse], guarded)))


@require_safe
@keepers_only
def webhooks(request: HttpRequest) -> HttpResponse:
    """List what listens, how it stands, and how the last week went."""
    user = viewer(request)
    rows = WebhookSubscription.objects.visible_to(user).select_related("owner").with_health(timezone.now() - LATELY)
    listing = list_rows(request, WebhookFilter, rows, reverse("web:webhooks"), ordering="name")
    words = dict(STANDINGS)
    context = {
        "listing": listing,
        "lines": [
            (row, urlsplit(row.url).netloc, words[row.standing], STANDING_COLORS[row.standing]) for row in listing.page
        ],
        "standings": STANDINGS,
        "sorted_by": {name: listing.url_sorting(name) for name in ("name", "created_at")},
        "is_narrowed": bool(listing.query.keys() - {"ordering"}),
    }
    return render(request, "web/setup/webhooks.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@keepers_only
def webhook_add(request: HttpRequest) -> HttpResponse:
    """Subscribe to events; the page of the webhook then shows its secret."""
    user = viewer(request)
    form = WebhookForm(request.POST or None, owner=user)
    row = submitted(request, form, lambda _data: refusing(lambda: create_webhook(owner=user, **form.values())))
    if row is not None:
        messages.success(request, _("It is told from now on. Give the receiver its secret, then send a test."))
        return redirect("web:webhook", row.pk)
    context = {"form": form, "title": _("Add a webhook"), "back": reverse("web:webhooks")}
    return render(request, "web/setup/webhook_form.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@keepers_only
def webhook_edit(request: HttpRequest, webhook_id: UUID) -> HttpResponse:
    """Change where a webhook goes and what it hears."""
    row = _find(request, webhook_id)
    form = WebhookForm(request.POST or None, owner=row.owner, row=row)
    saved = submitted(request, form, lambda _data: refusing(lambda: change_webhook(subscription=row, **form.values())))
    if saved is not None:
        messages.success(request, _("The webhook is saved."))
        return redirect("web:webhook", row.pk)
    context = {"form": form, "title": row.name, "back": reverse("web:webhook", args=[row.pk])}
    return render(request, "web/setup/webhook_form.html", context, status=422 if form.errors else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@keepers_only
def webhook(request: HttpRequest, webhook_id: UUID) -> HttpResponse:
    """Show one webhook with its log; a POST does what its `act` says."""
    row = _find(request, webhook_id)
    secret = ""
    if request.method == "POST":
        try:
            secret = _act(request, row)
        except WebhookError as error:
            messages.warning(request, error.message)
        if not secret:
            return redirect("web:webhook", row.pk)
        row = _find(request, webhook_id)
    return render(request, "web/setup/webhook.html", _describe(request, row) | {"secret": secret})


@require_POST
@keepers_only
def webhook_replay(request: HttpRequest, webhook_id: UUID, delivery_id: int) -> HttpResponse:
    """Send one event again, under its webhook id."""
    row = _find(request, webhook_id)
    delivery = get_object_or_404(row.deliveries, pk=delivery_id)
    try:
        replay(delivery=delivery)
        messages.success(request, _("It is on its way, under the same webhook id."))
    except WebhookError as error:
        messages.warning(request, error.message)
    return redirect("web:webhook", row.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@keepers_only
def webhook_delete(request: HttpRequest, webhook_id: UUID) -> HttpResponse:
    """Ask, then forget a webhook and its log."""
    row = _find(request, webhook_id)
    if request.method == "POST":
        delete_webhook(subscription=row)
        messages.success(request, _("The webhook “%(name)s” is deleted.") % {"name": row.name})
        return redirect("web:webhooks")
    return render(request, "web/setup/webhook_delete.html", {"row": row, "waiting": row.deliveries.pending().count()})


def _find(request: HttpRequest, webhook_id: UUID) -> WebhookSubscription:
    rows = WebhookSubscription.objects.visible_to(viewer(request)).select_related("owner")
    return get_object_or_404(rows, pk=webhook_id)


def _act(request: HttpRequest, row: WebhookSubscription) -> str:
    """Do what was pressed; gives the secret where it is to be shown."""
    act = request.POST.get("act", "")
    if act == "secret":
        return secret_of(row)
    if act == "rotate":
        messages.success(request, _("There is a new secret. For 24 hours the old one signs too."))
        return rotate_secret(subscription=row)
    if act == "test":
        send_test(subscription=row)
        messages.success(request, _("A test is on its way: reload in a moment to see what was answered."))
    elif act == "pause":
        pause_webhook(subscription=row)
        messages.success(request, _("Paused. What happens meanwhile is not told later."))
    elif act == "resume":
        resume_webhook(subscription=row)
        messages.success(request, _("It is told again from now on."))
    elif act == "replay-failed":
        since = timezone.now() - SPANS.get(request.POST.get("days", ""), LATELY)
        count = replay_failed(subscription=row, since=since)
        words = ngettext("%(n)s event is sent again.", "%(n)s events are sent again.", count)
        messages.success(request, words % {"n": count})
    return ""


def _describe(request: HttpRequest, row: WebhookSubscription) -> dict[str, Any]:
    address = reverse("web:webhook", args=[row.pk])
    listing = list_rows(request, DeliveryFilter, row.deliveries.all(), address, ordering="-id")
    due = next_tries(listing.page)
    titles = {event.name: event.title for event in known_events()}
    words = dict(STATES)
    return {
        "row": row,
        "standing": dict(STANDINGS)[row.standing],
        "color": STANDING_COLORS[row.standing],
        "is_own": row.owner_id == viewer(request).pk,
        "both_sign": row.old_secret_until is not None and row.old_secret_until > timezone.now(),
        "events": [(name, titles.get(name, "")) for name in row.events],
        "filters": [(FACTS.get(fact, fact), ", ".join(values)) for fact, values in sorted(row.filters.items())],
        "listing": listing,
        "lines": [
            (
                each,
                titles.get(each.event, ""),
                words[each.state],
                STATE_COLORS[each.state],
                due.get(each.pk),
                _body(each),
            )
            for each in listing.page
        ],
        "states": STATES,
        "event_names": [*row.events, TEST_EVENT],
        "has_failed": row.deliveries.failed().exists(),
        "is_narrowed": bool(listing.query.keys() - {"ordering"}),
    }


def _body(delivery: WebhookDelivery) -> str:
    """The body as it is sent, indented to be read; "" where it is not kept."""
    builds = {event.name for event in known_events() if event.build is not None}
    known = delivery.event == TEST_EVENT or delivery.event in {event.name for event in known_events()}
    body = body_of(delivery) if known and delivery.event not in builds else None
    return "" if body is None else json.dumps(json.loads(body), indent=2, ensure_ascii=False)
