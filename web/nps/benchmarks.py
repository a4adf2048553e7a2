"""Benchmarks: the scores of market and competitors, listed for all, kept by managers and marketers."""

from typing import Any, cast

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from references.enums import Facet
from references.models import Tag
from surveys.enums import BenchmarkKind
from surveys.models import Benchmark
from surveys.querysets import runs_surveys
from surveys.services.benchmarks import delete_benchmark, save_benchmark
from web.access import viewer
from web.listing import PAGE_SIZE
from web.paging import make_pages
from web.pool.forms import DayInput
from web.querying import read_number, write_query
from web.submitting import submitted
from web.surveys.access import runners_only


class BenchmarkForm(forms.Form):
    """A score of others, of which day, and where it is from."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=120)
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=BenchmarkKind.choices)
    nps = forms.DecimalField(label=gettext_lazy("NPS"), min_value=-100, max_value=100, max_digits=5, decimal_places=2)
    on = forms.DateField(label=gettext_lazy("As of"), widget=DayInput())
    origin = forms.CharField(
        label=gettext_lazy("Where it is from"),
        max_length=300,
        required=False,
        help_text=gettext_lazy("A report and its page, a link"),
    )
    region = forms.ModelChoiceField(Tag.objects.none(), label=gettext_lazy("Region"), required=False)
    industry = forms.ModelChoiceField(Tag.objects.none(), label=gettext_lazy("Industry"), required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name, facet in (("region", Facet.REGION), ("industry", Facet.INDUSTRY)):
            field = cast("forms.ModelChoiceField[Tag]", self.fields[name])
            field.queryset = Tag.objects.accepted().filter(facet=facet).order_by("name")


@require_safe
@login_required
def benchmarks(request: HttpRequest) -> HttpResponse:
    """List benchmarks, by kind and name, the latest of each first."""
    kind = request.GET.get("kind", "")
    kind = kind if kind in BenchmarkKind.values else ""
    rows = Benchmark.objects.select_related("region", "industry").order_by("kind", "name", "-on", "-pk")
    rows = rows.filter(kind=kind) if kind else rows
    page = Paginator(rows, PAGE_SIZE).get_page(read_number(request.GET, "page", default=1, most=10_000))
    address = reverse("web:nps-benchmarks")

    def url_of(number: int) -> str:
        return address + write_query({"kind": kind, "page": "" if number == 1 else str(number)})

    context = {
        "page": page,
        "pages": make_pages(page.number, page.paginator.count, PAGE_SIZE, url_of),
        "kind": kind,
        "kinds": BenchmarkKind.choices,
        "may_run": runs_surveys(viewer(request)),
    }
    return render(request, "web/nps/benchmarks.html", context)


@runners_only
def benchmark_edit(request: HttpRequest, benchmark_id: int | None = None) -> HttpResponse:
    """Enter a benchmark, or correct one."""
    row = None if benchmark_id is None else get_object_or_404(Benchmark, pk=benchmark_id)
    start = {} if row is None else {name: getattr(row, name) for name in BenchmarkForm.base_fields}
    form = BenchmarkForm(request.POST or None, initial=start)
    if submitted(request, form, lambda data: save_benchmark(benchmark=row, **data)):
        messages.success(request, _("Saved."))
        return redirect("web:nps-benchmarks")
    context = {
        "form": form,
        "title": _("Change the benchmark") if row else _("New benchmark"),
        "lead": _("Stands beside our score on the gauge."),
        "action": _("Save"),
        "back": reverse("web:nps-benchmarks"),
    }
    return render(request, "web/form.html", context, status=422 if form.errors else 200)


@require_POST
@runners_only
def benchmark_delete(request: HttpRequest, benchmark_id: int) -> HttpResponse:
    """Forget a benchmark."""
    row = get_object_or_404(Benchmark, pk=benchmark_id)
    delete_benchmark(benchmark=row)
    messages.success(request, _("“%(name)s” is gone.") % {"name": row.name})
    return redirect("web:nps-benchmarks")
