"""Celery tasks of requests: what is looked at again and again, whatever was promised."""

from celery import shared_task

from matching.services import unfilled


@shared_task
def close_overdue_slots() -> None:
    """Close the speaking slots whose deadline has passed with nobody found."""
    unfilled.close_overdue_slots()
