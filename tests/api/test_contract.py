"""What holds for every endpoint, found by walking the router: log-in, scopes, other people's rows, constant queries."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, URLResolver, reverse
from rest_framework.test import APIClient

from api.v1.urls import urlpatterns
from delivery.models import WebhookSubscription
from matching.models import Match
from references.models import Contact, Customer, DuplicatePair, Tag
from references.tables.table import all_tables
from tests.api.conftest import client_of, key_of
from tests.api.loyalty import make_advocated, make_surveyed
from tests.conftest import make_user
from tests.factories import (
    make_case_study,
    make_consent,
    make_contact,
    make_customer,
    make_disclosure,
    make_engagement,
    make_nomination,
    make_policy,
    make_proof_point,
    make_slot,
    make_tag,
    make_testimonial,
)
from tests.matching.factories import make_waiting
from users.enums import Role, Scope
from users.models import User


def walk(patterns: list[Any]) -> list[URLPattern]:
    found: list[URLPattern] = []
    for pattern in patterns:
        found += walk(pattern.url_patterns) if isinstance(pattern, URLResolver) else [pattern]
    return found


PATTERNS = {str(pattern.name): pattern for pattern in walk(urlpatterns)}
ENDPOINTS = sorted(PATTERNS.keys() - {"docs", "not-found"})
LISTS = [name for name in ENDPOINTS if name.endswith("-list")]
DETAILS = [name for name in ENDPOINTS if name.endswith("-detail")]
SOURCED = ("speaker", "testimonial", "case-study", "proof-point", "speaking-slot")
FACETED = [f"{noun}-list" for noun in ("promoter", "customer", *SOURCED)]
ADVOCACY_WRITTEN = (
    "ask-campaign", "ask-assignment", "points-entry", "redemption", "referral", "recovery-play", "moment",
    "adopter-seat",
)  # fmt: skip
ADVOCACY_READ = (
    "ask", "review-site", "points-account", "level", "badge", "reward", "adopter-program", "leaderboard",
    "customer-segments", "quiet-advocates",
)  # fmt: skip
WRITABLE: dict[str, set[str]] = {
    **{f"{noun}-list": {"post"} for noun in ("nomination", "engagement", "policy", "request")},
    "request-detail": {"patch"},
    "webhook-list": {"post"},
    "webhook-detail": {"patch", "delete"},
    "speaking-slot-list": {"post"},
    "speaking-slot-detail": {"patch"},
    "survey-campaign-list": {"post"},
    "survey-campaign-detail": {"patch"},
    "survey-response-list": {"post"},
    "survey-response-detail": {"patch"},
    "benchmark-list": {"post"},
    "benchmark-detail": {"patch", "delete"},
    "ask-campaign-detail": {"patch"},
    **{f"{noun}-list": {"post"} for noun in ADVOCACY_WRITTEN},
}
"""The methods beside reading that a list or a detail takes; every other one is refused."""
MANAGERS = {"duplicate-list", "duplicate-detail"}
"""What shows rows to managers alone."""
SCOPES: dict[str, tuple[Scope, Scope]] = {
    **{f"export-{table.name}": (Scope(table.scope), Scope(table.scope)) for table in all_tables()},
    "speaking-slot": (Scope.CONTENT_READ, Scope.CONTENT_WRITE),
    "speaker": (Scope.CONTENT_READ, Scope.CONTENT_READ),
    "proof-point": (Scope.CONTENT_READ, Scope.CONTENT_READ),
    "removals": (Scope.CONTENT_READ, Scope.CONTENT_READ),
    "testimonial": (Scope.CONTENT_READ, Scope.CONTENT_READ),
    "case-study": (Scope.CONTENT_READ, Scope.CONTENT_READ),
    "webhook": (Scope.CONTENT_WRITE, Scope.CONTENT_WRITE),
    "nomination": (Scope.REQUESTS_READ, Scope.REQUESTS_WRITE),
    "engagement": (Scope.REQUESTS_READ, Scope.REQUESTS_WRITE),
    "disclosure": (Scope.CONTACTS_READ, Scope.CONTACTS_READ),
    "policy": (Scope.POOL_READ, Scope.POLICY_WRITE),
    "request-candidates": (Scope.REQUESTS_READ, Scope.REQUESTS_READ),
    "request-match-contact-data": (Scope.REQUESTS_READ, Scope.REQUESTS_READ),
    "request-match-calendar": (Scope.REQUESTS_READ, Scope.REQUESTS_READ),
    "request": (Scope.REQUESTS_READ, Scope.REQUESTS_WRITE),
    "figures": (Scope.REQUESTS_READ, Scope.REQUESTS_READ),
    "approval": (Scope.REQUESTS_READ, Scope.REQUESTS_READ),
    "unmet-demand": (Scope.REQUESTS_READ, Scope.REQUESTS_READ),
    "recruiting-task": (Scope.REQUESTS_READ, Scope.REQUESTS_WRITE),
    "survey-invitation": (Scope.SURVEYS_READ, Scope.SURVEYS_READ),
    "survey": (Scope.SURVEYS_READ, Scope.SURVEYS_WRITE),
    "benchmark": (Scope.SURVEYS_READ, Scope.SURVEYS_WRITE),
    "nps": (Scope.SURVEYS_READ, Scope.SURVEYS_READ),
    "referral-contact-data": (Scope.ADVOCACY_READ, Scope.ADVOCACY_READ),
    **dict.fromkeys(ADVOCACY_WRITTEN, (Scope.ADVOCACY_READ, Scope.ADVOCACY_WRITE)),
    **dict.fromkeys(ADVOCACY_READ, (Scope.ADVOCACY_READ, Scope.ADVOCACY_READ)),
}
"""The scopes that a key needs to read and to write, by how a name begins; for the rest pool:read."""


def address(name: str, pk: int | UUID = 1, match_id: int = 1) -> str:
    webhook_id = pk if isinstance(pk, UUID) else UUID(int=pk)
    given = {"pk": pk, "match_id": match_id, "webhook_id": webhook_id, "delivery_id": match_id}
    return reverse(f"api:v1:{name}", kwargs={key: given[key] for key in PATTERNS[name].pattern.converters})


def scope_of(name: str, method: str) -> Scope:
    """The scope that a key needs for this endpoint."""
    scopes = next((scopes for begin, scopes in SCOPES.items() if name.startswith(begin)), None)
    return (scopes or (Scope.POOL_READ, Scope.POOL_READ))[method != "get"]


def make_world(number: int, owner: User | None = None) -> dict[str, Any]:
    """One row of everything, all of it usable and made by `owner`; gives the id behind each detail endpoint."""
    industry, region = make_tag("industry", f"Industry {number}"), make_tag("region", f"Region {number}")
    customer = make_customer(f"Customer {number}", tags=[industry, region], account_owner=owner, size_band="1-50")
    contact = make_contact(customer, f"Person {number}", tags=[make_tag("role", f"Role {number}")])
    for activity in ("speaking", "quote", "case_study", "call"):
        make_consent(contact, activity, region=region)
    touch = make_engagement(contact)
    story = make_case_study(customer, contact=contact, tags=[industry])
    quote = make_testimonial(contact, tags=[industry])
    point = make_proof_point(customer, case_study=story)
    slot = make_slot(tags=[industry], speaker=contact, region=region)
    requester = owner or make_user(Role.SALES, f"requester{number}@example.test")
    webhook = WebhookSubscription.objects.create(owner=requester, name=f"Hook {number}", url="https://hooks.example/")
    return {
        **{f"{noun}-detail": pk for noun, pk in make_waiting(contact, requester, assignee=owner).items()},
        **make_surveyed(contact, owner, number),
        **make_advocated(contact, owner, number),
        "webhook-detail": webhook.pk,
        "tag-detail": industry.pk,
        "customer-detail": customer.pk,
        "promoter-detail": contact.pk,
        "speaker-detail": contact.pk,
        "case-study-detail": story.pk,
        "testimonial-detail": quote.pk,
        "proof-point-detail": point.pk,
        "speaking-slot-detail": slot.pk,
        "nomination-detail": make_nomination(contact, by=owner).pk,
        "engagement-detail": touch.pk,
        "disclosure-detail": make_disclosure(contact, user=owner).pk,
        "policy-detail": make_policy({"hold_hours": number + 1}, made_by=owner).version,
        "duplicate-detail": make_pair(contact).pk,
    }


def make_pair(contact: Contact) -> DuplicatePair:
    """Somebody who is likely the same as a contact."""
    other = make_contact(contact.customer, f"{contact.name} again")
    first, second = sorted((contact.pk, other.pk))
    return DuplicatePair.objects.create(kind="contact", first=first, second=second, score=80, reasons=[["initials", 0]])


def test_router_has_every_noun() -> None:
    assert {name.removesuffix("-list") for name in LISTS} == {
        "promoter", "customer", "tag", "speaker", "testimonial", "case-study", "proof-point", "speaking-slot",
        "nomination", "engagement", "disclosure", "policy", "request", "approval", "unmet-demand", "recruiting-task",
        "duplicate", "webhook", "survey-campaign", "survey-invitation", "survey-response", "benchmark",
        "ask", "review-site", "ask-campaign", "ask-assignment", "points-account", "points-entry", "level", "badge",
        "reward", "redemption", "referral", "recovery-play", "moment", "adopter-program", "adopter-seat",
    }  # fmt: skip
    assert "match-search" in ENDPOINTS


@pytest.mark.django_db
@pytest.mark.parametrize("name", ENDPOINTS)
@pytest.mark.parametrize("method", ["get", "post", "put", "patch", "delete"])
def test_endpoint_without_login_is_refused(name: str, method: str) -> None:
    response = getattr(APIClient(), method)(address(name))
    assert response.status_code == 401
    assert response["WWW-Authenticate"] == "Bearer"
    assert response.json()["errors"][0]["code"] == "not_authenticated"


@pytest.mark.parametrize("name", [*LISTS, *DETAILS])
@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_endpoint_to_read_refuses_to_write(name: str, method: str, manager: User) -> None:
    if method in WRITABLE.get(name, set()):
        pytest.skip("it writes")
    assert getattr(client_of(manager), method)(address(name)).status_code == 405


@pytest.mark.parametrize("name", [name for name in ENDPOINTS if name != "schema"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_endpoint_refuses_key_without_its_scope(name: str, method: str, manager: User) -> None:
    wanted = scope_of(name, method)
    others = [scope for scope in Scope.values if scope != wanted]
    response = getattr(key_of(manager, *others), method)(address(name))
    assert response.status_code == 403
    assert response.json()["errors"][0]["code"] == "permission_denied"
    assert wanted in response.json()["errors"][0]["detail"]


@pytest.mark.parametrize("name", DETAILS)
def test_detail_of_what_does_not_exist_is_not_found(name: str, manager: User) -> None:
    response = client_of(manager).get(address(name, 999_999))
    assert response.status_code == 404
    assert response.json() == {
        "type": "client_error",
        "errors": [{"code": "not_found", "detail": response.json()["errors"][0]["detail"], "attr": None}],
    }


def test_detail_shows_what_its_list_shows(manager: User, subtests: pytest.Subtests) -> None:
    world = make_world(1)
    for name in DETAILS:
        with subtests.test(name=name):
            require_detail_as_listed(name, world[name], client_of(manager))


def require_detail_as_listed(name: str, pk: int | UUID, client: APIClient) -> None:
    told = str(pk) if isinstance(pk, UUID) else pk
    listed = client.get(address(name.replace("-detail", "-list"))).json()["results"]
    assert told in [row["id"] for row in listed]
    detail = client.get(address(name, pk)).json()
    assert detail["id"] == told
    if name == "request-detail":  # matches and time line are told there alone
        detail = {key: value for key, value in detail.items() if key in listed[0]}
    if name != "promoter-detail":  # a profile tells more than a card
        assert detail == next(row for row in listed if row["id"] == told)


@pytest.mark.parametrize("name", ["promoter-detail", "speaker-detail", "customer-detail"])
def test_rows_of_others_are_not_found(name: str, outsider: User, rep: User) -> None:
    """An unnamed customer and a person who is no promoter are their owner's alone."""
    customer = make_customer(is_named=False, account_owner=rep)
    contact = make_contact(customer, status="known", consents=["speaking"])
    pk = customer.pk if name == "customer-detail" else contact.pk
    assert client_of(outsider).get(address(name, pk)).status_code == 404
    listed = client_of(outsider).get(address(name.replace("-detail", "-list"))).json()
    assert listed["count"] == 0
    if name != "speaker-detail":  # sourcing gives promoters alone, even to the owner
        assert client_of(rep).get(address(name, pk)).status_code == 200


def test_list_takes_as_many_queries_for_three_rows_as_for_one(
    marketer: User, manager: User, subtests: pytest.Subtests
) -> None:
    def count(name: str) -> int:
        client = client_of(manager if name in MANAGERS else marketer)
        cache.clear()
        client.get(address(name))  # the index is fresh again
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert client.get(address(name)).json()["count"] >= 1
        return len(queries)

    make_world(1, marketer)
    once = {name: count(name) for name in LISTS}
    make_world(2, marketer)
    make_world(3, marketer)
    for name in LISTS:
        with subtests.test(name=name):
            assert count(name) == once[name]


def test_list_pages_without_gap_or_overlap(manager: User, subtests: pytest.Subtests) -> None:
    for number in range(5):
        make_world(number)
    for name in LISTS:
        with subtests.test(name=name):
            cache.clear()
            require_pages_without_gap_or_overlap(name, client_of(manager))


def require_pages_without_gap_or_overlap(name: str, client: APIClient) -> None:
    whole = [row["id"] for row in client.get(address(name), {"page_size": 200}).json()["results"]]
    url: str | None = address(name) + "?page_size=2"
    paged: list[int] = []
    while url:
        answer = client.get(url).json()
        assert answer["count"] == len(whole)
        assert len(answer["results"]) <= 2
        paged += [row["id"] for row in answer["results"]]
        url = answer["next"]
    assert paged == whole
    assert len(set(paged)) == len(paged) >= 5
    beyond = client.get(address(name), {"page": 99})
    assert beyond.status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize("role", ["rep", "marketer", "manager"])
def test_no_endpoint_gives_contact_data(role: str, request: pytest.FixtureRequest, subtests: pytest.Subtests) -> None:
    user: User = request.getfixturevalue(role)
    customer = make_customer(account_owner=user)
    nominated: dict[str, Any] = {"person_name": "Kim New", "person_email": "kim@customer.test"}
    hidden: dict[str, Any] = {"email": "pat@customer.test", "phone": "+1 555 0100", "notes": "ring +1 555 0100"}
    consents = ["speaking", "quote", "case_study"]
    contact = make_contact(customer, "Pat Person", consents=consents, **hidden)
    story = make_case_study(customer, contact=contact)
    pks: dict[str, Any] = {
        "promoter-detail": contact.pk,
        "speaker-detail": contact.pk,
        "customer-detail": customer.pk,
        "tag-detail": make_tag().pk,
        "case-study-detail": story.pk,
        "proof-point-detail": make_proof_point(customer, case_study=story).pk,
        "testimonial-detail": make_testimonial(contact).pk,
        "speaking-slot-detail": make_slot(speaker=contact).pk,
        "nomination-detail": make_nomination(customer=customer, by=user, **nominated).pk,
        "engagement-detail": make_engagement(contact, note="pat@customer.test").pk,
        "disclosure-detail": make_disclosure(contact, user=user).pk,
        "policy-detail": make_policy(made_by=user).version,
        "duplicate-detail": make_pair(contact).pk,
        "webhook-detail": WebhookSubscription.objects.create(owner=user, name="Site", url="https://hooks.example/").pk,
    }
    waiting = make_waiting(contact, user, assignee=user)
    Match.objects.filter(pk=waiting["match"]).update(status="declined", decline_note="pat@customer.test")
    pks |= {f"{noun}-detail": pk for noun, pk in waiting.items()}
    pks |= make_surveyed(contact, user) | make_advocated(contact, user)
    client = client_of(user)
    for name in (*LISTS, *DETAILS):
        with subtests.test(name=name):
            response = client.get(address(name, pks.get(name, 0)))
            is_kept_by_others = name == "webhook-detail" and not (user.is_marketer or user.is_manager)
            is_kept_by_others |= name in MANAGERS & set(DETAILS) and not user.is_manager
            assert response.status_code == (404 if is_kept_by_others else 200)
            assert b"@customer.test" not in response.content
            assert b"555 0100" not in response.content


def make_listed(name: str, contact: Contact, tags: list[Tag]) -> int:
    """Make what the list shows of a contact; gives its id."""
    if name == "case-study-list":
        return make_case_study(contact.customer, contact=contact).pk
    if name == "testimonial-list":
        return make_testimonial(contact).pk
    if name == "proof-point-list":
        return make_proof_point(contact.customer, case_study=make_case_study(contact.customer, contact=contact)).pk
    return make_slot(tags=tags).pk if name == "speaking-slot-list" else contact.pk


@pytest.mark.parametrize("name", [name for name in FACETED if name != "customer-list"])
def test_facet_widens_within_and_narrows_across_and_holds_what_lies_below(
    name: str, manager: User, get: Callable[..., Any]
) -> None:
    parent = make_tag("industry", "Finance")
    child = make_tag("industry", "Banking", parent=parent)
    other = make_tag("industry", "Energy")
    product = make_tag("product", "Ledger")
    rows: dict[str, int] = {}
    for label, tags in {"bank": [child, product], "power": [other], "none": []}.items():
        customer: Customer = make_customer(tags=tags)
        contact = make_contact(customer, consents=["speaking", "quote", "case_study"])
        rows[label] = make_listed(name, contact, tags)
    path = address(name).removeprefix("/api/v1/")

    def found(**query: Any) -> set[str]:
        pks = {row["id"] for row in get(path, manager, **query)["results"]}
        return {label for label, pk in rows.items() if pk in pks}

    assert found() == {"bank", "power", "none"}
    assert found(industry="finance") == {"bank"}
    assert found(industry=["finance", "energy"]) == {"bank", "power"}
    assert found(industry=["finance", "energy"], product="ledger") == {"bank"}
    assert found(industry="energy", product="ledger") == set()


@pytest.mark.parametrize("name", FACETED)
def test_unknown_slug_is_an_error_of_its_field(name: str, manager: User) -> None:
    response = client_of(manager).get(address(name), {"industry": "no-such"})
    assert response.status_code == 400
    assert response.json()["type"] == "validation_error"
    assert [(each["code"], each["attr"].partition(".")[0]) for each in response.json()["errors"]] == [
        ("unknown_tag", "industry")
    ]
