"""The list of those at risk, as far as the viewer may know them, with reasons and a click that opens a play."""

from dataclasses import dataclass
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from advocacy.models import RecoveryPlay
from references.loyalty import classify_score
from references.models import Contact
from surveys.at_risk import FELL, LOW, PLAY, RED, RENEWAL, SILENT, RiskReason, explain_risk, list_at_risk
from surveys.risk_filters import PLAYS, REASONS, RiskFilter
from users.models import User
from web.access import viewer
from web.listing import list_rows

MOST_OWNERS = 200
GRAVE = {
    LOW: "approval", FELL: "approval", RED: "stop", SILENT: "soft", PLAY: "accent", RENEWAL: "quiet",
}  # fmt: skip
CLASS_BADGES = {"promoter": "fresh", "passive": "soft", "detractor": "approval"}


@dataclass(frozen=True, slots=True)
class Line:
    """One person at risk, why, and the play that is open."""

    row: Contact
    reasons: tuple[tuple[RiskReason, str], ...]
    badge: str
    play: RecoveryPlay | None


@require_safe
@login_required
def at_risk(request: HttpRequest) -> HttpResponse:
    """List people at risk, the gravest first."""
    user = viewer(request)
    rows = list_at_risk(user, timezone.localdate())
    listing = list_rows(request, RiskFilter, rows, reverse("web:nps-at-risk"))
    people = list(listing.page)
    open_plays = RecoveryPlay.objects.open().filter(contact__in=people).select_related("owner")
    plays = {play.contact_id: play for play in open_plays} if people else {}
    context: dict[str, Any] = {
        "listing": listing,
        "lines": [_tell(row, plays.get(row.pk)) for row in people],
        "reasons": REASONS,
        "plays": PLAYS,
        "owners": _owners(user),
        "columns": {name: listing.url_sorting(name) for name in ("nps_score", "customer__renewal_date")},
        "is_narrowed": bool(listing.query.keys() - {"ordering"}),
    }
    return render(request, "web/nps/risk.html", context)


def _tell(row: Contact, play: RecoveryPlay | None) -> Line:
    badge = "quiet" if row.nps_score is None else CLASS_BADGES[classify_score(row.nps_score).value]
    return Line(row, tuple((reason, GRAVE[reason.code]) for reason in explain_risk(row)), badge, play)


def _owners(user: User) -> list[User]:
    """Whose customers a manager may look at alone; nobody else has others' to look at."""
    if not user.is_manager:
        return []
    return list(User.objects.filter(owned_customers__isnull=False).distinct().order_by("name", "email")[:MOST_OWNERS])
