"""Likely duplicates by API: for managers alone, filtered, with names and reasons, and no contact data."""

from typing import Any

import pytest

from references.models import DuplicatePair
from references.services.duplicates import dismiss_pair, search_all
from references.services.merging import merge_rows
from tests.api.conftest import client_of, ids
from tests.factories import make_contact, make_customer
from users.models import User

URL = "/api/v1/duplicates/"
pytestmark = pytest.mark.django_db


@pytest.fixture
def pairs() -> dict[str, DuplicatePair]:
    """Two customers and two people who are likely one."""
    bank = make_customer("Fjordbank", domain="fjordbank.example")
    make_customer("Fjordbank AS", domain="fjordbank.example")
    make_contact(bank, "Nora Lindqvist", email="nora@fjordbank.example", phone="+47 555 0100")
    make_contact(bank, "N. Lindqvist", email="")
    search_all()
    return {pair.kind: pair for pair in DuplicatePair.objects.all()}


def found(user: User, **query: Any) -> list[int]:
    return ids(client_of(user).get(URL, query).json())


def test_pairs_are_listed_with_names_and_why(pairs: dict[str, DuplicatePair], manager: User) -> None:
    response = client_of(manager).get(URL)
    rows = {row["kind"]: row for row in response.json()["results"]}
    assert (rows["customer"]["first_name"], rows["customer"]["second_name"]) == ("Fjordbank", "Fjordbank AS")
    assert {reason["code"] for reason in rows["contact"]["reasons"]} == {"initials", "same_customer"}
    assert rows["contact"]["status"] == "open"
    assert b"nora@" not in response.content
    assert b"555 0100" not in response.content


def test_pairs_are_found_by_kind_state_score_and_row(pairs: dict[str, DuplicatePair], manager: User) -> None:
    firms, people = pairs["customer"], pairs["contact"]
    assert found(manager) == [firms.pk, people.pk]
    assert found(manager, ordering="score") == [people.pk, firms.pk]
    assert found(manager, kind="contact") == found(manager, contact=people.second) == [people.pk]
    assert found(manager, customer=firms.first) == found(manager, min_score=firms.score) == [firms.pk]
    dismiss_pair(pair=people, by=manager)
    assert found(manager, status="open") == [firms.pk]
    assert found(manager, status="dismissed") == [people.pk]
    assert client_of(manager).get(URL, {"min_score": "many"}).status_code == 400


def test_what_was_merged_tells_no_name_of_the_one_that_went(pairs: dict[str, DuplicatePair], manager: User) -> None:
    pair = pairs["contact"]
    merge_rows(kind="contact", kept=pair.first, gone=pair.second, by=manager)
    row = client_of(manager).get(f"{URL}{pair.pk}/").json()
    assert (row["status"], row["decided_by"], row["second_name"]) == ("merged", manager.pk, None)


def test_nobody_else_sees_any(pairs: dict[str, DuplicatePair], rep: User, marketer: User) -> None:
    for user in (rep, marketer):
        assert found(user) == []
        assert client_of(user).get(f"{URL}{pairs['contact'].pk}/").status_code == 404
