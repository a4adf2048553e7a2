"""Sets the clocks of open requests anew when the policy's service levels or business hours have changed."""

from django.db import transaction

from matching.models import Request
from matching.services.states import lock_request, refresh_due


def renew_clocks() -> int:
    """Set the due time of every open request by the policy that holds; gives how many were looked at.

    Each in a transaction of its own, its row locked, so that nobody waits long.
    """
    ids = list(Request.objects.open().order_by("pk").values_list("pk", flat=True))
    for request_id in ids:
        with transaction.atomic():
            refresh_due(lock_request(request_id))
    return len(ids)
