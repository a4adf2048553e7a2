"""The matching floor: reading a brief, ranking the pool, and the way of a request from brief to outcome."""

from django.apps import AppConfig


class MatchingConfig(AppConfig):
    name = "matching"

    def ready(self) -> None:
        from delivery import jobs  # noqa: PLC0415 - models are ready only now
        from matching import (  # noqa: PLC0415 - models are ready only now
            content_places,
            events,
            handlers,
            letters,
            merging,
            personal_data,
            tables,
        )
        from matching.archive import jobs as archive_jobs  # noqa: PLC0415

        content_places.register_content_places()
        events.register_events()
        handlers.register_handlers()
        letters.register_letters()
        personal_data.register_personal_data()
        merging.register_merging()
        tables.register_tables()
        jobs.register_runner(archive_jobs.JOB_KIND, archive_jobs.run_archive_job)
