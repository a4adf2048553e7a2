"""The advocacy floor: asks and their ladder, points and rewards, referrals, recovery plays, early-adopter programs."""

from django.apps import AppConfig


class AdvocacyConfig(AppConfig):
    name = "advocacy"

    def ready(self) -> None:
        from advocacy.personal_data import register_personal_data  # noqa: PLC0415
        from advocacy.services import earning  # noqa: PLC0415 - models are ready only now
        from delivery import outbox  # noqa: PLC0415
        from references.announcing import TOUCH_MOVED  # noqa: PLC0415

        outbox.register_handler(TOUCH_MOVED, outbox.Handler(earning.keep_touch_promise))
        register_personal_data()
