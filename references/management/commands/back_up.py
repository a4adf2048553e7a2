"""Writes the database and the uploads to a file, while the site runs."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from references.snapshots import SnapshotError, back_up


class Command(BaseCommand):
    help = "Write the whole database and the uploads to a new file; `restore` reads it back."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            back_up(options["file"])
        except SnapshotError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"Backed up to {options['file']} ({options['file'].stat().st_size:,} bytes).")
