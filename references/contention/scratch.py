"""Databases for one run: a temporary SQLite file, or one made, and dropped again, on a PostgreSQL."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit

import psycopg
from psycopg import sql


@contextmanager
def open_scratch(url: str) -> Iterator[dict[str, str]]:
    """Give the environment variables of a process that is to work on an empty database like the one at `url`.

    `url` names the PostgreSQL to make it on; any other, or none, is a temporary SQLite file. Raises
    psycopg.OperationalError where the PostgreSQL cannot be reached.
    """
    with TemporaryDirectory(prefix="refprogram-holds-") as folder:
        if urlsplit(url).scheme not in {"postgres", "postgresql"}:
            yield {"VAR_DIR": folder, "DATABASE_URL": f"sqlite:///{Path(folder) / 'holds.sqlite3'}"}
            return
        name = f"refprogram_holds_{os.getpid()}"
        _execute(url, "CREATE DATABASE {}", name)
        try:
            yield {"VAR_DIR": folder, "DATABASE_URL": urlsplit(url)._replace(path=f"/{name}").geturl()}
        finally:
            _execute(url, "DROP DATABASE IF EXISTS {} WITH (FORCE)", name)


def _execute(url: str, statement: str, name: str) -> None:
    with psycopg.connect(url, autocommit=True, connect_timeout=3) as connection:
        connection.execute(sql.SQL(statement).format(sql.Identifier(name)))
