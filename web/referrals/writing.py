"""Noting a referral that somebody told us of, and the personal link of a promoter."""

import secrets
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from advocacy.enums import ReferralVia
from advocacy.models import Referral
from advocacy.permissions import may_refer_for
from advocacy.services.referral_links import close_personal_link, find_personal_link, link_url, personal_link
from advocacy.services.referrals import LeadData, refer
from references.consent_view import tell_whose
from references.errors import DomainError
from references.models import Contact
from references.program import current_policy
from web.access import viewer
from web.referrals.forms import LeadForm
from web.submitting import submitted


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def referral_add(request: HttpRequest, contact_id: int) -> HttpResponse:
    """Note whom a promoter referred."""
    person, user = _find(request, contact_id), viewer(request)
    form = LeadForm(request.POST or None, initial={"key": secrets.token_hex(16)})

    def save(data: dict[str, Any]) -> Referral:
        lead = LeadData(
            name=data["lead_name"],
            company=data["company"],
            email=data["lead_email"],
            phone=data["lead_phone"],
            note=data["note"],
            agreed=data["agreed"],
        )
        key = f"page:{user.pk}:{data['key'] or secrets.token_hex(16)}"
        return refer(referrer=person, lead=lead, creation_key=key, via=ReferralVia.PAGE, by=user)

    saved = submitted(request, form, save)
    if saved:
        messages.success(request, _("Noted. See below what the checks found."))
        return redirect("web:referral", saved.pk)
    who = tell_whose(user, person, person.customer, current_policy()).who
    context = {
        "form": form,
        "title": _("A referral by %(who)s") % {"who": who},
        "lead": _("Whom did they recommend us to? Duplicates, and their own house, are found by themselves."),
        "action": _("Note it"),
        "back": reverse("web:profile", args=[person.pk]),
    }
    return render(request, "web/form.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def personal(request: HttpRequest, contact_id: int) -> HttpResponse:
    """Show a promoter's personal link to pass on to them; make it, or close it for good."""
    person, user = _find(request, contact_id), viewer(request)
    if request.method == "POST":
        try:
            if request.POST.get("act") == "close":
                close_personal_link(contact=person)
                messages.success(request, _("Closed. The address opens nothing any more."))
            else:
                personal_link(contact=person)
        except DomainError as error:
            messages.error(request, error.message)
        return redirect("web:referral-link", person.pk)
    link = find_personal_link(person)
    context = {
        "person": person,
        "whose": tell_whose(user, person, person.customer, current_policy()),
        "link": link,
        "url": "" if link is None else link_url(link),
        "is_named": link is not None and link.purpose == "refer_named",
        "count": Referral.objects.filter(referrer=person, via=ReferralVia.LINK).count(),
    }
    return render(request, "web/referrals/link.html", context)


def _find(request: HttpRequest, contact_id: int) -> Contact:
    """A person that the viewer may refer for: 404 for whom they do not see, 403 for others' customers."""
    user = viewer(request)
    rows = Contact.objects.visible_to(user).select_related("customer__account_owner")
    person: Contact = get_object_or_404(rows, pk=contact_id)
    if not may_refer_for(user, person):
        raise PermissionDenied
    return person
