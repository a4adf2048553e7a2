"""The list of points accounts: who has how many, on which level, and what they did last."""

from dataclasses import dataclass
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Count, Max, Q, QuerySet, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from advocacy.enums import EntryKind
from advocacy.levels import read_levels, standing_of
from advocacy.models import Badge, Level, PointsAccount, PointsRule
from advocacy.permissions import may_keep_rewards
from advocacy.points_filters import PointsAccountFilter
from advocacy.points_rules import LevelStanding
from references.consent_view import Whose, tell_whose
from references.program import current_policy
from users.models import User
from web.access import viewer
from web.listing import list_rows

SORTS = (
    ("-lifetime", gettext_lazy("Most points ever")),
    ("-balance", gettext_lazy("Most to spend")),
    ("-last_on", gettext_lazy("Did something last")),
    ("last_on", gettext_lazy("Quiet longest")),
)


@dataclass(frozen=True, slots=True)
class AccountLine:
    """One account as a viewer may know it."""

    row: PointsAccount
    whose: Whose
    standing: LevelStanding


@require_safe
@login_required
def points(request: HttpRequest) -> HttpResponse:
    """List the points accounts that the viewer sees."""
    user, policy, rules = viewer(request), current_policy(), read_levels()
    listing = list_rows(request, PointsAccountFilter, account_rows(user), reverse("web:points"), ordering="-lifetime")
    lines = [
        AccountLine(row, tell_whose(user, row.contact, row.contact.customer, policy), standing_of(row.lifetime, rules))
        for row in listing.page
    ]
    context = {
        "listing": listing,
        "lines": lines,
        "levels": Level.objects.all(),
        "badges": Badge.objects.all(),
        "sorts": SORTS,
        "me": str(user.pk),
        "totals": _add_up(user),
        "has_rules": PointsRule.objects.exists(),
        "may_keep": may_keep_rewards(user),
        "is_narrowed": bool(listing.query.keys() - {"ordering"}),
    }
    return render(request, "web/points/list.html", context)


def account_rows(user: User) -> QuerySet[PointsAccount]:
    """The accounts that a viewer sees, with the day they last earned something and their number of badges."""
    rows: QuerySet[PointsAccount] = PointsAccount.objects.visible_to(user)
    earned = Max("entries__on", filter=Q(entries__kind=EntryKind.EARNED))
    with_last = rows.annotate(last_on=earned, badge_count=Count("awards", distinct=True))
    return with_last.select_related("contact__customer__account_owner")


def _add_up(user: User) -> dict[str, Any]:
    return PointsAccount.objects.visible_to(user).aggregate(
        people=Count("pk"), balance=Sum("balance", default=0), lifetime=Sum("lifetime", default=0)
    )
