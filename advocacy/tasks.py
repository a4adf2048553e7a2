"""Celery tasks of advocacy: what is looked at again and again, whatever was promised."""

from celery import shared_task

from advocacy.services import asking, recovery_changes


@shared_task
def sweep_asks() -> None:
    """Remind of asks that wait for an answer, and take silence for none."""
    asking.sweep_asks()


@shared_task
def sweep_recovery() -> None:
    """Remind the owners of recovery plays whose day is over."""
    recovery_changes.remind_overdue()
