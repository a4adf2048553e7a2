"""Promises letters to whoever they concern: one for each manager, the approver, the requester with all who watch."""

from collections.abc import Iterable
from typing import Any

from delivery.mails import send_later
from matching.kinds import LETTER_APPROVAL, LETTER_NEEDS_MANAGER
from matching.models import Approval, Request
from users.enums import Role
from users.models import User


def tell_approver(approval: Approval, *, occasion: str = "") -> None:
    """Ask the assignee of an approval, or every manager, each by a letter of their own."""
    people = [approval.assignee] if approval.assignee is not None else managers()
    for user in people:
        key = f"{LETTER_APPROVAL}:{approval.pk}:{user.pk}{occasion}"
        send_later(kind=LETTER_APPROVAL, key=key, payload={"approval": approval.pk, "user": user.pk})


def tell_managers(request: Request, *, occasion: str) -> None:
    """Tell every manager that a request needs one; the same `occasion` once."""
    for user in managers():
        key = f"{LETTER_NEEDS_MANAGER}:{request.pk}:{occasion}:{user.pk}"
        send_later(kind=LETTER_NEEDS_MANAGER, key=key, payload={"request": request.pk, "user": user.pk})


def tell_requester(
    request: Request, kind: str, *, occasion: str, payload: dict[str, Any], but: User | None = None
) -> None:
    """Send a letter of `kind` to the owner of a request and to all who watch it, but not to who did it."""
    for user in followers(request):
        if user == but:
            continue
        send_later(kind=kind, key=f"{kind}:{occasion}:{user.pk}", payload={**payload, "user": user.pk})


def followers(request: Request) -> list[User]:
    """The owner of a request, and who watches it, without those whose login is closed."""
    people: Iterable[User] = [request.owner, *request.watchers.all()]
    return list({user.pk: user for user in people if user.is_active}.values())


def managers() -> list[User]:
    """Every reference manager; the administrators where there is none."""
    active = User.objects.filter(is_active=True)
    found = list(active.filter(role=Role.MANAGER))
    return found or list(active.filter(role=Role.ADMIN))
