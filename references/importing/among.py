"""Looks up thousands of values as one parameter; one each, as Django has it, takes longer than the query."""

import json
from collections.abc import Collection
from typing import Any

from django.db import connection
from django.db.models.expressions import RawSQL


def among(values: Collection[int] | Collection[str]) -> RawSQL | list[Any]:
    """What a lookup `__in` takes for `values`, all whole numbers or all texts; without any nothing is asked."""
    if not values:
        return []
    if connection.vendor != "postgresql":
        return RawSQL("SELECT value FROM json_each(%s)", [json.dumps(list(values))])
    kind = "bigint" if isinstance(next(iter(values)), int) else "text"
    return RawSQL(f"SELECT unnest(%s::{kind}[])", [_write_array(values)])  # noqa: S611 - no input


def _write_array(values: Collection[int] | Collection[str]) -> str:
    """A list as PostgreSQL reads it."""
    quoted = (str(each).replace("\\", r"\\").replace('"', r"\"") for each in values)
    return '{"' + '","'.join(quoted) + '"}'
