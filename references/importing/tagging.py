"""Turns the words of a row into tags of the program's vocabulary, and proposes those that it does not know."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from django.utils.text import Truncator

from references.enums import Facet, TagStatus
from references.importing.places import find_regions
from references.importing.ranks import find_roles
from references.importing.record import ImportRow
from references.importing.records import Move
from references.importing.tagnames import Finding, KnownTag, TagNames, slug_value
from references.models import Tag, TagContainment, TagSynonym

# ISO 639-1 codes by the English names of their languages; facts.
_LANGUAGE_CODES = dict(
    pair.split(":")
    for pair in """en:English es:Spanish pt:Portuguese fr:French de:German it:Italian nl:Dutch da:Danish sv:Swedish
    no:Norwegian nb:Norwegian fi:Finnish is:Icelandic pl:Polish cs:Czech sk:Slovak hu:Hungarian ro:Romanian bg:Bulgarian
    el:Greek hr:Croatian sr:Serbian sl:Slovenian uk:Ukrainian ru:Russian et:Estonian lv:Latvian lt:Lithuanian tr:Turkish
    ar:Arabic he:Hebrew fa:Persian hi:Hindi bn:Bengali ta:Tamil te:Telugu ur:Urdu zh:Mandarin ja:Japanese ko:Korean
    vi:Vietnamese th:Thai id:Indonesian ms:Malay tl:Tagalog sw:Swahili af:Afrikaans ca:Catalan""".split()
)
_NOTHING: frozenset[int] = frozenset()
_CACHE = 16_384


@dataclass(frozen=True, slots=True)
class RowTags:
    """The ids of the tags a row gives to its customer, its person, and its story or quote."""

    customer: frozenset[int] = _NOTHING
    contact: frozenset[int] = _NOTHING
    derived_roles: frozenset[int] = _NOTHING
    content: frozenset[int] = _NOTHING


class Tagger:
    """Finds the tags of rows, and makes proposals of what is missing. Read once, at the beginning of an import."""

    def __init__(self) -> None:
        self.names = TagNames(read_known_tags())
        self.proposed = 0
        self._settled: dict[tuple[str, tuple[str, ...]], frozenset[int]] = {}
        self._places = lru_cache(maxsize=_CACHE)(lambda text: find_regions(text, self.names))
        self._roles = lru_cache(maxsize=_CACHE)(lambda title: frozenset(find_roles(title, self.names)))

    def propose_missing(self, rows: Iterable[ImportRow]) -> list[Move]:
        """Make a proposed tag of every name in `rows` that no tag goes by; gives the states they began in."""
        wanted: dict[tuple[str, str], str] = {}
        cells = dict.fromkeys(cell for row in rows for cell in _cells(row) if cell not in self._settled)
        for facet, values in cells:
            for name in (name for value in values for name in self._find(facet, value).missing):
                if slug := slug_value(name):
                    wanted.setdefault((facet, slug), name)
        tags = [
            Tag(facet=facet, slug=slug, name=Truncator(name).chars(200), status=TagStatus.PROPOSED)
            for (facet, slug), name in wanted.items()
        ]
        Tag.objects.bulk_create(tags)
        for tag in tags:
            self.names.add(KnownTag(tag.pk, tag.facet, tag.slug, tag.name, tag.status))
        self.proposed += len(tags)
        return [(f"tag:{tag.pk}", "", TagStatus.PROPOSED) for tag in tags]

    def find_tags(self, row: ImportRow) -> RowTags:
        """Give the tags of a row whose missing names have been proposed."""
        found = {facet: self._settle(facet, values) for facet, values in _cells(row)}
        places = frozenset(self._places(row.country)) if row.country else _NOTHING
        content = found.get(Facet.PRODUCT, _NOTHING) | found.get(Facet.SOLUTION, _NOTHING)
        return RowTags(
            customer=content | found.get(Facet.INDUSTRY, _NOTHING) | found.get(Facet.REGION, _NOTHING) | places,
            contact=found.get(Facet.ROLE, _NOTHING) | found.get(Facet.LANGUAGE, _NOTHING),
            derived_roles=self._roles(row.title) if row.title and not row.role else _NOTHING,
            content=content,
        )

    def _settle(self, facet: str, values: tuple[str, ...]) -> frozenset[int]:
        key = (facet, values)
        tags = self._settled.get(key)
        if tags is None:
            if len(self._settled) >= _CACHE:
                self._settled.clear()
            tags = frozenset(tag for value in values for tag in self._find(facet, value).tags)
            self._settled[key] = tags
        return tags

    def _find(self, facet: str, value: str) -> Finding:
        if facet == Facet.REGION:
            places = self._places(value)
            if places:
                return Finding(places)
        if facet == Facet.LANGUAGE and (len(value) == 2 or value[2:3] in {"-", "_"}):
            value = _LANGUAGE_CODES.get(value[:2].lower(), value)
        return self.names.find(facet, value)


def _cells(row: ImportRow) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The cells of a row that name tags, by facet; blank ones left out."""
    if row.industry:
        yield Facet.INDUSTRY, row.industry
    if row.products:
        yield Facet.PRODUCT, row.products
    if row.solutions:
        yield Facet.SOLUTION, row.solutions
    if row.region:
        yield Facet.REGION, row.region
    if row.role:
        yield Facet.ROLE, (row.role,)
    if row.languages:
        yield Facet.LANGUAGE, row.languages


def read_known_tags() -> list[KnownTag]:
    """All tags with their synonyms and what is above them; three queries."""
    synonyms: dict[int, list[str]] = defaultdict(list)
    for tag_id, text in TagSynonym.objects.order_by("id").values_list("tag_id", "text"):
        synonyms[tag_id].append(text)
    containers: dict[int, list[int]] = defaultdict(list)
    for tag_id, container_id in TagContainment.objects.values_list("tag_id", "container_id"):
        containers[tag_id].append(container_id)
    rows = list(Tag.objects.values_list("id", "facet", "slug", "name", "status", "parent_id", "merged_into_id"))
    merged = {row[0]: row[6] for row in rows if row[6]}
    return [
        KnownTag(
            id=tag_id,
            facet=facet,
            slug=slug,
            name=name,
            status=status,
            stands_for=_follow(tag_id, merged),
            parents=tuple([parent] * bool(parent) + containers[tag_id]),
            synonyms=tuple(synonyms[tag_id]),
        )
        for tag_id, facet, slug, name, status, parent, _ in rows
    ]


def _follow(tag_id: int, merged: dict[int, int]) -> int:
    while tag_id in merged:
        tag_id = merged[tag_id]
    return tag_id
