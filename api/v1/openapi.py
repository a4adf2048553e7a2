"""Completes the OpenAPI document: what every answer can be, with an example and its codes, and what parameters mean."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from api.v1.errors import status_of
from api.v1.example_values import PARAMETERS, VALUES
from references.errors import DomainError

METHODS = frozenset({"get", "post", "put", "patch", "delete"})
ERROR = {"$ref": "#/components/schemas/ErrorResponse"}
COMMON: dict[str, tuple[str, ...]] = {
    "400": ("invalid",),
    "401": ("not_authenticated", "authentication_failed"),
    "403": ("permission_denied",),
    "404": ("not_found",),
    "405": ("method_not_allowed",),
    "406": ("not_acceptable",),
    "412": ("changed_meanwhile",),
    "415": ("unsupported_media_type",),
    "428": ("precondition_required",),
    "429": ("throttled",),
    "500": ("error",),
    "503": ("database_busy",),
}
MEANINGS = {
    "200": "Done.",
    "201": "Made.",
    "202": "Taken on; it is sent in a moment.",
    "204": "Done; there is nothing to tell.",
    "304": "What you hold is current.",
    "400": "Something sent makes no sense.",
    "401": "No key, or one that is unknown or over.",
    "403": "The key's scope, or your role, does not allow it.",
    "404": "There is no such row, or you may not see it.",
    "405": "This address does not know the method.",
    "406": "It is not told in the format that you accept.",
    "409": "The present state stands against it.",
    "412": "Somebody has changed it since the version named by If-Match.",
    "415": "Bodies are JSON.",
    "422": "A rule of the program stands against it.",
    "428": "Say by If-Match which version you have seen.",
    "429": "Too many calls; wait as long as Retry-After says.",
    "500": "Something broke here; it has been noted.",
    "503": "The database is busy or out of reach; try again after as long as Retry-After says.",
}
_LIMITS = {
    "RateLimit-Limit": "How many calls a minute you have.",
    "RateLimit-Remaining": "How many are left.",
    "RateLimit-Reset": "Seconds until all of them are back.",
}
_CODE = re.compile(r"`([a-z][a-z_]+)`")
_DEEPEST = 8
_LARGE = frozenset({"amount", "annual_value", "deal_value", "value"})


def complete(result: dict[str, Any], **_context: Any) -> dict[str, Any]:
    """A hook of drf-spectacular, after all others."""
    examples = Examples(result["components"]["schemas"])
    for path, method, operation in operations(result):
        _complete_parameters(operation)
        _complete_responses(path, method, operation)
        for content in _contents(operation):
            if not {"example", "examples"} & content.keys() and "schema" in content:
                content["example"] = examples.of(content["schema"])
    return result


def operations(document: Mapping[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Path, method and operation, of all there are."""
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            if method in METHODS:
                yield path, method, operation


def codes_of(operation: Mapping[str, Any]) -> dict[str, list[str]]:
    """The codes that an operation's description names after "Codes:", by the status they are answered with."""
    named: dict[str, list[str]] = {}
    for part in re.split(r"[Cc]odes:", operation.get("description", ""))[1:]:
        for code in _CODE.findall(part.partition("\n\n")[0]):
            statuses = [status for status, codes in COMMON.items() if code in codes]
            for status in statuses or [str(status_of(DomainError(code, "")))]:
                named.setdefault(status, []).append(code)
    return named


class Examples:
    """Makes examples of schemas: a value for each property by its name, its choices, or its kind."""

    def __init__(self, schemas: Mapping[str, Any]) -> None:
        self._schemas = schemas

    def of(self, schema: Mapping[str, Any], name: str = "", depth: int = 0) -> Any:
        """An example that the schema allows; `name` is the property that it is for."""
        schema = self._resolve(schema)
        if "example" in schema and name not in VALUES:
            return schema["example"]
        if "enum" in schema:
            known = VALUES.get(name)
            return known if known in schema["enum"] else next(each for each in schema["enum"] if each not in {"", None})
        kind = schema.get("type", "object")
        if kind == "object":
            return self._object(schema, depth)
        if kind == "array":
            most = schema.get("minItems", 0 if depth > _DEEPEST else 1)
            return [self.of(schema["items"], name, depth + 1) for _ in range(max(most, schema.get("minItems", 0)))]
        return self._scalar(schema, kind, name)

    def _resolve(self, schema: Mapping[str, Any]) -> Mapping[str, Any]:
        while not {"enum", "type", "properties", "example"} & schema.keys():
            several = next((schema[key] for key in ("allOf", "oneOf", "anyOf") if key in schema), None)
            if several is not None:
                schema = several[0]
            elif "$ref" in schema:
                schema = self._schemas[schema["$ref"].rpartition("/")[2]]
            else:
                break
        return schema

    def _object(self, schema: Mapping[str, Any], depth: int) -> dict[str, Any]:
        properties: Mapping[str, Any] = schema.get("properties", {})
        return {
            name: None if depth > _DEEPEST and each.get("nullable") else self.of(each, name, depth + 1)
            for name, each in properties.items()
            if not each.get("writeOnly")
        }

    def _scalar(self, schema: Mapping[str, Any], kind: str, name: str) -> Any:
        if kind == "boolean":
            return VALUES.get(name, True) is not False
        if kind in {"integer", "number"}:
            value = VALUES.get(name, 1)
            value = value if isinstance(value, int | float) else 1
            return min(max(value, schema.get("minimum", value)), schema.get("maximum", value))
        by_format = {
            "date": "2030-05-14",
            "date-time": "2030-05-14T09:00:00Z",
            "decimal": "250000.00" if name in _LARGE else "2.00",
            "uri": "https://stories.example.com/harbor-bank",
            "email": "mara@example.com",
            "uuid": "7d44f7c2-5b0e-4c44-9a38-6a8c1b0f7a10",
        }
        text = by_format.get(schema.get("format", "")) or str(VALUES.get(name, name.replace("_", " ") or "text"))
        return text[: schema["maxLength"]] if "maxLength" in schema else text


def _complete_parameters(operation: dict[str, Any]) -> None:
    for parameter in operation.get("parameters", []):
        if not parameter.get("description") and parameter["name"] in PARAMETERS:
            parameter["description"] = PARAMETERS[parameter["name"]]


def _complete_responses(path: str, method: str, operation: dict[str, Any]) -> None:
    responses: dict[str, Any] = operation["responses"]
    named = codes_of(operation)
    possible = {"400", "401", "403", "406", "429", "500", "503", *named}
    possible |= {"404"} if "{" in path else set()
    possible |= {"415"} if method in {"post", "patch", "put"} else set()
    headers = {each["name"] for each in operation.get("parameters", [])}
    possible |= {"412"} if "If-Match" in headers else set()
    if "Idempotency-Key" in headers:
        named.setdefault("409", []).append("idempotency_in_progress")
        named.setdefault("422", []).append("idempotency_mismatch")
        possible |= {"409", "422"}
    for status in sorted(possible):
        responses.setdefault(status, {"content": {"application/json": {"schema": ERROR}}, "description": ""})
    for status, response in responses.items():
        response["description"] = response.get("description") or MEANINGS.get(status, "")
        response.setdefault("headers", {}).update(_headers(status))
        content = response.get("content", {})
        if status >= "400":
            codes = list(dict.fromkeys((*COMMON.get(status, ()), *named.get(status, ()))))
            response["content"] = {"application/json": {"schema": ERROR, "examples": _refusals(status, codes)}}
        elif "text/csv" in content:
            content["text/csv"] = {
                "schema": {"type": "string"},
                "example": "id,updated_at\r\n17,2030-05-14T09:00:00Z\r\n",
            }


def _headers(status: str) -> dict[str, Any]:
    told = {name: {"schema": {"type": "integer"}, "description": text} for name, text in _LIMITS.items()}
    if status == "401":
        return {}
    if status in {"429", "503"}:
        told["Retry-After"] = {"schema": {"type": "integer"}, "description": "Seconds to wait."}
    return told


def _refusals(status: str, codes: list[str]) -> dict[str, Any]:
    kind = "validation_error" if status == "400" else "server_error" if status >= "500" else "client_error"
    return {
        code: {"value": {"type": kind, "errors": [{"code": code, "detail": MEANINGS[status], "attr": None}]}}
        for code in codes
    }


def _contents(operation: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for part in (operation.get("requestBody", {}), *operation["responses"].values()):
        content = part.get("content", {})
        if "application/json" in content:
            yield content["application/json"]
