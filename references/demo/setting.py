"""What every part of the demonstration program is made from: the day, the tags, the users, and chance that repeats."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from random import Random

from references.demo import PREFIX, SEED
from references.demo.places import Place
from references.demo.products import Product
from references.demo.trades import Trade
from references.models import Contact, Customer, Tag
from users.models import User


@dataclass(frozen=True)
class Setting:
    """The day the program is loaded, the tags by (facet, slug), the account owners, and who keeps pieces and slots."""

    today: date
    tags: Mapping[tuple[str, str], Tag]
    owners: Sequence[User]
    keeper: User | None = None

    def chance(self, part: str) -> Random:
        """A source of chance for one part, the same at every load, whatever the other parts draw."""
        return Random(f"{SEED}:{part}")

    def day(self, ago: int) -> date:
        """The date some days ago; negative for days ahead."""
        return self.today - timedelta(days=ago)

    def tag(self, facet: str, slug: str) -> Tag:
        """A tag of the vocabulary; raises KeyError where it is gone."""
        return self.tags[facet, slug]


@dataclass
class Member:
    """A customer of the program with what its people and stories are made from."""

    row: Customer
    stem: str
    trade: Trade
    place: Place
    products: list[Product]
    tags: list[tuple[str, str]]
    people: list["Person"] = field(default_factory=list)


@dataclass
class Person:
    """A contact of the program; `yearly` is how often they are asked for something that counts."""

    row: Contact
    member: Member
    role: str
    languages: list[str]
    joined_ago: int
    yearly: float
    willingness: float
    is_favorite: bool = False


def external_id(noun: str, number: int) -> str:
    """The id of the number-th row of its kind: "demo:customer-0007"."""
    return f"{PREFIX}{noun}-{number:04d}"


def at(day: date, hour: int, minute: int = 0) -> datetime:
    """A moment of a day, UTC."""
    return datetime.combine(day, time(hour, minute), tzinfo=UTC)


def pick_weighted(rng: Random, values: Sequence[str], weights: Sequence[float]) -> str:
    """One of `values` by weight."""
    return rng.choices(values, weights)[0]
