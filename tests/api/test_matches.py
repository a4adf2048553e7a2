"""The search for references over HTTP: the whole answer, corrections, filters, and who sees which names."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from references.models import Contact
from tests.api.conftest import client_of, codes
from tests.factories import make_case_study, make_consent, make_contact, make_customer, make_engagement, make_tag
from users.models import User


@pytest.fixture
def bank(db: None) -> Contact:
    finance = make_tag("industry", "Finance")
    banking = make_tag("industry", "Banking", parent=finance, synonyms=["bank"])
    role = make_tag("role", "Security", synonyms=["CISO"])
    customer = make_customer("Northwind Bank", tags=[banking])
    contact = make_contact(customer, "Nora North", tags=[role], title="CISO", consents=["call"], email="nora@nw.test")
    make_consent(customer, "case_study")
    make_case_study(customer, "Banking on it", tags=[banking])
    return contact


def search(user: User, **body: Any) -> Any:
    response = client_of(user).post("/api/v1/matches/search/", body, format="json")
    assert response.status_code == 200, response.content
    return response.json()


def test_brief_gives_candidates_with_exact_reasons(bank: Contact, rep: User) -> None:
    text = "A bank wants a reference call with a CISO."
    found = search(rep, text=text)
    reading = next(each for each in found["need"]["readings"] if each["key"] == "industry:banking")
    start, end = reading["span"]
    assert text[start:end] == "bank"
    assert found["activity"] == "call"
    (candidate,) = found["candidates"]
    assert candidate["promoter"]["id"] == bank.pk
    assert sum(term["points"] for term in candidate["terms"]) == pytest.approx(candidate["score"], abs=1e-6)
    assert all(term["words"] for term in candidate["terms"])
    assert found["total_candidates"] == 1
    assert found["elapsed_ms"] > 0
    assert found["revision"]
    assert [hit["title"] for hit in found["content"]] == ["Banking on it"]


def test_requester_sees_no_name_and_manager_does(bank: Contact, rep: User, marketer: User, manager: User) -> None:
    for user in (rep, marketer):
        found = search(user, text="A bank wants a reference call with a CISO.")
        assert found["candidates"][0]["promoter"]["name"] is None
        assert "Nora" not in str(found)
        assert "nora@nw.test" not in str(found)
    found = search(manager, text="A bank wants a reference call with a CISO.")
    assert found["candidates"][0]["promoter"]["name"] == "Nora North"
    assert "nora@nw.test" not in str(found)


def test_excluded_say_why_and_until_when(bank: Contact, rep: User) -> None:
    make_engagement(bank, "call", on=timezone.localdate() - timedelta(days=3))
    found = search(rep, text="A bank wants a reference call with a CISO.")
    assert found["candidates"] == []
    (excluded,) = found["excluded"]
    assert "rest" in [refusal["code"] for refusal in excluded["refusals"]]
    assert all(refusal["sentence"] for refusal in excluded["refusals"])
    assert excluded["next_free"] > timezone.localdate().isoformat()


def test_corrections_change_the_reading(bank: Contact, rep: User) -> None:
    make_tag("industry", "Energy")
    found = search(rep, text="A bank", corrections={"dropped": ["industry:banking"], "must": ["industry:energy"]})
    assert {each["key"]: each["mode"] for each in found["need"]["readings"]} == {"industry:energy": "must"}


def test_filters_narrow_with_everything_below(bank: Contact, rep: User) -> None:
    make_tag("industry", "Energy")
    assert len(search(rep, text="bank", filters={"industry": ["finance"]})["candidates"]) == 1
    assert search(rep, text="bank", filters={"industry": ["energy"]})["candidates"] == []


def test_activity_day_and_limit_overrule_the_text(rep: User) -> None:
    tag = make_tag("industry", "Banking")
    for _ in range(3):
        make_contact(make_customer(tags=[tag]), consents=["call", "quote"])
    day = timezone.localdate() + timedelta(days=40)
    found = search(rep, text="Banking call", activity="quote", on=day.isoformat(), limit=2)
    assert found["activity"] == "quote"
    assert found["on"] == day.isoformat()
    assert len(found["candidates"]) == 2
    assert found["total_candidates"] == 3


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"text": "x" * 20_001}, ("max_length", "text")),
        ({"activity": "dance"}, ("invalid_choice", "activity")),
        ({"on": "2020-01-01"}, ("past_date", "on")),
        ({"on": "9999-12-31"}, ("far_date", "on")),
        ({"on": "soon"}, ("invalid", "on")),
        ({"limit": 0}, ("min_value", "limit")),
        ({"limit": 101}, ("max_value", "limit")),
        ({"corrections": {"added": ["industry:nothing"]}}, ("unknown_tag", "corrections.added")),
        ({"corrections": {"must": ["nothing"]}}, ("unknown_tag", "corrections.must")),
        ({"filters": {"industry": ["nothing"]}}, ("unknown_tag", "filters")),
        ({"filters": {"planet": ["mars"]}}, ("unknown_tag", "filters")),
        ({"filters": ["industry"]}, ("not_a_dict", "filters")),
    ],
)
def test_body_that_makes_no_sense_is_refused(body: dict[str, Any], expected: tuple[str, str], rep: User) -> None:
    response = client_of(rep).post("/api/v1/matches/search/", body, format="json")
    assert response.status_code == 400
    assert codes(response) == [expected]


@pytest.mark.parametrize("text", ["by 31 December 9999", "on 1 January 0001", "for $" + "9" * 40, "\u202e 🏦 " * 50])
def test_odd_briefs_break_nothing(text: str, bank: Contact, rep: User) -> None:
    search(rep, text=text)


def test_search_takes_as_many_queries_for_three_rows_as_for_one(rep: User) -> None:
    tag = make_tag("industry", "Banking")

    def count() -> int:
        search(rep, text="Banking call")  # the index is fresh again
        with CaptureQueriesContext(connection) as queries:
            found = search(rep, text="Banking call")
        assert found["candidates"]
        assert found["excluded"]
        assert found["content"]
        return len(queries)

    def make_bank() -> None:
        customer = make_customer(tags=[tag])
        make_contact(customer, consents=["call"])
        make_engagement(make_contact(make_customer(tags=[tag]), consents=["call"]))
        make_consent(customer, "case_study")
        make_case_study(customer, tags=[tag])

    make_bank()
    once = count()
    make_bank()
    make_bank()
    assert count() == once
