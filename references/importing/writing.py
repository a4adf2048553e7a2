"""Writes rows that have been read into the pool: customers, people, tags, stories, quotes, consents and answers."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from references.importing.among import among
from references.importing.answers import AnswerWriter
from references.importing.consents import ConsentWriter
from references.importing.contacts import ContactWriter
from references.importing.content import QuoteWriter, StoryWriter
from references.importing.customers import CustomerWriter
from references.importing.record import ImportRow
from references.importing.records import Import, Move, record_moves
from references.importing.remarks import Remarks
from references.importing.report import Count
from references.importing.slots import RecordingWriter, SlotWriter
from references.importing.tagging import RowTags, Tagger
from references.importing.upserts import Held, add_links
from references.models import (
    CaseStudy,
    CaseStudyTag,
    Contact,
    ContactTag,
    Customer,
    CustomerTag,
    SlotTag,
    SpeakingSlot,
    Testimonial,
    TestimonialTag,
)
from references.pool.gate import Touched
from references.services.inference import promise_inference
from references.text import fold_name

_MANY = 5_000


@dataclass(slots=True)
class _Line:
    """One row on its way into the pool, and what it has become so far."""

    row: ImportRow
    customer: Held[Customer]
    contact: Held[Contact] | None = None
    story: Held[CaseStudy] | None = None
    quote: Held[Testimonial] | None = None
    recording: Held[Testimonial] | None = None

    @property
    def person(self) -> Contact | None:
        """The person of the row, if they work for its customer."""
        held = self.contact
        return held.row if held and held.row.customer_id == self.customer.row.id else None


class PoolWriter:
    """Writes the rows of one file, a batch at a time, inside a `pool_write()`; notes what it touched in `touched`.

    `addresses` are the contacts the file may mean, by e-mail address (see `read_addresses`).
    """

    def __init__(self, remarks: Remarks, run: Import, addresses: dict[str, list[int]], touched: Touched) -> None:
        self._run = run
        self._touched = touched
        self._tagger = Tagger()
        self._customers = CustomerWriter(remarks)
        self._contacts = ContactWriter(remarks, run, addresses)
        self._stories = StoryWriter()
        self._quotes = QuoteWriter()
        self._consents = ConsentWriter(run)
        self._answers = AnswerWriter()
        self._slots = SlotWriter(remarks, run)
        self._recordings = RecordingWriter()
        self._moves: list[Move] = []
        self._reworded: set[int] = set()

    def write(self, rows: Sequence[ImportRow]) -> None:
        """Write one batch. A row that belongs to no customer becomes a bad one and is left out."""
        lines = self._write_customers([row for row in rows if not row.is_only_event])
        self._write_contacts(lines)
        self._write_content(lines)
        self._write_recordings([line for line in lines if line.row.video_url])
        slots = self._write_slots([row for row in rows if row.is_only_event], lines)
        self._write_tags(lines, rows)
        self._tag_slots(slots)
        self._write_consents(lines)
        record_moves(self._moves, self._run)
        self._moves = []

    def finish(self) -> None:
        """Promise that a worker reads the customers' new words for what they say of them."""
        if self._reworded:
            promise_inference(None if len(self._reworded) > _MANY else self._reworded)

    def counts(self) -> dict[str, Count]:
        """What was created, changed and found unchanged so far."""
        return {
            "customers": self._customers.upserts.count(),
            "contacts": self._contacts.upserts.count(),
            "stories": self._stories.upserts.count(),
            "quotes": self._quotes.upserts.count(),
            "consents": self._consents.count,
            "answers": self._answers.count,
            "slots": self._slots.upserts.count(),
            "recordings": self._recordings.upserts.count(),
            "tags": Count(created=self._tagger.proposed),
        }

    def _write_customers(self, rows: Sequence[ImportRow]) -> list[_Line]:
        self._customers.begin(rows)
        lines = [_Line(row, held) for row in rows if (held := self._customers.take(row)) is not None]
        self._add_phrases(lines)
        written = [held.row.id for held in self._customers.upserts.flush()]
        self._touch(written)
        self._reworded.update(written)
        return lines

    def _add_phrases(self, lines: Iterable[_Line]) -> None:
        """Keep solutions told as phrases, where no story takes them in, among the notes of the customer."""
        for line in lines:
            if line.row.solution_phrases and not line.row.has_story:
                notes = line.customer.row.notes
                new = [phrase for phrase in line.row.solution_phrases if phrase not in notes]
                line.customer.put("notes", "\n".join(filter(None, [notes, *new])))

    def _write_contacts(self, lines: Sequence[_Line]) -> None:
        self._contacts.begin(((line.row, line.customer.row) for line in lines), self._customers.upserts.fresh)
        for line in lines:
            line.contact = self._contacts.take(line.row, line.customer.row)
        self._touch(held.row.customer_id for held in self._contacts.flush())
        self._moves += self._contacts.moves

    def _write_content(self, lines: Sequence[_Line]) -> None:
        telling = [line for line in lines if line.row.has_story]
        self._stories.begin(self._known_customers(telling))
        for line in telling:
            line.story = self._stories.take(line.row, line.customer.row, line.person)
        stories, moves = self._stories.flush()
        quoting = [line for line in lines if line.row.quote]
        self._quotes.begin(self._known_customers(quoting))
        for line in quoting:
            line.quote = self._quotes.take(line.row, line.customer.row, self._find_speaker(line))
        quotes, more = self._quotes.flush()
        telling_anew = {held.row.customer_id for held in stories} | {held.row.customer_id for held in quotes}
        self._touch(telling_anew)
        self._reworded |= telling_anew
        self._moves += moves + more

    def _known_customers(self, lines: Iterable[_Line]) -> set[int]:
        """The customers of these lines that the pool knew before this batch, by their keys."""
        return {line.customer.row.id for line in lines} - self._customers.upserts.fresh

    def _write_recordings(self, lines: Sequence[_Line]) -> None:
        self._recordings.begin(self._known_customers(lines))
        for line in lines:
            line.recording = self._recordings.take(line.row, line.customer.row, line.person, self._run.today)
        written, moves = self._recordings.flush()
        told_anew = {held.row.customer_id for held in written}
        self._touch(told_anew)
        self._reworded |= told_anew
        self._moves += moves

    def _write_slots(
        self, alone: Sequence[ImportRow], lines: Sequence[_Line]
    ) -> list[tuple[ImportRow, Held[SpeakingSlot]]]:
        """Write the events of rows with and without a speaker; gives the slot of each."""
        told = [(row, None) for row in alone] + [(line.row, line.person) for line in lines if line.row.event]
        if not told:
            return []
        self._slots.begin(row for row, _speaker in told)
        taken = [(row, self._slots.take(row, speaker)) for row, speaker in told]
        concerned, moves = self._slots.flush()
        self._touch(concerned)
        self._moves += moves
        return [(row, held) for row, held in taken if held is not None]

    def _tag_slots(self, slots: Sequence[tuple[ImportRow, Held[SpeakingSlot]]]) -> None:
        wanted: dict[int, set[int]] = defaultdict(set)
        held = {each.row.id: each for _row, each in slots}
        for row, each in slots:
            wanted[each.row.id] |= self._tagger.find_tags(row).content
        wanted = defaultdict(set, {pk: tags for pk, tags in wanted.items() if tags})
        for pk in add_links(SlotTag, "slot", wanted, {}, self._slots.upserts.fresh) if wanted else ():
            self._slots.upserts.note_change(held[pk])

    def _find_speaker(self, line: _Line) -> Contact | None:
        """Who said a quote: the person of the row, or another contact of the customer by that name."""
        row = line.row
        if not row.quote_by or fold_name(row.quote_by) == fold_name(row.promoter):
            return line.person
        return self._contacts.find_named(row.quote_by, line.customer.row)

    def _write_tags(self, lines: Sequence[_Line], rows: Sequence[ImportRow]) -> None:
        kept = [line.row for line in lines] + [row for row in rows if row.is_only_event]
        proposals = self._tagger.propose_missing(kept)
        self._moves += proposals
        self._touched.add(vocabulary=bool(proposals))
        tags = [(line, self._tagger.find_tags(line.row)) for line in lines]
        dated = {"verified_on": self._run.today}
        self._link(
            CustomerTag,
            "customer",
            self._customers.upserts,
            [(line.customer, found.customer) for line, found in tags],
            dated,
        )
        self._link(ContactTag, "contact", self._contacts.upserts, self._contact_tags(tags), dated)
        self._link(
            CaseStudyTag, "case_study", self._stories.upserts, [(line.story, found.content) for line, found in tags], {}
        )
        self._link(
            TestimonialTag,
            "testimonial",
            self._quotes.upserts,
            [(line.quote, found.content) for line, found in tags],
            {},
        )
        self._link(
            TestimonialTag,
            "testimonial",
            self._recordings.upserts,
            [(line.recording, found.content) for line, found in tags],
            {},
        )

    def _contact_tags(self, tags: Sequence[tuple[_Line, RowTags]]) -> list[tuple[Held[Contact] | None, frozenset[int]]]:
        """Tags of persons; roles read from a title only for those who have no role yet."""
        derived = {line.contact.row.id for line, found in tags if line.contact and found.derived_roles}
        derived -= self._contacts.upserts.fresh
        given = {line.contact.row.id for line, found in tags if line.contact and line.row.role}
        playing = ContactTag.objects.filter(contact__in=among(derived), tag__facet="role")
        settled = given | set(playing.values_list("contact_id", flat=True))
        return [
            (
                line.contact,
                found.contact
                if line.contact is None or line.contact.row.id in settled
                else found.contact | found.derived_roles,
            )
            for line, found in tags
        ]

    def _link(self, through: Any, owner: str, upserts: Any, pairs: Iterable[Any], fixed: dict[str, Any]) -> None:
        """Let rows carry tags, count those that got new ones as changed, and touch their customers."""
        wanted: dict[int, set[int]] = defaultdict(set)
        rows: dict[int, Held[Any]] = {}
        for held, tags in pairs:
            if held is not None and tags:
                wanted[held.row.id] |= tags
                rows[held.row.id] = held
        if not wanted:
            return
        for pk in add_links(through, owner, wanted, fixed, upserts.fresh):
            upserts.note_change(rows[pk])
            self._touch([rows[pk].row.id if owner == "customer" else rows[pk].row.customer_id])

    def _write_consents(self, lines: Sequence[_Line]) -> None:
        for line in lines:
            if line.person is not None or not line.row.has_person:
                self._consents.take(line.row, line.customer.row, line.person)
                self._answers.take(line.row, line.person)
        contacts, customers = self._contacts.upserts.fresh, self._customers.upserts.fresh
        concerned, moves = self._consents.flush(contacts | {-customer for customer in customers})
        self._touch(concerned | self._answers.flush(contacts))
        self._moves += moves

    def _touch(self, customers: Iterable[int]) -> None:
        self._touched.add_all(customers)
