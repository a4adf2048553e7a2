"""From a 10 to a first reference call, through pages and mails alone, and then the promoter's own page with points."""

import re
from collections.abc import Callable
from datetime import timedelta

from django.core import mail
from django.utils import timezone
from playwright.sync_api import Page, expect

from advocacy.models import PointsRule
from references.enums import ContactStatus
from references.models import Contact
from tests.factories import make_customer, make_policy, make_tag
from tests.surveys.factories import make_known
from tests.web.browsing import MARKS, Visit, require_accessible
from users.models import User

pytestmark = MARKS
DEAL = "Harbor Mutual, 400,000 EUR, replaces its payments at a bank and wants a reference call in two weeks."
PHONE = {"viewport": {"width": 390, "height": 844}}


def make_nora() -> Contact:
    customer = make_customer("Fjordbank", tags=[make_tag("industry", "Banking", synonyms=["bank"])])
    return make_known(customer=customer, title="CFO", time_zone="UTC")


def letter_link(person: Contact, words: str, ending: str = "") -> str:
    """The path of the link in the latest letter to somebody that has these words, in its subject or its text."""
    letters = [each for each in mail.outbox if each.to == [person.email] and words in f"{each.subject}\n{each.body}"]
    assert letters, [each.subject for each in mail.outbox]
    html = letters[-1].alternatives[0][0]  # type: ignore[attr-defined]
    found = re.search(rf'href="[^"]*(/p/[0-9a-f]{{32}}-[\w-]+/{ending})', html)
    assert found is not None, html
    return found[1]


def ask_everybody(boss: Visit) -> None:
    """A campaign, from the empty form to the letter that is out."""
    page = boss.open("/surveys/new/")
    page.get_by_label("Name", exact=False).first.fill("Spring")
    page.get_by_label("Everybody we know").check()
    page.get_by_role("button", name="Save").click()
    page.get_by_role("link", name="See who is asked, and start").click()
    page.get_by_role("button", name="Start, and ask 1 person").click()
    expect(page.get_by_role("button", name="Close")).to_be_visible()


def answer_ten(phone: Visit, nora: Contact) -> None:
    """Ten, why, and what they would do for others."""
    page = phone.open(letter_link(nora, "recommend", r"\?score=10"))
    page.get_by_label("What is the main reason").fill("They answer within the hour.")
    page.get_by_role("button", name="Send my answer").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Thank you!")
    page.get_by_label("Reference call").check()
    page.get_by_label("You may name me and my company").check()
    page.get_by_role("button", name="I consent to what is ticked").click()
    expect(page.get_by_role("status")).to_contain_text("We ask you first")


def request_a_call(seller: Visit) -> str:
    """From the pasted deal to the request; gives its address."""
    page = seller.open("/")
    page.fill("#q", DEAL)
    page.get_by_role("button", name="Find").click()
    page.locator("article.match").first.get_by_role("link", name="Request").click()
    page.get_by_role("button", name="Send request").click()
    expect(page.get_by_role("heading", name="What happened")).to_be_visible()
    return page.url.removeprefix(seller.base)


def accept_with_a_time(phone: Visit, nora: Contact) -> str:
    """Yes by the link, with a time; gives how the salesperson reads it."""
    page = phone.open(letter_link(nora, "can you help"))
    at = (timezone.now() + timedelta(days=6)).replace(hour=9, minute=30)
    page.locator("summary", has_text="Propose times").click()
    page.locator("input[type=datetime-local]").first.fill(f"{at:%Y-%m-%dT%H:%M}")
    page.get_by_role("button", name="Yes, I can help").click()
    expect(page.get_by_text("You said yes")).to_be_visible()
    return f"{at:%H:%M}"


def say_it_took_place(page: Page) -> None:
    page.get_by_text("How did it go?").click()
    how = page.locator("form", has_text="Did it take place?")
    how.get_by_label("Yes", exact=False).first.check()
    how.get_by_role("button", name="Say it").click()
    expect(page.get_by_text("Took place on")).to_be_visible()


def test_from_a_ten_to_a_first_reference_call(open_window: Callable[..., Visit], rep: User, manager: User) -> None:
    make_policy({"approvals": [{"approvers": "manager"}]})
    PointsRule.objects.create(activity="call", points=100)
    nora = make_nora()
    seller, boss, phone = open_window(), open_window(), open_window(**PHONE)
    seller.log_in(rep)
    boss.log_in(manager)

    ask_everybody(boss)
    answer_ten(phone, nora)
    page = boss.open("/nominations/")
    page.get_by_role("link", name="Nora Lindqvist").first.click()
    page.get_by_label("Make them an active promoter at once").check()
    page.get_by_role("button", name="Approve", exact=True).click()
    expect(page.get_by_role("button", name="Approve", exact=True)).to_have_count(0)
    nora.refresh_from_db()
    assert nora.status == ContactStatus.ACTIVE

    request = request_a_call(seller)
    queue = boss.open("/requests/queue/")
    expect(queue.get_by_text("Nora Lindqvist")).to_be_visible()
    queue.keyboard.press("a")
    expect(queue.get_by_text("Nora Lindqvist")).to_have_count(0)
    time = accept_with_a_time(phone, nora)
    page = seller.open(request)
    page.get_by_role("button", name=time).click()
    expect(page.get_by_role("link", name="Calendar file").first).to_be_visible()
    say_it_took_place(page)
    portal = phone.open(letter_link(nora, "How was it"))
    portal.get_by_role("button", name="Send").click()
    expect(portal.get_by_text("Thank you").first).to_be_visible()

    portal.get_by_role("button", name="Mail me the link to my page").click()
    own = phone.open(letter_link(nora, "Your own page"))
    expect(own.get_by_text("You have helped")).to_be_visible()
    expect(own.locator("section", has_text="What came of your help")).to_contain_text("Reference call")
    expect(own.get_by_text("Nothing waits for you.")).to_be_visible()
    expect(own.locator("section", has_text="Your points").locator("strong").first).to_have_text("100")
    require_accessible(own, "own page")
    assert own.evaluate("document.documentElement.scrollWidth") <= 390
    assert "10 of 10" not in own.content()
    for window in (seller, boss, phone):
        assert window.complaints == []
