"""Puts the demonstration program into the database: once, in one write, the same for the same day."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from django.db.models import Model

from references.demo import PREFIX
from references.demo.asks import make_asks
from references.demo.cast import make_users
from references.demo.consents import make_consents, make_story_consents
from references.demo.customers import make_customer_tags, make_customers
from references.demo.library import tell_library
from references.demo.people import make_blackouts, make_contact_tags, make_people, make_state_changes
from references.demo.pieces import dress_shelf
from references.demo.products import PRODUCTS
from references.demo.setting import Member, Person, Setting
from references.demo.sharing import share_pieces
from references.demo.slots import Stage, make_stage
from references.demo.stories import Shelf, make_shelf
from references.demo.touches import Book, make_ledger
from references.enums import Facet
from references.errors import DomainError
from references.models import Consent, ConsentAsk, Customer, Tag
from references.pool.writing import pool_write
from references.services.tags import create_tag
from references.services.vocabulary import load_vocabulary
from users.models import User

M = TypeVar("M", bound=Model)
_BATCH = 1_000


@dataclass(frozen=True)
class DemoReport:
    """What loading did: rows per kind, empty where the program was there already, and one login per role."""

    counts: dict[str, int]
    logins: tuple[User, ...]


@dataclass(frozen=True)
class Program:
    """Every row of the program before it is saved, but for those that hang on customers and people alone."""

    setting: Setting
    members: list[Member]
    people: list[Person]
    shelf: Shelf
    stage: Stage
    book: Book
    consents: list[Consent]
    asks: list[ConsentAsk]


def load_demo(*, today: date, if_empty: bool = False) -> DemoReport:
    """Load the program, its dates told from `today`; a second load changes nothing.

    With `if_empty`, nothing happens where the pool has any customer. Raises DomainError(name_taken) where a customer of
    your own goes by an invented name.
    """
    with pool_write() as touched:
        if Customer.objects.filter(external_id__startswith=PREFIX).exists() or (if_empty and Customer.objects.exists()):
            return DemoReport({}, ())
        load_vocabulary()
        logins, owners = make_users()
        _make_product_tags()
        counts = _save_program(build_program(Setting(today, _read_tags(), owners, keeper=logins[3])))
        touched.add(everything=True, vocabulary=True)
    return DemoReport(counts, tuple(logins))


def build_program(setting: Setting) -> Program:
    """Make every row of the program, none of them saved; the same rows for the same setting."""
    members = make_customers(setting)
    people = make_people(setting, members)
    shelf = make_shelf(setting, members)
    dress_shelf(setting, shelf)
    stage = make_stage(setting, people)
    consents = [*make_consents(setting, people), *make_story_consents(setting, shelf.tellers)]
    asks = make_asks(setting, people)
    consents += [ask.consent for ask in asks if ask.consent is not None]
    book = make_ledger(setting, members, stage.appearances)
    return Program(setting, members, people, shelf, stage, book, consents, asks)


def _save_program(program: Program) -> dict[str, int]:
    setting, members, people = program.setting, program.members, program.people
    shelf, stage, book = program.shelf, program.stage, program.book
    _require_free_names([member.row for member in members])
    counts = {
        "customers": _save(member.row for member in members),
        "contacts": _save(person.row for person in people),
        "touches": _save(book.rows),
        "case studies": _save(shelf.stories),
        "testimonials": _save(shelf.quotes),
        "speaking slots": _save(stage.slots),
        "consents": _save_consents(program.consents),
    }
    _save(make_customer_tags(setting, members))
    _save(make_contact_tags(setting, people))
    _save(make_blackouts(setting, people))
    _save(make_state_changes(setting, people))
    for rows in (book.changes, shelf.proof_points, shelf.story_tags, shelf.quote_tags, stage.tags, program.asks):
        _save(rows)
    counts["looks at drafts"] = tell_library(setting, shelf)
    share_pieces(setting)
    return counts


def _save(rows: Iterable[M]) -> int:
    made = list(rows)
    if made:
        type(made[0])._default_manager.bulk_create(made, batch_size=_BATCH)
    return len(made)


def _save_consents(consents: list[Consent]) -> int:
    """Those in force first, since the older ones point at them."""
    newer = [consent for consent in consents if consent.superseded_by is None]
    return _save(newer) + _save(consent for consent in consents if consent.superseded_by is not None)


def _make_product_tags() -> None:
    there = set(Tag.objects.filter(facet=Facet.PRODUCT).values_list("slug", flat=True))
    for product in PRODUCTS:
        if product.slug not in there:
            create_tag(facet=Facet.PRODUCT, name=product.name, slug=product.slug, synonyms=product.synonyms)


def _read_tags() -> dict[tuple[str, str], Tag]:
    """All tags by facet and slug, a merged one standing for its target."""
    rows = {tag.pk: tag for tag in Tag.objects.all()}
    tags: dict[tuple[str, str], Tag] = {}
    for tag in rows.values():
        standing = tag
        while standing.merged_into_id is not None:
            standing = rows[standing.merged_into_id]
        tags[tag.facet, tag.slug] = standing
    return tags


def _require_free_names(customers: Iterable[Customer]) -> None:
    taken = set(Customer.objects.values_list("folded_name", flat=True))
    for customer in customers:
        if customer.folded_name in taken:
            raise DomainError("name_taken", f"A customer of your own is named '{customer.name}'.", "name")
