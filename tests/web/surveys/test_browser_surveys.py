"""Surveys in a real Chromium: the telephone form by keyboard alone, and the widget on another origin."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect
from pytest_django.live_server_helper import LiveServer

from references.models import Contact, Disclosure
from surveys.models import Campaign, Invitation, Response
from tests.factories import make_contact
from tests.web.browsing import LOOKS, MARKS, Visit, require_accessible
from tests.web.test_browser_wall import site
from users.models import User

__all__ = ["site"]  # a fixture
pytestmark = MARKS


@pytest.fixture
def following(invitation: Invitation, person: Contact) -> Invitation:
    other = make_contact(person.customer, "Bo Lind", phone="+47 555 0142")
    return Invitation.objects.create(campaign=invitation.campaign, contact=other, channel="phone")


def test_telephone_form_goes_by_keyboard_alone(
    visit: Visit, invitation: Invitation, following: Invitation, manager: User
) -> None:
    visit.log_in(manager)
    page = visit.open(f"/surveys/{invitation.campaign_id}/interview/")
    expect(page.get_by_role("link", name="Start calling")).to_be_focused()  # autofocus comes a moment after the load
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Ada Voss")).to_be_visible()
    page.wait_for_load_state()  # keys are heard once the scripts have run
    page.keyboard.press("p")
    expect(page.get_by_role("link", name="+47 555 0199")).to_be_visible()
    for key in "10":
        page.keyboard.press(key)
    expect(page.get_by_role("radio", name="10", exact=True)).to_be_checked()
    page.keyboard.press("Enter")
    page.keyboard.type("They answer within the hour.")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("heading", name="Bo Lind")).to_be_visible()
    page.wait_for_load_state()
    row = Response.objects.get()
    assert (row.score, row.comment, row.interviewer) == (10, "They answer within the hour.", manager)
    assert Disclosure.objects.count() == 1
    page.keyboard.press("n")
    expect(page.get_by_label("Note").first).to_be_focused()
    page.keyboard.type("Voice mail")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Nobody is left to be called now.")).to_be_visible()
    following.refresh_from_db()
    assert (following.calls, following.call_note) == (1, "Voice mail")
    assert visit.complaints == []


@pytest.mark.parametrize("visit", LOOKS, indirect=True)
def test_pages_are_accessible_and_fit(visit: Visit, invitation: Invitation, manager: User) -> None:
    Response.objects.create(campaign=invitation.campaign, score=9, comment="Fast", channel="email", source="1")
    visit.log_in(manager)
    here = f"/surveys/{invitation.campaign_id}/"
    for path in (
        "/surveys/", "/surveys/new/", "/surveys/responses/", "/surveys/import/", here, f"{here}edit/", f"{here}start/",
        f"{here}invitations/", f"{here}interview/", f"{here}interview/{invitation.pk}/", f"{here}mail/",
        f"/survey-widget/{invitation.campaign.widget_token}/",
    ):  # fmt: skip
        page = visit.open(path)
        page.wait_for_load_state("networkidle")
        require_accessible(page, path)
        room = page.viewport_size
        assert room is not None
        assert page.evaluate("document.documentElement.scrollWidth") <= room["width"], path
    assert visit.complaints == []


def test_widget_asks_once_on_another_site(
    visit: Visit, campaign: Campaign, site: Callable[[str], str], live_server: LiveServer
) -> None:
    body = f'<p>A product</p><script src="{live_server.url}/survey-widget.js" data-survey="{campaign.widget_token}"'
    url = site(f'{body} data-about-plan="Team" data-about-page="/reports" data-language="de"></script>')
    campaign.widget_origins = [url.rpartition("/")[0].rpartition("/")[0]]
    campaign.save(update_fields=["widget_origins"])
    visit.page.goto(url)
    frame = visit.page.frame_locator("iframe")
    expect(frame.get_by_role("heading", level=1)).to_be_visible()
    frame.get_by_role("radio", name="10", exact=True).check()
    frame.get_by_role("textbox").fill("Schnell.")
    frame.get_by_role("button").last.click()
    expect(frame.get_by_role("status")).to_be_visible()
    row = Response.objects.get()
    assert (row.score, row.comment, row.contact, row.channel) == (10, "Schnell.", None, "widget")
    assert row.attributes == {"plan": "Team", "page": "/reports"}
    height = visit.page.evaluate("document.querySelector('iframe').getBoundingClientRect().height")
    assert height > 60
    visit.page.wait_for_function(
        "JSON.stringify(sessionStorage).includes('done')"
    )  # the frame's script has told the page
    visit.page.reload()
    visit.page.wait_for_load_state("networkidle")
    expect(visit.page.locator("iframe")).to_have_count(0)
    assert visit.page.context.cookies() == []
    assert visit.complaints == []


def test_widget_stays_away_where_it_is_closed_by_hand_and_where_it_may_not_be(
    visit: Visit, campaign: Campaign, site: Callable[[str], str], live_server: LiveServer
) -> None:
    tag = f'<script src="{live_server.url}/survey-widget.js" data-survey="{campaign.widget_token}"></script>'
    url = site(tag)
    visit.page.goto(url)  # this site is not among those that may
    visit.page.wait_for_load_state("networkidle")
    assert any("frame-ancestors" in each for each in visit.complaints)
    visit.complaints.clear()
    campaign.widget_origins = [url.rpartition("/")[0].rpartition("/")[0]]
    campaign.save(update_fields=["widget_origins"])
    visit.page.goto(url)
    visit.page.frame_locator("iframe").get_by_role("button", name="Not now").click()
    expect(visit.page.locator("iframe")).to_have_count(0)
    visit.page.reload()
    visit.page.wait_for_load_state("networkidle")
    expect(visit.page.locator("iframe")).to_have_count(0)
    assert not Response.objects.exists()
    assert visit.complaints == []
