"""Whether the outbox moves: a promise long overdue means that no worker runs."""

import dataclasses
from datetime import timedelta

from django.db import connection
from health_check.base import HealthCheck
from health_check.exceptions import ServiceUnavailable

from delivery.models import OutboxMessage
from delivery.querysets import PATIENCE


@dataclasses.dataclass
class OutboxMoves(HealthCheck):  # type: ignore[misc]
    """Fails where a message that nobody holds has been due for longer than `patience`."""

    patience: timedelta = dataclasses.field(default=PATIENCE, repr=False)

    def run(self) -> None:
        """Raise ServiceUnavailable where the outbox stands still. Runs in a thread with a connection of its own."""
        try:
            overdue = OutboxMessage.objects.overdue(patience=self.patience).count()
        finally:
            connection.close()
        if overdue:
            raise ServiceUnavailable(f"{overdue} promised effects are overdue: is a worker running?")
