"""Celery tasks of requests: what is looked at again and again, whatever was promised."""

from celery import shared_task

from matching.services import searches, unfilled


@shared_task
def close_overdue_slots() -> None:
    """Close the speaking slots whose deadline has passed with nobody found."""
    unfilled.close_overdue_slots()


@shared_task
def check_saved_searches() -> None:
    """Promise today's look at every saved search whose owner wants mail."""
    searches.promise_checks()
