"""Job titles told in other words: who heads a function does the same work, whatever the rank is called."""

from collections import defaultdict
from collections.abc import Iterable, Iterator

_RANKS = ("manager", "director", "head", "lead", "leader", "coordinator", "supervisor", "superintendent")
_BEFORE = ("head", "director", "manager", "VP", "vice president")
_NO_FUNCTIONS = frozenset(
    "general country regional area senior executive managing team group unit department division deputy associate "
    "assistant global chief technical business school lab site office building practice service client".split()
)
"""What stands before a rank and names no function, or another one with each rank: a service manager is in IT, a service
director with customers."""
_MAX_WORDS = 3


def turn_titles(titles: Iterable[tuple[int, str]]) -> Iterator[tuple[int, str]]:
    """Give further titles of the same roles, from (role, title): of "maintenance manager" also "maintenance director",
    "head of maintenance" and "VP maintenance". A function that two roles claim is left as it is."""
    claims: dict[str, set[int]] = defaultdict(set)
    known: set[str] = set()
    for role, title in titles:
        known.add(title.casefold())
        if (function := _function(title)) is not None:
            claims[function].add(role)
    for function, roles in claims.items():
        if len(roles) > 1:
            continue
        forms = [
            *(f"{function} {rank}" for rank in _RANKS),
            *(f"{rank} of {function}" for rank in _BEFORE),
            *(f"{rank} {function}" for rank in ("VP", "director")),
        ]
        yield from ((next(iter(roles)), form) for form in forms if form.casefold() not in known)


def _function(title: str) -> str | None:
    """The function that a title with a rank names: "head of quality" and "quality manager" name quality."""
    words = title.split()
    plain = [word.casefold() for word in words]
    found: list[str] = []
    if len(words) > 2 and plain[0] in ("head", "director", "vp") and plain[1] == "of":
        found = words[2:]
    elif len(words) > 1 and plain[0] == "vp":
        found = words[1:]
    elif len(words) > 1 and plain[-1] in _RANKS:
        found = words[:-1]
    is_function = 0 < len(found) <= _MAX_WORDS and found[-1].casefold() not in _NO_FUNCTIONS
    return (
        " ".join(found) if is_function and not _NO_FUNCTIONS.intersection(each.casefold() for each in found) else None
    )
