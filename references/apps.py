"""The references floor: the pool of promoters and all that is known of them."""

from django.apps import AppConfig


class ReferencesConfig(AppConfig):
    name = "references"
    verbose_name = "References"

    def ready(self) -> None:
        from delivery import jobs, outbox  # noqa: PLC0415 - models are ready only now
        from references.announcing import CONSENT_CHANGED  # noqa: PLC0415
        from references.events import register_events  # noqa: PLC0415
        from references.importing import jobs as import_jobs  # noqa: PLC0415
        from references.letters import register_letters  # noqa: PLC0415
        from references.merging.own import register_own_relations  # noqa: PLC0415
        from references.services import duplicates, erasing_reviews, files, inference, recalls, sorting  # noqa: PLC0415
        from references.tables import jobs as export_jobs  # noqa: PLC0415
        from references.tables.registering import register_tables  # noqa: PLC0415

        outbox.register_handler(inference.OUTBOX_KIND, outbox.Handler(inference.keep_promise, long=True))
        outbox.register_handler(CONSENT_CHANGED, outbox.Handler(recalls.keep_rights_promise, long=True))
        register_events()
        register_letters()
        register_own_relations()
        erasing_reviews.register_personal_reviews()
        files.watch_deletions()
        jobs.register_runner(duplicates.JOB_KIND, duplicates.run_search_job)
        jobs.register_runner(import_jobs.JOB_KIND, import_jobs.run_import_job)
        jobs.register_runner(sorting.JOB_KIND, sorting.run_sorting_job)
        jobs.register_runner(export_jobs.JOB_KIND, export_jobs.run_export_job)
        register_tables()
