"""Celery tasks of the pool: what came to its end or soon does, and what was kept long enough."""

from celery import shared_task

from references import consent_expiry
from references.services import duplicates, files, merging, wall
from references.services.recalls import sweep_content as sweep
from references.tables.files import purge_files


@shared_task
def sweep_content() -> None:
    """End content whose last day, or whose last consent's, has passed."""
    sweep()


@shared_task
def warn_of_ending_consents() -> None:
    """Write to whoever keeps what hangs on consents that end soon."""
    consent_expiry.warn_of_ending()


@shared_task
def sweep_orphaned_files() -> None:
    """Delete uploaded files that a crash left without a row."""
    files.sweep_orphans()


@shared_task
def forget_old_leads() -> None:
    """Delete the leads of the wall that were kept as long as they may be."""
    wall.forget_old_leads()


@shared_task
def purge_exports() -> None:
    """Delete exported files that were kept for seven days."""
    purge_files()


@shared_task
def search_duplicates() -> None:
    """Search the pool for likely duplicates, and forget what can be undone no more."""
    duplicates.search_all()
    merging.forget_merges()
