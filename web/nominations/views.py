"""The list of nominations, and one of them with its history and the decision about it."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from references.blinding import may_see_customer_name
from references.enums import NominationStatus, NominationVia
from references.lifecycles import NOMINATION
from references.models import Contact, Customer, Nomination, StateChange
from references.permissions import may_move_nomination
from references.policy import ProgramPolicy
from references.program import current_policy
from references.record_filters import NominationFilter
from references.services.nominations import move_nomination
from references.services.saving import name_subject
from users.models import User
from web.access import viewer
from web.listing import Listing, list_rows
from web.nominations.forms import DecisionForm
from web.nominations.shown import tell, tell_address, tell_person
from web.submitting import submitted

SORTS = (
    ("-created_at", gettext_lazy("Newest first")),
    ("created_at", gettext_lazy("Oldest first")),
    ("-updated_at", gettext_lazy("Changed last")),
)
TABS = (
    ("", gettext_lazy("All")),
    (NominationStatus.NEW, gettext_lazy("New")),
    (NominationStatus.IN_PROGRESS, gettext_lazy("In progress")),
    (NominationStatus.APPROVED, gettext_lazy("Approved")),
    (NominationStatus.NOT_APPROVED, gettext_lazy("Not approved")),
    (NominationStatus.DRAFT, gettext_lazy("My drafts")),
)
ACTS = {
    "submit": NominationStatus.NEW,
    "start": NominationStatus.IN_PROGRESS,
    "approve": NominationStatus.APPROVED,
    "decline": NominationStatus.NOT_APPROVED,
}
DONE = {
    NominationStatus.NEW: gettext_lazy("Sent. The managers and the account owner see it from now on."),
    NominationStatus.IN_PROGRESS: gettext_lazy("Taken up."),
    NominationStatus.APPROVED: gettext_lazy("Approved. Record next what they consent to."),
    NominationStatus.NOT_APPROVED: gettext_lazy("Not approved; whoever nominated reads your note."),
}


@require_safe
@login_required
def nominations(request: HttpRequest) -> HttpResponse:
    """List the nominations that concern the viewer, newest first."""
    user, policy = viewer(request), current_policy()
    listing = list_rows(request, NominationFilter, _rows(user), reverse("web:nominations"), ordering="-created_at")
    status = listing.value("status")
    context = {
        "listing": listing,
        "lines": [(tell(row, user, policy), listing.url(customer=str(row.customer_id))) for row in listing.page],
        "tabs": [(label, listing.url(status=value), value == status) for value, label in TABS],
        "chips": _chips(listing, user, policy),
        "vias": NominationVia.choices,
        "sorts": SORTS,
        "me": str(user.pk),
        "is_narrowed": bool(listing.query.keys() - {"ordering"}),
    }
    return render(request, "web/nominations/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def nomination(request: HttpRequest, nomination_id: int) -> HttpResponse:
    """Show a nomination with its history; whoever may, sends or decides it here."""
    user = viewer(request)
    row = get_object_or_404(_rows(user), pk=nomination_id)
    may_move, is_author = may_move_nomination(user, row), row.nominated_by_id == user.pk
    form = DecisionForm(request.POST or None)
    to = ACTS.get(request.POST.get("act", ""), "")
    if request.method == "POST" and not may_move:
        raise PermissionDenied
    if submitted(request, form, lambda data: move_nomination(nomination=row, to=to, by=user, **data)):
        messages.success(request, str(DONE[NominationStatus(to)]))
        return redirect("web:nomination", row.pk)
    policy = current_policy()
    context: dict[str, Any] = {
        "line": tell(row, user, policy),
        "address": tell_address(row, user),
        "suggested_by": _tell_contact(row.suggested_by, user, policy),
        "history": StateChange.objects.filter(subject=name_subject(row)).select_related("by").order_by("pk"),
        "form": form,
        "acts": [act for act, status in ACTS.items() if may_move and NOMINATION.may_move(row.status, status)],
        "is_draft": row.status == NominationStatus.DRAFT and is_author,
    }
    return render(request, "web/nominations/nomination.html", context, status=422 if form.errors else 200)


def _rows(user: User) -> QuerySet[Nomination]:
    rows: QuerySet[Nomination] = Nomination.objects.visible_to(user)
    return rows.select_related("customer", "contact__customer", "nominated_by", "suggested_by__customer")


def _tell_contact(contact: Contact | None, user: User, policy: ProgramPolicy) -> str:
    if contact is None:
        return ""
    return tell_person(contact, user, sees_customer=may_see_customer_name(user, contact.customer, policy))


def _chips(listing: Listing, user: User, policy: ProgramPolicy) -> list[tuple[str, str, str]]:
    """What is filtered by and has no field of its own: label, name and the address without it."""
    chips: list[tuple[str, str, str]] = []
    if listing.value("customer").isdecimal():
        customer = Customer.objects.visible_to(user).filter(pk=listing.value("customer")).first()
        sees = customer is not None and may_see_customer_name(user, customer, policy)
        chips.append((_("Customer"), customer.name if customer and sees else "…", listing.url(customer="")))
    if listing.value("contact").isdecimal():
        people = Contact.objects.visible_to(user).select_related("customer")
        person = people.filter(pk=listing.value("contact")).first()
        chips.append((_("Person"), _tell_contact(person, user, policy) or "…", listing.url(contact="")))
    author = listing.value("nominated_by")
    if author.isdecimal() and author != str(user.pk):
        someone = User.objects.filter(pk=author).first()
        chips.append((_("Nominated by"), str(someone or "…"), listing.url(nominated_by="")))
    return chips
