"""Bringing a nomination in, and changing or throwing away one's own draft."""

import uuid
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from references.blinding import may_see_customer_name
from references.enums import ContactStatus, NominationStatus
from references.models import Contact, Customer, Nomination
from references.program import current_policy
from references.rights import nameable_customers
from references.services.nominations import discard_draft, edit_draft, nominate
from references.text import fold_name
from users.models import User
from web.access import viewer
from web.nominations.forms import NominationForm
from web.nominations.shown import tell_person
from web.submitting import submitted

MOST_FOUND = 12
MOST_PEOPLE = 200


@login_required
def nomination_add(request: HttpRequest) -> HttpResponse:
    """Nominate a contact, or somebody at a customer; without either, the customer is chosen first."""
    user = viewer(request)
    contact = _asked(request, "contact", Contact.objects.visible_to(user).select_related("customer"))
    customer = contact.customer if contact else _asked(request, "customer", nameable_customers(user, current_policy()))
    if customer is None:
        return _choose_customer(request, user)
    sees_customer = may_see_customer_name(user, customer, current_policy())
    people = {} if contact else _people_of(customer, user)
    choices = [(pk, tell_person(each, user, sees_customer=sees_customer)) for pk, each in people.items()]
    form = NominationForm(
        request.POST or None, people=choices, is_fixed=contact is not None, initial={"key": uuid.uuid4().hex}
    )

    def save(data: dict[str, Any]) -> Nomination:
        chosen = people.get(data.pop("contact", None))
        return nominate(
            customer=customer,
            contact=contact or chosen,
            by=user,
            creation_key=f"page:{user.pk}:{data.pop('key') or uuid.uuid4().hex}",
            status=NominationStatus.DRAFT if request.POST.get("act") == "draft" else NominationStatus.NEW,
            **data,
        )

    saved = submitted(request, form, save)
    if saved:
        _thank(request, saved)
        return redirect("web:nomination", saved.pk)
    if contact:
        title = _("Nominate %(who)s") % {"who": tell_person(contact, user, sees_customer=sees_customer)}
        return _form_page(request, form, title, reverse("web:profile", args=[contact.pk]))
    title = _("Nominate somebody at %(customer)s") % {"customer": customer.name}
    return _form_page(request, form, title, reverse("web:customer", args=[customer.pk]))


@login_required
def nomination_edit(request: HttpRequest, nomination_id: int) -> HttpResponse:
    """Change a draft of one's own; an e-mail left empty stays as it is."""
    user, row = viewer(request), _draft(request, nomination_id)
    names = ("person_name", "person_title", "moment", "activities")
    form = NominationForm(
        request.POST or None,
        people=(),
        is_fixed=row.contact is not None,
        initial={name: getattr(row, name) for name in names},
    )

    def save(data: dict[str, Any]) -> Nomination:
        del data["key"]
        if not data.get("person_email"):
            data.pop("person_email", None)
        return edit_draft(nomination=row, data=data, by=user)  # type: ignore[arg-type]

    if submitted(request, form, save):
        messages.success(request, _("Saved. Nobody else sees it until you send it."))
        return redirect("web:nomination", row.pk)
    back = reverse("web:nomination", args=[row.pk])
    return _form_page(request, form, _("Change your draft"), back, is_draft=True)


@require_POST
@login_required
def nomination_discard(request: HttpRequest, nomination_id: int) -> HttpResponse:
    """Throw away a draft of one's own."""
    discard_draft(nomination=_draft(request, nomination_id), by=viewer(request))
    messages.success(request, _("The draft is gone."))
    return redirect("web:nominations")


def _draft(request: HttpRequest, pk: int) -> Nomination:
    """A draft of the viewer's own: 404 for what they do not see, 403 for what was sent or is somebody else's."""
    row: Nomination = get_object_or_404(Nomination.objects.visible_to(viewer(request)), pk=pk)
    if row.status != NominationStatus.DRAFT or row.nominated_by_id != viewer(request).pk:
        raise PermissionDenied
    return row


def _asked(request: HttpRequest, name: str, rows: Any) -> Any:
    """The row whose id the query names; None where it names none, 404 where there is no such row."""
    given = request.GET.get(name, "")
    return get_object_or_404(rows, pk=given) if given.isascii() and given.isdecimal() else None


def _people_of(customer: Customer, user: User) -> dict[int, Contact]:
    """Those at the customer whom the viewer sees and who can still be asked."""
    people = Contact.objects.visible_to(user).filter(customer=customer, has_opted_out=False)
    rows = people.exclude(status=ContactStatus.RETIRED).select_related("customer")[:MOST_PEOPLE]
    return {row.pk: row for row in rows}


def _choose_customer(request: HttpRequest, user: User) -> HttpResponse:
    text = request.GET.get("q", "").strip()[:200]
    rows = nameable_customers(user, current_policy()).order_by("folded_name", "pk")
    found = rows.filter(folded_name__contains=fold_name(text))[:MOST_FOUND] if fold_name(text) else ()
    return render(request, "web/nominations/choose.html", {"text": text, "found": found})


def _thank(request: HttpRequest, row: Nomination) -> None:
    if row.status == NominationStatus.DRAFT:
        messages.success(request, _("Saved as a draft. Nobody else sees it until you send it."))
    else:
        messages.success(request, _("Thank you. The managers decide, and you read here what they decided."))


def _form_page(
    request: HttpRequest, form: forms.Form, title: str, back: str, *, is_draft: bool = False
) -> HttpResponse:
    context = {"form": form, "title": title, "back": back, "is_draft": is_draft}
    return render(request, "web/nominations/form.html", context, status=422 if form.errors else 200)
