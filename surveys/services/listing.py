"""Lists the people of a file for a campaign: known ones as they are, others made known where the file says enough."""

import csv
import tempfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from references.errors import DomainError
from references.importing.cells import clean_text, is_blank
from references.importing.errors import ImportRefusedError
from references.importing.readers import Table, open_table
from references.importing.record import RowProblem
from references.importing.report import Refusal
from references.importing.running import import_file
from references.text import fold_name
from surveys.enums import CampaignStatus
from surveys.headings import find_person_field
from surveys.linking import find_people
from surveys.models import Campaign, Invitation
from surveys.querysets import runs_surveys
from surveys.reading import Who
from users.models import User

MOST_ROWS = 5_000
HEADINGS = ("Customer", "Contact name", "E-mail", "Contact ID")
WAYS = gettext_lazy("an e-mail address, a CRM id, or customer and name")


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a list, as it stands in the file, and whom it names."""

    line: int
    customer: str
    name: str
    email: str
    external_id: str

    @property
    def who(self) -> Who:
        return Who(self.email.lower(), self.external_id, fold_name(self.customer), fold_name(self.name))

    @property
    def shown(self) -> str:
        """What the row says of a person, without their address."""
        return (self.external_id or self.name or self.customer)[:120]


@dataclass(slots=True)
class Listing:
    """What came of a file: `listed` people were added, `there` ones were on the list or asked before, `made` are new.

    `problems` are the rows that could not be listed: line, what it says, what would be right.
    """

    file: str
    is_dry_run: bool = False
    rows: int = 0
    listed: int = 0
    there: int = 0
    made: int = 0
    problems: list[RowProblem] = field(default_factory=list)
    refusal: Refusal | None = None

    def to_json(self) -> dict[str, Any]:
        """Give plain values for JSON."""
        return asdict(self)


def list_people(
    *, campaign: Campaign, path: Path | str, name: str = "", by: User | None, dry_run: bool = False
) -> Listing:
    """Put the people of a file (CSV or Excel) on the list of a campaign; listed again nothing changes.

    Who is not known yet is made a known contact where customer and name or address are given, by managers alone. A
    file that cannot be read is told by `refusal`. Raises DomainError: not_allowed, not_editable for a closed campaign;
    RuntimeError inside a transaction.
    """
    if by is not None and not runs_surveys(by):
        raise DomainError("not_allowed", _("Surveys are run by managers and marketers."))
    if campaign.status == CampaignStatus.CLOSED:
        raise DomainError("not_editable", _("This survey is closed."), "audience")
    report = Listing(name or Path(path).name, dry_run)
    try:
        rows = list(_read(open_table(path), report))
    except ImportRefusedError as error:
        report.refusal = Refusal.of(error)
        return report
    found = _find(rows)
    unknown = [row for row in rows if row.line not in found]
    may_make = by is None or by.is_manager
    makeable = [row for row in unknown if may_make and row.customer and (row.name or row.email)]
    before = len(found)
    if makeable:
        made = _make(makeable, by, report)
        found |= _find(makeable)
        report.made = made if dry_run else len(found) - before
    tried = {row.line for row in makeable}
    report.problems += [
        _explain(row, was_tried=row.line in tried)
        for row in unknown
        if row.line not in found and not (dry_run and row.line in tried)
    ]
    report.problems.sort(key=lambda problem: problem.line)
    _write(campaign, set(found.values()), report)
    return report


@transaction.atomic
def clear_list(*, campaign: Campaign, by: User | None) -> int:
    """Take everybody off the list of a draft; gives how many. Raises DomainError: not_allowed, not_editable."""
    if by is not None and not runs_surveys(by):
        raise DomainError("not_allowed", _("Surveys are run by managers and marketers."))
    row = Campaign.objects.select_for_update(no_key=True).get(pk=campaign.pk)
    if row.status != CampaignStatus.DRAFT:
        raise DomainError("not_editable", _("This cannot be changed any more: the survey has begun."), "audience")
    count, _rows = row.invitations.to_be_mailed().delete()
    return count


def _read(table: Table, report: Listing) -> Iterator[Row]:
    places: dict[str, int] = {}
    for place, heading in enumerate(table.headings):
        places.setdefault(find_person_field(heading), place)
    ways = ({"email"}, {"external_id"}, {"customer", "name"}, {"customer", "last_name"})
    if not any(way <= places.keys() for way in ways):
        message = _("No column says whom to ask.")
        raise ImportRefusedError("no_person", message, _("Give one of these: %(ways)s.") % {"ways": WAYS})
    for line, cells in islice(table.rows(), MOST_ROWS + 1):
        report.rows += 1
        if report.rows > MOST_ROWS:
            message = _("A list has at most %(n)s rows.") % {"n": f"{MOST_ROWS:,}"}
            raise ImportRefusedError("too_many_rows", message, _("Split it, or import the people first."))
        row = _read_row(line, cells, places)
        problem = _judge(row)
        if problem is None:
            yield row
        else:
            report.problems.append(problem)


def _read_row(line: int, cells: list[str], places: dict[str, int]) -> Row:
    def text(field_name: str) -> str:
        place = places.get(field_name)
        found = clean_text(cells[place]) if place is not None and place < len(cells) else ""
        return "" if is_blank(found) else found[:200]

    name = text("name") or f"{text('first_name')} {text('last_name')}".strip()
    return Row(line, text("customer"), name, text("email"), text("external_id")[:120])


def _judge(row: Row) -> RowProblem | None:
    if row.email:
        try:
            validate_email(row.email)
        except ValidationError:
            return RowProblem(row.line, "", "email", row.email[:120], _("is no e-mail address"), "name@example.com")
    if not row.who.is_told:
        return RowProblem(row.line, "", "", row.shown, _("names nobody"), str(WAYS))
    return None


def _find(rows: list[Row]) -> dict[int, int]:
    """The contact that each line names, for those that name one."""
    found: dict[int, int] = {}
    for start in range(0, len(rows), 500):
        chunk = rows[start : start + 500]
        people = find_people(row.who for row in chunk)
        found |= {row.line: people[row.who].pk for row in chunk if row.who in people}
    return found


def _make(rows: list[Row], by: User | None, report: Listing) -> int:
    """Make the people known, by the import as it is for any file; it leaves out who has left or opted out."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "people.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(HEADINGS)
            writer.writerows((row.customer, row.name, row.email, row.external_id) for row in rows)
        made = import_file(path, dry_run=report.is_dry_run, skip_bad_rows=True, imported_by=by, name=report.file)
    return made.counts["contacts"].created


def _explain(row: Row, *, was_tried: bool) -> RowProblem:
    if was_tried:
        return RowProblem(row.line, "", "", row.shown, _("has left, opted out, or is known elsewhere"), str(WAYS))
    expected = _("the customer, and a name or address; managers alone add people")
    return RowProblem(row.line, "", "", row.shown, _("is nobody we know"), expected)


@transaction.atomic
def _write(campaign: Campaign, people: set[int], report: Listing) -> None:
    Campaign.objects.select_for_update(no_key=True).get(pk=campaign.pk)
    there = set(campaign.invitations.filter(contact__in=people).values_list("contact", flat=True))
    new = [Invitation(campaign=campaign, contact_id=pk) for pk in sorted(people - there)]
    report.listed, report.there = len(new) + (report.made if report.is_dry_run else 0), len(there)
    if not report.is_dry_run:
        Invitation.objects.bulk_create(new, batch_size=1_000)
