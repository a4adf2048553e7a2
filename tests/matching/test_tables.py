"""Exports of requests, matches and unmet demand: blinded as their pages are."""

from typing import Any

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext

from references.tables.exporting import open_export
from references.tables.table import find_table
from tests.matching.factories import make_banker, schedule, submit
from users.models import User

pytestmark = pytest.mark.django_db(transaction=True)


def rows_of(name: str, user: User, query: str = "") -> list[dict[str, Any]]:
    table = find_table(name, user)
    assert table is not None
    export = open_export(table=table, user=user, query=QueryDict(query))
    return [dict(zip(export.names, row, strict=True)) for row in export.cells()]


def test_requests_and_matches_name_nobody_before_the_yes(rep: User, manager: User, outsider: User) -> None:
    contact = make_banker("Ada Voss", customer_name="Nordbank")
    request = submit(rep, why="Since Ada Voss likes us.")
    for name in ("requests", "matches"):
        told = rows_of(name, rep)
        assert len(told) == 1
        assert "Voss" not in str(told)
        assert contact.email not in str(rows_of(name, manager))
        assert rows_of(name, outsider) == []
    assert rows_of("matches", manager)[0]["name"] == "Ada Voss"
    assert "Ada Voss" in rows_of("requests", manager, f"whose=all&search={request.deal.split()[0]}")[0]["why"]


def test_matches_name_the_person_to_the_requester_after_the_yes(rep: User, manager: User) -> None:
    contact = make_banker("Ada Voss")
    schedule(rep, manager, chosen=[contact.pk])
    assert [row["name"] for row in rows_of("matches", rep)] == ["Ada Voss"]


def test_requests_are_kept_by_whose_they_are(rep: User, manager: User) -> None:
    make_banker()
    submit(rep)
    assert rows_of("requests", manager, "whose=mine") == []
    assert len(rows_of("requests", manager, "whose=all")) == 1


def test_unmet_demand_tells_its_segment(rep: User, manager: User) -> None:
    submit(rep, brief="Nobody has this.", activity="speaking", deal_value=1000, currency="EUR")
    row = rows_of("unmet-demand", manager)[0]
    assert (row["activity"], row["deal_value"], row["task_status"]) == ("speaking", 1000, "open")


@pytest.mark.parametrize("name", ["requests", "matches", "unmet-demand"])
def test_table_takes_the_same_queries_however_many_rows(name: str, rep: User, manager: User) -> None:
    def count() -> int:
        rows_of(name, manager)
        with CaptureQueriesContext(connection) as queries:
            assert rows_of(name, manager)
        return len(queries)

    def add(number: int) -> None:
        make_banker(f"Banker {number}")
        submit(rep, deal=f"Deal {number}")
        submit(rep, brief="Nobody has this.", activity="speaking")

    add(1)
    one = count()
    add(2)
    add(3)
    assert count() == one
