"""Runs `manage.py bench_holds` on SQLite and on PostgreSQL, and its control without the lock."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from typing import Any

from django.conf import settings

from benchmarks.report import Report

_DATABASES = (("SQLite", "sqlite"), ("PostgreSQL", os.environ.get("BENCHMARK_POSTGRES", "")))
CANNOT_BE_USED = 2


def run(report: Report) -> None:
    """Let 64 processes go at 10 promoters, on each database that is there."""
    for name, url in _DATABASES:
        report.begin(f"64 salespeople at once on 10 promoters, {name}")
        found = _compete("--database", url)
        if found is None:
            report.add("skipped", "", f"no {name} can be reached")
            continue
        _tell(report, found)
        control = _compete("--database", url, "--no-lock", "--rounds", "1")
        if control is not None:
            broken = sum(control["caps_broken"].values())
            report.add("control: caps broken without the lock", broken, f"in {control['taken']:,} holds; must not be 0")


def _tell(report: Report, found: Mapping[str, Any]) -> None:
    report.add(
        "attempts", f"{found['attempts']:,}", f"each tries everybody {found['rounds']} times; seed {found['seed']}"
    )
    report.add("holds taken", f"{found['taken']:,}", _list(found["moves"]))
    report.add("refused", f"{found['refused']:,}", _list(found["refused_by"]))
    report.add("caps broken", sum(found["caps_broken"].values()), "counted by a query of its own; must be 0")
    report.add("holds lost, doubled", f"{found['lost']}, {found['doubled']}", "must be 0")
    report.add("errors", sum(found["errors"].values()), _list(found["errors"]) or "must be 0")
    pace = f"{found['attempts'] / found['seconds']:,.0f} attempts/s"
    report.add("time", f"{found['seconds']:,.1f} s", f"{pace} from {found['salespeople']} processes")


def _compete(*options: str) -> dict[str, Any] | None:
    """Run the command in a process of its own; None where its database cannot be used."""
    line = [sys.executable, str(settings.BASE_DIR / "manage.py"), "bench_holds", "--json", *options]
    done = subprocess.run(line, stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode == CANNOT_BE_USED:
        return None
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def _list(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{name} {count:,}" for name, count in counts.items())
