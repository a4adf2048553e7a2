"""The board of fraud flags: what looks wrong, whose it is, and the manager's word on it."""

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from advocacy.enums import FlagStatus
from advocacy.models import FraudFlag
from advocacy.referral_filters import FlagFilter
from advocacy.services.flags import decide_flag
from references.errors import DomainError
from web.access import managers_only, viewer
from web.listing import list_rows
from web.referrals.forms import FlagForm

COLORS = {"open": "approval", "cleared": "quiet", "confirmed": "stop"}
SIGNS = (
    ("many_a_day", gettext_lazy("Many referrals on one day")),
    ("same_domain", gettext_lazy("Many leads of one company")),
    ("disposable", gettext_lazy("Thrown-away addresses")),
    ("evidence_twice", gettext_lazy("The same evidence twice")),
)


@require_safe
@managers_only
def flags(request: HttpRequest) -> HttpResponse:
    """List flags, those to be looked at unless asked otherwise."""
    rows: QuerySet[FraudFlag] = FraudFlag.objects.visible_to(viewer(request))
    rows = rows.select_related("contact__customer", "referral", "assignment__ask", "decided_by")
    given = {} if "status" in request.GET else {"status": FlagStatus.OPEN}
    listing = list_rows(request, FlagFilter, rows, reverse("web:fraud-flags"), ordering="-raised_at", **given)
    names = dict(SIGNS)
    context = {
        "listing": listing,
        "lines": [(row, names.get(row.code, row.code), COLORS[row.status]) for row in listing.page],
        "statuses": FlagStatus.choices,
        "signs": SIGNS,
        "is_narrowed": bool(listing.query.keys() - {"ordering", "status"}),
        "shows_open": listing.value("status") == FlagStatus.OPEN,
    }
    return render(request, "web/referrals/flags.html", context)


@require_POST
@managers_only
def decide(request: HttpRequest, flag_id: int) -> HttpResponse:
    """Say what a flag turned out to be."""
    row: Any = get_object_or_404(FraudFlag.objects.visible_to(viewer(request)), pk=flag_id)
    form = FlagForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Please check what you wrote."))
        return redirect("web:fraud-flags")
    try:
        decide_flag(flag=row, by=viewer(request), **form.cleaned_data)
        messages.success(request, _("Noted."))
    except DomainError as error:
        messages.error(request, error.message)
    return redirect("web:fraud-flags")
