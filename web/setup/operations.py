"""Operations on a page: what the program promised to do, whether it was done, and what to do where it was not."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from delivery.models import Job, JobStatus, OutboxMessage
from delivery.outbox import known_kinds
from delivery.querysets import OutboxQuerySet
from delivery.resending import ResendError, may_send_anew, may_send_now, send_anew, send_now, try_again
from web.access import managers_only
from web.paging import make_pages
from web.querying import read_number, write_query

PAGE_SIZE = 50
MOST_JOBS = 10
LATELY = timedelta(hours=24)
Messages = OutboxQuerySet[OutboxMessage]

STATES: Mapping[str, tuple[object, Callable[[Messages, datetime], Messages]]] = {
    "waiting": (gettext_lazy("Waiting"), lambda rows, now: rows.open()),
    "overdue": (gettext_lazy("Overdue"), lambda rows, now: rows.overdue(now)),
    "given-up": (gettext_lazy("Given up"), lambda rows, now: rows.given_up()),
    "lately": (gettext_lazy("Delivered in 24 hours"), lambda rows, now: rows.delivered(now - LATELY)),
}
SORTS = {"due": ("due", "pk"), "-due": ("-due", "-pk"), "created": ("created_at", "pk"), "-created": ("-pk",)}


@dataclass(frozen=True, slots=True)
class State:
    """What the list shows: rows in one state ("" for all), of one kind, with a text in the key, in an order."""

    shown: str
    kind: str
    text: str
    sort: str

    def url(self, **changes: str) -> str:
        """The address of the list with some of it changed."""
        values = {"state": self.shown, "kind": self.kind, "q": self.text, "sort": self.sort, **changes}
        return reverse("web:operations") + write_query(values)

    def rows(self, now: datetime) -> Messages:
        """The messages to list."""
        rows = OutboxMessage.objects.all()
        if self.shown:
            rows = STATES[self.shown][1](rows, now)
        if self.kind:
            rows = rows.filter(kind=self.kind)
        if self.text:
            rows = rows.filter(key__icontains=self.text)
        return rows.order_by(*SORTS[self.sort])


def read_state(query: QueryDict) -> State:
    """Read the list's state from an address; what is unknown falls back to all, newest first."""
    shown, sort = query.get("state", ""), query.get("sort", "")
    return State(
        shown=shown if shown in STATES else "",
        kind=query.get("kind", "")[:64].replace("\0", ""),
        text=query.get("q", "").strip()[:200].replace("\0", ""),
        sort=sort if sort in SORTS else "-created",
    )


@require_safe
@managers_only
def operations(request: HttpRequest) -> HttpResponse:
    """Show how many promises wait, are late, were given up or kept, the rows behind each number, and running jobs."""
    now, state = timezone.now(), read_state(request.GET)
    counts = {name: rows(OutboxMessage.objects.all(), now).count() for name, (_label, rows) in STATES.items()}
    page = Paginator(state.rows(now), PAGE_SIZE).get_page(read_number(request.GET, "page", default=1, most=1_000_000))
    running = Job.objects.filter(status__in=[JobStatus.QUEUED, JobStatus.RUNNING]).select_related("requested_by")
    context = {
        "state": state,
        "numbers": [(label, counts[name], name, state.url(state=name)) for name, (label, _rows) in STATES.items()],
        "overdue": counts["overdue"],
        "given_up": counts["given-up"],
        "last": OutboxMessage.objects.delivered().order_by("-delivered_at").first(),
        "rows": [(each, _describe(each, now), may_send_now(each), may_send_anew(each)) for each in page],
        "pages": make_pages(page.number, page.paginator.count, PAGE_SIZE, lambda other: state.url(page=str(other))),
        "total": page.paginator.count,
        "kinds": known_kinds(),
        "all_url": state.url(state=""),
        "columns": {name: state.url(sort=f"-{name}" if state.sort == name else name) for name in ("due", "created")},
        "running": running[:MOST_JOBS],
    }
    return render(request, "web/setup/operations.html", context)


@require_POST
@managers_only
def try_all_again(request: HttpRequest) -> HttpResponse:
    """Try everything again that was given up."""
    _tell_tried(request, try_again(OutboxMessage.objects.all()))
    return redirect("web:operations")


@require_POST
@managers_only
def message_send(request: HttpRequest, message_id: int) -> HttpResponse:
    """Try a message again that was given up, or send one now that waits."""
    row = get_object_or_404(OutboxMessage, pk=message_id)
    if row.is_given_up:
        _tell_tried(request, try_again(OutboxMessage.objects.filter(pk=row.pk)))
    else:
        try:
            send_now(message=row)
            messages.success(request, _("A worker takes it up now."))
        except ResendError as error:
            messages.warning(request, error.message)
    return redirect("web:operations")


@require_http_methods(["GET", "HEAD", "POST"])
@managers_only
def message_resend(request: HttpRequest, message_id: int) -> HttpResponse:
    """Ask, then send a delivered mail once more."""
    row = get_object_or_404(OutboxMessage.objects.delivered(), pk=message_id)
    if request.method != "POST":
        return render(request, "web/setup/operations_resend.html", {"message": row})
    try:
        send_anew(message=row)
        messages.success(request, _("The mail is on its way once more."))
    except ResendError as error:
        messages.warning(request, error.message)
    return redirect("web:operations")


def _tell_tried(request: HttpRequest, count: int) -> None:
    if not count:
        messages.warning(request, _("Nothing was given up."))
        return
    words = ngettext("%(n)s effect will be tried again.", "%(n)s effects will be tried again.", count)
    messages.success(request, words % {"n": count})


def _describe(message: OutboxMessage, now: datetime) -> tuple[str, str]:
    """The state of a message in words, and the color of its badge."""
    if message.delivered_at is not None:
        return _("delivered"), "fresh"
    if message.gave_up_at is not None:
        return _("given up"), "stop"
    if message.is_being_delivered:
        return _("being delivered"), "accent"
    if message.attempts:
        return _("failed, will retry"), "approval"
    return (_("waits for its time"), "quiet") if message.due > now else (_("due"), "soft")
