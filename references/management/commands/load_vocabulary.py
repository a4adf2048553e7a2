"""`manage.py load_vocabulary`: adds the starter tags that are not there yet."""

from typing import Any

from django.core.management.base import BaseCommand

from references.services.vocabulary import load_vocabulary


class Command(BaseCommand):
    help = "Add the starter vocabulary (industries, solutions, regions, roles …); tags that are there are left alone."

    def handle(self, *args: Any, **options: Any) -> None:
        added = load_vocabulary()
        self.stdout.write(f"{added} tags added." if added else "The vocabulary is complete already.")
