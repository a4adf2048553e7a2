"""Makes the users of the demonstration program: one per role, and the account owners."""

from django.contrib.auth.hashers import make_password

from users.enums import Role
from users.models import Team, User

PASSWORD = "refprogram-demo"
"""Shown to everybody who loads the demonstration."""

DOMAIN = "demo.example"

LOGINS: tuple[tuple[str, str, str], ...] = (
    ("admin", "Ada Admin", Role.ADMIN),
    ("manager", "Mona Reyling", Role.MANAGER),
    ("sales", "Sam Fieldgate", Role.SALES),
    ("marketer", "Mira Stageworth", Role.MARKETER),
)
OWNERS: tuple[tuple[str, str], ...] = (
    ("owen", "Owen Marlbury"),
    ("petra", "Petra Lindhofer"),
    ("ravi", "Ravi Chandekar"),
    ("sofie", "Sofie Almkvist"),
    ("tomas", "Tomás Palmora"),
)


def make_users() -> tuple[list[User], list[User]]:
    """Give (one user per role, account owners); those whose address is taken are left as they are.

    The salesperson is the first of the account owners, so that they find customers of their own.
    """
    hashed = make_password(PASSWORD)
    team, _ = Team.objects.get_or_create(name="Demo team")
    logins = [_make(name, full_name, role, team, hashed) for name, full_name, role in LOGINS]
    owners = [_make(name, full_name, Role.SALES, team, hashed) for name, full_name in OWNERS]
    return logins, [logins[2], *owners]


def _make(name: str, full_name: str, role: str, team: Team, hashed: str) -> User:
    email = f"{name}@{DOMAIN}"
    is_admin = role == Role.ADMIN
    user, _ = User.objects.get_or_create(
        email=email,
        defaults={
            "name": full_name,
            "role": role,
            "team": team,
            "password": hashed,
            "is_staff": is_admin,
            "is_superuser": is_admin,
        },
    )
    return user
