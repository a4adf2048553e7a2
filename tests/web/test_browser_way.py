"""The whole way in real windows: a salesperson asks, a manager approves, a promoter answers and hears the end."""

import re
import time
from collections.abc import Callable
from datetime import timedelta

from django.core import mail
from django.utils import timezone
from playwright.sync_api import expect

from matching.models import Request
from references.models import Contact, Engagement
from tests.factories import make_contact, make_customer, make_policy, make_tag
from tests.web.browsing import MARKS, Visit, require_accessible
from tests.web.links import own_page_of
from users.models import User

pytestmark = MARKS
DEAL = "Harbor Mutual, 400,000 EUR, replaces its payments at a bank and wants a reference call in two weeks."
A_BLINK = 30.0
"""Seconds that a salesperson in a hurry gives us, from the pasted deal to the request that is sent."""


def make_nora() -> Contact:
    customer = make_customer("Fjordbank", tags=[make_tag("industry", "Banking", synonyms=["bank"])])
    return make_contact(
        customer, "Nora Lindqvist", title="CFO", email="nora@fjordbank.example", consents=["call"], time_zone="UTC"
    )


def link_in_letter(address: str, subject: str) -> str:
    """The path of the signed link in the latest letter to an address whose subject has these words."""
    letters = [each for each in mail.outbox if each.to == [address] and subject in each.subject]
    found = re.search(r"/p/[0-9a-f]{32}-[\w-]+/", str(letters[-1].body))
    assert found is not None
    return found.group()


def test_way_from_a_pasted_deal_to_the_promoter_who_hears_how_it_ended(
    open_window: Callable[..., Visit], rep: User, manager: User
) -> None:
    make_policy({"approvals": [{"approvers": "manager"}]})
    nora = make_nora()
    seller, boss = open_window(), open_window()
    phone = open_window(viewport={"width": 390, "height": 844})

    seller.log_in(rep)
    began = time.monotonic()
    page = seller.open("/")
    page.fill("#q", DEAL)
    page.get_by_role("button", name="Find").click()
    page.locator("article.match").first.get_by_role("link", name="Request").click()
    page.get_by_role("button", name="Send request").click()
    expect(page.get_by_role("heading", name="What happened")).to_be_visible()
    assert time.monotonic() - began < A_BLINK
    request = Request.objects.get()
    assert "Nora" not in page.content()
    assert "nora@" not in page.content()
    require_accessible(page, "request")

    boss.log_in(manager)
    queue = boss.open("/requests/queue/")
    expect(queue.get_by_text("Nora Lindqvist")).to_be_visible()
    queue.keyboard.press("a")
    expect(queue.get_by_text("Nora Lindqvist")).to_have_count(0)

    portal = phone.open(link_in_letter(nora.email, "can you help"))
    require_accessible(portal, "invitation")
    at = (timezone.now() + timedelta(days=6)).replace(hour=9, minute=30)
    portal.locator("summary", has_text="Propose times").click()
    portal.locator("input[type=datetime-local]").first.fill(f"{at:%Y-%m-%dT%H:%M}")
    portal.get_by_role("button", name="Yes, I can help").click()
    expect(portal.get_by_text("You said yes")).to_be_visible()

    page = seller.open(f"/requests/{request.pk}/")
    expect(page.get_by_role("heading", name="Nora Lindqvist")).to_be_visible()
    assert "nora@" not in page.content()
    page.get_by_role("button", name="Show e-mail and phone").click()
    expect(page.get_by_text("nora@fjordbank.example")).to_be_visible()
    page.get_by_role("button", name=f"{at:%H:%M}").click()
    expect(page.get_by_role("link", name="Calendar file").first).to_be_visible()
    assert [each for each in mail.outbox if each.to == [nora.email] and each.attachments]

    page.get_by_text("How did it go?").click()
    how = page.locator("form", has_text="Did it take place?")
    how.get_by_label("Yes", exact=False).first.check()
    how.get_by_label("How helpful was it?").select_option("5")
    how.get_by_role("button", name="Say it").click()
    expect(page.get_by_text("Took place on")).to_be_visible()
    portal = phone.open(link_in_letter(nora.email, "How was it"))
    require_accessible(portal, "feedback")
    portal.get_by_role("button", name="Send").click()
    expect(portal.get_by_text("Thank you").first).to_be_visible()
    assert Engagement.objects.get(contact=nora).status == "completed"

    page = seller.open(f"/requests/{request.pk}/")
    page.locator("#outcome").get_by_label("Won").check()
    page.get_by_role("button", name="Close the request").click()
    expect(page.get_by_role("heading", name="How the deal ended")).to_be_visible()
    assert [each.subject for each in mail.outbox if each.to == [nora.email]][-1] == "How it ended"

    own = phone.open(own_page_of(nora))
    expect(own.get_by_text("They decided for us")).to_be_visible()
    require_accessible(own, "own page")
    for window in (seller, boss, phone):
        assert window.complaints == []
