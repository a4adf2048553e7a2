"""Whether the dates of a file put the day before the month."""

from references.importing import dates
from references.importing.headings import Mapping
from references.importing.readers import Table

DATE_FIELDS = ("renewal_date", "nps_date", "consent_until", "event_date")


def find_day_first(table: Table, mapping: Mapping) -> bool:
    """Say whether the file's own dates put the day first, by those that leave no doubt (see judge_dates)."""
    return judge_dates(table, mapping)[0]


def judge_dates(table: Table, mapping: Mapping) -> tuple[bool, str]:
    """Say whether the day stands first, and give a date that either could be if no other settles it, "" otherwise.

    Where none settles it, the day is first in a file whose cells semicolons separate, as programs do where the comma is
    in numbers, else it is American. Reads the whole table once, unless no column holds dates. Written with points
    (31.1.2026) the day is always first.
    """
    places = [place for field in DATE_FIELDS for place in mapping.positions.get(field, ())]
    balance, doubtful = 0, ""
    if places:
        for _, row in table.rows():
            for place in places:
                if place < len(row) and "." not in row[place]:
                    verdict = dates.is_day_first(row[place])
                    balance += 0 if verdict is None else 1 if verdict else -1
                    if verdict is None and not doubtful and dates.may_be_either(row[place]):
                        doubtful = row[place]
    if balance or not doubtful:
        return balance > 0, ""
    return table.delimiter == ";", doubtful


def warn_of_dates(day_first: bool, doubtful: str) -> tuple[str, ...]:
    """Tell how a date was read that no other of the file settles."""
    if not doubtful:
        return ()
    order = "day" if day_first else "month"
    return (f"Dates such as “{doubtful}” were read with the {order} first, since none of the file settles it.",)
