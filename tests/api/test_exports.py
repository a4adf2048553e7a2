"""Exports through the API: formats, filters, scopes, and contact data by key alone."""

import csv
import io
import json
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from references.models import Disclosure
from references.tables import exporting
from references.tables.table import all_tables
from tests.api.conftest import client_of, codes, key_of
from tests.factories import make_contact, make_customer, make_tag
from users.enums import Scope
from users.models import User

pytestmark = pytest.mark.django_db


def body(response: Any) -> bytes:
    assert response.status_code == 200, response.content
    return b"".join(response.streaming_content)


def test_export_comes_as_csv_json_and_excel(manager: User) -> None:
    make_customer("=Nordbank", annual_value=-5, currency="EUR")
    client = client_of(manager)
    response = client.get("/api/v1/exports/customers/")
    assert response["Content-Disposition"] == 'attachment; filename="customers.csv"'
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert response["Cache-Control"] == "private, no-store"
    row = next(csv.DictReader(io.StringIO(body(response).decode())))
    assert (row["name"], row["annual_value"]) == ("'=Nordbank", "-5.00")
    found = json.loads(body(client.get("/api/v1/exports/customers/?format=json")))
    assert (found[0]["name"], found[0]["annual_value"]) == ("=Nordbank", "-5.00")
    book = CalamineWorkbook.from_filelike(io.BytesIO(body(client.get("/api/v1/exports/customers/?format=xlsx"))))
    head, first = book.get_sheet_by_index(0).to_python()
    assert dict(zip(head, first, strict=True))["annual_value"] == -5


def test_export_is_narrowed_by_the_lists_filters(manager: User) -> None:
    make_customer("Nordbank", tags=[make_tag("industry", "Banking")])
    make_customer("Voltwerk")
    text = body(client_of(manager).get("/api/v1/exports/customers/?industry=banking")).decode()
    assert "Nordbank" in text
    assert "Voltwerk" not in text


@pytest.mark.parametrize(
    ("query", "code", "field"),
    [
        ("format=pdf", "invalid_choice", "format"),
        ("contact_data=perhaps", "invalid_choice", "contact_data"),
        ("nonsense=1", "unknown_parameter", "nonsense"),
        ("tier=high", "invalid_choice", "tier"),
    ],
)
def test_export_refuses_what_it_does_not_know(query: str, code: str, field: str, manager: User) -> None:
    response = client_of(manager).get(f"/api/v1/exports/customers/?{query}")
    assert response.status_code == 400
    assert codes(response)[0][1].partition(".")[0] == field  # type: ignore[union-attr]
    assert code in {"invalid_choice", codes(response)[0][0]}


@pytest.mark.parametrize("table", all_tables(), ids=lambda table: table.name)
def test_export_needs_the_scope_of_its_table(table: Any, manager: User) -> None:
    url = f"/api/v1/exports/{table.name}/"
    others = [scope for scope in Scope.values if scope != table.scope]
    assert key_of(manager, *others).get(url).status_code == 403
    assert body(key_of(manager, table.scope).get(url))


def test_export_of_a_table_of_others_is_not_found(rep: User) -> None:
    assert client_of(rep).get("/api/v1/exports/leads/").status_code == 404
    assert client_of(rep).get("/api/v1/exports/secrets/").status_code == 404


def test_contact_data_needs_a_key_with_its_scope_and_a_manager(manager: User, rep: User) -> None:
    make_contact(make_customer(account_owner=rep), email="a@b.example")
    url = "/api/v1/exports/promoters/?contact_data=true"
    for client in (
        client_of(manager),
        key_of(manager, Scope.POOL_READ, Scope.CONTACTS_READ),
        key_of(rep, Scope.POOL_READ, Scope.CONTACTS_EXPORT),
    ):
        assert client.get(url).status_code == 403
    assert not Disclosure.objects.exists()
    assert b"a@b.example" in body(key_of(manager, Scope.POOL_READ, Scope.CONTACTS_EXPORT).get(url))
    assert Disclosure.objects.get().why == "Export of promoters"


def test_excel_past_what_is_written_at_once_is_refused(manager: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.v1.exports.MOST_AT_ONCE", 1)
    make_customer(), make_customer()
    response = client_of(manager).get("/api/v1/exports/customers/?format=xlsx")
    assert (response.status_code, codes(response)) == (422, [("too_many_rows", "format")])
    assert exporting.MOST_AT_ONCE == 20_000
    assert len(body(client_of(manager).get("/api/v1/exports/customers/")).splitlines()) == 3
