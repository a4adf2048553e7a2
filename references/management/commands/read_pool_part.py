"""Reads some customers of the pool into a folder, for the process that builds the image of all."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from references.pool.parts import read_part


class Command(BaseCommand):
    requires_system_checks = ()  # they would take as long as a tenth of the pool
    help = "Read the customers between two ids into a folder; started by whoever builds the image of a large pool."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path)
        parser.add_argument("beyond", type=int)
        parser.add_argument("last", type=int)

    def handle(self, *args: Any, folder: Path, beyond: int, last: int, **options: Any) -> None:
        segment, revision = read_part(beyond, last)
        segment.save(folder)
        self.stdout.write(json.dumps(asdict(revision)))
