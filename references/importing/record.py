"""What a row of a file comes to: its fields, read, or what is wrong with it."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple


@dataclass(frozen=True, slots=True)
class RowProblem:
    """One thing wrong in one row. `column` is the heading as the file spells it, "" if the whole row is meant."""

    line: int
    column: str
    field: str
    value: str
    problem: str
    expected: str


class DeletedRow(NamedTuple):
    """A row that says of itself that it is deleted in the CRM; `note` tells so."""

    line: int
    note: RowProblem


class ImportRow(NamedTuple):
    """One row, read. Blank cells are "", () or None. The customer is given by name, or by `customer_id` or
    `customer_domain` alone when `customer` is "".

    `external_id` is the person's id if the row has a person, else the customer's. `size` is a SizeBand, `tier` a Tier,
    `health` a Health, `seniority` a Seniority; `activities` and `consent` hold activity codes; `currency` is ISO 4217.
    `solution_phrases` are solutions too long to be tags. `consent_refused` is true when the cell says no. `declined`
    are activities that a column of their own says no to, `forbidden` those of them whose results must not be used
    either; `reference_status` and `customer_status` are as `parse_status` has them, of the person and of the customer.
    `notes` tell what was understood but not kept.
    """

    line: int
    customer: str = ""
    customer_id: str = ""
    customer_domain: str = ""
    industry: tuple[str, ...] = ()
    country: str = ""
    region: tuple[str, ...] = ()
    size: str = ""
    products: tuple[str, ...] = ()
    solutions: tuple[str, ...] = ()
    solution_phrases: tuple[str, ...] = ()
    tier: str = ""
    health: str = ""
    renewal_date: date | None = None
    annual_value: Decimal | None = None
    currency: str = ""
    account_owner: str = ""
    promoter: str = ""
    title: str = ""
    role: str = ""
    seniority: str = ""
    email: str = ""
    phone: str = ""
    languages: tuple[str, ...] = ()
    activities: tuple[str, ...] = ()
    max_per_quarter: int | None = None
    nps: int | None = None
    nps_comment: str = ""
    nps_date: date | None = None
    story_id: str = ""
    story_title: str = ""
    story_url: str = ""
    challenge: str = ""
    solution_text: str = ""
    results: str = ""
    quote: str = ""
    quote_by: str = ""
    quote_title: str = ""
    consent: tuple[str, ...] = ()
    consent_refused: bool = False
    consent_until: date | None = None
    opted_out: bool = False
    reference_status: str = ""
    customer_status: str = ""
    declined: tuple[str, ...] = ()
    forbidden: tuple[str, ...] = ()
    external_id: str = ""
    event: str = ""
    event_date: date | None = None
    talk_title: str = ""
    event_format: str = ""
    audience: str = ""
    abstract: str = ""
    video_url: str = ""
    slot_id: str = ""
    notes: tuple[RowProblem, ...] = ()

    @property
    def has_person(self) -> bool:
        """Whether the row tells of a person, by name or by e-mail address."""
        return bool(self.promoter or self.email)

    @property
    def has_story(self) -> bool:
        """Whether the row tells a story: more than a quote alone."""
        return bool(self.story_title or self.story_url or self.challenge or self.solution_text or self.results)

    @property
    def is_only_event(self) -> bool:
        """Whether it tells of an event alone, without a customer or a person."""
        return bool(self.event) and not (
            self.customer or self.customer_id or self.customer_domain or self.has_person or self.has_story or self.quote
        )
