"""The OpenAPI document says all there is to say: what each call does, takes and answers, with examples and codes."""

from typing import Any

import pytest
from jsonschema import Draft202012Validator

from api.v1.openapi import codes_of, operations
from tests.api.test_schema import document, strictly, strictly_components

OPERATIONS = {f"{method.upper()} {path}": operation for path, method, operation in operations(document())}
EVERYWHERE = {"400", "401", "403", "406", "429", "500"}


def faults(schema: Any, value: Any) -> list[str]:
    whole = {**strictly(schema), "components": strictly_components()}
    return [f"{list(each.absolute_path)}: {each.message}" for each in Draft202012Validator(whole).iter_errors(value)]


@pytest.mark.parametrize("name", OPERATIONS)
def test_operation_says_what_it_does_and_takes(name: str) -> None:
    operation = OPERATIONS[name]
    assert operation["summary"]
    assert operation["tags"]
    assert len(operation["description"].partition("\n\nA key needs")[0]) > 20
    for parameter in operation.get("parameters", []):
        assert parameter.get("description"), parameter["name"]


@pytest.mark.parametrize("name", OPERATIONS)
def test_every_answer_has_a_meaning_and_an_example_that_its_schema_allows(name: str) -> None:
    responses = OPERATIONS[name]["responses"]
    assert any(status.startswith("2") for status in responses)
    for status, response in responses.items():
        assert response["description"], status
        content = response.get("content", {})
        if "application/json" not in content:
            continue
        shown = content["application/json"]
        values = [shown["example"]] if "example" in shown else [each["value"] for each in shown["examples"].values()]
        assert values, status
        for value in values:
            assert faults(shown["schema"], value) == [], (status, value)


@pytest.mark.parametrize("name", OPERATIONS)
def test_every_body_has_an_example(name: str) -> None:
    content = OPERATIONS[name].get("requestBody", {}).get("content", {})
    for media_type, shown in content.items():
        assert {"example", "examples"} & shown.keys(), media_type


@pytest.mark.parametrize("name", OPERATIONS)
def test_every_refusal_names_its_codes(name: str) -> None:
    operation = OPERATIONS[name]
    responses = operation["responses"]
    assert set(responses) >= EVERYWHERE
    assert "{" not in name or "404" in responses
    assert not name.startswith(("POST", "PATCH")) or "415" in responses
    assert "Retry-After" in responses["429"]["headers"]
    for status, response in responses.items():
        if status >= "400":
            codes = list(response["content"]["application/json"]["examples"])
            assert codes, status
            for code in codes_of(operation).get(status, []):
                assert code in codes
