"""Times `manage.py import_pool` over a generated CSV, in a process and an SQLite database of its own."""

import csv
import json
import os
import random
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from time import sleep

from django.conf import settings

from benchmarks.pool import SEED, WORDS, make_words
from benchmarks.report import Report
from references.enums import SizeBand
from references.starter import load_facet

HEADINGS = (
    "customer", "customer_domain", "industry", "country", "size", "products", "solutions", "promoter", "title",
    "seniority", "email", "activities", "nps", "nps_date", "quote", "consent",
)  # fmt: skip
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
    """Import files of a fifth of `rows` and of `rows` into an empty program, then the larger one again."""
    for count in (rows // 5, rows):
        report.begin(f"Importing {count:,} rows of CSV into SQLite")
        with TemporaryDirectory() as folder:
            file = Path(folder) / "promoters.csv"
            write_csv(file, count, today)
            environment = os.environ | {"VAR_DIR": folder, "DATABASE_URL": f"sqlite:///{folder}/import.sqlite3"}
            for command in ("migrate", "load_vocabulary"):
                _manage(environment, command)
            for what in ("import", "import the same file again"):
                told, memory = _manage(environment, "import_pool", str(file), "--json")
                answer = json.loads(told)
                assert answer["refusal"] is None, answer
                seconds = answer["elapsed_seconds"]
                report.add(what, f"{count / seconds:,.0f} rows/s", f"{seconds:,.1f} s, at most {memory:,.0f} MiB")


def _manage(environment: dict[str, str], *arguments: str) -> tuple[str, float]:
    """Run a management command; gives what it printed, and the most memory it held in MiB."""
    command = [sys.executable, str(settings.BASE_DIR / "manage.py"), *arguments]
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
