"""Cards: what of a promoter each viewer sees, in a constant number of queries."""

from datetime import date
from typing import Any

import pytest

from references.enums import TagStatus
from references.models import Contact, CustomerTag
from references.policy import ProgramPolicy
from references.pool.cards import build_cards
from references.pool.conditions import Usage
from references.pool.result import PromoterCard
from references.pool.writing import pool_write
from tests.factories import make_contact, make_customer, make_tag
from users.enums import Role
from users.models import User

pytestmark = pytest.mark.django_db
USAGE = Usage(0.31, "soft", date(2026, 1, 2), 3)


def card_for(user: User, contact: Contact, **policy: Any) -> PromoterCard:
    return build_cards(user, {contact.pk: USAGE}, ProgramPolicy(**policy))[contact.pk]


@pytest.fixture
def contact(rep: User) -> Contact:
    customer = make_customer(
        "Quillfeather Bank", domain="quill.example", size_band="10001+", account_owner=rep,
        tags=[make_tag("industry", "Banking"), make_tag("region", "Spain"), make_tag("product", "Ledger")],
    )  # fmt: skip
    return make_contact(
        customer, "Nora North", title="Head of Risk, Quillfeather", seniority="director", email="n@x.test", phone="555",
        tags=[make_tag("role", "Risk"), make_tag("industry", "Insurance")], activities=["call", "quote"],
    )  # fmt: skip


def test_card_tells_the_facts_the_persons_own_first(contact: Contact, manager: User) -> None:
    card = card_for(manager, contact)
    assert card == PromoterCard(
        contact_id=contact.pk,
        customer_id=contact.customer_id,
        headline="Head of Risk · Insurance · Spain · 10,000+",
        customer_name="Quillfeather Bank",
        promoter_name="Nora North",
        title="Head of Risk, Quillfeather",
        seniority="Director",
        industries=("Insurance", "Banking"),
        products=("Ledger",),
        solutions=(),
        regions=("Spain",),
        languages=(),
        size="10,000+",
        status="active",
        activities=("call", "quote"),
        phi=0.31,
        band="soft",
        last_used=date(2026, 1, 2),
        used_past_year=3,
    )


@pytest.mark.parametrize(
    ("role", "is_named", "shows_customers", "sees_person", "sees_customer"),
    [
        ("manager", False, False, True, True),
        ("rep", False, False, True, True),  # the account owner
        ("outsider", True, True, False, True),
        ("outsider", False, True, False, False),
        ("outsider", True, False, False, False),
        ("marketer", True, True, False, True),
        ("marketer", False, True, False, False),
    ],
)
def test_names_by_viewer(
    role: str, is_named: bool, shows_customers: bool, sees_person: bool, sees_customer: bool,
    contact: Contact, request: pytest.FixtureRequest,
) -> None:  # fmt: skip
    with pool_write() as touched:
        contact.customer.is_named = is_named
        contact.customer.save()
        touched.add(contact.customer_id)
    card = card_for(request.getfixturevalue(role), contact, show_customer_name=shows_customers)
    assert card.promoter_name == ("Nora North" if sees_person else None)
    assert card.customer_name == ("Quillfeather Bank" if sees_customer else None)
    assert card.title == ("Head of Risk, Quillfeather" if sees_person else "Head of Risk")
    shown = repr(card).lower()
    assert not any(secret in shown for secret in ("n@x.test", "555"))
    if not sees_person:
        assert "nora" not in shown
        assert sees_customer or "quill" not in shown


def test_administrator_and_inactive_manager(contact: Contact) -> None:
    assert card_for(User(email="operator", role=Role.ADMIN), contact).promoter_name == "Nora North"
    gone = User(email="gone", role=Role.MANAGER, is_active=False)
    assert card_for(gone, contact).promoter_name is None


def test_tags_that_are_not_accepted_do_not_show(contact: Contact, manager: User) -> None:
    proposed = make_tag("region", "Atlantis", status=TagStatus.PROPOSED)
    with pool_write() as touched:
        CustomerTag.objects.create(customer=contact.customer, tag=proposed, verified_on=date(2026, 1, 1))
        touched.add(contact.customer_id)
    assert card_for(manager, contact).regions == ("Spain",)


def test_tag_of_both_person_and_customer_shows_once(manager: User) -> None:
    banking = make_tag("industry", "Banking")
    contact = make_contact(make_customer(tags=[banking]), tags=[banking])
    assert card_for(manager, contact).industries == ("Banking",)


def test_three_queries_however_many(contact: Contact, rep: User, django_assert_num_queries: Any) -> None:
    banking = contact.customer.tags.all()
    others = [make_contact(make_customer(tags=banking), tags=banking) for _ in range(5)]
    with django_assert_num_queries(3):
        assert len(build_cards(rep, {contact.pk: USAGE}, ProgramPolicy())) == 1
    usage = {each.pk: USAGE for each in (contact, *others)}
    with django_assert_num_queries(3):
        assert build_cards(rep, usage, ProgramPolicy()).keys() == usage.keys()


def test_contact_that_is_gone_has_no_card(contact: Contact, rep: User) -> None:
    assert build_cards(rep, {contact.pk + 1: USAGE}, ProgramPolicy()) == {}
