"""Makes every process read the pool afresh, after the database was restored by other means than `restore`."""

from typing import Any

from django.core.management.base import BaseCommand

from references.pool.writing import renew_epoch


class Command(BaseCommand):
    help = "Make every process read the pool afresh: needed after a restore by the database's own tools."

    def handle(self, *args: Any, **options: Any) -> None:
        renew_epoch()
        self.stdout.write("Every process will read the pool afresh.")
