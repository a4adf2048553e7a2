"""`manage.py export_program FILE.zip`: write the whole program into one archive."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from matching.archive.writing import write_archive


class Command(BaseCommand):
    """Writes every row and uploaded file; keys, sessions, passwords and what is under way stay out."""

    help = "Write the whole program into one archive, which import_program reads."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        if path.exists():
            raise CommandError(f"{path} is there already; name a file that is not.")
        manifest = write_archive(path)
        path.chmod(0o600)
        rows = sum(part["rows"] for part in manifest["parts"].values())
        self.stdout.write(f"{path}: {rows:,} rows, {len(manifest['files']):,} files.")
        for name in manifest["missing_files"]:
            self.stderr.write(f"Not there any more, so not in it: {name}")
        self.stdout.write("Left out: " + ", ".join(sorted(manifest["left_out"])) + ".")
