"""Celery tasks of the pool: content that came to its end."""

from celery import shared_task

from references.services.recalls import sweep_content as sweep


@shared_task
def sweep_content() -> None:
    """End content whose last day, or whose last consent's, has passed."""
    sweep()
