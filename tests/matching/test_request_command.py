"""`manage.py request`: what it opens and prints, and plain words with code 2 for what is wrong."""

import io
import json
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from matching.management.commands.request import NEXT, Command
from matching.models import Request
from matching.showing import NextStep
from tests.matching.factories import BRIEF, make_banker
from users.models import User

pytestmark = pytest.mark.django_db(transaction=True)


def request(*arguments: str) -> str:
    out = io.StringIO()
    call_command("request", BRIEF, "--for", "rep@example.test", *arguments, stdout=out)
    return out.getvalue()


def refused(*arguments: str) -> str:
    with pytest.raises(CommandError) as caught:
        request(*arguments)
    assert caught.value.returncode == 2
    assert not Request.objects.exists()
    return str(caught.value)


def test_request_is_opened_and_says_who_is_proposed_and_what_it_waits_for(rep: User, outsider: User) -> None:
    make_banker("Nora Lindqvist", owner=outsider, title="CFO", customer_name="Fjordbank")
    shown = request("--deal", "Harbor")
    row = Request.objects.get()
    assert (row.owner, row.via, row.status) == (rep, "terminal", "open")
    assert shown.startswith(
        f"Request {row.pk}: Harbor. Reference call, 1 wanted (open).\n 1. CFO · Banking, Fjordbank "
    )
    assert "      Industry: Banking" in shown
    assert "Waits for the account owner's yes: Olly Outsider. Until " in shown
    assert "Nora" not in shown


def test_options_are_the_fields_of_the_request(rep: User) -> None:
    day = timezone.localdate() + timedelta(days=20)
    arguments = (
        "--deal-id",
        "CRM-1",
        "--activity",
        "group_call",
        "--quantity",
        "2",
        "--by",
        str(day),
        "--value",
        "2.5e5",
    )
    request(*arguments, "--currency", "eur", "--prospect", "Acme", "--prospect", "Globex", "--urgent", "--draft")
    row = Request.objects.get()
    assert (row.deal_id, row.activity, row.quantity, row.needed_by) == ("CRM-1", "group_call", 2, day)
    assert (row.deal_value, row.currency, row.prospects) == (Decimal(250_000), "EUR", ["Acme", "Globex"])
    assert (row.urgency, row.status) == ("urgent", "draft")


def test_json_is_one_object(rep: User) -> None:
    first, second = make_banker(), make_banker()
    answer: dict[str, Any] = json.loads(request("--json", "--contact", str(second.pk)))
    (match,) = answer["matches"]
    assert (match["contact_id"], match["waits_for"]) == (second.pk, "a manager")
    assert answer["next_step"]["code"] == "manager_review"
    assert (answer["id"], answer["status"]) == (Request.objects.get().pk, "open")
    assert first.pk != match["contact_id"]


def test_nobody_to_ask_is_said(rep: User) -> None:
    assert "Nobody who fits may be asked now" in request()


def test_draft_asks_nobody(rep: User) -> None:
    make_banker()
    assert request("--draft").endswith("A draft: nobody is asked until it is submitted.\n")


def test_same_deal_is_opened_again_only_when_meant(rep: User) -> None:
    request("--deal-id", "CRM-1")
    with pytest.raises(CommandError) as caught:
        request("--deal-id", "CRM-1")
    assert (
        str(caught.value) == f"deal_id: Request {Request.objects.get().pk} asks for the same deal with the same brief."
    )
    request("--deal-id", "CRM-1", "--again")
    assert Request.objects.count() == 2


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--for", "nobody@example.test"), "--for: no user has the address nobody@example.test."),
        (("--quantity", "0"), "--quantity: give a whole number from 1 to 10."),
        (("--by", "tomorrow"), "--by: 'tomorrow' is no day such as 2030-05-14."),
        (("--by", "2001-01-01"), "--by: 2001-01-01 is over, or too far ahead."),
        (("--value", "much"), "--value: 'much' is no amount such as 250000."),
        (("--value", "NaN"), "--value: 'NaN' is no amount such as 250000."),
        (("--value", "5"), "currency: Money needs its currency, such as USD."),
        (
            ("--value", "1e40", "--currency", "USD"),
            "deal_value: Ensure that there are no more than 16 digits in total.",
        ),
        (("--value=-5", "--currency", "USD"), "deal_value: A deal is worth nothing at least."),
        (("--prospect", "a", "--prospect", "b"), "prospects: Several prospects share one hour in a group call only."),
        (("--deal", "x" * 201), "deal: Ensure this value has at most 200 characters (it has 201)."),
    ],
)
def test_what_is_wrong_is_said_in_plain_words(arguments: tuple[str, ...], message: str, rep: User) -> None:
    assert refused(*arguments) == message


def test_command_line_ends_with_code_2_and_no_traceback(rep: User, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        Command().run_from_argv(["manage.py", "request", "x", "--for", "nobody@example.test"])
    assert ended.value.code == 2
    assert capsys.readouterr().err == "CommandError: --for: no user has the address nobody@example.test.\n"


def test_every_next_step_has_its_sentence() -> None:
    codes = (NextStep.__doc__ or "").partition("Codes:")[2].replace(",", " ").replace(".", " ").split()
    assert set(codes) - {"feedback"} == set(NEXT)
