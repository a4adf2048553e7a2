"""The pages of the wall's keepers: embeds, counts and leads, each number leading to its rows."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from references.models import Contact, Embed, Lead, PublicCount, Testimonial
from references.services.wall import count_event, place_of
from tests.factories import make_tag
from tests.web.conftest import LogIn, read_page
from users.models import User
from web.wall.drawing import HEIGHT, draw_days

pytestmark = pytest.mark.django_db


@pytest.fixture
def keeper(marketer: User, log_in: LogIn) -> Client:
    return log_in(marketer)


@pytest.fixture
def embed(db: None) -> Embed:
    return Embed.objects.create(name="Home page")


def make_lead(name: str = "Jo Vrabec", **fields: object) -> Lead:
    given = {"email": "jo@visitor.example", "agreed_at": timezone.now(), "agreed_to": "Yes.", "creation_key": name}
    return Lead.objects.create(name=name, **{**given, **fields})


def test_an_embed_is_made_changed_and_ended(keeper: Client, promoter: Contact) -> None:
    form = {
        "name": "Banks", "kind": ["quote"], "product": ["ledger"], "industry": ["banking"], "language": "en",
        "used_in": "norway", "most": "3", "theme": "dark", "sites": "https://a.example\n\nhttps://b.example\n",
        "has_lead_form": "on", "piece": "",
    }  # fmt: skip
    response = keeper.post("/setup/wall/add/", form)
    embed = Embed.objects.get()
    assert response["Location"] == f"/setup/wall/{embed.pk}/"
    assert embed.filters == {
        "kind": ["quote"], "product": ["ledger"], "industry": ["banking"], "language": "en", "used_in": "norway",
    }  # fmt: skip
    assert (embed.most, embed.theme, embed.sites) == (3, "dark", ["https://a.example", "https://b.example"])
    assert "We closed in two days." in Client().get(f"/embed/{embed.pk}/").content.decode()
    edit = keeper.get(f"/setup/wall/{embed.pk}/edit/").content.decode()
    assert "https://a.example" in edit
    assert keeper.post(f"/setup/wall/{embed.pk}/edit/", {**form, "name": "Banks only"}).status_code == 302
    keeper.post(f"/setup/wall/{embed.pk}/end/")
    embed.refresh_from_db()
    assert (embed.name, embed.ended_at is not None) == ("Banks only", True)
    assert keeper.get(f"/setup/wall/{embed.pk}/edit/").status_code == 404
    assert "empty frame" in keeper.get(f"/setup/wall/{embed.pk}/").content.decode()


def test_a_card_is_made_from_the_address_of_a_piece(keeper: Client, promoter: Contact) -> None:
    quote = Testimonial.objects.get()
    form = {
        "name": "Card",
        "most": "1",
        "theme": "system",
        "piece": f"https://refs.example/wall/testimonial/{quote.pk}/",
    }
    assert keeper.post("/setup/wall/add/", form).status_code == 302
    assert (Embed.objects.get().piece_noun, Embed.objects.get().piece_id) == ("testimonial", quote.pk)
    for piece in ("https://refs.example/", "/wall/testimonial/999999/"):
        assert keeper.post("/setup/wall/add/", {**form, "piece": piece}).status_code == 422
    assert Embed.objects.count() == 1


def test_a_bad_site_is_told_beside_its_field(keeper: Client) -> None:
    form = {"name": "Home", "most": "1", "theme": "system", "sites": "example.com"}
    response = keeper.post("/setup/wall/add/", form)
    assert response.status_code == 422
    assert "is no address of a site" in response.content.decode()


def test_snippets_carry_a_sandbox_and_no_other_address(keeper: Client, embed: Embed) -> None:
    html = keeper.get(f"/setup/wall/{embed.pk}/").content.decode()
    assert f"data-embed=&quot;{embed.pk}&quot; async" in html
    assert "allow-same-origin" not in html


def test_every_number_leads_to_as_many(keeper: Client, embed: Embed) -> None:
    place = place_of(embed)
    for _ in range(3):
        count_event(event="view", place=place)
    count_event(event="view", place="")
    count_event(event="click", place=place, noun="testimonial", piece_id=4)
    make_lead(embed=embed)
    count_event(event="lead", place=place)
    page = read_page(keeper.get("/setup/wall/").content.decode())
    linked = [each["href"] or "" for each in page.all("a")]
    views = next(each for each in linked if place in each and "event=view" in each)
    leads = next(each for each in linked if place in each and "/leads/" in each)
    assert "1 row" in read_page(keeper.get(views).content.decode()).text
    assert "1 lead" in read_page(keeper.get(leads).content.decode()).text
    own = keeper.get(f"/setup/wall/{embed.pk}/").content.decode()
    assert "3 views" in read_page(own).text
    assert "Testimonial 4" in own
    linked = [each["href"] or "" for each in read_page(own).all("a")]
    of_piece = next(each for each in linked if "piece_id=4" in each and "event=click" in each)
    assert "1 row" in read_page(keeper.get(of_piece).content.decode()).text


def test_bars_are_as_high_as_what_they_count() -> None:
    today = timezone.localdate()
    first = today - timedelta(days=2)
    drawn = draw_days({first: 10, today: 1}, first, 3, place="")
    assert [(bar.count, bar.height) for bar in drawn.bars] == [(10, HEIGHT), (0, 0), (1, round(HEIGHT / 10))]
    assert drawn.total == 11
    assert draw_days({}, first, 3, place="").total == 0


def test_leads_are_found_handed_over_and_deleted(keeper: Client, embed: Embed) -> None:
    first, second = make_lead("Jo Vrabec", embed=embed), make_lead("Bo Halder", message="About uptime")
    assert "2 leads" in read_page(keeper.get("/setup/wall/leads/").content.decode()).text
    found = keeper.get("/setup/wall/leads/?search=uptime").content.decode()
    assert "Bo Halder" in found
    assert "Jo Vrabec" not in found
    response = keeper.post(f"/setup/wall/leads/{first.pk}/hand-over/", {"next": "/setup/wall/leads/?search=Jo"})
    assert response["Location"] == "/setup/wall/leads/?search=Jo"
    waiting = keeper.get("/setup/wall/leads/?handed_over=false").content.decode()
    assert "Jo Vrabec" not in waiting
    keeper.post(f"/setup/wall/leads/{first.pk}/hand-over/", {"undo": "1"})
    first.refresh_from_db()
    assert first.handed_over_at is None
    response = keeper.post(f"/setup/wall/leads/{second.pk}/delete/", {"next": "https://evil.example/"})
    assert response["Location"] == "/setup/wall/leads/"
    assert list(Lead.objects.all()) == [first]


def test_leads_leave_as_csv_that_runs_nothing(keeper: Client) -> None:
    make_lead("=HYPERLINK(1)")
    make_lead("Bo Halder", email="bo@visitor.example")
    response = keeper.get("/setup/wall/leads/csv/?search=bo@")
    text = b"".join(response.streaming_content).decode()  # type: ignore[attr-defined]
    assert "Bo Halder" in text
    assert "HYPERLINK" not in text
    whole = b"".join(keeper.get("/setup/wall/leads/csv/").streaming_content).decode()  # type: ignore[attr-defined]
    assert "'=HYPERLINK(1)" in whole


@pytest.mark.parametrize("path", ["", "add/", "numbers/", "leads/", "leads/csv/"])
def test_salespeople_keep_nothing_of_the_wall(path: str, rep: User, log_in: LogIn) -> None:
    assert log_in(rep).get(f"/setup/wall/{path}").status_code == 403


def test_a_preview_is_not_counted(keeper: Client, embed: Embed) -> None:
    assert "data-count-at" not in Client().get(f"/embed/{embed.pk}/?preview=1").content.decode()
    assert "data-count-at" in Client().get(f"/embed/{embed.pk}/").content.decode()
    assert not PublicCount.objects.exists()


def test_switched_off_the_keepers_are_told(keeper: Client, settings: object) -> None:
    settings.PUBLIC_WALL = False  # type: ignore[attr-defined]
    make_tag("product", "Ledger")
    assert "switched off" in keeper.get("/setup/wall/").content.decode()
