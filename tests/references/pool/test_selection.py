"""Who may be seen at all, what a selection leaves, and what its counts say: equal to asking the database row by row."""

from datetime import timedelta
from itertools import product
from random import Random
from typing import Any

import numpy as np
import pytest
from django.utils import timezone

from references.enums import ContactStatus
from references.models import Contact, ContactTag, CustomerTag, Tag
from references.pool.conditions import Conditions, conditions_of
from references.pool.index import current_snapshot
from references.pool.result import FacetCount
from references.pool.selection import (
    MOST_COUNTS,
    chosen_people,
    count_facets,
    in_pool,
    masks_by_facet,
    rows_with_tag,
    visible_people,
)
from references.pool.snapshot import Snapshot
from tests.factories import make_contact, make_customer, make_engagement, make_tag
from users.enums import Role
from users.models import User

pytestmark = pytest.mark.django_db

Masks = list[Any]


def judged(snapshot: Snapshot) -> list[Conditions]:
    now = timezone.now()
    return [conditions_of(view.segment, "call", now.date(), now=now, policy=snapshot.policy) for view in snapshot.views]


def ids_of(snapshot: Snapshot, masks: Masks) -> set[int]:
    """Ids of the live people of these rows."""
    return {
        int(each)
        for view, mask in zip(snapshot.views, masks, strict=True)
        for each in view.segment.people_docs.ids[mask & view.people.is_live]
    }


def chosen(**selection: list[str]) -> set[int]:
    snapshot = current_snapshot()
    return ids_of(
        snapshot,
        [
            chosen_people(view, selection, snapshot, each)
            for view, each in zip(snapshot.views, judged(snapshot), strict=True)
        ],
    )


def counts(selection: dict[str, list[str]] | None = None) -> dict[str, tuple[FacetCount, ...]]:
    snapshot = current_snapshot()
    selection, conditions = selection or {}, judged(snapshot)
    base = [view.people.is_live for view in snapshot.views]
    return count_facets(snapshot, masks_by_facet(snapshot, base, selection, conditions), selection, conditions)


def test_index_and_database_agree_on_who_may_be_seen(rep: User, outsider: User, marketer: User, manager: User) -> None:
    """Every status, opted out or not, at customers referenceable or not, owned by one of them or by nobody.

    The index keeps nobody who is retired; an administrator without a row is the operator at the terminal.
    """
    for is_referenceable, owner in product([True, False], [rep, outsider, None]):
        customer = make_customer(is_referenceable=is_referenceable, account_owner=owner)
        for status, has_opted_out in product(ContactStatus.values, [True, False]):
            make_contact(customer, status=status, has_opted_out=has_opted_out)
    snapshot = current_snapshot()
    for user in (rep, outsider, marketer, manager, User(email="operator", role=Role.ADMIN)):
        expected = Contact.objects.visible_to(user).exclude(status=ContactStatus.RETIRED)
        seen = ids_of(snapshot, [visible_people(view, user) for view in snapshot.views])
        assert seen == set(expected.values_list("pk", flat=True)), user.email
    sizes = [len(ids_of(snapshot, [visible_people(view, user) for view in snapshot.views])) for user in (marketer, rep)]
    assert sizes == [3 * 2, 2 * 4 * 2 + 2 * 2], "three customers' promoters; all of two customers and two's promoters"


def test_pool_is_the_active_and_the_paused() -> None:
    people = {status: make_contact(status=status).pk for status in ContactStatus.values}
    snapshot = current_snapshot()
    assert ids_of(snapshot, [in_pool(view) for view in snapshot.views]) == {people["active"], people["paused"]}


def test_replaced_customers_are_dead_in_older_segments() -> None:
    contact = make_contact()
    current_snapshot()
    make_engagement(contact)
    snapshot = current_snapshot()
    assert len(snapshot.views) == 2
    masks = [visible_people(view, User(role=Role.ADMIN)) for view in snapshot.views]
    assert [int(mask.sum()) for mask in masks] == [0, 1]


@pytest.fixture
def regions(db: None) -> dict[str, Tag]:
    world = make_tag("region", "World")
    europe = make_tag("region", "Europe", parent=world)
    dach = make_tag("region", "DACH", parent=world)
    germany = make_tag("region", "Germany", parent=europe, also_in=[dach])
    france = make_tag("region", "France", parent=europe)
    return {tag.slug: tag for tag in (world, europe, dach, germany, france)}


def test_parent_includes_what_lies_below(regions: dict[str, Tag]) -> None:
    german, french, european = (
        make_contact(make_customer(tags=[regions[slug]])).pk for slug in ("germany", "france", "europe")
    )
    own = make_contact(tags=[regions["germany"]]).pk
    assert chosen(region=["germany"]) == {german, own}
    assert chosen(region=["dach"]) == {german, own}
    assert chosen(region=["europe"]) == chosen(region=["world"]) == {german, french, european, own}
    snapshot = current_snapshot()
    masks = [rows_with_tag(view, "people", snapshot.vocabulary, regions["france"].pk) for view in snapshot.views]
    assert ids_of(snapshot, masks) == {french}


def test_values_of_a_facet_add_and_facets_narrow(regions: dict[str, Tag]) -> None:
    banking = make_tag("industry", "Banking")
    german_bank = make_contact(make_customer(tags=[regions["germany"], banking])).pk
    french = make_contact(make_customer(tags=[regions["france"]])).pk
    assert chosen(region=["germany", "france"]) == {german_bank, french}
    assert chosen(region=["germany", "france"], industry=["banking"]) == {german_bank}
    assert chosen(region=[], industry=[]) == {german_bank, french}


@pytest.mark.parametrize(
    "selection",
    [
        {"region": ["atlantis"]}, {"size": ["huge"]}, {"seniority": ["boss"]}, {"status": ["lost"]},
        {"activity": ["juggling"]}, {"band": ["merry"]}, {"nonsense": ["x"]}, {"industry": ["world"]},
    ],
)  # fmt: skip
def test_unknown_values_fit_nobody(selection: dict[str, list[str]], regions: dict[str, Tag]) -> None:
    make_contact(make_customer(tags=[regions["world"]]))
    assert chosen(**selection) == set()


def test_columns_are_chosen_by_code() -> None:
    one = make_contact(
        make_customer(size_band="1-50"), seniority="vp", status="paused", activities=["call", "speaking"]
    )
    other = make_contact(make_customer(size_band="51-200"), seniority="staff", activities=["quote"])
    make_engagement(one, "site_visit")
    for facet, value in {
        "size": "1-50",
        "seniority": "vp",
        "status": "paused",
        "activity": "speaking",
        "band": "approval",
    }.items():
        assert chosen(**{facet: [value]}) == {one.pk}, facet
    assert chosen(band=["fresh"]) == {other.pk}
    assert chosen(activity=["call", "quote"]) == {one.pk, other.pk}


@pytest.mark.parametrize(
    ("activity", "ahead", "band"),
    [("call", -100, "fresh"), ("case_study", 0, "soft"), ("site_visit", 0, "approval"), ("site_visit", -400, "fresh")],
)
def test_bands(activity: str, ahead: int, band: str) -> None:
    """Φ of a call long ago .05, of a case study today .46, of a site visit today .59."""
    contact = make_contact()
    make_engagement(contact, activity, on=timezone.now().date() + timedelta(days=ahead))
    assert chosen(band=[band]) == {contact.pk}


def test_counts_stand_in_tree_order_and_indent_children(regions: dict[str, Tag]) -> None:
    for slug, times in {"germany": 2, "france": 3, "dach": 1}.items():
        for _ in range(times):
            make_contact(make_customer(tags=[regions[slug]]))
    found = counts({"region": ["france"]})
    assert [(each.key, each.count, each.depth, each.is_chosen) for each in found["region"]] == [
        ("world", 6, 0, False),
        ("europe", 5, 1, False),
        ("france", 3, 2, True),
        ("germany", 2, 2, False),
        ("dach", 3, 1, False),
    ]
    assert found["region"][0].name == "World"
    assert "industry" not in found


def test_someone_with_parent_and_child_counts_once(regions: dict[str, Tag]) -> None:
    make_contact(make_customer(tags=[regions["europe"], regions["germany"]]), tags=[regions["germany"]])
    assert {each.key: each.count for each in counts()["region"]} == {"world": 1, "europe": 1, "germany": 1, "dach": 1}


def test_only_the_largest_values_are_counted() -> None:
    tags = [make_tag("technology", f"Tool {place:02}") for place in range(MOST_COUNTS + 5)]
    make_contact(make_customer(tags=tags))
    for _ in range(2):
        make_contact(make_customer(tags=tags[-1:]))
    found = counts()["technology"]
    assert len(found) == MOST_COUNTS
    assert [(each.name, each.count) for each in found[:2]] == [("Tool 44", 3), ("Tool 00", 1)]


def carries(contact: Contact, slugs: set[int]) -> bool:
    return (
        ContactTag.objects.filter(contact=contact, tag__in=slugs).exists()
        or CustomerTag.objects.filter(customer=contact.customer_id, tag__in=slugs).exists()
    )


@pytest.mark.parametrize("seed", range(3))
def test_counts_equal_counting_each_row(seed: int, regions: dict[str, Tag]) -> None:
    """A random pool, read in steps; every count is what choosing that value, too, would leave of its facet."""
    chance = Random(seed)
    industries = [make_tag("industry", name) for name in ("Banking", "Health", "Retail")]
    sizes = ["", "1-50", "51-200"]
    for _ in range(10):
        tags = chance.sample([*regions.values(), *industries], chance.randint(0, 3))
        customer = make_customer(tags=tags, size_band=chance.choice(sizes))
        for _ in range(chance.randint(1, 2)):
            make_contact(
                customer,
                tags=chance.sample(industries, chance.randint(0, 1)),
                status=chance.choice(["active", "paused"]),
            )
        current_snapshot()
    selection = {"industry": ["banking", "health"], "size": ["1-50"]}
    found = counts(selection)
    for facet, values in found.items():
        others = {each: codes for each, codes in selection.items() if each != facet}
        for value in values:
            assert value.count == len(chosen(**{**others, facet: [value.key]})), (facet, value.key)
    people = list(Contact.objects.select_related("customer"))
    asked = {each.pk for each in industries if each.slug in selection["industry"]}
    expected = {each.pk for each in people if carries(each, asked) and each.customer.size_band == "1-50"}
    assert chosen(**selection) == expected
    below = {regions[slug].pk for slug in ("europe", "germany", "france")}
    assert chosen(region=["europe"]) == {each.pk for each in people if carries(each, below)}
    assert {each.key: each.count for each in found.get("status", ())} == {
        status: sum(each.status == status for each in people if each.pk in expected)
        for status in ("active", "paused")
        if any(each.status == status for each in people if each.pk in expected)
    }


def test_nobody_to_count() -> None:
    assert counts() == {}
    snapshot = current_snapshot()
    assert [np.asarray(visible_people(view, User(role=Role.ADMIN))).tolist() for view in snapshot.views] == [[]]
