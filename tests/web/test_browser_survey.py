"""A survey in a real Chromium: from a number in the mail to thanks and consents; on a phone, dark, in German."""

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from advocacy.models import PlayTemplate, ReviewSite
from delivery.mails import OUTBOX_KIND, deliver_letter
from delivery.models import OutboxMessage
from references.enums import ContactStatus
from references.models import Consent, Contact
from surveys.models import Campaign, Invitation, Response, SurveyOptOut
from surveys.purposes import SURVEY_STOP
from tests.surveys.factories import invite, make_campaign, make_known, survey_of
from tests.web.browsing import MARKS, Visit, require_accessible

pytestmark = MARKS

PHONE = {"viewport": {"width": 390, "height": 844}}
WINDOWS = [
    pytest.param({}, id="light"),
    pytest.param({**PHONE, "color_scheme": "dark"}, id="phone-dark"),
    pytest.param({**PHONE, "java_script_enabled": False}, id="phone-no-script"),
]


@pytest.fixture
def nora(transactional_db: None) -> Contact:
    return make_known("Nora Lindqvist", title="CFO")


@pytest.fixture
def campaign(transactional_db: None) -> Campaign:
    ReviewSite.objects.create(name="Peerlist", url="https://peerlist.example/write")
    return make_campaign("Spring", subject_name="Larkspur", welcomes_at_once=True, shows_review_sites=True)


@pytest.fixture
def invitation(campaign: Campaign, nora: Contact) -> Invitation:
    return invite(campaign, nora)


def link_of_ten(mailoutbox: list[Any]) -> str:
    """The path behind the 10 in the mail that went out."""
    deliver_letter(OutboxMessage.objects.filter(kind=OUTBOX_KIND).latest("pk").payload)
    found = re.search(r'href="[^"]*(/p/[^"]*\?score=10)"', mailoutbox[-1].alternatives[0][0])
    assert found is not None
    return found[1]


@pytest.mark.parametrize("visit", WINDOWS, indirect=True)
def test_from_the_ten_in_the_mail_to_the_pool(
    visit: Visit, invitation: Invitation, nora: Contact, mailoutbox: list[Any]
) -> None:
    page = visit.open(link_of_ten(mailoutbox))
    expect(page.get_by_role("heading", level=1)).to_contain_text("How likely are you to recommend Larkspur")
    expect(page.get_by_role("radio", name="10", exact=True)).to_be_checked()
    assert not Response.objects.exists()
    page.get_by_label("What is the main reason").fill("They answer within the hour.")
    page.get_by_role("button", name="Send my answer").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Thank you!")
    expect(page.get_by_role("link", name="Write a review on Peerlist")).to_be_visible()
    page.get_by_label("Reference call").check()
    page.get_by_label("Quote", exact=True).check()
    page.get_by_label("You may name me and my company").check()
    page.get_by_role("button", name="I consent to what is ticked").click()
    expect(page.get_by_role("status")).to_contain_text("We ask you first")
    nora.refresh_from_db()
    row = Response.objects.get()
    assert (row.score, row.comment, row.contact) == (10, "They answer within the hour.", nora)
    assert nora.status == ContactStatus.ACTIVE
    assert sorted(Consent.objects.values_list("activity", flat=True)) == ["call", "quote"]
    page.get_by_role("link", name="Change my answer").click()
    page.get_by_role("radio", name="9", exact=True).check()
    page.get_by_role("button", name="Change my answer").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Thank you!")
    row.refresh_from_db()
    assert row.score == 9
    assert visit.complaints == []


@pytest.mark.parametrize("visit", WINDOWS[1:], indirect=True)
def test_no_number_is_asked_for_by_the_browser_and_keys_choose(visit: Visit, invitation: Invitation) -> None:
    page = visit.open(survey_of(invitation))
    page.get_by_role("button", name="Send my answer").click()
    assert not Response.objects.exists()
    page.get_by_role("radio", name="0", exact=True).focus()
    page.keyboard.press("Space")
    for _step in range(3):
        page.keyboard.press("ArrowRight")
    expect(page.get_by_role("radio", name="3", exact=True)).to_be_checked()


@pytest.mark.parametrize("visit", WINDOWS[1:], indirect=True)
def test_a_low_score_in_german_says_what_would_help(visit: Visit, invitation: Invitation) -> None:
    PlayTemplate.objects.create(name="Win back", kind="call", steps=["Call"], opens_for="detractor")
    page = visit.open(f"{survey_of(invitation)}?score=3&language=de")
    page.get_by_role("button", name="Meine Antwort senden").click()
    expect(page.get_by_text("Jemand aus unserem Team meldet sich")).to_be_visible()
    page.get_by_label("Eine Schulung").check()
    page.get_by_role("button", name="Senden", exact=True).click()
    expect(page.get_by_role("status")).to_contain_text("wir haben es für die Person notiert")
    page.get_by_role("button", name="Bitte keine Umfragen mehr").click()
    expect(page.get_by_role("status")).to_contain_text("keine Umfragen mehr")
    assert SurveyOptOut.objects.count() == 1


@pytest.mark.parametrize("visit", WINDOWS[:2], indirect=True)
@pytest.mark.parametrize("language", ["en", "de"])
def test_pages_are_accessible_and_fit(visit: Visit, invitation: Invitation, language: str) -> None:
    path, stop = survey_of(invitation), survey_of(invitation, SURVEY_STOP)
    pages = [f"{path}?score=9&language={language}", f"{stop}?language={language}"]
    for each in pages:
        visit.open(each)
        require_accessible(visit.page, each)
    page = visit.open(pages[0])
    page.locator("form.survey button").click()
    page.locator("details:not([open]) > summary").first.click()
    for each in ("thanks", f"{path}?change=1&language={language}"):
        if each != "thanks":
            visit.open(each)
        require_accessible(page, each)
        width = page.evaluate("document.documentElement.scrollWidth")
        assert width <= page.evaluate("window.innerWidth"), (each, width)
    assert visit.complaints == []
