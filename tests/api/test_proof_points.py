"""Proof points: what they show, and how they are found (rights: test_consent_exits.py)."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from references.models import Customer
from tests.api.conftest import ids
from tests.factories import (
    make_case_study,
    make_consent,
    make_contact,
    make_customer,
    make_proof_point,
    make_tag,
    make_testimonial,
)

Get = Callable[..., Any]


@pytest.fixture
def customer(db: None) -> Customer:
    made = make_customer("Named Ltd", tags=[make_tag("industry", "Retail")], size_band="1-50")
    make_consent(made, "case_study", channel="web")
    return made


def test_number_shows_whose_it_is_and_how_far_it_may_be_used(customer: Customer, get: Get) -> None:
    until = timezone.localdate() + timedelta(days=9)
    story = make_case_study(customer, tags=[make_tag("product", "Ledger")], expires_on=until)
    point = make_proof_point(
        customer, "Cost of a year", "-12", before="100", unit="thousand", amount=Decimal("-12000.50"), currency="EUR",
        how_measured="By the controller", measured_on=date(2026, 1, 2), case_study=story,
    )  # fmt: skip
    row = get(f"proof-points/{point.pk}/")
    assert row.pop("updated_at")
    assert row == {
        "id": point.pk,
        "metric": "Cost of a year",
        "before": "100",
        "after": "-12",
        "unit": "thousand",
        "amount": "-12000.50",
        "currency": "EUR",
        "how_measured": "By the controller",
        "measured_on": "2026-01-02",
        "case_study": story.pk,
        "testimonial": None,
        "customer": {"id": customer.pk, "name": "Named Ltd"},
        "size": "1-50",
        "tags": {
            "industry": [{"slug": "retail", "name": "Retail"}],
            "product": [{"slug": "ledger", "name": "Ledger"}],
        },
        "rights": [
            {"activity": "case_study", "channel": "web", "region": None, "attributed": True, "usable_until": None}
        ],
        "attributed": True,
        "usable_until": until.isoformat(),
    }


def test_numbers_are_found_by_what_was_measured_money_days_and_whose_they_are(customer: Customer, get: Get) -> None:
    contact = make_contact(customer, consents=["quote"])
    quote = make_testimonial(contact)
    rich = make_proof_point(
        customer, "Cost of claims", amount=Decimal(5_000), currency="EUR", measured_on=date(2026, 5, 1)
    )
    plain = make_proof_point(customer, "Days to settle claims", testimonial=quote, measured_on=date(2025, 5, 1))
    assert ids(get("proof-points/")) == [rich.pk, plain.pk]
    for query in (
        {"metric": "cost claims"},
        {"has_money": "true"},
        {"currency": "eur"},
        {"amount_from": "5000"},
        {"amount_until": "5000"},
        {"measured_from": "2026-01-01"},
        {"of": "customer"},
        {"search": "cost"},
    ):
        assert ids(get("proof-points/", **query)) == [rich.pk], query
    for query in ({"has_money": "false"}, {"measured_until": "2025-12-31"}, {"of": "testimonial"}, {"metric": "days"}):
        assert ids(get("proof-points/", **query)) == [plain.pk], query
    for query in ({"amount_from": "5001"}, {"currency": "usd"}, {"of": "case_study"}, {"channel": "print"}):
        assert rich.pk not in ids(get("proof-points/", **query)), query


def test_number_of_a_draft_may_not_be_used(customer: Customer, get: Get) -> None:
    make_proof_point(customer, case_study=make_case_study(customer, status="draft"))
    assert ids(get("proof-points/")) == []
