"""Basket and hand-outs on pages: made in a few clicks, read by anybody with the link, closed at once."""

from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.test import Client
from django.utils import timezone

from delivery.models import SignedLink
from references.handouts import Picked, read_shares
from references.models import BasketItem, Consent, Contact, Handout
from references.pieces import Piece
from references.services.consents import revoke_consent
from references.services.sharing import add_to_basket
from tests.web.conftest import LogIn, read_page
from users.models import User
from web.handouts.pdf import Sheet, draw_sheet, printable, shorten


@pytest.fixture
def handout(promoter: Contact, marketer: User, log_in: LogIn) -> Handout:
    """A hand-out of Nora's quote and Fjordbank's story, made on the page."""
    add_to_basket(user=marketer, noun="testimonial", pk=promoter.testimonial_set.get().pk)
    add_to_basket(user=marketer, noun="case_study", pk=promoter.customer.casestudy_set.get().pk)
    first, second = BasketItem.objects.all()
    data = {"title": "For Acme", "intro": "Read on.", "channel": "sales", "days": "14"}
    places = {f"place_{first.pk}": "2", f"place_{second.pk}": "1"}
    response = log_in(marketer).post("/handouts/add/", data | places)
    made = Handout.objects.get()
    assert response.headers["Location"] == f"/handouts/{made.pk}/"
    return made


def path(handout: Handout) -> str:
    return read_shares([handout])[handout.pk].path


def test_basket_is_filled_by_buttons_with_and_without_script(promoter: Contact, rep: User, log_in: LogIn) -> None:
    client, quote = log_in(rep), promoter.testimonial_set.get()
    plain = client.post("/basket/add/", {"noun": "testimonial", "pk": quote.pk, "next": "/stories/?kind=quote"})
    assert plain.headers["Location"] == "/stories/?kind=quote"
    assert "Added" in client.get("/stories/").content.decode()
    assert "We closed in two days." in client.get("/basket/").content.decode()
    wanted = {"noun": "contact", "pk": promoter.pk, "activity": "speaking"}
    part = client.post("/basket/add/", wanted, headers={"HX-Request": "true"}).content.decode()
    assert 'action="/basket/remove/"' in part
    assert 'hx-swap-oob="outerHTML:.basket-count">2<' in part
    client.post("/basket/remove/", {"noun": "testimonial", "pk": quote.pk})
    assert BasketItem.objects.get().contact == promoter


def test_story_page_puts_into_the_basket(promoter: Contact, rep: User, log_in: LogIn) -> None:
    client, quote = log_in(rep), promoter.testimonial_set.get()
    page = f"/stories/quote/{quote.pk}/"
    assert 'action="/basket/add/"' in client.get(page).content.decode()
    client.post("/basket/add/", {"noun": "testimonial", "pk": quote.pk, "next": page})
    assert 'action="/basket/remove/"' in client.get(page).content.decode()
    revoke_consent(consent=Consent.objects.get(activity="quote"))
    assert client.get(page).status_code == 404


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"])
def test_basket_leads_to_no_other_site(elsewhere: str, promoter: Contact, rep: User, log_in: LogIn) -> None:
    response = log_in(rep).post("/basket/remove/", {"noun": "contact", "pk": "1", "next": elsewhere})
    assert response.headers["Location"] == "/basket/"


def test_basket_says_why_not(promoter: Contact, rep: User, log_in: LogIn) -> None:
    client = log_in(rep)
    client.post("/basket/add/", {"noun": "testimonial", "pk": "x"})
    assert "may not be used now" in client.get("/basket/").content.decode()
    part = client.post("/basket/add/", {"noun": "nothing"}, headers={"HX-Request": "true"})
    assert part.headers["HX-Redirect"] == "/basket/"


def test_handout_is_read_by_anybody_with_the_link(handout: Handout) -> None:
    stranger = Client()
    response = stranger.get(path(handout))
    text = read_page(response.content.decode()).text
    assert text.index("Closing the books in two days") < text.index("We closed in two days.")
    assert "Fjordbank" in text
    assert response["X-Robots-Tag"].startswith("noindex")
    assert response["Referrer-Policy"] == "no-referrer"
    assert "no-store" in response["Cache-Control"]
    assert not response.cookies
    stranger.head(path(handout))
    assert Handout.objects.get().views == 1


def test_handout_forgets_what_may_not_be_used_any_more(handout: Handout, marketer: User, log_in: LogIn) -> None:
    revoke_consent(consent=Consent.objects.get(activity="quote"))
    text = read_page(Client().get(path(handout)).content.decode()).text
    assert "We closed in two days." not in text
    assert "Nora" not in text
    assert "One reference may not be used" in log_in(marketer).get(f"/handouts/{handout.pk}/").content.decode()
    assert "We closed in two days." not in log_in(marketer).get(f"/handouts/{handout.pk}/edit/").content.decode()


def test_closed_link_says_so_and_nothing_else(handout: Handout, marketer: User, log_in: LogIn) -> None:
    address, client = path(handout), log_in(marketer)
    client.post(f"/handouts/{handout.pk}/share/", {"act": "revoke"})
    for ending in ("", "handout.pdf"):
        response = Client().get(address + ending)
        assert response.status_code == 410
        assert "For Acme" not in response.content.decode()
    client.post(f"/handouts/{handout.pk}/share/", {"act": "renew", "days": "5"})
    assert Client().get(path(handout)).status_code == 200
    SignedLink.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert Client().get(path(handout)).status_code == 410
    assert Client().get(address[:-2] + "x/").status_code == 404


def test_handouts_of_others_are_not_found(handout: Handout, rep: User, manager: User, log_in: LogIn) -> None:
    pages = [f"/handouts/{handout.pk}/", f"/handouts/{handout.pk}/edit/"]
    assert [log_in(rep).get(page).status_code for page in pages] == [404, 404]
    assert log_in(rep).post(f"/handouts/{handout.pk}/share/", {"act": "revoke"}).status_code == 404
    assert "For Acme" not in log_in(rep).get("/handouts/").content.decode()
    assert "For Acme" in log_in(manager).get("/handouts/").content.decode()
    assert "For Acme" not in log_in(manager).get("/handouts/?search=zzz").content.decode()


def test_handout_is_changed_on_the_page(handout: Handout, marketer: User, log_in: LogIn) -> None:
    story, _quote = handout.items.all()
    data = {"title": "For Beta", "intro": "", "channel": "web", "is_blinded": "on", f"place_{story.pk}": "1"}
    address, client = path(handout), log_in(marketer)
    assert client.post(f"/handouts/{handout.pk}/edit/", data).status_code == 302
    text = read_page(Client().get(address).content.decode()).text
    assert "For Beta" in text
    assert "Fjordbank" not in text
    assert [item.pk for item in handout.items.all()] == [story.pk]
    assert client.post(f"/handouts/{handout.pk}/edit/", {**data, "title": ""}).status_code == 422


def test_pdf_is_one_page(handout: Handout) -> None:
    response = Client().get(path(handout) + "handout.pdf")
    assert response["Content-Type"] == "application/pdf"
    assert 'filename="for-acme.pdf"' in response["Content-Disposition"]
    assert response.content.startswith(b"%PDF-")
    assert response.content.count(b"/Type /Page\n") == 1


def long_piece(words: int) -> Picked:
    text = "Łódź straße café " * words
    piece = Piece(
        noun="testimonial", id=1, kind="quote", customer_id=1, customer_name="W" * 200, whose="", title="T " * 150,
        text=text, said_by="S" * 200, language="en", url="", tags=(), rights=(), until=None, published_on=None,
    )  # fmt: skip
    return Picked(SimpleNamespace(), piece=piece)  # type: ignore[arg-type]


@pytest.mark.parametrize("paper", ["a4", "letter"])
@pytest.mark.parametrize("count,words", [(0, 0), (1, 1), (6, 400), (9, 400)])
def test_sheet_always_fits_one_page(count: int, words: int, paper: str) -> None:
    sheet = Sheet(
        program="Halvenor",
        title="W" * 200,
        intro="Introduction. " * 200,
        link="https://halvenor.example/h/" + "a" * 76 + "/",
        until=timezone.now(),
        shown=[long_piece(words)] * count,
        paper=paper,
    )
    assert draw_sheet(sheet).count(b"/Type /Page\n") == 1


def test_sheet_that_is_wide_throughout_shows_fewer_and_says_so() -> None:
    wide = replace(long_piece(0).piece, customer_name="日" * 200, said_by="日" * 200, title="日" * 200, text="日" * 900)  # type: ignore[type-var]
    picked = Picked(SimpleNamespace(), piece=wide)  # type: ignore[arg-type]
    sheet = Sheet(
        "日" * 100,
        "日" * 200,
        "日" * 900,
        f"https://halvenor.example/h/{'a' * 120}/",
        timezone.now(),
        [picked] * 9,
        "letter",
    )
    assert draw_sheet(sheet).count(b"/Type /Page\n") == 1


def test_sheet_prints_what_its_font_has_and_marks_the_rest() -> None:
    assert printable("Łódź, straße, é") == "Łódź, straße, é"
    assert printable("9 → 2 日") == "9 › 2 \ufffd"


def test_shortened_text_ends_at_a_word() -> None:
    assert shorten("one two  three", 14) == "one two three"
    assert shorten("one two three", 9) == "one two…"
    assert shorten("one", 0) == ""
