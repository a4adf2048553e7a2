"""What pages and the API show of answers: the score and how sure it is, its trend, segments, benchmarks, response rate.

Every reader is given the answers to report on and takes a constant number of queries. A group of fewer than ten answers
shows no score, as `scores.py` says.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from django.db.models import Count, Q, QuerySet

from surveys.columns import BLANK
from surveys.enums import InvitationStatus
from surveys.intervals import Interval, tango_interval
from surveys.models import Benchmark, Invitation, Response
from surveys.posterior import BandChances, band_chances
from surveys.querysets import InvitationQuerySet
from surveys.scores import (
    HIDDEN,
    Change,
    Tally,
    adjust_for_many,
    compare_same_people,
    compare_waves,
    shrink,
    tally_scores,
)
from surveys.segments import name_period, read_histogram, read_periods, read_tallies

K = TypeVar("K")
LEVEL = 0.05
"""What is called significant: below this after adjusting for how many comparisons there are."""


@dataclass(frozen=True, slots=True)
class ResponseRate:
    """How many invitations went out, and how many of them were answered."""

    asked: int
    answered: int

    @property
    def share(self) -> float | None:
        """Answered of asked, 0–1; None where nobody was asked."""
        return self.answered / self.asked if self.asked else None


@dataclass(frozen=True, slots=True)
class Summary:
    """All answers together. `interval` and `chances` are None where there are too few; `histogram` is by score."""

    tally: Tally
    histogram: Mapping[int, int]
    interval: Interval | None
    chances: BandChances | None
    rate: ResponseRate

    @property
    def is_hidden(self) -> bool:
        """Whether there are too few answers to show a score."""
        return self.tally.sample == HIDDEN


@dataclass(frozen=True, slots=True)
class Wave:
    """The answers of one month or quarter, from its first day `starts`.

    `change` is from the last period before it that is not hidden; `is_significant` after adjusting for all of them.
    """

    starts: date
    name: str
    tally: Tally
    interval: Interval | None
    change: Change | None
    is_significant: bool


@dataclass(frozen=True, slots=True)
class Trend:
    """Periods in order of time; `undated` answers are in none of them."""

    waves: tuple[Wave, ...]
    undated: Tally


@dataclass(frozen=True, slots=True)
class SegmentScore:
    """The answers of one segment. `shrunk` is the NPS drawn to that of all; `difference` is from all the others.

    Both, and the interval, are None where there are too few answers to show.
    """

    value: str
    tally: Tally
    interval: Interval | None
    shrunk: float | None
    difference: Change | None
    is_significant: bool

    @property
    def is_hidden(self) -> bool:
        """Whether there are too few answers to show a score."""
        return self.tally.sample == HIDDEN


ABOVE, BELOW, LEVEL_WITH = "above", "below", "level"


@dataclass(frozen=True, slots=True)
class BenchmarkComparison:
    """One benchmark beside our score: by how many points we are above it (below, under 0), and whether surely so."""

    benchmark: Benchmark
    points: float | None
    verdict: str


def read_summary(rows: QuerySet[Response], invitations: InvitationQuerySet[Invitation]) -> Summary:
    """Summarize answers, and how many of `invitations` they come from; two queries."""
    histogram = read_histogram(rows)
    tally = tally_scores(histogram)
    is_shown = tally.sample != HIDDEN
    return Summary(
        tally=tally,
        histogram=histogram,
        interval=tango_interval(tally) if is_shown else None,
        chances=band_chances(tally) if is_shown else None,
        rate=read_rate(invitations),
    )


def read_rate(invitations: InvitationQuerySet[Invitation]) -> ResponseRate:
    """Of the invitations that went out, how many were answered; one query."""
    counted = invitations.asked().aggregate(
        asked=Count("pk"), answered=Count("pk", filter=Q(status=InvitationStatus.ANSWERED))
    )
    return ResponseRate(counted["asked"], counted["answered"])


def read_trend(rows: QuerySet[Response], unit: str = "month") -> Trend:
    """The score of each "month" or "quarter" that has answers, with changes; one query."""
    tallies = read_periods(rows, unit)
    undated = tallies.pop(None, Tally())
    changes: dict[date | None, Change | None] = {}
    before: Tally | None = None
    for starts, tally in tallies.items():
        if tally.sample == HIDDEN:
            continue
        changes[starts] = None if before is None else compare_waves(before, tally)
        before = tally
    significant = _significant(changes)
    waves = tuple(
        Wave(
            starts=starts,
            name=name_period(unit, starts),
            tally=tally,
            interval=None if tally.sample == HIDDEN else tango_interval(tally),
            change=changes.get(starts),
            is_significant=starts in significant,
        )
        for starts, tally in tallies.items()
        if starts is not None
    )
    return Trend(waves, undated)


def read_segments(rows: QuerySet[Response], segment: str) -> tuple[SegmentScore, ...]:
    """The score of each value of a segment, the most answers first, those without a value last; five queries at most.

    Each is compared with the answers of all others, adjusted for how many segments there are. Raises
    DomainError(unknown_segment).
    """
    tallies = read_tallies(rows, segment)
    total = tally_scores(read_histogram(rows))
    shown = {value: tally for value, tally in tallies.items() if tally.sample != HIDDEN}
    differences = {value: compare_waves(_without(total, tally), tally) for value, tally in shown.items()}
    significant = _significant(differences)
    parent = float(total.exact or 0)
    found = [
        SegmentScore(
            value=value,
            tally=tally,
            interval=tango_interval(tally) if value in shown else None,
            shrunk=shrink(tally, parent) if value in shown else None,
            difference=differences.get(value),
            is_significant=value in significant,
        )
        for value, tally in tallies.items()
    ]
    return tuple(sorted(found, key=lambda each: (each.value == BLANK, -each.tally.responses, each.value)))


def read_same_people(rows: QuerySet[Response]) -> Change | None:
    """How those who answered more than once changed from their last answer but one to their last; one query.

    None where nobody did.
    """
    known = rows.filter(contact__isnull=False, answered_on__isnull=False).order_by("contact", "answered_on", "pk")
    scores: dict[int, list[int]] = {}
    for contact, score in known.values_list("contact", "score"):
        if contact is not None:
            scores.setdefault(contact, []).append(score)
    pairs = Counter((given[-2], given[-1]) for given in scores.values() if len(given) > 1)
    return compare_same_people(pairs)


def compare_with_benchmarks(tally: Tally, benchmarks: Sequence[Benchmark]) -> tuple[BenchmarkComparison, ...]:
    """Say of each benchmark whether our score is surely above or below it, or level: it lies in our interval."""
    interval = None if tally.sample == HIDDEN else tango_interval(tally)
    return tuple(_compare(tally, interval, each) for each in benchmarks)


def _compare(tally: Tally, interval: Interval | None, benchmark: Benchmark) -> BenchmarkComparison:
    if interval is None or tally.exact is None:
        return BenchmarkComparison(benchmark, None, "")
    mark = float(benchmark.nps)
    verdict = LEVEL_WITH if interval.holds(mark) else ABOVE if interval.low > mark else BELOW
    return BenchmarkComparison(benchmark, round(float(tally.exact) - mark, 2), verdict)


def _significant(changes: Mapping[K, Change | None]) -> set[K]:
    """Those that stay significant once adjusted for how many were compared."""
    compared = {key: change for key, change in changes.items() if change is not None}
    adjusted = adjust_for_many([change.p_value for change in compared.values()])
    return {key for key, p_value in zip(compared, adjusted, strict=True) if p_value < LEVEL}


def _without(total: Tally, part: Tally) -> Tally:
    """The answers of all the others; none below zero where somebody counts in two segments."""
    return Tally(
        max(0, total.promoters - part.promoters),
        max(0, total.passives - part.passives),
        max(0, total.detractors - part.detractors),
    )
