"""The header Idempotency-Key at an endpoint: done once, answered alike, and refused with a stable code."""

from typing import Any

import pytest
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import CharField, Serializer
from rest_framework.test import APIRequestFactory, force_authenticate
from rest_framework.viewsets import ViewSet

from api.v1.idempotency import IdempotentCreates, RetoldCreates
from api.v1.schema import IDEMPOTENCY_KEY, ScopedSchema
from delivery.idempotency import claim
from delivery.models import IdempotencyKey
from references.errors import DomainError
from users.enums import Scope
from users.models import Team, User

PATH = "/api/v1/teams/"


class TeamSerializer(Serializer[Any]):
    name = CharField(max_length=20)


class RetoldTeamViewSet(RetoldCreates, ViewSet):
    """Makes teams whose names nothing may keep."""

    scope = Scope.POOL_READ

    def create(self, request: Request) -> Response:
        data = TeamSerializer(data=request.data)
        data.is_valid(raise_exception=True)
        return self._tell(Team.objects.create(name=data.validated_data["name"]), 201)

    def retell(self, pk: int, status: int) -> Response:
        return self._tell(get_object_or_404(Team, pk=pk), status)

    def _tell(self, team: Team, status: int) -> Response:
        return Response({"id": team.pk, "name": team.name}, status, headers={"ETag": f'"{team.name}"'})


class TeamViewSet(IdempotentCreates, ViewSet):
    """Makes teams."""

    scope = Scope.POOL_READ

    def create(self, request: Request) -> Response:
        data = TeamSerializer(data=request.data)
        data.is_valid(raise_exception=True)
        if data.validated_data["name"] == "taken":
            raise DomainError("duplicate_team", "There is such a team.")
        if data.validated_data["name"] == "break":
            raise ZeroDivisionError
        team = Team.objects.create(name=data.validated_data["name"])
        headers = {"Location": f"{PATH}{team.pk}/", "ETag": '"1"'}
        return Response({"id": team.pk, "joined": self.user.date_joined}, status=201, headers=headers)

    def list(self, request: Request) -> Response:
        return Response([])


def post(
    user: User | None, key: str | None, method: str = "post", view: type[ViewSet] = TeamViewSet, **data: Any
) -> Response:
    headers = {} if key is None else {"Idempotency-Key": key}
    request = getattr(APIRequestFactory(), method)(PATH, data, format="json", headers=headers)
    if user is not None:
        force_authenticate(request, user=user)
    answer = view.as_view({"post": "create", **({"get": "list"} if method == "get" else {})})(request)
    assert isinstance(answer, Response)
    answer.render()
    return answer


def code_of(answer: Response) -> tuple[int, str]:
    return answer.status_code, answer.data["errors"][0]["code"]


def test_repeat_gets_the_first_answer_and_changes_nothing(rep: User) -> None:
    first, again = post(rep, "k", name="North-West"), post(rep, "k", name="North-West")
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.content == again.content
    assert (first["Location"], first["ETag"]) == (again["Location"], again["ETag"])
    assert ("Idempotent-Replay" in first, again["Idempotent-Replay"]) == (False, "true")
    assert again["Cache-Control"] == "private, no-store"
    assert Team.objects.filter(name="North-West").count() == 1


def test_repeat_is_told_a_row_about_people_as_it_stands_and_nothing_of_one_that_is_gone(rep: User) -> None:
    first = post(rep, "k", view=RetoldTeamViewSet, name="Nora")
    assert IdempotencyKey.objects.get().answer == {"body": {"id": first.data["id"]}, "headers": {"ETag": '"Nora"'}}
    Team.objects.filter(name="Nora").update(name="Erased")
    again = post(rep, "k", view=RetoldTeamViewSet, name="Nora")
    assert (again.status_code, again.data["name"], again["ETag"]) == (201, "Erased", '"Erased"')
    assert again["Idempotent-Replay"] == "true"
    Team.objects.filter(name="Erased").delete()
    assert code_of(post(rep, "k", view=RetoldTeamViewSet, name="Nora")) == (404, "not_found")


def test_calls_without_a_key_are_all_done(rep: User) -> None:
    post(rep, None, name="A")
    post(rep, None, name="B")
    assert Team.objects.filter(name__in="AB").count() == 2
    assert not IdempotencyKey.objects.exists()


def test_another_body_under_the_key_is_refused(rep: User) -> None:
    post(rep, "k", name="A")
    assert code_of(post(rep, "k", name="B")) == (422, "idempotency_mismatch")


def test_repeat_during_the_first_call_is_told_to_wait(rep: User) -> None:
    body = APIRequestFactory().post(PATH, {"name": "A"}, format="json").body
    claim(user=rep, key="k", endpoint=f"POST {PATH}", body=body)
    assert code_of(post(rep, "k", name="A")) == (409, "idempotency_in_progress")
    assert not Team.objects.filter(name="A").exists()


@pytest.mark.parametrize(
    ("name", "refusal"),
    [("x" * 21, (400, "max_length")), ("taken", (409, "duplicate_team")), ("break", (500, "error"))],
)
def test_call_that_did_not_succeed_may_be_made_again(name: str, refusal: tuple[int, str], rep: User) -> None:
    assert code_of(post(rep, "k", name=name)) == refusal
    assert post(rep, "k", name="A").status_code == 201


@pytest.mark.parametrize("key", ["", "x" * 201])
def test_key_of_an_impossible_length_is_refused(key: str, rep: User) -> None:
    answer = post(rep, key, name="A")
    assert code_of(answer) == (400, "invalid")
    assert answer.data["errors"][0]["attr"] == "Idempotency-Key"


def test_key_of_two_hundred_characters_is_taken(rep: User) -> None:
    assert post(rep, "x" * 200, name="A").status_code == 201


def test_reads_take_no_key(rep: User) -> None:
    assert post(rep, "k", method="get").status_code == 200
    assert not IdempotencyKey.objects.exists()


@pytest.mark.django_db
def test_key_is_not_claimed_for_those_who_are_not_let_in() -> None:
    assert post(None, "k", name="A").status_code == 401
    assert not IdempotencyKey.objects.exists()


def test_document_names_the_header_at_posts_alone() -> None:
    schema = ScopedSchema()
    schema.view = TeamViewSet()
    for method, parameters in {"POST": [IDEMPOTENCY_KEY], "GET": []}.items():
        schema.method = method
        assert schema.get_override_parameters() == parameters
