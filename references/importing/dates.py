"""Reads the many ways a date is written in an export."""

import re
from datetime import date, timedelta

from references.importing.errors import CellError
from references.importing.remembering import remembered
from references.text import fold

_CLOCK = r"\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?\s*(?:[AaPp]\.?[Mm]\.?)?"
_ZONE = r"(?:Z|[+-]\d{2}:?\d{2}|[A-Z]{3,4}|\s)*"
_TIME = rf"(?:[T ]+{_CLOCK}{_ZONE})?"
_YEAR_FIRST = re.compile(rf"^(\d{{4}})[-/.](\d{{1,2}})[-/.](\d{{1,2}}){_TIME}$")
_SERIAL = re.compile(r"^[2-7]\d{4}(?:\.\d+)?$")  # a day as Excel counts it, from 1954 to 2119
_EASTERN = re.compile(rf"^(\d{{4}})\s?[年년.]\s?(\d{{1,2}})\s?[月월.]\s?(\d{{1,2}})\s?[日일.]?{_TIME}$")
_COMPACT = re.compile(r"^(\d{4})(\d{2})(\d{2})$")
_YEAR_LAST = re.compile(rf"^(\d{{1,2}})([-/.])\s?(\d{{1,2}})\2\s?(\d{{4}}|\d{{2}}){_TIME}$")
_DAY_MONTH = re.compile(
    rf"^(\d{{1,2}})(?:st|nd|rd|th|er|\.|º)?[\s-]+(?:de\s+)?([^\W\d]+)\.?,?[\s-]+(?:de\s+)?(\d{{4}}|\d{{2}}){_TIME}$"
)
_MONTH_DAY = re.compile(rf"^([^\W\d]+)\.?\s+(\d{{1,2}})(?:st|nd|rd|th)?,?\s+(\d{{4}}){_TIME}$")
_WEEKDAY = re.compile(
    r"^(?:mon|tue|wed|thu|fri|sat|sun|mo|di|mi|do|fr|sa|so|lun|mer|jeu|ven|sam|dim|mié|jue|vie|sáb|dom)[^\W\d]*\.?,\s+",
    re.IGNORECASE,
)
_MONTHS = (
    "jan ene janv gen",
    "feb febr fev",
    "mar mrz maer marz mars",
    "apr abr avr",
    "may mai mayo",
    "jun juin",
    "jul juil",
    "aug ago aout",
    "sep set sept",
    "oct okt ott",
    "nov",
    "dec dic dez",
)
_MONTH_BY_NAME = {name: number for number, names in enumerate(_MONTHS, 1) for name in names.split()}
_NO_DAY = re.compile(r"^0{1,4}[-/.]0{1,2}[-/.]0{1,4}(?:[T ][0:.]+)?$")
_DATE_EXPECTED = "a date such as 2026-01-31"


@remembered
def is_day_first(text: str) -> bool | None:
    """Whether a date such as 31/1/2026 puts the day first: None if it could be either or is no such date."""
    match = _YEAR_LAST.match(text)
    if not match:
        return None
    first, second = int(match[1]), int(match[3])
    if match[2] == ".":
        return True
    if first > 12 >= second:
        return True
    return False if second > 12 >= first else None


@remembered
def may_be_either(text: str) -> bool:
    """Whether a date such as 3/4/2026 is another day if the day stands first."""
    match = _YEAR_LAST.match(text)
    return match is not None and int(match[1]) != int(match[3]) and is_day_first(text) is None


def is_no_day(text: str) -> bool:
    """Whether a program wrote noughts where it knows no date: 0000-00-00, 0/0/00."""
    return bool(_NO_DAY.match(text))


def parse_date(text: str, *, day_first: bool = False) -> date:
    """Read a date in ISO, American, European or written form; a weekday, a time and its zone are passed over.

    `day_first` settles 3/4/2026. Two-digit years are 2000–2068, else 1969–1999; five
    figures are a day as Excel counts it. Raises CellError.
    """
    return _parse_day_first(text) if day_first else _parse_month_first(text)


@remembered
def _parse_day_first(text: str) -> date:
    return _parse(text, True)


@remembered
def _parse_month_first(text: str) -> date:
    return _parse(text, False)


def _parse(text: str, day_first: bool) -> date:
    year, month, day = _date_parts(_WEEKDAY.sub("", text), day_first)
    try:
        found = date(year, month, day)
    except ValueError:
        raise CellError("is no date in the calendar", _DATE_EXPECTED) from None
    if not 1900 <= year <= 2199:
        raise CellError("is too far away to be meant", _DATE_EXPECTED)
    return found


def _date_parts(text: str, day_first: bool) -> tuple[int, int, int]:
    match = _YEAR_FIRST.match(text) or _COMPACT.match(text) or _EASTERN.match(text)
    if match:
        return int(match[1]), int(match[2]), int(match[3])
    if _SERIAL.match(text):
        day = date(1899, 12, 30) + timedelta(days=int(text[:5]))
        return day.year, day.month, day.day
    match = _YEAR_LAST.match(text)
    if match:
        first, second, year = int(match[1]), int(match[3]), _full_year(match[4])
        settled = is_day_first(text)
        if settled is None:
            settled = day_first
        return (year, second, first) if settled else (year, first, second)
    match = _DAY_MONTH.match(text)
    if match:
        return _full_year(match[3]), _month(match[2]), int(match[1])
    match = _MONTH_DAY.match(text)
    if match:
        return int(match[3]), _month(match[1]), int(match[2])
    raise CellError("is not a date", _DATE_EXPECTED)


def _full_year(figures: str) -> int:
    year = int(figures)
    if len(figures) > 2:
        return year
    return year + (2000 if year < 69 else 1900)


def _month(name: str) -> int:
    folded = fold(name)
    for length in (4, 3):
        if folded[:length] in _MONTH_BY_NAME:
            return _MONTH_BY_NAME[folded[:length]]
    raise CellError("names no month", _DATE_EXPECTED)
