"""Case studies and testimonials: how they are found and what they show (rights: test_consent_exits.py)."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from tests.api.conftest import ids
from tests.factories import make_case_study, make_consent, make_contact, make_customer, make_tag, make_testimonial

Get = Callable[..., Any]


def test_story_shows_itself_its_customer_and_all_tags(get: Get) -> None:
    customer = make_customer("Named Ltd", tags=[make_tag("industry", "Banking")], size_band="1-50")
    make_consent(customer, "case_study")
    story = make_case_study(
        customer, "Faster", tags=[make_tag("product", "Ledger")], results="Twice", url="https://x.test/1"
    )
    assert get(f"case-studies/{story.pk}/") == {
        "id": story.pk,
        "title": "Faster",
        "challenge": "",
        "solution_text": "",
        "results": "Twice",
        "customer": {"id": customer.pk, "name": "Named Ltd"},
        "size": "1-50",
        "tags": {
            "industry": [{"slug": "banking", "name": "Banking"}],
            "product": [{"slug": "ledger", "name": "Ledger"}],
        },
        "language": "en",
        "url": "https://x.test/1",
        "status": "published",
        "version": 1,
        "published_on": None,
        "expires_on": None,
        "rights": [
            {"activity": "case_study", "channel": "any", "region": None, "attributed": True, "usable_until": None}
        ],
        "attributed": True,
        "usable_until": None,
        "updated_at": in_json(story.updated_at),
    }


def in_json(moment: datetime) -> str:
    """A moment as answers write it."""
    return moment.isoformat().replace("+00:00", "Z")


def test_customer_that_may_not_be_named_is_not(get: Get) -> None:
    contact = make_contact(make_customer("Hush Inc", is_named=False), consents=["quote"])
    quote = make_testimonial(contact, "Hush Inc gained much.")
    row = get(f"testimonials/{quote.pk}/")
    assert row["attributed"] is False
    assert row["customer"] is row["said_by"] is None
    assert "Hush" not in str(row)


def test_content_is_found_by_language_kind_words_and_the_persons_rank(get: Get) -> None:
    for facet, slug in (("language", "german"), ("language", "english"), ("seniority", "vp")):
        make_tag(facet, slug, slug=slug)
    contact = make_contact(consents=["quote", "video"], seniority="vp")
    german = make_testimonial(contact, "Sehr gut.", language="de")
    video = make_testimonial(make_contact(consents=["video"]), "Watch this", kind="video")
    assert ids(get("testimonials/", language="german")) == [german.pk]
    assert ids(get("testimonials/", language="english")) == [video.pk]
    assert ids(get("testimonials/", kind="video")) == [video.pk]
    assert ids(get("testimonials/", seniority="vp")) == [german.pk]
    assert ids(get("testimonials/", search="watch THIS")) == [video.pk]


def test_newest_comes_first_and_undated_last(get: Get) -> None:
    customer = make_customer()
    make_consent(customer, "case_study")
    undated, old, new = (
        make_case_study(customer, published_on=day) for day in (None, date(2024, 1, 1), date(2025, 1, 1))
    )
    assert ids(get("case-studies/")) == [new.pk, old.pk, undated.pk]
    assert ids(get("case-studies/", ordering="published_on")) == [old.pk, new.pk, undated.pk]
