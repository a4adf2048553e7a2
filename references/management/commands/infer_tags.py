"""`manage.py infer_tags`: read every customer's own words anew for the tags they speak of."""

from typing import Any

from django.core.management.base import BaseCommand

from references.services.inference import infer_all


class Command(BaseCommand):
    """Brings the inferred tags of the whole pool up to date now, instead of waiting for the worker."""

    help = "Infer tags from customers' names, stories and quotes."

    def handle(self, *args: Any, **options: Any) -> None:
        changed = infer_all()
        self.stdout.write(f"{changed:,} customers changed.")
