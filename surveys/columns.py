"""Finds the columns of an export of answers: the score, the day, the comment, the person, and what is worth keeping."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from references.importing.aliases import squeeze
from references.importing.cells import clean_text, is_blank
from references.importing.dates import is_day_first
from references.importing.errors import ImportRefusedError
from surveys.cells import is_day, is_score, parse_score
from surveys.headings import (
    FAIR,
    NONE,
    STRONG,
    WEAK,
    find_person_field,
    is_private,
    rank_comment,
    rank_day,
    rank_score,
    split_heading,
)

MOST_VALUES = 60
"""A column with more different values than this is no segment, and is not kept."""
LONGEST_VALUE = 100
MOST_KEPT = 80
LONGEST_NAME = 200
BLANK = "(blank)"
_LABEL_ROWS = 3
_LABELS = frozenset({"response", "open-ended response", "open ended response", "antwort", "réponse", "respuesta"})


@dataclass(slots=True)
class ColumnFacts:
    """What one column holds: counts of cells that are not blank, and the different `values` up to `MOST_VALUES`."""

    heading: str
    label: str = ""
    filled: int = 0
    scores: int = 0
    top: int = -1
    days: int = 0
    day_balance: int = 0
    addresses: int = 0
    numbers: int = 0
    longest: int = 0
    rows: int = 0
    values: set[str] = field(default_factory=set)

    @property
    def name(self) -> str:
        """The heading to call it by: its own, or the label below it."""
        return self.heading or self.label

    @property
    def is_day_first(self) -> bool:
        """Whether the column's own dates put the day first, by those that leave no doubt; American if none does."""
        return self.day_balance > 0

    def see(self, cell: str) -> None:
        """Count one cell."""
        text = clean_text(cell)
        self.rows += 1
        if len(self.values) <= MOST_VALUES:
            self.values.add(text)
        if is_blank(text):
            return
        self.filled += 1
        self.longest = max(self.longest, len(text))
        if len(text) <= 60 and is_score(text):
            self.scores += 1
            self.top = max(self.top, parse_score(text) or 0)
        if text[:1] in "+-0123456789" and text.lstrip("+-").replace(".", "", 1).isdigit():
            self.numbers += 1
        if "@" in text:
            self.addresses += 1
        if any(each.isdigit() for each in text[:40]) and is_day(text):
            self.days += 1
            verdict = is_day_first(text) if "." not in text else None
            self.day_balance += 0 if verdict is None else 1 if verdict else -1


@dataclass(frozen=True, slots=True)
class Columns:
    """Which column is which, by place from 0; None where the file has none.

    `label_rows` below the headings are no answers; `attributes` are the other columns worth keeping, by name.
    """

    score: int
    day: int | None = None
    comment: int | None = None
    email: int | None = None
    external_id: int | None = None
    name: int | None = None
    first_name: int | None = None
    last_name: int | None = None
    customer: int | None = None
    day_first: bool = False
    label_rows: int = 0
    attributes: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class GivenColumns:
    """Columns named by whoever imports; "" is guessed."""

    score: str = ""
    day: str = ""
    comment: str = ""


def name_attribute(heading: str) -> str:
    """What an attribute is kept and asked for as: its heading, cut, without what a path into JSON takes otherwise."""
    name = heading.replace('"', "'")[:LONGEST_NAME]
    return f"column {name}" if name.lstrip("-").isdigit() else name


def count_label_rows(rows: Sequence[Sequence[str]]) -> int:
    """How many of the first rows below the headings only explain them, as Qualtrics' two and SurveyMonkey's one do."""
    for place, row in enumerate(rows[:_LABEL_ROWS]):
        if any(cell.lstrip().startswith('{"ImportId"') for cell in row):
            return place + 1
    first = [clean_text(cell).lower() for cell in rows[0]] if rows else []
    is_label_row = any(cell in _LABELS for cell in first) and not any(is_score(cell) or "@" in cell for cell in first)
    return int(is_label_row)


def observe(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> tuple[list[ColumnFacts], int]:
    """Read every row once: the facts of each column, and how many rows below the headings only explain them."""
    stream = iter(rows)
    start = [row for row, _ in zip(stream, range(_LABEL_ROWS + 1), strict=False)]
    labels = count_label_rows(start)
    facts = [ColumnFacts(heading) for heading in headings]
    for row in start[:labels]:
        for each, cell in zip(facts, row, strict=False):
            if not cell.lstrip().startswith('{"ImportId"'):
                each.label = each.label or clean_text(cell)
    for row in _chain(start[labels:], stream):
        for place, each in enumerate(facts):
            each.see(row[place] if place < len(row) else "")
    return facts, labels


def _chain(first: Iterable[Sequence[str]], rest: Iterator[Sequence[str]]) -> Iterator[Sequence[str]]:
    yield from first
    yield from rest


def guess_columns(facts: Sequence[ColumnFacts], label_rows: int = 0, given: GivenColumns | None = None) -> Columns:
    """Say which column is which, from headings and values; what is given is taken as it is.

    Raises ImportRefusedError: no_column (a given one that is not there), no_score, ambiguous_score, other_scale.
    """
    given = given or GivenColumns()
    score = _find_given(facts, given.score) if given.score else _guess_score(facts)
    if not facts[score].scores:
        raise ImportRefusedError(
            "no_score", f"“{facts[score].name}” holds no score from 0 to 10.", "Name the column that does."
        )
    day = _find_given(facts, given.day) if given.day else _guess(facts, rank_day, _holds_days, {score})
    taken = {place for place in (score, day) if place is not None}
    comment = _find_given(facts, given.comment) if given.comment else _guess(facts, rank_comment, _holds_text, taken)
    taken |= {comment} if comment is not None else set()
    person = _guess_person(facts, taken)
    return Columns(
        score=score,
        day=day,
        comment=comment,
        day_first=day is not None and facts[day].is_day_first,
        label_rows=label_rows,
        attributes=_choose_attributes(facts, taken | set(person.values())),
        **person,
    )


def _find_given(facts: Sequence[ColumnFacts], name: str) -> int:
    for alike in (lambda heading: heading == name, lambda heading: squeeze(heading) == squeeze(name)):
        for place, each in enumerate(facts):
            if each.name and (alike(each.heading) or (each.label and alike(each.label))):
                return place
    raise ImportRefusedError("no_column", f"There is no column “{name}”.", f"The columns are: {_list(facts)}.")


def _guess_score(facts: Sequence[ColumnFacts]) -> int:
    """The one column whose heading asks for the score best and whose values are mostly scores."""
    ranks = [_rank_score_column(each) for each in facts]
    best = max(ranks, default=NONE)
    if best == NONE:
        hint = [each.name for each in facts if each.name and each.scores and each.scores == each.filled][:10]
        held = f" These hold numbers from 0 to 10: {', '.join(hint)}." if hint else ""
        raise ImportRefusedError(
            "no_score", f"No column says it is the score.{held}", f"Name it. The columns are: {_list(facts)}."
        )
    found = [place for place, each in enumerate(facts) if ranks[place] == best or _contends(each, best)]
    if len(found) > 1:
        names = " and ".join(f"“{facts[place].name}”" for place in found)
        raise ImportRefusedError("ambiguous_score", f"{names} could each be the score.", "Name the one that is.")
    chosen = facts[found[0]]
    if _has_other_scale(chosen):
        raise ImportRefusedError(
            "other_scale",
            f"“{chosen.name}” never goes above {chosen.top}, so it hardly is a score from 0 to 10.",
            "Name it as the score if it is one all the same.",
        )
    return found[0]


_LEAST_SHARE = {WEAK: 0.9, FAIR: 0.8, STRONG: 0.5}


def _rank_score_heading(facts: ColumnFacts) -> int:
    if split_heading(facts.heading)[-1:] == ("group",):
        return NONE
    return max(rank_score(facts.heading), rank_score(facts.label))


def _contends(facts: ColumnFacts, rank: int) -> bool:
    """Whether a column asks for the score as well as the best does, though many of its values are none."""
    return _rank_score_heading(facts) == rank and 2 * facts.scores >= facts.filled > 0 and not _has_other_scale(facts)


def _rank_score_column(facts: ColumnFacts) -> int:
    rank = _rank_score_heading(facts)
    if rank == NONE or not facts.scores or facts.scores < _LEAST_SHARE[rank] * facts.filled:
        return NONE
    return rank if rank == STRONG or not _has_other_scale(facts) else NONE


def _has_other_scale(facts: ColumnFacts) -> bool:
    """Whether so many answers without a high one speak of one to five stars, or of one to seven."""
    return (facts.top <= 5 and facts.scores >= 10) or (facts.top <= 7 and facts.scores >= 40)


def _guess(
    facts: Sequence[ColumnFacts], rank: Callable[[str], int], holds: Callable[[ColumnFacts], bool], taken: set[int]
) -> int | None:
    """The column with the best heading whose values fit, the leftmost of equals."""
    best: tuple[int, int] = (NONE, 0)
    for place, each in enumerate(facts):
        if place not in taken and holds(each):
            best = max(best, (max(rank(each.heading), rank(each.label)), -place))
    return -best[1] if best[0] != NONE else None


def _holds_days(facts: ColumnFacts) -> bool:
    return facts.filled > 0 and facts.days >= 0.8 * facts.filled


def _holds_text(facts: ColumnFacts) -> bool:
    return facts.filled == 0 or facts.numbers <= 0.2 * facts.filled >= facts.days + facts.addresses


def _guess_person(facts: Sequence[ColumnFacts], taken: set[int]) -> dict[str, int]:
    found: dict[str, int] = {}
    for place, each in enumerate(facts):
        name = find_person_field(each.heading) or find_person_field(each.label)
        if place in taken or not name or name in found or (name == "email" and not each.addresses):
            continue
        found[name] = place
    return found


def _choose_attributes(facts: Sequence[ColumnFacts], taken: set[int]) -> tuple[tuple[str, int], ...]:
    """Columns with few different values, none of them long, and nothing that tells who somebody is."""
    chosen = [
        (name_attribute(each.name), place)
        for place, each in enumerate(facts)
        if place not in taken and each.name and _is_segment(each)
    ]
    return tuple(chosen[:MOST_KEPT])


def _is_segment(facts: ColumnFacts) -> bool:
    if not facts.filled or facts.addresses or is_private(facts.heading) or is_private(facts.label):
        return False
    if len(facts.values) > MOST_VALUES or facts.longest > LONGEST_VALUE:
        return False
    return facts.rows < 20 or len(facts.values) <= facts.rows / 2


def _list(facts: Sequence[ColumnFacts]) -> str:
    names = [each.name[:60] for each in facts if each.name]
    return ", ".join(names[:30]) + (f" and {len(names) - 30} more" if len(names) > 30 else "")
