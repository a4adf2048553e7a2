"""Promoters: search and facets, the profile, and contact data with its record."""

from collections.abc import Callable
from typing import Any

import pytest

from references.models import Contact, Disclosure
from tests.api.conftest import client_of, codes, ids, key_of
from tests.factories import make_contact, make_customer, make_tag
from users.models import User

Get = Callable[..., Any]


def test_pool_is_searched_by_words_and_facets_with_counts(get: Get) -> None:
    banking = make_tag("industry", "Banking")
    contact = make_contact(make_customer(tags=[banking]), title="Treasurer")
    make_contact(title="Welder")
    found = get("promoters/", search="treasurer")
    assert ids(found) == [contact.pk]
    assert found["results"][0]["industries"] == ["Banking"]
    whole = get("promoters/")
    assert whole["count"] == 2
    assert ("banking", 1) in [(each["key"], each["count"]) for each in whole["facets"]["industry"]]
    chosen = get("promoters/", industry="banking", status="active", activity=["call", "quote"], band="fresh")
    assert ids(chosen) == [contact.pk]
    assert chosen["revision"] == whole["revision"]


def test_names_are_blinded_for_others_and_shown_to_managers(get: Get, manager: User) -> None:
    contact = make_contact(make_customer("Quiet Corp", is_named=False), "Quinn Quiet")
    (card,) = get("promoters/")["results"]
    assert (card["name"], card["customer_name"]) == (None, None)
    assert "Quiet" not in str(get(f"promoters/{contact.pk}/"))
    (card,) = get("promoters/", manager)["results"]
    assert (card["name"], card["customer_name"]) == ("Quinn Quiet", "Quiet Corp")
    assert get(f"promoters/{contact.pk}/", manager)["name"] == "Quinn Quiet"


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"ordering": "shoe-size"}, ("invalid_choice", "ordering")),
        ({"status": "asleep"}, ("invalid_choice", "status")),
        ({"page_size": "201"}, ("max_value", "page_size")),
        ({"page": "0"}, ("min_value", "page")),
    ],
)
def test_query_that_makes_no_sense_is_refused(query: dict[str, str], expected: tuple[str, str], rep: User) -> None:
    response = client_of(rep).get("/api/v1/promoters/", query)
    assert response.status_code == 400
    assert codes(response) == [expected]


@pytest.fixture
def contact(rep: User) -> Contact:
    customer = make_customer(account_owner=rep)
    return make_contact(customer, email="pat@customer.test", phone="+1 555 0100")


def look(client: Any, contact: Contact, why: str = "To agree on a date") -> Any:
    return client.post(f"/api/v1/promoters/{contact.pk}/contact-data/", {"why": why}, format="json")


@pytest.mark.parametrize("role", ["rep", "manager"])
def test_contact_data_is_given_to_owner_and_manager_and_recorded(
    role: str, contact: Contact, request: pytest.FixtureRequest
) -> None:
    user: User = request.getfixturevalue(role)
    for client in (client_of(user), key_of(user, "pool:read", "contacts:read")):
        before = Disclosure.objects.count()
        assert look(client, contact).json() == {"email": "pat@customer.test", "phone": "+1 555 0100"}
        assert Disclosure.objects.count() == before + 1
    record = Disclosure.objects.latest("pk")
    assert (record.user, record.contact, record.why) == (user, contact, "To agree on a date")


@pytest.mark.parametrize("role", ["outsider", "marketer"])
def test_contact_data_is_refused_to_others_and_nothing_is_told(
    role: str, contact: Contact, request: pytest.FixtureRequest
) -> None:
    response = look(client_of(request.getfixturevalue(role)), contact)
    assert response.status_code == 403
    assert codes(response) == [("not_disclosed", None)]
    assert b"pat@" not in response.content
    assert not Disclosure.objects.exists()


def test_contact_data_needs_its_own_scope(contact: Contact, manager: User) -> None:
    response = look(key_of(manager, "pool:read", "content:read"), contact)
    assert response.status_code == 403
    assert codes(response) == [("permission_denied", None)]
    assert not Disclosure.objects.exists()


def test_contact_data_needs_a_reason(contact: Contact, manager: User) -> None:
    response = look(client_of(manager), contact, " ")
    assert response.status_code == 400
    assert codes(response) == [("blank", "why")]
    assert client_of(manager).get(f"/api/v1/promoters/{contact.pk}/contact-data/").status_code == 405


def test_contact_data_of_someone_you_may_not_see_is_not_found(outsider: User) -> None:
    hidden = make_contact(status="known")
    assert look(client_of(outsider), hidden).status_code == 404
