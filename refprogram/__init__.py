"""Wires the floors together: settings, URLs, the Celery app and the server entry points."""

from refprogram.celery import app as celery_app

__all__ = ["celery_app"]
