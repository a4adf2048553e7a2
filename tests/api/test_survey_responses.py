"""Answers by API: brought in once, found by address, amended, and never naming anybody to those who may not know."""

from typing import Any

import pytest

from references.models import Contact
from surveys.models import Campaign, Response
from tests.api.conftest import client_of, codes, ids
from tests.factories import make_contact, make_customer
from tests.surveys.rows import make_campaign, make_responses
from users.models import User

URL = "/api/v1/survey-responses/"


@pytest.fixture
def nora(rep: User) -> Contact:
    return make_contact(make_customer("Fjordbank", account_owner=rep), "Nora Lindqvist", email="nora@fjord.example")


def send(user: User, body: dict[str, Any], **headers: str) -> Any:
    return client_of(user).post(URL, body, format="json", **headers)  # type: ignore[arg-type]


def test_answer_finds_its_person_by_address_and_is_amended_under_its_id(marketer: User, nora: Contact) -> None:
    survey = make_campaign()
    body = {"campaign": survey.pk, "score": 9, "email": "Nora@Fjord.example", "external_id": "R1", "comment": "Nora L"}
    first = send(marketer, body)
    assert first.status_code == 201
    row = Response.objects.get()
    assert (row.contact, row.channel, row.score) == (nora, "api", 9)
    assert send(marketer, body | {"score": 4}).json()["score"] == 4
    assert Response.objects.count() == row.amendments.count() == 1
    assert "Nora" not in first.content.decode()  # a marketer is not told the name
    nora.refresh_from_db()
    assert (nora.nps_score, nora.loyalty) == (4, "detractor")


def test_answer_of_nobody_known_counts_and_one_id_is_one_answer(marketer: User, nora: Contact) -> None:
    survey = make_campaign()
    body: dict[str, Any] = {"campaign": survey.pk, "score": 7, "external_id": "R1"}
    assert send(marketer, body).json()["person"] is None
    assert codes(send(marketer, body | {"contact": nora.pk})) == [("key_taken", "external_id")]
    assert Response.objects.get().contact is None


def test_answer_under_one_key_is_recorded_once(manager: User, nora: Contact) -> None:
    body = {"campaign": make_campaign().pk, "score": 9, "contact": nora.pk}
    answers = [send(manager, body, HTTP_IDEMPOTENCY_KEY="k1") for _ in range(2)]
    assert [each.status_code for each in answers] == [201, 201]
    assert answers[1]["Idempotent-Replay"] == "true"
    assert answers[0].json()["person"]["who"] == "Nora Lindqvist"
    assert Response.objects.count() == 1


def test_account_owner_brings_in_answers_of_their_own_people_alone(rep: User, outsider: User, nora: Contact) -> None:
    body: dict[str, Any] = {"campaign": make_campaign().pk, "score": 9, "contact": nora.pk}
    assert send(rep, body).status_code == 201
    assert send(outsider, body).status_code == 403
    assert send(outsider, body | {"contact": None}).status_code == 403
    assert client_of(outsider).get(f"{URL}{Response.objects.get().pk}/").status_code == 404


@pytest.mark.parametrize(
    "change, code",
    [({"score": 11}, "max_value"), ({"campaign": 999_999}, "does_not_exist"), ({"mood": 1}, "unknown_field")],
)
def test_answer_that_makes_no_sense_is_refused(manager: User, change: dict[str, Any], code: str) -> None:
    response = send(manager, {"campaign": make_campaign().pk, "score": 9} | change)
    assert [found for found, _field in codes(response)] == [code]


def test_closed_survey_takes_no_answer(manager: User) -> None:
    response = send(manager, {"campaign": make_campaign(status="closed").pk, "score": 9})
    assert (response.status_code, codes(response)) == (422, [("not_running", "campaign")])


def test_what_somebody_answered_themselves_is_theirs_to_amend(manager: User, nora: Contact) -> None:
    (row,) = make_responses(make_campaign(), [3], contact=nora, channel="email")
    body = {"score": 10, "comment": ""}
    assert client_of(manager).patch(f"{URL}{row.pk}/", body, format="json").status_code == 403
    Response.objects.filter(pk=row.pk).update(channel="phone")
    assert client_of(manager).patch(f"{URL}{row.pk}/", body, format="json").json()["score"] == 10


def test_topics_are_put_on_and_taken_off_by_marketing(marketer: User, rep: User, nora: Contact) -> None:
    (row,) = make_responses(make_campaign(), [9], contact=nora)
    url = f"{URL}{row.pk}/topics/"
    answer = client_of(marketer).post(url, {"add": ["Price", "Support"]}, format="json").json()
    assert [each["name"] for each in answer["topics"]] == ["Price", "Support"]
    assert ids(client_of(marketer).get(URL, {"topic": answer["topics"][0]["id"]}).json()) == [row.pk]
    answer = client_of(marketer).post(url, {"remove": ["price"]}, format="json").json()
    assert [each["name"] for each in answer["topics"]] == ["Support"]
    assert client_of(rep).post(url, {"add": ["Price"]}, format="json").status_code == 403


def test_survey_goes_its_way_by_api(marketer: User, rep: User, nora: Contact) -> None:
    base = "/api/v1/survey-campaigns/"
    body = {"name": "Spring", "audience": "everybody=true", "texts": {"en": {"why": "Why?"}}}
    assert client_of(rep).post(base, body, format="json").status_code == 403
    made = client_of(marketer).post(base, body, format="json")
    url = f"{base}{made.json()['id']}/"
    assert (made.status_code, made["Location"].endswith(url), made.json()["status"]) == (201, True, "draft")
    assert client_of(marketer).get(f"{url}audience/").json()["by_mail"] == 1
    assert client_of(rep).get(f"{url}audience/").status_code == 403
    assert codes(client_of(marketer).patch(url, {"audience": "mood=1"}, format="json")) == [
        ("bad_audience", "audience")
    ]
    client_of(marketer).post(f"{url}start/", {}, format="json")
    assert Campaign.objects.get().status == "running"
    assert client_of(marketer).post(f"{url}start/", {}, format="json").status_code == 409
    assert codes(client_of(marketer).patch(url, {"audience": ""}, format="json")) == [("not_editable", "audience")]
    assert client_of(marketer).post(f"{url}close/", {"why": "enough"}, format="json").json()["status"] == "closed"
    assert client_of(marketer).post(f"{url}reopen/", {}, format="json").json()["status"] == "running"
