"""What schemathesis makes of the OpenAPI document: no call breaks the server, and every answer is as documented."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import schemathesis
from django.core.cache import cache
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import Case
from schemathesis.checks import CheckFunction, not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.api.test_contract import make_world
from tests.api.test_schema import document
from users.enums import Scope
from users.models import User
from users.services import create_api_key

EXAMPLES = 4
CHECKS: list[CheckFunction] = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
SCHEMA = schemathesis.openapi.from_dict(json.loads(json.dumps(document(), default=str)))
SCHEMA.app = WSGIHandler()
OPERATIONS: dict[str, Any] = {
    result.ok().label: result.ok()  # type: ignore[union-attr]  # a document that is valid gives no other
    for result in SCHEMA.get_all_operations()
}


NOUNS = {"case-studies": "case-study", "policies": "policy", "unmet-demands": "unmet-demand"}


@pytest.fixture(autouse=True)
def _kept_connection() -> Iterator[None]:
    """Calls run inside the test's transaction, as with Django's own client."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield
    for signal in signals:
        signal.connect(close_old_connections)


def real_ids(label: str, world: dict[str, int]) -> dict[str, int]:
    """The ids of rows that are there, for the parameters of a path."""
    noun = label.split("/api/v1/")[1].partition("/")[0]
    found = {"id": world.get(f"{NOUNS.get(noun, noun.removesuffix('s'))}-detail", 1)}
    return {**found, "match_id": world["match-detail"]}


@pytest.mark.services  # too long for every run
@pytest.mark.django_db
@pytest.mark.parametrize("role", ["marketer", "manager"])
@pytest.mark.parametrize("label", OPERATIONS)
def test_calls_are_answered_as_documented(label: str, role: str, request: pytest.FixtureRequest) -> None:
    user: User = request.getfixturevalue(role)
    ids = real_ids(label, make_world(1, user))
    _, secret = create_api_key(user=user, name="schemathesis", scopes=Scope.values)

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=OPERATIONS[label].as_strategy())
    def call(case: "Case[Any]") -> None:
        cache.clear()  # the rate limit starts afresh
        case.path_parameters = {name: ids.get(name, value) for name, value in (case.path_parameters or {}).items()}
        case.call_and_validate(headers={"Authorization": f"Bearer {secret}"}, checks=CHECKS)

    run: Callable[[], Any] = call
    run()


def test_checks_notice_an_answer_that_is_not_documented() -> None:
    assert negative_data_rejection not in CHECKS  # ids of rows that do not exist are valid data, answered 404
    assert len(OPERATIONS) > 60
