"""What schemathesis makes of the OpenAPI document: no call breaks the server, and every answer is as documented."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
import schemathesis
from django.core.cache import cache
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.utils import timezone
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

from delivery.webhook_services import create_webhook
from delivery.webhooks import emit
from matching.models import Match, Request
from matching.services.meeting import complete_match
from matching.services.sourcing import hold_speaker
from references.models import Contact, Engagement
from references.services.outside import log_outside_use
from tests.api.test_contract import make_world
from tests.api.test_schema import document
from tests.conftest import make_user
from tests.factories import make_nomination, make_slot
from tests.matching.factories import (
    BRIEF,
    accept,
    banking,
    invite,
    make_banker,
    make_request,
    schedule,
    submit,
    the_match,
)
from users.enums import Role, Scope
from users.models import User
from users.services import create_api_key

EXAMPLES = 3
JSON = "application/json"
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
NOUNS = {"case-studies": "case-study", "points-entries": "points-entry", "policies": "policy"}


@pytest.fixture(autouse=True)
def _kept_connection() -> Iterator[None]:
    """Calls run inside the test's transaction, as with Django's own client."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield
    for signal in signals:
        signal.connect(close_old_connections)


def real_ids(label: str, user: User) -> dict[str, int | str]:
    """The ids of rows of the user's own, for the parameters of a path."""
    world = make_world(1, user)
    noun = label.split("/api/v1/")[1].partition("/")[0]
    ids: dict[str, int | str] = {"match_id": world["match-detail"]}
    if noun == "webhooks":
        hook = create_webhook(owner=user, name="Ours", url="https://hooks.example/", events=["content.published"])
        emit("content.published", subject="testimonial:17", data={"id": 17})
        return {"webhook_id": str(hook.pk), "delivery_id": hook.deliveries.get().pk}
    return {**ids, "id": world.get(f"{NOUNS.get(noun, noun.removesuffix('s'))}-detail", 1)}


@pytest.mark.services  # too long for every run
@pytest.mark.django_db
@pytest.mark.parametrize("role", ["marketer", "manager"])
@pytest.mark.parametrize("label", OPERATIONS)
def test_calls_are_answered_as_documented(label: str, role: str, request: pytest.FixtureRequest) -> None:
    user: User = request.getfixturevalue(role)
    ids = real_ids(label, user)
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


@dataclass(frozen=True, slots=True)
class Call:
    """A call that must succeed: the ids in its path, and its body."""

    ids: dict[str, Any]
    body: dict[str, Any] | None = None


def in_days(days: int) -> str:
    return (timezone.now() + timedelta(days=days)).isoformat()


def of(match: Match, body: dict[str, Any] | None = None) -> Call:
    return Call({"id": match.request_id, "match_id": match.pk}, {} if body is None else body)


def about_request(row: Request, status: str, body: dict[str, Any] | None = None) -> Call:
    Request.objects.filter(pk=row.pk).update(status=status)
    return Call({"id": row.pk}, {} if body is None else body)


def waiting() -> Match:
    """A match that waits for a manager's yes."""
    return the_match(submit(make_user(Role.SALES, "requester@example.test")))


def put_forward(user: User) -> Call:
    row = submit(user, quantity=2)
    return Call({"id": row.pk}, {"contact": make_banker().pk})


def completed(user: User) -> Match:
    return complete_match(match=schedule(user, user), by=user)


def logged(user: User) -> Engagement:
    return log_outside_use(contact=make_banker(), activity="call", on=timezone.localdate(), by=user, source_key="one")


def slot_with(speaker: Contact | None, **fields: Any) -> Call:
    slot = make_slot(tags=[banking()], speaker=speaker, **fields)
    return Call({"id": slot.pk}, {})


def held(user: User) -> Call:
    slot = make_slot(tags=[banking()])
    hold_speaker(slot=slot, contact=make_banker(consents=["speaking"]), by=user)
    return Call({"id": slot.pk}, {"why": "Rather not."})


def hook(user: User, **body: Any) -> Call:
    ids = real_ids("POST /api/v1/webhooks/", user)
    return Call(ids, body)


WAYS: dict[str, Callable[[User], Call]] = {
    "POST /requests/": lambda _user: Call({}, {"deal": "Harbor Bank", "brief": BRIEF, "prospects": ["Harbor Bank"]}),
    "POST /requests/{id}/submit/": lambda user: Call({"id": make_request(user).pk}, {}),
    "POST /requests/{id}/reopen/": lambda user: about_request(submit(user), "unmet", {"why": "Once more."}),
    "POST /requests/{id}/matches/": put_forward,
    "POST /requests/{id}/matches/{match_id}/approve/": lambda _user: of(waiting(), {"reason": "Fits"}),
    "POST /requests/{id}/matches/{match_id}/reject/": lambda _user: of(waiting(), {"reason": "On leave"}),
    "POST /requests/{id}/matches/{match_id}/swap/": lambda _user: of(
        waiting(), {"contact": make_banker().pk, "reason": "Knows them"}
    ),
    "POST /requests/{id}/matches/{match_id}/accept/": lambda user: of(invite(user, user), {"times": [in_days(9)]}),
    "POST /requests/{id}/matches/{match_id}/decline/": lambda user: of(invite(user, user), {"reason": "no_time"}),
    "POST /requests/{id}/matches/{match_id}/schedule/": lambda user: of(accept(user, user), {"at": in_days(9)}),
    "POST /requests/{id}/matches/{match_id}/complete/": lambda user: of(schedule(user, user), {"effort_hours": "0.75"}),
    "POST /requests/{id}/matches/{match_id}/no-show/": lambda user: of(schedule(user, user), {"side": "promoter"}),
    "POST /requests/{id}/matches/{match_id}/feedback/": lambda user: of(completed(user), {"helpful": 5}),
    "POST /requests/{id}/matches/{match_id}/contact-data/": lambda user: of(accept(user, user), {"why": "To call"}),
    "GET /requests/{id}/matches/{match_id}/calendar/": lambda user: of(schedule(user, user)),
    "POST /engagements/": lambda _user: Call(
        {}, {"contact": make_banker().pk, "activity": "call", "on": timezone.localdate().isoformat()}
    ),
    "POST /engagements/{id}/withdraw/": lambda user: Call({"id": logged(user).pk}, {"reason": "Another person."}),
    "POST /nominations/{id}/submit/": lambda user: Call({"id": make_nomination(by=user, status="draft").pk}),
    "POST /speaking-slots/": lambda _user: Call({}, {"event": "Retail Days", "starts_at": in_days(90)}),
    "POST /speaking-slots/{id}/release/": held,
    "POST /speaking-slots/{id}/deliver/": lambda _user: slot_with(
        make_banker(consents=["speaking"]), status="confirmed", starts_at=timezone.now() - timedelta(days=1)
    ),
    "POST /webhooks/": lambda _user: Call(
        {}, {"name": "Website", "url": "https://hooks.example/in", "events": ["content.published"]}
    ),
    "GET /webhooks/{webhook_id}/": hook,
    "GET /webhooks/{webhook_id}/deliveries/": hook,
    "PATCH /webhooks/{webhook_id}/": lambda user: hook(user, name="Other"),
    "DELETE /webhooks/{webhook_id}/": hook,
    "POST /webhooks/{webhook_id}/pause/": hook,
    "POST /webhooks/{webhook_id}/rotate-secret/": hook,
    "POST /webhooks/{webhook_id}/test/": hook,
    "POST /webhooks/{webhook_id}/deliveries/{delivery_id}/replay/": hook,
    "POST /webhooks/{webhook_id}/replay-failed/": lambda user: hook(user, since=in_days(-1)),
}
"""Calls that random values hardly ever let succeed, each from the state in which it may be made."""


@pytest.mark.services  # too long for every run
@pytest.mark.django_db
@pytest.mark.parametrize("name", WAYS)
def test_calls_that_succeed_are_answered_as_documented(name: str, manager: User) -> None:
    make_banker()
    call = WAYS[name](manager)
    _, secret = create_api_key(user=manager, name="schemathesis", scopes=Scope.values)
    operation = OPERATIONS[name.replace(" /", " /api/v1/", 1)]
    headers = {"Authorization": f"Bearer {secret}", "If-Match": "*"}
    sends = {} if call.body is None or name.startswith("GET") else {"body": call.body, "media_type": JSON}
    case = operation.Case(path_parameters=call.ids, **sends)
    assert case.call_and_validate(headers=headers, checks=CHECKS).status_code in {200, 201, 202, 204}


def test_checks_notice_an_answer_that_is_not_documented() -> None:
    assert negative_data_rejection not in CHECKS  # ids of rows that do not exist are valid data, answered 404
    assert len(OPERATIONS) > 60
