"""Pools made of plain features, so that similarity and ranking are tested without a database."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

import numpy as np

from matching.need import Mode, Need, Reading
from matching.ranking import Plan, Scored, plan_need, score_people
from matching.reasons import Explainer
from matching.results import Term
from references.activities import CODES
from references.days import OPEN_END, day_number
from references.policy import ProgramPolicy
from references.pool.conditions import conditions_of
from references.pool.features import (
    ACTIVITY_INDEX,
    ENGAGEMENT_STATUSES,
    SENIORITIES,
    SENSITIVITIES,
    SIZES,
    STATUSES,
    ConsentFeature,
    CustomerFeature,
    EventFeature,
    PersonFeature,
    TagFeature,
)
from references.pool.segment import build_segment
from references.pool.snapshot import Snapshot, View
from references.text import stems
from references.vocabulary import Vocabulary, VocabularyTag

NOW = datetime(2026, 6, 15, 9, tzinfo=UTC)
TODAY = NOW.date()
FRESH = TagFeature(day_number(TODAY))


def tag(tag_id: int, slug: str, facet: str = "industry", *parents: int, languages: Sequence[int] = ()) -> VocabularyTag:
    """A tag named after its slug."""
    return VocabularyTag(tag_id, facet, slug, slug.title(), parents, languages=tuple(languages))


def person(
    contact_id: int,
    tags: Iterable[int] | Mapping[int, TagFeature] = (),
    *,
    seniority: str = "",
    words: str = "",
    sensitivity: str = "normal",
) -> PersonFeature:
    """An active promoter agreeing and consenting to everything; tags given as ids were verified today."""
    return PersonFeature(
        id=contact_id,
        status=STATUSES.index("active"),
        seniority=SENIORITIES.index(seniority) if seniority else -1,
        sensitivity=SENSITIVITIES.index(sensitivity),
        activities=(1 << len(CODES)) - 1,
        flags=0,
        paused_until=0,
        max_per_quarter=-1,
        loyalty=0,
        title_words=[],
        tags=dict(tags) if isinstance(tags, Mapping) else dict.fromkeys(tags, FRESH),
        words=(stems(words), [], []),
        consents=[ConsentFeature(place, 1, OPEN_END) for place in range(len(CODES))],
    )


def touch(contact_id: int, activity: str, status: str, on: date) -> EventFeature:
    """A row of the ledger, asked and answered on its day."""
    day = day_number(on)
    return EventFeature(
        contact_id, ACTIVITY_INDEX[activity], ENGAGEMENT_STATUSES.index(status), day, day, day, 0, False, False, False
    )


def customer(
    customer_id: int, *people: PersonFeature, size: str = "", events: Sequence[EventFeature] = ()
) -> CustomerFeature:
    """A customer with its people and their ledger."""
    place = SIZES.index(size) if size else -1
    return CustomerFeature(customer_id, place, 0, 0, 0, [], people=list(people), events=list(events))


def alone(*people: PersonFeature) -> list[CustomerFeature]:
    """Each of these people at a customer of their own, which has their id."""
    return [customer(each.id, each) for each in people]


def snapshot_of(
    tags: Iterable[VocabularyTag],
    customers: Sequence[CustomerFeature] = (),
    *,
    policy: ProgramPolicy | None = None,
    parts: int = 1,
) -> Snapshot:
    """The pool of these customers (ascending by id), dealt out to so many segments."""
    groups = [list(customers[part::parts]) for part in range(parts)]
    views = [View(build_segment(iter([group])), np.zeros(0, dtype=np.int64)) for group in groups]
    return Snapshot(
        epoch="e", number=1, views=views, vocabulary=Vocabulary(tuple(tags)), policy=policy or ProgramPolicy()
    )


def reading(of: VocabularyTag, mode: Mode = "nice", *, confidence: float = 1.0, stress: float = 1.0) -> Reading:
    """A reading of a tag, as a brief gives it."""
    return Reading(of.id, of.facet, of.name, confidence, 0, 0, "name", mode, stress)


def need_of(*readings: Reading, text: str = "") -> Need:
    """A need of these readings and the words of a text."""
    return Need(text, readings, words=tuple(stems(text)))


@dataclass(frozen=True)
class Row:
    """What ranking says of one person."""

    score: float
    fit: float
    terms: tuple[Term, ...]
    broken: frozenset[str]

    def term(self, code: str) -> Term:
        return next(term for term in self.terms if term.code == code)


def rank(snapshot: Snapshot, need: Need, *, activity: str = "call", on: date = TODAY) -> dict[int, Row]:
    """Score everyone of a snapshot for a need, by contact id."""
    plan = plan_need(snapshot, need)
    found: dict[int, Row] = {}
    for view in snapshot.views:
        scored = _score(plan, view, snapshot, activity, on)
        for row, contact_id in enumerate(view.segment.people_docs.ids.tolist()):
            found[contact_id] = _row(plan, scored, row, snapshot, need)
    return found


def _score(plan: Plan, view: View, snapshot: Snapshot, activity: str, on: date) -> Scored:
    conditions = conditions_of(view.segment, activity, on, now=NOW, policy=snapshot.policy)
    everyone = np.ones(len(view.segment.people_docs), dtype=bool)
    return score_people(plan, view, conditions, snapshot, today=TODAY, within=everyone)


def _row(plan: Plan, scored: Scored, row: int, snapshot: Snapshot, need: Need) -> Row:
    return Row(
        score=float(scored.score[row]),
        fit=float(scored.fit[row]),
        terms=Explainer(plan, scored.view, snapshot, need, today=TODAY).terms(scored, row),
        broken=frozenset(code for code, mask in scored.broken.items() if mask[row]),
    )
