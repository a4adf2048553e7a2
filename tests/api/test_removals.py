"""Removals over HTTP: what is asked, how it is paged, and the moment to ask from next."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from references.models import Consent
from references.services.consents import revoke_consent, supersede_consent
from tests.api.conftest import client_of, codes
from tests.factories import make_contact, make_tag, make_testimonial
from users.models import User

Get = Callable[..., Any]


def test_removals_are_paged_oldest_first_and_name_the_next_moment(get: Get) -> None:
    since = timezone.now()
    quotes = [make_testimonial(make_contact(consents=["quote"])) for _ in range(3)]
    for consent in Consent.objects.order_by("-id"):
        revoke_consent(consent=consent)
    first = get("removals/", since=since.isoformat(), page_size=2)
    assert first["count"] == 3
    assert [row["id"] for row in first["results"]] == [quotes[2].pk, quotes[1].pk]
    assert first["results"][0]["noun"] == "testimonial"
    assert first["results"][0]["why"] == "consent_ended"
    assert "page=2" in first["next"]
    as_of = parse_datetime(first["as_of"])
    assert as_of is not None
    assert timedelta(seconds=59) < timezone.now() - as_of < timedelta(seconds=90)
    assert get("removals/", since=since.isoformat(), noun=["speaker", "case_study"])["count"] == 0


def test_removals_are_told_for_the_use_that_copies_are_kept_for(get: Get) -> None:
    france, spain = make_tag("region", "France"), make_tag("region", "Spain")
    make_testimonial(make_contact(consents=["quote"]))
    since = timezone.now().isoformat()
    supersede_consent(consent=Consent.objects.get(), channel="web", region=france)
    assert get("removals/", since=since)["count"] == 0
    assert get("removals/", since=since, channel="web", used_in=france.slug)["count"] == 0
    assert get("removals/", since=since, channel="print")["count"] == 1
    assert get("removals/", since=since, used_in=spain.slug)["count"] == 1


@pytest.mark.parametrize(
    ("query", "error"),
    [
        ({}, ("required", "since")),
        ({"since": "2026-01-01T00:00:00"}, ("offset_required", "since")),
        ({"since": "2026-01-01T00:00:00Z", "noun": "deck"}, ("invalid_choice", "noun")),
        ({"since": "2026-01-01T00:00:00Z", "used_in": "atlantis"}, ("unknown_tag", "used_in")),
        ({"since": "2026-01-01T00:00:00Z", "chanel": "web"}, ("unknown_parameter", "chanel")),
    ],
)
def test_question_that_makes_no_sense_is_refused(query: dict[str, str], error: tuple[str, str], marketer: User) -> None:
    response = client_of(marketer).get("/api/v1/removals/", query)
    assert response.status_code == 400
    assert codes(response) == [error]
