"""The surveys floor: campaigns that ask 0 to 10 and why, invitations, answers, and the scores."""

from django.apps import AppConfig


class SurveysConfig(AppConfig):
    name = "surveys"

    def ready(self) -> None:
        from surveys import events, personal_data  # noqa: PLC0415 - models are ready only now

        events.register_events()
        personal_data.register_personal_data()
