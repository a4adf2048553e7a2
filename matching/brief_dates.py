"""Dates in a brief: "by Friday", "end of Q1", "within two weeks" become the last day on which help is useful."""

import calendar
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from references.words import Span

ASAP_DAYS = 7
"""Days that "as soon as possible" leaves."""

_MONTH_NUMBERS = {
    name: number for number, name in enumerate("jan feb mar apr may jun jul aug sep oct nov dec".split(), start=1)
}
_DAY_NUMBERS = {name: number for number, name in enumerate("mon tue wed thu fri sat sun".split())}
_COUNTS = {
    name: number
    for number, name in enumerate("one two three four five six seven eight nine ten eleven twelve".split(), start=1)
} | {"a": 1, "an": 1, "couple of": 2, "few": 3}

_MONTH = (
    r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b\.?"
)
_WEEKDAY = (
    r"(?P<weekday>mon(?:day)?|tue(?:s(?:day)?)?|wed(?:nesday)?|thu(?:rs(?:day)?)?|fri(?:day)?"
    r"|sat(?:urday)?|sun(?:day)?)"
)
_YEAR = r"(?P<year>20[0-9]{2})"
_DAY = r"(?P<day>[0-3]?[0-9])(?:st|nd|rd|th)?"
_UNTIL = r"(?P<lead>no later than|by|before|until|till|due|deadline:?|on|for)\s+(?:the\s+)?"
_COUNT = (
    r"(?:a |the )?(?P<count>[0-9]{1,3}|an?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve"
    r"|couple of|few)"
)

Resolver = Callable[[re.Match[str], date], date | None]


@dataclass(frozen=True, slots=True)
class FoundDate:
    """A day and where the brief names it."""

    day: date
    span: Span


def find_date(text: str, today: date) -> FoundDate | None:
    """Give the day by which help is needed, today or later: a named deadline first, else the first date in the text."""
    best: tuple[int, int, FoundDate] | None = None
    for rank, pattern, resolve in _PATTERNS:
        for match in pattern.finditer(text):
            day = _resolve(resolve, match, today)
            if day is None or day < today:
                continue
            is_deadline = (
                re.match(r"no later|by|before|until|till|due|deadline", match.group(), re.IGNORECASE) is not None
            )
            key = (rank - (10 if is_deadline else 0), match.start())
            if best is None or key < best[:2]:
                best = (*key, FoundDate(day, Span(*match.span())))
    return None if best is None else best[2]


def _resolve(resolve: Resolver, match: re.Match[str], today: date) -> date | None:
    try:
        return resolve(match, today)
    except (ValueError, OverflowError):  # 31 June, a year past 9999: not a date
        return None


def _month_end(year: int, month: int) -> date:
    year, month = year + (month - 1) // 12, (month - 1) % 12 + 1
    return date(year, month, calendar.monthrange(year, month)[1])


def _month_of(match: re.Match[str]) -> int:
    return _MONTH_NUMBERS[match["month"].lower()[:3]]


def _coming(year: str | None, month: int, today: date) -> int:
    """The year meant: as written, else this one unless the month is over."""
    if year is not None:
        return int(year)
    return today.year if month >= today.month else today.year + 1


def _iso(match: re.Match[str], today: date) -> date:
    return date(int(match["year"]), int(match["m"]), int(match["day"]))


def _day_month(match: re.Match[str], today: date) -> date:
    month, day = _month_of(match), int(match["day"])
    if match["year"] is not None:
        return date(int(match["year"]), month, day)
    meant = date(today.year, month, day)
    return meant if meant >= today else date(today.year + 1, month, day)


def _numeric(match: re.Match[str], today: date) -> date:
    first, second = int(match["first"]), int(match["second"])
    is_day_first = match["mark"] == "." or first > 12
    day, month = (first, second) if is_day_first else (second, first)
    if match["year"] is not None:
        return date(int(match["year"]), month, day)
    meant = date(today.year, month, day)
    return meant if meant >= today else date(today.year + 1, month, day)


def _quarter(match: re.Match[str], today: date) -> date:
    number = int(match["quarter"])
    year = match["year"]
    last = _month_end(int(year) if year else today.year, number * 3)
    if year is None and last < today:
        last = _month_end(today.year + 1, number * 3)
    return date(last.year, last.month - 2, 1) - timedelta(days=1) if _is_before(match) else last


def _half(match: re.Match[str], today: date) -> date:
    last = _month_end(int(match["year"]) if match["year"] else today.year, int(match["half"]) * 6)
    return last if last >= today or match["year"] else _month_end(today.year + 1, last.month)


def _is_before(match: re.Match[str]) -> bool:
    return (match["lead"] or "").lower() == "before" and not match["edge"]


def _month_only(match: re.Match[str], today: date) -> date | None:
    if not match["lead"] and not match["edge"]:
        return None  # "March" alone: a name, or the past
    month = _month_of(match)
    year = _coming(match["year"], month, today)
    lead, edge = (match["lead"] or "").lower(), (match["edge"] or "").lower().removeprefix("the ")
    first = date(year, month, 1)
    if edge.startswith(("early", "beginning", "start")):
        return date(year, month, 10)
    if edge.startswith("mid"):
        return date(year, month, 15)
    if edge or lead not in ("by", "before", "until", "till", "no later than"):
        return _month_end(year, month)
    return first - timedelta(days=1) if lead == "before" else first


def _weekday(match: re.Match[str], today: date) -> date:
    number = _DAY_NUMBERS[match["weekday"].lower()[:3]]
    ahead = (number - today.weekday()) % 7
    lead = match["lead"].lower()
    if lead.endswith("next"):
        return today + timedelta(days=number - today.weekday() + 7)
    return today + timedelta(days=ahead)


def _this_or_next(match: re.Match[str], today: date) -> date:
    step = 1 if match["which"].lower() in ("next", "following", "coming") else 0
    unit = match["unit"].lower()
    if unit == "week":
        friday = today + timedelta(days=4 - today.weekday() + 7 * step)
        return max(friday, today)
    if unit == "month":
        return _month_end(today.year, today.month + step)
    return _month_end(today.year, ((today.month - 1) // 3 + 1 + step) * 3)


def _end_of(match: re.Match[str], today: date) -> date:
    unit = (match["unit"] or match["short"]).lower()
    step = 1 if (match["which"] or "").lower().startswith("next") else 0
    if unit in ("week", "w"):
        return max(today + timedelta(days=4 - today.weekday() + 7 * step), today)
    if unit in ("month", "m"):
        return _month_end(today.year, today.month + step)
    if unit in ("quarter", "q"):
        return _month_end(today.year, ((today.month - 1) // 3 + 1 + step) * 3)
    if unit in ("day", "d", "today"):
        return today
    return date(today.year + step, 12, 31)


def _within(match: re.Match[str], today: date) -> date:
    written = match["count"].lower()
    count = int(written) if written.isdigit() else _COUNTS[written]
    unit = match["unit"].lower()
    if unit.startswith("month"):
        last = _month_end(today.year, today.month + count)
        return last.replace(day=min(last.day, today.day))
    return today + timedelta(days=count * (7 if unit.startswith("week") else 1))


def _spoken(match: re.Match[str], today: date) -> date:
    if match["now"]:
        return today
    return today + timedelta(days=2 if match["later"].lower().startswith("day") else 1)


def _asap(match: re.Match[str], today: date) -> date:
    return today + timedelta(days=ASAP_DAYS)


def _compile(*parts: str) -> re.Pattern[str]:
    return re.compile("".join(parts), re.IGNORECASE)


_BY = r"\b(?:by |before |until |within )?(?:the )?"
_EDGE = r"(?P<edge>(?:the )?(?:end of|late|early|mid|middle of|beginning of|start of)[\s-]+)?"
_OF_YEAR = rf"(?:[\s/,-]*{_YEAR}\b)?"
_PARTS = r"\b(?!\s+(?:evenings|mornings|nights|afternoons))"
_NUMERIC = r"(?P<first>[0-3]?[0-9])(?P<mark>[/.])(?P<second>[0-3]?[0-9])"
_PATTERNS: tuple[tuple[int, re.Pattern[str], Resolver], ...] = (
    (1, _compile(rf"(?:{_UNTIL})?\b{_YEAR}-(?P<m>[01][0-9])-(?P<day>[0-3][0-9])\b"), _iso),
    (1, _compile(rf"(?:\b{_UNTIL})?\b{_DAY}\s+(?:of\s+)?{_MONTH}(?:,?\s+{_YEAR}\b)?"), _day_month),
    (
        1,
        _compile(rf"(?:\b{_UNTIL})?\b{_MONTH}\s+{_DAY}\b(?!\s*(?:%|people|million|k\b))", rf"(?:,?\s+{_YEAR}\b)?"),
        _day_month,
    ),
    (1, _compile(rf"\b{_UNTIL}{_NUMERIC}(?:[/.]{_YEAR}|\.|\b)(?![0-9%])"), _numeric),
    (1, _compile(rf"\b{_NUMERIC}[/.]{_YEAR}\b"), _numeric),
    (
        2,
        _compile(rf"(?:\b(?P<lead>by|before|in|until|for)\s+)?{_EDGE}\bQ(?P<quarter>[1-4])\b", _OF_YEAR),
        _quarter,
    ),
    (2, _compile(r"\b(?:by|before|in|until|end of)\s+(?:the )?H(?P<half>[12])\b", _OF_YEAR), _half),
    (
        2,
        _compile(
            r"\b(?P<lead>no later than|by|before|until|till|in|for|during|this|next)?\s*\b",
            rf"{_EDGE}(?<=[\s-]){_MONTH}(?!\s+[0-9]{{1,2}}\b)(?:,?\s+{_YEAR}\b)?",
        ),
        _month_only,
    ),
    (
        2,
        _compile(
            r"\b(?P<lead>(?:no later than|by|before|until|till|due|on|for)(?:\s+(?:this|next|coming))?",
            rf"|this|next|coming)\s+{_WEEKDAY}{_PARTS}",
        ),
        _weekday,
    ),
    (
        3,
        _compile(
            rf"{_BY}end of (?:the |this )?(?P<which>next )?(?P<unit>week|month|quarter|year|day|today)\b(?P<short>)"
        ),
        _end_of,
    ),
    (
        3,
        _compile(
            r"\b(?:by|before|until|at) (?:the )?(?P<which>)(?P<unit>week|month|quarter|year)[ -]?end\b(?P<short>)"
        ),
        _end_of,
    ),
    (3, _compile(rf"{_BY}(?P<which>)(?P<unit>)EO(?P<short>[DWMQY])\b"), _end_of),
    (3, _compile(rf"{_BY}(?P<which>this|next|following|coming) (?P<unit>week|month|quarter)\b"), _this_or_next),
    (
        3,
        _compile(
            rf"\b(?:within|in|over|inside)\s+(?:the next\s+)?{_COUNT}\s+(?:working |business )?",
            r"(?P<unit>days?|weeks?|months?)\b(?!\s+of\b)",
        ),
        _within,
    ),
    (3, _compile(r"\b(?:by|before|until|needed|for)\s+(?P<later>)(?P<now>today|tonight)\b"), _spoken),
    (3, _compile(rf"{_BY}(?P<now>)(?P<later>day after tomorrow|tomorrow)\b"), _spoken),
    (4, _compile(r"\b(?:asap|as soon as possible|urgent(?:ly)?|immediately|right away|straight away)\b"), _asap),
)
