"""Celery tasks of surveys: what is looked at again and again, whatever was promised."""

from celery import shared_task

from surveys.services.campaigns import close_ended_campaigns
from surveys.services.inviting import send_reminders


@shared_task
def sweep_surveys() -> None:
    """Close the campaigns whose last day is over, and remind those who have not answered."""
    close_ended_campaigns()
    send_reminders()
