"""Makes the asks for consents of the demonstration program: one that waits, one given, one declined."""

from datetime import timedelta

from references.demo.setting import Person, Setting, at
from references.enums import AskAnswer, Channel, ContactStatus
from references.models import Consent, ConsentAsk
from references.services.own_page import EVIDENCE


def make_asks(setting: Setting, people: list[Person]) -> list[ConsentAsk]:
    """Three asks of promoters whose words are known already; the consent of the one who gave it is made with it."""
    able = [
        person
        for person in people
        if person.row.status == ContactStatus.ACTIVE
        and person.row.email
        and not person.row.has_opted_out
        and "quote" in person.row.activities
        and "video" not in person.row.activities
    ]
    waiting, given, declined = (able[place] for place in (7, 23, 41))
    until = setting.day(-365)
    rows = [
        _ask(setting, waiting, "quote", Channel.PRINT, 3, "A brochure for the trade fair, one page per industry."),
        _ask(setting, given, "quote", Channel.PRESS, 16, "A press release on the new version; two sentences of yours."),
        _ask(setting, declined, "review", Channel.WEB, 21, "A short review on PeerHarbor, in your own words."),
    ]
    for row, answer, days in ((rows[1], AskAnswer.GIVEN, 2), (rows[2], AskAnswer.DECLINED, 4)):
        row.answer, row.answered_at = answer, row.asked_at + timedelta(days=days)
    rows[1].consent = Consent(
        contact=given.row,
        customer=given.member.row,
        activity="quote",
        channel=Channel.PRESS,
        valid_from=setting.day(14),
        valid_until=until,
        evidence=EVIDENCE,
    )
    return rows


def _ask(setting: Setting, person: Person, activity: str, channel: str, ago: int, why: str) -> ConsentAsk:
    return ConsentAsk(
        contact=person.row,
        activity=activity,
        channel=channel,
        valid_until=setting.day(-365),
        why=why,
        asked_by=setting.keeper,
        asked_at=at(setting.day(ago), 10, 15),
    )
