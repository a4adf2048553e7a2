"""The people behind a figure of the home page: who is willing, who acted, and on whom the load falls."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from matching.participation import GROUPS, promoters_of
from web.access import managers_only
from web.paging import make_pages
from web.querying import read_number, write_query

PAGE_SIZE = 25
TABS = {
    "willing": gettext_lazy("Willing"),
    "acted": gettext_lazy("Did something"),
    "idle": gettext_lazy("Not yet"),
    "used": gettext_lazy("Carried the load"),
}
LEADS = {
    "willing": gettext_lazy("Active, has agreed to something, and a consent is in force."),
    "acted": gettext_lazy("Willing, and did something in the past year; answering a survey is not it."),
    "idle": gettext_lazy("Willing, and nobody had anything of it in the past year: ask them next."),
    "used": gettext_lazy("Did something that takes effort in the past year, whether still active or not."),
}
SORTS = {
    "-heavy": ("-heavy", "-acts", "pk"),
    "heavy": ("heavy", "acts", "pk"),
    "-last": ("-last_act", "pk"),
    "last": ("last_act", "pk"),
    "name": ("folded_name", "pk"),
    "-name": ("-folded_name", "-pk"),
}


@require_safe
@managers_only
def figure_people(request: HttpRequest) -> HttpResponse:
    """List the people of one group with what each did in the past 365 days, the busiest first."""
    asked, order = request.GET.get("of", ""), request.GET.get("sort", "")
    group, sort = (asked if asked in GROUPS else "willing"), (order if order in SORTS else "-heavy")
    rows = promoters_of(group, timezone.localdate()).select_related("customer").order_by(*SORTS[sort])
    page = Paginator(rows, PAGE_SIZE).get_page(read_number(request.GET, "page", default=1, most=1_000_000))

    def url(**changes: str) -> str:
        return reverse("web:figure-people") + write_query({"of": group, "sort": sort, **changes})

    context = {
        "page": page,
        "total": page.paginator.count,
        "lead": LEADS[group],
        "tabs": [(TABS[each], url(of=each), each == group) for each in GROUPS],
        "sort": sort,
        "columns": {name: url(sort=name if sort == f"-{name}" else f"-{name}") for name in ("heavy", "last", "name")},
        "pages": make_pages(page.number, page.paginator.count, PAGE_SIZE, lambda number: url(page=str(number))),
    }
    return render(request, "web/home/people.html", context)
