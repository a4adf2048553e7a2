"""The surveys floor: campaigns that ask 0 to 10 and why, invitations, answers, and the scores."""

from django.apps import AppConfig


class SurveysConfig(AppConfig):
    name = "surveys"

    def ready(self) -> None:
        from delivery import jobs  # noqa: PLC0415 - models are ready only now
        from surveys import events, handlers, import_jobs, letters, merging, personal_data  # noqa: PLC0415

        events.register_events()
        handlers.register_handlers()
        letters.register_letters()
        jobs.register_runner(import_jobs.JOB_KIND, import_jobs.run_response_import)
        personal_data.register_personal_data()
        merging.register_merging()
