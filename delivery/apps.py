"""The delivery floor: what leaves the house, and work that outlives a request."""

from django.apps import AppConfig


class DeliveryConfig(AppConfig):
    name = "delivery"
    verbose_name = "Delivery"

    def ready(self) -> None:
        from delivery import jobs, mails, outbox, trial_letter, webhook_letters, webhooks  # noqa: PLC0415 - models are ready
        from delivery import webhook_sending as sending  # noqa: PLC0415

        working = outbox.Handler(
            jobs.run_job, long=True, max_attempts=4, give_up=jobs.abandon_job, reopen=jobs.reopen_job
        )
        outbox.register_handler(jobs.OUTBOX_KIND, working)
        mailing = outbox.Handler(mails.deliver_letter, long=True, give_up=mails.give_up_letter)
        outbox.register_handler(mails.OUTBOX_KIND, mailing)
        trial_letter.register()
        posting = outbox.Handler(
            sending.deliver_webhook,
            long=True,
            max_attempts=sending.MAX_ATTEMPTS,
            give_up=sending.give_up_webhook,
            reopen=sending.reopen_webhook,
        )
        outbox.register_handler(webhooks.WEBHOOK, posting)
        webhook_letters.register()
