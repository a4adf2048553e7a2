"""What pages of the pool say of advocacy: moments of a customer, the hand-over of one, and whom a person referred."""

from typing import Any

from django import template

from advocacy.models import Handover, Referral
from advocacy.permissions import may_hand_over, may_refer_for
from references.consent_view import tell_whose
from references.enums import NominationStatus
from references.models import Contact, Customer, Nomination
from references.program import current_policy
from users.models import User
from web.referrals.shown import COLORS

register = template.Library()
MOST = 5
CLOSED = (NominationStatus.DRAFT, NominationStatus.NOT_APPROVED)


@register.inclusion_tag("web/moments/of_customer.html", takes_context=True)
def moments_of(context: template.Context, customer: Customer) -> dict[str, Any]:
    """The latest moments of a customer as far as the viewer sees them, each with its hand-over or the button for it."""
    user: User = context["request"].user
    seen = Nomination.objects.visible_to(user).filter(customer=customer).exclude(status__in=CLOSED)
    rows = list(seen.select_related("contact__customer", "customer").order_by("-pk")[:MOST])
    handed = {each.nomination_id: each for each in Handover.objects.filter(nomination__in=rows)}
    policy = current_policy()
    lines = [
        (row, tell_whose(user, row.contact, row.customer, policy), handed.get(row.pk), may_hand_over(user, row))
        for row in rows
    ]
    return {
        "csrf_token": context.get("csrf_token"),
        "lines": [(row, whose.who or row.person_name, whose.hide(row.moment), *rest) for row, whose, *rest in lines],
    }


@register.inclusion_tag("web/moments/of_nomination.html", takes_context=True)
def hand_over_of(context: template.Context, nomination: Nomination) -> dict[str, Any]:
    """The hand-over of a nomination, or the form that makes it for whoever may."""
    user: User = context["request"].user
    may = nomination.status not in CLOSED and may_hand_over(user, nomination)
    handover = Handover.objects.filter(nomination=nomination).select_related("assignment__ask").first()
    return {"csrf_token": context.get("csrf_token"), "row": nomination, "handover": handover, "may": may}


@register.inclusion_tag("web/referrals/of_person.html", takes_context=True)
def referrals_of(context: template.Context, contact_id: int) -> dict[str, Any]:
    """Whom a person referred as far as the viewer sees it, with the ways to note another and to their link."""
    user: User = context["request"].user
    person = Contact.objects.select_related("customer").get(pk=contact_id)
    rows = Referral.objects.visible_to(user).filter(referrer=person).order_by("-pk")
    return {
        "lines": [(row, COLORS.get(row.status, "quiet")) for row in rows[:MOST]],
        "may_add": may_refer_for(user, person) and not person.has_opted_out,
        "contact_id": contact_id,
    }
