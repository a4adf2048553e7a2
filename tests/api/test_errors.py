"""Refusals become answers with stable codes."""

from typing import Any

import pytest
from django.db import OperationalError
from rest_framework.test import APIClient

from api.v1.errors import ApiExceptionFormatter, ApiExceptionHandler, Refusal, status_of
from references.errors import DomainError
from tests.api.conftest import client_of, codes
from users.models import User


@pytest.mark.parametrize(
    ("code", "status"),
    [
        ("not_disclosed", 403),
        ("conflict", 409),
        ("duplicate_contact", 409),
        ("move_not_allowed", 409),
        ("reason_required", 422),
        ("anything_else", 422),
    ],
)
def test_domain_error_has_a_status_by_its_code(code: str, status: int) -> None:
    error = DomainError(code, "No.", "field")
    assert status_of(error) == status
    context: Any = {}
    refusal = ApiExceptionHandler(error, context).convert_known_exceptions(error)
    assert isinstance(refusal, Refusal)
    assert refusal.status_code == status
    assert ApiExceptionFormatter(refusal, context, error).run() == {
        "type": "client_error",
        "errors": [{"code": code, "detail": "No.", "attr": "field"}],
    }


def test_busy_database_is_told_with_when_to_try_again(rep: User, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_args: object, **_more: object) -> None:
        raise OperationalError("database is locked")

    monkeypatch.setattr("api.v1.matches.search_references", fail)
    client = client_of(rep)
    client.raise_request_exception = False
    response = client.post("/api/v1/matches/search/", {"text": "bank"}, format="json")
    assert (response.status_code, response["Retry-After"]) == (503, "30")
    assert response.json()["type"] == "server_error"
    assert codes(response) == [("database_busy", None)]


def test_malformed_json_is_a_parse_error(rep: User) -> None:
    response = client_of(rep).post("/api/v1/matches/search/", "{", content_type="application/json")
    assert response.status_code == 400
    assert codes(response) == [("parse_error", None)]


def test_other_media_types_are_refused(rep: User) -> None:
    response = client_of(rep).post("/api/v1/matches/search/", {"text": "x"}, format="multipart")
    assert response.status_code == 415


@pytest.mark.parametrize("path", ["nothing/", "promoters/abc/", "promoters/1", "", "promoters/1/contact-data"])
def test_address_that_leads_nowhere_is_told_in_json(path: str, rep: User) -> None:
    response = client_of(rep).get(f"/api/v1/{path}")
    assert response.status_code == 404
    assert codes(response) == [("not_found", None)]
    assert APIClient().get(f"/api/v1/{path}").status_code == 401


@pytest.mark.parametrize("path", ["promoters", "customers", "tags", "speakers", "case-studies", "speaking-slots"])
def test_id_beyond_any_row_is_not_found(path: str, manager: User) -> None:
    assert client_of(manager).get(f"/api/v1/{path}/{10**30}/").status_code == 404


@pytest.mark.parametrize("page", ["0", "-1", "x", str(10**30)])
@pytest.mark.parametrize("path", ["promoters", "tags"])
def test_page_that_cannot_be_is_refused(page: str, path: str, rep: User) -> None:
    assert client_of(rep).get(f"/api/v1/{path}/", {"page": page}).status_code in {400, 404}


@pytest.mark.parametrize("path", ["promoters", "customers", "tags", "speakers", "testimonials", "speaking-slots"])
def test_odd_words_find_nothing_and_break_nothing(path: str, manager: User) -> None:
    for words in ("%", "'; DROP TABLE", "_", "\\", "a " * 500, "𝔘𝔫𝔦"):
        assert client_of(manager).get(f"/api/v1/{path}/", {"search": words}).status_code == 200
    assert client_of(manager).get(f"/api/v1/{path}/", {"search": "\x00"}).status_code == 400


def test_misspelt_parameter_is_refused_and_named(marketer: User) -> None:
    answer = client_of(marketer).get("/api/v1/speakers/", {"regoin": "europe"})
    assert answer.status_code == 400
    (error,) = answer.json()["errors"]
    assert (error["attr"], error["code"]) == ("regoin", "unknown_parameter")
    assert "region" in error["detail"]
