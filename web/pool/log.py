"""The forms that log customers, people, stories, quotes and touches: shape here, decisions in services."""

import uuid
from typing import Any, cast

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from references.blinding import may_see_name
from references.models import CaseStudy, Contact, Customer, Testimonial
from references.permissions import may_edit_contact, may_edit_customer, may_log_content, may_run_program
from references.services.contacts import change_status, save_contact
from references.services.content import save_case_study, save_testimonial
from references.services.customers import save_customer
from references.services.ledger import log_engagement
from web.access import viewer
from web.pool import forms as pool_forms
from web.pool.stories import find_story, may_edit_story
from web.submitting import submitted, typed


@login_required
def customer_edit(request: HttpRequest, customer_id: int | None = None) -> HttpResponse:
    """Add a customer (managers), or change one (also its account owner)."""
    user = viewer(request)
    row = None if customer_id is None else _customer(request, customer_id)
    if not (may_run_program(user) if row is None else may_edit_customer(user, row)):
        raise PermissionDenied
    form = pool_forms.CustomerForm(request.POST or None, instance=row)
    saved = submitted(
        request,
        form,
        lambda data: save_customer(customer=row, data=typed(form, data), tags=data["tags"]),
    )
    if saved:
        return redirect("web:customer", saved.pk)
    title = _("Add a customer") if row is None else _("Change %(name)s") % {"name": row.name}
    return _form_page(request, form, title, reverse("web:customers") if row is None else _url(row))


@login_required
def contact_add(request: HttpRequest, customer_id: int) -> HttpResponse:
    """Add a person at a customer."""
    row = _customer(request, customer_id)
    if not may_edit_customer(viewer(request), row):
        raise PermissionDenied
    form = pool_forms.ContactForm(request.POST or None)
    saved = submitted(
        request,
        form,
        lambda data: save_contact(
            customer=row,
            data=typed(form, data),
            tags=data["tags"],
            initial_status=data["status"],
            by=viewer(request),
        ),
    )
    if saved:
        messages.success(
            request, _("%(name)s is in the pool. Record what they consent to next.") % {"name": saved.name}
        )
        return redirect("web:profile", saved.pk)
    return _form_page(request, form, _("Add a person at %(name)s") % {"name": row.name}, _url(row))


@login_required
def contact_edit(request: HttpRequest, contact_id: int) -> HttpResponse:
    """Change a person; e-mail and phone left empty stay as they are."""
    row = _contact(request, contact_id)
    form = pool_forms.ContactForm(request.POST or None, instance=row)

    def save(data: dict[str, Any]) -> Contact:
        fields = typed(form, data)
        for name in ("email", "phone"):
            if not fields[name]:
                del fields[name]
        return save_contact(contact=row, customer=row.customer, data=fields, tags=data["tags"], by=viewer(request))

    if submitted(request, form, save):
        return redirect("web:profile", row.pk)
    return _form_page(request, form, _("Change %(name)s") % {"name": row.name}, _url(row))


@login_required
def contact_status(request: HttpRequest, contact_id: int) -> HttpResponse:
    """Move a person along their life: nominate, activate, pause, retire."""
    row = _contact(request, contact_id)
    form = pool_forms.StatusForm(request.POST or None, contact=row)
    if submitted(request, form, lambda data: change_status(contact=row, by=viewer(request), **data)):
        return redirect("web:profile", row.pk)
    lead = _("Now: %(status)s.") % {"status": row.get_status_display()}
    return _form_page(request, form, _("Status of %(name)s") % {"name": row.name}, _url(row), lead)


@login_required
def engagement_add(request: HttpRequest, contact_id: int) -> HttpResponse:
    """Log a touch, once however often the form is sent."""
    row = _contact(request, contact_id)
    initial = {"key": uuid.uuid4().hex}
    form = pool_forms.EngagementForm(request.POST or None, initial=initial)

    def save(data: dict[str, Any]) -> Model:
        return log_engagement(contact=row, source=f"page:{data.pop('key')}", by=viewer(request), **data)

    if submitted(request, form, save):
        messages.success(request, _("Logged. Fatigue and free dates count it from now on."))
        return redirect("web:profile", row.pk)
    return _form_page(request, form, _("Log a touch of %(name)s") % {"name": row.name}, _url(row))


@login_required
def edit_case_study(request: HttpRequest, customer_id: int, story_id: int | None = None) -> HttpResponse:
    """Log a story about a customer, or change it."""
    customer = _content_customer(request, customer_id)
    row = None if story_id is None else cast(CaseStudy, _story(request, "case_study", story_id, customer))
    form = pool_forms.CaseStudyForm(
        request.POST or None,
        instance=row,
        customer=customer,
        names_people=may_see_name(viewer(request), customer.account_owner_id),
        initial={"contact": request.GET.get("contact")},
    )

    def save(data: dict[str, Any]) -> CaseStudy:
        given = typed(form, data)
        return save_case_study(
            case_study=row,
            customer=customer,
            contact=given.pop("contact"),
            data=given,
            tags=data["tags"],
            by=viewer(request),
            **({"status": data["status"]} if row is None else {}),
        )

    saved = submitted(request, form, save)
    if saved:
        return redirect("web:content-piece", "case_study", saved.pk)
    title = _("A story about %(name)s") % {"name": customer.name}
    return _form_page(request, form, title, _url(customer))


@login_required
def edit_testimonial(request: HttpRequest, customer_id: int, story_id: int | None = None) -> HttpResponse:
    """Log a quote, a video or a review, or change it."""
    customer = _content_customer(request, customer_id)
    row = None if story_id is None else cast(Testimonial, _story(request, "testimonial", story_id, customer))
    form = pool_forms.TestimonialForm(
        request.POST or None,
        instance=row,
        customer=customer,
        names_people=may_see_name(viewer(request), customer.account_owner_id),
        initial={"contact": request.GET.get("contact")},
    )

    def save(data: dict[str, Any]) -> Testimonial:
        given = typed(form, data)
        return save_testimonial(
            testimonial=row,
            customer=customer,
            contact=given.pop("contact"),
            data=given,
            tags=data["tags"],
            by=viewer(request),
            **({"status": data["status"]} if row is None else {}),
        )

    saved = submitted(request, form, save)
    if saved:
        return redirect("web:content-piece", "testimonial", saved.pk)
    title = _("What someone at %(name)s said") % {"name": customer.name}
    return _form_page(request, form, title, _url(customer))


def _customer(request: HttpRequest, pk: int) -> Customer:
    return get_object_or_404(Customer.objects.visible_to(viewer(request)), pk=pk)


def _content_customer(request: HttpRequest, pk: int) -> Customer:
    row = _customer(request, pk)
    if not may_log_content(viewer(request), row):
        raise PermissionDenied
    return row


def _story(request: HttpRequest, kind: str, pk: int, customer: Customer) -> CaseStudy | Testimonial:
    found = find_story(kind, pk)
    if found is None or found.row.customer_id != customer.pk:
        raise Http404
    if not may_edit_story(viewer(request), found):
        raise PermissionDenied
    return found.row


def _contact(request: HttpRequest, pk: int) -> Contact:
    """A contact the viewer may edit: 404 for one out of sight, 403 for one they may only look at."""
    row = get_object_or_404(Contact.objects.visible_to(viewer(request)).select_related("customer"), pk=pk)
    if not may_edit_contact(viewer(request), row):
        raise PermissionDenied
    return row


def _url(row: Contact | Customer) -> str:
    return reverse("web:profile" if isinstance(row, Contact) else "web:customer", args=[row.pk])


def _form_page(
    request: HttpRequest, form: forms.BaseForm, title: str, back: str, lead: str = "", action: str = ""
) -> HttpResponse:
    context = {"form": form, "title": title, "back": back, "lead": lead, "action": action or _("Save")}
    return render(request, "web/form.html", context, status=422 if form.errors else 200)
