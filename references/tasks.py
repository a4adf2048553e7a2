"""Celery tasks of the pool: content that came to its end, and leads kept long enough."""

from celery import shared_task

from references.services import wall
from references.services.recalls import sweep_content as sweep


@shared_task
def sweep_content() -> None:
    """End content whose last day, or whose last consent's, has passed."""
    sweep()


@shared_task
def forget_old_leads() -> None:
    """Delete the leads of the wall that were kept as long as they may be."""
    wall.forget_old_leads()
