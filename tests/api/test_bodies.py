"""Whatever a body holds, a call about requests is answered and nothing breaks."""

import json
from typing import Any

import pytest
from django.core.cache import cache
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rest_framework import serializers
from rest_framework.test import APIClient

from api.v1.bodies import StrictSerializer
from api.v1.demand import AssignmentSerializer, TaskNoteSerializer
from api.v1.match_bodies import (
    AcceptSerializer,
    CompleteSerializer,
    DeclineSerializer,
    FeedbackSerializer,
    NewMatchSerializer,
    NoShowSerializer,
    ReasonSerializer,
    RejectionSerializer,
    ScheduleSerializer,
    SwapSerializer,
)
from api.v1.request_bodies import (
    CommentSerializer,
    DealReportSerializer,
    NewRequestSerializer,
    ReportSerializer,
    RequestFieldsSerializer,
    SubmitSerializer,
    WhySerializer,
)
from matching.models import Match, RecruitingTask
from tests.api.conftest import client_of, codes
from tests.matching.factories import invite, make_banker, make_request
from users.models import User

ODD = [
    None, True, False, 0, -1, 1, 3, 10**30, -(10**30), 1.5, "", " ", "x", "call", "group_call", "won", "lost", "urgent",
    "no_time", "promoter", "USD", "eur", "2031-05-14", "0001-01-01", "9999-12-31", "2031-05-14T10:00:00Z",
    "9999-12-31T23:59:59Z", "0001-01-01T00:00:00+14:00", "12.345", "1e400", "NaN", "-Infinity", "\x00", "\ud800",
    "a" * 5_000, "Ünïcödé 🏦 %_\\'\"", "A bank wants 3 calls tomorrow, 2 million dollars", "industry:banking",
    "x@example.test",
]  # fmt: skip
LEAVES = st.sampled_from(ODD)
KEYS = st.sampled_from(["added", "x", "0"])
VALUES = st.recursive(LEAVES, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner), max_leaves=6)
RELAXED = settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))


def bodies(*shapes: type[serializers.Serializer[Any]]) -> st.SearchStrategy[Any]:
    """Bodies with the fields of these serializers, and one unknown, each with any value; or no object at all."""
    names = sorted({str(name) for shape in shapes for name in shape().fields} | {"no_such"})
    return st.dictionaries(st.sampled_from(names), VALUES, max_size=5) | VALUES


def post(client: APIClient, path: str, body: Any, method: str = "post") -> int:
    cache.clear()  # the rate limit starts afresh
    content = json.dumps(body)
    answer = getattr(client, method)(path, content, content_type="application/json", headers={"If-Match": "*"})
    return int(answer.status_code)


@pytest.mark.parametrize(
    ("path", "method", "shape"),
    [
        ("", "post", NewRequestSerializer),
        ("{request}/", "patch", RequestFieldsSerializer),
        ("{request}/submit/", "post", SubmitSerializer),
        ("{request}/cancel/", "post", WhySerializer),
        ("{request}/comments/", "post", CommentSerializer),
        ("{request}/outcome/", "post", ReportSerializer),
        ("{request}/matches/", "post", NewMatchSerializer),
        ("outcome/", "post", DealReportSerializer),
    ],
)
def test_call_about_a_request_takes_any_body(path: str, method: str, shape: Any, manager: User) -> None:
    make_banker()
    client, row = client_of(manager), make_request(manager)

    @RELAXED
    @given(body=bodies(shape))
    def check(body: Any) -> None:
        status = post(client, f"/api/v1/requests/{path.format(request=row.pk)}", body, method)
        assert status in {200, 201, 400, 409, 422}

    check()


@pytest.mark.parametrize(
    ("verb", "shape"),
    [
        ("approve", ReasonSerializer),
        ("reject", RejectionSerializer),
        ("swap", SwapSerializer),
        ("accept", AcceptSerializer),
        ("decline", DeclineSerializer),
        ("schedule", ScheduleSerializer),
        ("complete", CompleteSerializer),
        ("no-show", NoShowSerializer),
        ("cancel", WhySerializer),
        ("feedback", FeedbackSerializer),
        ("contact-data", WhySerializer),
    ],
)
def test_call_about_a_match_takes_any_body(verb: str, shape: Any, rep: User, manager: User) -> None:
    make_banker()
    match, client = invite(rep, manager), client_of(manager)

    @RELAXED
    @given(body=bodies(shape), status=st.sampled_from(["invited", "accepted", "manager_review", "completed"]))
    def check(body: Any, status: str) -> None:
        Match.objects.filter(pk=match.pk).update(status=status)
        answered = post(client, f"/api/v1/requests/{match.request_id}/matches/{match.pk}/{verb}/", body)
        assert answered in {200, 201, 400, 409, 422}

    check()


@pytest.mark.parametrize(
    ("verb", "shape"), [("done", TaskNoteSerializer), ("assign", AssignmentSerializer), ("dismiss", TaskNoteSerializer)]
)
def test_call_about_a_task_takes_any_body(verb: str, shape: Any, rep: User, manager: User) -> None:
    client = client_of(rep)
    client.post("/api/v1/requests/", {"deal": "x"}, format="json")
    task, client = RecruitingTask.objects.get(), client_of(manager)

    @RELAXED
    @given(body=bodies(shape))
    def check(body: Any) -> None:
        assert post(client, f"/api/v1/recruiting-tasks/{task.pk}/{verb}/", body) in {200, 400, 409, 422}

    check()


@pytest.mark.parametrize("content", ["[" * 100_000, '{"a":' * 50_000, "1" * 5_000, b"\xff\xfe", b"", "nul", "{'a': 1}"])
def test_body_that_is_no_json_is_a_parse_error(content: Any, rep: User) -> None:
    response = client_of(rep).post("/api/v1/requests/", content, content_type="application/json")
    assert response.status_code in {400, 422}
    assert codes(response)[0][0] in {"parse_error", "invalid", "deal_required"}


class Outer(StrictSerializer):
    """A body within a body."""

    class Inner(StrictSerializer):
        """One with a field that is only read."""

        id = serializers.IntegerField(read_only=True)
        name = serializers.CharField()

    inner = Inner()


@pytest.mark.parametrize(
    ("body", "unknown"),
    [
        ({"inner": {"name": "x"}}, []),
        ({"inner": {"name": "x"}, "outer": 1}, ["outer"]),
        ({"inner": {"name": "x", "nam": "y"}}, ["nam"]),
        ({"inner": {"name": "x", "id": 1}}, ["id"]),
    ],
)
def test_unknown_fields_are_named_at_any_depth(body: Any, unknown: list[str]) -> None:
    given_body = Outer(data=body)
    assert given_body.is_valid() is not bool(unknown)
    errors: Any = given_body.errors
    errors = errors.get("inner", errors)
    assert sorted(errors) == unknown
    assert {error.code for each in errors.values() for error in each} <= {"unknown_field"}
