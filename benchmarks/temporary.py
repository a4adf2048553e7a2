"""Databases for one run: a file in its folder, or one on a PostgreSQL server that goes when the run ends."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import psycopg


def is_reachable(server: str) -> bool:
    """Whether a PostgreSQL server answers."""
    try:
        with psycopg.connect(server, connect_timeout=5):
            return True
    except psycopg.Error:
        return False


@contextmanager
def new_database(server: str, folder: str) -> Iterator[str]:
    """The address of a database of its own: on `server`, dropped in the end, or else a SQLite file in `folder`."""
    if not server:
        yield f"sqlite:///{folder}/bench.sqlite3"
        return
    name = f"refprogram_bench_{os.getpid()}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
        try:
            yield urlsplit(server)._replace(path=f"/{name}").geturl()
        finally:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
