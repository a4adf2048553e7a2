"""Opens a request in one step, for a CRM or the terminal: made, sent and filled, and the same deal not twice."""

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from matching.enums import RequestStatus
from matching.models import Request
from matching.services.filling import fill_request
from matching.services.requests import RequestData, create_request, submit_request
from references.errors import DomainError
from users.models import User

GOING_ON = (RequestStatus.DRAFT, RequestStatus.OPEN, RequestStatus.UNMET)


class DuplicateRequestError(DomainError):
    """A request for the same deal and brief goes on already; `request_id` says which."""

    def __init__(self, request_id: int) -> None:
        message = _("Request %(id)s asks for the same deal with the same brief.") % {"id": request_id}
        super().__init__("duplicate_request", message, "deal_id")
        self.request_id = request_id


def open_request(
    *,
    owner: User,
    by: User,
    data: RequestData,
    via: str,
    creation_key: str,
    submit: bool = True,
    chosen: Sequence[int] = (),
    allow_duplicate: bool = False,
) -> Request:
    """Make a request and, unless `submit` is false, send it and fill its slots, the people in `chosen` first.

    It is made and sent, or neither. The same `creation_key` again is the request that is there, and goes on where the
    first call broke off. Raises DuplicateRequestError unless `allow_duplicate`, and what `create_request` and
    `submit_request` do. Not to be called inside a transaction.
    """
    with transaction.atomic():
        User.objects.select_for_update(no_key=True).get(pk=owner.pk)  # two calls for one deal wait for each other
        is_new = not Request.objects.filter(creation_key=creation_key).exists()
        if is_new and not allow_duplicate:
            _require_no_twin(by, data)
        row = create_request(
            owner=owner, data={**data, "chosen": list(chosen)}, via=via, by=by, creation_key=creation_key
        )
        if submit and row.status == RequestStatus.DRAFT:
            row = submit_request(request=row, by=by)
    if submit:
        fill_request(request=row, by=by)
    row.refresh_from_db()
    return row


def _require_no_twin(user: User, data: RequestData) -> None:
    """Refuse a deal of the CRM with the words of a request that goes on, among those that the user sees."""
    deal_id = data.get("deal_id", "").strip()
    if not deal_id:
        return
    words = data.get("brief", "").split()
    same = Request.objects.visible_to(user).filter(deal_id=deal_id, status__in=GOING_ON)
    for pk, brief in same.order_by("id").values_list("pk", "brief"):
        if brief.split() == words:
            raise DuplicateRequestError(pk)


def owner_by_email(email: str, *, by: User) -> User:
    """Whose request it is: for managers anybody active, by e-mail address; others speak for themselves alone.

    Raises DomainError(unknown_owner).
    """
    if email.strip().casefold() == by.email.casefold():
        return by
    found = User.objects.filter(email__iexact=email.strip(), is_active=True).first() if by.is_manager else None
    if found is None:
        raise DomainError("unknown_owner", _("There is nobody you could ask for by that address."), "owner_email")
    return found
