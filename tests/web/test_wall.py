"""The public wall and its embeds as anybody meets them: no log-in, no cookie, a policy of their own, and leads."""

import json
import re
from datetime import timedelta
from pathlib import Path
from time import time
from uuid import uuid4

import pytest
from django.conf import LazySettings
from django.core.files.base import ContentFile
from django.test import Client
from django.utils import timezone

from references.models import CaseStudy, Consent, Contact, Embed, Lead, PublicCount, StoredFile, Testimonial
from references.pool.writing import pool_write
from tests.factories import make_case_study, make_consent, make_contact, make_customer, make_tag, make_testimonial
from tests.web.conftest import LogIn, read_page
from users.models import User
from web.wall.counting import make_mark
from web.wall.lead_form import OLDEST, make_token

pytestmark = pytest.mark.django_db
BROWSER = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36"


@pytest.fixture
def quote(promoter: Contact) -> Testimonial:
    return Testimonial.objects.get(contact=promoter)


@pytest.fixture
def anonymous(db: None) -> Testimonial:
    """A quote to be used without names."""
    contact = make_contact(make_customer("Granitbank", domain="granitbank.example"), "Otto Steiner", title="CIO")
    make_consent(contact, "quote", is_attributed=False)
    return make_testimonial(contact, "Granitbank would do it again, says Otto Steiner.", url="https://x.example/otto")


@pytest.fixture
def embed(db: None) -> Embed:
    return Embed.objects.create(name="Home page", has_lead_form=True)


def revoke(consent: Consent) -> None:
    with pool_write() as touched:
        Consent.objects.filter(pk=consent.pk).update(revoked_at=timezone.now())
        touched.add(consent.customer_id)


def structured(html: str) -> dict[str, object]:
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', html, re.DOTALL)
    assert found
    data: dict[str, object] = json.loads(found[1])
    return data


def path_of(piece: Testimonial | CaseStudy) -> str:
    return f"/wall/{'testimonial' if isinstance(piece, Testimonial) else 'case-study'}/{piece.pk}/"


@pytest.fixture
def everywhere(quote: Testimonial, embed: Embed) -> list[str]:
    """Every public address that shows a piece or takes a form."""
    return ["/wall/", path_of(quote), "/wall/contact/", "/wall/contact/thanks/", f"/embed/{embed.pk}/", "/embed.js"]


def test_public_pages_open_no_session_and_set_no_cookie(everywhere: list[str], manager: User, log_in: LogIn) -> None:
    for client in (Client(), log_in(manager)):
        client.cookies["other"] = "x"
        for path in everywhere:
            response = client.get(path)
            assert response.status_code == 200, path
            assert not response.cookies, path
            assert not response.wsgi_request.session.accessed or not response.wsgi_request.COOKIES, path
            assert "Cookie" not in response.get("Vary", ""), path


def test_switched_off_nothing_public_is_left(everywhere: list[str], settings: LazySettings) -> None:
    settings.PUBLIC_WALL = False
    client = Client()
    assert {path: client.get(path).status_code for path in everywhere} == dict.fromkeys(everywhere, 404)
    assert client.post("/wall/count/", {"event": "view", "mark": make_mark("")}).status_code == 404


def test_wall_lists_filters_and_pages(promoter: Contact) -> None:
    for number in range(14):
        make_testimonial(promoter, f"Said {number}", language="de")
    html = Client().get("/wall/").content.decode()
    page = read_page(html)
    assert "16 pieces" in page.text
    assert "Closing the books in two days" in html + Client().get("/wall/?page=2").content.decode()
    german = read_page(Client().get("/wall/?language=de").content.decode())
    assert "14 pieces" in german.text
    assert "Page 1 of 2" in german.text
    assert [each["href"] for each in page.all("link") if each["rel"] == "canonical"][0].endswith("/wall/")  # type: ignore[union-attr]


def test_wall_says_what_to_do_where_nothing_is_found(quote: Testimonial) -> None:
    assert "Nothing here fits that" in Client().get("/wall/?search=zebra").content.decode()
    assert "Nothing here fits that" in Client().get("/wall/?product=unknown").content.decode()


def test_an_empty_wall_is_a_page(db: None) -> None:
    assert "on their way" in Client().get("/wall/").content.decode()


def test_a_page_is_kept_only_until_something_changes(quote: Testimonial, promoter: Contact) -> None:
    client = Client()
    first = client.get("/wall/")
    assert first["Cache-Control"] == "public, no-cache"
    assert client.get("/wall/", headers={"If-None-Match": first["ETag"]}).status_code == 304
    revoke(Consent.objects.get(contact=promoter, activity="quote"))
    again = client.get("/wall/", headers={"If-None-Match": first["ETag"]})
    assert again.status_code == 200
    assert quote.text not in again.content.decode()


def test_a_revoked_consent_empties_every_place(quote: Testimonial, promoter: Contact, embed: Embed) -> None:
    card = Embed.objects.create(name="Card", piece_noun="testimonial", piece_id=quote.pk)
    places = ["/wall/", path_of(quote), f"/embed/{embed.pk}/", f"/embed/{card.pk}/"]
    client = Client()
    assert all(quote.text in client.get(place).content.decode() for place in places)
    revoke(Consent.objects.get(contact=promoter, activity="quote"))
    for place in places:
        response = client.get(place)
        assert quote.text not in response.content.decode(), place
        assert response.status_code == (404 if place == path_of(quote) else 200)


def test_no_name_shows_without_attribution(anonymous: Testimonial, embed: Embed) -> None:
    for place in (
        "/wall/",
        path_of(anonymous),
        f"/embed/{embed.pk}/",
        f"/wall/contact/?piece=testimonial-{anonymous.pk}",
    ):
        html = Client().get(place).content.decode().lower()
        assert "would do it again" in html or "/contact/" in place
        assert not [name for name in ("granitbank", "otto", "steiner", "x.example") if name in html], place


def test_no_contact_data_shows(quote: Testimonial, promoter: Contact) -> None:
    for place in ("/wall/", path_of(quote)):
        html = Client().get(place).content.decode()
        assert promoter.email not in html
        assert promoter.phone not in html


def test_search_engines_read_a_quotation_a_review_and_an_article(promoter: Contact, quote: Testimonial) -> None:
    make_consent(promoter, "review")
    review = make_testimonial(promoter, "Five of five.", kind="review", tags=[make_tag("product", "Vault")])
    story = CaseStudy.objects.get()
    client = Client()
    read = [structured(client.get(path_of(each)).content.decode()) for each in (quote, review, story)]
    assert [each["@type"] for each in read] == ["Quotation", "Review", "Article"]
    assert read[0]["spokenByCharacter"]["name"] == "Nora Lindqvist"  # type: ignore[index]
    assert read[1]["itemReviewed"]["name"] == "Vault"  # type: ignore[index]
    assert "reviewRating" not in read[1]
    assert read[2]["headline"] == "Closing the books in two days"


def test_words_cannot_leave_the_data_for_search_engines(promoter: Contact) -> None:
    quote = make_testimonial(promoter, "</script><script>alert(1)</script> & more")
    html = Client().get(path_of(quote)).content.decode()
    assert "<script>alert" not in html
    assert structured(html)["text"] == quote.text


def test_pages_say_what_they_are_to_whoever_shares_them(quote: Testimonial, settings: LazySettings) -> None:
    settings.SITE_URL = "https://refs.example"
    page = read_page(Client().get(path_of(quote)).content.decode())
    shared = {each["property"]: each["content"] for each in page.all("meta") if "property" in each}
    assert shared["og:url"] == f"https://refs.example{path_of(quote)}"
    assert shared["og:description"] == quote.text


def test_only_the_picture_of_a_named_piece_is_given(
    quote: Testimonial, anonymous: Testimonial, settings: LazySettings, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path

    def store(**owner: object) -> str:
        kind = str(owner.pop("kind", "picture"))
        row = StoredFile(kind=kind, name="a.png", content_type="image/png", size=3, sha256="0" * 64, **owner)
        row.content.save("a.png", ContentFile(b"png"))
        row.save()
        return f"/wall/picture/{row.pk}/"

    client = Client()
    shown = store(testimonial=quote)
    response = client.get(shown)
    assert b"".join(response.streaming_content) == b"png"  # type: ignore[attr-defined]
    assert response["X-Content-Type-Options"] == "nosniff"
    hidden = [store(testimonial=anonymous), store(customer=quote.customer), store(testimonial=quote, kind="pdf")]
    assert [client.get(each).status_code for each in [*hidden, f"/wall/picture/{uuid4()}/"]] == [404] * 4
    assert shown in client.get(path_of(quote)).content.decode()


def test_an_embed_has_a_policy_of_its_own_and_may_be_framed(embed: Embed) -> None:
    response = Client().get(f"/embed/{embed.pk}/")
    policy = response["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert policy.endswith("frame-ancestors *")
    assert "unsafe" not in policy
    assert "X-Frame-Options" not in response
    Embed.objects.update(sites=["https://www.example.com"])
    assert (
        "frame-ancestors 'self' https://www.example.com"
        in Client().get(f"/embed/{embed.pk}/")["Content-Security-Policy"]
    )
    assert Client().get("/wall/")["X-Frame-Options"] == "DENY"


def test_an_ended_embed_is_gone_and_empty(quote: Testimonial, embed: Embed) -> None:
    Embed.objects.update(ended_at=timezone.now())
    response = Client().get(f"/embed/{embed.pk}/")
    assert response.status_code == 410
    assert read_page(response.content.decode()).text == "Not here any more"


def test_an_embed_shows_what_it_is_for(promoter: Contact, quote: Testimonial) -> None:
    other = make_contact(make_customer(), consents=["quote"])
    make_testimonial(other, "Of somebody else")
    bank = Embed.objects.create(name="Banks", filters={"industry": ["banking"], "kind": ["quote"]})
    few = Embed.objects.create(name="Few", most=1)
    html = Client().get(f"/embed/{bank.pk}/").content.decode()
    assert quote.text in html
    assert "Of somebody else" not in html
    assert "Closing the books" not in html
    assert len(read_page(Client().get(f"/embed/{few.pk}/").content.decode()).all("article")) == 1


def count(mark: str, event: str = "view", **headers: str) -> int:
    """Send what a page sends, and give how much is counted by now."""
    given = {"User-Agent": BROWSER, **{name.replace("_", "-"): value for name, value in headers.items()}}
    assert Client().post("/wall/count/", {"event": event, "mark": mark}, headers=given).status_code == 204
    return sum(PublicCount.objects.values_list("count", flat=True))


def test_looks_are_counted_by_a_mark_and_by_nothing_else(quote: Testimonial, embed: Embed) -> None:
    html = Client().get(f"/embed/{embed.pk}/").content.decode()
    view = read_page(html).all("html")[0]["data-mark"] or ""
    click = next(each["data-mark"] for each in read_page(html).all("a") if "testimonial" in (each["href"] or ""))
    assert PublicCount.objects.count() == 0  # a look by a scanner that runs nothing is none
    assert count(view) == 1
    assert count(click or "", "click") == 2
    assert count(make_mark("x") + "x") == 2
    assert count("") == 2
    assert count(view, "lead") == 2
    rows = PublicCount.objects.order_by("pk").values_list("event", "place", "noun", "piece_id")
    assert list(rows) == [("view", embed.pk.hex, "", 0), ("click", embed.pk.hex, "testimonial", quote.pk)]


@pytest.mark.parametrize(
    "headers",
    [
        {"DNT": "1"},
        {"Sec_GPC": "1"},
        {"Sec_Purpose": "prefetch;prerender"},
        {"User_Agent": "Mozilla/5.0 (compatible; Googlebot/2.1)"},
        {"User_Agent": "curl/8.1"},
        {"User_Agent": ""},
    ],
)
def test_who_asks_not_to_be_and_what_is_no_visitor_is_not_counted(headers: dict[str, str]) -> None:
    assert count(make_mark(""), **headers) == 0


def test_an_old_mark_counts_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    today = timezone.localdate()
    with monkeypatch.context() as then:
        then.setattr(timezone, "localdate", lambda: today - timedelta(days=2))
        mark = make_mark("")
    assert count(mark) == 0


def fill(**fields: str) -> dict[str, str]:
    given = {"name": "Jo Vrabec", "email": "jo@visitor.example", "company": "Visitor Ltd", "message": "How long?"}
    token = make_token(shown_at=int(time()) - 20)
    return {**given, "agrees": "on", "nickname": "", "token": token, **fields}


def test_a_lead_is_kept_with_what_was_agreed_to(quote: Testimonial, embed: Embed) -> None:
    form, client = fill(), Client(enforce_csrf_checks=True)
    address = f"/wall/contact/?embed={embed.pk}&piece=testimonial-{quote.pk}"
    answers = [client.post(address, form) for _ in range(2)]
    assert [each["Location"] for each in answers] == ["/wall/contact/thanks/"] * 2
    lead = Lead.objects.get()
    assert (lead.name, lead.embed, lead.noun, lead.piece_id) == ("Jo Vrabec", embed, "testimonial", quote.pk)
    assert "may keep what I wrote for up to 180 days" in lead.agreed_to
    assert lead.agreed_to in read_page(client.get(address).content.decode()).text
    assert PublicCount.objects.get().event == "lead"


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"agrees": ""}, "Please tick this"),
        ({"nickname": "bot"}, "only machines fill it in"),
        ({"token": "forged"}, "lay open too long"),
        ({"token": make_token(shown_at=int(time()) - OLDEST - 60)}, "lay open too long"),
        ({"token": make_token(shown_at=int(time()) + 3600)}, "very fast"),
        ({"email": "nobody"}, "valid email"),
        ({"name": ""}, "required"),
        ({"message": "http://a.example http://b.example http://c.example"}, "leave out the links"),
    ],
)
def test_what_is_refused_leaves_nothing(fields: dict[str, str], says: str) -> None:
    response = Client().post("/wall/contact/", fill(**fields))
    assert response.status_code == 422
    assert says in read_page(response.content.decode()).text
    assert not Lead.objects.exists()
    assert not PublicCount.objects.exists()


def test_a_form_that_lay_too_long_can_be_sent_once_more() -> None:
    stale = make_token(shown_at=int(time()) - OLDEST - 60)
    page = read_page(Client().post("/wall/contact/", fill(token=stale)).content.decode())
    fresh = next(each["value"] for each in page.all("input") if each.get("name") == "token")
    assert fresh not in {stale, ""}


def test_too_many_leads_are_put_off(db: None) -> None:
    answers = [Client().post("/wall/contact/", fill()).status_code for _ in range(4)]
    assert answers == [302, 302, 302, 429]


def test_another_site_cannot_send_the_form() -> None:
    response = Client().post("/wall/contact/", fill(), headers={"Origin": "https://evil.example"})
    assert response.status_code == 403
    assert not Lead.objects.exists()
    own = Client().post("/wall/contact/", fill(), headers={"Origin": "http://testserver"})
    assert own.status_code == 302


def test_a_story_tells_all_of_it(promoter: Contact) -> None:
    story = make_case_study(
        promoter.customer, "Long", challenge="It was slow.", solution_text="We changed.", results="Fast."
    )
    text = read_page(Client().get(path_of(story)).content.decode()).text
    assert "The challenge It was slow." in text
    assert "What was done We changed." in text
    assert "What came of it Fast." in text


def test_one_caller_cannot_use_up_what_all_may_send(db: None) -> None:
    answers = [Client().post("/wall/contact/", fill(email=f"jo{n}@visitor.example")).status_code for n in range(11)]
    assert answers == [302] * 10 + [429]
    other = Client(REMOTE_ADDR="198.51.100.7").post("/wall/contact/", fill(email="kim@visitor.example"))
    assert other.status_code == 302


def test_an_embed_asked_for_again_keeps_its_own_policy(embed: Embed) -> None:
    Embed.objects.filter(pk=embed.pk).update(sites=["https://partner.example"])
    first = Client().get(f"/embed/{embed.pk}/")
    again = Client().get(f"/embed/{embed.pk}/", headers={"If-None-Match": first["ETag"]})
    assert again.status_code == 304
    assert again["Content-Security-Policy"] == first["Content-Security-Policy"]
    assert "frame-ancestors 'self' https://partner.example" in again["Content-Security-Policy"]
    assert "X-Frame-Options" not in again
