"""The matching floor: reading a brief, ranking the pool, and the way of a request from brief to outcome."""

from django.apps import AppConfig


class MatchingConfig(AppConfig):
    name = "matching"

    def ready(self) -> None:
        from matching import events, handlers, letters, personal_data, tables  # noqa: PLC0415 - models are ready

        events.register_events()
        handlers.register_handlers()
        letters.register_letters()
        personal_data.register_personal_data()
        tables.register_tables()
