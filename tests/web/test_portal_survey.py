"""A survey behind its link: looking records nothing, posting once; changed, offered more, and no more of them."""

import re
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from advocacy.models import PlayTemplate, RecoveryPlay, ReviewSite
from delivery.mails import OUTBOX_KIND, deliver_letter
from delivery.models import OutboxMessage
from references.enums import Actor, ContactStatus, NominationStatus
from references.errors import DomainError
from references.models import Consent, Contact, Engagement, Nomination, StateChange
from references.services.own_page import opt_out
from surveys.models import Amendment, Campaign, Invitation, Response, SurveyOptOut
from surveys.purposes import SURVEY_STOP
from surveys.services.agreeing import agree_from_survey
from surveys.services.campaigns import close_campaign, reopen_campaign
from tests.surveys.factories import invite, make_campaign, make_known, survey_of
from tests.tables import all_rows
from tests.web.conftest import read_page
from users.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture
def nora(db: None) -> Contact:
    return make_known("Nora Lindqvist", title="CFO")


@pytest.fixture
def campaign(db: None) -> Campaign:
    return make_campaign("Spring", subject_name="Larkspur")


@pytest.fixture
def invitation(campaign: Campaign, nora: Contact) -> Invitation:
    return invite(campaign, nora)


def text_of(path: str, status: int = 200) -> str:
    response = Client().get(path)
    assert response.status_code == status
    return read_page(response.content.decode()).text


def post(path: str, act: str, **data: Any) -> str:
    response = Client().post(f"{path}{act}/", data)
    assert response.status_code == 302, response.content.decode()
    return text_of(response["Location"])


def answer(invitation: Invitation, score: int, comment: str = "") -> str:
    return post(survey_of(invitation), "survey-answer", score=score, comment=comment)


def test_a_scanner_that_opens_every_link_records_nothing(invitation: Invitation, mailoutbox: list[Any]) -> None:
    deliver_letter(OutboxMessage.objects.get(kind=OUTBOX_KIND).payload)
    (mail,) = mailoutbox
    links = set(re.findall(r"https?://[^\s\"<>]+", mail.body + str(mail.alternatives[0][0])))
    paths = {"/p/" + link.partition("/p/")[2] for link in links if "/p/" in link}
    assert len(paths) == 13
    before = all_rows()
    for path in paths:
        for method in ("get", "head", "options"):
            assert getattr(Client(), method)(path).status_code in {200, 405}, path
    assert all_rows() == before
    assert not Response.objects.exists()
    assert not SurveyOptOut.objects.exists()


def test_the_chosen_number_is_ticked_and_no_other(invitation: Invitation) -> None:
    path = survey_of(invitation)
    assert "How likely are you to recommend Larkspur" in text_of(path)
    for query, ticked in (("?score=7", ["7"]), ("?score=11", []), ("?score=x", []), ("", [])):
        page = read_page(Client().get(path + query).content.decode())
        assert [each["value"] for each in page.all("input") if "checked" in each] == ticked


def test_an_answer_is_recorded_once_with_all_that_follows(invitation: Invitation, nora: Contact) -> None:
    text = answer(invitation, 10, "They answer within the hour.")
    assert "Your answer is recorded." in text
    assert "10 of 10" in text
    row = Response.objects.get()
    assert (row.contact, row.score, row.comment, row.channel, row.language) == (
        nora, 10, "They answer within the hour.", "email", "en",
    )  # fmt: skip
    nora.refresh_from_db()
    assert nora.status == ContactStatus.NOMINATED
    assert Engagement.objects.get().status == "completed"
    answer(invitation, 10, "They answer within the hour.")
    assert (Response.objects.count(), Amendment.objects.count()) == (1, 0)


def test_it_is_changed_while_the_survey_runs(invitation: Invitation, campaign: Campaign, manager: User) -> None:
    answer(invitation, 9)
    path = survey_of(invitation)
    assert "Thank you!" in text_of(path)
    assert "You answered 9 on" in text_of(f"{path}?change=1")
    page = read_page(Client().get(f"{path}?score=4").content.decode())
    assert [each["value"] for each in page.all("input") if "checked" in each] == ["4"]
    answer(invitation, 4, "Slower now.")
    row = Response.objects.get()
    assert (row.score, row.comment, Amendment.objects.get().score) == (4, "Slower now.", 9)
    close_campaign(campaign=campaign, by=manager)
    assert "This survey is over" in text_of(path, 410)
    assert Client().post(f"{path}survey-answer/", {"score": 1}).status_code == 410
    assert Client().post(f"{path}survey-agree/", {"activities": "call"}).status_code == 410
    reopen_campaign(campaign=campaign, by=manager)
    answer(invitation, 5)


@pytest.mark.parametrize("data", [{}, {"score": "11"}, {"score": "-1"}, {"score": "nine"}])
def test_what_is_no_score_is_refused_kindly(invitation: Invitation, data: dict[str, str]) -> None:
    response = Client().post(f"{survey_of(invitation)}survey-answer/", {**data, "comment": "Words kept"})
    assert response.status_code == 422
    assert "Words kept" in response.content.decode()
    assert not Response.objects.exists()


def test_the_page_speaks_german(invitation: Invitation) -> None:
    path = survey_of(invitation)
    text = text_of(f"{path}?language=de&score=3")
    for words in ("Wie wahrscheinlich ist es, dass Sie Larkspur", "Meine Antwort senden", "überhaupt nicht"):
        assert words in text
    response = Client().post(f"{path}survey-answer/?language=de", {"score": 9})
    assert "language=de" in response["Location"]
    assert "Dürfen wir Sie ab und zu um mehr bitten?" in text_of(response["Location"])


@pytest.mark.parametrize("score", [0, 6, 7, 8, 9, 10])
def test_everybody_sees_the_same_review_sites(campaign: Campaign, nora: Contact, score: int) -> None:
    ReviewSite.objects.create(name="Peerlist", url="https://peerlist.example/write")
    ReviewSite.objects.create(name="Gone", url="https://gone.example/", is_active=False)
    assert "Peerlist" not in answer(invite(campaign, nora), score)
    Campaign.objects.update(shows_review_sites=True)
    text = text_of(survey_of(Invitation.objects.get()))
    assert "Write a review on Peerlist" in text
    assert "Gone" not in text


def test_a_promoter_consents_and_a_manager_decides(invitation: Invitation, nora: Contact) -> None:
    answer(invitation, 9)
    page = read_page(Client().get(survey_of(invitation)).content.decode())
    assert not [each for each in page.all("input") if "checked" in each]  # nothing is ticked beforehand
    text = post(survey_of(invitation), "survey-agree", activities=["call", "quote"], is_attributed="on")
    assert "We ask you first, each time" in text
    assert "You have consented to: Quote, Reference call" in text
    nora.refresh_from_db()
    assert (nora.status, sorted(nora.activities)) == (ContactStatus.NOMINATED, ["call", "quote"])
    rows = Consent.objects.filter(contact=nora)
    assert sorted(each.activity for each in rows) == ["call", "quote"]
    assert all(each.is_attributed and "Spring" in each.evidence for each in rows)
    assert Nomination.objects.get().status == NominationStatus.NEW
    post(survey_of(invitation), "survey-agree", activities=["call"], is_attributed="on")
    assert Consent.objects.count() == 2


def test_a_promoter_is_welcomed_at_once_where_the_campaign_says_so(nora: Contact) -> None:
    invitation = invite(make_campaign(welcomes_at_once=True), nora)
    answer(invitation, 9)
    post(survey_of(invitation), "survey-agree", activities=["quote"])
    nora.refresh_from_db()
    assert nora.status == ContactStatus.ACTIVE
    assert not Consent.objects.get().is_attributed
    assert Nomination.objects.get().status == NominationStatus.APPROVED
    move = StateChange.objects.filter(subject=f"contact:{nora.pk}", to_status="active").get()
    assert (move.actor, move.by) == (Actor.PROMOTER, None)


def test_who_was_turned_down_is_not_welcomed_by_a_rule(nora: Contact) -> None:
    invitation = invite(make_campaign(welcomes_at_once=True), nora)
    answer(invitation, 9)
    Nomination.objects.update(status=NominationStatus.NOT_APPROVED)
    post(survey_of(invitation), "survey-agree", activities=["quote"])
    nora.refresh_from_db()
    assert nora.status == ContactStatus.NOMINATED


@pytest.mark.parametrize(("score", "asks"), [(8, True), (0, True), (10, False)])
def test_consent_is_asked_of_promoters_alone_where_it_is_asked(nora: Contact, score: int, asks: bool) -> None:
    invitation = invite(make_campaign(asks_consent=asks), nora)
    assert "May we ask you for more" not in answer(invitation, score)
    response = Client().post(f"{survey_of(invitation)}survey-agree/", {"activities": ["call"]})
    assert response.status_code == 422
    assert not Consent.objects.exists()


def test_a_colleague_is_suggested(invitation: Invitation, nora: Contact) -> None:
    path = survey_of(invitation)
    early = {"person_name": "Olaf Other", "moment": "Knows it best", "key": "k"}
    Client().post(f"{path}survey-colleague/", early)
    assert not Nomination.objects.exists()  # the question comes first
    answer(invitation, 9)
    for _twice in range(2):
        assert "Somebody will read it soon" in post(path, "survey-colleague", **early)
    row = Nomination.objects.get(person_name="Olaf Other")
    assert (row.suggested_by, row.customer) == (nora, nora.customer)


def test_a_wish_becomes_a_step_of_the_open_play(invitation: Invitation, nora: Contact) -> None:
    PlayTemplate.objects.create(name="Win back", kind="call", steps=["Call"], opens_for="detractor")
    text = answer(invitation, 3, "Too slow")
    assert "Somebody from our team will be in touch" in text
    for _twice in range(2):
        assert "noted it for whoever gets in touch" in post(
            survey_of(invitation), "survey-wish", wish="training", words="On reports"
        )
    play = RecoveryPlay.objects.get(contact=nora)
    assert [each.text for each in play.steps.all()] == ["Call", "They wish: Training: “On reports”"]


def test_a_wish_opens_a_play_where_none_is(nora: Contact) -> None:
    invitation = invite(make_campaign(opens_plays=False), nora)
    assert "in touch" not in answer(invitation, 8)
    post(survey_of(invitation), "survey-wish", wish="user_group")
    play = RecoveryPlay.objects.get(contact=nora)
    assert (play.score, play.status, play.why) == (8, "open", "They wish: User group")
    assert "in touch" in text_of(survey_of(invitation))


def test_no_more_surveys_by_page_and_back(invitation: Invitation, nora: Contact) -> None:
    path = survey_of(invitation, SURVEY_STOP)
    assert "No more surveys?" in text_of(path)
    token = path.removesuffix("unsubscribe/")
    assert "You receive no more surveys" in post(token, "survey-stop")
    assert SurveyOptOut.objects.get().contact == nora
    assert "No more surveys?" in post(token, "survey-resume")
    assert not SurveyOptOut.objects.exists()


def test_a_mail_program_unsubscribes_without_a_form(invitation: Invitation, campaign: Campaign, manager: User) -> None:
    close_campaign(campaign=campaign, by=manager)
    client = Client(enforce_csrf_checks=True)
    path = survey_of(invitation, SURVEY_STOP)
    assert client.post(path, {"something": "else"}).status_code == 200
    assert not SurveyOptOut.objects.exists()
    assert client.post(path, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert SurveyOptOut.objects.count() == 1
    assert client.post(path.replace("unsubscribe", "survey-resume")).status_code == 403
    other = survey_of(invitation)
    assert client.post(f"{other}unsubscribe/", {"List-Unsubscribe": "One-Click"}).status_code == 404


def test_the_survey_is_of_whom_it_was_sent_to_alone(invitation: Invitation, campaign: Campaign) -> None:
    other = invite(campaign, make_known("Olaf Other"))
    answer(invitation, 9, "Mine alone")
    path = survey_of(invitation)
    assert "Mine alone" in text_of(path)
    assert "Mine alone" not in text_of(survey_of(other))
    assert Client().get(path.replace("-", "-x", 1)).status_code == 404


def test_who_left_is_asked_no_more(invitation: Invitation, nora: Contact) -> None:
    path = survey_of(invitation)
    agree_refused = Client().post(f"{path}survey-agree/", {"activities": ["call"]})
    assert agree_refused.status_code == 302  # to the question
    opt_out(contact=nora)
    assert "This link is closed" in text_of(path, 410)


def test_agreeing_is_refused_for_a_nameless_answer(campaign: Campaign) -> None:
    row = Response.objects.create(
        campaign=campaign, score=10, channel="widget", source="w", answered_on=timezone.localdate()
    )
    with pytest.raises(DomainError, match="Nobody knows"):
        agree_from_survey(response=row, agreed=["call"], is_attributed=False)
