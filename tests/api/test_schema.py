"""The OpenAPI document is whole, and the answers are as it says."""

import json
from collections.abc import Callable
from functools import cache
from io import StringIO
from typing import Any
from uuid import UUID

import pytest
import yaml
from django.conf import settings
from django.core.cache import cache as kept
from django.core.management import call_command
from jsonschema import Draft202012Validator
from rest_framework.test import APIClient

from references.enums import Facet
from tests.api.conftest import client_of
from tests.api.test_contract import DETAILS, ENDPOINTS, LISTS, MANAGERS, address, make_world
from users.enums import Scope
from users.models import User


@cache
def document() -> dict[str, Any]:
    out = StringIO()
    call_command("spectacular", "--fail-on-warn", "--validate", "--format", "openapi-json", stdout=out)
    found: dict[str, Any] = json.loads(out.getvalue())
    return found


def strictly(schema: Any) -> Any:
    """A schema of OpenAPI 3.0 as JSON Schema: `nullable` becomes a type, and no property is unknown."""
    if isinstance(schema, list):
        return [strictly(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    plain = {key: strictly(value) for key, value in schema.items() if key not in {"nullable", "readOnly"}}
    if plain.get("type") == "object" and "properties" in plain:
        plain.setdefault("additionalProperties", False)
    return {"anyOf": [plain, {"type": "null"}]} if schema.get("nullable") is True else plain


def check(answer: Any, path: str, method: str = "get", status: str = "200") -> None:
    content = document()["paths"][path][method]["responses"][status]["content"]
    schema = strictly(content["application/json"]["schema"])
    whole = {**schema, "components": strictly_components()}
    errors = [
        f"{list(error.absolute_path)}: {error.message}" for error in Draft202012Validator(whole).iter_errors(answer)
    ]
    assert not errors, errors[:5]


@cache
def strictly_components() -> dict[str, Any]:
    schemas = document()["components"]["schemas"]
    return {"schemas": {name: strictly(schema) for name, schema in schemas.items()}}


def template(name: str) -> str:
    found = address(name, 12321, 45654).replace(str(UUID(int=12321)), "{webhook_id}").replace("12321", "{id}")
    return found.replace("deliveries/45654", "deliveries/{delivery_id}").replace("45654", "{match_id}")


def test_every_endpoint_is_documented() -> None:
    assert set(document()["paths"]) >= {template(name) for name in ENDPOINTS if name != "schema"}


def test_every_operation_names_its_scope_its_login_and_its_errors() -> None:
    for path, methods in document()["paths"].items():
        for method, operation in methods.items():
            assert "A key needs the scope `" in operation["description"], path
            assert operation["summary"], path
            assert {"apiKey": []} in operation["security"], path
            assert {"401", "403", "429", "500"} <= set(operation["responses"]), (path, method)


@pytest.mark.django_db
@pytest.mark.parametrize("role", ["rep", "marketer", "manager"])
def test_answers_are_as_documented(role: str, request: pytest.FixtureRequest, subtests: pytest.Subtests) -> None:
    user: User = request.getfixturevalue(role)
    world = make_world(1, owner=user)
    for name in (*LISTS, *DETAILS):
        with subtests.test(name=name):
            answer = client_of(user).get(address(name, world[name.replace("-list", "-detail")]))
            is_kept_by_others = (name, role) == ("webhook-detail", "rep")  # by marketers and managers
            is_kept_by_others |= name in MANAGERS & set(DETAILS) and role != "manager"
            status = 404 if is_kept_by_others else 200
            assert answer.status_code == status
            check(answer.json(), template(name), status=str(status))


@pytest.mark.parametrize(
    "text", ["", "A bank in Region 1 wants a call with a Role 1 by Friday, deal of 2 million dollars"]
)
def test_answer_to_a_brief_is_as_documented(text: str, manager: User) -> None:
    make_world(1)
    make_world(2)
    corrections = {"added": ["industry:industry-1"], "excluded": ["role:role-2"]}
    given = {"text": text, "corrections": corrections, "filters": {"region": ["region-1", "region-2"]}}
    response = client_of(manager).post(address("match-search"), given, format="json")
    assert response.status_code == 200
    check(response.json(), address("match-search"), "post")


def test_refusals_are_as_documented(manager: User) -> None:
    check(client_of(manager).get(address("tag-detail", 999)).json(), template("tag-detail"), status="404")
    check(APIClient().get(address("tag-list")).json(), address("tag-list"), status="401")
    check(client_of(manager).get(address("tag-list"), {"facet": "x"}).json(), address("tag-list"), status="400")


def test_schema_is_served_as_json_and_as_yaml(rep: User) -> None:
    response = client_of(rep).get(address("schema"))
    assert response["Content-Type"].startswith("application/json")
    assert set(response.json()["paths"]) == set(document()["paths"])
    as_yaml = client_of(rep).get(address("schema"), {"format": "yaml"})
    assert yaml.load(as_yaml.content, Loader=yaml.CSafeLoader)["openapi"].startswith("3.")


def test_facets_are_documented_as_lists_of_slugs() -> None:
    for path in ("/api/v1/promoters/", "/api/v1/speakers/"):
        parameters = {each["name"]: each for each in document()["paths"][path]["get"]["parameters"]}
        assert parameters["industry"]["schema"]["type"] == "array"
        assert {"product", "solution", "region", "role", "seniority", "size", "language"} <= set(parameters)


def test_docs_ask_for_login_and_fetch_nothing_from_elsewhere(rep: User, get: Callable[..., Any]) -> None:
    anonymous = APIClient().get("/api/v1/docs/")
    assert anonymous.status_code == 302
    page = client_of(rep).get("/api/v1/docs/")
    assert page.status_code == 200
    assert b"http://" not in page.content
    assert b"https://" not in page.content
    assert b"swagger-ui-bundle.js" in page.content


ODD = ["\x00", "9" * 400, "0001-01-01", "'%_\\🏦"]


@pytest.mark.parametrize("name", LISTS)
def test_documented_parameters_take_anything_without_breaking(name: str, manager: User) -> None:
    make_world(1)
    client = client_of(manager)
    for parameter in document()["paths"][address(name)]["get"]["parameters"]:
        for value in ODD:
            response = client.get(address(name), {parameter["name"]: value})
            assert response.status_code in {200, 400, 404}, (parameter["name"], value, response.content[:200])
            kept.clear()


def test_guide_tells_of_every_endpoint_scope_and_facet() -> None:
    guide = (settings.BASE_DIR / "docs" / "api.md").read_text(encoding="utf-8")
    addresses = {path.removeprefix("/api/v1/").removesuffix("{id}/") for path in document()["paths"]}
    for word in (*addresses, *Scope.values, *Facet.values, "RateLimit-Remaining"):
        assert word in guide, word
