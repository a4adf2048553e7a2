"""Tells how speakers were found for slots of the demonstration: each by a request of its own, as the pages do it."""

from dataclasses import dataclass
from datetime import date

from matching.demo.deals import Deal
from matching.demo.requests import Story
from matching.demo.stage import LOOK_AT, Ranked, Stage
from matching.demo.walks import Walk
from matching.enums import SAID_YES, MatchStatus, RequestStatus
from matching.models import Request
from matching.search import search_need
from matching.slot_need import brief_of, day_of, need_of_slot
from references.demo import PREFIX
from references.demo.setting import external_id
from references.enums import Actor, SlotStatus
from references.models import SpeakingSlot

UNFILLED = "2 people were asked, and nobody could."


@dataclass(frozen=True)
class Search:
    """One slot to be sourced, by its number: how long ago it was sent, how earlier people ended, where it stands.

    `way` is one of owner_review, invited, scheduled, open (nobody asked at present), unfilled.
    """

    number: int
    ago: int
    way: str
    tries: tuple[str, ...] = ()


SEARCHES: tuple[Search, ...] = (
    Search(14, 45, "scheduled"),
    Search(15, 6, "invited"),
    Search(16, 34, "scheduled", tries=("declined",)),
    Search(17, 20, "unfilled", tries=("declined", "no_answer")),
    Search(18, 12, "scheduled"),
    Search(22, 9, "open", tries=("declined",)),
    Search(23, 3, "invited"),
    Search(25, 1, "owner_review"),
)


def rank_search(search: Search, stage: Stage) -> tuple[SpeakingSlot, Ranked]:
    """Read what a slot asks for and rank the pool for it, as its owner sees it."""
    slot = SpeakingSlot.objects.select_related("region").get(external_id=external_id("slot", search.number))
    need = need_of_slot(slot)
    found = search_need(
        user=stage.users["marketer"], need=need, activity=slot.activity, limit=LOOK_AT, lists=["candidates"]
    )
    deal = Deal(
        "marketer", slot.event, slot.topic, search.number, "EUR", "", brief_of(slot), search.ago, search.way,
        activity=slot.activity, tries=search.tries,
    )  # fmt: skip
    return slot, Ranked(deal, need, found)


def tell_search(stage: Stage, slot: SpeakingSlot, ranked: Ranked) -> Request:
    """Write the request that sources one slot, with all that hangs on it, and let the slot follow."""
    story = _SpeakerStory(stage, slot, ranked)
    story.send()
    story.walk()
    story.end()
    story.finish()
    return story.request


class _SpeakerStory(Story):
    """The way of one slot: everybody is asked for its day, and who says yes is booked at its hour."""

    def __init__(self, stage: Stage, slot: SpeakingSlot, ranked: Ranked) -> None:
        self.slot = slot
        slot.status, slot.speaker = SlotStatus.OPEN, None
        super().__init__(stage, ranked)

    def end(self) -> None:
        """Close the slot with its request where nobody could."""
        if self.deal.way == "unfilled":
            self._move(RequestStatus.EXPIRED, why=UNFILLED)
            self._move_slot(SlotStatus.UNFILLED, why=UNFILLED)

    def finish(self) -> None:
        """Set what the present says of the request and of the slot."""
        if self.deal.way == "open":  # by hand from here on
            self.request.chosen = list(self.request.matches.values_list("contact", flat=True))
        super().finish()
        self.slot.save()

    def _draft(self) -> Request:
        row = super()._draft()
        row.deal, row.deal_id, row.deal_value, row.currency, row.prospects = self.slot.event, "", None, "", []
        row.speaking_slot = self.slot
        row.creation_key = f"{PREFIX}slot-{self.slot.external_id.removeprefix(PREFIX)}"
        return row

    def _needed_by(self) -> date:
        return day_of(self.slot)

    def _day_after(self, days: int) -> date:
        return day_of(self.slot)

    def _day_of(self, status: str) -> date:
        return day_of(self.slot)

    def _walk_to(self, slot: int, status: str, on: date) -> Walk:
        begun = max(self.at, self.stage.sent_at(1)) if status == MatchStatus.INVITED else self.at
        walk = super()._walk_to(slot, status, on)
        match = walk.match
        self.slot.speaker = match.contact
        held = self.at
        self.at = begun
        self._move_slot(SlotStatus.HELD, why=str(match.get_status_display()))
        self.at = held
        if match.status in SAID_YES:
            self._book(walk)
        elif match.status in {MatchStatus.DECLINED, MatchStatus.NO_ANSWER}:
            self.slot.speaker = None
            self._move_slot(SlotStatus.OPEN, why=str(match.get_status_display()))
        return walk

    def _book(self, walk: Walk) -> None:
        match = walk.match
        match.offered_times, match.scheduled_at, match.meeting = [], self.slot.starts_at, self.slot.place
        match.save()
        self._move_slot(SlotStatus.CONFIRMED, why=str(match.get_status_display()))

    def _move_slot(self, to: str, *, why: str) -> None:
        before, self.slot.status = self.slot.status, to
        self.stage.past.note(self.slot, before, to, self.at, by=None, why=why, actor=Actor.SYSTEM)
