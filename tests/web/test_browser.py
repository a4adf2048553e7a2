"""Pages in a real Chromium: accessibility, the content policy, keyboard, phones, and life without JavaScript."""

from pathlib import Path

import pytest
from django.conf import LazySettings
from django.urls import reverse
from playwright.sync_api import expect

from references.models import Contact, Tag
from tests.factories import make_slot, make_tag
from tests.web.browsing import LOOKS, MARKS, Visit, require_accessible
from users.models import User

TABLE = b"customer,promoter,title\nFjordbank,Nora Lindqvist,CFO\n"
BRIEF = "/?q=A+bank+needs+Ledger"

pytestmark = MARKS


def pages_of(promoter: Contact) -> list[str]:
    make_slot("Payments Forum")
    make_tag("industry", "Bankng", status="proposed")
    by_contact = ["profile", "contact-edit", "consent-add", "engagement-add"]
    return [
        "/", BRIEF, f"{BRIEF}&tab=stories", f"{BRIEF}&tab=not-now", "/pool/", "/pool/?look=cards", "/customers/",
        *(reverse(f"web:{name}", args=[promoter.pk]) for name in by_contact),
        reverse("web:customer", args=[promoter.customer_id]),
        "/setup/import/", "/setup/vocabulary/", reverse("web:tag", args=[Tag.objects.proposed()[0].pk]),
        "/slots/", "/slots/calendar/", "/setup/jobs/", "/setup/operations/", "/setup/mails/", "/setup/mails/trial/",
        "/jump/?q=fjord", "/no/such/page/",
    ]  # fmt: skip


@pytest.mark.parametrize("visit", LOOKS, indirect=True)
def test_axe_finds_nothing_serious_and_nothing_overflows(
    visit: Visit, promoter: Contact, manager: User, settings: LazySettings, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path
    visit.open("/login/")
    require_accessible(visit.page, "/login/")
    visit.log_in(manager)
    for path in pages_of(promoter):
        page = visit.open(path)
        require_accessible(page, path)
        assert not page.evaluate("document.documentElement.scrollWidth > window.innerWidth"), path
    page = visit.open("/setup/import/")
    page.set_input_files("#file", {"name": "pool.csv", "mimeType": "text/csv", "buffer": TABLE})
    page.get_by_role("button", name="Show me a preview").click()
    expect(page.get_by_text("Which column is what")).to_be_visible()
    require_accessible(page, "preview")
    assert [each for each in visit.complaints if "404" not in each] == []


def test_find_answers_in_place_and_can_be_gone_back_to(visit: Visit, promoter: Contact, rep: User) -> None:
    visit.log_in(rep)
    page = visit.open(BRIEF)
    expect(page.locator("article.match")).to_have_count(1)
    page.locator(".chip > summary", has_text="Banking").click()
    page.get_by_role("link", name="Not this").first.click()
    expect(page.get_by_text("Nobody fits all of that today")).to_be_visible()
    assert "not=industry%3Abanking" in page.url
    page.go_back()
    expect(page.locator("article.match")).to_have_count(1)
    page.fill("#q", "Somebody who uses Ledger")
    page.get_by_role("button", name="Find").click()
    page.wait_for_url("**/?q=Somebody**")
    expect(page.locator("article.match")).to_have_count(1)
    assert visit.complaints == []


def test_a_tag_is_added_from_the_box(visit: Visit, promoter: Contact, rep: User) -> None:
    visit.log_in(rep)
    page = visit.open("/?q=Ledger")
    page.locator(".chip > summary", has_text="Add").click()
    page.locator("#tag").press_sequentially("bank")
    page.get_by_role("link", name="Banking Industry").click()
    page.wait_for_url("**add=industry%3Abanking**")
    expect(page.locator(".chip > summary", has_text="Banking")).to_be_visible()
    assert visit.complaints == []


def test_command_box_opens_by_key_and_jumps(visit: Visit, promoter: Contact, manager: User) -> None:
    visit.log_in(manager)
    page = visit.open("/pool/")
    page.keyboard.press("/")
    box = page.locator("#jump")
    expect(box).to_be_visible()
    page.keyboard.type("fjord")
    expect(box.get_by_role("link", name="Fjordbank").first).to_be_visible()
    page.keyboard.press("Escape")
    expect(box).to_be_hidden()
    page.keyboard.press("Control+k")
    expect(box).to_be_visible()
    page.keyboard.type("fjordbank")
    expect(box.get_by_role("link", name="Fjordbank fjordbank.example")).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/pool/*/")
    assert visit.complaints == []


def test_contact_data_appears_after_the_button_only(visit: Visit, promoter: Contact, manager: User) -> None:
    visit.log_in(manager)
    page = visit.open(reverse("web:profile", args=[promoter.pk]))
    assert "nora@fjordbank.example" not in page.content()
    page.fill("#why", "invite to the panel")
    page.get_by_role("button", name="Show e-mail and phone").click()
    expect(page.get_by_text("nora@fjordbank.example")).to_be_visible()


def test_tags_are_picked_by_typing(visit: Visit, promoter: Contact, manager: User) -> None:
    make_tag("solution", "Fraud detection")
    visit.log_in(manager)
    page = visit.open(reverse("web:customer-edit", args=[promoter.customer_id]))
    page.get_by_label("Tags").fill("Fraud detection (Solution)")
    expect(page.locator(".picker .chip", has_text="Fraud detection")).to_be_visible()
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".tag", has_text="Fraud detection")).to_be_visible()
    assert promoter.customer.tags.filter(name="Fraud detection").exists()


def test_theme_switch_overrides_the_system(visit: Visit, rep: User) -> None:
    visit.log_in(rep)
    assert visit.page.evaluate("document.documentElement.dataset.bsTheme") == "light"
    visit.page.get_by_role("button", name="Dark", exact=True).click()
    visit.page.wait_for_load_state()
    assert visit.page.evaluate("document.documentElement.dataset.bsTheme") == "dark"


@pytest.mark.parametrize("visit", [pytest.param({"java_script_enabled": False}, id="no-script")], indirect=True)
def test_find_works_without_javascript(visit: Visit, promoter: Contact, rep: User) -> None:
    visit.log_in(rep)
    visit.page.fill("#q", "A bank needs Ledger")
    visit.page.get_by_role("button", name="Find").click()
    expect(visit.page.locator("article.match")).to_have_count(1)
    visit.page.locator(".tabs").get_by_role("link", name="Stories").click()
    expect(visit.page.get_by_text("in two days").first).to_be_visible()


def test_a_request_that_fails_is_told(visit: Visit, promoter: Contact, rep: User) -> None:
    visit.log_in(rep)
    page = visit.open(BRIEF)
    page.route("**/?q=**tab=stories**", lambda route: route.abort())
    page.locator(".tabs").get_by_role("link", name="Stories").click()
    expect(page.get_by_role("alert")).to_contain_text("That did not work")
