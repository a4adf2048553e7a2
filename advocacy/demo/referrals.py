"""Tells the referrals of the demonstration: in each state, with their worth, and a chain of three."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from advocacy.demo.stage import Stage
from advocacy.enums import ReferralStatus, ReferralVia
from advocacy.models import Referral
from advocacy.services.referrals import LeadData, Won, move_referral, refer
from references.demo import PREFIX
from references.models import Contact

_F = ReferralStatus


@dataclass(frozen=True, slots=True)
class Story:
    """One referral: the lead, what they need, the states after new, its worth, why it ended, how long ago it began."""

    name: str
    company: str
    note: str
    way: tuple[str, ...]
    ago: int
    value: int = 0
    why: str = ""
    via: str = ReferralVia.HUB


_CLOSE = "Closes the books in spreadsheets."
_LEAVE = "Wants to leave their old system."
STORIES: tuple[Story, ...] = (
    Story("Ilka Brandauer", "Brandauer Mills", _CLOSE, (_F.QUALIFIED, _F.WON), 290, 84_000),
    Story("Teo Vasquero", "Vasquero Logistics", "Saw it at a neighbor's.", (_F.QUALIFIED, _F.WON), 170, 52_000),
    Story("Maren Holt", "Holt & Daughters", "Two subsidiaries, one ledger.", (_F.QUALIFIED, _F.WON), 120, 118_000),
    Story("Junia Sato", "Satoyama Foods", _LEAVE, (_F.QUALIFIED,), 24, via=ReferralVia.LINK),
    Story("Piet Kroon", "Kroon Marine", "", (_F.QUALIFIED,), 18),
    Story("Amara Diallo", "Diallo Textiles", "Asked me how we do it.", (), 2, via=ReferralVia.LINK),
    Story("Soren Vik", "Vik Energy", "Budget from spring on.", (), 5),
    Story("Lena Oswald", "Oswald Bakeries", "", (), 9),
    Story("Henrik Lund", "Lund Cycles", "Ten people.", (_F.DISQUALIFIED,), 60, why="Too small for us today."),
    Story("Paola Greco", "Greco Ceramics", "", (_F.QUALIFIED, _F.LOST), 200, why="Stayed with what they have."),
    Story("Ruth Amsel", "Amsel Clinics", "Hospital group, four houses.", (_F.QUALIFIED, _F.WON), 80, 96_000),
    Story("Dario Conti", "Conti Shipping", "", (_F.LOST,), 45, why="No answer after four attempts."),
)
CHAIN = 3
"""The first three follow on each other: the customer that came of one refers the next."""


def tell_referrals(stage: Stage) -> Mapping[str, int]:
    """Write the referrals through the service that pages use and date them back; gives how many."""
    people = stage.people[40 : 40 + len(STORIES)]
    referrer = people[0]
    for number, (story, person) in enumerate(zip(STORIES, people, strict=True)):
        row = _tell(stage, story, referrer if number < CHAIN else person, f"{PREFIX}referral-{number + 1}")
        if number < CHAIN - 1:
            referrer = _somebody_else(stage, row, number)
    return {"referrals": len(STORIES)}


def _tell(stage: Stage, story: Story, referrer: Contact, key: str) -> Referral:
    lead = LeadData(
        name=story.name, company=story.company, note=story.note, agreed=story.via == ReferralVia.LINK,
        email=f"{story.name.split()[0].lower()}@{story.company.split()[0].lower()}.example",
    )  # fmt: skip
    row = refer(referrer=referrer, lead=lead, creation_key=key, via=story.via, owner=referrer.customer.account_owner)
    for to in story.way:
        won = Won(value=Decimal(story.value), currency="EUR") if to == _F.WON else None
        row = move_referral(
            referral=row, to=to, by=row.owner or stage.users["manager"], why=story.why if to != _F.QUALIFIED else "",
            won=won,
        )  # fmt: skip
    moments = {"created_at": story.ago}
    if row.qualified_at is not None:
        moments["qualified_at"] = max(1, story.ago - 12)
    if row.ended_at is not None:
        moments["ended_at"] = max(1, story.ago - 40)
    stage.date_back(row, story.ago, **moments)
    return row


def _somebody_else(stage: Stage, row: Referral, number: int) -> Contact:
    """Let the referral have become a customer of the pool, and give somebody there who refers in their turn."""
    person = stage.people[60 + number]
    Referral.objects.filter(pk=row.pk).update(became=person.customer)
    return person
