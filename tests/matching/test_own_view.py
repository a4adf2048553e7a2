"""What promoters see of themselves: open asks first, and what came of each time they helped."""

from datetime import timedelta

import pytest
from django.utils import timezone

from matching.own_view import read_asks, read_deeds
from matching.services.answering import accept_match, decline_match
from matching.services.closing import give_feedback, report_outcome
from references.models import Contact
from tests.factories import make_contact, make_engagement
from tests.matching.factories import invite, make_banker
from users.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture
def nora(db: None) -> Contact:
    return make_banker("Nora Lindqvist", title="CFO")


def test_asks_are_theirs_while_they_wait(nora: Contact, rep: User, manager: User) -> None:
    match = invite(rep, manager)
    assert [each.pk for each in read_asks(nora)] == [match.pk]
    assert read_asks(make_contact()) == []
    decline_match(match=match, reason="no_time")
    assert read_asks(nora) == []


@pytest.mark.parametrize(("result", "told"), [("won", "won"), ("lost", "lost")])
def test_deed_tells_how_it_ended(nora: Contact, rep: User, manager: User, result: str, told: str) -> None:
    match = invite(rep, manager)
    accept_match(match=match)
    give_feedback(match=match, side="promoter", data={"happened": True})
    report_outcome(request=match.request, result=result, by=rep)
    (deed,) = read_deeds(nora)
    assert (deed.activity, deed.status, deed.result, deed.was_thanked) == ("call", "completed", told, True)
    assert (deed.asked_by, deed.prospects) == ("Robin Rep", ("Harbor Bank",))


def test_deed_of_somebody_who_said_no_tells_no_result(nora: Contact, rep: User, manager: User) -> None:
    match = invite(rep, manager)
    decline_match(match=match, reason="no_time")
    report_outcome(request=match.request, result="won", by=rep)
    assert [(deed.status, deed.result) for deed in read_deeds(nora)] == [("declined", "")]


def test_deeds_are_newest_first_without_what_nobody_told_them_of(nora: Contact) -> None:
    today = timezone.localdate()
    for days, status in ((30, "completed"), (10, "planned"), (20, "held"), (5, "released"), (1, "asked")):
        make_engagement(nora, status=status, on=today - timedelta(days=days))
    assert [deed.status for deed in read_deeds(nora)] == ["planned", "completed"]
