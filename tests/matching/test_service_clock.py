"""The service clock: it runs in business hours, stands while a customer is awaited, and never twice for one hour."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.business_time import add_business_hours, business_hours_between, calendar_of
from matching.service_clock import Span, ends_at, merge_spans
from references.policy import ServicePolicy

SERVICE = ServicePolicy(time_zone="Europe/Berlin", holidays=("2026-05-01", "2026-12-25"))
CALENDAR = calendar_of(SERVICE)
MONDAY = datetime(2026, 6, 1, 8, tzinfo=UTC)  # 10:00 in Berlin
TIMES = st.timedeltas(timedelta(), timedelta(days=60)).map(MONDAY.__add__)
NOW = MONDAY + timedelta(days=60)


@st.composite
def spans(draw: st.DrawFn) -> Span:
    start = draw(TIMES)
    return start, draw(st.none() | st.timedeltas(timedelta(), timedelta(days=20)).map(start.__add__))


def due(*awaited: Span, started: datetime = MONDAY, now: datetime = NOW) -> datetime:
    moment = ends_at(started, awaited, awaited=False, now=now, service=SERVICE)
    assert moment is not None
    return moment


def local(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}+02:00")


@pytest.mark.parametrize(
    "awaited, end",
    [
        ([], "2026-06-04 10:00"),  # 24 hours of 8 a day, from Monday at ten
        ([("2026-06-02 09:00", "2026-06-02 11:00")], "2026-06-04 12:00"),
        ([("2026-06-02 16:00", "2026-06-03 10:00")], "2026-06-04 12:00"),  # an hour before the night, one after it
        ([("2026-06-02 18:00", "2026-06-03 08:00")], "2026-06-04 10:00"),  # a night is no time
        ([("2026-06-05 17:00", "2026-06-08 09:00")], "2026-06-04 10:00"),  # nor is a weekend
        ([("2026-06-02 09:00", "2026-06-02 11:00")] * 2, "2026-06-04 12:00"),  # two awaited at once
        ([("2026-06-02 09:00", "2026-06-02 11:00"), ("2026-06-02 10:00", "2026-06-02 13:00")], "2026-06-04 14:00"),
    ],
)
def test_clock_stands_while_a_customer_is_awaited(awaited: list[tuple[str, str]], end: str) -> None:
    assert due(*[(local(start), local(answer)) for start, answer in awaited]) == local(end)


def test_request_has_no_due_time_while_a_customer_is_awaited() -> None:
    assert ends_at(MONDAY, [(MONDAY, None)], awaited=True, now=NOW, service=SERVICE) is None


def test_span_without_an_answer_lasts_until_now() -> None:
    now = MONDAY + timedelta(hours=3)
    assert due((MONDAY, None), now=now) == due((MONDAY, now))


@given(st.lists(spans(), max_size=6))
def test_merged_spans_are_disjoint_in_order_and_cover_the_same(given_spans: list[Span]) -> None:
    merged = merge_spans(given_spans, NOW)
    assert all(before[1] < after[0] for before, after in pairwise(merged))
    closed = [(start, end or max(start, NOW)) for start, end in given_spans]
    for start, end in closed:
        assert any(first <= start and end <= last for first, last in merged)
    edges = {moment for span in closed for moment in span} | {NOW}
    assert all(start in edges and end in edges for start, end in merged)
    assert merge_spans(merged, NOW) == merged


@given(st.lists(spans(), max_size=5), TIMES)
def test_every_hour_of_waiting_counts_once_and_no_other_does(given_spans: list[Span], started: datetime) -> None:
    """Between the start and the due time lie the hours of the promise, and those that were waited for."""
    stood = sum(business_hours_between(start, end, CALENDAR) for start, end in merge_spans(given_spans, NOW))
    total = business_hours_between(started, due(*given_spans, started=started), CALENDAR)
    assert total == pytest.approx(SERVICE.request_hours + stood)


@given(st.lists(spans(), max_size=4), spans())
def test_waiting_longer_is_never_due_earlier(given_spans: list[Span], one_more: Span) -> None:
    assert due(*given_spans, one_more) >= due(*given_spans) >= add_business_hours(MONDAY, 24, CALENDAR)


@given(st.lists(spans(), max_size=5), st.randoms())
def test_order_of_spans_does_not_matter(given_spans: list[Span], dice: object) -> None:
    shuffled = list(given_spans)
    dice.shuffle(shuffled)  # type: ignore[attr-defined]
    assert due(*shuffled) == due(*given_spans)
