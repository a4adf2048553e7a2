"""The templates of recovery plays, for managers: what there are, and the form of one."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from advocacy import starter
from advocacy.models import PlayTemplate
from advocacy.services.play_templates import add_starter_plays, save_template
from web.access import managers_only
from web.listing import PAGE_SIZE
from web.paging import make_pages
from web.querying import read_number
from web.recovery.forms import TemplateForm
from web.submitting import submitted


@require_safe
@managers_only
def recovery_templates(request: HttpRequest) -> HttpResponse:
    """List the templates, those in use first."""
    rows = PlayTemplate.objects.annotate(n=Count("plays")).order_by("-is_active", "name")
    page = Paginator(rows, PAGE_SIZE).get_page(read_number(request.GET, "page", default=1, most=1_000))
    there = set(PlayTemplate.objects.values_list("name", flat=True))
    address = reverse("web:recovery-templates")
    context = {
        "page": page,
        "pages": make_pages(page.number, page.paginator.count, PAGE_SIZE, lambda number: f"{address}?page={number}"),
        "has_starters": any(each.name not in there for each in starter.PLAYS),
    }
    return render(request, "web/recovery/templates.html", context)


@managers_only
def recovery_template(request: HttpRequest, template_id: int | None = None) -> HttpResponse:
    """Make a template, or change one."""
    row = None if template_id is None else get_object_or_404(PlayTemplate, pk=template_id)
    names = ("name", "kind", "about", "due_days", "opens_for", "is_active")
    start = {} if row is None else {**{name: getattr(row, name) for name in names}, "steps": "\n".join(row.steps)}
    form = TemplateForm(request.POST or None, initial=start)

    def save(data: dict[str, Any]) -> PlayTemplate:
        return save_template(template=row, **{**data, "steps": data["steps"].splitlines()})

    if submitted(request, form, save):
        messages.success(request, _("Saved. Plays that are open keep their steps."))
        return redirect("web:recovery-templates")
    context = {
        "form": form,
        "title": _("Change the play") if row else _("New play"),
        "lead": _("What is done when somebody answers low."),
        "action": _("Save"),
        "back": reverse("web:recovery-templates"),
    }
    return render(request, "web/form.html", context, status=422 if form.errors else 200)


@require_POST
@managers_only
def recovery_starters(request: HttpRequest) -> HttpResponse:
    """Add the plays that a program begins with."""
    count = add_starter_plays()
    messages.success(request, ngettext("%(n)s play added.", "%(n)s plays added.", count) % {"n": count})
    return redirect("web:recovery-templates")
