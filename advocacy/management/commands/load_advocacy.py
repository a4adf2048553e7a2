"""`manage.py load_advocacy`: adds the starter asks, points, levels, badges and recovery plays."""

from typing import Any

from django.core.management.base import BaseCommand

from advocacy.services.starting import load_starter


class Command(BaseCommand):
    help = "Add the starter of advocacy (asks, points, levels, badges, recovery plays); what is there is left alone."

    def handle(self, *args: Any, **options: Any) -> None:
        added = load_starter()
        self.stdout.write(f"{added} rows added." if added else "Everything is there already.")
