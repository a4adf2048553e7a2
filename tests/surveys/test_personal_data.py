"""A person is erased from surveys: the scores stay, the words go."""

import pytest

from references.models import Contact
from references.services.erasing import erase_contact
from references.services.exporting import export_contact
from surveys.enums import CampaignStatus
from surveys.models import Amendment, Campaign, Invitation, Response, Topic
from surveys.services.answering import record_response
from tests.factories import make_contact

pytestmark = pytest.mark.django_db


@pytest.fixture
def person() -> Contact:
    return make_contact(name="Pia Petrov", email="pia@home.example")


@pytest.fixture
def answer(person: Contact) -> Response:
    campaign = Campaign.objects.create(name="Spring", status=CampaignStatus.RUNNING, creation_key="c")
    invitation = Invitation.objects.create(
        campaign=campaign, contact=person, status="sent", call_note="Pia Petrov: busy"
    )
    row = record_response(
        campaign=campaign, score=9, comment="I, Pia, like it.", source="s", channel="email", contact=person,
        invitation=invitation,
    )  # fmt: skip
    row = record_response(
        campaign=campaign, score=8, comment="Pia again.", source="s", channel="email", contact=person,
        invitation=invitation,
    )  # fmt: skip
    row.topics.add(Topic.objects.create(name="support"))
    return row


def test_erasing_keeps_the_score_alone(answer: Response, person: Contact) -> None:
    erase_contact(contact=person)
    answer.refresh_from_db()
    assert (answer.score, answer.comment, answer.attributes) == (8, "", {})
    assert not answer.topics.exists()
    assert Amendment.objects.get().comment == ""
    assert "Petrov" not in Invitation.objects.get().call_note


def test_export_tells_answers_and_what_was_said_before(answer: Response, person: Contact) -> None:
    told = export_contact(person)["surveys"]
    assert told["answers"][0]["comment"] == "Pia again."
    assert told["answers_before"][0]["comment"] == "I, Pia, like it."
    assert told["loyalty"][0]["score"] == 8
