"""The starter vocabulary: reads the CSV files beside it into plain rows, with no database in sight."""

import csv
from dataclasses import dataclass
from pathlib import Path

from references.vocabulary import Vocabulary, VocabularyTag

FACETS: tuple[str, ...] = ("industry", "solution", "region", "role", "seniority", "size", "language")
ORDERED_FACETS: frozenset[str] = frozenset({"seniority", "size"})

_FOLDER = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class StarterTag:
    """One row: `parent` is the slug directly above ("" at the top), `also_in` further groups, `order` its place,
    `languages` the slugs of those spoken in a region.

    Synonyms are as written, with the marks that `references.synonyms.parse_synonym` reads.
    """

    facet: str
    slug: str
    name: str
    parent: str
    also_in: tuple[str, ...]
    synonyms: tuple[str, ...]
    order: int
    languages: tuple[str, ...] = ()

    @property
    def parents(self) -> tuple[str, ...]:
        """Slugs directly above, the main one first."""
        return tuple(slug for slug in (self.parent, *self.also_in) if slug)


def load_facet(facet: str) -> tuple[StarterTag, ...]:
    """Read the rows of one of `FACETS` in file order, parents first; ordered facets go from low to high."""
    with (_FOLDER / f"{facet}.csv").open(encoding="utf-8", newline="") as lines:
        return tuple(
            StarterTag(
                facet=facet,
                slug=row["slug"],
                name=row["name"],
                parent=row["parent"],
                also_in=_split(row["also_in"]),
                synonyms=_split(row["synonyms"]),
                order=order,
                languages=_split(row.get("languages", "")),
            )
            for order, row in enumerate(csv.DictReader(lines))
        )


def load_starter() -> tuple[StarterTag, ...]:
    """Read the rows of all facets."""
    return tuple(tag for facet in FACETS for tag in load_facet(facet))


def build_starter_vocabulary() -> Vocabulary:
    """Give the starter tags as a `Vocabulary`, ids counting from 1 in file order."""
    rows = load_starter()
    ids = {(row.facet, row.slug): number for number, row in enumerate(rows, start=1)}
    return Vocabulary(
        tuple(
            VocabularyTag(
                id=ids[row.facet, row.slug],
                facet=row.facet,
                slug=row.slug,
                name=row.name,
                parents=tuple(ids[row.facet, parent] for parent in row.parents),
                synonyms=row.synonyms,
                languages=tuple(ids["language", slug] for slug in row.languages),
            )
            for row in rows
        )
    )


def _split(cell: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in cell.split("|") if part.strip())
