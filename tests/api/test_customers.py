"""Customers: who sees which, and the account only for those who keep it."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from references.services.consents import revoke_consent
from tests.api.conftest import ids
from tests.factories import (
    make_case_study,
    make_consent,
    make_contact,
    make_customer,
    make_policy,
    make_proof_point,
    make_tag,
)
from users.models import User

Get = Callable[..., Any]


def test_account_is_for_managers_and_the_owner(get: Get, rep: User, outsider: User, manager: User) -> None:
    customer = make_customer(account_owner=rep, annual_value=Decimal("1200.50"), currency="EUR", health="red")
    for user in (rep, manager):
        account = get(f"customers/{customer.pk}/", user)["account"]
        assert account["annual_value"] == "1200.50"
        assert account["owner"] == "Robin Rep"
    for other in (None, outsider):
        assert get(f"customers/{customer.pk}/", other)["account"] is None
        assert "1200" not in str(get("customers/", other))


def test_only_nameable_customers_are_listed(get: Get, rep: User, manager: User) -> None:
    named = make_customer("A")
    own = make_customer("B", is_named=False, account_owner=rep)
    hidden = make_customer("C", is_named=False)
    no_reference = make_customer("D", is_referenceable=False)
    assert ids(get("customers/")) == [named.pk]
    assert ids(get("customers/", rep)) == [named.pk, own.pk]
    assert ids(get("customers/", manager)) == [named.pk, own.pk, hidden.pk, no_reference.pk]
    make_policy({"show_customer_name": False})
    assert ids(get("customers/")) == []
    assert ids(get("customers/", rep)) == [own.pk]


def test_promoters_are_counted_as_the_viewer_sees_them(get: Get, manager: User) -> None:
    customer = make_customer()
    make_contact(customer)
    make_contact(customer)
    make_contact(customer, has_opted_out=True)
    make_contact(customer, status="known")
    assert get(f"customers/{customer.pk}/")["promoters"] == 2
    make_customer("Nobody")
    assert {row["name"]: row["promoters"] for row in get("customers/")["results"]}["Nobody"] == 0


def test_customers_are_found_by_tag_size_tier_and_words(get: Get) -> None:
    make_tag("size", "1-50", slug="1-50")
    banking = make_tag("industry", "Banking")
    bank = make_customer("First Ledger", tags=[banking], domain="ledger.test", size_band="1-50", tier="key")
    make_customer("Other")
    for query in (
        {"industry": "banking"},
        {"size": "1-50"},
        {"tier": "key"},
        {"search": "ledger.test"},
        {"search": "bank"},
    ):
        assert ids(get("customers/", **query)) == [bank.pk], query
    assert get(f"customers/{bank.pk}/")["tags"] == {"industry": [{"slug": "banking", "name": "Banking"}]}


def test_numbers_of_a_customer_are_those_that_may_be_used_with_its_name(get: Get, marketer: User) -> None:
    customer = make_customer("A")
    make_proof_point(customer, "Days to close")
    draft = make_case_study(customer, status="draft")
    make_proof_point(customer, "Of a draft", case_study=draft)
    nameless = make_contact(customer)
    story = make_case_study(customer, contact=nameless)
    make_consent(nameless, "case_study", is_attributed=False)
    make_proof_point(customer, "Nameless", case_study=story)

    def told(user: User | None = None) -> list[str]:
        return [point["metric"] for point in get(f"customers/{customer.pk}/", user)["proof_points"]]

    for user in (None, marketer):
        assert told(user) == []
    consent = make_consent(customer, "case_study")
    for user in (None, marketer):
        assert told(user) == ["Days to close"]
    assert [row["proof_points"][0]["metric"] for row in get("customers/")["results"]] == ["Days to close"]
    revoke_consent(consent=consent)
    assert told() == []
