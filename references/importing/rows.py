"""Reads one row of a file into typed fields, or into the list of what is wrong with it."""

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any, TypeVar

from references.activities import CODES
from references.importing import amounts, cells, dates, names
from references.importing.agreeing import AGREES, PERMITS, parse_agreement
from references.importing.aliases import FIRST_OF
from references.importing.errors import CellError, ImportRefusedError
from references.importing.headings import Mapping
from references.importing.readers import Footer, Table
from references.importing.record import DeletedRow, ImportRow, RowProblem
from references.importing.solutions import split_solutions
from references.importing.statuses import OPTED_OUT, parse_deleted, read_status
from references.importing.titles import clean_title
from references.importing.wording import begins_table

T = TypeVar("T")
ReadRow = ImportRow | DeletedRow | list[RowProblem]

# Longest texts, in characters, as the tables of the pool hold them; longer ones are a problem of the row.
MAX_LENGTHS = {
    "customer": 200,
    "promoter": 200,
    "title": 200,
    "role": 200,
    "country": 300,
    "account_owner": 254,
    "story_id": 200,
    "story_title": 300,
    "quote_by": 200,
    "quote_title": 200,
    "external_id": 120,
    "customer_id": 120,
    "event": 200,
    "talk_title": 300,
    "event_format": 80,
    "audience": 200,
    "slot_id": 200,
}
_SHORTENED = frozenset({"talk_title", "story_title", "title", "quote_title", "country"})  # cut with a note, not refused
_MAX_TEXT = 100_000
_NONE: tuple[str, ...] = ()
_MAX_VALUE = 200
_TOTAL = re.compile(
    r"(?:(?:grand |sub)?-?totals?|total general|total général|gesamt|gesamtergebnis|summe|suma|somme)(?: *\(.*\))?:?$",
    re.IGNORECASE,
)
_NUMBER = re.compile(
    r"[^\w\s]{0,3}[A-Z]{0,3} ?[\d.,'’ %-]+ ?"
    r"(?:[^\w\s]?[A-Z]{0,3}|(?i:records?|rows?|items?|contacts?|accounts?|datensätze))$"
)
_ID = re.compile(r"[\w-]+$")
_CROSSES = ("✗", "✘", "☐", "☑", "☒")
_SHORT = 100  # characters; a longer cell is seldom told twice
_REMEMBERED = 4_096  # cells of one field
Memory = dict[str, dict[str, Any]]
"""What the cells of a file came to, by field."""
_LINKED = frozenset({"customer", "promoter", "story_title", "event", "talk_title"})
_NAMES = frozenset({"promoter", "first_name", "last_name", "customer", "quote_by"})


def read_row(
    line: int, row: Sequence[str], mapping: Mapping, *, day_first: bool = False, memory: Memory | None = None
) -> ReadRow:
    """Read the cells of one row under `mapping`; all problems of the row at once, or else the row. Of one that is
    deleted in the CRM nothing more is read.

    `day_first` settles dates such as 3/4/2026 (see find_day_first). `memory` is for the rows of one file, whose cells
    say the same over and over.
    """
    width = len(mapping.columns)
    if len(row) != width:
        return [_ragged(line, row, width)]
    if _is_total(row):
        return [RowProblem(line, "", "", " | ".join(row)[:120], "is a row of totals", "no such row: take it out")]
    reader = _Reader(line, row, mapping, day_first, {} if memory is None else memory)
    if deleted := _read_deleted(reader):
        return deleted
    read = _read_fields(reader)
    return reader.problems or read


def read_rows(table: Table, mapping: Mapping, *, day_first: bool = False) -> Iterator[ReadRow]:
    """Read every row of a table in its order, one at a time; what a report says of itself at its end is passed over."""
    memory: Memory = {}
    for line, row in table.rows():
        if isinstance(row, Footer):
            continue
        if begins_table(row):
            message = f"Another table begins in line {line}: {', '.join(filter(None, row))[:200]}."
            raise ImportRefusedError("two_tables", message, "Save each table as a file or a sheet of its own.")
        yield read_row(line, row, mapping, day_first=day_first, memory=memory)


class _Reader:
    """The cells of one row by field; collects what is wrong instead of stopping at it."""

    def __init__(self, line: int, row: Sequence[str], mapping: Mapping, day_first: bool, memory: Memory) -> None:
        self.line = line
        self._row = row
        self._mapping = mapping
        self._places = mapping.positions
        self._day_first = day_first
        self._memory = memory
        self.fields = mapping.fields
        self.problems: list[RowProblem] = []
        self.notes: list[RowProblem] = []

    def read(self, field: str) -> Any:
        """What a field says, as its own reader has it; remembered for short cells that left nothing to tell."""
        places = self._places.get(field)
        if places is None or len(places) > 1 or len(cell := self._row[places[0]]) > _SHORT:
            return _READERS[field](self)
        known = self._memory.setdefault(field, {})
        if cell in known:
            return known[cell]
        told = len(self.problems) + len(self.notes)
        value = _READERS[field](self)
        if told == len(self.problems) + len(self.notes):
            if len(known) >= _REMEMBERED:
                known.clear()
            known[cell] = value
        return value

    def raw(self, field: str) -> str:
        """The text of a field, "" if blank; several columns of one field are joined by |."""
        places = self._places.get(field)
        if places is None:
            return ""
        if len(places) > 1 and field in FIRST_OF:
            return next(filter(None, (self._cell(place, field) for place in places)), "")
        if len(places) > 1:
            return "|".join(filter(None, (self._cell(place, field) for place in places)))
        return self._cell(places[0], field)

    def _cell(self, place: int, field: str) -> str:
        cell = self._row[place]
        if not cell:
            return ""
        text = cells.read_cell(cell)
        if text:
            return text
        text = cells.clean_text(cell)
        if field in _NAMES and text.istitle() and text.isalpha():  # a person may be called Null, None or Nan
            return text
        return text if field == "region" and text == "NA" else ""

    def text(self, field: str) -> str:
        """A text on one line, refused when longer than the pool holds."""
        raw = names.unlink(self.raw(field)) if field in _LINKED else self.raw(field)
        if raw.startswith("=") and field in _NAMES:
            self.add(field, raw, "is a formula", "what it comes to: copy the column as values")
            return ""
        return self._limited(field, " ".join(raw.split()), MAX_LENGTHS.get(field, _MAX_TEXT)) if raw else ""

    def identity(self, field: str) -> str:
        """An id of another system; of several in a cell the first, with a note."""
        raw = self.raw(field)
        parts = [part.strip() for part in raw.split(";")] if ";" in raw else [raw]
        if len(parts) > 1 and all(map(_ID.match, parts)):
            raw = parts[0]
            self.notes.append(self.problem(field, ";".join(parts[1:]), "is one id too many and was left out", "one id"))
        try:
            return self._limited(field, cells.parse_id(raw), MAX_LENGTHS.get(field, _MAX_TEXT)) if raw else ""
        except CellError as error:
            self.add(field, raw, error.problem, error.expected)
            return ""

    def address(self) -> str:
        """An e-mail address; of several in a cell the first, with a note."""
        address, others = self.parsed("email", cells.parse_emails, ("", _NONE))
        if others:
            self.notes.append(self.problem("email", "; ".join(others), "is one address too many", "one address"))
        return address

    def story_title(self) -> str:
        """A story's title; a cell that only says whether there is a story gives none, with a note."""
        title = self.text("story_title")
        if not title or (cells.parse_boolean(title) is None and title not in _CROSSES):
            return title
        problem = "says whether there is a story, not its title, and was left out"
        self.notes.append(self.problem("story_title", title, problem, "the title of the story"))
        return ""

    def prose(self, field: str) -> str:
        """A text whose line ends are kept."""
        return self._limited(field, self.raw(field), _MAX_TEXT)

    def many(self, field: str, most: int = _MAX_VALUE) -> tuple[str, ...]:
        """The values of a cell that may hold several."""
        raw = self.raw(field)
        if not raw or raw == "NA":  # _cell lets only a region's NA through
            return (raw,) if raw else ()
        values = cells.split_values(raw)
        for value in values:
            self._limited(field, value, most)
        return values

    def parsed(self, field: str, parse: Callable[[str], T], default: T) -> T:
        """What `parse` makes of the text; `default` if it is blank or wrong."""
        raw = self.raw(field)
        if not raw:
            return default
        try:
            return parse(raw)
        except CellError as error:
            self.add(field, raw, error.problem, error.expected)
            return default

    def understood(self, field: str, parse: Callable[[str], T], default: T) -> T:
        """What `parse` makes of the text; `default` if it is blank or, with a note, if nobody knows what it means."""
        raw = self.raw(field)
        try:
            return parse(raw) if raw else default
        except CellError as error:
            self.notes.append(self.problem(field, raw, error.problem, error.expected))
            return default

    def date(self, field: str) -> date | None:
        """A date, or None."""
        nothing: date | None = None
        if dates.is_no_day(self.raw(field)):
            return nothing
        return self.parsed(field, lambda text: dates.parse_date(text, day_first=self._day_first), nothing)

    def add(self, field: str, value: str, problem: str, expected: str) -> None:
        self.problems.append(self.problem(field, value, problem, expected))

    def problem(self, field: str, value: str, problem: str, expected: str) -> RowProblem:
        column = self._mapping.headings.get(field, "")
        if field in FIRST_OF and len(self._places.get(field, ())) > 1:
            column = self._find_heading(field) or column
        return RowProblem(self.line, column, field, value[:120], problem, expected)

    def _find_heading(self, field: str) -> str:
        """The heading of the column from which a field with several is read in this row."""
        place = next((place for place in self._places[field] if self._cell(place, field)), None)
        return "" if place is None else self._mapping.columns[place].heading

    def _limited(self, field: str, text: str, most: int) -> str:
        if len(text) > most:
            if field in _SHORTENED:
                self.notes.append(self.problem(field, text, "was cut short", f"at most {most:,} characters"))
                return text[: most - 1].rstrip() + "…"
            self.add(field, text, f"is {len(text):,} characters long", f"at most {most:,} characters")
            return ""
        return text


def _is_total(row: Sequence[str]) -> bool:
    """Whether a row begins with a word for totals and holds nothing else but numbers."""
    first = next(filter(None, row), "")
    if len(row) < 2 or not _TOTAL.match(first):
        return False
    told = [cell for cell in row if cell]
    return all(map(_NUMBER.match, told[1:])) if len(told) > 1 else "(" in told[0]


def _ragged(line: int, row: Sequence[str], width: int) -> RowProblem:
    return RowProblem(
        line,
        "",
        "",
        " | ".join(row)[:120],
        f"has {len(row)} cells where there are {width} headings",
        f"{width} cells; a cell that holds the delimiter or a line end needs quotation marks around it",
    )


def _read_deleted(reader: _Reader) -> DeletedRow | None:
    """What there is to tell of a row that its CRM has deleted; None for any other."""
    if "deleted" not in reader.fields or not reader.read("deleted"):
        return None
    told = map(reader.raw, ("promoter", "first_name", "last_name", "customer", "story_title", "external_id"))
    name = " ".join(list(filter(None, told))[:3])
    return DeletedRow(reader.line, reader.problem("deleted", name, "deleted in the CRM, not imported", ""))


def _read_fields(reader: _Reader) -> ImportRow:
    read = reader.read
    customer: str = _read_customer(reader)
    promoter: str = read("promoter") or " ".join(filter(None, map(read, ("first_name", "last_name"))))
    email: str = read("email")
    if email and not promoter:
        promoter = names.clean_person(cells.name_in_email(reader.raw("email")))
    title = clean_title(read("title"), customer)
    amount, currency = _read_money(reader)
    solutions, phrases = read("solutions")
    agreed, declined, forbidden = _read_agreements(reader)
    activities = tuple(code for code in dict.fromkeys((*read("activities"), *agreed)) if code not in declined)
    consent, refused = _read_consent(reader, activities)
    reference_status: str = read("reference_status")
    customer_status: str = read("customer_status")
    quote, quote_by, quote_title = _read_quote(reader, customer, promoter, title)
    customer_id: str = read("customer_id")
    external_id: str = read("external_id")
    if not (promoter or email or customer_id):
        customer_id = external_id
    if not (promoter or email):
        customer_status, reference_status = customer_status or reference_status, ""
    plain = {field: read(field) for field in _plain_fields(reader.fields)}
    found = ImportRow(
        line=reader.line,
        customer=customer,
        customer_id=customer_id,
        solutions=solutions,
        solution_phrases=phrases,
        annual_value=amount,
        currency=currency,
        promoter=promoter,
        title=title,
        email=email,
        activities=activities,
        quote=quote,
        quote_by=quote_by,
        quote_title=quote_title,
        consent=tuple(code for code in consent if code not in declined),
        consent_refused=refused,
        declined=declined,
        forbidden=forbidden,
        reference_status=reference_status,
        customer_status=customer_status,
        external_id=external_id,
        notes=(*reader.notes, *_note_size(reader, plain.get("size")), *_note_undated(reader)),
        **plain,
    )
    _require_customer(reader, found)
    return found._replace(opted_out=True) if reference_status == OPTED_OUT else found


def _read_customer(reader: _Reader) -> str:
    """The customer's name; of several that stand beside as many ids the first, as of the ids."""
    customer: str = reader.read("customer")
    several = customer.split(";")
    if len(several) > 1 and len(several) == len(reader.raw("customer_id").split(";")):
        return several[0].strip()
    return customer


def _person(field: str) -> Callable[[_Reader], str]:
    return lambda reader: names.clean_person(_without_address(reader.text(field)))


def _without_address(name: str) -> str:
    """A name as it stands before an e-mail address: "Al Bo" <al@example.com> is Al Bo."""
    return cells.name_in_email(name) or name if "@" in name and "<" in name else name


def _text(field: str) -> Callable[[_Reader], str]:
    return lambda reader: reader.text(field)


def _id(field: str) -> Callable[[_Reader], str]:
    return lambda reader: reader.identity(field)


def _prose(field: str) -> Callable[[_Reader], str]:
    return lambda reader: reader.prose(field)


def _many(field: str) -> Callable[[_Reader], tuple[str, ...]]:
    return lambda reader: reader.many(field)


def _date(field: str) -> Callable[[_Reader], date | None]:
    return lambda reader: reader.date(field)


def _parsed(field: str, parse: Callable[[str], T], default: T) -> Callable[[_Reader], T]:
    return lambda reader: reader.parsed(field, parse, default)


def _read_event_date(reader: _Reader) -> date | None:
    return None if _is_year(reader.raw("event_date")) else reader.date("event_date")


def _parse_limit(text: str) -> int | None:
    return amounts.parse_count(text, most=999)


def _parse_answer(text: str) -> int | None:
    return amounts.parse_score(text)


def _read_solutions(reader: _Reader) -> tuple[tuple[str, ...], tuple[str, ...]]:
    return split_solutions(reader.many("solutions", most=_MAX_TEXT))


def _agreement(field: str) -> Callable[[_Reader], bool | None]:
    return lambda reader: reader.understood(field, parse_agreement, None)


def _status(field: str) -> Callable[[_Reader], str]:
    return lambda reader: reader.understood(field, read_status, "")


_NO_MONEY: tuple[Decimal | None, str] = (None, "")
# The fields that are read from their own cell alone, in the order in which their problems are told.
_PLAIN: dict[str, Callable[[_Reader], Any]] = {
    "customer_domain": _parsed("customer_domain", cells.parse_domain, ""),
    "industry": _many("industry"),
    "country": _text("country"),
    "region": _many("region"),
    "size": _parsed("size", amounts.parse_size, ""),
    "products": _many("products"),
    "tier": _parsed("tier", cells.parse_tier, ""),
    "health": _parsed("health", cells.parse_health, ""),
    "renewal_date": _date("renewal_date"),
    "account_owner": _text("account_owner"),
    "role": _text("role"),
    "seniority": _parsed("seniority", cells.parse_seniority, ""),
    "phone": _parsed("phone", cells.parse_phone, ""),
    "languages": _parsed("languages", cells.split_languages, _NONE),
    "max_per_quarter": _parsed("max_per_quarter", _parse_limit, None),
    "nps": _parsed("nps", _parse_answer, None),
    "nps_comment": _prose("nps_comment"),
    "nps_date": _date("nps_date"),
    "story_id": _text("story_id"),
    "story_title": lambda reader: reader.story_title(),
    "story_url": _parsed("story_url", cells.parse_url, ""),
    "challenge": _prose("challenge"),
    "solution_text": _prose("solution_text"),
    "results": _prose("results"),
    "consent_until": _date("consent_until"),
    "opted_out": _parsed("opted_out", cells.parse_opted_out, False),
    "event": _text("event"),
    "event_date": _read_event_date,
    "talk_title": _text("talk_title"),
    "event_format": _text("event_format"),
    "audience": _text("audience"),
    "abstract": _prose("abstract"),
    "video_url": _parsed("video_url", cells.parse_url, ""),
    "slot_id": _text("slot_id"),
}
# And those from which more is made than their own cell says.
_READERS: dict[str, Callable[[_Reader], Any]] = _PLAIN | {
    "customer": _text("customer"),
    "promoter": _person("promoter"),
    "first_name": _text("first_name"),
    "last_name": _text("last_name"),
    "email": lambda reader: reader.address(),
    "title": _text("title"),
    "annual_value": _parsed("annual_value", amounts.parse_money, _NO_MONEY),
    "currency": _parsed("currency", amounts.parse_currency, ""),
    "solutions": _read_solutions,
    "activities": _parsed("activities", cells.parse_activities, _NONE),
    "quote": _prose("quote"),
    "quote_by": _text("quote_by"),
    "quote_title": _text("quote_title"),
    "customer_id": _id("customer_id"),
    "external_id": _id("external_id"),
    "deleted": _parsed("deleted", parse_deleted, False),
    "reference_status": _status("reference_status"),
    "customer_status": _status("customer_status"),
    **{field: _agreement(field) for field in (*AGREES, *PERMITS)},
}


@lru_cache(maxsize=64)
def _plain_fields(fields: frozenset[str]) -> tuple[str, ...]:
    """The plain ones among the fields of a file; the others keep their blank defaults."""
    return tuple(field for field in _PLAIN if field in fields)


def _read_money(reader: _Reader) -> tuple[Decimal | None, str]:
    """The amount and its currency; a currency of its own column holds, and must not contradict the amount's."""
    amount, spelled = reader.read("annual_value")
    currency: str = reader.read("currency")
    if spelled and currency and spelled != currency:
        problem = f"is in {spelled} while the currency says {currency}"
        reader.add("annual_value", reader.raw("annual_value"), problem, f"an amount in {currency}")
    return amount, currency or spelled


def _read_consent(reader: _Reader, activities: tuple[str, ...]) -> tuple[tuple[str, ...], bool]:
    """The activities consented to, and whether consent is refused. A bare yes covers the activities of the row."""
    raw = reader.raw("consent")
    verdict = cells.parse_boolean(raw) if raw else None
    if verdict is False:
        return (), True
    if verdict is None:
        return reader.parsed("consent", cells.parse_activities, _NONE), False
    if not activities:
        reader.add("consent", raw, "says yes, but not to what", f"some of {', '.join(CODES)}")
    return activities, False


def _read_agreements(reader: _Reader) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """The activities that columns of their own say yes to, those they say no to, and those not permitted."""
    agreed: list[str] = []
    declined: list[str] = []
    forbidden: list[str] = []
    for field in _agreement_fields(reader.fields):
        verdict: bool | None = reader.read(field)
        if verdict is None:
            continue
        code = AGREES.get(field) or PERMITS[field]
        (agreed if verdict else declined).append(code)
        if not verdict and field in PERMITS:
            forbidden.append(code)
    return tuple(agreed), tuple(dict.fromkeys(declined)), tuple(forbidden)


@lru_cache(maxsize=64)
def _agreement_fields(fields: frozenset[str]) -> tuple[str, ...]:
    return tuple(field for field in (*AGREES, *PERMITS) if field in fields)


def _read_quote(reader: _Reader, customer: str, promoter: str, title: str) -> tuple[str, str, str]:
    """A quote, who said it and their title: the person of the row unless another is named."""
    quote, by = reader.read("quote"), reader.read("quote_by")
    by, office = names.split_attribution(by)
    by_title = clean_title(reader.read("quote_title") or office, customer)
    if quote:
        by = by or promoter
        if not by_title and by == promoter:
            by_title = title
    return quote, by, by_title


def _note_size(reader: _Reader, size: str | None) -> tuple[RowProblem, ...]:
    raw = "" if size else reader.raw("size")
    if not raw or not amounts.counts_others(raw):
        return ()
    return (reader.problem("size", raw, "counts others than employees and was left out", "a number of employees"),)


def _is_year(text: str) -> bool:
    return len(text) == 4 and text.isdecimal()


def _note_undated(reader: _Reader) -> tuple[RowProblem, ...]:
    event = reader.raw("event")
    if not event or not (_is_year(day := reader.raw("event_date")) or day == ""):
        return ()
    problem = "has no day, so the speaker was kept and no slot made"
    return (reader.problem("event", event, problem, "a date such as 2026-01-31 in a column of its own"),)


_PARTS_OF_WORLD = frozenset(
    "emea apac apj latam amer americas na dach nordics benelux cee mena anz europe asia africa row uki".split()
)


def _stands_alone(reader: _Reader) -> bool:
    """Whether a row says nothing but its customer although the file has more columns: it heads a group of rows."""
    return len(reader.fields) > 1 and not any(reader.raw(field) for field in reader.fields - {"customer"})


def _require_customer(reader: _Reader, row: ImportRow) -> None:
    """A row needs a customer's name; a person, story or quote may be joined by the customer's id or domain instead."""
    if row.customer:
        if row.customer.lower() in _PARTS_OF_WORLD and _stands_alone(reader):
            reader.add("customer", row.customer, "is a part of the world, not a customer", "no such row: take it out")
        return
    if row.is_only_event:
        day = reader.raw("event_date")
        if not day or _is_year(day):
            reader.add("event_date", day, "is no day, so nobody knows when the event is", "a date such as 2026-01-31")
        return
    has_subject = row.has_person or row.has_story or bool(row.quote or row.story_id)
    if not (has_subject and (row.customer_id or row.customer_domain)):
        expected = "the customer's name; for a person or a story the customer's id or domain is enough"
        field = next((f for f in ("customer", "customer_id", "customer_domain") if f in reader.fields), "customer")
        reader.add(field, "", "does not say which customer it belongs to", expected)
