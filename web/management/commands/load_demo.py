"""`manage.py load_demo`: fills an empty installation with the demonstration program."""

from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from advocacy.demo.loading import load_advocacy
from matching.demo.loading import load_whole_demo
from references.demo import COMPANY
from references.demo.cast import PASSWORD
from references.demo.loading import DemoReport
from references.demo.second_list import load_second_list
from references.errors import DomainError
from surveys.demo.loading import load_surveys


def load_everything(*, today: date, if_empty: bool) -> DemoReport:
    """Load the program, its requests, surveys, advocacy and a second list, each by itself; what is there stays."""
    report = load_whole_demo(today=today, if_empty=if_empty)
    if if_empty and not report.counts:
        return report
    later = {**load_surveys(today=today), **load_advocacy(today=today), **load_second_list(today=today)}
    return DemoReport({**report.counts, **later}, report.logins)


class Command(BaseCommand):
    help = (
        f"Load the demonstration program of the invented company {COMPANY}: customers, promoters, three years of "
        "ledger, stories, quotes, slots, requests in every state, surveys and what followed, "
        "likely duplicates and unknown words of a second list, and one login per role. "
        "A second run changes nothing. Not for production: everybody knows its password."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--if-empty", action="store_true", help="do nothing where the pool has any customer")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            report = load_everything(today=timezone.localdate(), if_empty=options["if_empty"])
        except DomainError as error:
            raise CommandError(error.message) from error
        if not report.counts:
            self.stdout.write("Nothing to load: the pool is not empty.")
            return
        counts = ", ".join(f"{count:,} {name}" for name, count in report.counts.items())
        self.stdout.write(f"{COMPANY} is loaded: {counts}.")
        for user in report.logins:
            self.stdout.write(f"  {user.get_role_display():<18} {user.email}  {PASSWORD}")
