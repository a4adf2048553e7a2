"""The fixed cast and the clean pool that every test starts from."""

import gc
import os
import sys
from collections.abc import Iterator

import hypothesis
import pytest
from django.core.cache import cache
from django.db import connection, connections
from pytest_django import DjangoDbBlocker

from references.pool.index import forget_snapshot
from users.enums import Role
from users.models import Team, User

# At home every run tries other examples; in CI the same ones, so that a change is judged and not the dice.
# Nowhere does the clock decide: a busy machine is no fault of the code.
hypothesis.settings.register_profile("home", deadline=None)
hypothesis.settings.register_profile("ci", deadline=None, derandomize=True, print_blob=True)
# Under mutation (`make mutate`) a failure is all that counts: the same examples, and no search for a smaller one.
hypothesis.settings.register_profile(
    "mutation",
    deadline=None,
    derandomize=True,
    database=None,
    report_multiple_bugs=False,
    max_examples=50,
    phases=[hypothesis.Phase.explicit, hypothesis.Phase.generate],
)
hypothesis.settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE") or ("ci" if os.environ.get("CI") else "home"))


@pytest.fixture(scope="session", autouse=True)
def _last_session_out(request: pytest.FixtureRequest) -> Iterator[None]:
    """Before PostgreSQL drops the test database, end what still reads it, and tell what it asked last.

    A thread that died without closing its connection keeps it until its cycle is collected, and the database with it.
    """
    if not any(item.get_closest_marker("django_db") for item in request.session.items):
        yield
        return
    blocker: DjangoDbBlocker = request.getfixturevalue("django_db_blocker")
    request.getfixturevalue("django_db_setup")
    yield
    with blocker.unblock():
        connections.close_all()
        gc.collect()
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT query, pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
                    " AND backend_type = 'client backend'"
                )
                for query, _ in cursor.fetchall():
                    print("A session outlived its test; it asked last:", query, file=sys.__stderr__)
            connection.close()


@pytest.fixture(autouse=True)
def _clean_pool() -> Iterator[None]:
    """Forget the pool between tests: a test's transaction rolls back, which no reader of a real one ever sees."""
    forget_snapshot()
    yield
    forget_snapshot()


@pytest.fixture(autouse=True)
def _clean_counters() -> None:
    """Forget who called how often: one address makes all the calls of these tests."""
    cache.clear()


def make_user(role: str, email: str, **fields: object) -> User:
    """Make a user of the cast with the password "correct horse"."""
    return User.objects.create_user(email, "correct horse", role=role, **fields)


@pytest.fixture
def team(db: None) -> Team:
    return Team.objects.create(name="North")


@pytest.fixture
def rep(team: Team) -> User:
    return make_user(Role.SALES, "rep@example.test", name="Robin Rep", team=team)


@pytest.fixture
def outsider(db: None) -> User:
    return make_user(Role.SALES, "outsider@example.test", name="Olly Outsider")


@pytest.fixture
def manager(team: Team) -> User:
    return make_user(Role.MANAGER, "manager@example.test", name="Mina Manager", team=team)


@pytest.fixture
def marketer(db: None) -> User:
    return make_user(Role.MARKETER, "marketer@example.test", name="Mara Marketer")
