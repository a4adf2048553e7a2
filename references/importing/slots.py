"""Finds or makes the speaking slots that rows tell of, what was spoken there in the ledger, and recordings of it."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time

from django.utils import timezone

from references.enums import ContentStatus, EngagementStatus, SlotStatus, TestimonialKind
from references.importing.among import among
from references.importing.content import name_states
from references.importing.inserting import append_rows, insert_rows
from references.importing.record import ImportRow
from references.importing.records import Import, Move
from references.importing.remarks import Remarks
from references.importing.upserts import Held, Upserts
from references.models import Contact, Customer, Engagement, EngagementChange, SpeakingSlot, Testimonial
from references.services.saving import name_subject
from references.text import fold_name

ACTIVITY = "speaking"
_NOON = time(12, tzinfo=UTC)
_Key = tuple[date, str, str]


class SlotWriter:
    """The slots of a file, a batch at a time: what is past took place, with its speaker; what is to come is open."""

    def __init__(self, remarks: Remarks, run: Import) -> None:
        self.upserts = Upserts(SpeakingSlot)
        self._remarks = remarks
        self._run = run
        self._by_id: dict[str, Held[SpeakingSlot]] = {}
        self._by_talk: dict[_Key, Held[SpeakingSlot]] = {}
        self._spoken: list[tuple[Held[SpeakingSlot], Contact]] = []

    def begin(self, rows: Iterable[ImportRow]) -> None:
        """Read the slots that a batch may mean; two queries."""
        self.upserts.begin()
        self._by_id, self._by_talk, self._spoken = {}, {}, []
        rows = list(rows)
        days = {row.event_date for row in rows if row.event_date}
        ids = {row.slot_id for row in rows if row.slot_id}
        found = SpeakingSlot.objects.order_by("-pk")
        for held in self.upserts.hold(found.filter(external_id__in=ids)):
            self._remember(held)
        for held in self.upserts.hold(found.filter(starts_at__date__in=days)):
            self._remember(held)

    def take(self, row: ImportRow, speaker: Contact | None) -> Held[SpeakingSlot] | None:
        """Give the slot of a row, changed by what the row says; None where it tells of no event."""
        if not row.event or row.event_date is None:
            return None
        is_past = row.event_date < self._run.today
        held = self._find(row, row.event_date)
        if held is None:
            held = self.upserts.create(
                SpeakingSlot(
                    activity=ACTIVITY,
                    event=row.event,
                    starts_at=datetime.combine(row.event_date, _NOON),
                    status=SlotStatus.DELIVERED if is_past else SlotStatus.OPEN,
                    speaker=speaker if is_past else None,
                )
            )
        held.is_touched = True
        held.set("topic", row.talk_title)
        held.set("format", row.event_format)
        held.set("audience", row.audience)
        held.set("external_id", row.slot_id)
        self._remember(held)
        if is_past and speaker is not None:
            self._spoken.append((held, speaker))
        elif speaker is not None:
            self._remarks.note(row, "promoter", speaker.name, "is to speak still", "hold them on the slot's own page")
        return held

    def flush(self) -> tuple[set[int], list[Move]]:
        """Write the batch and the ledger; gives the customers concerned, and the record of new states."""
        new = self.upserts.new
        self.upserts.flush()
        moves = [(name_subject(held.row), "", held.row.status) for held in new]
        return self._log(), moves

    def _log(self) -> set[int]:
        """One completed row for each speaker of each slot, however often it is imported."""
        waiting = {f"import:slot:{held.row.id}:{who.id}": (held.row, who) for held, who in self._spoken}
        there = set(Engagement.objects.filter(source__in=among(list(waiting))).values_list("source", flat=True))
        missing = {source: each for source, each in waiting.items() if source not in there}
        now = timezone.now()
        same = {"activity": ACTIVITY, "status": EngagementStatus.COMPLETED, "recorded_at": now}
        rows = [(who.id, slot.starts_at.date(), source) for source, (slot, who) in missing.items()]
        keys = insert_rows(Engagement, ["contact_id", "on", "source"], rows, same)
        steps = {"status": EngagementStatus.COMPLETED, "at": now}
        append_rows(EngagementChange, ["engagement_id"], [(key,) for key in keys], steps)
        return {who.customer_id for _slot, who in missing.values()}

    def _find(self, row: ImportRow, on: date) -> Held[SpeakingSlot] | None:
        if row.slot_id and row.slot_id in self._by_id:
            return self._by_id[row.slot_id]
        held = self._by_talk.get((on, fold_name(row.event), fold_name(row.talk_title)))
        is_another = held is not None and row.slot_id and held.row.external_id not in {"", row.slot_id}
        return None if is_another else held

    def _remember(self, held: Held[SpeakingSlot]) -> None:
        slot = held.row
        if slot.external_id:
            self._by_id[slot.external_id] = held
        self._by_talk[slot.starts_at.astimezone(UTC).date(), fold_name(slot.event), fold_name(slot.topic)] = held


class RecordingWriter:
    """Talks on film, a batch at a time: drafts with a link, which a consent alone lets anybody use."""

    def __init__(self) -> None:
        self.upserts = Upserts(Testimonial)
        self._by_url: dict[tuple[int, str], Held[Testimonial]] = {}

    def begin(self, customers: Iterable[int]) -> None:
        """Read the recordings of a batch's customers; one query."""
        self.upserts.begin()
        kept = Testimonial.objects.filter(customer__in=among(set(customers)), kind=TestimonialKind.WEBINAR)
        recordings = self.upserts.hold(kept.order_by("-pk"))
        self._by_url = {(held.row.customer_id, held.row.url): held for held in recordings}

    def take(
        self, row: ImportRow, customer: Customer, speaker: Contact | None, today: date
    ) -> Held[Testimonial] | None:
        """Give the recording of a talk that is past; None where there is none."""
        if not (row.event and row.video_url and row.event_date and row.event_date < today):
            return None
        held = self._by_url.get((customer.id, row.video_url))
        if held is None:
            text = row.abstract or row.talk_title or row.event
            piece = Testimonial(
                customer=customer,
                kind=TestimonialKind.WEBINAR,
                text=text,
                url=row.video_url,
                status=ContentStatus.DRAFT,
            )
            held = self._by_url[customer.id, row.video_url] = self.upserts.create(piece)
        held.is_touched = True
        held.set("said_by", row.promoter)
        held.set("said_by_title", row.title)
        if held.row.contact_id is None:
            held.set("contact_id", speaker.id if speaker else None)
        return held

    def flush(self) -> tuple[list[Held[Testimonial]], list[Move]]:
        """Write the batch; gives what is new or changed, and the record of new states."""
        new = self.upserts.new
        written = self.upserts.flush()
        return written, name_states(new)
