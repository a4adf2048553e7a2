"""The promoter's page on a phone, in a real Chromium: answered with a time, declined, limits kept, in German too."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from matching.models import Match
from matching.services.answering import accept_match
from references.models import Contact
from tests.matching.factories import invite, make_banker, submit, the_match
from tests.web.browsing import MARKS, Visit, require_accessible
from tests.web.links import approval_by, feedback_on, invitation_to, own_page_of
from users.models import User

pytestmark = MARKS

PHONE = {"viewport": {"width": 390, "height": 844}, "timezone_id": "Asia/Tokyo"}
PHONES = [
    pytest.param(PHONE, id="light"),
    pytest.param({**PHONE, "color_scheme": "dark"}, id="dark"),
    pytest.param({**PHONE, "java_script_enabled": False}, id="no-script"),
]


@pytest.fixture
def nora(transactional_db: None) -> Contact:
    return make_banker("Nora Lindqvist", title="CFO", language="en")


@pytest.fixture
def match(nora: Contact, rep: User, manager: User) -> Match:
    return invite(rep, manager, questions="How long did it take?", why="They stand where you stood.")


def unfold(visit: Visit) -> None:
    visit.page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true; })")


@pytest.mark.parametrize("visit", PHONES[:2], indirect=True)
@pytest.mark.parametrize("language", ["en", "de"])
def test_pages_are_accessible_and_fit_a_phone(visit: Visit, match: Match, nora: Contact, language: str) -> None:
    for path in ("/p/", "/p/nothing/", invitation_to(match), own_page_of(nora)):
        visit.open(f"{path}?language={language}")
        unfold(visit)
        require_accessible(visit.page, path)
        width = visit.page.evaluate("document.documentElement.scrollWidth")
        assert width <= 390, (path, width)


@pytest.mark.parametrize("visit", PHONES[:1], indirect=True)
def test_yes_with_a_time_guessed_in_the_zone_of_the_phone(visit: Visit, match: Match) -> None:
    page = visit.open(invitation_to(match))
    page.get_by_text("Propose times (optional)").click()
    assert page.get_by_label("Time zone").input_value() == "Asia/Tokyo"
    day = timezone.localdate() + timedelta(days=5)
    page.get_by_label("First time").fill(f"{day}T10:30")
    page.get_by_role("button", name="Yes, I can help").click()
    expect(page.get_by_role("status")).to_contain_text("Thank you! That helps a lot.")
    expect(page.get_by_role("heading", level=1)).to_contain_text("You said yes on")
    match.refresh_from_db()
    assert match.status == "accepted"
    assert match.offered_times == [f"{day}T10:30:00+09:00"]
    assert visit.complaints == []


@pytest.mark.parametrize("visit", PHONES, indirect=True)
def test_no_takes_a_reason_and_meets_a_kind_page(visit: Visit, match: Match) -> None:
    page = visit.open(f"{invitation_to(match)}?language=de")
    page.get_by_text("Nein, leider nicht").click()
    page.get_by_label("Mein Arbeitgeber erlaubt es nicht").check()
    page.get_by_role("button", name="Nein senden").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Sie haben Nein gesagt, und das ist in Ordnung")
    match.refresh_from_db()
    assert (match.status, match.decline_reason) == ("declined", "policy")


@pytest.mark.parametrize("visit", PHONES, indirect=True)
def test_own_page_answers_in_one_touch_and_keeps_limits(visit: Visit, match: Match, nora: Contact) -> None:
    page = visit.open(own_page_of(nora))
    page.get_by_role("button", name="Yes, I can help").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("You said yes on")
    page.get_by_role("link", name="Back to my page").click()
    page.get_by_text("How often, and for what").click()
    page.get_by_label("At most so many times a quarter").fill("1")
    page.get_by_label("Site visit").uncheck()
    page.locator("details", has_text="How often, and for what").get_by_role("button", name="Save").click()
    expect(page.get_by_role("status")).to_contain_text("We keep to it from now on.")
    nora.refresh_from_db()
    assert nora.max_per_quarter == 1
    assert "site_visit" not in nora.activities
    assert visit.complaints == []


@pytest.mark.parametrize("visit", PHONES[:1], indirect=True)
def test_feedback_takes_four_touches(visit: Visit, match: Match) -> None:
    accept_match(match=match)
    page = visit.open(feedback_on(match))
    require_accessible(visit.page, "feedback")
    page.get_by_label("4", exact=True).check()
    page.get_by_label("How many hours").fill("0.5")
    page.locator("#div_feedback_again").get_by_label("Yes").check()
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Thank you!")
    match.refresh_from_db()
    assert match.status == "completed"


@pytest.mark.parametrize("visit", PHONES[:1], indirect=True)
def test_approval_is_one_button(visit: Visit, nora: Contact, rep: User, manager: User) -> None:
    match = the_match(submit(rep))
    page = visit.open(approval_by(manager, match.approvals.get(step="manager")))
    require_accessible(visit.page, "approval")
    page.get_by_role("button", name="Yes, ask them").click()
    expect(page.get_by_role("status")).to_contain_text("You said yes.")
    match.refresh_from_db()
    assert match.status == "invited"
