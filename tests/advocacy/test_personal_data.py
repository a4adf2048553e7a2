"""A person is erased from advocacy: what goes on ends, words go, counts and money stay."""

import pytest

from advocacy.enums import AssignmentStatus, PlayStatus, ReferralStatus, SeatStatus
from advocacy.models import AdopterProgram, AdopterSeat, Ask, AskAssignment, PointsAccount, RecoveryPlay, Referral
from advocacy.services.assignments import assign_ask, move_assignment
from advocacy.services.points import set_leaderboard
from advocacy.services.recovery import open_play
from references.models import Contact
from references.services.erasing import erase_contact
from references.services.exporting import export_contact
from tests.factories import make_contact

pytestmark = pytest.mark.django_db


@pytest.fixture
def person() -> Contact:
    return make_contact(name="Pia Petrov", email="pia@home.example")


def test_erasing_ends_what_goes_on_and_keeps_what_was_earned(person: Contact) -> None:
    ask = Ask.objects.create(name="Post", activity="share", rung=1, text="Share?", points=10)
    other = Ask.objects.create(name="Quote", activity="quote", rung=2, text="Say?", points=100)
    done = assign_ask(contact=person, ask=other, creation_key="a")
    move_assignment(
        assignment=done, to=AssignmentStatus.DONE, evidence="Pia Petrov said so", evidence_url="https://x.test"
    )
    move_assignment(assignment=done, to=AssignmentStatus.CONFIRMED)
    waiting = assign_ask(contact=person, ask=ask, creation_key="b")
    set_leaderboard(contact=person, is_on=True, alias="Pia the Great")
    play = open_play(contact=person, source="t", why="Pia Petrov was cross")
    program = AdopterProgram.objects.create(
        name="Edge", seats=3, agreement="Be kind.", starts_on="2026-01-01", ends_on="2026-12-31", creation_key="p"
    )
    seat = AdopterSeat.objects.create(program=program, contact=person)
    referral = Referral.objects.create(
        referrer=person, lead_name="Lee", company="Leeds Ltd", folded_company="leeds ltd", note="a friend of mine",
        status=ReferralStatus.WON, value=1000, currency="EUR", creation_key="r",
    )  # fmt: skip

    erase_contact(contact=person)

    for row in (done, waiting, play, seat, referral):
        row.refresh_from_db()
    assert (waiting.status, play.status, seat.status) == (
        AssignmentStatus.WITHDRAWN, PlayStatus.ABANDONED, SeatStatus.WITHDRAWN,
    )  # fmt: skip
    assert (done.evidence, done.evidence_url, referral.note) == ("", "", "")
    assert referral.value == 1000
    assert PointsAccount.objects.get().lifetime == 100
    assert not PointsAccount.objects.get().is_on_leaderboard
    assert "Petrov" not in f"{RecoveryPlay.objects.get().why} {AskAssignment.objects.get(pk=done.pk).evidence}"


def test_person_who_was_referred_is_erased_as_a_lead_too(person: Contact) -> None:
    referrer = make_contact(name="Rik Referrer")
    Referral.objects.create(
        referrer=referrer, lead_name="Pia Petrov", lead_email="PIA@home.example", lead_phone="+49 151 000000",
        company="Home", folded_company="home", creation_key="r",
    )  # fmt: skip
    erase_contact(contact=person)
    lead = Referral.objects.get()
    assert (lead.lead_email, lead.lead_phone) == ("", "")
    assert "Pia" not in lead.lead_name


def test_export_tells_what_was_asked_and_earned_but_not_the_lead(person: Contact) -> None:
    ask = Ask.objects.create(name="Post", activity="share", rung=1, text="Share?", points=10)
    move_assignment(assignment=assign_ask(contact=person, ask=ask, creation_key="a"), to=AssignmentStatus.DONE)
    Referral.objects.create(
        referrer=person, lead_name="Lee Lead", lead_email="lee@leeds.example", company="Leeds Ltd",
        folded_company="leeds ltd", creation_key="r",
    )  # fmt: skip
    told = export_contact(person)["advocacy"]
    assert told["asks"][0]["ask"] == "Post"
    assert told["points"][0]["balance"] == 7
    assert told["referrals"][0]["company"] == "Leeds Ltd"
    assert "lee@leeds.example" not in str(told)
