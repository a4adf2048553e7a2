"""Makes the customers of the demonstration program: who they are, what they use, how they are doing."""

from collections.abc import Iterator
from decimal import Decimal
from random import Random

from references.demo.names import make_company_name
from references.demo.places import PLACES, Place
from references.demo.products import PRODUCTS, Product
from references.demo.setting import Member, Setting, external_id, pick_weighted
from references.demo.trades import TRADES, Trade
from references.enums import Health, SizeBand, Tier
from references.models import Customer, CustomerTag
from references.text import fold_name

SHARE = 0.92
"""Customers per unit of a trade's weight."""

_VALUE = {"1-50": 14_000, "51-200": 34_000, "201-1000": 95_000, "1001-10000": 270_000, "10001+": 820_000}
_RATES = {"SEK": 11, "DKK": 7, "NOK": 11, "PLN": 4, "BRL": 5, "MXN": 18, "INR": 80, "AED": 4, "JPY": 150}
_RIVALS = ("Stratovale", "Cobaltine Systems", "Nordmark Cloudworks", "Pinwheel Data")
_NOTES = (
    "Came to us from a competitor after an outage; tells that story well.",
    "Prefers written questions a day ahead.",
    "Procurement must see any public text first.",
    "Hosts visitors gladly in the new operations room.",
    "New leadership since spring; introduce yourself before asking.",
    "Press only together with their communications team.",
)


def make_customers(setting: Setting) -> list[Member]:
    """Make about 400 customers, trade by trade, in an order that repeats."""
    rng = setting.chance("customers")
    taken: set[str] = set()
    members: list[Member] = []
    for trade in TRADES:
        for _ in range(round(trade.weight * SHARE)):
            members.append(_make(setting, rng, trade, len(members) + 1, taken))
    return members


def make_customer_tags(setting: Setting, members: list[Member]) -> Iterator[CustomerTag]:
    """The tags of all customers; some were verified lately, some years ago."""
    rng = setting.chance("customer tags")
    for member in members:
        reviewed = rng.choice((20, 60, 120, 200, 300, 420, 650, 900))
        for key in member.tags:
            verified_on = setting.day(reviewed + rng.randint(0, 30))
            yield CustomerTag(customer=member.row, tag=setting.tag(*key), verified_on=verified_on)


def _make(setting: Setting, rng: Random, trade: Trade, number: int, taken: set[str]) -> Member:
    name, stem = make_company_name(rng, trade.endings, taken)
    place = rng.choices(PLACES, [each.weight for each in PLACES])[0]
    size = pick_weighted(rng, SizeBand.values, trade.sizes)
    products = _choose_products(rng, trade)
    annual = Decimal(round(_VALUE[size] * rng.uniform(0.5, 2.0) * _RATES.get(place.currency, 1), -2))
    row = Customer(
        name=name,
        folded_name=fold_name(name),
        domain=f"{stem}.example",
        external_id=external_id("customer", number),
        size_band=size,
        tier=_choose_tier(rng, size),
        health=pick_weighted(rng, [Health.GREEN, Health.YELLOW, Health.RED, Health.UNKNOWN], [70, 18, 4, 8]),
        account_owner=setting.owners[number % len(setting.owners)],
        is_referenceable=rng.random() > 0.03,
        is_named=rng.random() > 0.11,
        has_open_escalation=rng.random() < 0.015,
        renewal_date=setting.day(-rng.randint(-20, 400)),
        is_renewal_sensitive=rng.random() < 0.12,
        annual_value=annual,
        lifetime_value=annual * rng.randint(1, 6),
        currency=place.currency,
        exclusions=rng.sample(_RIVALS, rng.randint(1, 2)) if rng.random() < 0.08 else [],
        notes=rng.choice(_NOTES) if rng.random() < 0.18 else "",
    )
    return Member(row, stem, trade, place, products, _choose_tags(rng, trade, place, products))


def _choose_products(rng: Random, trade: Trade) -> list[Product]:
    wanted = rng.choices((1, 2, 3, 4), (3, 4, 2, 1))[0]
    weights, chosen = list(trade.products), []
    for _ in range(wanted):
        place = rng.choices(range(len(PRODUCTS)), weights)[0]
        weights[place] = 0
        chosen.append(PRODUCTS[place])
    return chosen


def _choose_tier(rng: Random, size: str) -> str:
    large = size in {SizeBand.LARGE, SizeBand.ENTERPRISE}
    return pick_weighted(rng, [Tier.STRATEGIC, Tier.KEY, Tier.STANDARD], [2, 4, 4] if large else [0.2, 2, 8])


def _choose_tags(rng: Random, trade: Trade, place: Place, products: list[Product]) -> list[tuple[str, str]]:
    industries = rng.sample(trade.industries, 2 if len(trade.industries) > 1 and rng.random() < 0.15 else 1)
    solutions = [slug for product in products for slug in rng.sample(product.solutions, rng.randint(1, 2))]
    if trade.extra_solutions and rng.random() < 0.6:
        solutions.append(rng.choice(trade.extra_solutions))
    regions = [place.region]
    if place.towns and rng.random() < 0.7:
        regions.append(rng.choice(place.towns))
    tags = [("industry", slug) for slug in industries]
    tags += [("product", product.slug) for product in products]
    tags += [("solution", slug) for slug in dict.fromkeys(solutions)]
    return tags + [("region", slug) for slug in regions]
