"""The public wall in a real Chromium, and an embed of it on another origin: seen, grown, counted, emptied."""

from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from django.utils import timezone
from playwright.sync_api import expect
from pytest_django.live_server_helper import LiveServer

from references.models import Consent, Embed, Lead, PublicCount, Testimonial
from references.pool.writing import pool_write
from tests.factories import make_consent, make_contact, make_customer, make_tag, make_testimonial
from tests.web.browsing import LOOKS, MARKS, Visit, require_accessible
from users.models import User
from web.wall import lead_form

pytestmark = MARKS
BROWSER = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36"
VISITOR = {"user_agent": BROWSER}
OPPOSED = {**VISITOR, "extra_http_headers": {"Sec-GPC": "1"}}
WORDS = "Two days instead of nine: month-end is a morning now."


@pytest.fixture
def quote(transactional_db: None) -> Testimonial:
    customer = make_customer("Fjordbank", tags=[make_tag("industry", "Banking"), make_tag("product", "Ledger")])
    nora = make_contact(customer, "Nora Lindqvist", title="CFO", consents=["quote", "video"])
    for number in range(14):
        make_testimonial(nora, f"It runs, month after month, for the {number}th time. " * 4)
    make_testimonial(nora, "See for yourself.", kind="video", url="https://video.example/1")
    make_consent(customer, "case_study")
    return make_testimonial(nora, WORDS, published_on=timezone.localdate())


@pytest.fixture
def embed(transactional_db: None) -> Embed:
    return Embed.objects.create(name="Elsewhere", has_lead_form=True)


@pytest.fixture
def site() -> Iterator[Callable[[str], str]]:
    """Another site: gives the address, at an origin of its own, of a page with this body."""
    bodies: dict[str, str] = {}

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = bodies.get(self.path, "")
            self.send_response(200 if body else 404)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            icon = '<link rel="icon" href="data:,">'
            self.wfile.write(f'<!doctype html><html lang="en">{icon}<body>{body}</body></html>'.encode())

        def log_message(self, *args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()

    def publish(body: str) -> str:
        path = f"/{len(bodies)}/"
        bodies[path] = body
        return f"http://localhost:{server.server_port}{path}"

    yield publish
    server.shutdown()
    server.server_close()


def revoke_all() -> None:
    with pool_write() as touched:
        touched.add(*Consent.objects.values_list("customer_id", flat=True))
        Consent.objects.update(revoked_at=timezone.now())


def counted(event: str, place: str) -> int:
    return sum(PublicCount.objects.filter(event=event, place=place).values_list("count", flat=True))


def wait_for(visit: Visit, is_so: Callable[[], bool]) -> None:
    for _ in range(50):
        if is_so():
            return
        visit.page.wait_for_timeout(100)
    raise AssertionError("it never came to be so")


@pytest.mark.parametrize("visit", LOOKS, indirect=True)
def test_public_pages_are_accessible_and_fit(visit: Visit, quote: Testimonial, embed: Embed) -> None:
    video = Testimonial.objects.get(kind="video")
    for path in (
        "/wall/", "/wall/?search=zebra", f"/wall/testimonial/{quote.pk}/", f"/wall/testimonial/{video.pk}/",
        "/wall/contact/", "/wall/contact/thanks/", f"/embed/{embed.pk}/",
    ):  # fmt: skip
        page = visit.open(path)
        require_accessible(page, path)
        room = page.viewport_size
        assert room is not None
        assert page.evaluate("document.documentElement.scrollWidth") <= room["width"], path
    assert visit.complaints == []
    assert visit.page.context.cookies() == []


@pytest.mark.parametrize("visit", [pytest.param(VISITOR, id="visitor")], indirect=True)
def test_an_embed_shows_and_grows_on_another_site(
    visit: Visit, quote: Testimonial, embed: Embed, site: Callable[[str], str], live_server: LiveServer
) -> None:
    script = f'<h1>Shop</h1><script src="{live_server.url}/embed.js" data-embed="{embed.pk}" async></script>'
    page = visit.page
    page.goto(site(script))
    frame = page.frame_locator("iframe")
    expect(frame.get_by_text(WORDS)).to_be_visible()
    shown = page.locator("iframe")
    wait_for(visit, lambda: (shown.bounding_box() or {"height": 0})["height"] > 700)
    box = shown.bounding_box()
    assert box is not None
    inner = page.frames[1].evaluate("document.documentElement.getBoundingClientRect().height")
    assert abs(box["height"] - inner) < 2
    wait_for(visit, lambda: counted("view", embed.pk.hex) == 1)
    with page.context.expect_page() as opened:
        frame.get_by_role("link", name="Read it in full").first.click()
    expect(opened.value.locator("h1")).to_contain_text("Nora Lindqvist")
    wait_for(visit, lambda: counted("click", embed.pk.hex) == 1)
    assert page.context.cookies() == []
    assert visit.complaints == []
    revoke_all()
    page.reload()
    expect(page.locator("iframe")).to_be_attached()
    wait_for(visit, lambda: counted("view", embed.pk.hex) == 2)
    expect(frame.get_by_text("Two days")).to_have_count(0)
    expect(frame.locator("article")).to_have_count(0)


@pytest.mark.parametrize("visit", [pytest.param(VISITOR, id="visitor")], indirect=True)
def test_a_bare_frame_shows_one_card_and_only_where_it_may(
    visit: Visit, quote: Testimonial, site: Callable[[str], str], live_server: LiveServer
) -> None:
    card = Embed.objects.create(name="Card", piece_noun="testimonial", piece_id=quote.pk)
    sandbox = "allow-scripts allow-popups allow-popups-to-escape-sandbox"
    frame = f'<h1>Shop</h1><iframe src="{live_server.url}/embed/{card.pk}/" title="Card" sandbox="{sandbox}"></iframe>'
    address = site(frame)
    page = visit.page
    page.goto(address)
    expect(page.frame_locator("iframe").get_by_text(WORDS)).to_be_visible()
    expect(page.frame_locator("iframe").locator("article")).to_have_count(1)
    assert visit.complaints == []
    Embed.objects.update(sites=["https://elsewhere.example"])
    page.reload()
    expect(page.frame_locator("iframe").get_by_text(WORDS)).to_have_count(0)
    assert any("frame-ancestors" in each for each in visit.complaints)


@pytest.mark.parametrize("visit", [pytest.param(OPPOSED, id="opposed")], indirect=True)
def test_who_asks_not_to_be_counted_is_not(visit: Visit, quote: Testimonial) -> None:
    with visit.page.expect_response("**/wall/count/") as answered:
        visit.open("/wall/")
    assert answered.value.status == 204
    assert not PublicCount.objects.exists()


def test_a_visitor_writes_from_a_piece(visit: Visit, quote: Testimonial, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lead_form, "FASTEST", 0)  # the test writes faster than people do
    page = visit.open(f"/wall/testimonial/{quote.pk}/")
    page.locator("aside").get_by_role("link", name="Talk to us").click()
    page.get_by_role("button", name="Send").click()
    page.get_by_label("Your name").fill("Jo Vrabec")
    page.get_by_label("E-mail").fill("jo@visitor.example")
    page.get_by_role("button", name="Send").click()
    assert Lead.objects.count() == 0
    page.get_by_role("checkbox").check()
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Thank you, it has arrived")
    assert Lead.objects.get().piece_id == quote.pk
    assert visit.complaints == []


def test_a_keeper_makes_an_embed_and_sees_it(visit: Visit, quote: Testimonial, marketer: User) -> None:
    visit.log_in(marketer)
    page = visit.open("/setup/wall/")
    require_accessible(page, "embeds")
    page.get_by_role("link", name="Make an embed").first.click()
    require_accessible(page, "embed form")
    page.get_by_label("Name").fill("Home page")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Home page")
    expect(page.frame_locator("iframe").get_by_text(WORDS)).to_be_visible()
    require_accessible(page, "embed page")
    assert str(Embed.objects.get().pk) in page.locator("pre").first.inner_text()
    assert not PublicCount.objects.exists()
    assert visit.complaints == []
