"""A list of ids as one query parameter, for lists longer than a database takes parameters."""

import json
from collections.abc import Iterable

from django.db import connection
from django.db.models.expressions import RawSQL


def id_list(ids: Iterable[int]) -> RawSQL:
    """Give a subquery of these ids, for `pk__in`: however many, they travel as one JSON parameter."""
    rows = (
        "SELECT value::bigint FROM json_array_elements_text(%s::json)"
        if connection.vendor == "postgresql"
        else "SELECT value FROM json_each(%s)"
    )
    return RawSQL(rows, [json.dumps([int(each) for each in ids])])  # noqa: S611  the statement is one of two constants
