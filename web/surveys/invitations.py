"""Whom a campaign asked, whom it did not and why, as far as the viewer may know them."""

from dataclasses import dataclass

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from references.consent_view import Whose, tell_whose
from references.errors import DomainError
from references.models import Contact
from references.program import current_policy
from surveys.enums import InvitationChannel, InvitationStatus
from surveys.filters import InvitationFilter
from surveys.models import Campaign, Invitation
from surveys.querysets import runs_surveys
from surveys.services.inviting import resend_invitation
from web.access import viewer
from web.listing import list_rows
from web.surveys.access import runners_only
from web.surveys.shown import STATE_BADGES
from web.surveys.words import WHY_NOT, say_why_not


@dataclass(frozen=True, slots=True)
class Line:
    """One invitation: whose, how it stands, and why it was not sent."""

    row: Invitation
    whose: Whose
    is_linked: bool
    badge: str
    why: str


@require_safe
@login_required
def invitations(request: HttpRequest, survey_id: int) -> HttpResponse:
    """List the invitations of a campaign."""
    user, policy = viewer(request), current_policy()
    campaign = get_object_or_404(Campaign.objects.visible_to(user), pk=survey_id)
    rows = Invitation.objects.visible_to(user).filter(campaign=campaign).select_related("contact__customer", "campaign")
    listing = list_rows(request, InvitationFilter, rows, reverse("web:survey-invitations", args=[campaign.pk]))
    people = [row.contact_id for row in listing.page]
    linked = set(Contact.objects.visible_to(user).filter(pk__in=people).values_list("pk", flat=True))
    context = {
        "campaign": campaign,
        "listing": listing,
        "lines": [
            Line(
                row,
                tell_whose(user, row.contact, row.contact.customer, policy),
                row.contact_id in linked,
                STATE_BADGES[row.status],
                say_why_not(row.skipped_because) if row.skipped_because else "",
            )
            for row in listing.page
        ],
        "statuses": InvitationStatus.choices,
        "channels": InvitationChannel.choices,
        "reasons": WHY_NOT.items(),
        "columns": {name: listing.url_sorting(name) for name in ("status", "sent_at")},
        "is_narrowed": bool(listing.query.keys() - {"ordering"}),
        "may_run": runs_surveys(user),
        "may_send": runs_surveys(user) and campaign.status == "running",
    }
    return render(request, "web/surveys/invitations.html", context)


@require_POST
@runners_only
def resend(request: HttpRequest, survey_id: int, invitation_id: int) -> HttpResponse:
    """Send an invitation that could not be delivered once more."""
    row = get_object_or_404(Invitation, pk=invitation_id, campaign=survey_id)
    try:
        resend_invitation(invitation=row, by=viewer(request))
        messages.success(request, _("The invitation is on its way again."))
    except DomainError as error:
        messages.error(request, error.message)
    return redirect("web:survey-invitations", survey_id)
