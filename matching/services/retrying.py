"""Tries an unmet request again: now, or on the day from which one of the nearest is free."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from delivery.models import OutboxMessage
from delivery.promises import enqueue
from matching.enums import RequestStatus
from matching.kinds import RETRY
from matching.models import Match, Request, UnmetDemand
from matching.services.filling import fill_request
from matching.services.requests import reopen_request
from references.errors import DomainError
from references.program import current_policy
from references.services.saving import record_change
from users.models import User


def retry_demand(*, demand: UnmetDemand, by: User | None, why: str = "") -> list[Match]:
    """Open the request of a demand again and fill it with the pool as it is now; gives whom that put forward.

    A worker may be quicker, to whom the filling is promised too. Where nobody is found it is unmet as before. A
    request with somebody on the way is filled without being opened.
    Not to be called inside a transaction. Raises DomainError(request_over) for one that nothing is done for any more.
    """
    request = Request.objects.select_related("owner").get(pk=demand.request_id)
    if request.status not in {RequestStatus.OPEN, RequestStatus.UNMET}:
        raise DomainError("request_over", _("This request is over and is not changed any more."))
    known = list(request.matches.values_list("pk", flat=True))
    if request.status == RequestStatus.UNMET:
        request = reopen_request(request=request, by=by, why=why)
    fill_request(request=request, by=by)
    return list(request.matches.exclude(pk__in=known))


@transaction.atomic
def promise_retry(*, demand: UnmetDemand, on: date, by: User) -> OutboxMessage:
    """Promise that a demand is tried again on the morning of a day; the same day again is the same promise.

    Raises DomainError: date_over, met_already.
    """
    row = UnmetDemand.objects.select_for_update(no_key=True).get(pk=demand.pk)
    if row.met_at is not None:
        raise DomainError("met_already", _("Somebody could be asked after all."))
    if on <= timezone.localdate():
        raise DomainError("date_over", _("Give a day to come."), "on")
    service = current_policy().service
    opens = datetime.combine(on, time.fromisoformat(service.opens), ZoneInfo(service.time_zone))
    key = f"{RETRY}:{row.pk}:{on}"
    there = OutboxMessage.objects.filter(key=key).first()
    if there is not None:
        return there
    why = _("Will be tried again on %(day)s.") % {"day": date_format(on, "j M Y")}
    record_change(subject=row.task, before=row.task.status, after=row.task.status, by=by, why=why)
    return enqueue(kind=RETRY, key=key, payload={"demand": row.pk}, due=opens)


def keep_promised_retry(*, demand: UnmetDemand) -> bool:
    """Try a demand again as was promised; False where it was met, or its request ended, in the meantime."""
    is_over = demand.request.status not in {RequestStatus.OPEN, RequestStatus.UNMET}
    if demand.met_at is not None or is_over:
        return False
    retry_demand(demand=demand, by=None, why=_("Tried again on the day that was set."))
    return True
