"""`manage.py request`: open a request for somebody on the terminal, and read whom it proposes and what it waits for."""

import json
import uuid
from argparse import ArgumentParser
from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.formats import date_format

from matching.enums import Urgency, Via
from matching.models import Match, Request
from matching.models.requests import MOST_REFERENCES
from matching.services.opening import open_request
from matching.services.requests import RequestData
from matching.showing import NextStep, ShownMatch, load_matches, next_step_of, show_matches
from references.activities import BY_CODE, CODES
from references.errors import DomainError
from references.filtering import judge_day
from references.program import current_policy
from users.models import User

NEXT = {
    "draft": "A draft: nobody is asked until it is submitted.",
    "proposing": "Looking for somebody.",
    "owner_review": "Waits for the account owner's yes: {who}.",
    "manager_review": "Waits for a manager's yes.",
    "customer": "Waits for the answer of {who}.",
    "schedule": "{who} said yes: set a time.",
    "meeting": "The meeting with {who}.",
    "outcome": "Every reference took place: report how the deal ends.",
    "needs_manager": "A manager must choose: {why}",
    "unmet": "Nobody who fits may be asked now; a recruiting task is open.",
    "over": "It is over.",
}


class Command(BaseCommand):
    """Opens one request. What is shown is what its owner may see."""

    help = "Open a request for references: whom it proposes, and what waits for whom."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("text", help="the deal in a sentence or two; what is not said beside it is read from it")
        parser.add_argument("--for", dest="owner", metavar="EMAIL", required=True, help="whose request it is")
        parser.add_argument("--deal", default="", help="what the deal is called")
        parser.add_argument("--deal-id", default="", help="the deal's id in the CRM; asked for once while it goes on")
        parser.add_argument("--activity", choices=CODES, help="what is wanted, whatever the text says")
        parser.add_argument("--quantity", type=int, metavar="N", help=f"how many references, 1 to {MOST_REFERENCES}")
        parser.add_argument("--by", metavar="DATE", help="the day it is needed by, as 2030-05-14")
        parser.add_argument("--value", help="what the deal is worth")
        parser.add_argument("--currency", default="", help="of the value, as EUR")
        parser.add_argument(
            "--prospect", action="append", default=[], help="who wants to hear it; several for a group call"
        )
        parser.add_argument("--contact", type=int, action="append", default=[], metavar="ID", help="whom to ask first")
        parser.add_argument("--urgent", action="store_true", help="by the fast lane, which has a budget")
        parser.add_argument("--draft", action="store_true", help="keep it a draft")
        parser.add_argument("--again", action="store_true", help="open it even where the deal is asked for already")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        owner = find_owner(options["owner"])
        try:
            row = open_request(
                owner=owner,
                by=owner,
                data=read_data(options),
                via=Via.TERMINAL,
                creation_key=f"terminal:{uuid.uuid4().hex}",
                submit=not options["draft"],
                chosen=options["contact"],
                allow_duplicate=options["again"],
            )
        except DomainError as error:
            field = "" if error.field is None else f"{error.field}: "
            raise CommandError(f"{field}{error.message}", returncode=2) from error
        matches = load_matches(Match.objects.filter(request=row).order_by("slot", "id"))
        shown = show_matches(owner, matches, current_policy())
        step = next_step_of(row, shown)
        if options["json"]:
            self.stdout.write(json.dumps(as_json(row, shown, step), ensure_ascii=False))
        else:
            self.stdout.write("\n".join(describe(row, shown, step)))


def find_owner(email: str) -> User:
    """The active user with this address; CommandError where there is none."""
    owner = User.objects.filter(email__iexact=email.strip(), is_active=True).first()
    if owner is None:
        raise CommandError(f"--for: no user has the address {email}.", returncode=2)
    return owner


def read_data(options: dict[str, Any]) -> RequestData:
    """The fields of a request from the command line; CommandError names the option that is not as it should be."""
    data: RequestData = {
        "brief": options["text"],
        "deal": options["deal"],
        "deal_id": options["deal_id"],
        "currency": options["currency"],
        "prospects": options["prospect"],
        "urgency": Urgency.URGENT if options["urgent"] else Urgency.NORMAL,
    }
    if options["activity"]:
        data["activity"] = options["activity"]
    if options["quantity"] is not None:
        data["quantity"] = read_quantity(options["quantity"])
    if options["by"]:
        data["needed_by"] = read_day(options["by"])
    if options["value"]:
        data["deal_value"] = read_money(options["value"])
    return data


def read_quantity(number: int) -> int:
    """How many references; CommandError for more or fewer than a request takes."""
    if not 1 <= number <= MOST_REFERENCES:
        raise CommandError(f"--quantity: give a whole number from 1 to {MOST_REFERENCES}.", returncode=2)
    return number


def read_day(text: str) -> date:
    """A day from today on; CommandError for anything else."""
    try:
        day = date.fromisoformat(text)
    except ValueError as error:
        raise CommandError(f"--by: '{text}' is no day such as 2030-05-14.", returncode=2) from error
    if judge_day(day):
        raise CommandError(f"--by: {text} is over, or too far ahead.", returncode=2)
    return day


def read_money(text: str) -> Decimal:
    """An amount of money; CommandError for anything else."""
    try:
        value = Decimal(text)
    except InvalidOperation as error:
        raise CommandError(f"--value: '{text}' is no amount such as 250000.", returncode=2) from error
    if not value.is_finite():
        raise CommandError(f"--value: '{text}' is no amount such as 250000.", returncode=2)
    return value


def as_json(row: Request, shown: Sequence[ShownMatch], step: NextStep) -> dict[str, Any]:
    """The object that `--json` prints."""
    return {
        "id": row.pk,
        "status": row.status,
        "deal": row.deal,
        "activity": row.activity,
        "quantity": row.quantity,
        "needed_by": row.needed_by and row.needed_by.isoformat(),
        "due_at": row.due_at and row.due_at.isoformat(),
        "next_step": {"code": step.code, "who": step.who, "at": step.at and step.at.isoformat(), "why": step.why},
        "matches": [
            {
                "id": each.match.pk,
                "slot": each.match.slot,
                "status": each.match.status,
                "contact_id": each.match.contact_id,
                "who": each.who,
                "customer": each.customer or None,
                "score": round(each.match.score, 4),
                "reasons": [f"{term.label}: {term.words}" for term in each.terms if term.words],
                "waits_for": None if each.waits_for is None else str(each.waits_for.assignee or "a manager"),
            }
            for each in shown
        ],
    }


def describe(row: Request, shown: Sequence[ShownMatch], step: NextStep) -> Iterator[str]:
    """A request as lines for people."""
    needed = "" if row.needed_by is None else f", needed by {date_format(row.needed_by, 'j M Y')}"
    yield f"Request {row.pk}: {row.deal}. {BY_CODE[row.activity].label}, {row.quantity} wanted{needed} ({row.status})."
    for each in shown:
        customer = f", {each.customer}" if each.customer else ""
        yield f"{each.match.slot:>2}. {each.who}{customer}   {each.match.score:.0f} points ({each.match.status})"
        yield from (f"      {term.label}: {term.words}" for term in each.terms if term.words)
    until = "" if step.at is None else f" Until {date_format(step.at, 'j M Y, H:i')}."
    yield NEXT[step.code].format(who=step.who, why=step.why) + until
