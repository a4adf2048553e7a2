"""Erases who the leads of referrals were that came to nothing, once they were kept for LEAD_DAYS."""

from typing import Any

from django.core.management.base import BaseCommand

from advocacy.services.referrals import forget_old_leads


class Command(BaseCommand):
    help = __doc__ or ""

    def handle(self, *args: Any, **options: Any) -> None:
        """Erase, and say how many."""
        self.stdout.write(f"{forget_old_leads()} leads erased")
