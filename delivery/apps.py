"""The delivery floor: what leaves the house, and work that outlives a request."""

from django.apps import AppConfig


class DeliveryConfig(AppConfig):
    name = "delivery"
    verbose_name = "Delivery"

    def ready(self) -> None:
        from delivery import jobs, outbox  # noqa: PLC0415 - models are ready only now

        handler = outbox.Handler(jobs.run_job, long=True, max_attempts=4, give_up=jobs.abandon_job)
        outbox.register_handler(jobs.OUTBOX_KIND, handler)
