"""What a run found: rows of a table, printed as they come and written as Markdown with the machine and the command."""

import os
import platform
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter

import numpy as np


@dataclass(frozen=True, slots=True)
class Timing:
    """Milliseconds over a number of calls."""

    median: float
    p95: float
    calls: int

    def __str__(self) -> str:
        return f"{self.median:,.1f} ms median, {self.p95:,.1f} ms p95"


def summarize(seconds: Sequence[float]) -> Timing:
    """Median and 95th percentile of measured seconds."""
    median, p95 = (float(each) * 1000 for each in np.percentile(seconds, [50, 95]))
    return Timing(median, p95, len(seconds))


def clock(call: Callable[[], object]) -> float:
    """Seconds that one call takes."""
    began = perf_counter()
    call()
    return perf_counter() - began


def measure(calls: Sequence[Callable[[], object]]) -> Timing:
    """Call each once, in order."""
    return summarize([clock(call) for call in calls])


@dataclass
class Report:
    """Rows of (what, figure, remark) under headings, and notes in full below them."""

    command: str
    headings: list[str] = field(default_factory=list)
    rows: dict[str, list[tuple[str, str, str]]] = field(default_factory=dict)
    notes: dict[str, str] = field(default_factory=dict)

    def begin(self, heading: str) -> None:
        """Open a heading; rows that follow belong to it."""
        self.headings.append(heading)
        self.rows[heading] = []
        print(f"\n== {heading} ==", flush=True)

    def add(self, what: str, figure: object, remark: str = "") -> None:
        """Add a row, and print it."""
        self.rows[self.headings[-1]].append((what, str(figure), remark))
        print(f"{what:<58} {figure}" + (f"  ({remark})" if remark else ""), flush=True)

    def note(self, title: str, text: str) -> None:
        """Keep a longer text, such as a query, for the end."""
        self.notes[title] = text

    def write(self, path: Path) -> None:
        """Write all of it as Markdown."""
        lines = ["# Benchmark results", "", *describe_machine(), f"- Command: `{self.command}`", ""]
        for heading in self.headings:
            lines += [f"## {heading}", "", "| what | figure | remark |", "| --- | --- | --- |"]
            lines += [f"| {what} | {figure} | {remark} |" for what, figure, remark in self.rows[heading]]
            lines.append("")
        for title, text in self.notes.items():
            lines += [f"## {title}", "", "```", text.strip(), "```", ""]
        path.write_text("\n".join(lines), encoding="utf-8")


def describe_machine() -> list[str]:
    """Date, cores, memory, load and versions; nothing that tells whose machine it is."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    machine = f"{os.cpu_count()} cores, {memory:.0f} GiB of memory, {platform.system()} {platform.machine()}"
    return [
        f"- Date: {datetime.now(UTC):%Y-%m-%d %H:%M} UTC",
        f"- Machine: {machine}; mean load over the last five minutes: {os.getloadavg()[1]:.1f}",
        f"- Python {platform.python_version()}, NumPy {np.__version__}",
    ]


def command_line(module: str = "benchmarks") -> str:
    """The command as given, without the path of the interpreter."""
    return " ".join([f"python -m {module}", *sys.argv[1:]])
