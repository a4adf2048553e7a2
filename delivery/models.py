"""Promised effects, long work, and what comes back: the outbox, jobs, signed links and idempotency keys."""

import uuid
from collections.abc import Mapping
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from delivery.querysets import DeliveryQuerySet, OutboxQuerySet, WebhookQuerySet


class OutboxMessage(models.Model):
    """One effect promised in a transaction, delivered by a worker at least once, by its key recorded once."""

    kind = models.CharField(_("kind"), max_length=64)
    key = models.CharField(_("key"), max_length=200, unique=True)
    payload = models.JSONField(_("payload"), default=dict)
    due = models.DateTimeField(_("due"), default=timezone.now)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    leased_until = models.DateTimeField(_("leased until"), null=True, blank=True)
    delivered_at = models.DateTimeField(_("delivered"), null=True, blank=True)
    gave_up_at = models.DateTimeField(_("gave up"), null=True, blank=True)
    last_error = models.TextField(_("last error"), blank=True)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    objects: ClassVar["OutboxQuerySet[OutboxMessage]"] = OutboxQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["id"]
        verbose_name = _("outbox message")
        verbose_name_plural = _("outbox messages")
        indexes = [
            models.Index(
                F("due"), name="outbox_waiting", condition=Q(delivered_at__isnull=True, gave_up_at__isnull=True)
            ),
            models.Index(F("gave_up_at"), name="outbox_given_up", condition=Q(gave_up_at__isnull=False)),
            models.Index(F("delivered_at"), name="outbox_delivered", condition=Q(delivered_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"

    @property
    def is_given_up(self) -> bool:
        return self.gave_up_at is not None and self.delivered_at is None

    @property
    def is_being_delivered(self) -> bool:
        return self.delivered_at is None and self.leased_until is not None and self.leased_until > timezone.now()


class JobStatus(models.TextChoices):
    QUEUED = "queued", _("queued")
    RUNNING = "running", _("running")
    SUCCEEDED = "succeeded", _("succeeded")
    REFUSED = "refused", _("refused")
    FAILED = "failed", _("failed")
    CANCELLED = "cancelled", _("cancelled")


class Job(models.Model):
    """A piece of work that outlives its request: who asked for it, how far it is, and what came of it."""

    kind = models.CharField(_("kind"), max_length=64)
    title = models.CharField(_("title"), max_length=200)
    parameters = models.JSONField(_("parameters"), default=dict)
    status = models.CharField(_("status"), max_length=10, choices=JobStatus.choices, default=JobStatus.QUEUED)
    done = models.PositiveIntegerField(_("done"), default=0)
    total = models.PositiveIntegerField(_("total"), null=True, blank=True)
    step = models.CharField(_("step"), max_length=120, blank=True)
    report = models.JSONField(_("report"), default=dict)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("requested by"), null=True, on_delete=models.SET_NULL
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    started_at = models.DateTimeField(_("started"), null=True, blank=True)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        verbose_name = _("job")
        verbose_name_plural = _("jobs")

    def __str__(self) -> str:
        return self.title

    @property
    def is_finished(self) -> bool:
        return self.status not in {JobStatus.QUEUED, JobStatus.RUNNING}

    @property
    def percent(self) -> int | None:
        """Share done, 0–100; None while the total is unknown."""
        return min(100, round(100 * self.done / self.total)) if self.total else None


class SignedLink(models.Model):
    """The right to open one page without logging in, until it expires or is revoked; its token is never stored."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    purpose = models.CharField(_("purpose"), max_length=20)
    subject = models.CharField(_("subject"), max_length=80)
    expires_at = models.DateTimeField(_("expires"))
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)
    used_at = models.DateTimeField(_("used"), null=True, blank=True)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    class Meta:
        ordering = ["created_at"]
        verbose_name = _("signed link")
        verbose_name_plural = _("signed links")
        indexes = [models.Index(fields=["subject", "purpose"], name="signed_link_subject")]

    def __str__(self) -> str:
        return f"{self.purpose} {self.subject}"


class IdempotencyKey(models.Model):
    """A call that a user made under a key of their own, and the answer that a repeat of it gets."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, verbose_name=_("user"), on_delete=models.CASCADE)
    key = models.CharField(_("key"), max_length=200)
    endpoint = models.CharField(_("endpoint"), max_length=300)
    fingerprint = models.CharField(_("fingerprint"), max_length=64)
    status = models.PositiveSmallIntegerField(_("status"), null=True, blank=True)
    answer = models.JSONField(_("answer"), null=True, blank=True)
    created_at = models.DateTimeField(_("created"), auto_now_add=True, db_index=True)
    claimed_at = models.DateTimeField(_("claimed"))

    class Meta:
        ordering = ["id"]
        verbose_name = _("idempotency key")
        verbose_name_plural = _("idempotency keys")
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="idempotency_key_once")]

    def __str__(self) -> str:
        return f"{self.endpoint} {self.key}"


class WebhookSubscription(models.Model):
    """Somebody outside who hears of events: where, of which, and only of those that fit the filters.

    Its secret is never stored: it is derived from SECRET_KEY, its id and `secret_version`, which rotation counts up.
    The one before signs too until `old_secret_until`.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(_("name"), max_length=120)
    url = models.URLField(_("address"), max_length=500)
    events = models.JSONField(_("events"), default=list)
    filters = models.JSONField(
        _("only where"), default=dict, blank=True, help_text=_("Values by fact: any of them must fit, of every fact")
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("made by"), on_delete=models.CASCADE, related_name="webhooks"
    )
    is_active = models.BooleanField(_("active"), default=True)
    secret_version = models.PositiveIntegerField(_("version of the secret"), default=1)
    old_secret_until = models.DateTimeField(_("old secret until"), null=True, blank=True)
    failing_since = models.DateTimeField(_("failing since"), null=True, blank=True)
    quiet_until = models.DateTimeField(
        _("not tried before"),
        null=True,
        blank=True,
        help_text=_("Set where it did not answer, or asked to wait"),
    )
    stopped_why = models.CharField(_("why it was stopped"), max_length=300, blank=True)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    updated_at = models.DateTimeField(_("updated"), auto_now=True)

    objects: ClassVar["WebhookQuerySet[WebhookSubscription]"] = WebhookQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["name", "created_at"]
        verbose_name = _("webhook")
        verbose_name_plural = _("webhooks")

    def __str__(self) -> str:
        return self.name

    @property
    def standing(self) -> str:
        """active, failing, paused by somebody or stopped by the program."""
        if self.is_active:
            return "active" if self.failing_since is None else "failing"
        return "stopped" if self.stopped_why else "paused"

    def wants(self, event: str, data: Mapping[str, Any]) -> bool:
        """Whether it subscribes to the event and every filter accepts a value of that fact."""
        return event in self.events and all(_accepts(data.get(fact), wanted) for fact, wanted in self.filters.items())


def _accepts(value: Any, wanted: Any) -> bool:
    values = value if isinstance(value, list) else [value]
    return any(each in wanted for each in values)


class WebhookDelivery(models.Model):
    """One event for one subscription: what is told, how often it was tried, and what was answered."""

    subscription = models.ForeignKey(WebhookSubscription, on_delete=models.CASCADE, related_name="deliveries")
    message_id = models.CharField(_("webhook id"), max_length=64, unique=True)
    event = models.CharField(_("event"), max_length=64)
    subject = models.CharField(_("about"), max_length=80)
    data = models.JSONField(_("data"), default=dict)
    happened_at = models.DateTimeField(_("happened"))
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    tried_at = models.DateTimeField(_("last tried"), null=True, blank=True)
    answered = models.PositiveSmallIntegerField(_("answer"), null=True, blank=True)
    error = models.CharField(_("what went wrong"), max_length=300, blank=True)
    delivered_at = models.DateTimeField(_("delivered"), null=True, blank=True)
    gave_up_at = models.DateTimeField(_("gave up"), null=True, blank=True)
    replays = models.PositiveSmallIntegerField(_("replays"), default=0)

    objects: ClassVar["DeliveryQuerySet[WebhookDelivery]"] = DeliveryQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["-id"]
        verbose_name = _("webhook delivery")
        verbose_name_plural = _("webhook deliveries")
        indexes = [
            models.Index(fields=["subscription", "-id"], name="webhook_log"),
            models.Index(fields=["happened_at"], name="webhook_log_age"),
        ]

    def __str__(self) -> str:
        return f"{self.event} {self.message_id}"

    @property
    def outbox_key(self) -> str:
        """The key of the promise that delivers it; each replay is another promise, of the same webhook id."""
        return f"webhook:{self.pk}:{self.replays}" if self.replays else f"webhook:{self.pk}"

    @property
    def state(self) -> str:
        """pending, delivered or failed."""
        if self.delivered_at is not None:
            return "delivered"
        return "pending" if self.gave_up_at is None else "failed"
