"""The page of the Net Promoter Score: gauge, distribution, trend, segments, benchmarks, and comments beside them."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from references.days import add_months
from references.errors import DomainError
from references.program import current_policy
from surveys.filters import CLASSES
from surveys.models import Benchmark, Invitation, Response, Topic
from surveys.querysets import runs_surveys
from surveys.reports import (
    BenchmarkComparison,
    SegmentScore,
    Wave,
    compare_with_benchmarks,
    read_same_people,
    read_segments,
    read_summary,
    read_trend,
)
from surveys.scores import BANDS, HIDDEN, INDICATIVE, Tally
from surveys.segments import BUILT_IN, PERIODS, list_attributes
from web.access import viewer
from web.nps.charts import draw_bars, draw_forest, draw_trend, place_of
from web.nps.gauge import draw_gauge
from web.nps.scope import Scope, offer_choices
from web.nps.words import BAND_WORDS, VERDICT_BADGES, VERDICTS
from web.surveys.telling import tell_responses
from web.templatetags.pages import points

MOST_BENCHMARKS = 12
MOST_COMMENTS = 8
FIRST_SEGMENTS = 12
DEFAULT_SEGMENT = "industry"
LETTERS = "ABCDEFGHIJKL"


@dataclass(frozen=True, slots=True)
class Compared:
    """A benchmark with the letter under which it stands on the gauge, and what is said of it."""

    letter: str
    found: BenchmarkComparison
    words: str
    badge: str

    @property
    def title(self) -> str:
        """What a pointer over its letter tells."""
        return f"{self.found.benchmark.name}: {points(float(self.found.benchmark.nps))}"


@require_safe
@login_required
def nps(request: HttpRequest) -> HttpResponse:
    """Show the score of the answers asked for: numbers of everybody, words as far as the viewer may read them."""
    user = viewer(request)
    scope = Scope.of(request, reverse("web:nps"))
    rows = scope.count(Response.objects.all())
    context: dict[str, Any] = {
        "scope": scope,
        **offer_choices(user),
        **_score(scope, rows),
        **_trend(scope, rows),
        **_segments(scope, rows),
        **_comments(request, scope),
        "may_run": runs_surveys(user),
    }
    tally = context["tally"]
    context["parent"] = place_of(tally.nps) if tally.nps is not None and tally.sample != HIDDEN else ""
    return render(request, "web/nps/page.html", context)


def _score(scope: Scope, rows: QuerySet[Response]) -> dict[str, Any]:
    asked = scope.invitations()
    invitations: Any = Invitation.objects.none() if asked is None else asked
    summary = read_summary(rows, invitations)
    compared = _compare(summary.tally)
    shown = None if summary.is_hidden else summary.tally.nps
    chances = summary.chances
    marks = [(each.letter, each.title, float(each.found.benchmark.nps)) for each in compared]
    counts = {code: getattr(summary.tally, f"{code}s") for code, _label in CLASSES}
    classes = [(code, label, counts[code], scope.answers(score_class=code)) for code, label in CLASSES]
    return {
        "summary": summary,
        "tally": summary.tally,
        "band": BAND_WORDS.get(summary.tally.band or "", ""),
        "is_indicative": summary.tally.sample == INDICATIVE,
        "has_rate": asked is not None and summary.rate.asked > 0,
        "gauge": draw_gauge(shown, summary.interval, marks),
        "chances": [(code, BAND_WORDS[code], 100 * getattr(chances, code)) for code, _ in BANDS] if chances else [],
        "benchmarks": compared,
        "bars": [] if summary.is_hidden else draw_bars(summary.histogram, lambda n: scope.answers(score=str(n))),
        "classes": classes,
        "answers_url": scope.answers(),
        "same_people": None if summary.is_hidden else read_same_people(rows),
    }


def _compare(tally: Tally) -> list[Compared]:
    """The latest score of each benchmark, compared with ours."""
    latest: dict[tuple[str, str], Benchmark] = {}
    for each in Benchmark.objects.select_related("region", "industry").order_by("-on", "-pk"):
        latest.setdefault((each.kind, each.name), each)
    found = compare_with_benchmarks(tally, sorted(latest.values(), key=lambda each: -each.nps)[:MOST_BENCHMARKS])
    return [
        Compared(letter, each, str(VERDICTS.get(each.verdict, "")), VERDICT_BADGES.get(each.verdict, "quiet"))
        for letter, each in zip(LETTERS, found, strict=False)
    ]


def _trend(scope: Scope, rows: QuerySet[Response]) -> dict[str, Any]:
    unit = scope.asked.get("unit", "")
    unit = unit if unit in PERIODS else "month"
    trend = read_trend(rows, unit)

    def url_of(wave: Wave) -> str:
        last = add_months(wave.starts, 3 if unit == "quarter" else 1) - timedelta(days=1)
        return scope.answers(on_after=wave.starts.isoformat(), on_before=last.isoformat())

    return {
        "unit": unit,
        "units": [(each, BUILT_IN[each], scope.url(unit=each)) for each in PERIODS],
        "trend": draw_trend(trend, url_of),
        "waves": [(wave, url_of(wave)) for wave in reversed(trend.waves)],
        "undated": trend.undated.responses,
    }


def _segments(scope: Scope, rows: QuerySet[Response]) -> dict[str, Any]:
    attributes = list_attributes(rows)
    by = scope.asked.get("by", "") or (attributes[0] if attributes else DEFAULT_SEGMENT)
    try:
        found = read_segments(rows, by)
    except DomainError:
        by, found = DEFAULT_SEGMENT, read_segments(rows, DEFAULT_SEGMENT)

    def url_of(segment: SegmentScore) -> str:
        return scope.answers(segment=f"{by}={segment.value}")

    forest = draw_forest(found, url_of)
    hidden = [each for each in found if each.is_hidden]
    return {
        "by": by,
        "by_label": _(BUILT_IN[by]) if by in BUILT_IN else by,
        "built_in": [(name, _(label)) for name, label in BUILT_IN.items() if name not in PERIODS],
        "attributes": attributes,
        "forest": forest[:FIRST_SEGMENTS],
        "forest_more": forest[FIRST_SEGMENTS:],
        "hidden_count": len(hidden),
        "hidden_answers": sum(each.tally.responses for each in hidden),
    }


def _comments(request: HttpRequest, scope: Scope) -> dict[str, Any]:
    user = viewer(request)
    rows = scope.read(Response.objects.visible_to(user)).exclude(comment="").order_by("-answered_on", "-pk")
    rows = rows.select_related("contact__customer", "campaign", "product").prefetch_related("topics")
    asked = {name: scope.asked[name] for name in ("search", "topic", "score_class") if name in scope.asked}
    return {
        "told": tell_responses(user, rows[:MOST_COMMENTS], current_policy()),
        "comments_url": scope.answers(has_comment="true", **asked),
        "topics": Topic.objects.all(),
        "score_classes": CLASSES,
        "is_reading": bool(asked),
    }
