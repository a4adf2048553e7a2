"""The state of the pool list: search, selection, order, page and look, all of it in the query string."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, Self, get_args

from django.http import QueryDict
from django.urls import reverse

from web.querying import ANY_KEY, fill_key, group_keys, read_keys, read_number, toggle, write_query

Sort = Literal["name", "-name", "fatigue", "-fatigue", "last_used", "-last_used", "relevance"]
Look = Literal["table", "cards"]
PAGE_SIZE = 25
MOST_PAGES = 1_000_000


@dataclass(frozen=True, slots=True)
class PoolState:
    """What is looked for in the pool and how it is shown. An empty `sort` means by relevance, or name without text."""

    text: str = ""
    chosen: tuple[str, ...] = ()
    sort: str = ""
    page: int = 1
    look: str = "table"

    @classmethod
    def from_query(cls, query: QueryDict) -> Self:
        """Read a query string; what cannot be understood is left out."""
        sort, look = query.get("sort", ""), query.get("look", "")
        return cls(
            text=query.get("q", "").strip()[:200],
            chosen=read_keys(query, "f"),
            sort=sort if sort in get_args(Sort) else "",
            page=read_number(query, "page", default=1, most=MOST_PAGES),
            look=look if look in get_args(Look) else "table",
        )

    @property
    def chosen_by_facet(self) -> dict[str, tuple[str, ...]]:
        """The selection as a search takes it."""
        return group_keys(self.chosen)

    @property
    def order(self) -> str:
        """The order searched in."""
        return self.sort or ("relevance" if self.text else "name")

    @property
    def ask_url(self) -> str:
        """Where those found are asked for something."""
        return reverse("web:ask-suggestions") + write_query({"q": self.text, "f": self.chosen})

    def url(self, **changes: Any) -> str:
        """The address of this state with some fields changed; another selection starts on page one."""
        if changes.keys() - {"page", "look"}:
            changes.setdefault("page", 1)
        state = replace(self, **changes)
        values: dict[str, str | Sequence[str]] = {
            "q": state.text,
            "f": state.chosen,
            "sort": state.sort,
            "page": "" if state.page == 1 else str(state.page),
            "look": "" if state.look == "table" else state.look,
        }
        return reverse("web:pool") + write_query(values)

    def url_toggling(self, key: str) -> str:
        """The address with a facet's value chosen, or no longer."""
        return self.url(chosen=toggle(self.chosen, key))

    def toggler(self) -> Callable[[str], str]:
        """`url_toggling` for a whole page of values: what they share is written once."""
        add = fill_key(self.url(chosen=(*self.chosen, ANY_KEY)))
        return lambda key: self.url_toggling(key) if key in self.chosen else add(key)

    def url_sorting(self, name: str) -> str:
        """The address ordered by a column, the other way round where it is already."""
        return self.url(sort=f"-{name}" if self.order == name else name)
