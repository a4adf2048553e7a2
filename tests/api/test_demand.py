"""Unmet demand and recruiting tasks by API: read by whom they concern, given to somebody, and ended."""

from typing import Any

import pytest

from matching.models import RecruitingTask, Request, UnmetDemand
from tests.api.conftest import client_of, codes, ids
from tests.matching.factories import make_banker, submit
from users.models import User

TASKS, DEMANDS = "/api/v1/recruiting-tasks/", "/api/v1/unmet-demands/"


@pytest.fixture
def request_unmet(rep: User) -> Request:
    """A request that found nobody: the only banker is paused."""
    make_banker("Nora Lindqvist", status="paused")
    return submit(rep, deal_value=1000, currency="USD")


def act(user: User, verb: str, body: Any = None) -> Any:
    return client_of(user).post(f"{TASKS}{RecruitingTask.objects.get().pk}/{verb}/", body, format="json")


@pytest.mark.usefixtures("request_unmet")
def test_demand_is_seen_with_its_request(rep: User, manager: User, outsider: User) -> None:
    demand = UnmetDemand.objects.get()
    for user in (rep, manager):
        (row,) = client_of(user).get(DEMANDS).json()["results"]
        assert (row["id"], row["segment"], row["deal_value"]) == (demand.pk, {"industry": ["Banking"]}, "1000.00")
    assert client_of(outsider).get(DEMANDS).json()["count"] == 0
    assert client_of(outsider).get(f"{DEMANDS}{demand.pk}/").status_code == 404
    client = client_of(manager)
    assert ids(client.get(DEMANDS, {"met": "false", "activity": "call", "min_value": "1000"}).json()) == [demand.pk]
    assert ids(client.get(DEMANDS, {"met": "true"}).json()) == []


@pytest.mark.usefixtures("request_unmet")
def test_task_tells_who_comes_nearest_and_what_they_lack(manager: User, rep: User) -> None:
    (row,) = client_of(manager).get(TASKS).json()["results"]
    (nearest,) = row["nearest"]
    assert (nearest["name"], nearest["headline"]) == ("Nora Lindqvist", "Banking")
    assert "paused" in {lack["code"] for lack in nearest["lacks"]}
    assert client_of(rep).get(TASKS).json()["count"] == 0
    assert act(manager, "assign", {"assignee_email": "REP@example.test"}).json()["assignee"] == rep.pk
    told = client_of(rep).get(TASKS)
    assert told.json()["results"][0]["nearest"][0]["name"] is None
    assert "Nora" not in told.content.decode()
    assert ids(client_of(rep).get(TASKS, {"assignee": "me", "status": "open"}).json()) == [row["id"]]


@pytest.mark.usefixtures("request_unmet")
def test_task_is_given_by_managers_and_ended_by_whoever_has_it(manager: User, rep: User, outsider: User) -> None:
    assert act(rep, "done").status_code == 404
    act(manager, "assign", {"assignee_email": rep.email})
    response = act(rep, "assign", {"assignee_email": None})
    assert (response.status_code, codes(response)) == (403, [("not_allowed", None)])
    answer = act(rep, "done", {"note": "Won her"}).json()
    assert (answer["status"], answer["note"], answer["assignee_name"]) == ("done", "Won her", "Robin Rep")
    response = act(manager, "dismiss")
    assert (response.status_code, codes(response)) == (409, [("move_not_allowed", "status")])
    response = act(manager, "assign", {"assignee_email": outsider.email})
    assert (response.status_code, codes(response)) == (409, [("task_over", None)])


@pytest.mark.usefixtures("request_unmet")
def test_note_names_nobody_whom_its_reader_may_not_know(manager: User, rep: User) -> None:
    act(manager, "assign", {"assignee_email": rep.email})
    note = "Nora says no: +47 555 0100"
    assert act(manager, "dismiss", {"note": note}).json()["note"] == note
    assert client_of(rep).get(TASKS).json()["results"][0]["note"] == "… says no: [number]"


@pytest.mark.usefixtures("request_unmet")
def test_task_is_dismissed_or_taken_back(manager: User, rep: User) -> None:
    act(manager, "assign", {"assignee_email": rep.email})
    assert act(manager, "assign", {"assignee_email": None}).json()["assignee"] is None
    for body, status, error in (
        ({"assignee_email": "nobody@example.test"}, 422, ("unknown_assignee", "assignee_email")),
        ({}, 400, ("required", "assignee_email")),
        ({"assignee_email": "x"}, 400, ("invalid", "assignee_email")),
        ({"assignee": rep.pk}, 400, ("unknown_field", "assignee")),
    ):
        response = act(manager, "assign", body)
        assert (response.status_code, codes(response)) == (status, [error])
    assert act(manager, "dismiss", {"note": "Too rare"}).json()["status"] == "dismissed"
