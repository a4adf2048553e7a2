"""What slots are told in: colors of states, tabs, what happens next, what happened, talks and interviews apart."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from matching.showing import ShownMatch, hide_from
from references.enums import Actor, SlotStatus
from references.models import SpeakingSlot, StateChange
from references.services.saving import name_subject
from web.requests.words import NextWords

COLORS = {
    SlotStatus.OPEN: "accent",
    SlotStatus.HELD: "soft",
    SlotStatus.CONFIRMED: "fresh",
    SlotStatus.DELIVERED: "fresh",
    SlotStatus.UNFILLED: "approval",
}
TABS = (
    ("open", gettext_lazy("Open"), (SlotStatus.OPEN,)),
    ("held", gettext_lazy("Held"), (SlotStatus.HELD,)),
    ("confirmed", gettext_lazy("Confirmed"), (SlotStatus.CONFIRMED,)),
    ("past", gettext_lazy("Past"), (SlotStatus.DELIVERED, SlotStatus.CANCELLED)),
    ("unfilled", gettext_lazy("Unfilled"), (SlotStatus.UNFILLED,)),
)
INTERVIEWS = frozenset({"press", "analyst"})
KINDS = ("speaking", "webinar", "press", "analyst", "video", "group_call", "advisory")
"""The activities that slots are made for."""
_MOVES: dict[tuple[str, str], object] = {
    ("", "open"): gettext_lazy("Slot opened"),
    ("held", "open"): gettext_lazy("Open again"),
    ("confirmed", "open"): gettext_lazy("Open again: the speaker cannot come"),
}
_REACHED: dict[str, object] = {
    "open": gettext_lazy("Open"),
    "held": gettext_lazy("Somebody is held"),
    "confirmed": gettext_lazy("Confirmed"),
    "delivered": gettext_lazy("Took place"),
    "cancelled": gettext_lazy("Called off"),
    "unfilled": gettext_lazy("Closed: nobody was found"),
}


@dataclass(frozen=True, slots=True)
class SlotWords:
    """What a page about a talk, or about an interview, says."""

    who: str
    nobody: str
    happened: str


@dataclass(frozen=True, slots=True)
class SlotLine:
    """One line of a slot's time line."""

    at: datetime
    text: str
    by: str
    note: str


def slot_words(activity: str) -> SlotWords:
    """The words for a kind of slot."""
    if activity in INTERVIEWS:
        return SlotWords(
            _("Who could be interviewed"), _("Nobody is asked for this interview yet"), _("The interview took place")
        )
    return SlotWords(_("Who could speak"), _("Nobody is asked to speak yet"), _("It took place"))


def next_words(slot: SpeakingSlot, step: NextWords | None, *, is_past: bool) -> NextWords:
    """What happens next with a slot; `step` is what its request waits for."""
    if slot.status == SlotStatus.CONFIRMED:
        text = _("Say whether it took place") if is_past else _("The speaker is confirmed")
        after = _("The ledger takes it, and they are thanked.") if is_past else _("They are reminded the day before.")
        return NextWords("meeting", text, slot.starts_at, is_past, after)
    if slot.status == SlotStatus.OPEN:
        at_most = _("At most three people are asked, and after two who cannot the slot is closed.")
        if step is not None and step.code == "unmet":
            return NextWords("unmet", _("Nobody who fits may be asked now"), None, False, step.after)
        return NextWords("open", slot_words(slot.activity).nobody, None, False, at_most)
    if step is not None and slot.status == SlotStatus.HELD:
        after = _("Without an answer by then, the slot is open again.") if step.code == "customer" else step.after
        return NextWords(step.code, step.text, step.at, step.is_late, after)
    return NextWords("over", "", None, False, "")


def read_lines(slot: SpeakingSlot, shown: Sequence[ShownMatch]) -> list[SlotLine]:
    """The time line of a slot, oldest first, without the names that the viewer of its matches may not see."""
    changes = StateChange.objects.filter(subject=name_subject(slot)).select_related("by").order_by("at", "id")
    return [_describe(change, hide_from(shown, change.why)) for change in changes]


def _describe(change: StateChange, why: str) -> SlotLine:
    text = _MOVES.get((change.from_status, change.to_status)) or _REACHED.get(change.to_status, change.to_status)
    by = _("the customer") if change.actor == Actor.PROMOTER else "" if change.by is None else str(change.by)
    return SlotLine(change.at, str(text), by, why)
