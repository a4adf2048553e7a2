"""The list of a campaign's people on its page: tried out row by row, kept, emptied, and the rest asked."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from delivery.models import OutboxMessage
from surveys.models import Campaign, Invitation
from tests.surveys.factories import make_campaign, make_known
from tests.web.conftest import LogIn, read_page
from users.models import User

pytestmark = pytest.mark.django_db
TEXT = "Company,Name,Email\nKraftwerk,Ines Neu,ines@kraftwerk.example\n,,nora.lindqvist@fjordbank.example\n,Nobody,\n"


@pytest.fixture
def client(manager: User, log_in: LogIn) -> Client:
    return log_in(manager)


@pytest.fixture
def campaign(db: None) -> Campaign:
    make_known("Nora Lindqvist")
    return make_campaign(audience="", status="draft")


def send(client: Client, campaign: Campaign, text: str = TEXT, act: str = "try") -> "tuple[int, str]":
    file = SimpleUploadedFile("people.csv", text.encode())
    response = client.post(f"/surveys/{campaign.pk}/people/", {"file": file, "act": act})
    return response.status_code, response.content.decode()


def test_tried_out_then_kept_then_emptied(client: Client, campaign: Campaign) -> None:
    status, html = send(client, campaign)
    assert status == 200
    assert "names nobody" in html
    assert not Invitation.objects.exists()
    tokens = [each["value"] for each in read_page(html).all("input") if each.get("name") == "upload"]
    path = f"/surveys/{campaign.pk}/people/"
    response = client.post(path, {"upload": tokens[0], "act": "list"}, follow=True)
    assert "On the list now: 2 more." in response.content.decode()
    assert "2 people wait to be asked." in response.content.decode()
    assert client.post(path, {"upload": tokens[0], "act": "list"}).status_code == 422  # thrown away
    assert "Taken off the list: 2." in client.post(path, {"act": "clear"}, follow=True).content.decode()
    assert not Invitation.objects.exists()


def test_what_is_no_list_is_refused(client: Client, campaign: Campaign) -> None:
    status, html = send(client, campaign, "Score,Why\n9,Fine\n")
    assert (status, "No column says whom to ask." in html) == (422, True)
    assert client.post(f"/surveys/{campaign.pk}/people/", {"act": "try"}).status_code == 422


def test_the_rest_is_asked_once_per_form(client: Client, campaign: Campaign, rep: User, log_in: LogIn) -> None:
    path = f"/surveys/{campaign.pk}/people/ask/"
    client.post(path, {"key": "k"})
    assert not OutboxMessage.objects.filter(kind="survey.invite").exists()  # a draft asks nobody
    Campaign.objects.update(status="running")
    for _twice in range(2):
        client.post(path, {"key": "k"})
    assert OutboxMessage.objects.filter(kind="survey.invite").count() == 1
    assert log_in(rep).get(f"/surveys/{campaign.pk}/people/").status_code == 403
