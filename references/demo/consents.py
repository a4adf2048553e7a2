"""Makes the consents of the demonstration program: most in force, some about to end, ended, revoked or replaced."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random

from references.demo.setting import Member, Person, Setting, at
from references.enums import Channel, ContactStatus
from references.models import Consent

_HAVE_SIGNED = {ContactStatus.ACTIVE, ContactStatus.PAUSED, ContactStatus.RETIRED}
_EVIDENCE = (
    "Reference agreement signed {day}",
    "E-mail to the account owner, {day}",
    "Agreed on the customer page, {day}",
    "Clause 14 of the contract of {day}",
)


@dataclass(frozen=True)
class _Term:
    """How long the consents of one person last."""

    starts_on: date
    ends_on: date | None
    revoked_at: datetime | None


def make_consents(setting: Setting, people: list[Person]) -> Iterator[Consent]:
    """One consent for each activity that a person agreed to; where it replaces an older one, that comes right after."""
    rng = setting.chance("consents")
    for person in people:
        if person.row.status not in _HAVE_SIGNED:
            continue
        term = _choose_term(setting, rng, is_retired=person.row.status == ContactStatus.RETIRED)
        is_attributed = rng.random() > 0.15
        region = setting.tag("region", person.member.place.region) if rng.random() < 0.04 else None
        evidence = rng.choice(_EVIDENCE).format(day=term.starts_on.isoformat())
        for activity in person.row.activities:
            consent = Consent(
                contact=person.row,
                customer=person.member.row,
                activity=activity,
                channel=_choose_channel(rng, activity),
                region=region,
                is_attributed=is_attributed,
                valid_from=term.starts_on,
                valid_until=term.ends_on,
                evidence=evidence,
                revoked_at=term.revoked_at,
            )
            yield consent
            if rng.random() < 0.03 and term.revoked_at is None:
                yield _make_older(consent)


def make_story_consents(setting: Setting, members: Iterable[Member]) -> Iterator[Consent]:
    """What whole customers allow: their story, and their logo beside it; a few have let it lapse."""
    rng = setting.chance("story consents")
    for member in members:
        if rng.random() < 0.06:
            continue
        starts_on = setting.day(rng.randint(60, 900))
        length = rng.choice((None, 730, 1095, 1460))
        ends_on = None if length is None else starts_on + timedelta(days=length)
        for activity in ("case_study", "logo"):
            yield Consent(
                customer=member.row,
                activity=activity,
                channel=Channel.ANY if activity == "case_study" else Channel.WEB,
                valid_from=starts_on,
                valid_until=ends_on,
                evidence=f"Release form of {starts_on.isoformat()}",
            )


def _choose_term(setting: Setting, rng: Random, *, is_retired: bool) -> _Term:
    starts_on = setting.day(rng.randint(40, 900))
    kind = rng.choices(("open", "long", "ending", "ended", "revoked"), (15, 70, 6, 5, 4))[0]
    if is_retired or kind == "revoked":
        return _Term(starts_on, None, at(setting.day(rng.randint(3, 40)), 10))
    if kind == "open":
        return _Term(starts_on, None, None)
    if kind == "ending":
        return _Term(starts_on, setting.day(-rng.randint(2, 28)), None)
    if kind == "ended":
        return _Term(starts_on, setting.day(rng.randint(4, 39)), None)
    return _Term(starts_on, setting.day(-rng.randint(60, 800)), None)


def _choose_channel(rng: Random, activity: str) -> str:
    if activity in {"call", "group_call", "site_visit"} and rng.random() < 0.3:
        return Channel.SALES
    if activity == "speaking" and rng.random() < 0.4:
        return Channel.EVENT
    if activity in {"quote", "case_study", "video"} and rng.random() < 0.15:
        return Channel.WEB
    return Channel.ANY


def _make_older(newer: Consent) -> Consent:
    """The one-year consent, without a name, that the newer one replaced."""
    starts_on = newer.valid_from - timedelta(days=365)
    return Consent(
        contact=newer.contact,
        customer=newer.customer,
        activity=newer.activity,
        is_attributed=False,
        valid_from=starts_on,
        valid_until=newer.valid_from,
        evidence=f"E-mail of {starts_on.isoformat()}",
        superseded_by=newer,
    )
