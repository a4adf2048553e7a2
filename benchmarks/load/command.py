"""The load test: the bare site first, then the site itself under mixed reads and writes, and what both tell."""

import argparse
from collections import Counter
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from time import monotonic, sleep

from django.conf import settings
from django.db import connection, connections
from django.utils import timezone

from benchmarks.load import memory
from benchmarks.load.calling import Timed
from benchmarks.load.driving import Driven, count_rate, drive, drive_bare, group_timed, run_clients, sum_made
from benchmarks.load.mix import WRITES
from benchmarks.load.seeding import count_made, seed
from benchmarks.load.serving import find_free_port, serve_bare, serve_site
from benchmarks.load.watching import Sample, find_troubles, watch_memory
from benchmarks.load.world import World
from benchmarks.report import Report, command_line, summarize
from delivery.models import OutboxMessage

GOAL = 0.5
WARM_UP = 10.0
BARE_SECONDS = 15.0
OUTBOX_PATIENCE = 60.0
SETTLING_PATIENCE = 600.0
SHOWN = 10
BARE, WITH_QUERY = "a bare view", "a bare view with one query and a template"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a run of the site left: the clients' tales, memory by the minute, and whether anything is missing."""

    driven: list[Driven]
    samples: list[Sample]
    made: dict[str, int]
    troubles: list[str]
    waiting: int
    given_up: int


def main(options: argparse.Namespace) -> int:
    """Run it all; gives 1 where an answer was wrong, or what was answered is not in the database."""
    report = Report(command_line("benchmarks.load"))
    database = "PostgreSQL" if connection.vendor == "postgresql" else "SQLite"
    world = seed(options.people, options.workers, find_free_port(), timezone.now())
    connections.close_all()
    report.begin(f"A bare Django site behind the same web server, {options.workers} clients")
    bare = _measure_bare(report, world, options.workers, min(BARE_SECONDS, options.minutes * 60))
    outcome = _run_site(world, options.workers, options.minutes * 60)
    report.begin(f"The site under load, {options.people:,} promoters on {database}, {options.workers} clients")
    tell_calls(report, outcome.driven)
    _tell_ratio(report, count_rate(outcome.driven), bare)
    tell_memory(report, outcome.samples)
    errors = tell_errors(report, outcome)
    if options.results:
        report.write(options.results)
        print(f"\nWritten to {options.results.name}.")
    return 1 if errors else 0


def _measure_bare(report: Report, world: World, clients: int, seconds: float) -> dict[str, float]:
    """Answers a second of each bare view, asked by as many clients."""
    port, rates = find_free_port(), {}
    people = [f"/people/?from={pk}" for pk in world.contacts]
    with serve_bare(port, settings.VAR_DIR / "bare.log"):
        for what, paths in ((BARE, ["/ok/"]), (WITH_QUERY, people)):
            driven = run_clients(drive_bare, [(port, what, paths, seconds, 1.0)] * clients)
            calls = [call for each in driven for call in (*each.early_faults, *each.timed)]
            if faults := [call.fault for call in calls if call.fault]:
                raise RuntimeError(f"The bare site failed: {faults[0]}")
            rates[what] = count_rate(driven)
            report.add(what, f"{rates[what]:,.0f} answers/s", _summarize(calls))
    return rates


def _run_site(world: World, clients: int, seconds: float) -> Outcome:
    """Start the site, drive it, let its worker come to rest, and count what is there."""
    log = settings.VAR_DIR / "site.log"
    calls = [(world.share(number, clients), number + 1, seconds, WARM_UP) for number in range(clients)]
    with serve_site(world.port, log) as runner:
        _wait_for_outbox(SETTLING_PATIENCE)  # a new vocabulary has all stories read for tags, once
        watching: AbstractContextManager[list[Sample]] = nullcontext([])
        if memory.is_available():
            watching = watch_memory(runner)
        with watching as samples:
            driven = run_clients(drive, calls)
        waiting = _wait_for_outbox(OUTBOX_PATIENCE)
    given_up = OutboxMessage.objects.filter(gave_up_at__isnull=False).count()
    return Outcome(driven, samples, count_made(world), _read_troubles(log), waiting, given_up)


def _wait_for_outbox(patience: float) -> int:
    """Wait so many seconds until the worker has delivered what is due; gives how much still waits in the end."""
    deadline = monotonic() + patience
    while (waiting := OutboxMessage.objects.waiting().count()) and monotonic() < deadline:
        sleep(1)
    return waiting


def _read_troubles(log: Path) -> list[str]:
    return find_troubles(log.read_text(errors="replace"))


def tell_calls(report: Report, driven: Sequence[Driven]) -> None:
    """A row for each kind of call, with how many failed, and the answers a second of all together."""
    for kind, calls in sorted(group_timed(driven).items()):
        faults = sum(bool(call.fault) for call in calls)
        report.add(kind, _summarize(calls), f"{len(calls):,} calls, {faults:,} errors")
    report.add("throughput", f"{count_rate(driven):,.1f} answers/s", f"{sum(WRITES.values())} of 100 acts write")


def _tell_ratio(report: Report, rate: float, bare: dict[str, float]) -> None:
    for what, other in bare.items():
        ratio = rate / other
        verdict = "reached" if ratio >= GOAL else "not reached"
        remark = f"the goal of {GOAL} × is {verdict}; this view does no work at all" if what == BARE else ""
        report.add(f"beside {what}", f"{ratio:.3f} ×", remark)


def tell_memory(report: Report, samples: Sequence[Sample]) -> None:
    """A row for each sample, and how much it grew from the first minute on, when all is warm."""
    if not samples:
        report.add("memory", "", "told on Linux only")
        return
    for place, sample in enumerate(samples):
        parts = ", ".join(f"{name} {size:,.0f}" for name, size in sample.parts.items())
        when = "at the start" if place == 0 else f"after {sample.seconds / 60:.1f} minutes"
        report.add(f"memory {when}", f"{sample.total:,.0f} MiB", f"{parts}; proportional set size")
    if len(samples) > 2:
        first, last = samples[1], samples[-1]
        pace = (last.total - first.total) / max(1.0, (last.seconds - first.seconds) / 60)
        report.add(
            "memory: growth after the first minute", f"{last.total - first.total:+,.0f} MiB", f"{pace:+.1f} a minute"
        )


def tell_errors(report: Report, outcome: Outcome) -> int:
    """Rows about everything that went wrong; gives how many things did."""
    faults: list[Timed] = [call for each in outcome.driven for call in (*each.early_faults, *each.timed) if call.fault]
    report.add("error answers", len(faults), "must be 0")
    said = sum_made(outcome.driven)
    told = ", ".join(f"{name} {said[name]:,}" for name in outcome.made)
    missing = sum(abs(said[name] - count) for name, count in outcome.made.items())
    report.add("writes lost or doubled", missing, f"answered: {told}; must be 0")
    report.add("effects that still wait, were given up", f"{outcome.waiting}, {outcome.given_up}", "must be 0")
    report.add("errors in the log", len(outcome.troubles), "must be 0")
    for text, count in Counter([call.fault for call in faults] + outcome.troubles).most_common(SHOWN):
        print(f"  {count} × {text}")
    return len(faults) + missing + outcome.waiting + outcome.given_up + len(outcome.troubles)


def _summarize(calls: Sequence[Timed]) -> str:
    return str(summarize([call.seconds for call in calls]))
