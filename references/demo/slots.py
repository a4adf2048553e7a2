"""Makes the speaking slots of the demonstration program: what was on stage, and where a speaker is wanted."""

from dataclasses import dataclass, field
from datetime import date
from random import Random

from references.demo import COMPANY
from references.demo.places import PLACES, Place
from references.demo.products import PRODUCTS
from references.demo.setting import Person, Setting, at, external_id
from references.demo.trades import TRADES
from references.enums import ContactStatus, SlotStatus
from references.models import SlotTag, SpeakingSlot

PAST = 12
COMING = 28
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


@dataclass
class Stage:
    """The slots with their tags, and who speaks on which day."""

    slots: list[SpeakingSlot] = field(default_factory=list)
    tags: list[SlotTag] = field(default_factory=list)
    appearances: list[tuple[Person, date]] = field(default_factory=list)


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
        status = _choose_status(rng, is_past=is_past)
        speaker = speakers.pop() if status in {SlotStatus.DELIVERED, SlotStatus.CONFIRMED} else None
        _add(setting, rng, stage, number, setting.day(ago), status, speaker)
    return stage


def _choose_status(rng: Random, *, is_past: bool) -> str:
    if is_past:
        return rng.choices((SlotStatus.DELIVERED, SlotStatus.UNFILLED, SlotStatus.CANCELLED), (8, 2, 2))[0]
    return rng.choices((SlotStatus.OPEN, SlotStatus.CONFIRMED), (20, 8))[0]


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
        starts_at=at(on, rng.choice((9, 10, 13, 15))),
        time_zone=place.time_zone,
        place=town.name,
        region=setting.tag("region", place.region),
        format=rng.choice(_FORMATS),
        audience=rng.choice(_AUDIENCES),
        language=_language(place),
        deadline=setting.day((setting.today - on).days + 21),
        status=status,
        speaker=speaker.row if speaker else None,
        external_id=external_id("slot", number),
    )
    stage.slots.append(slot)
    stage.tags += [SlotTag(slot=slot, tag=industry), SlotTag(slot=slot, tag=setting.tag("product", product.slug))]
    if speaker:
        stage.appearances.append((speaker, on))


def _language(place: Place) -> str:
    codes = {"german": "de", "french": "fr", "spanish": "es"}
    return codes.get(place.languages[0], "en")
