"""Facets as the pages list them: groups of links with counts, what is chosen first, the long tail folded away."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from references.enums import Facet
from references.pool.result import FacetCount
from web.templatetags.pages import PSEUDO_FACETS, band_word, facet_label

FIRST = 8
ORDER = ("status", "band", "activity", *Facet.values)


@dataclass(frozen=True, slots=True)
class FacetItem:
    """One value of a facet: following `url` adds it to the selection, or takes it out again."""

    key: str
    name: str
    count: int
    is_chosen: bool
    depth: int
    url: str


@dataclass(frozen=True, slots=True)
class FacetGroup:
    """One facet: what is shown at once, and the rest behind "more"."""

    label: str
    first: tuple[FacetItem, ...]
    rest: tuple[FacetItem, ...]


def group_facets(facets: Mapping[str, Sequence[FacetCount]], url_of: Callable[[str], str]) -> list[FacetGroup]:
    """Make the groups in reading order; `url_of` gives the address with "facet:slug" toggled."""
    groups: list[FacetGroup] = []
    for facet in sorted(facets, key=lambda each: ORDER.index(each) if each in ORDER else len(ORDER)):
        items = [_item(facet, count, url_of) for count in facets[facet] if count.count or count.is_chosen]
        if not items or (facet in PSEUDO_FACETS and len(items) == 1 and not items[0].is_chosen):
            continue
        first = items[:FIRST] + [item for item in items[FIRST:] if item.is_chosen]
        rest = [item for item in items[FIRST:] if not item.is_chosen]
        groups.append(FacetGroup(facet_label(facet), tuple(first), tuple(rest)))
    return groups


def _item(facet: str, count: FacetCount, url_of: Callable[[str], str]) -> FacetItem:
    name = band_word(count.key) if facet == "band" else count.name[:1].upper() + count.name[1:]
    return FacetItem(count.key, name, count.count, count.is_chosen, min(count.depth, 3), url_of(f"{facet}:{count.key}"))
