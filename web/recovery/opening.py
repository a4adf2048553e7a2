"""Opening a recovery play by hand, from a profile or from the list of those at risk."""

import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from advocacy.models import PlayTemplate, RecoveryPlay
from advocacy.services.recovery import open_play
from references.consent_view import tell_whose
from references.models import Contact
from references.permissions import may_edit_contact
from references.program import current_policy
from web.access import viewer
from web.parts import wants_part
from web.recovery.forms import OpenForm
from web.submitting import submitted


@login_required
def recovery_open(request: HttpRequest, contact_id: int) -> HttpResponse:
    """Choose how somebody is won back, or, sent `quick`, as their score asks for; who has an open play keeps it."""
    user = viewer(request)
    people = Contact.objects.visible_to(user).select_related("customer__account_owner")
    person = get_object_or_404(people, pk=contact_id)
    if not may_edit_contact(user, person):
        raise PermissionDenied
    there = RecoveryPlay.objects.open().filter(contact=person).first()
    if there is not None and wants_part(request):
        return render(request, "web/nps/risk_play.html", {"play": there})
    if there is not None:
        messages.info(request, _("They have an open play already: this one."))
        return redirect("web:recovery-play", there.pk)
    start: dict[str, Any] = {"key": uuid.uuid4().hex, "template": _template_for(person), "why": _why(person)}
    is_quick = "quick" in request.POST
    sent = {**start, "template": start["template"] and start["template"].pk} if is_quick else request.POST or None
    form = OpenForm(sent, contact=person, initial=start)

    def save(data: dict[str, Any]) -> RecoveryPlay:
        key = data.pop("key") or uuid.uuid4().hex
        return open_play(
            contact=person,
            source=f"page:{user.pk}:{key}",
            score=person.nps_score,
            score_on=person.nps_on,
            by=user,
            **data,
        )

    opened = submitted(request, form, save)
    if opened and wants_part(request):
        return render(request, "web/nps/risk_play.html", {"play": opened})
    if opened:
        messages.success(request, _("The play is open."))
        return redirect("web:recovery-play", opened.pk)
    whose = tell_whose(user, person, person.customer, current_policy())
    context = {
        "form": form,
        "title": _("Win back %(who)s") % {"who": whose.who},
        "lead": whose.customer,
        "action": _("Open the play"),
        "back": reverse("web:profile", args=[person.pk]),
    }
    return render(request, "web/form.html", context, status=422 if form.errors else 200)


def _template_for(person: Contact) -> PlayTemplate | None:
    """The template that opens for the class of their score, else none."""
    return PlayTemplate.objects.filter(opens_for=person.loyalty or "-", is_active=True).first()


def _why(person: Contact) -> str:
    return "" if person.nps_score is None else _("Answered %(score)s") % {"score": person.nps_score}
