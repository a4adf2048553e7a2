"""What the public templates are given: pieces with their addresses and marks, and the state of the wall's filters."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from django.conf import settings
from django.http import QueryDict
from django.urls import reverse

from references.wall import Choice, Choices, WallQuery, kind_label, language_name
from references.wall_pieces import Piece
from web.paging import Pages, make_pages
from web.querying import read_number, write_query
from web.wall.counting import make_mark

PAGE_SIZE = 12
MOST_PAGES = 100_000
MOST_VALUES = 10
OLDEST = "oldest"


@dataclass(frozen=True, slots=True)
class ShownPiece:
    """A piece, where it stands, and what a look at it or a click on it is counted by."""

    piece: Piece
    path: str
    picture: str
    mark: str
    kind: str

    @property
    def address(self) -> str:
        """Where it stands, in full."""
        return settings.SITE_URL + self.path

    @property
    def host(self) -> str:
        """The site that its link leads to."""
        return urlsplit(self.piece.url).netloc.removeprefix("www.")

    @property
    def key(self) -> str:
        """How the contact form names it."""
        return f"{self.piece.noun}-{self.piece.id}"


def show_piece(piece: Piece, *, place: str = "", used_in: str = "") -> ShownPiece:
    """A piece as it is shown in one place."""
    here = write_query({"used_in": used_in})
    path = reverse("web:wall-piece", args=[piece.noun.replace("_", "-"), piece.id]) + here
    picture = reverse("web:wall-picture", args=[piece.picture]) + here if piece.picture else ""
    return ShownPiece(piece, path, picture, make_mark(place, piece.noun, piece.id), kind_label(piece.kind))


@dataclass(frozen=True, slots=True)
class Chosen:
    """A filter in use, and the address without it."""

    name: str
    without: str


@dataclass(frozen=True, slots=True)
class WallState:
    """What is asked of the wall, as its address says it."""

    query: WallQuery
    page: int

    @classmethod
    def from_query(cls, given: QueryDict) -> "WallState":
        """Read the query string; what makes no sense narrows nothing, or finds nothing."""

        def many(name: str) -> tuple[str, ...]:
            return tuple(filter(None, given.getlist(name)))[:MOST_VALUES]

        return cls(
            query=WallQuery(
                search=given.get("search", "").strip()[:200],
                language=given.get("language", "")[:8],
                used_in=given.get("used_in", "")[:80],
                oldest_first=given.get("ordering") == OLDEST,
                product=many("product"),
                industry=many("industry"),
                kind=many("kind"),
            ),
            page=read_number(given, "page", default=1, most=MOST_PAGES),
        )

    @property
    def page_text(self) -> str:
        """How an address names this page; "" for the first."""
        return "" if self.page == 1 else str(self.page)

    def url(self, **changes: str | Sequence[str]) -> str:
        """The address with other values, on the first page unless `page` says otherwise."""
        values: dict[str, str | Sequence[str]] = {
            **self.query.data,
            "kind": self.query.kind,
            "ordering": OLDEST if self.query.oldest_first else "",
            **changes,
        }
        return reverse("web:wall") + write_query(values)

    def pages(self, total: int) -> Pages:
        """The pages beside this one."""
        return make_pages(self.page, total, PAGE_SIZE, lambda number: self.url(page="" if number == 1 else str(number)))

    @property
    def is_narrowed(self) -> bool:
        """Whether anything was asked for but an order."""
        return replace(self.query, oldest_first=False) != WallQuery(used_in=self.query.used_in)

    def chosen(self, choices: Choices) -> list[Chosen]:
        """The filters in use, by name, each with the address without it."""
        found = [Chosen(f"“{self.query.search}”", self.url(search=""))] if self.query.search else []
        for name in ("product", "industry"):
            asked: tuple[str, ...] = getattr(self.query, name)
            names = {each.value: each.name for each in getattr(choices, name)}
            found += [Chosen(names.get(slug, slug), self._without(name, asked, slug)) for slug in asked]
        found += [Chosen(kind_label(kind), self._without("kind", self.query.kind, kind)) for kind in self.query.kind]
        if self.query.language:
            found.append(Chosen(language_name(self.query.language), self.url(language="")))
        return found

    def _without(self, name: str, asked: Sequence[str], value: str) -> str:
        return self.url(**{name: [each for each in asked if each != value]})

    def kinds(self, choices: Choices) -> list[tuple[Choice, str, bool]]:
        """(kind, address, is it chosen) of each kind there is."""
        return [
            (each, self.url(kind="" if each.value in self.query.kind else each.value), each.value in self.query.kind)
            for each in choices.kind
        ]
