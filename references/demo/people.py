"""Makes the people of the demonstration program: promoters, those not asked yet, and those who are tired of it."""

from collections.abc import Iterator
from datetime import timedelta
from random import Random

from references.demo.names import make_person_name
from references.demo.setting import Member, Person, Setting, external_id, pick_weighted
from references.demo.trade_texts import load_trade_texts
from references.demo.trades import TITLES
from references.enums import ContactStatus, Origin, Sensitivity
from references.loyalty import classify_score
from references.models import Blackout, Contact, ContactTag, StateChange
from references.text import fold_name

GAP_REGION = "japan"
"""Customers there have no promoters: with two trades, the gaps of the pool."""

_PROMOTERS_BY_SIZE = {
    "1-50": (1, 1, 2), "51-200": (1, 2, 2, 3), "201-1000": (1, 2, 3, 3), "1001-10000": (2, 3, 3, 4),
    "10001+": (2, 3, 4, 5),
}  # fmt: skip
_AGREEMENTS: tuple[tuple[tuple[str, ...], int], ...] = (
    (("survey", "quote", "call", "group_call", "referral", "review", "logo"), 34),
    (("survey", "share", "quote", "review", "call", "webinar", "case_study", "beta"), 22),
    (("survey", "share", "logo", "quote", "call", "press", "analyst", "webinar", "speaking", "video", "case_study",
      "group_call"), 20),
    (("survey", "quote", "call", "site_visit", "advisory", "referral", "beta", "group_call"), 12),
    (("survey", "share", "quote", "review"), 8),
    (("survey", "share", "logo", "quote", "review", "beta", "referral", "group_call", "call", "press", "analyst",
      "webinar", "advisory", "case_study", "video", "speaking", "site_visit"), 4),
)  # fmt: skip
_COMPLAINTS = (
    "Support took four days to answer, twice.",
    "The price went up and nobody told us why.",
    "It does what it should, but getting there took a year longer than planned.",
    "Our account manager changed three times.",
    "Good product, poor documentation.",
)
_LUKEWARM = (
    "Does the job.",
    "Solid, though there is a lot we do not use yet.",
    "Happy overall; onboarding could have been shorter.",
    "We would like more training for new colleagues.",
)
_LEAVING = ("Left the company.", "Asked not to be contacted any more.", "Moved to a competitor's customer.")


def make_people(setting: Setting, members: list[Member]) -> list[Person]:
    """Make the contacts of all customers, about 900 of them active."""
    rng = setting.chance("people")
    taken: set[str] = set()
    people: list[Person] = []
    for member in members:
        for status in _choose_statuses(rng, member):
            person = _make(setting, rng, member, status, len(people) + 1, taken)
            member.people.append(person)
            people.append(person)
    _cast_scarce_officer(people)
    _cast_favorites(people)
    return people


def make_contact_tags(setting: Setting, people: list[Person]) -> Iterator[ContactTag]:
    """Role and languages of each person, verified when they came in or at a later review."""
    rng = setting.chance("contact tags")
    for person in people:
        verified_on = setting.day(rng.randint(5, max(10, min(person.joined_ago, 1000))))
        for key in [("role", person.role), *(("language", each) for each in person.languages)]:
            yield ContactTag(contact=person.row, tag=setting.tag(*key), verified_on=verified_on)


def make_blackouts(setting: Setting, people: list[Person]) -> Iterator[Blackout]:
    """Holidays, leaves and quarter-ends of some promoters: past, present and to come."""
    rng = setting.chance("blackouts")
    for person in rng.sample([each for each in people if each.row.status == ContactStatus.ACTIVE], 36):
        starts_on = setting.day(rng.randint(-70, 20))
        ends_on = starts_on + timedelta(days=rng.randint(6, 28))
        reason = rng.choice(("Vacation", "Parental leave", "Quarter-end close", "Go-live weeks"))
        yield Blackout(contact=person.row, starts_on=starts_on, ends_on=ends_on, reason=reason)


def make_state_changes(setting: Setting, people: list[Person]) -> Iterator[StateChange]:
    """Why those who pause or have left do; to be made once the contacts have their keys."""
    rng = setting.chance("state changes")
    for person in people:
        status = person.row.status
        if status == ContactStatus.PAUSED:
            yield _change(person, status, rng.choice(("Two declines running.", "Asked for a quiet quarter.")))
        elif status == ContactStatus.RETIRED:
            yield _change(person, status, _LEAVING[1] if person.row.has_opted_out else rng.choice(_LEAVING[::2]))


def _change(person: Person, status: str, why: str) -> StateChange:
    return StateChange(subject=f"contact:{person.row.pk}", from_status=ContactStatus.ACTIVE, to_status=status, why=why)


def _choose_statuses(rng: Random, member: Member) -> list[str]:
    is_gap = member.place.region == GAP_REGION or not member.trade.has_promoters
    promoters = 0 if is_gap or rng.random() < 0.04 else rng.choice(_PROMOTERS_BY_SIZE[member.row.size_band])
    others = rng.choices((0, 1, 2, 3), (3, 5, 3, 1))[0] + (1 if is_gap else 0)
    rest = _choose_others(rng, others)
    return [ContactStatus.ACTIVE] * promoters + [ContactStatus.KNOWN if is_gap else status for status in rest]


def _choose_others(rng: Random, count: int) -> list[str]:
    """Statuses of those who are not promoters now."""
    values = [ContactStatus.KNOWN, ContactStatus.NOMINATED, ContactStatus.PAUSED, ContactStatus.RETIRED]
    return [str(value) for value in rng.choices(values, (52, 18, 15, 15), k=count)]


def _make(setting: Setting, rng: Random, member: Member, status: str, number: int, taken: set[str]) -> Person:
    name = make_person_name(rng, member.place.culture, taken)
    role = rng.choice(member.trade.roles)
    seniority, title = rng.choice(TITLES[role])
    while member.trade.code == "care" and title == "Chief Financial Officer":
        seniority, title = rng.choice(TITLES[role])
    if rng.random() < 0.06:
        title = f"{title}, {member.row.name}"
    score = _choose_score(rng, status)
    joined_ago = rng.choice((rng.randint(1095, 1800), rng.randint(400, 1095), rng.randint(30, 700)))
    row = Contact(
        customer=member.row,
        name=name,
        folded_name=fold_name(name),
        title=title,
        seniority=seniority,
        email=f"{fold_name(name).replace(' ', '.')}@{member.row.domain}",
        phone=f"+1 555 01{number % 100:02d}",
        external_id=external_id("contact", number),
        time_zone=member.place.time_zone,
        language="de" if member.place.culture == "german" and number % 3 == 0 else "",
        status=status,
        paused_until=setting.day(-rng.randint(8, 90)) if status == ContactStatus.PAUSED else None,
        has_opted_out=status == ContactStatus.RETIRED and rng.random() < 0.4,
        sensitivity=pick_weighted(rng, [Sensitivity.NORMAL, Sensitivity.SENSITIVE, Sensitivity.AMBASSADOR], [91, 6, 3]),
        activities=_choose_agreement(rng, status),
        max_per_quarter=1 if rng.random() < 0.1 else None,
        loyalty=classify_score(score),
        nps_score=score,
        nps_on=None if score is None else setting.day(rng.randint(10, 420)),
        nps_comment=_choose_comment(rng, member, score),
        origin=pick_weighted(rng, [Origin.SURVEY, Origin.NOMINATION, Origin.IMPORT, Origin.SELF], [50, 30, 15, 5]),
        verified_on=setting.day(rng.randint(5, 500)),
    )
    languages = [each for place, each in enumerate(member.place.languages) if place == 0 or rng.random() < 0.8]
    return Person(row, member, role, languages, joined_ago, _choose_rate(rng), rng.uniform(0.55, 0.97))


def _choose_agreement(rng: Random, status: str) -> list[str]:
    """The activities a person has agreed to; nobody has asked those who are only known or nominated."""
    agreement = rng.choices([each for each, _ in _AGREEMENTS], [weight for _, weight in _AGREEMENTS])[0]
    return [] if status in {ContactStatus.KNOWN, ContactStatus.NOMINATED} else list(agreement)


def _choose_score(rng: Random, status: str) -> int | None:
    if status in {ContactStatus.ACTIVE, ContactStatus.NOMINATED, ContactStatus.PAUSED}:
        return rng.choices((10, 9, 8, None), (46, 36, 10, 8))[0]
    return rng.choices((9, 8, 7, 6, 5, 3, 1, None), (8, 18, 20, 10, 8, 6, 3, 27))[0]


def _choose_comment(rng: Random, member: Member, score: int | None) -> str:
    product = rng.choice(member.products)
    texts = load_trade_texts().get(member.trade.code)
    if score is None or rng.random() < 0.3:
        return ""
    if score <= 6:
        return rng.choice((product.gripe, *_COMPLAINTS))
    if score <= 8:
        return rng.choice((product.gripe, *_LUKEWARM))
    return rng.choice((*product.praise, *(texts.quotes if texts else ())))


def _choose_rate(rng: Random) -> float:
    """Asks a year: a fifth of the pool has never been asked, a few are asked all the time."""
    return rng.choices((0.0, 1.1, 2.6, 4.5), (20, 42, 28, 10))[0]


def _cast_scarce_officer(people: list[Person]) -> None:
    """The one healthcare CFO: willing, rested, and the only one there is."""
    person = next(
        each
        for each in people
        if ("industry", "hospitals-health-systems") in each.member.tags
        and each.row.status == ContactStatus.ACTIVE
        and each.member.row.size_band in {"1001-10000", "10001+"}
        and each.member.row.is_referenceable
    )
    person.role = "finance-accounting"
    person.row.title, person.row.seniority = "Chief Financial Officer", "c_level"
    person.row.sensitivity = Sensitivity.NORMAL
    person.row.activities = ["survey", "quote", "call", "group_call", "referral"]
    person.yearly = 0.9
    person.member.row.health, person.member.row.has_open_escalation = "green", False
    person.member.row.is_renewal_sensitive = False


def _cast_favorites(people: list[Person]) -> None:
    """The five everybody calls, in different trades."""
    for code in ("banking", "retail", "software", "manufacturing", "energy"):
        person = next(
            each
            for each in people
            if each.member.trade.code == code
            and each.row.status == ContactStatus.ACTIVE
            and "call" in each.row.activities
        )
        person.is_favorite, person.yearly, person.willingness = True, 16.0, 0.95
        person.row.sensitivity = Sensitivity.AMBASSADOR
        person.joined_ago = 1500
