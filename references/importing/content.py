"""Finds or makes the stories and quotes that rows tell: by story id or title, and by the words of a quote."""

from collections.abc import Iterable

from references.enums import ContentStatus, TestimonialKind
from references.importing.among import among
from references.importing.making import make
from references.importing.record import ImportRow
from references.importing.records import Move
from references.importing.upserts import Held, Upserts
from references.models import CaseStudy, Contact, Customer, Testimonial
from references.services.saving import name_subject
from references.text import fold_name

_TITLE = 300
_DERIVED_TITLE = 90


class StoryWriter:
    """The case studies of a file, a batch at a time."""

    def __init__(self) -> None:
        self.upserts = Upserts(CaseStudy)
        self._by_id: dict[tuple[int, str], Held[CaseStudy]] = {}
        self._by_title: dict[tuple[int, str], Held[CaseStudy]] = {}

    def begin(self, customers: Iterable[int]) -> None:
        """Read the stories of a batch's customers; one query."""
        self.upserts.begin()
        self._by_id, self._by_title = {}, {}
        for held in self.upserts.hold(CaseStudy.objects.filter(customer__in=among(set(customers))).order_by("-pk")):
            self._remember(held)

    def take(self, row: ImportRow, customer: Customer, contact: Contact | None) -> Held[CaseStudy] | None:
        """Give the story of a row, changed by what the row says; None where it tells none."""
        if not row.has_story:
            return None
        title = row.story_title or derive_title(row, customer.name)
        held = self._find(row, customer, title)
        if held is None:
            status = ContentStatus.PUBLISHED if row.story_url or "case_study" in row.consent else ContentStatus.DRAFT
            held = self.upserts.create(make(CaseStudy, customer_id=customer.id, title=title, status=status))
        held.is_touched = True
        held.set("title", row.story_title)
        held.set("external_id", row.story_id)
        held.set("url", row.story_url)
        held.set("challenge", row.challenge)
        held.set("solution_text", "\n\n".join(filter(None, (row.solution_text, "; ".join(row.solution_phrases)))))
        held.set("results", row.results)
        if held.row.contact_id is None:
            held.set("contact_id", contact.id if contact else None)
        self._remember(held)
        return held

    def flush(self) -> tuple[list[Held[CaseStudy]], list[Move]]:
        """Write the batch; gives what is new or changed, and the record of new states."""
        new = self.upserts.new
        written = self.upserts.flush()
        return written, name_states(new)

    def _find(self, row: ImportRow, customer: Customer, title: str) -> Held[CaseStudy] | None:
        if row.story_id:
            held = self._by_id.get((customer.id, row.story_id))
            if held is not None:
                return held
        held = self._by_title.get((customer.id, fold_name(title)))
        is_another = held is not None and row.story_id and held.row.external_id not in {"", row.story_id}
        return None if is_another else held

    def _remember(self, held: Held[CaseStudy]) -> None:
        story = held.row
        if story.external_id:
            self._by_id[story.customer_id, story.external_id] = held
        self._by_title[story.customer_id, fold_name(story.title)] = held


class QuoteWriter:
    """The quotes of a file, a batch at a time."""

    def __init__(self) -> None:
        self.upserts = Upserts(Testimonial)
        self._by_text: dict[tuple[int, str], Held[Testimonial]] = {}

    def begin(self, customers: Iterable[int]) -> None:
        """Read the quotes of a batch's customers; one query."""
        self.upserts.begin()
        self._by_text = {}
        kept = Testimonial.objects.filter(customer__in=among(set(customers)), kind=TestimonialKind.QUOTE)
        for held in self.upserts.hold(kept.order_by("-pk")):
            self._by_text[held.row.customer_id, fold_name(held.row.text)] = held

    def take(self, row: ImportRow, customer: Customer, contact: Contact | None) -> Held[Testimonial] | None:
        """Give the quote of a row, said by `contact` where known; None where there is none."""
        if not row.quote:
            return None
        key = (customer.id, fold_name(row.quote))
        held = self._by_text.get(key)
        if held is None:
            status = ContentStatus.PUBLISHED if row.story_url or "quote" in row.consent else ContentStatus.DRAFT
            quote = make(
                Testimonial, customer_id=customer.id, kind=TestimonialKind.QUOTE, text=row.quote, status=status
            )
            held = self.upserts.create(quote)
            self._by_text[key] = held
        held.is_touched = True
        held.set("said_by", row.quote_by)
        held.set("said_by_title", row.quote_title)
        held.set("external_id", row.story_id)
        held.set("url", row.story_url)
        if held.row.contact_id is None:
            held.set("contact_id", contact.id if contact else None)
        return held

    def flush(self) -> tuple[list[Held[Testimonial]], list[Move]]:
        """Write the batch; gives what is new or changed, and the record of new states."""
        new = self.upserts.new
        written = self.upserts.flush()
        return written, name_states(new)


def derive_title(row: ImportRow, customer: str) -> str:
    """A title for a story that has none: its first words, or else whose it is."""
    words = " ".join((row.results or row.challenge or row.solution_text).split())
    short = words if len(words) <= _DERIVED_TITLE else words[:_DERIVED_TITLE].rsplit(" ", 1)[0] + "…"
    return (f"{customer}: {short}" if short else customer)[:_TITLE]


def name_states(held: Iterable[Held[CaseStudy]] | Iterable[Held[Testimonial]]) -> list[Move]:
    """The states in which new content begins."""
    rows = [each.row for each in held]
    return [(name_subject(row), "", row.status) for row in rows]
