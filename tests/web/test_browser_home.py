"""The managers' home and unmet demand in a real Chromium: accessible in every look, and worked by clicks."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from matching.models import UnmetDemand
from tests.factories import make_consent, make_contact, make_customer, make_engagement
from tests.matching.factories import banking, make_banker, schedule, submit
from tests.web.browsing import LOOKS, MARKS, Visit, require_accessible
from users.models import User

pytestmark = MARKS


@pytest.fixture
def demand(rep: User, manager: User) -> UnmetDemand:
    """A program at work: one that waits, a meeting, somebody worn out, and a demand that Nina comes nearest to."""
    make_banker("Nina Near", consents=[])
    found = UnmetDemand.objects.get(request=submit(rep, deal="Harbor", deal_value=40_000, currency="EUR"))
    make_contact(make_customer(tags=[banking()]), "Kim Known", status="known")
    schedule(rep, manager, chosen=[make_banker("Ada Voss").pk])
    make_banker("Owen Marsh")
    submit(rep, deal="Marina", urgency="urgent")
    tired = make_contact(name="Tara Tired", consents=["call"])
    for days in range(1, 9):
        make_engagement(tired, "call", on=timezone.localdate() - timedelta(days=days))
    return found


@pytest.mark.parametrize("visit", LOOKS, indirect=True)
def test_axe_finds_nothing_serious_and_nothing_overflows(visit: Visit, demand: UnmetDemand, manager: User) -> None:
    visit.log_in(manager)
    assert visit.page.url.endswith("/home/")
    addresses = [
        "/home/", "/home/?days=365", "/home/people/?of=used", "/home/people/?of=idle", "/demand/", "/demand/?met=true",
        "/demand/segments/", f"/demand/{demand.pk}/",
    ]  # fmt: skip
    for path in addresses:
        page = visit.open(path)
        require_accessible(page, path)
        assert not page.evaluate("document.documentElement.scrollWidth > window.innerWidth"), path
    assert visit.complaints == []


def test_home_leads_from_the_first_of_the_queue_to_its_request(
    visit: Visit, demand: UnmetDemand, manager: User
) -> None:
    visit.log_in(manager)
    page = visit.page
    page.get_by_role("link", name="Marina").click()
    page.wait_for_url("**/requests/*/#match-*")
    page.get_by_role("link", name="Home", exact=True).click()
    page.get_by_role("link", name=re.compile("Need a manager|Wait for you")).first.click()
    page.wait_for_url("**/requests/queue/")
    assert visit.complaints == []


def test_unmet_demand_is_met_by_clicks(visit: Visit, demand: UnmetDemand, manager: User) -> None:
    visit.log_in(manager)
    page = visit.page
    page.get_by_role("link", name="Unmet demand", exact=True).click()
    page.get_by_role("link", name=demand.label).click()
    expect(page.get_by_text("No consent on that day for: Reference call.")).to_be_visible()
    page.get_by_label("Whose task").select_option(label=str(manager))
    page.get_by_role("button", name="Assign").click()
    expect(page.get_by_text("task now.")).to_be_visible()
    make_consent(demand.task.candidates.get().contact, "call")
    page.reload()
    expect(page.get_by_text("Free now")).to_be_visible()
    page.get_by_role("button", name="Try the request again").click()
    page.wait_for_url(f"**/requests/{demand.request_id}/")
    expect(page.get_by_text("Somebody can be asked")).to_be_visible()
    assert visit.complaints == []
