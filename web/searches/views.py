"""Saved searches: one's own, what is new in each, and the way to them."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from matching.models import SavedSearch
from matching.searches import page_of, read_news
from matching.services.searches import change_search, delete_search, look_at_search, save_search
from references.errors import DomainError
from web.access import viewer
from web.paging import make_pages
from web.querying import read_number, write_query

PAGE_SIZE = 12
"""Each search on the page is asked anew."""


@require_safe
@login_required
def searches(request: HttpRequest) -> HttpResponse:
    """List one's saved searches with how many fit and how many of them are new."""
    number = read_number(request.GET, "page", default=1, most=1_000_000)
    page = Paginator(_own(request), PAGE_SIZE).get_page(number)

    def url_of(other: int) -> str:
        return reverse("web:searches") + write_query({"page": "" if other == 1 else str(other)})

    context = {
        "rows": [(search, read_news(search)) for search in page],
        "pages": make_pages(page.number, page.paginator.count, PAGE_SIZE, url_of),
    }
    return render(request, "web/searches/list.html", context)


@require_POST
@login_required
def search_save(request: HttpRequest) -> HttpResponse:
    """Save the list that somebody looks at."""
    given = request.POST
    try:
        save_search(
            user=viewer(request),
            name=given.get("name", ""),
            noun=given.get("noun", ""),
            query=given.get("query", ""),
            mails="mails" in given,
        )
    except DomainError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, _("Saved. Here you see what is new."))
    return redirect("web:searches")


@require_POST
@login_required
def search_change(request: HttpRequest, search_id: int) -> HttpResponse:
    """Rename a search, turn its mail on or off, or delete it."""
    search = get_object_or_404(_own(request), pk=search_id)
    if request.POST.get("act") == "delete":
        delete_search(search=search)
        messages.success(request, _("Deleted."))
        return redirect("web:searches")
    try:
        change_search(search=search, name=request.POST.get("name", ""), mails="mails" in request.POST)
        messages.success(request, _("Saved."))
    except DomainError as error:
        messages.error(request, error.message)
    return redirect("web:searches")


@login_required
def search_look(request: HttpRequest, search_id: int) -> HttpResponse:
    """Go to the list with the search's filters; what fits now is no news from here on. A mail leads here as well."""
    search = get_object_or_404(_own(request), pk=search_id)
    if request.method != "HEAD":
        look_at_search(search=search)
    return redirect(page_of(search))


def _own(request: HttpRequest) -> "QuerySet[Any]":
    return SavedSearch.objects.filter(user=viewer(request)).select_related("user")
