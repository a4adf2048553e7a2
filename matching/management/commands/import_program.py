"""`manage.py import_program FILE.zip`: fill an empty program from an archive."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from matching.archive.parts import ArchiveRefusedError
from matching.archive.reading import read_archive


class Command(BaseCommand):
    """Checks the archive whole, then writes all of it or nothing; with --replace what is here is lost."""

    help = "Fill an empty program from an archive that export_program wrote."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--replace", action="store_true", help="lose what this program holds")
        parser.add_argument("--yes", action="store_true", help="do not ask before replacing")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["replace"] and not options["yes"] and not self._is_sure():
            raise CommandError("Nothing was changed.")
        try:
            counts = read_archive(options["file"], replace=options["replace"])
        except ArchiveRefusedError as error:
            raise CommandError(f"{error} Nothing was changed.") from error
        self.stdout.write(f"{sum(counts.values()):,} rows are in. Nobody has a password yet: set one for yourself by")
        self.stdout.write("    python manage.py changepassword YOUR@ADDRESS")

    def _is_sure(self) -> bool:
        self.stdout.write("Everything this program holds will be lost. Type 'replace' to go on:")
        return input().strip() == "replace"
