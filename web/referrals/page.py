"""One referral: where it stands, what the checks found, its chain and its history, and what can be done about it."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from advocacy.enums import ReferralStatus
from advocacy.lifecycles import REFERRAL
from advocacy.models import Referral
from advocacy.permissions import may_see_lead, may_settle_referral, may_work_on_referral
from advocacy.referral_lookup import words_of
from advocacy.services.referrals import (
    Won,
    disclose_lead,
    earned_by,
    forget_lead,
    move_referral,
    set_owner,
    settle_checks,
)
from references.blinding import may_see_customer_name
from references.errors import DomainError
from references.models import StateChange
from references.policy import ProgramPolicy
from references.program import current_policy
from references.rights import nameable_customers
from references.services.saving import name_subject
from references.text import fold_name
from users.models import User
from web.access import viewer
from web.referrals.forms import OwnerForm, WhyForm, WonForm
from web.referrals.listing import visible_referrals
from web.referrals.shown import ReferralLine, tell

_F = ReferralStatus
MOVES = (
    (_F.QUALIFIED, gettext_lazy("Qualify")),
    (_F.WON, gettext_lazy("Won")),
    (_F.LOST, gettext_lazy("Lost")),
    (_F.DISQUALIFIED, gettext_lazy("Not a referral")),
    (_F.NEW, gettext_lazy("Open it again")),
)
DONE = {
    _F.NEW: gettext_lazy("It is open again."),
    _F.QUALIFIED: gettext_lazy("Qualified."),
    _F.WON: gettext_lazy("Won! Whoever referred them is told."),
    _F.LOST: gettext_lazy("Lost. Whoever referred them is told, and keeps what it earned so far."),
    _F.DISQUALIFIED: gettext_lazy("It counts no more, and what it earned is taken back."),
}


@dataclass(frozen=True, slots=True)
class Check:
    """What the checks found, in words, with the way to what is meant where the viewer sees it."""

    words: str
    blocks: bool
    is_settled: bool
    url: str


@require_safe
@login_required
def referral(request: HttpRequest, referral_id: int) -> HttpResponse:
    """Show a referral."""
    return _show(request, find_referral(request, referral_id))


@require_POST
@login_required
def move(request: HttpRequest, referral_id: int) -> HttpResponse:
    """Say how it goes on."""
    row, user, to = find_referral(request, referral_id), viewer(request), request.POST.get("to", "")
    _require(may_work_on_referral(user, row))
    won_form, why_form = WonForm(request.POST), WhyForm(request.POST)
    is_won = to == _F.WON
    if not why_form.is_valid() or (is_won and not won_form.is_valid()):
        return _show(request, row, won_form=won_form if is_won else None, why_form=why_form, status=422)
    try:
        won = _read_won(won_form.cleaned_data, user) if is_won else None
        move_referral(referral=row, to=to, by=user, why=why_form.cleaned_data["why"], won=won)
    except DomainError as error:
        form: Any = won_form if is_won else why_form
        form.add_error(error.field if error.field in form.fields else None, error.message)
        row = find_referral(request, referral_id)
        return _show(request, row, won_form=won_form if is_won else None, why_form=why_form, status=422)
    messages.success(request, str(DONE[ReferralStatus(to)]))
    return redirect("web:referral", row.pk)


@require_POST
@login_required
def settle(request: HttpRequest, referral_id: int) -> HttpResponse:
    """Let it count in spite of the checks."""
    row, user = find_referral(request, referral_id), viewer(request)
    _require(may_settle_referral(user))
    return _try(request, row, lambda: settle_checks(referral=row, by=user, why=request.POST.get("why", "")[:300]),
                _("It counts now, and is paid for."))  # fmt: skip


@require_POST
@login_required
def owner(request: HttpRequest, referral_id: int) -> HttpResponse:
    """Give it to somebody to follow up."""
    row, user = find_referral(request, referral_id), viewer(request)
    _require(may_work_on_referral(user, row))
    form = OwnerForm(request.POST)
    if not form.is_valid():
        return _show(request, row, status=422)
    set_owner(referral=row, owner=form.cleaned_data["owner"], by=user)
    messages.success(request, _("Saved."))
    is_theirs = visible_referrals(user).filter(pk=row.pk).exists()
    return redirect("web:referral", row.pk) if is_theirs else redirect("web:referrals")


@require_POST
@login_required
@never_cache
def lead(request: HttpRequest, referral_id: int) -> HttpResponse:
    """Show how to reach the lead; the look is kept."""
    row, user = find_referral(request, referral_id), viewer(request)
    _require(may_see_lead(user, row))
    try:
        data = disclose_lead(user=user, referral=row, why=request.POST.get("why", "")[:200])
    except DomainError as error:
        messages.error(request, error.message)
        return redirect("web:referral", row.pk)
    return _show(request, row, data=data)


@require_POST
@login_required
def forget(request: HttpRequest, referral_id: int) -> HttpResponse:
    """Erase who the lead is, since they do not want to hear from us."""
    row, user = find_referral(request, referral_id), viewer(request)
    _require(may_work_on_referral(user, row))
    return _try(request, row, lambda: forget_lead(referral=row, by=user), _("The lead's data are erased."))


def find_referral(request: HttpRequest, referral_id: int) -> Referral:
    """A referral that the viewer sees; 404 for any other."""
    return get_object_or_404(visible_referrals(viewer(request)), pk=referral_id)


def _require(is_allowed: bool) -> None:
    if not is_allowed:
        raise PermissionDenied


def _try(request: HttpRequest, row: Referral, act: Any, done: str) -> HttpResponse:
    try:
        act()
        messages.success(request, done)
    except DomainError as error:
        messages.error(request, error.message)
    return redirect("web:referral", row.pk)


def _read_won(data: dict[str, Any], user: User) -> Won:
    """What a won referral brought; a name that no customer bears is a new one's."""
    name = str(data["became"]).strip()
    there = nameable_customers(user, current_policy()).filter(folded_name=fold_name(name)).first() if name else None
    return Won(
        value=data["value"],
        currency=data["currency"],
        deal_id=data["deal_id"],
        became=there,
        new_customer="" if there else name,
    )


def _show(
    request: HttpRequest,
    row: Referral,
    *,
    won_form: WonForm | None = None,
    why_form: WhyForm | None = None,
    data: tuple[str, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    user, policy = viewer(request), current_policy()
    line = tell(row, user, policy)
    works = may_work_on_referral(user, row)
    moves = [(to, label) for to, label in MOVES if works and REFERRAL.may_move(row.status, to)]
    given = {"currency": row.currency, "value": row.value, "deal_id": row.deal_id, "became": row.company}
    sees_became = row.became is not None and may_see_customer_name(user, row.became, policy)
    context = {
        "line": line,
        "checks": _checks(row, user, policy),
        "moves": [(to, label) for to, label in moves if to != _F.WON],
        "may_win": any(to == _F.WON for to, _label in moves),
        "may_settle": may_settle_referral(user) and not line.is_checked,
        "works": works,
        "won_form": won_form or WonForm(initial=given),
        "is_winning": won_form is not None,
        "why_form": why_form or WhyForm(),
        "owner_form": OwnerForm(initial={"owner": row.owner_id}),
        "data": data,
        "earned": earned_by(row),
        "note": row.note if line.lead else "",
        "reason": line.hide(row.reason),
        "became": row.became.name if row.became and sees_became else "",
        "further": _further(row, user, policy),
        "history": _history(row, line),
        "values_url": reverse("web:referral-values"),
    }
    return render(request, "web/referrals/referral.html", context, status=status)


def _checks(row: Referral, user: User, policy: ProgramPolicy) -> list[Check]:
    seen = {each.pk for each in Referral.objects.visible_to(user).filter(pk__in=_ids(row, "referral"))}
    customers = nameable_customers(user, policy).filter(pk__in=_ids(row, "customer"))
    named = {each.pk for each in customers}
    found = []
    for each in row.warnings:
        url, about = "", each.get("about")
        if "customer" in each["code"]:
            url = reverse("web:customer", args=[about]) if about in named else ""
        elif about in seen:
            url = reverse("web:referral", args=[about])
        found.append(Check(words_of(each["code"]), bool(each["blocks"]), bool(each.get("is_settled")), url))
    is_told = any(each["code"] in {"same_email", "same_person"} for each in row.warnings)
    if row.duplicate_of_id is not None and not is_told:
        url = reverse("web:referral", args=[row.duplicate_of_id]) if row.duplicate_of_id in seen else ""
        found.insert(0, Check(words_of("same_email"), blocks=True, is_settled=False, url=url))
    return found


def _ids(row: Referral, kind: str) -> list[int]:
    told = [each for each in row.warnings if ("customer" in each["code"]) == (kind == "customer")]
    ids = [each["about"] for each in told if each.get("about")]
    return [*ids, row.duplicate_of_id] if kind == "referral" and row.duplicate_of_id else ids


def _further(row: Referral, user: User, policy: ProgramPolicy) -> list[ReferralLine]:
    """Whom the people of the customer it became referred in their turn."""
    if row.became_id is None:
        return []
    rows = visible_referrals(user).filter(referrer__customer=row.became_id)[:20]
    return [tell(each, user, policy) for each in rows]


def _history(row: Referral, line: ReferralLine) -> list[tuple[StateChange, str, str]]:
    labels = {str(value): str(label) for value, label in ReferralStatus.choices}
    changes = StateChange.objects.filter(subject=name_subject(row)).select_related("by").order_by("pk")
    return [
        (each, "" if each.from_status == each.to_status else labels.get(each.to_status, ""), line.hide(each.why))
        for each in changes
    ]
