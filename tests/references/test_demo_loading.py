"""Loading the demonstration program: the same rows every time, into a pool that is its own."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.forms import model_to_dict

from references.demo.customers import make_customers
from references.demo.loading import Program, build_program, load_demo
from references.demo.products import PRODUCTS
from references.demo.setting import Setting
from references.demo.trade_texts import load_trade_texts
from references.errors import DomainError
from references.models import Customer, Tag
from references.starter import load_starter
from tests.factories import make_contact, make_customer
from users.models import User

TODAY = date(2026, 3, 2)


@pytest.fixture(scope="module")
def setting() -> Setting:
    """The starter tags and one account owner, none of them saved."""
    rows = [(row.facet, row.slug, row.name) for row in load_starter()]
    rows += [("product", product.slug, product.name) for product in PRODUCTS]
    tags = {(facet, slug): Tag(pk=pk, facet=facet, slug=slug, name=name) for pk, (facet, slug, name) in enumerate(rows)}
    return Setting(TODAY, tags, [User(pk=1, email="owner@example.test")])


def fingerprint(program: Program) -> list[Any]:
    """Every field of every row, people and customers told by their names."""
    rows = [
        *((member.row.name, member.tags, model_to_dict(member.row)) for member in program.members),
        *((person.member.row.name, person.role, model_to_dict(person.row)) for person in program.people),
    ]
    touches = [
        (row.contact.name, row.activity, row.status, row.on, row.recorded_at, row.note) for row in program.book.rows
    ]
    changes = [(change.engagement.source, change.at, change.status) for change in program.book.changes]
    stories = [(story.customer.name, story.title, story.challenge, story.results) for story in program.shelf.stories]
    quotes = [(quote.said_by, quote.text, quote.status, quote.published_on) for quote in program.shelf.quotes]
    slots = [
        (slot.event, slot.topic, slot.starts_at, slot.speaker and slot.speaker.name) for slot in program.stage.slots
    ]
    consents = [(each.customer.name, each.activity, each.valid_from, each.valid_until) for each in program.consents]
    return [rows, touches, changes, stories, quotes, slots, consents]


def test_build_program_is_the_same_every_time(setting: Setting) -> None:
    assert fingerprint(build_program(setting)) == fingerprint(build_program(setting))


def test_build_program_moves_with_the_day(setting: Setting) -> None:
    later = Setting(TODAY + timedelta(days=100), setting.tags, setting.owners)
    first, second = build_program(setting).book.rows, build_program(later).book.rows
    assert [(row.on + timedelta(days=100), row.status) for row in first] == [(row.on, row.status) for row in second]


@pytest.mark.django_db
def test_load_demo_if_empty_leaves_a_pool_alone() -> None:
    make_contact()
    assert load_demo(today=TODAY, if_empty=True).counts == {}
    assert Customer.objects.count() == 1


@pytest.mark.django_db
def test_load_demo_beside_a_customer_of_an_invented_name_is_refused_whole(setting: Setting) -> None:
    make_customer(make_customers(setting)[5].row.name)
    with pytest.raises(DomainError, match="A customer of your own"):
        load_demo(today=TODAY)
    assert (Customer.objects.count(), User.objects.count(), Tag.objects.count()) == (1, 0, 0)


def test_trade_texts_have_a_metric_for_each_challenge() -> None:
    for texts in load_trade_texts().values():
        assert len(texts.challenges) == len(texts.metrics)
