"""The managers' home: what waits first, and every number leads to just its rows."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from matching.models import Match, Request
from tests.factories import make_contact, make_engagement
from tests.matching.factories import make_banker, schedule, submit
from tests.web.conftest import LogIn, read_page
from users.models import User
from web.home.words import span_words

pytestmark = pytest.mark.django_db


@pytest.fixture
def busy(rep: User, manager: User) -> None:
    """Two that wait for the manager, a meeting to come, one that found nobody, and somebody worn out."""
    schedule(rep, manager, chosen=[make_banker("Ada Voss").pk])
    for number in (1, 2):
        make_banker(f"Banker {number}")
        submit(rep, deal=f"Deal {number}")
    submit(rep, deal="Nobody", brief="Nobody has this.", activity="speaking", deal_value=7_000, currency="USD")
    tired = make_contact(name="Tara Tired")
    for days in range(1, 9):
        make_engagement(tired, "call", on=timezone.localdate() - timedelta(days=days))


def links(html: str, pattern: str) -> list[tuple[str, str]]:
    return [(unescape(url), number) for url, number in re.findall(pattern, html, re.DOTALL)]


def rows_on(client: Client, address: str) -> int:
    """How many rows a list says it has."""
    text = read_page(client.get(address).content.decode()).text
    found = re.search(r"(\d+) (?:requests?|times?|promoters?|people|person)\b", text)
    return int(found[1]) if found else 0


def test_login_leads_managers_home_and_salespeople_to_the_box(manager: User, rep: User) -> None:
    for user, name in ((manager, "home"), (rep, "find")):
        response = Client().post("/login/", {"username": user.email, "password": "correct horse"})
        assert response["Location"] == reverse(f"web:{name}")
    response = Client().post("/login/?next=/pool/", {"username": manager.email, "password": "correct horse"})
    assert response["Location"] == "/pool/"


@pytest.mark.usefixtures("busy")
def test_home_shows_the_queue_with_whom_and_why(manager: User, log_in: LogIn) -> None:
    html = log_in(manager).get("/home/").content.decode()
    page = read_page(html)
    assert page.text.index("Deal 1") < page.text.index("Requests on their way")
    assert "Banker 1" in page.text
    match = Match.objects.get(request__deal="Deal 1")
    assert f'href="/requests/{match.request_id}/#match-{match.pk}"' in html


@pytest.mark.usefixtures("busy")
def test_home_numbers_are_those_of_the_rows_behind_them(manager: User, log_in: LogIn) -> None:
    client = log_in(manager)
    html = client.get("/home/").content.decode()
    tallies = links(html, r'<a href="([^"]+)"><b[^>]*>(\d+)</b>')
    bars = links(html, r'<a href="([^"]+)">[^<]+</a></th>.*?<td class="number">(\d+)</td>')
    assert len(tallies) == 6
    assert sum(int(number) for _, number in bars) == Request.objects.count() == 4
    for url, number in [*tallies, *bars]:
        if not url.startswith("/requests/queue/"):
            assert rows_on(client, url) == int(number), url
    assert ("/requests/queue/", "2") in tallies


@pytest.mark.usefixtures("busy")
def test_home_names_the_tired_and_what_went_unmet(manager: User, log_in: LogIn) -> None:
    text = read_page(log_in(manager).get("/home/").content.decode()).text
    assert "Tara Tired" in text
    assert "7,000 USD" in text


@pytest.mark.usefixtures("busy")
def test_home_figures_lead_to_their_rows(manager: User, log_in: LogIn) -> None:
    client = log_in(manager)
    html = client.get("/home/?days=30").content.decode()
    cards = dict(re.findall(r'<h3 class="eyebrow">([^<]+)</h3><a class="figure-value" href="([^"]+)"', html))
    expected = {
        "Places filled": 1, "Until somebody is put forward": 3, "Until a customer is asked": 1, "Until a yes": 1,
        "Until it is done": 0, "Calls saved": 0, "Activation": 0, "Load on the busiest tenth": 1,
    }  # fmt: skip
    assert {name: rows_on(client, unescape(url)) for name, url in cards.items()} == expected
    assert html.count("too few to say") >= 5


def test_home_of_an_empty_program_says_that_all_is_well(manager: User, log_in: LogIn) -> None:
    text = read_page(log_in(manager).get("/home/?days=7").content.decode()).text
    assert "Nothing waits for your yes" in text
    assert "Nothing to recruit for" in text
    assert "The load is well spread" in text
    assert "Ended in the period: 90 days" in text


def test_people_behind_a_figure_are_sorted_and_paged(manager: User, log_in: LogIn) -> None:
    for number in range(27):
        person = make_contact(name=f"Person {number:02d}", consents=["call"])
        make_engagement(person, "call", on=timezone.localdate() - timedelta(days=number + 1))
    client = log_in(manager)
    first = read_page(client.get("/home/people/?of=acted&sort=-last").content.decode()).text
    assert "27 people" in first
    assert first.index("Person 00") < first.index("Person 24")
    assert "Person 25" not in first
    assert "Person 26" in read_page(client.get("/home/people/?of=acted&sort=-last&page=2").content.decode()).text
    assert "27 people" in read_page(client.get("/home/people/?of=nonsense&sort=x").content.decode()).text


@pytest.mark.parametrize(
    ("hours", "words"),
    [
        (0.01, "at once"),
        (0.5, "30 min"),
        (3.04, "3 h"),
        (3.5, "3.5 h"),
        (30.4, "30 h"),
        (48, "2 days"),
        (60, "2.5 days"),
    ],
)
def test_spans_are_told_in_their_unit(hours: float, words: str) -> None:
    assert span_words(hours) == words
