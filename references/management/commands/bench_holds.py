"""`manage.py bench_holds`: many salespeople at once on few promoters, and whether any cap, or any hold, was broken."""

import json
import os
import subprocess
import sys
from argparse import SUPPRESS, ArgumentParser
from dataclasses import asdict
from typing import Any

import psycopg
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from references.contention.contest import Outcome, run_contest
from references.contention.scratch import open_scratch

CANNOT = 2


class Command(BaseCommand):
    help = (
        "Let real processes go at the same few promoters at once, on a database made for this and removed again: a "
        "temporary SQLite file, or one on the PostgreSQL of --database or DATABASE_URL. An independent query counts "
        "whether caps were broken, holds lost or doubled; exits with 1 if any. With --no-lock, the control, rules are "
        "judged before the transaction: then caps must break, and it exits with 1 if none did."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--people", type=int, default=10, metavar="N", help="scarce promoters (10)")
        parser.add_argument("--salespeople", type=int, default=64, metavar="N", help="processes at once (64)")
        parser.add_argument("--rounds", type=int, default=3, metavar="N", help="times each tries everybody (3)")
        parser.add_argument("--seed", type=int, help="make the same choices as a run before")
        parser.add_argument("--no-lock", action="store_true", help="the control: judge first, then write")
        parser.add_argument("--json", action="store_true", help="print the figures as one line of JSON")
        parser.add_argument("--database", metavar="URL", help="the PostgreSQL to use, or sqlite (DATABASE_URL)")
        parser.add_argument("--here", action="store_true", help=SUPPRESS)  # the process that has the scratch database

    def handle(self, *args: Any, **options: Any) -> None:
        if options["here"]:
            self._compete(options)
            return
        url = os.environ.get("DATABASE_URL", "") if options["database"] is None else options["database"]
        try:
            with open_scratch(url) as environment:
                code = subprocess.run(self._line(options), env=os.environ | environment, check=False).returncode  # noqa: S603
        except psycopg.OperationalError as error:
            raise CommandError(f"That PostgreSQL cannot be used: {error}", returncode=CANNOT) from error
        if code:
            sys.exit(code)

    def _line(self, options: dict[str, Any]) -> list[str]:
        """The command line of the same command in a process of its own."""
        line = [sys.executable, str(settings.BASE_DIR / "manage.py"), "bench_holds", "--here"]
        for name in ("people", "salespeople", "rounds", "seed"):
            if options[name] is not None:
                line += [f"--{name}", str(options[name])]
        return line + [f"--{name.replace('_', '-')}" for name in ("no_lock", "json") if options[name]]

    def _compete(self, options: dict[str, Any]) -> None:
        call_command("migrate", verbosity=0)
        outcome = run_contest(
            people=options["people"],
            salespeople=options["salespeople"],
            rounds=options["rounds"],
            locks=not options["no_lock"],
            seed=options["seed"],
        )
        self.stdout.write(json.dumps(asdict(outcome)) if options["json"] else tell(outcome))
        if not outcome.is_as_it_should_be:
            sys.exit(1)


def tell(outcome: Outcome) -> str:
    """The figures, a line each; what must be 0 stands below."""
    seconds = outcome.seconds or 1.0
    who = f"{outcome.salespeople} salespeople, a process each, at {outcome.people} promoters at once"
    pace = f"{outcome.taken / seconds:,.1f} holds/s, {outcome.attempts / seconds:,.0f} attempts/s"
    lines = [
        f"{who}, {outcome.rounds} times; {outcome.database}; seed {outcome.seed}",
        f"attempts     {outcome.attempts:>7,}",
        f"holds taken  {outcome.taken:>7,}   {_list(outcome.moves)}",
        f"refused      {outcome.refused:>7,}   {_list(outcome.refused_by)}",
        f"seconds      {seconds:>7.1f}   {pace}",
        f"caps broken  {sum(outcome.caps_broken.values()):>7,}   {_list(outcome.caps_broken)}",
        f"lost         {outcome.lost:>7,}",
        f"doubled      {outcome.doubled:>7,}",
        f"errors       {sum(outcome.errors.values()):>7,}   {_list(outcome.errors)}",
    ]
    if not outcome.locks:
        lines.append(f"control: caps broken {sum(outcome.caps_broken.values()):,}")
    return "\n".join(line.rstrip() for line in lines)


def _list(counts: dict[str, int]) -> str:
    return ", ".join(f"{name} {count:,}" for name, count in counts.items())
