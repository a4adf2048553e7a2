"""Chains of referrals as trees: who brought whom, how deep it goes, and what came of it below; safe against circles."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Link:
    """One referral: who referred, whom they brought, and what it was worth where it was won.

    Both ends are keys of the caller's ("customer:7", "lead:12"); `id` orders the links, the earliest first.
    """

    id: int
    referrer: str
    referred: str
    value: Decimal | None = None
    currency: str = ""


@dataclass(frozen=True, slots=True)
class Branch:
    """One node of a tree: how deep (0 at the top), who brought it by which link, and what hangs below.

    `children` counts those it brought itself, `below` all that followed from them too; `value_below` sums what they
    brought by currency, never across currencies.
    """

    node: str
    depth: int
    parent: str | None
    link: int | None
    children: int
    below: int
    value_below: tuple[tuple[str, Decimal], ...]


@dataclass(frozen=True, slots=True)
class Forest:
    """All trees, each from its top down, the trees and the children in the order of their first links.

    `repeated` are links to somebody whom another had brought before; `circular` those that would close a circle.
    Neither is in a tree.
    """

    branches: tuple[Branch, ...]
    repeated: tuple[int, ...]
    circular: tuple[int, ...]

    @property
    def depth(self) -> int:
        """The greatest depth; 0 for none."""
        return max((branch.depth for branch in self.branches), default=0)


def build_forest(links: Iterable[Link]) -> Forest:
    """Build the trees; the earliest link to somebody counts. Linear but for looking for circles, no recursion."""
    brought: dict[str, Link] = {}
    children: defaultdict[str, list[str]] = defaultdict(list)
    nodes: dict[str, None] = {}
    repeated: list[int] = []
    circular: list[int] = []
    for link in sorted(links, key=lambda each: each.id):
        nodes.setdefault(link.referrer)
        nodes.setdefault(link.referred)
        if _is_above(link.referred, link.referrer, brought):
            circular.append(link.id)
        elif link.referred in brought:
            repeated.append(link.id)
        else:
            brought[link.referred] = link
            children[link.referrer].append(link.referred)
    order = _walk([node for node in nodes if node not in brought], children)
    return Forest(_measure(order, brought, children), tuple(repeated), tuple(circular))


def _is_above(node: str, start: str, brought: dict[str, Link]) -> bool:
    """Whether `node` is `start` or stands above it."""
    current: str | None = start
    while current is not None:
        if current == node:
            return True
        link = brought.get(current)
        current = None if link is None else link.referrer
    return False


def _walk(tops: list[str], children: dict[str, list[str]]) -> list[tuple[str, int]]:
    """All nodes with their depth, each before what is below it."""
    order: list[tuple[str, int]] = []
    waiting = [(node, 0) for node in reversed(tops)]
    while waiting:
        node, depth = waiting.pop()
        order.append((node, depth))
        waiting.extend((child, depth + 1) for child in reversed(children.get(node, [])))
    return order


def _measure(
    order: list[tuple[str, int]], brought: dict[str, Link], children: dict[str, list[str]]
) -> tuple[Branch, ...]:
    below: Counter[str] = Counter()
    values: defaultdict[str, defaultdict[str, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    for node, _depth in reversed(order):
        link = brought.get(node)
        if link is None:
            continue
        below[link.referrer] += 1 + below[node]
        for currency, amount in values[node].items():
            values[link.referrer][currency] += amount
        if link.value is not None:
            values[link.referrer][link.currency] += link.value
    return tuple(
        Branch(
            node=node,
            depth=depth,
            parent=brought[node].referrer if node in brought else None,
            link=brought[node].id if node in brought else None,
            children=len(children.get(node, [])),
            below=below[node],
            value_below=tuple(sorted(values[node].items())),
        )
        for node, depth in order
    )
