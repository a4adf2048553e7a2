"""Pages of a list: which one is shown, and the addresses of its neighbors."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Pages:
    """Page `number` of `count`, both from 1; an address is empty where there is no such page."""

    number: int
    count: int
    previous: str
    next: str


def make_pages(number: int, total: int, size: int, url_of: Callable[[int], str]) -> Pages:
    """Lay out `total` rows in pages of `size`; `url_of` gives the address of a page."""
    count = max(1, -(-total // size))
    return Pages(
        number=number,
        count=count,
        previous=url_of(min(number - 1, count)) if number > 1 else "",
        next=url_of(number + 1) if number < count else "",
    )
