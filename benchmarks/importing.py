"""Times `manage.py import_pool` over a generated CSV, in a process and a database of its own."""

import csv
import json
import os
import random
import subprocess
import sys
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter, sleep

from django.conf import settings

from benchmarks.pool import SEED, WORDS, make_words
from benchmarks.report import Report
from benchmarks.temporary import is_reachable, new_database
from references.enums import SizeBand
from references.importing.preview import choose_mapping
from references.importing.readers import open_table
from references.importing.report import ImportReport
from references.importing.spool import Spool
from references.starter import load_facet

HEADINGS = (
    "customer", "customer_domain", "industry", "country", "size", "products", "solutions", "promoter", "title",
    "seniority", "email", "activities", "nps", "nps_date", "quote", "consent",
)  # fmt: skip
MOST_ROWS = 100_000
_TITLES = ("CFO", "VP Operations", "Head of IT", "Director of Marketing", "Plant manager", "Data engineer")
_COUNTRIES = ("Germany", "United States", "France", "Brazil", "Japan", "Sweden", "Canada", "India", "Spain")


def write_csv(path: Path, rows: int, today: date) -> None:
    """Write one promoter a row, in .6 as many customers; every fifth with a quote."""
    source, words = random.Random(SEED), make_words(WORDS)
    industries = [row.name for row in load_facet("industry")]
    solutions = [row.name for row in load_facet("solution")]
    customers = [f"{words[each % WORDS].title()} {each} Group" for each in range(max(1, rows * 6 // 10))]
    with path.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.writer(lines)
        writer.writerow(HEADINGS)
        for number in range(rows):
            place = number * len(customers) // rows
            company = random.Random(place)
            first, last = source.choice(words).title(), source.choice(words).title()
            quote = f"{' '.join(source.choices(words, k=14)).capitalize()}." if number % 5 == 0 else ""
            day = today - timedelta(days=source.randrange(1, 700))
            writer.writerow(
                (
                    customers[place], f"c{place}.example", company.choice(industries), company.choice(_COUNTRIES),
                    company.choice(SizeBand.values), words[-company.randrange(1, 100)].title(),
                    "; ".join(source.sample(solutions, 2)), f"{first} {last}", source.choice(_TITLES), "",
                    f"p{number}@c{place}.example", "call; quote", source.randrange(6, 11), day.isoformat(), quote,
                    "call; quote",
                )
            )  # fmt: skip


def run(report: Report, rows: int, today: date) -> None:
    """Import a file of `rows`, at most 100,000, and one of a fifth of that, each into an empty program and then again.

    Then read one of three times as many rows on trial. The memory of each shows how little it grows with the file.
    """
    rows = min(rows, MOST_ROWS)
    for name, server in (("SQLite", ""), ("PostgreSQL", os.environ.get("BENCHMARK_POSTGRES", ""))):
        for count in (rows // 5, rows):
            report.begin(f"Importing {count:,} rows of CSV into {name}")
            if name == "PostgreSQL" and not is_reachable(server):
                report.add("skipped", "", "PostgreSQL is not reachable")
                break
            _import(report, count, today, server)
    report.begin("Reading CSV before an import writes")
    for count in (rows // 5, rows, rows * 3):
        _read(report, count, today)


def _import(report: Report, count: int, today: date, server: str) -> None:
    """Import a file and import it again, into a new database: on `server`, or else a SQLite file."""
    with TemporaryDirectory() as folder, new_database(server, folder) as url:
        file = Path(folder) / "promoters.csv"
        write_csv(file, count, today)
        environment = os.environ | {"VAR_DIR": folder, "DATABASE_URL": url}
        for command in ("migrate", "load_vocabulary"):
            _manage(environment, command)
        for what in ("import", "import the same file again"):
            began = perf_counter()
            told, memory = _manage(environment, "import_pool", str(file), "--json")
            whole = perf_counter() - began
            answer = json.loads(told)
            assert answer["refusal"] is None, answer
            seconds = answer["elapsed_seconds"]
            remark = f"{seconds:,.1f} s, {whole:,.1f} s with start and the reading for tags"
            report.add(what, f"{count / seconds:,.0f} rows/s", remark)
            report.add(f"{what}: memory at most", f"{memory:,.0f} MiB", "of the whole process; the server's own aside")


def _read(report: Report, count: int, today: date) -> None:
    """Read and check a file in a process of its own; no database is written."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / "promoters.csv"
        write_csv(file, count, today)
        told, memory = _run(os.environ, "-m", "benchmarks", "--spool", str(file))
        answer = json.loads(told)
        assert answer["rows"] == count, answer
        figure = f"{count / answer['seconds']:,.0f} rows/s"
        report.add(f"read {count:,} rows", figure, f"{answer['seconds']:,.1f} s, at most {memory:,.0f} MiB")


def tell_spool(path: Path) -> None:
    """Read and check a file into a spool and out of it again; prints rows and seconds as JSON."""
    began = perf_counter()
    table = open_table(path)
    report = ImportReport(path.name)
    with Spool() as spool:
        spool.fill(table, choose_mapping(table, None), report, lambda rows: None)
        rows = sum(map(len, spool.batches()))
    print(json.dumps({"rows": rows, "seconds": perf_counter() - began}))


def _manage(environment: Mapping[str, str], *arguments: str) -> tuple[str, float]:
    """Run a management command; gives as `_run`."""
    return _run(environment, str(settings.BASE_DIR / "manage.py"), *arguments)


def _run(environment: Mapping[str, str], *arguments: str) -> tuple[str, float]:
    """Run Python; gives what it printed, and the most memory it held in MiB."""
    command = [sys.executable, *arguments]
    most = 0
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as process:
        while process.poll() is None:  # getrusage would count what this process held when it forked
            most = max(most, _peak(process.pid))
            sleep(0.1)
        told = process.stdout.read() if process.stdout else ""
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    return told, most / 1024


def _peak(pid: int) -> int:
    """KiB that a process has held at most; 0 where it has just ended."""
    lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()
    return next((int(line.split()[1]) for line in lines if line.startswith("VmHWM:")), 0)
