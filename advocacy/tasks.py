"""Celery tasks of advocacy: what is looked at again and again, whatever was promised."""

from celery import shared_task

from advocacy.services import asking, badges, flags, leaving, points, recovery_changes, referrals


@shared_task
def sweep_asks() -> None:
    """End what is open with those who left, remind of asks that wait for an answer, and take silence for none."""
    leaving.sweep_leavers()
    asking.sweep_asks()


@shared_task
def sweep_recovery() -> None:
    """Remind the owners of recovery plays whose day is over."""
    recovery_changes.remind_overdue()


@shared_task
def expire_points() -> None:
    """Take off the points that have lapsed."""
    points.sweep_expiry()


@shared_task
def award_badges() -> None:
    """Award the badges that were earned by now."""
    badges.sweep_badges()


@shared_task
def forget_old_referral_leads() -> None:
    """Erase who the leads were that came to nothing and were kept as long as they may be."""
    referrals.forget_old_leads()


@shared_task
def sweep_flags() -> None:
    """Look for signs of fraud among those who did something of late."""
    flags.sweep_flags()
