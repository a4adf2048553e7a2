"""Requests in a real Chromium: from a pasted deal to a sent request, the queue by keys, and life without JavaScript."""

import re
import time
from decimal import Decimal

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from matching.models import Match, Request
from references.models import Contact
from tests.matching.factories import accept, make_banker, make_request, schedule, submit, the_match
from tests.web.browsing import LOOKS, MARKS, Visit, require_accessible
from users.models import User

pytestmark = MARKS
DEAL = "Harbor Bank replaces its ledger: a bank wants a reference call. EUR 250k."


@pytest.fixture
def bankers(db: None) -> list[Contact]:
    names = ("Nora Lindqvist", "Owen Marsh", "Ada Voss", "Ines Duarte")
    return [make_banker(name, title="Head of Risk") for name in names]


def test_pasted_deal_becomes_a_sent_request_in_under_thirty_seconds(
    visit: Visit, bankers: list[Contact], rep: User
) -> None:
    visit.log_in(rep)
    page, began = visit.page, time.monotonic()
    page.fill("#q", DEAL)
    page.get_by_role("button", name="Find").click()
    page.get_by_role("link", name="Request number 1").click()
    page.get_by_role("button", name="Send request").click()
    expect(page.get_by_text("Sent. Below is who was put forward")).to_be_visible()
    assert time.monotonic() - began < 30
    row = Request.objects.get()
    assert (row.status, row.deal_value, row.matches.count()) == ("open", Decimal(250_000), 1)
    assert visit.complaints == []


def test_several_are_ticked_and_requested_at_once(visit: Visit, bankers: list[Contact], rep: User) -> None:
    visit.log_in(rep)
    page = visit.open("/?q=A+bank+wants+a+reference+call")
    expect(page.get_by_role("button", name="Request those chosen")).to_be_hidden()
    page.get_by_label("Choose number 1").check()
    page.get_by_label("Choose number 2").check()
    expect(page.get_by_text("2 chosen")).to_be_visible()
    page.get_by_role("button", name="Request those chosen").click()
    expect(page.get_by_label("How many references")).to_have_value("2")
    page.get_by_role("button", name="Send request").click()
    expect(page.locator("article.match")).to_have_count(2)
    assert visit.complaints == []


def test_queue_is_worked_by_keys(visit: Visit, bankers: list[Contact], rep: User, manager: User) -> None:
    for number in range(3):
        submit(rep, deal=f"Deal {number}")
    visit.log_in(manager)
    page = visit.open("/requests/queue/")
    rows = page.locator("[data-row]")
    expect(rows).to_have_count(3)
    page.keyboard.press("j")
    expect(rows.nth(0)).to_be_focused()
    page.keyboard.press("j")
    expect(rows.nth(1)).to_be_focused()
    page.keyboard.press("k")
    page.keyboard.press("a")
    expect(page.get_by_text("Approved: Deal 0.")).to_be_visible()
    expect(rows).to_have_count(2)
    expect(rows.nth(0)).to_be_focused()  # the next one has moved up
    page.keyboard.press("r")
    page.keyboard.type("Their audit is on. ja")
    page.keyboard.press("Enter")
    expect(page.get_by_text("the next best is put forward: Deal 1.")).to_be_visible()
    assert (
        Match.objects.get(request__deal="Deal 1", status="rejected").approvals.get().reason == "Their audit is on. ja"
    )
    assert visit.complaints == []


def test_queue_swaps_by_keys(visit: Visit, bankers: list[Contact], rep: User, manager: User) -> None:
    first = the_match(submit(rep))
    visit.log_in(manager)
    page = visit.open("/requests/queue/")
    page.keyboard.press("j")
    page.keyboard.press("s")
    expect(page.get_by_role("heading", name="Swap for somebody else")).to_be_visible()
    expect(page.get_by_role("button", name="Swap")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Swapped: Harbor Bank.")).to_be_visible()
    assert page.url.endswith("/requests/queue/")
    page.wait_for_load_state()  # keys are heard once the scripts have run
    first.refresh_from_db()
    assert (first.status, the_match(first.request).contact != first.contact) == ("withdrawn", True)
    page.keyboard.press("j")
    page.keyboard.press("o")
    page.wait_for_url("**/swap/**#barred")
    assert visit.complaints == []


def test_contact_data_appears_in_place(visit: Visit, bankers: list[Contact], rep: User, manager: User) -> None:
    match = accept(rep, manager)
    visit.log_in(rep)
    page = visit.open(reverse("web:request", args=[match.request_id]))
    page.get_by_role("button", name="Show e-mail and phone").click()
    expect(page.get_by_text(match.contact.email)).to_be_visible()
    assert visit.complaints == []


@pytest.mark.parametrize("visit", [pytest.param({"java_script_enabled": False}, id="no-script")], indirect=True)
def test_queue_works_without_javascript(visit: Visit, bankers: list[Contact], rep: User, manager: User) -> None:
    submit(rep, deal="Deal 0")
    submit(rep, deal="Deal 1")
    visit.log_in(manager)
    page = visit.open("/requests/queue/")
    page.get_by_role("button", name=re.compile("Approve.*Deal 0")).click()
    expect(page.get_by_text("Approved: Deal 0.")).to_be_visible()
    page.get_by_label("Tick Deal 1").check()
    page.get_by_label("One reason for all").fill("A freeze")
    page.get_by_role("button", name="Reject those ticked").click()
    expect(page.get_by_text("1 decided.")).to_be_visible()


@pytest.mark.parametrize("visit", LOOKS, indirect=True)
def test_axe_finds_nothing_serious_and_nothing_overflows(
    visit: Visit, bankers: list[Contact], rep: User, manager: User
) -> None:
    meeting = schedule(rep, manager)
    waiting = the_match(submit(rep, questions="How long did it take?"))
    draft = make_request(rep)
    visit.log_in(manager)
    papers = [meeting.request_id, meeting.pk]
    paths = [
        "/requests/?whose=all", "/requests/new/?q=A+bank", f"/requests/new/?q=A+bank&contact={bankers[3].pk}",
        "/requests/queue/", "/requests/queue/?show=by-hand",
        *(reverse("web:request", args=[pk]) for pk in (meeting.request_id, waiting.request_id, draft.pk)),
        reverse("web:request-edit", args=[waiting.request_id]), reverse("web:request-cancel", args=[draft.pk]),
        reverse("web:request-propose", args=[draft.pk]), reverse("web:match-swap", args=[waiting.pk]),
        reverse("web:match-preparation", args=papers),
    ]  # fmt: skip
    for path in paths:
        page = visit.open(path)
        page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true; })")
        require_accessible(page, path)
        assert not page.evaluate("document.documentElement.scrollWidth > window.innerWidth"), path
    assert visit.complaints == []
