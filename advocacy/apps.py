"""The advocacy floor: asks and their ladder, points and rewards, referrals, recovery plays, early-adopter programs."""

from django.apps import AppConfig


class AdvocacyConfig(AppConfig):
    name = "advocacy"

    def ready(self) -> None:
        from advocacy.letters.adopters import register_adopter_letter  # noqa: PLC0415 - models are ready only now
        from advocacy.letters.askers import register_asker_letter  # noqa: PLC0415
        from advocacy.letters.asks import register_ask_letters  # noqa: PLC0415
        from advocacy.letters.moments import register_moment_letter  # noqa: PLC0415
        from advocacy.letters.recovery import register_recovery_letters  # noqa: PLC0415
        from advocacy.letters.referrals import register_referral_letters  # noqa: PLC0415
        from advocacy.letters.rewards import register_reward_letters  # noqa: PLC0415
        from advocacy.merging import register_merging  # noqa: PLC0415
        from advocacy.personal_data import register_personal_data  # noqa: PLC0415
        from advocacy.services import ask_campaigns, earning  # noqa: PLC0415
        from advocacy.tables import register_tables  # noqa: PLC0415
        from delivery import jobs, outbox  # noqa: PLC0415
        from references.announcing import TOUCH_MOVED  # noqa: PLC0415

        outbox.register_handler(TOUCH_MOVED, outbox.Handler(earning.keep_touch_promise))
        register_personal_data()
        register_merging()
        register_ask_letters()
        register_adopter_letter()
        register_asker_letter()
        register_recovery_letters()
        register_referral_letters()
        register_moment_letter()
        register_reward_letters()
        jobs.register_runner(ask_campaigns.JOB_KIND, ask_campaigns.run_campaign_job)
        register_tables()
