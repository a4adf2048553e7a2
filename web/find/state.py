"""The state of the find page: all of it lies in the query string, so that any view of it can be shared."""

import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Literal, Self, get_args

from django.http import QueryDict
from django.urls import reverse

from matching.search import Corrections
from references.activities import BY_CODE
from web.querying import ANY_KEY, fill_key, group_keys, read_day, read_keys, read_number, toggle, write_query

Tab = Literal["people", "stories", "not-now"]
Correction = Literal["added", "dropped", "must", "excluded", "wished"]
PAGE = 10
MOST = 100
TEXT_LIMIT = 3_000
MOST_ID = 2**62


@dataclass(frozen=True, slots=True)
class FindState:
    """A brief, its corrections, the refinement and what is looked at. Tags are "facet:slug" keys.

    `request_id` is the request that a story is looked for meanwhile; 0 for none.

    Corrections and refinements belong to one text: when `was`, the mark of the text they were made for, differs from
    that of the text sent, they fall away.
    """

    text: str = ""
    activity: str = ""
    on: date | None = None
    added: tuple[str, ...] = ()
    dropped: tuple[str, ...] = ()
    must: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()
    wished: tuple[str, ...] = ()
    chosen: tuple[str, ...] = ()
    tab: Tab = "people"
    limit: int = PAGE
    request_id: int = 0

    @classmethod
    def from_query(cls, query: QueryDict) -> Self:
        """Read a query string; what cannot be understood is left out."""
        activity, tab = query.get("activity", ""), query.get("tab", "")
        state = cls(
            text=query.get("q", "").strip()[:TEXT_LIMIT],
            activity=activity if activity in BY_CODE else "",
            on=read_day(query, "on"),
            added=read_keys(query, "add"),
            dropped=read_keys(query, "drop"),
            must=read_keys(query, "must"),
            excluded=read_keys(query, "not"),
            wished=read_keys(query, "nice"),
            chosen=read_keys(query, "f"),
            tab=tab if tab in get_args(Tab) else "people",  # type: ignore[arg-type]
            limit=read_number(query, "limit", default=PAGE, most=MOST),
            request_id=read_number(query, "request", default=0, most=MOST_ID),
        )
        if query.get("was") and query["was"] != mark_of(state.text):
            return cls(text=state.text, activity=state.activity, on=state.on, request_id=state.request_id)
        return state

    @property
    def chosen_by_facet(self) -> dict[str, tuple[str, ...]]:
        """The refinement as a search takes it."""
        return group_keys(self.chosen)

    @property
    def is_corrected(self) -> bool:
        return self.corrections != Corrections()

    @property
    def corrections(self) -> Corrections:
        """The corrections as a search takes them."""
        return Corrections(self.added, self.dropped, self.must, self.excluded, self.wished)

    def kept(self) -> dict[str, Sequence[str]]:
        """What the form carries along beside its own boxes."""
        return {
            "add": self.added,
            "drop": self.dropped,
            "must": self.must,
            "not": self.excluded,
            "nice": self.wished,
            "f": self.chosen,
            "was": (mark_of(self.text),) if self.is_corrected or self.chosen else (),
            "request": (str(self.request_id),) if self.request_id else (),
        }

    def url(self, **changes: Any) -> str:
        """The address of this state with some fields changed; another question starts at the first ten again."""
        if changes.keys() - {"tab", "limit"}:
            changes.setdefault("limit", PAGE)
        return reverse("web:find") + replace(self, **changes).query()

    def query(self) -> str:
        """The query string that holds this state."""
        values: dict[str, str | Sequence[str]] = {
            "q": self.text,
            "activity": self.activity,
            "on": self.on.isoformat() if self.on else "",
            **self.kept(),
            "tab": "" if self.tab == "people" else self.tab,
            "limit": "" if self.limit == PAGE else str(self.limit),
        }
        return write_query(values)

    def url_with(self, key: str, correction: Correction | None) -> str:
        """The address where `key` stands under one correction only, or, for None, as the text alone reads it."""
        lists = {name: tuple(each for each in getattr(self, name) if each != key) for name in get_args(Correction)}
        if correction is not None:
            lists[correction] = (*lists[correction], key)
        return self.url(**lists)

    def url_toggling(self, key: str) -> str:
        """The address with a facet's value added to the refinement, or taken out."""
        return self.url(chosen=toggle(self.chosen, key))

    def toggler(self) -> Callable[[str], str]:
        """`url_toggling` for a whole page of values: what they share is written once."""
        add = fill_key(self.url(chosen=(*self.chosen, ANY_KEY)))
        return lambda key: self.url_toggling(key) if key in self.chosen else add(key)


def mark_of(text: str) -> str:
    """A short mark by which a text is known again, not a secret."""
    return f"{zlib.crc32(text.encode()):08x}"
