"""Reports on answers: sample rules, trends, segments against the others, benchmarks, rate, the same people."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from surveys.models import Benchmark, Campaign, Invitation, Response
from surveys.reports import (
    compare_with_benchmarks,
    read_rate,
    read_same_people,
    read_segments,
    read_summary,
    read_trend,
)
from surveys.scores import Tally, shrink
from tests.factories import make_contact
from tests.surveys.rows import make_campaign, make_invitation, make_responses

pytestmark = pytest.mark.django_db

GOOD, BAD = [9] * 18 + [8] * 2, [3] * 18 + [8] * 2


@pytest.fixture
def campaign() -> Campaign:
    return make_campaign()


def test_summary_of_enough_answers(campaign: Campaign) -> None:
    make_responses(campaign, [9] * 24 + [8] * 12 + [1] * 4)
    summary = read_summary(Response.objects.all(), Invitation.objects.all())
    assert summary.tally.nps == 50.0
    assert not summary.is_hidden
    assert summary.interval is not None
    assert (round(summary.interval.low), round(summary.interval.high)) == (26, 68)
    assert summary.chances is not None
    assert summary.chances.likeliest[0] == "great"
    assert summary.histogram[8] == 12
    assert (summary.rate.asked, summary.rate.share) == (0, None)


def test_summary_of_too_few_answers_shows_no_score(campaign: Campaign) -> None:
    make_responses(campaign, [9] * 9)
    summary = read_summary(Response.objects.all(), Invitation.objects.all())
    assert summary.is_hidden
    assert summary.interval is None
    assert summary.chances is None


def test_rate_counts_those_who_were_asked(campaign: Campaign) -> None:
    for status in ("sent", "answered", "no_answer", "no_answer", "waiting", "skipped", "failed"):
        make_invitation(make_contact(), campaign, status=status)
    rate = read_rate(Invitation.objects.all())
    assert (rate.asked, rate.answered, rate.share) == (4, 1, 0.25)


def test_trend_marks_what_changed_for_sure(campaign: Campaign) -> None:
    make_responses(campaign, GOOD, answered_on=date(2026, 1, 15))
    make_responses(campaign, GOOD, answered_on=date(2026, 2, 15))
    make_responses(campaign, [0] * 9, answered_on=date(2026, 3, 15))
    make_responses(campaign, BAD, answered_on=date(2026, 4, 15))
    make_responses(campaign, [8], answered_on=None)
    trend = read_trend(Response.objects.all())
    assert [wave.name for wave in trend.waves] == ["2026-01", "2026-02", "2026-03", "2026-04"]
    assert [wave.is_significant for wave in trend.waves] == [False, False, False, True]
    assert [None if wave.change is None else wave.change.points for wave in trend.waves] == [None, 0, None, -180]
    assert [wave.interval is None for wave in trend.waves] == [False, False, True, False]
    assert trend.undated == Tally(0, 1, 0)
    assert [wave.name for wave in read_trend(Response.objects.all(), "quarter").waves] == ["2026-Q1", "2026-Q2"]


def test_trend_is_of_the_days_even_where_a_file_had_a_month_of_its_own(campaign: Campaign) -> None:
    make_responses(campaign, GOOD, answered_on=date(2026, 1, 15), attributes={"month": "11"})
    assert [wave.name for wave in read_trend(Response.objects.all()).waves] == ["2026-01"]


def test_segments_are_compared_with_the_others(campaign: Campaign) -> None:
    make_responses(campaign, GOOD, attributes={"plan": "pro"})
    make_responses(campaign, BAD, attributes={"plan": "free"})
    make_responses(campaign, [9, 8, 8, 8, 8, 8, 8, 8, 8, 3], attributes={"plan": "new"})
    make_responses(campaign, [9] * 9, attributes={"plan": "tiny"})
    make_responses(campaign, [9] * 40, attributes={})
    found = {each.value: each for each in read_segments(Response.objects.all(), "plan")}
    assert list(found) == ["free", "pro", "new", "tiny", "(blank)"]
    assert {value for value, each in found.items() if each.is_significant} == {"free", "pro", "new", "(blank)"}
    total = Tally(18 + 1 + 9 + 40, 2 + 2 + 8, 18 + 1)
    assert total.exact is not None
    assert found["pro"].shrunk == pytest.approx(shrink(Tally(18, 2, 0), float(total.exact)))
    assert found["free"].difference is not None
    assert found["free"].difference.points == pytest.approx(-90 - 100 * (68 - 1) / 79)
    tiny = found["tiny"]
    assert tiny.is_hidden
    assert tiny.interval is None
    assert tiny.shrunk is None
    assert tiny.difference is None
    assert not tiny.is_significant


def test_many_segments_do_not_turn_chance_into_news(campaign: Campaign) -> None:
    """A p value of .03 is news alone, and none among twelve."""
    for number in range(11):
        make_responses(campaign, [9] * 10 + [8] * 6 + [3] * 4, attributes={"plan": f"p{number:02}"})
    make_responses(campaign, [9] * 6 + [8] * 6 + [3] * 8, attributes={"plan": "odd"})
    found = {each.value: each for each in read_segments(Response.objects.all(), "plan")}
    assert found["odd"].difference is not None
    assert 0.004 < found["odd"].difference.p_value < 0.05
    assert not any(each.is_significant for each in found.values())


def test_same_people_are_compared_with_themselves(campaign: Campaign) -> None:
    for _ in range(6):
        person = make_contact()
        make_responses(campaign, [0], contact=person, answered_on=date(2024, 1, 1))
        make_responses(campaign, [10], contact=person, answered_on=date(2026, 1, 1))
        make_responses(campaign, [7], contact=person, answered_on=date(2025, 1, 1))
    make_responses(campaign, [0], contact=make_contact())
    change = read_same_people(Response.objects.all())
    assert change is not None
    assert change.points == 100
    assert change.p_value == pytest.approx(2 / 64)
    assert read_same_people(Response.objects.none()) is None


@pytest.mark.parametrize(
    ("mark", "points", "verdict"),
    [("20", 30, "above"), ("50", 0, "level"), ("67.50", -17.5, "level"), ("80", -30, "below")],
)
def test_benchmarks_are_compared_by_the_interval(mark: str, points: float, verdict: str) -> None:
    benchmark = Benchmark(name="Peers", kind="market", nps=Decimal(mark), on=date(2026, 1, 1))
    (found,) = compare_with_benchmarks(Tally(24, 12, 4), [benchmark])
    assert (found.points, found.verdict) == (points, verdict)
    (unsure,) = compare_with_benchmarks(Tally(5, 2, 1), [benchmark])
    assert (unsure.points, unsure.verdict) == (None, "")


@pytest.mark.parametrize(
    "read",
    [
        lambda: read_summary(Response.objects.all(), Invitation.objects.all()),
        lambda: read_trend(Response.objects.all()),
        lambda: read_segments(Response.objects.all(), "plan"),
        lambda: read_segments(Response.objects.all(), "industry"),
        lambda: read_same_people(Response.objects.all()),
    ],
)
def test_every_reader_takes_a_constant_number_of_queries(campaign: Campaign, read: Callable[[], object]) -> None:
    def ask() -> int:
        with CaptureQueriesContext(connection) as caught:
            read()
        return len(caught)

    make_responses(campaign, [9], attributes={"plan": "a"}, contact=make_contact())
    before = ask()
    for number in range(4):
        make_responses(
            campaign,
            GOOD,
            attributes={"plan": f"b{number}"},
            contact=make_contact(),
            answered_on=date(2025, 1 + number, 1),
        )
    assert ask() == before <= 5
