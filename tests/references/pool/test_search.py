"""The pool in pages: words, names by role, facets, order, and a constant number of queries."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from references.models import Contact, Customer
from references.pool.result import PoolPage
from references.pool.search import SORTS, search_pool
from references.pool.writing import pool_write
from tests.factories import (
    make_case_study,
    make_contact,
    make_customer,
    make_engagement,
    make_policy,
    make_proof_point,
    make_tag,
    make_testimonial,
)
from users.models import User

pytestmark = pytest.mark.django_db


def ids(page: PoolPage) -> list[int]:
    return [card.contact_id for card in page.cards]


def found(user: User, text: str = "", **asked: Any) -> list[int]:
    return ids(search_pool(user=user, text=text, **asked))


def test_whole_pool_by_the_name_of_the_customer(manager: User) -> None:
    zeta, eta, alpha = (make_contact(make_customer(name)) for name in ("Zeta", "Éta", "alpha"))
    twin = make_contact(eta.customer)
    page = search_pool(user=manager)
    assert ids(page) == [alpha.pk, eta.pk, twin.pk, zeta.pk]
    assert page.total == 4
    assert page.elapsed_ms > 0
    assert page.revision
    assert found(manager, sort="-name") == [zeta.pk, eta.pk, twin.pk, alpha.pk]


def test_status_is_the_pools_own_unless_chosen(manager: User) -> None:
    people = {
        status: make_contact(status=status).pk for status in ("known", "nominated", "active", "paused", "retired")
    }
    assert set(found(manager)) == {people["active"], people["paused"]}
    assert set(found(manager, chosen={"status": ["known", "nominated"]})) == {people["known"], people["nominated"]}
    assert set(found(manager, chosen={"status": []})) == {people["active"], people["paused"]}
    assert found(manager, chosen={"status": ["retired"]}) == [], "who has left is kept in the database alone"


def test_facets_and_words_narrow_together(manager: User) -> None:
    banking, spain = make_tag("industry", "Banking"), make_tag("region", "Spain")
    both = make_contact(make_customer("Alpha", tags=[banking, spain]), notes="billing")
    one = make_contact(make_customer("Beta", tags=[banking]), notes="billing")
    make_contact(make_customer(tags=[banking, spain]))
    assert found(manager, "billing", chosen={"industry": ["banking"]}) == [both.pk, one.pk]
    page = search_pool(user=manager, text="billing", chosen={"industry": ["banking"], "region": ["spain"]})
    assert ids(page) == [both.pk]
    assert [(each.key, each.count) for each in page.facets["region"]] == [("spain", 1)]
    assert [(each.key, each.count) for each in page.facets["industry"]] == [("banking", 1)]


def test_numbers_describe_people_only_once_their_piece_is_approved(manager: User) -> None:
    contact = make_contact()
    for status in ("draft", "approved", "recalled"):
        story = make_case_study(contact.customer, status=status)
        make_proof_point(contact.customer, f"zeppelin{status}", case_study=story)
    make_proof_point(contact.customer, "zeppelinwhole")
    words = ("draft", "approved", "recalled", "whole")
    counts = [len(found(manager, f"zeppelin{word}")) for word in words]
    assert counts == [0, 1, 0, 1]


def test_words_find_what_is_known_of_people(manager: User) -> None:
    titled = make_contact(title="Head of Fraud Prevention")
    quoted = make_contact(make_customer("Quoted"))
    make_testimonial(quoted, "Frauds are caught earlier.")
    tagged = make_contact(make_customer("Tagged", tags=[make_tag("solution", "Fraud detection")]))
    noted = make_contact(make_customer("Noted", notes="fraud"), notes="fraud fraud")
    make_contact(title="Head of Sales")
    assert set(found(manager, "fraud")) == {titled.pk, quoted.pk, tagged.pk, noted.pk}
    assert found(manager, "fraud", sort="relevance")[0] == noted.pk
    assert found(manager, "zeppelin") == []
    assert len(found(manager, "   ")) == 5


@pytest.fixture
def hidden(rep: User) -> Contact:
    """A promoter of a customer that may not be named, whose account is the rep's."""
    customer = make_customer(
        "Quillfeather Bank", is_named=False, account_owner=rep, notes="At Quillfeather, tea is served."
    )
    return make_contact(customer, "Nora Northcote", title="CISO at Quillfeather")


@pytest.mark.parametrize("text", ["Quillfeather", "quill", "Northcote", "nora north"])
def test_names_are_found_by_those_who_may_see_them(
    text: str, hidden: Contact, rep: User, outsider: User, marketer: User, manager: User
) -> None:
    make_contact()
    assert found(manager, text) == found(rep, text) == [hidden.pk]
    assert found(outsider, text) == found(marketer, text) == []
    assert found(outsider, "CISO") == [hidden.pk], "and by other words by everybody"


def test_names_of_customers_that_may_be_named_are_found_by_all(outsider: User, manager: User) -> None:
    contact = make_contact(make_customer("Open Börse"), "Nora Northcote")
    assert found(outsider, "open borse") == found(manager, "BÖRSE") == [contact.pk]
    assert found(outsider, "Northcote") == []
    make_policy({"show_customer_name": False})
    assert found(outsider, "open borse") == []
    assert found(manager, "open borse") == [contact.pk]


def test_hidden_names_sort_at_the_end(hidden: Contact, rep: User, outsider: User, manager: User) -> None:
    """Else the order would tell between which two names a nameless card stands."""
    alpha, zulu = make_contact(make_customer("Alpha")), make_contact(make_customer("Zulu"))
    assert found(manager) == found(rep) == [alpha.pk, hidden.pk, zulu.pk]
    assert found(outsider) == [alpha.pk, zulu.pk, hidden.pk]


def test_sort_by_use(manager: User) -> None:
    today = timezone.now().date()
    never, lately, long_ago = (make_contact() for _ in range(3))
    make_engagement(lately, "call", on=today - timedelta(days=10))
    make_engagement(long_ago, "site_visit", on=today - timedelta(days=50))
    assert found(manager, sort="fatigue") == [never.pk, lately.pk, long_ago.pk]
    assert found(manager, sort="-fatigue") == [long_ago.pk, lately.pk, never.pk]
    assert found(manager, sort="last_used") == [never.pk, long_ago.pk, lately.pk]
    assert found(manager, sort="-last_used") == [lately.pk, long_ago.pk, never.pk]
    card = search_pool(user=manager, sort="-last_used").cards[0]
    assert (card.last_used, card.used_past_year, card.band) == (today - timedelta(days=10), 1, "fresh")


def test_ties_go_to_the_lower_id_whatever_the_order(manager: User) -> None:
    customer = make_customer()
    people = [make_contact(customer).pk for _ in range(4)]
    for sort in SORTS:
        assert found(manager, sort=sort) == people


def test_unknown_sort_is_refused(manager: User) -> None:
    with pytest.raises(ValueError, match="not by 'luck'"):
        search_pool(user=manager, sort="luck")


def test_pages_lie_side_by_side_and_end(manager: User) -> None:
    people = [make_contact().pk for _ in range(7)]
    pages = [found(manager, page=page, page_size=3) for page in range(1, 4)]
    assert [len(page) for page in pages] == [3, 3, 1]
    assert sorted(each for page in pages for each in page) == people
    past = search_pool(user=manager, page=9, page_size=3)
    assert (past.cards, past.total) == ((), 7)
    assert past.facets["status"][0].count == 7


def test_order_follows_what_changes_of_a_name(rep: User) -> None:
    people = [make_contact(make_customer(name)) for name in ("C", "A", "B")]
    changes: list[tuple[dict[str, Any], list[int]]] = [
        ({}, [1, 2, 0]),
        ({"folded_name": "d"}, [2, 0, 1]),
        ({"folded_name": "a", "is_named": False}, [2, 0, 1]),
        ({"account_owner": rep}, [1, 2, 0]),
    ]
    for values, order in changes:
        with pool_write() as touched:
            Customer.objects.filter(pk=people[1].customer_id).update(**values)
            touched.add(people[1].customer_id)
        assert found(rep) == [people[place].pk for place in order]
    first = make_contact(make_customer("0")).pk
    assert found(rep)[0] == first


def test_change_is_in_the_next_search(manager: User) -> None:
    assert found(manager) == []
    contact = make_contact()
    assert found(manager) == [contact.pk]
    make_engagement(contact, "site_visit")
    assert search_pool(user=manager).cards[0].band == "approval"


def test_number_of_queries_does_not_grow_with_the_pool(rep: User, django_assert_num_queries: Any) -> None:
    banking = make_tag("industry", "Banking")

    def grow(count: int) -> None:
        for _ in range(count):
            make_testimonial(make_contact(make_customer(tags=[banking]), title="CISO"))
        search_pool(user=rep)  # so that the pool is read

    grow(1)
    with django_assert_num_queries(5):  # revision, names found, cards with two kinds of tags
        assert len(found(rep, "CISO", chosen={"industry": ["banking"]})) == 1
    grow(12)
    with django_assert_num_queries(5):
        assert len(found(rep, "CISO", chosen={"industry": ["banking"]})) == 13
