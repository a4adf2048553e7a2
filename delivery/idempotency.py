"""Idempotency keys: a call repeated under its key gets the first answer instead of being done again.

A claim is committed before the work begins, so that a repeat in the meantime is told to wait. Only successes are kept;
whatever was refused or failed may be tried again under the same key. A claim that was never answered, because its
process died, may run again after a minute: whether the work had been committed before the crash, the claim cannot know.
"""

import hashlib
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from delivery.models import IdempotencyKey
from users.models import User

PATIENCE = timedelta(seconds=60)
KEPT = timedelta(days=30)


class IdempotencyError(Exception):
    """A key that cannot be used now: `idempotency_mismatch` or `idempotency_in_progress`."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


@transaction.atomic
def claim(*, user: User, key: str, endpoint: str, body: bytes) -> IdempotencyKey:
    """Claim `key` for one call; where its `status` is set, the answer is known and the call must not be done again.

    Raises IdempotencyError: idempotency_mismatch where the key stood for another call, idempotency_in_progress where
    the first is still being done.
    """
    now, endpoint, fingerprint = timezone.now(), endpoint[:300], hashlib.sha256(body).hexdigest()
    known = IdempotencyKey.objects.select_for_update()
    fields = {"endpoint": endpoint, "fingerprint": fingerprint, "claimed_at": now}
    row, is_new = known.get_or_create(user=user, key=key, defaults=fields)
    if is_new:
        return row
    if (row.endpoint, row.fingerprint) != (endpoint, fingerprint):
        raise IdempotencyError("idempotency_mismatch", _("This key was used for another call."))
    if row.status is None:
        if now - row.claimed_at < PATIENCE:
            raise IdempotencyError("idempotency_in_progress", _("The first call under this key is still being done."))
        row.claimed_at = now
        row.save(update_fields=["claimed_at"])
    return row


def store_answer(claimed: IdempotencyKey, *, status: int, answer: Any) -> bool:
    """Keep the answer for repeats; False where a later claim has taken over."""
    return bool(_held(claimed).update(status=status, answer=answer))


def release(claimed: IdempotencyKey) -> None:
    """Let go of a claim whose call did not succeed, so that it may be made again."""
    _held(claimed).delete()


def forget_old_keys() -> int:
    """Delete keys older than 30 days; gives how many."""
    deleted, _by_model = IdempotencyKey.objects.filter(created_at__lt=timezone.now() - KEPT).delete()
    return deleted


def _held(claimed: IdempotencyKey) -> Any:
    """The claim, as long as it is unanswered and nobody has claimed it since."""
    return IdempotencyKey.objects.filter(pk=claimed.pk, claimed_at=claimed.claimed_at, status=None)
