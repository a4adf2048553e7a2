"""The policy by API: read by everybody, changed by managers, previewed before, never over somebody else's version."""

from typing import Any

import pytest

from references.models import PolicyVersion
from references.policy import ProgramPolicy
from references.policy_values import settings_of
from references.program import current_policy, merge_policy
from references.services.policies import save_policy
from tests.api.conftest import client_of, codes, ids, key_of
from tests.matching.factories import make_banker, submit
from users.enums import Scope
from users.models import User

URL = "/api/v1/policies/"


def send(user: User, body: dict[str, Any], path: str = "") -> Any:
    return client_of(user).post(f"{URL}{path}", body, format="json")


def test_current_policy_is_every_setting(rep: User) -> None:
    answer = client_of(rep).get(f"{URL}current/").json()
    assert answer == {"id": 0, "settings": settings_of(ProgramPolicy())}
    save_policy(values={"caps": {"per_year": 4}})
    answer = client_of(rep).get(f"{URL}current/").json()
    assert (answer["id"], answer["settings"]["caps"]["per_year"]) == (1, 4)
    assert merge_policy(answer["settings"], version=1) == current_policy()


def test_versions_are_read_by_number(rep: User, manager: User) -> None:
    save_policy(values={"hold_hours": 24}, by=manager, note="shorter")
    save_policy(values={})
    client = client_of(rep)
    assert ids(client.get(URL).json()) == [2, 1]
    assert ids(client.get(URL, {"search": "short", "ordering": "version"}).json()) == [1]
    answer = client.get(f"{URL}1/").json()
    assert (answer["id"], answer["values"], answer["note"]) == (1, {"hold_hours": 24}, "shorter")
    assert (answer["made_by"], answer["made_by_name"]) == (manager.pk, "Mina Manager")


def test_policy_is_saved_by_managers_alone(rep: User, manager: User, marketer: User) -> None:
    body = {"values": {"caps": {"per_year": 4, "per_quarter": 2}}, "note": "gentler", "expected_version": 0}
    for user in (rep, marketer):
        assert send(user, body).status_code == 403
        assert codes(send(user, body, "preview/")) == [("not_allowed", None)]
    response = send(manager, body)
    assert (response.status_code, response.json()["id"]) == (201, 1)
    row = PolicyVersion.objects.get()
    assert (row.values, row.note, row.made_by) == ({"caps": {"per_year": 4}}, "gentler", manager)


def test_policy_needs_its_scope_to_be_written(manager: User) -> None:
    reader, writer = key_of(manager, Scope.POOL_READ), key_of(manager, Scope.POLICY_WRITE)
    body: dict[str, Any] = {"values": {}}
    assert reader.get(f"{URL}current/").status_code == 200
    assert (reader.post(URL, body, format="json").status_code, writer.get(URL).status_code) == (403, 403)
    assert writer.post(f"{URL}preview/", body, format="json").status_code == 200
    assert writer.post(URL, body, format="json").status_code == 201


def test_policy_over_a_newer_version_is_a_conflict(manager: User) -> None:
    save_policy(values={})
    response = send(manager, {"values": {}, "expected_version": 0})
    assert (response.status_code, codes(response)) == (409, [("changed_meanwhile", None)])


def test_policy_saved_twice_under_one_key_is_saved_once(manager: User) -> None:
    client = client_of(manager)
    answers = [client.post(URL, {"values": {}}, format="json", HTTP_IDEMPOTENCY_KEY="k1") for _ in range(2)]
    assert [each.status_code for each in answers] == [201, 201]
    assert answers[0].json() == answers[1].json()
    assert PolicyVersion.objects.count() == 1


@pytest.mark.parametrize("path", ["", "preview/"])
@pytest.mark.parametrize(
    "values, status, code",
    [
        ({"mood": 1}, 422, ("unknown_setting", "mood")),
        ({"caps": {"per_year": "x"}}, 422, ("wrong_setting", "caps.per_year")),
        ({"approvals": [{}]}, 422, ("wrong_setting", "approvals.0.approvers")),
        ({"caps": {"per_year": float(2**70)}}, 422, ("wrong_setting", "caps.per_year")),
        ([], 400, ("not_a_dict", "values")),
        (None, 400, ("null", "values")),
    ],
)
def test_policy_refuses_with_the_setting_at_fault(
    manager: User, path: str, values: Any, status: int, code: tuple[str, str]
) -> None:
    response = send(manager, {"values": values}, path)
    assert (response.status_code, codes(response)) == (status, [code])
    assert not PolicyVersion.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_preview_tells_what_would_change_and_saves_nothing(rep: User, manager: User) -> None:
    make_banker("Nora Lindqvist", owner=manager)
    request = submit(rep)
    response = send(manager, {"values": {"approvals": [{"approvers": "both"}]}}, "preview/")
    answer = response.json()
    assert (response.status_code, answer["current"], answer["looked_at"], answer["is_cut"]) == (200, 0, 1, False)
    assert [each["key"] for each in answer["differences"]] == ["approvals"]
    ((person,),) = [each["people"] for each in answer["requests"]]
    assert answer["requests"][0]["request"] == request.pk
    assert (person["before"]["approvers"], person["after"]["approvers"]) == (["owner"], ["owner", "manager"])
    assert "Nora" not in response.content.decode()
    assert not PolicyVersion.objects.exists()
