"""The widget: who may frame it, what it takes, that it knows nobody, and that it stops when the campaign does."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from surveys.models import Campaign, Response
from web.surveys.widget import BY_ONE_CALLER, read_attributes

KEY = "0123456789abcdef0123456789abcdef"


@pytest.fixture(autouse=True)
def calm() -> None:
    cache.clear()


def address(campaign: Campaign) -> str:
    return reverse("web:survey-widget", args=[campaign.widget_token])


def test_only_named_sites_may_frame_it_and_no_cookie_is_set(campaign: Campaign) -> None:
    response = Client().get(address(campaign))
    policy = response["Content-Security-Policy"]
    assert "frame-ancestors 'self' https://app.example.com" in policy
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "X-Frame-Options" not in response
    assert not response.cookies
    Campaign.objects.update(widget_origins=[])
    assert Client().get(address(campaign))["Content-Security-Policy"].endswith("frame-ancestors 'self'")


def test_answer_is_nameless_and_carries_what_the_page_says(campaign: Campaign) -> None:
    said = {"key": KEY, "score": "9", "comment": "Fast.", "language": "de"}
    said |= {"about-plan": "Team", "about-page": "/reports"}
    response = Client(enforce_csrf_checks=True).post(address(campaign), said, HTTP_ORIGIN="null")
    assert response.status_code == 200
    assert "Vielen Dank" in response.content.decode() or "Danke" in response.content.decode()
    assert not response.cookies
    row = Response.objects.get()
    assert (row.score, row.comment, row.channel, row.contact, row.language) == (9, "Fast.", "widget", None, "de")
    assert row.attributes == {"plan": "Team", "page": "/reports"}


def test_same_key_is_one_answer_and_another_key_another(campaign: Campaign) -> None:
    client = Client()
    for score in ("3", "3", "8"):
        client.post(address(campaign), {"key": KEY, "score": score})
    client.post(address(campaign), {"key": KEY[::-1], "score": "10"})
    assert sorted(Response.objects.values_list("score", flat=True)) == [8, 10]
    assert Response.objects.get(score=8).amendments.count() == 1


@pytest.mark.parametrize("score", ["", "11", "-1", "9.5", "nine", "٣"])
def test_what_is_no_score_is_refused_and_nothing_kept(campaign: Campaign, score: str) -> None:
    response = Client().post(address(campaign), {"key": KEY, "score": score, "comment": "Kept in the box"})
    assert response.status_code == 422
    assert "Kept in the box" in response.content.decode()
    assert not Response.objects.exists()


def test_answer_without_a_key_of_the_right_shape_is_refused(campaign: Campaign) -> None:
    assert Client().post(address(campaign), {"key": "short", "score": "9"}).status_code == 429
    assert not Response.objects.exists()


def test_looking_records_nothing_and_a_preview_takes_no_answer(campaign: Campaign) -> None:
    Client().get(address(campaign), {"score": "9", "key": KEY})
    Client().post(address(campaign) + "?preview=1", {"score": "9", "key": KEY})
    assert not Response.objects.exists()


def test_one_caller_gives_only_so_many_answers(campaign: Campaign) -> None:
    client = Client()
    found = [
        client.post(address(campaign), {"key": f"{number:032x}", "score": "5"}).status_code
        for number in range(BY_ONE_CALLER + 2)
    ]
    assert found[:BY_ONE_CALLER] == [200] * BY_ONE_CALLER
    assert found[-1] == 429


def test_another_site_may_not_send_the_form(campaign: Campaign) -> None:
    said = {"key": KEY, "score": "9"}
    assert Client().post(address(campaign), said, HTTP_ORIGIN="https://elsewhere.example").status_code == 403
    assert not Response.objects.exists()


@pytest.mark.parametrize("change", [{"status": "draft"}, {"status": "closed"}, {"opens_on": timedelta(days=2)}])
def test_widget_of_a_campaign_that_takes_no_answers_is_empty(campaign: Campaign, change: dict[str, object]) -> None:
    given = {
        name: timezone.localdate() + value if isinstance(value, timedelta) else value for name, value in change.items()
    }
    Campaign.objects.update(**given)
    for response in (Client().get(address(campaign)), Client().post(address(campaign), {"key": KEY, "score": "9"})):
        assert response.status_code == 410
    assert not Response.objects.exists()


def test_script_is_for_every_site(db: None) -> None:
    response = Client().get(reverse("web:survey-widget-script"))
    assert response["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert b"sessionStorage" in response.content


def test_attributes_are_few_short_and_plain() -> None:
    given = {f"about-a{number}": "x" * 500 for number in range(30)}
    found = read_attributes({"score": "9", "about-Bad": "x", "about-": "x", **given})
    assert len(found) == 10
    assert set(found.values()) == {"x" * 100}
    assert read_attributes({"about-plan": " a\x00\nb\t c "}) == {"plan": "a b c"}
