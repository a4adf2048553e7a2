"""Secrets of webhooks, derived and never stored, and the signatures of Standard Webhooks that they make."""

import base64
from datetime import datetime

from django.utils import timezone
from django.utils.crypto import salted_hmac
from standardwebhooks.webhooks import Webhook

from delivery.models import WebhookSubscription


def secret_of(subscription: WebhookSubscription, version: int | None = None) -> str:
    """The secret that a receiver verifies with ("whsec_…"): the present one, or that of an earlier version."""
    name = f"{subscription.pk}:{version or subscription.secret_version}"
    digest = salted_hmac("delivery.webhook", name, algorithm="sha256").digest()
    return f"whsec_{base64.b64encode(digest).decode()}"


def sign(subscription: WebhookSubscription, *, message_id: str, at: datetime, body: str) -> dict[str, str]:
    """The headers that prove who sent `body`; while a secret is rotated, the one before signs too."""
    versions = [subscription.secret_version]
    if subscription.old_secret_until is not None and subscription.old_secret_until > timezone.now():
        versions.append(subscription.secret_version - 1)
    signatures = [Webhook(secret_of(subscription, each)).sign(message_id, at, body) for each in versions]
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": " ".join(signatures),
    }
