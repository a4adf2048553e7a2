"""Users: one per address without case, and what their role makes them."""

import pytest
from django.contrib.auth import authenticate
from django.db import IntegrityError
from django.test import RequestFactory

from tests.conftest import make_user
from users.enums import Role
from users.models import User

pytestmark = pytest.mark.django_db


def test_user_logs_in_by_address_without_case(rep: User, rf: RequestFactory) -> None:
    assert authenticate(rf.post("/"), username="REP@example.test", password="correct horse") == rep


def test_user_address_is_unique_without_case(rep: User) -> None:
    with pytest.raises(IntegrityError):
        make_user(Role.SALES, "Rep@example.test")


def test_user_without_an_address_is_refused() -> None:
    with pytest.raises(ValueError, match="address"):
        User.objects.create_user("", "correct horse")


def test_superuser_is_an_administrator_with_the_admin() -> None:
    user = User.objects.create_superuser("root@example.test", "correct horse")
    assert (user.role, user.is_staff, user.is_superuser, user.is_manager) == (Role.ADMIN, True, True, True)


@pytest.mark.parametrize(
    ("role", "is_manager", "is_marketer"),
    [(Role.SALES, False, False), (Role.MANAGER, True, False), (Role.MARKETER, False, True), (Role.ADMIN, True, False)],
)
def test_role_tells_what_a_user_runs(role: Role, is_manager: bool, is_marketer: bool) -> None:
    user = User(role=role)
    assert (user.is_manager, user.is_marketer) == (is_manager, is_marketer)


def test_user_shows_the_name_or_else_the_address() -> None:
    assert str(User(name="Kim", email="kim@example.test")) == "Kim"
    assert str(User(email="kim@example.test")) == "kim@example.test"
