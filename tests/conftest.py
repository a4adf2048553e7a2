"""The fixed cast and the clean pool that every test starts from."""

import gc
import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection, connections
from django.template import Context, Template
from pytest_django import DjangoDbBlocker

from references.pool.index import forget_snapshot
from tests.schema import copy_schema
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


_render_plainly = Template._render  # type: ignore[attr-defined]  # before Django's tests begin to watch it


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Iterator[None]:
    """Let no collection of garbage walk over modules, models and tests, which all stay to the end."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.enable()
        gc.freeze()


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


@pytest.fixture(scope="session")
def schema_folder(request: pytest.FixtureRequest) -> Path:
    """Where the migrated file is kept between runs; without a cache, for this process alone."""
    cache: pytest.Cache | None = getattr(request.config, "cache", None)
    return Path(cache.mkdir("schema")) if cache else settings.VAR_DIR / "schema"


@pytest.fixture(scope="session")
def django_db_keepdb(request: pytest.FixtureRequest, schema_folder: Path, django_db_modify_db_settings: None) -> bool:
    """Let a run on SQLite go on from a file that is migrated already; its own copy goes with its folder.

    What that file still lacks is migrated as ever. A run on PostgreSQL migrates for itself, unless told otherwise.
    """
    if connection.vendor != "sqlite":
        return bool(request.config.getoption("reuse_db"))
    copy_schema(Path(connection.settings_dict["TEST"]["NAME"]), folder=schema_folder)
    return True


@pytest.fixture(scope="session", autouse=True)
def _emptied_row_by_row() -> Iterator[None]:
    """On PostgreSQL empty the few tables that a test filled by deleting: to truncate them all takes seconds."""
    if connection.vendor != "postgresql":
        yield
        return
    truncate = connection.ops.sql_flush

    def empty(style: Any, tables: Sequence[str], *, reset_sequences: bool = False, allow_cascade: bool = False) -> Any:
        if reset_sequences or not tables:
            return truncate(style, tables, reset_sequences=reset_sequences, allow_cascade=allow_cascade)
        quoted = [connection.ops.quote_name(table) for table in tables]
        with connection.cursor() as cursor:
            cursor.execute("SELECT " + ", ".join(f"EXISTS (SELECT FROM {table})" for table in quoted))
            is_filled = cursor.fetchone()
        filled = [table for table, is_so in zip(quoted, is_filled, strict=True) if is_so]
        return ["SET CONSTRAINTS ALL DEFERRED", *(f"DELETE FROM {table}" for table in filled)]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(connection.ops, "sql_flush", empty)
        yield


@pytest.fixture(scope="session", autouse=True)
def _contexts_of_pages_alone(django_test_environment: None) -> Iterator[None]:
    """Keep for `response.context` what a view gave its page, and not a copy for each of the parts it is made of."""
    keeping, plain = Template._render, _render_plainly  # type: ignore[attr-defined]

    def render(self: Template, context: Context) -> str:
        is_page = context.template is self and not str(self.name).startswith("cotton/")
        return str((keeping if is_page else plain)(self, context))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Template, "_render", render)
        yield


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
