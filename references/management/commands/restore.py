"""Replaces the database and the uploads by a back-up."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from references.snapshots import SnapshotError, restore


class Command(BaseCommand):
    help = "Replace database and uploads by a file that `back_up` wrote. Stop the site first; everything newer is lost."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            restore(options["file"])
        except SnapshotError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"Restored from {options['file']}. Run `manage.py migrate` if it is from an older version.")
