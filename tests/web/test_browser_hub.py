"""A promoter's own page with everything on it, in a real Chromium on a phone: it fits, is accessible, and works."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from advocacy.models import AdopterSeat, Ask, Badge, BadgeAward, Level, PointsAccount, PointsRule, Redemption, Reward
from advocacy.services.adopters import invite_adopter, move_program, save_program
from advocacy.services.assignments import assign_ask
from advocacy.services.points import award_stage
from advocacy.services.referrals import LeadData, refer
from references.models import Contact
from tests.matching.factories import invite, make_banker
from tests.web.browsing import MARKS, Visit, require_accessible
from tests.web.links import own_page_of
from users.models import User

pytestmark = MARKS
PHONE = {"viewport": {"width": 390, "height": 844}}
PHONES = [pytest.param(PHONE, id="light"), pytest.param({**PHONE, "color_scheme": "dark"}, id="dark")]


@pytest.fixture
def nora(transactional_db: None, rep: User, manager: User) -> Contact:
    """Somebody with all that one's own page can show."""
    person = make_banker("Nora Lindqvist", title="CFO", language="en", activities=["call", "share", "beta"])
    invite(rep, manager, why="They stand where you stood.")
    share = Ask.objects.create(name="Share our story", activity="share", rung=1, text="Would you share it?", points=20)
    assign_ask(contact=person, ask=share, creation_key="k", by=manager)
    today = timezone.localdate()
    program = save_program(
        data={
            "name": "Ledger 5", "seats": 2, "agreement": "Be kind.", "starts_on": today,
            "ends_on": today + timedelta(days=50),
        },
        creation_key="p",
        by=manager,
    )  # fmt: skip
    invite_adopter(program=move_program(program=program, to="recruiting", by=manager), contact=person, by=manager)
    PointsRule.objects.create(activity="referral", points=100)
    Level.objects.create(name="Bronze", from_points=100, perk="A seat at the dinner.")
    Level.objects.create(name="Silver", from_points=500)
    award_stage(contact=person, source="t:1", activity="call", points=300, stage="confirmed")
    badge = Badge.objects.create(name="First call", rule="first_act", about="Took a reference call")
    BadgeAward.objects.create(account=PointsAccount.objects.get(), badge=badge)
    for name, cost in (("Warm socks", 150), ("Dinner with the builders", 900)):
        Reward.objects.create(name=name, kind="swag", cost=cost, about="Made to last.")
    refer(referrer=person, lead=LeadData(name="Otto Frei", company="Osterholm"), creation_key="r")
    return person


@pytest.mark.parametrize("visit", PHONES, indirect=True)
@pytest.mark.parametrize("language", ["en", "de"])
def test_everything_is_accessible_and_fits_a_phone(visit: Visit, nora: Contact, language: str) -> None:
    seat = AdopterSeat.objects.get()
    path = own_page_of(nora)
    for query in ("", f"seat={seat.pk}&"):
        page = visit.open(f"{path}?{query}language={language}")
        page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true; })")
        require_accessible(page, query)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert visit.complaints == []


@pytest.mark.parametrize("visit", PHONES[:1], indirect=True)
def test_seat_reward_and_referral_take_a_few_touches(visit: Visit, nora: Contact) -> None:
    page = visit.open(own_page_of(nora))
    page.get_by_role("link", name="Read the terms and decide").click()
    page.get_by_label("I have read the terms").check()
    page.get_by_role("button", name="Yes, I take part").click()
    expect(page.get_by_role("status")).to_contain_text("Welcome! The seat is yours.")
    page.get_by_role("link", name="Back to my page").click()
    page.get_by_text("Take “Warm socks”").click()
    page.get_by_label("A wish").first.fill("Size 43")
    page.get_by_role("button", name="Take it for 150 points").click()
    expect(page.get_by_role("status")).to_contain_text("Your points are kept for it.")
    page.get_by_text("Refer somebody").click()
    form = page.locator("details", has_text="Refer somebody")
    form.get_by_label("Their name").fill("Ida Berg")
    form.get_by_label("Their company").fill("Bergwerk")
    form.get_by_role("button", name="Refer them").click()
    expect(page.get_by_text("Bergwerk")).to_be_visible()
    page.get_by_text("Your personal link").click()
    page.get_by_role("button", name="Make my link").click()
    expect(page.get_by_label("Your link, to copy and pass on")).to_be_visible()
    assert Redemption.objects.get().wish == "Size 43"
    assert visit.complaints == []
