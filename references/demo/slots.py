"""Makes the speaking slots of the demonstration program: what was on stage, and where a speaker is wanted.

Who is held or confirmed for the coming ones, the requests of the demonstration tell.
"""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from references.demo import COMPANY
from references.demo.places import PLACES, Place
from references.demo.products import PRODUCTS
from references.demo.setting import Person, Setting, at, external_id
from references.demo.trades import TRADES
from references.enums import ContactStatus, SlotStatus
from references.models import SlotTag, SpeakingSlot

PAST = 12
COMING = 28
_COMING = {PAST + 1: SlotStatus.UNFILLED, PAST + 8: SlotStatus.CANCELLED}
"""How coming slots ended before their day, by number; the first of them has its deadline behind it."""
_FORMATS = ("Keynote", "Panel", "Breakout session", "Fireside chat", "Webinar", "Podcast", "Round table")
_AUDIENCES = ("IT leaders", "300 engineers", "Finance and operations", "80 prospects", "Press and analysts", "Partners")
_EVENTS = (
    f"{COMPANY} Connect {{town}}",
    "{industry} Days {town}",
    f"{COMPANY} User Group {{town}}",
    "{town} Cloud Forum",
)
_TOPICS = (
    "What we would do differently: two years of {product}",
    "{product} in {industry}: lessons from the shop floor",
    "The business case for {product}, with numbers",
    "Ask me anything: moving a grown-up company to {product}",
)
_ACTIVITIES = {"Webinar": "webinar", "Podcast": "webinar"}
_INTERVIEWS = {
    15: ("press", "The {industry} Review, interview", "What {product} changed, told by the people who use it"),
    19: ("analyst", "Northgauge Research, market study", "{product} in {industry}: what buyers should ask"),
    26: ("press", "Cloudside Weekly, portrait", "Two years with {product}"),
    33: ("analyst", "Fernbrook Advisors, briefing", "How {product} is used in {industry}"),
}
"""By number: the activity, who asks, and about what."""
_MINUTES = {"Keynote": 30, "Panel": 60, "Webinar": 60, "Podcast": 40, "Round table": 90}
_TRAVEL = (
    f"{COMPANY} books and pays travel and one night.",
    "Travel and two nights are paid by the organizer.",
    "Second-class rail and one night, against receipts.",
)


@dataclass
class Stage:
    """The slots with their tags, and who does what on which day."""

    slots: list[SpeakingSlot] = field(default_factory=list)
    tags: list[SlotTag] = field(default_factory=list)
    appearances: list[tuple[Person, str, date]] = field(default_factory=list)


def make_stage(setting: Setting, people: list[Person]) -> Stage:
    """Make 40 slots: delivered, cancelled or unfilled ones of the past year, and coming ones, most of them open."""
    rng = setting.chance("slots")
    speakers = [
        each
        for each in people
        if each.row.status == ContactStatus.ACTIVE and "speaking" in each.row.activities and not each.is_favorite
    ]
    rng.shuffle(speakers)
    stage = Stage()
    for number in range(1, PAST + COMING + 1):
        is_past = number <= PAST
        ago = 20 + number * 27 if is_past else -(8 + (number - PAST) * 9)
        status = _choose_status(rng) if is_past else _COMING.get(number, SlotStatus.OPEN)
        speaker = speakers.pop() if status == SlotStatus.DELIVERED else None
        on = setting.day(ago) if is_past else _working_day(setting.day(ago))
        _add(setting, rng, stage, number, on, status, speaker)
    return stage


def _working_day(day: date) -> date:
    """This day, or the Monday after it."""
    return day + timedelta(days=7 - day.weekday()) if day.weekday() > 4 else day


def _choose_status(rng: Random) -> str:
    return rng.choices((SlotStatus.DELIVERED, SlotStatus.UNFILLED, SlotStatus.CANCELLED), (8, 2, 2))[0]


def _add(
    setting: Setting, rng: Random, stage: Stage, number: int, on: date, status: str, speaker: Person | None
) -> None:
    trade = speaker.member.trade if speaker else rng.choice([each for each in TRADES if each.has_promoters])
    product = rng.choice(speaker.member.products if speaker else PRODUCTS)
    place = rng.choice([each for each in PLACES if each.towns])
    town = setting.tag("region", rng.choice(place.towns))
    industry = setting.tag("industry", rng.choice(trade.industries))
    words = {"town": town.name, "industry": industry.name, "product": product.name}
    slot = SpeakingSlot(
        event=rng.choice(_EVENTS).format(**words),
        topic=rng.choice(_TOPICS).format(**words),
        starts_at=datetime.combine(on, time(rng.choice((9, 10, 13, 15))), tzinfo=ZoneInfo(place.time_zone)),
        time_zone=place.time_zone,
        place=town.name,
        region=setting.tag("region", place.region),
        format=rng.choice(_FORMATS),
        audience=rng.choice(_AUDIENCES),
        language=_language(place),
        deadline=on - timedelta(days=21),
        status=status,
        speaker=speaker.row if speaker else None,
        external_id=external_id("slot", number),
        owner=setting.keeper,
        created_at=at(min(on - timedelta(days=150), setting.day(60 + number)), 9),
    )
    _dress(slot, number, words)
    stage.slots.append(slot)
    stage.tags += [SlotTag(slot=slot, tag=industry), SlotTag(slot=slot, tag=setting.tag("product", product.slug))]
    if speaker:
        stage.appearances.append((speaker, slot.activity, on))


def _dress(slot: SpeakingSlot, number: int, words: dict[str, str]) -> None:
    """What the speaker does, how long, and who pays the way there; some are interviews."""
    slot.activity = _ACTIVITIES.get(slot.format, "speaking")
    slot.minutes = _MINUTES.get(slot.format, 45)
    if number in _INTERVIEWS:
        slot.activity, event, topic = _INTERVIEWS[number]
        slot.event, slot.topic = event.format(**words), topic.format(**words)
        slot.format, slot.audience, slot.minutes = "Interview", "Readers", 40
        slot.deadline = slot.starts_at.date() - timedelta(days=7)
    elif slot.activity == "webinar":
        slot.place = "Online"
    else:
        slot.travel = _TRAVEL[number % len(_TRAVEL)]
    slot.url = f"https://demo.example/events/{number}"


def _language(place: Place) -> str:
    codes = {"german": "de", "french": "fr", "spanish": "es"}
    return codes.get(place.languages[0], "en")
