"""The list of answers: its filters, names by rule, and topics in bulk."""

from datetime import date

import pytest
from django.urls import reverse

from references.models import Contact
from surveys.models import Campaign, Response, Topic
from surveys.services.answering import amend_response
from tests.factories import make_tag
from tests.web.conftest import LogIn
from users.models import User

ADDRESS = "/surveys/responses/"


@pytest.fixture
def answers(campaign: Campaign, person: Contact) -> list[Response]:
    """A ten of Ada's that names her, a nameless seven without a word, a two of another campaign by telephone."""
    other = Campaign.objects.create(name="Autumn", creation_key="autumn", status="running")
    product = make_tag("product", "Ledger")
    return [
        Response.objects.create(
            campaign=campaign, score=10, comment="Ask Ada Voss.", channel="email", source="1", contact=person,
            answered_on=date(2026, 3, 1), attributes={"plan": "Team"},
        ),
        Response.objects.create(campaign=campaign, score=7, channel="widget", source="2", attributes={"plan": "Free"}),
        Response.objects.create(
            campaign=other, score=2, comment="Slow export.", channel="phone", source="3", product=product,
            answered_on=date(2026, 5, 1),
        ),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({}, ["1", "2", "3"]),
        ({"score_class": "promoter"}, ["1"]),
        ({"score_class": "passive"}, ["2"]),
        ({"score_class": "detractor"}, ["3"]),
        ({"score": "7"}, ["2"]),
        ({"channel": "phone"}, ["3"]),
        ({"has_comment": "true"}, ["1", "3"]),
        ({"has_comment": "false"}, ["2"]),
        ({"is_known": "true"}, ["1"]),
        ({"search": "slow EXPORT"}, ["3"]),
        ({"on_after": "2026-04-01"}, ["3"]),
        ({"on_before": "2026-04-01"}, ["1"]),
        ({"segment": "plan=Team"}, ["1"]),
        ({"segment": "plan="}, ["3"]),
        ({"segment": "plan"}, ["1", "2", "3"]),
        ({"topic": "999999999999"}, []),
    ],
)
def test_filters_narrow(
    answers: list[Response], manager: User, log_in: LogIn, query: dict[str, str], expected: list[str]
) -> None:
    response = log_in(manager).get(ADDRESS, query)
    assert sorted(told.row.source for told in response.context["told"]) == expected


def test_product_and_campaign_narrow_too(answers: list[Response], manager: User, log_in: LogIn) -> None:
    for query in ({"product": f"{answers[2].product_id}"}, {"campaign": f"{answers[2].campaign_id}"}):
        response = log_in(manager).get(ADDRESS, query)
        assert [told.row.source for told in response.context["told"]] == ["3"]


def test_names_show_to_managers_and_owners_alone(
    answers: list[Response], manager: User, rep: User, marketer: User, outsider: User, log_in: LogIn
) -> None:
    pages = {user.email: log_in(user).get(ADDRESS).content.decode() for user in (manager, rep, marketer, outsider)}
    assert {email: "Ada Voss" in page for email, page in pages.items()} == {
        manager.email: True,
        rep.email: True,
        marketer.email: False,
        outsider.email: False,
    }
    assert "Ask …" in pages[marketer.email]
    assert "No answers yet" in pages[outsider.email]


def test_topics_are_put_on_many_and_taken_off(answers: list[Response], marketer: User, log_in: LogIn) -> None:
    client, address = log_in(marketer), reverse("web:survey-responses-topic")
    ids = [row.pk for row in answers[:2]]
    response = client.post(address, {"ids": ids, "topic": " Speed ", "back": "score=7"})
    assert response.headers["Location"] == f"{ADDRESS}?score=7"
    client.post(address, {"ids": ids, "topic": "speed"})
    topic = Topic.objects.get()
    assert (topic.name, topic.responses.count()) == ("Speed", 2)
    assert len(client.get(ADDRESS, {"topic": topic.pk}).context["told"]) == 2
    client.post(address, {"ids": [ids[0]], "topic": "Speed", "act": "off"})
    assert list(topic.responses.values_list("pk", flat=True)) == [ids[1]]


def test_topic_without_ticks_or_name_is_refused_in_words(answers: list[Response], manager: User, log_in: LogIn) -> None:
    client, address = log_in(manager), reverse("web:survey-responses-topic")
    assert "Tick the answers first" in client.post(address, {"topic": "Speed"}, follow=True).content.decode()
    client.post(address, {"ids": [answers[0].pk], "topic": "  "})
    assert not Topic.objects.exclude(name="Speed").exists()


def test_amendments_show_what_was_said_before(answers: list[Response], manager: User, log_in: LogIn) -> None:
    amend_response(response=answers[1], score=4, comment="On second thought")
    page = log_in(manager).get(ADDRESS, {"score": "4"}).content.decode()
    assert "Amended" in page
    assert ": 7" in page
