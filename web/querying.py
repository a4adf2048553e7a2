"""Query strings as state: dates, tag keys ("facet:slug") and numbers read leniently, and written back in one order."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from functools import lru_cache
from urllib.parse import quote_plus, urlencode

from django.http import QueryDict
from django.utils.dateparse import parse_date


def read_keys(query: QueryDict, name: str) -> tuple[str, ...]:
    """The values of `name` that look like "facet:slug", each once, in order."""
    values = (value.strip() for value in query.getlist(name))
    return tuple(dict.fromkeys(value for value in values if all(value.partition(":"))))


def read_day(query: QueryDict, name: str) -> date | None:
    """The ISO date in `name`; None for none or an impossible one."""
    try:
        return parse_date(query.get(name, "").strip())
    except ValueError:
        return None


def read_number(query: QueryDict, name: str, *, default: int, most: int) -> int:
    """The whole number in `name`, held within 1…`most`; `default` where there is none."""
    value = query.get(name, "")
    return min(max(int(value), 1), most) if value.isascii() and value.isdecimal() and len(value) < 10 else default


def group_keys(keys: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Group "facet:slug" keys as searches take them: {facet: slugs}."""
    groups: dict[str, tuple[str, ...]] = {}
    for key in keys:
        facet, _, slug = key.partition(":")
        groups[facet] = (*groups.get(facet, ()), slug)
    return groups


def toggle(keys: Sequence[str], key: str) -> tuple[str, ...]:
    """`keys` with `key` added, or removed where it was there."""
    return tuple(each for each in keys if each != key) if key in keys else (*keys, key)


ANY_KEY = "any:key"


def fill_key(address: str) -> Callable[[str], str]:
    """Addresses that have another key where `address` has its last ANY_KEY; a page has hundreds of them."""
    before, _, after = address.rpartition(quote_plus(ANY_KEY))
    return lambda key: f"{before}{_quote_key(key)}{after}"


_quote_key = lru_cache(maxsize=8_192)(quote_plus)


def write_query(values: Mapping[str, str | Sequence[str]]) -> str:
    """Encode values as "?a=1&b=2", empty ones left out; "" where nothing is left."""
    pairs = [
        (name, each)
        for name, value in values.items()
        for each in ([value] if isinstance(value, str) else value)
        if each
    ]
    return f"?{urlencode(pairs)}" if pairs else ""
