"""Who hears when something happens to a piece of content: its owner, else every manager."""

from references.wording import Written
from users.enums import Role
from users.models import User


def keepers_of(piece: Written) -> list[User]:
    """The owner of a piece while their login is open, else every manager, else the administrators."""
    if piece.owner is not None and piece.owner.is_active:
        return [piece.owner]
    return managers()


def managers() -> list[User]:
    """Every reference manager; the administrators where there is none."""
    active = User.objects.filter(is_active=True)
    return list(active.filter(role=Role.MANAGER)) or list(active.filter(role=Role.ADMIN))
