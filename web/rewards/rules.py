"""The gift rules: what may be given to whom, by country and employer."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from advocacy.enums import RewardKind
from advocacy.models import GiftRule
from advocacy.services.rewards import GiftRuleData, remove_gift_rule, save_gift_rule
from web.access import managers_only
from web.paging import make_pages
from web.querying import read_number, write_query
from web.rewards.forms import GiftRuleForm
from web.submitting import submitted, typed

PAGE_SIZE = 50


@require_safe
@managers_only
def gift_rules(request: HttpRequest) -> HttpResponse:
    """List the gift rules, those of employers last."""
    rows, labels = GiftRule.objects.select_related("region", "customer"), dict(RewardKind.choices)
    total, address = rows.count(), reverse("web:gift-rules")
    number = read_number(request.GET, "page", default=1, most=1_000)
    shown = rows.order_by("customer__folded_name", "region__name", "pk")[(number - 1) * PAGE_SIZE :][:PAGE_SIZE]
    context = {
        "lines": [(row, [labels.get(kind, kind) for kind in row.forbidden_kinds]) for row in shown],
        "pages": make_pages(number, total, PAGE_SIZE, lambda other: address + write_query({"page": str(other)})),
    }
    return render(request, "web/rewards/rules.html", context)


@managers_only
def add(request: HttpRequest) -> HttpResponse:
    """Add a gift rule."""
    return _edit(request, None)


@managers_only
def edit(request: HttpRequest, rule_id: int) -> HttpResponse:
    """Change a gift rule."""
    return _edit(request, get_object_or_404(GiftRule, pk=rule_id))


@require_POST
@managers_only
def remove(request: HttpRequest, rule_id: int) -> HttpResponse:
    """Take a gift rule away."""
    remove_gift_rule(rule=get_object_or_404(GiftRule, pk=rule_id))
    messages.success(request, _("Removed."))
    return redirect("web:gift-rules")


def _edit(request: HttpRequest, row: GiftRule | None) -> HttpResponse:
    form = GiftRuleForm(request.POST or None, instance=row)

    def save(data: dict[str, Any]) -> GiftRule:
        given: GiftRuleData = typed(form, data)
        given["customer"] = data["employer"]
        return save_gift_rule(data=given, rule=row)

    if submitted(request, form, save):
        messages.success(request, _("Saved. It holds at once, for what waits for approval too."))
        return redirect("web:gift-rules")
    context = {
        "form": form,
        "title": _("Add a gift rule") if row is None else _("Change a gift rule"),
        "lead": _("All rules that reach a person hold together: the strictest wins."),
        "back": reverse("web:gift-rules"),
        "action": _("Save"),
    }
    return render(request, "web/form.html", context, status=422 if form.errors else 200)
