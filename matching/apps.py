"""The matching floor: reading a brief, ranking the pool, and the way of a request from brief to outcome."""

from django.apps import AppConfig


class MatchingConfig(AppConfig):
    name = "matching"

    def ready(self) -> None:
        from matching import (  # noqa: PLC0415 - models are ready only now
            content_places,
            events,
            handlers,
            letters,
            personal_data,
            tables,
        )

        content_places.register_content_places()
        events.register_events()
        handlers.register_handlers()
        letters.register_letters()
        personal_data.register_personal_data()
        tables.register_tables()
