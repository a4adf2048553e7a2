"""The references floor: the pool of promoters and all that is known of them."""

from django.apps import AppConfig


class ReferencesConfig(AppConfig):
    name = "references"
    verbose_name = "References"

    def ready(self) -> None:
        from delivery import jobs, outbox  # noqa: PLC0415 - models are ready only now
        from references.events import register_events  # noqa: PLC0415
        from references.importing import jobs as import_jobs  # noqa: PLC0415
        from references.services import inference  # noqa: PLC0415

        outbox.register_handler(inference.OUTBOX_KIND, outbox.Handler(inference.keep_promise, long=True))
        register_events()
        jobs.register_runner(import_jobs.JOB_KIND, import_jobs.run_import_job)
