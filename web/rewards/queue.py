"""What people asked for: the list with its filters, and deciding on many at once."""

from dataclasses import dataclass

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST, require_safe

from advocacy.enums import RedemptionStatus
from advocacy.models import Redemption, Reward
from advocacy.permissions import may_keep_rewards
from advocacy.points_filters import RedemptionFilter
from advocacy.services.redemptions import move_redemption
from references.consent_view import Whose, tell_whose
from references.errors import DomainError
from references.program import current_policy
from users.models import User
from web.access import managers_only, viewer
from web.listing import list_rows
from web.rewards.forms import MoveForm

_S = RedemptionStatus
MOST_MOVED = 100
COLORS = {_S.REQUESTED: "approval", _S.APPROVED: "accent", _S.FULFILLED: "fresh", _S.REJECTED: "stop"}
TABS = (
    ("requested", gettext_lazy("To decide")),
    ("approved", gettext_lazy("To hand over")),
    ("fulfilled", gettext_lazy("Handed over")),
    ("", gettext_lazy("All")),
)
SORTS = (
    ("requested_at", gettext_lazy("Longest waiting")),
    ("-requested_at", gettext_lazy("Asked for last")),
    ("-cost", gettext_lazy("Dearest first")),
)


@dataclass(frozen=True, slots=True)
class RedemptionLine:
    """One redemption as a viewer may know it."""

    row: Redemption
    whose: Whose
    color: str
    wish: str


@require_safe
@login_required
def redemptions(request: HttpRequest) -> HttpResponse:
    """List what people asked for; managers decide on it here."""
    user, policy = viewer(request), current_policy()
    listing = list_rows(request, RedemptionFilter, _rows(user), reverse("web:redemptions"), ordering="-requested_at")
    lines = []
    for row in listing.page:
        person = row.account.contact
        whose = tell_whose(user, person, person.customer, policy)
        lines.append(RedemptionLine(row, whose, COLORS.get(_S(row.status), "quiet"), whose.hide(row.wish)))
    context = {
        "listing": listing,
        "lines": lines,
        "tabs": [(label, listing.url(status=code), listing.value("status") == code) for code, label in TABS],
        "rewards": Reward.objects.all(),
        "sorts": SORTS,
        "chip": listing.url(contact="") if listing.value("contact") else "",
        "may_keep": may_keep_rewards(user),
        "is_narrowed": bool(listing.query.keys() - {"ordering"}),
    }
    return render(request, "web/rewards/queue.html", context)


@require_POST
@managers_only
def move(request: HttpRequest) -> HttpResponse:
    """Approve, reject, hand over or call off all that were ticked, with one word for all."""
    user, form = viewer(request), MoveForm(request.POST)
    ids = [int(each) for each in request.POST.getlist("pick")[:MOST_MOVED] if each.isdecimal() and len(each) < 19]
    moved, refused = 0, set()
    if form.is_valid():
        for row in _rows(user).filter(pk__in=ids).order_by("pk"):
            try:
                move_redemption(redemption=row, by=user, **form.cleaned_data)
                moved += 1
            except DomainError as error:
                refused.add(f"{row.reward.name}: {error.message}")
    if moved:
        messages.success(request, ngettext("%(n)d reward moved on.", "%(n)d rewards moved on.", moved) % {"n": moved})
    for told in sorted(refused):
        messages.warning(request, told)
    if not ids:
        messages.warning(request, _("Tick what to decide on first."))
    return redirect("web:redemptions")


def _rows(user: User) -> QuerySet[Redemption]:
    rows: QuerySet[Redemption] = Redemption.objects.visible_to(user)
    return rows.select_related("reward", "account__contact__customer__account_owner", "decided_by")
