"""Adding and changing asks and review sites, and loading the starter."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from advocacy.models import Ask, ReviewSite
from advocacy.services.asks import save_ask, save_site
from advocacy.services.starting import load_starter
from web.asks.access import keepers_only
from web.asks.forms import AskForm, SiteForm
from web.submitting import submitted, typed


@keepers_only
def add(request: HttpRequest) -> HttpResponse:
    """Add an ask."""
    return _edit_ask(request, None)


@keepers_only
def edit(request: HttpRequest, offer_id: int) -> HttpResponse:
    """Change an ask."""
    return _edit_ask(request, get_object_or_404(Ask, pk=offer_id))


@require_safe
@keepers_only
def sites(request: HttpRequest) -> HttpResponse:
    """List the review sites; there are few."""
    return render(request, "web/asks/sites.html", {"sites": ReviewSite.objects.all()})


@keepers_only
def site_add(request: HttpRequest) -> HttpResponse:
    """Add a review site."""
    return _edit_site(request, None)


@keepers_only
def site_edit(request: HttpRequest, site_id: int) -> HttpResponse:
    """Change a review site."""
    return _edit_site(request, get_object_or_404(ReviewSite, pk=site_id))


@require_POST
@keepers_only
def load(request: HttpRequest) -> HttpResponse:
    """Load what a program begins with."""
    added = load_starter()
    messages.success(request, _("%(n)d rows added: change them as you like.") % {"n": added})
    place = {"points": "/points/", "recovery": "/recovery/"}.get(request.POST.get("then", ""))
    return redirect(place or "web:asks")


def _edit_ask(request: HttpRequest, row: Ask | None) -> HttpResponse:
    given = {"activity": request.GET.get("activity", ""), "rung": request.GET.get("rung", "")} if row is None else {}
    form = AskForm(request.POST or None, instance=row, initial=given)

    def save(data: dict[str, Any]) -> Ask:
        return save_ask(data=typed(form, data), ask=row)

    if submitted(request, form, save):
        messages.success(request, _("Saved. What people were promised before stays as it was."))
        return redirect("web:asks")
    title = _("Add an ask") if row is None else _("Change the ask “%(name)s”") % {"name": row.name}
    lead = _("What it is, what it takes, and what it earns. A promoter is asked at most one rung above what they did.")
    return _form(request, form, title, lead, reverse("web:asks"))


def _edit_site(request: HttpRequest, row: ReviewSite | None) -> HttpResponse:
    form = SiteForm(request.POST or None, instance=row)

    def save(data: dict[str, Any]) -> ReviewSite:
        return save_site(data=typed(form, data), site=row)

    if submitted(request, form, save):
        messages.success(request, _("Saved."))
        return redirect("web:review-sites")
    title = _("Add a review site") if row is None else row.name
    lead = _(
        "Everybody is asked to write what they think, and once per site: nobody is picked because they are pleased."
    )
    return _form(request, form, title, lead, reverse("web:review-sites"))


def _form(request: HttpRequest, form: Any, title: str, lead: str, back: str) -> HttpResponse:
    context = {"form": form, "title": title, "lead": lead, "back": back, "action": _("Save")}
    return render(request, "web/form.html", context, status=422 if form.errors else 200)
