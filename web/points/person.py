"""The points of one person: their ledger with its causes, badges, and what a manager does by hand."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from advocacy.badge_rules import BadgeProgress
from advocacy.enums import EntryKind
from advocacy.levels import standing_of
from advocacy.models import Badge, BadgeAward, PointsAccount, PointsEntry, Redemption
from advocacy.permissions import may_keep_rewards
from advocacy.points_filters import PointsEntryFilter
from advocacy.points_rules import next_to_lapse
from advocacy.querysets import runs_advocacy
from advocacy.services.badges import measure_person
from advocacy.services.points import adjust_points, read_lots
from advocacy.services.redemptions import redeem_reward
from references.consent_view import Whose, tell_whose
from references.enums import Actor
from references.models import Contact
from references.program import current_policy
from users.models import User
from web.access import managers_only, viewer
from web.listing import list_rows
from web.parts import vary_by_part, wants_part
from web.points.forms import AdjustForm, RedeemForm
from web.submitting import submitted

COLORS = {
    EntryKind.EARNED: "fresh",
    EntryKind.REFUNDED: "fresh",
    EntryKind.REVERSED: "stop",
    EntryKind.EXPIRED: "soft",
    EntryKind.SPENT: "accent",
}
PLACES = {"assignment": "web:assignment", "referral": "web:referral"}
"""Where the cause of an entry is shown, by the word its source begins with."""


@dataclass(frozen=True, slots=True)
class EntryLine:
    """One movement of points; `url` leads to what caused it, "" where nothing shows it."""

    row: PointsEntry
    color: str
    url: str
    note: str


@require_safe
@login_required
def ledger(request: HttpRequest, contact_id: int) -> HttpResponse:
    """Show one person's points, movement by movement; to htmx, what a profile shows of them."""
    user = viewer(request)
    person = find_person(user, contact_id)
    if wants_part(request, "points"):
        return vary_by_part(render(request, "web/points/panel.html", _sum_up(person)))
    whose = tell_whose(user, person, person.customer, current_policy())
    account = PointsAccount.objects.filter(contact=person).first()
    rows = PointsEntry.objects.filter(account__contact=person).select_related("by", "reverses")
    listing = list_rows(request, PointsEntryFilter, rows, reverse("web:points-person", args=[person.pk]))
    context = {
        "person": person,
        "whose": whose,
        "account": account,
        "listing": listing,
        "lines": [_tell(row, person, whose) for row in listing.page],
        "kinds": EntryKind.choices,
        "lapse": _next_lapse(account),
        "standing": standing_of(account.lifetime if account else 0),
        "badges": _badges(account),
        "redemptions": Redemption.objects.filter(account=account).select_related("reward")[:5] if account else (),
        "may_keep": may_keep_rewards(user),
        "is_narrowed": bool(listing.query.keys() - {"ordering"}),
    }
    return vary_by_part(render(request, "web/points/person.html", context))


@managers_only
def adjust(request: HttpRequest, contact_id: int) -> HttpResponse:
    """Give or take points by hand, saying why."""
    user = viewer(request)
    person = find_person(user, contact_id)
    form = AdjustForm(request.POST or None)

    def save(data: dict[str, Any]) -> PointsEntry:
        return adjust_points(contact=person, by=user, **data)

    back = reverse("web:points-person", args=[person.pk])
    if submitted(request, form, save):
        messages.success(request, _("Noted in their ledger."))
        return redirect(back)
    lead = _("For what no rule covers. Your name and reason stay in the ledger; the person may read the reason.")
    return _form(request, form, _("Points by hand: %(name)s") % {"name": person.name}, lead, back, _("Note it"))


@managers_only
def redeem(request: HttpRequest, contact_id: int) -> HttpResponse:
    """Spend somebody's points for them, as they asked."""
    user = viewer(request)
    person = find_person(user, contact_id)
    form = RedeemForm(request.POST or None)

    def save(data: dict[str, Any]) -> Redemption:
        return redeem_reward(contact=person, by=user, actor=Actor.USER, **data)

    back = reverse("web:points-person", args=[person.pk])
    if submitted(request, form, save):
        messages.success(request, _("Noted: the points are taken, and they are told."))
        return redirect(back)
    account = PointsAccount.objects.filter(contact=person).first()
    lead = _("They have %(points)s points to spend.") % {"points": account.balance if account else 0}
    return _form(request, form, _("A reward for %(name)s") % {"name": person.name}, lead, back, _("Take the points"))


def find_person(user: User, contact_id: int) -> Contact:
    """Somebody whose points a viewer sees: the rule of `PointsQuerySet.visible_to`; 404 for others."""
    rows: QuerySet[Contact] = Contact.objects.select_related("customer__account_owner")
    theirs = Q() if runs_advocacy(user) else Q(customer__account_owner=user)
    return get_object_or_404(rows.filter(theirs), pk=contact_id)


def _sum_up(person: Contact) -> dict[str, Any]:
    account = PointsAccount.objects.filter(contact=person).first()
    return {
        "person": person,
        "account": account,
        "standing": standing_of(account.lifetime if account else 0),
        "awards": BadgeAward.objects.filter(account=account).select_related("badge") if account else (),
    }


def _tell(row: PointsEntry, person: Contact, whose: Whose) -> EntryLine:
    return EntryLine(row, COLORS.get(EntryKind(row.kind), "quiet"), _find_cause(row, person), whose.hide(row.note))


def _find_cause(row: PointsEntry, person: Contact) -> str:
    word, _colon, rest = (row.reverses or row).source.partition(":")
    number = rest.partition(":")[0]
    if word == "touch":
        return f"{reverse('web:profile', args=[person.pk])}#touch-{number}"
    if word in {"redemption", "refund"}:
        return f"{reverse('web:redemptions')}?contact={person.pk}"
    return reverse(PLACES[word], args=[int(number)]) if word in PLACES and number.isdecimal() else ""


def _next_lapse(account: PointsAccount | None) -> tuple[Any, int] | None:
    if account is None or not account.balance:
        return None
    lots, gone = read_lots(account)
    return next_to_lapse(lots, gone, timezone.localdate())


def _badges(account: PointsAccount | None) -> list[tuple[Badge, Any, BadgeProgress]]:
    """Badges in use or held: when awarded, None for not yet, and how far they are."""
    if account is None:
        return []
    held = dict(BadgeAward.objects.filter(account=account).values_list("badge", "at"))
    badges = list(Badge.objects.filter(Q(is_active=True) | Q(pk__in=held)))
    progress = measure_person(account, badges)
    found = [(badge, held.get(badge.pk), progress[badge.pk]) for badge in badges]
    return sorted(found, key=lambda each: (each[1] is None, each[0].name))


def _form(request: HttpRequest, form: Any, title: str, lead: str, back: str, action: str) -> HttpResponse:
    context = {"form": form, "title": title, "lead": lead, "back": back, "action": action}
    return render(request, "web/form.html", context, status=422 if form.errors else 200)
