"""Leaves out columns whose headings were guessed and whose cells do not bear the guess out; tells what nobody reads."""

import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from itertools import islice

from references.importing import amounts, cells
from references.importing.agreeing import YES_OR_NO, parse_agreement
from references.importing.aliases import squeeze
from references.importing.errors import CellError
from references.importing.headings import CONTEXT, ITSELF, NOTHING, Column, Mapping
from references.importing.readers import Footer, Table
from references.importing.statuses import is_plainly_status, parse_deleted, parse_status, read_status

_ROWS = 200
_SHOWN = 12
_MAYBE: dict[str, Callable[[str], object]] = {
    "size": amounts.parse_size,
    "tier": cells.parse_tier,
    "health": cells.parse_health,
    "seniority": cells.parse_seniority,
    "currency": amounts.parse_currency,
    "nps": amounts.parse_score,
    "opted_out": cells.parse_opted_out,
    "reference_status": read_status,
    "customer_status": read_status,
    "deleted": parse_deleted,
    **dict.fromkeys(YES_OR_NO, parse_agreement),
}
_DULL = re.compile(
    r"street|city|postal|zip|address|fax\b|salutation|prefix|suffix|birth|gender|created|modified|updated|timestamp|"
    r"\bip\b|latitude|longitude|straße|plz|anrede|do not modify| - (?:type|label)$",
    re.IGNORECASE,
)
_BARE_STATUS = frozenset({"status", "contactstatus", "state", "programstatus"})
_BARE_REFERENCE = frozenset({"reference", "references", "referenz", "referencia"})
_NEVER_ABOVE_FIVE = "it may count from 1 to 5 rather than from 0 to 10"


def sift_columns(mapping: Mapping, table: Table) -> Mapping:
    """Give `mapping` without the columns, guessed by more than our own heading, of which none of the first cells can
    be read as their field: a "Level" of Gold is no seniority. A warning names each."""
    mapping = _claim_status(mapping, table)
    doubtful = [column for column in mapping.columns if _is_doubtful(column)]
    if not doubtful:
        return mapping
    found = _first_cells(table, doubtful)
    columns, warnings = list(mapping.columns), list(mapping.warnings)
    for column in doubtful:
        told = found[column.position]
        why = _speak_against(column, told)
        if why:
            columns[column.position] = column.leave_out(f"not {column.field}: {why}")
            example = f"such as “{told[0][:40]}”"
            warnings.append(
                f"“{column.heading}” was not read as {column.field}, since of its cells, {example}, {why}. If it is "
                f"{column.field}, mend the cells or say so in a mapping."
            )
    return replace(mapping, columns=tuple(columns), warnings=tuple(warnings))


def _claim_status(mapping: Mapping, table: Table) -> Mapping:
    """Read a column called no more than "Status" if its cells say who may be asked (On hold, Do not use), and one
    called "Reference?" if they say yes or no."""
    bare = [column for column in mapping.left_out if squeeze(column.heading) in _BARE_STATUS | _BARE_REFERENCE]
    if len(bare) != 1 or "reference_status" in mapping.fields:
        return mapping
    told = _first_cells(table, bare)[bare[0].position]
    if squeeze(bare[0].heading) in _BARE_REFERENCE:
        is_status = bool(told) and all(cells.parse_boolean(cell) is not None for cell in told)
    else:
        is_status = any(map(is_plainly_status, told)) and all(map(parse_status, told))
    if not is_status:
        return mapping
    why = "its cells say who may be asked for references"
    columns = [
        Column(each.heading, each.position, "reference_status", why) if each is bare[0] else each
        for each in mapping.columns
    ]
    return replace(mapping, columns=tuple(columns))


def tell_unread(mapping: Mapping) -> tuple[str, ...]:
    """One warning that names the columns of which nobody knows what they mean."""
    unread = [
        column.heading
        for column in mapping.left_out
        if column.heading
        and (column.why == NOTHING or column.why.startswith("unknown"))
        and not _DULL.search(column.heading)
    ]
    if not unread:
        return ()
    more = f" and {len(unread) - _SHOWN} more" if len(unread) > _SHOWN else ""
    names = ", ".join(f"“{heading[:60]}”" for heading in unread[:_SHOWN])
    return (f"Not read: {names}{more}. Where one of them means something to the pool, say so in a mapping.",)


def _is_doubtful(column: Column) -> bool:
    if column.field not in _MAYBE or column.why == ITSELF:
        return False
    return column.field != "nps" or column.why == CONTEXT or column.why.startswith("says")


def _first_cells(table: Table, columns: Iterable[Column]) -> dict[int, list[str]]:
    """What the first rows say in these columns, by place; blank cells left out."""
    found: dict[int, list[str]] = {column.position: [] for column in columns}
    for _, row in islice(table.rows(), _ROWS):
        for place, told in found.items():
            text = cells.read_cell(row[place]) if place < len(row) and not isinstance(row, Footer) else ""
            if text:
                told.append(text)
    return found


def _speak_against(column: Column, told: list[str]) -> str:
    """Why the cells cannot be what the column was taken for; "" where nothing speaks against it."""
    parse = _MAYBE[str(column.field)]
    if told and not any(_can_read(parse, text) for text in told):
        return "none can be read so"
    if column.why == CONTEXT and told and all(_is_at_most_five(text) for text in told):
        return _NEVER_ABOVE_FIVE
    return ""


def _can_read(parse: Callable[[str], object], text: str) -> bool:
    try:
        parse(text)
    except CellError:
        return False
    return True


def _is_at_most_five(text: str) -> bool:
    try:
        return amounts.parse_score(text) <= 5
    except CellError:
        return False
