"""What a speaking slot asks for, as the ranking reads it: its tags, region and language, and the words of its topic."""

from collections.abc import Collection, Sequence
from datetime import date
from zoneinfo import ZoneInfo

from django.conf.locale import LANG_INFO
from django.utils import timezone

from matching.need import Need
from matching.results import SearchResult
from matching.search import LISTS, Among, Corrections, List, search_need, understand
from references.enums import Facet
from references.models import SpeakingSlot
from references.text import fold_name
from users.models import User


def day_of(slot: SpeakingSlot) -> date:
    """The day of a slot where it takes place."""
    return timezone.localdate(slot.starts_at, ZoneInfo(slot.time_zone))


def brief_of(slot: SpeakingSlot) -> str:
    """The words that describe who is wanted; the event's name where nothing else is said."""
    return "\n".join(filter(None, (slot.topic.strip(), slot.audience.strip()))) or slot.event


def tag_keys(slot: SpeakingSlot) -> list[str]:
    """The tags of a slot as corrections name them ("facet:slug"), its region and language among them."""
    tags = {*slot.tags.all(), *([slot.region] if slot.region is not None else [])}
    keys = {f"{tag.facet}:{tag.slug}" for tag in tags}
    spoken = LANG_INFO.get(slot.language.partition("-")[0], {}).get("name", "")
    if spoken:
        keys.add(f"{Facet.LANGUAGE}:{fold_name(str(spoken)).replace(' ', '-')}")
    return sorted(keys)


def need_of_slot(slot: SpeakingSlot) -> Need:
    """A slot read as a brief."""
    added = Corrections(added=tuple(tag_keys(slot)))
    return understand(brief_of(slot), activity=slot.activity, corrections=added)


def rank_slot(
    slot: SpeakingSlot,
    *,
    user: User,
    only: Collection[int] | None = None,
    but: Collection[int] = (),
    limit: int = 10,
    lists: Sequence[List] = LISTS,
) -> SearchResult:
    """Who could speak, best first, as `user` may see them; `only` looks at these contacts alone, `but` leaves some out.

    Where the notice is too short for the activity, everybody is refused by `lead_time`.
    """
    among = Among(only=None if only is None else frozenset(only), but=frozenset(but))
    return search_need(
        user=user,
        need=need_of_slot(slot),
        activity=slot.activity,
        on=day_of(slot),
        limit=limit,
        lists=lists,
        among=among,
    )
