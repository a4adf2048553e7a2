"""What taking part is worth, stage by stage, and how long points live."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from advocacy.models import PointsRule
from advocacy.program import current_settings
from advocacy.services.levels import save_shares, save_worth
from web.access import managers_only
from web.points.forms import SharesForm, WorthForm
from web.submitting import submitted, typed


@managers_only
def worth(request: HttpRequest) -> HttpResponse:
    """Set what activities are worth."""
    kept = dict(PointsRule.objects.values_list("activity", "points"))
    form = WorthForm(request.POST or None, initial=kept)
    changed: list[int] = []

    def save(data: dict[str, Any]) -> bool:
        changed.append(save_worth(points=data))
        return True

    if submitted(request, form, save):
        messages.success(
            request, _("Saved: %(n)d changed. What was promised or booked stays as it was.") % {"n": changed[0]}
        )
        return redirect("web:points-worth")
    context = {"form": form, "settings": current_settings()}
    return render(request, "web/points/worth.html", context, status=422 if form.errors else 200)


@managers_only
def shares(request: HttpRequest) -> HttpResponse:
    """Set the shares of the stages, and after how many months points lapse."""
    form = SharesForm(request.POST or None, instance=current_settings())

    def save(data: dict[str, Any]) -> object:
        return save_shares(data=typed(form, data))

    if submitted(request, form, save):
        messages.success(request, _("Saved. It holds for points to come."))
        return redirect("web:points-worth")
    context = {
        "form": form,
        "title": _("Shares of the stages, and expiry"),
        "lead": _("How much of an ask’s points each stage brings: 100 in all. 0 months: points never lapse."),
        "back": reverse("web:points-worth"),
        "action": _("Save"),
    }
    return render(request, "web/form.html", context, status=422 if form.errors else 200)
