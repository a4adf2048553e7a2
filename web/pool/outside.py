"""A use outside the system logged in one click, and a touch withdrawn that never was."""

import uuid
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from references import activities
from references.models import Contact, Engagement
from references.permissions import may_withdraw_touch
from references.services.outside import log_outside_use, withdraw_touch
from web.access import viewer
from web.pool.forms import DayInput
from web.submitting import submitted
from web.templatetags.pages import day


class OutsideUseForm(forms.Form):
    """What a promoter did, and when: both filled in already."""

    activity = forms.ChoiceField(label=gettext_lazy("What"), choices=activities.CHOICES)
    on = forms.DateField(label=gettext_lazy("When"), widget=DayInput())
    key = forms.CharField(widget=forms.HiddenInput, max_length=40)


class WithdrawForm(forms.Form):
    """Why a touch never was."""

    reason = forms.CharField(
        label=gettext_lazy("Why"),
        max_length=300,
        help_text=gettext_lazy("For example: it was somebody else, or it did not take place"),
    )


@login_required
def outside_use(request: HttpRequest, contact_id: int) -> HttpResponse:
    """Log that a promoter was used outside the system; for everyone who sees them, without blame."""
    user = viewer(request)
    contact = get_object_or_404(Contact.objects.visible_to(user).select_related("customer"), pk=contact_id)
    asked_for = request.GET.get("activity", "")
    initial = {
        "activity": asked_for if asked_for in activities.BY_CODE else "call",
        "on": timezone.localdate(),
        "key": uuid.uuid4().hex,
    }
    form = OutsideUseForm(request.POST or None, initial=initial)
    logged = submitted(
        request,
        form,
        lambda data: log_outside_use(contact=contact, by=user, source_key=data.pop("key"), **data),
    )
    if logged:
        done = _("Thank you: logged, nobody is blamed, and it protects them from being asked too much.")
        undo = format_html('<a href="#touch-{}">{}</a>', logged.pk, _("Undo within 10 minutes"))
        messages.success(request, format_html("{} {}", done, undo))
        return redirect("web:profile", contact.pk)
    context: dict[str, Any] = {
        "form": form,
        "title": _("Used outside the system"),
        "lead": _("Somebody took this reference without a request? Log it: caps and fatigue count it from now on."),
        "back": reverse("web:profile", args=[contact.pk]),
        "action": _("Log it"),
    }
    return render(request, "web/form.html", context, status=422 if form.errors else 200)


@login_required
def touch_withdraw(request: HttpRequest, engagement_id: int) -> HttpResponse:
    """Withdraw a touch that was logged by hand and never was; whoever logged it has ten minutes."""
    user = viewer(request)
    rows = Engagement.objects.visible_to(user).with_logged_by().select_related("contact__customer")
    row = get_object_or_404(rows, pk=engagement_id)
    if not may_withdraw_touch(user, row, timezone.now()):
        raise PermissionDenied
    form = WithdrawForm(request.POST or None)
    if submitted(request, form, lambda data: withdraw_touch(engagement=row, by=user, **data)):
        messages.success(request, _("Withdrawn: it counts nothing any more, and stays on record as released."))
        return redirect("web:profile", row.contact_id)
    what = {"activity": row.get_activity_display(), "day": day(row.on)}
    context: dict[str, Any] = {
        "form": form,
        "title": _("Withdraw: %(activity)s of %(day)s") % what,
        "lead": _("For what was logged by mistake. Caps and fatigue forget it; the record of it stays."),
        "back": reverse("web:profile", args=[row.contact_id]),
        "action": _("Withdraw"),
    }
    return render(request, "web/form.html", context, status=422 if form.errors else 200)
