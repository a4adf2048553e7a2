"""Scores everyone, and every story, for a need: additive points, so that each reason is exact.

`S = 100·Fit + 20·(p̂ − p̄) − 25·Φ`, `Fit = Σ_f w_f·m_f·x_f / Σ_f w_f·m_f` over the facets the brief names. A facet
whose readings are all unsure weighs by the confidence of its strongest one; words weigh the less, the more of the brief
tags answer. Scarcity has no price yet.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property, lru_cache, reduce
from typing import Any

import numpy as np
import numpy.typing as npt

from matching.need import STRESSED, Need, Reading
from matching.similarity import ORDERED, Asked, step_similarities, weigh_asked
from references.days import day_number
from references.embedders import Vectors
from references.enums import Facet
from references.lexicon import SURE
from references.policy import RankingPolicy
from references.pool.conditions import Conditions
from references.pool.meaning import embed_question, score_meaning
from references.pool.relevance import Query, plan_query, score_text
from references.pool.snapshot import Kind, LiveDocuments, Snapshot, View
from references.text import stems

Mask = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]

GROUP_OF: dict[str, str] = {Facet.SENIORITY: Facet.ROLE}
TEXT = "text"
MEANING = 0.3
"""What closeness in meaning counts in the relevance of words, where an embedding model is set."""
MUST_HAVE, UNWANTED = "must_have", "unwanted"


@dataclass(frozen=True)
class FacetPlan:
    """What is asked of one facet: tags with their similarities, or similarities by place of an order."""

    facet: str
    confidence: float
    asked: tuple[Asked, ...] = ()
    steps: tuple[float, ...] = ()


@dataclass(frozen=True)
class GroupPlan:
    """One summand of the fit: its share of 100 points, and the facets (role and seniority together) it is made of."""

    code: str
    share: float
    facets: tuple[FacetPlan, ...]


@dataclass(frozen=True)
class Plan:
    """A need made ready for scoring one kind of document."""

    kind: Kind
    groups: tuple[GroupPlan, ...]
    query: Query
    must: tuple[Reading, ...]
    excluded: tuple[Reading, ...]
    meaning: Vectors | None = None


def plan_need(snapshot: Snapshot, need: Need, kind: Kind = "people") -> Plan:
    """Weigh the facets a need names by the policy; readings of unknown tags are left out."""
    policy = snapshot.policy.ranking
    grouped: dict[str, list[FacetPlan]] = {}
    weights: dict[str, float] = {}
    for facet, all_readings in need.by_facet("nice", "must").items():
        readings = [each for each in all_readings if each.tag_id in snapshot.vocabulary]
        if not readings or (kind == "content" and (facet in ORDERED or facet == Facet.ROLE)):
            continue
        confidence = max(each.confidence for each in readings)
        group = GROUP_OF.get(facet, facet)
        stress = policy.stress if any(each.stress >= STRESSED for each in readings) else 1.0
        weights[group] = max(weights.get(group, 0.0), policy.weights.get(group, 0.0) * stress * confidence)
        grouped.setdefault(group, []).append(_plan_facet(snapshot, facet, readings, confidence))
    query = plan_query(snapshot, kind, need.words, _understood(need))
    if query.terms:
        unexplained = policy.words_floor + (1.0 - policy.words_floor) * query.unexplained
        told = query.information / (query.information + policy.words_scale)
        weights[TEXT] = policy.weights[TEXT] * unexplained * told
    total = sum(weights.values())
    groups = [
        GroupPlan(code, weight / total, tuple(grouped.get(code, ()))) for code, weight in weights.items() if weight
    ]
    groups.sort(key=lambda group: (group.code == TEXT, -group.share, group.code))
    sure = [reading for reading in need.readings if reading.is_sure and reading.tag_id in snapshot.vocabulary]
    return Plan(
        kind,
        tuple(groups),
        query,
        tuple(reading for reading in sure if reading.mode == "must"),
        tuple(reading for reading in sure if reading.mode == "not"),
        embed_question(need.text) if kind == "people" and query.terms else None,
    )


def _understood(need: Need) -> frozenset[str]:
    """The stems of what tags answer: the words of all sure readings."""
    return frozenset(
        stem for reading in need.readings if reading.is_sure for stem in stems(need.text[reading.start : reading.end])
    )


def _plan_facet(snapshot: Snapshot, facet: str, readings: Sequence[Reading], confidence: float) -> FacetPlan:
    if facet in ORDERED:
        return FacetPlan(facet, confidence, steps=tuple(step_similarities(readings, snapshot, facet)))
    return FacetPlan(facet, confidence, asked=weigh_asked(snapshot, readings))


def freshness(days: npt.NDArray[Any], today: int, policy: RankingPolicy) -> Floats:
    """What a fact verified on each day number still weighs: 1 for a year, then halved every two; 1 without a date."""
    weights: Floats = _weights_by_day(today, policy.verified_days, policy.stale_half_life)[np.minimum(days, today)]
    return weights


@lru_cache(maxsize=4)
def _weights_by_day(today: int, verified_days: int, half_life: int) -> Floats:
    ages = np.arange(today + 1, dtype=np.float64)[::-1]
    weights = np.exp2(-np.maximum(0.0, ages - verified_days) / half_life)
    weights[0] = 1.0
    return weights


def weigh_tags(facts: npt.NDArray[Any], today: int, policy: RankingPolicy) -> Floats:
    """What carrying a tag weighs, 0…1, by the facts about it (day verified, confidence in percent)."""
    weights: Floats = freshness(facts[:, 0], today, policy) * (facts[:, 1] / 100.0)
    return weights


def measure_groups(plan: Plan, view: View, snapshot: Snapshot, *, today: date) -> dict[str, Floats]:
    """x_f in 0…1 by row, for every group of the plan."""
    documents = view.documents(plan.kind)
    measured: dict[str, Floats] = {}
    for group in plan.groups:
        if group.code == TEXT:
            measured[TEXT] = score_text(plan.query, snapshot, documents)
            if plan.meaning is not None:
                close = score_meaning(plan.meaning, view.segment)
                measured[TEXT] = (1.0 - MEANING) * measured[TEXT] + MEANING * close
            continue
        total = sum(facet.confidence for facet in group.facets)
        parts = (
            _scale(_measure_facet(facet, view, snapshot, documents, today), facet.confidence / total)
            for facet in group.facets
        )
        together = reduce(_add, parts)
        measured[group.code] = np.minimum(1.0, together, out=together)
    return measured


def _scale(column: Floats, factor: float) -> Floats:
    """Multiply in place: over a million rows, most of the time goes into making columns."""
    return column if factor == 1.0 else np.multiply(column, factor, out=column)


def _add(column: Floats, other: Floats) -> Floats:
    """Add in place."""
    return np.add(column, other, out=column)


def _measure_facet(facet: FacetPlan, view: View, snapshot: Snapshot, documents: LiveDocuments, today: date) -> Floats:
    if facet.facet in ORDERED:
        people = view.segment.people
        column = people.size if facet.facet == Facet.SIZE else people.seniority
        return np.array([*facet.steps, 0.0])[column]  # place −1, unknown, reads the last
    parts = (_scale(_measure_asked(asked, documents, snapshot, today), asked.share) for asked in facet.asked)
    return reduce(_add, parts)


_LONG = 2_000
"""Postings of a tag that are more are gone through by themselves."""


def _measure_asked(asked: Asked, documents: LiveDocuments, snapshot: Snapshot, today: date) -> Floats:
    """By row, the similarity of its nearest tag to the one asked for, weighed by how fresh and how sure that tag is."""
    nearest = np.zeros(len(documents.documents), dtype=np.float64)
    tags = documents.tags
    known, starts, ends = tags.spans(asked.similar)
    similarities = np.fromiter(asked.similar.values(), dtype=np.float64, count=len(asked.similar))[known]
    weights = weigh_tags(documents.documents.tag_facts, day_number(today), snapshot.policy.ranking)
    is_long = ends - starts > _LONG  # alone without copies, the many short ones side by side
    long_ones = zip(starts[is_long].tolist(), ends[is_long].tolist(), similarities[is_long].tolist(), strict=True)
    for start, end, similarity in long_ones:
        np.maximum.at(nearest, tags.rows[start:end], (similarity * weights)[tags.values[start:end]])
    rows, facts, places = tags.gather(starts[~is_long], ends[~is_long])
    np.maximum.at(nearest, rows, similarities[~is_long][places] * weights[facts])
    return nearest


def fit_of(plan: Plan, measured: Mapping[str, Floats], rows: int) -> Floats:
    """Fit in 0…1 by row."""
    fit = np.zeros(rows, dtype=np.float64)
    for group in plan.groups:
        fit += group.share * measured[group.code]
    return fit


@dataclass(frozen=True)
class Scored:
    """A view's people scored: by row the fit, the score, who is eligible, and who breaks which rule."""

    view: View
    measured: dict[str, Floats]
    fit: Floats
    acceptance: Floats
    score: Floats
    conditions: Conditions
    broken: dict[str, Mask]
    within: Mask

    @cached_property
    def is_free(self) -> Mask:
        """By row, who breaks no rule."""
        barred: Mask = reduce(np.logical_or, self.broken.values())
        return ~barred

    @property
    def eligible(self) -> Mask:
        """Who is within the selection and may be asked."""
        return self.within & self.is_free

    @property
    def barred(self) -> Mask:
        """Who is within the selection and may not be asked."""
        return self.within & ~self.is_free

    @property
    def misses_brief(self) -> Mask:
        """Who lacks what the brief insists on, or has what it excludes."""
        return self.broken.get(MUST_HAVE, np.zeros_like(self.within)) | self.broken[UNWANTED]

    def with_rules(self, rules: Mapping[str, Mask]) -> "Scored":
        """The same with further rules."""
        return replace(self, broken={**self.broken, **rules})

    def without_rule(self, code: str) -> "Scored":
        """The same with one rule lifted."""
        return replace(self, broken={each: mask for each, mask in self.broken.items() if each != code})


def score_people(
    plan: Plan, view: View, conditions: Conditions, snapshot: Snapshot, *, today: date, within: Mask
) -> Scored:
    """Score the people of a view; `within` are the rows the present selection allows."""
    policy = snapshot.policy.ranking
    measured = measure_groups(plan, view, snapshot, today=today)
    fit = fit_of(plan, measured, len(within))
    acceptance = _acceptance(view, snapshot)
    score = policy.fit_points * fit
    score += policy.acceptance_points * acceptance
    score -= policy.fatigue_points * conditions.phi
    broken = {**conditions.broken, **_asked_rules(plan, view, snapshot)}
    return Scored(view, measured, fit, acceptance, score, conditions, broken, view.people.is_live & within)


def _acceptance(view: View, snapshot: Snapshot) -> Floats:
    """p̂ − p̄ by row; the same for every brief, so worked out once a snapshot."""
    known: dict[View, Floats] = snapshot.remembered.setdefault("acceptance", {})
    if view not in known:
        accepted, answered = view.segment.answers
        prior, mean = snapshot.policy.ranking.acceptance_prior, snapshot.acceptance
        known[view] = (accepted + prior * mean) / (answered + prior) - mean
    return known[view]


def _asked_rules(plan: Plan, view: View, snapshot: Snapshot) -> dict[str, Mask]:
    """Who lacks what the brief insists on, and who has what it excludes."""
    rows = len(view.segment.people_docs)
    lacks, has = np.zeros(rows, dtype=bool), np.zeros(rows, dtype=bool)
    by_facet: dict[str, Mask] = {}
    for reading in plan.must:
        carried = carries(view, "people", snapshot, reading.tag_id)
        by_facet[reading.facet] = by_facet.get(reading.facet, np.zeros(rows, dtype=bool)) | carried
    for carried in by_facet.values():
        lacks |= ~carried
    for reading in plan.excluded:
        has |= carries(view, "people", snapshot, reading.tag_id, is_sure=True)
    return {MUST_HAVE: lacks, UNWANTED: has}


def carries(view: View, kind: Kind, snapshot: Snapshot, tag_id: int, *, is_sure: bool = False) -> Mask:
    """By row, who carries a tag or one below it; for ordered facets, who stands in that very band.

    With `is_sure` a tag inferred from a mention in passing does not count: nobody is left out for it.
    """
    tag = snapshot.vocabulary.get(tag_id)
    documents = view.documents(kind)
    if tag.facet in ORDERED and kind == "people":
        people = view.segment.people
        column = people.size if tag.facet == Facet.SIZE else people.seniority
        order = ORDERED[tag.facet]
        same: Mask = column == (order.index(tag.slug) if tag.slug in order else -2)
        return same
    found = np.zeros(len(documents.documents), dtype=bool)
    least = 100.0 * SURE if is_sure else 0.0
    for each in (tag_id, *snapshot.vocabulary.descendants(tag_id)):
        rows, facts = documents.tags.at(each)
        found[rows[documents.documents.tag_facts[facts, 1] >= least]] = True
    return found


@dataclass(frozen=True, slots=True)
class Hit:
    """One row chosen from the views: which, whose, and its score."""

    part: int
    row: int
    id: int
    customer: int
    score: float


def choose_best(
    scores: Sequence[Floats], chosen: Sequence[Mask], ids: Sequence[npt.NDArray[Any]],
    customers: Sequence[npt.NDArray[Any]], *, limit: int,
) -> list[Hit]:  # fmt: skip
    """The best `limit` of different customers by score; ties go to the lower id."""
    found = [np.flatnonzero(mask) for mask in chosen]
    if not any(len(rows) for rows in found) or limit < 1:
        return []
    rows = np.concatenate(found)
    parts = np.repeat(np.arange(len(found)), [len(rows) for rows in found])
    score = np.concatenate([values[rows] for values, rows in zip(scores, found, strict=True)])
    wanted = limit * 4 + 16
    while True:
        pool = np.arange(len(score))
        if wanted < len(score):
            least = np.partition(score, len(score) - wanted)[len(score) - wanted]
            pool = np.flatnonzero(score >= least)
        identity, owner = _look_up(ids, parts[pool], rows[pool]), _look_up(customers, parts[pool], rows[pool])
        hits: dict[int, Hit] = {}
        for place in np.lexsort((identity, -score[pool])).tolist():
            customer, row = int(owner[place]), int(pool[place])
            if customer not in hits:
                hits[customer] = Hit(int(parts[row]), int(rows[row]), int(identity[place]), customer, float(score[row]))
                if len(hits) == limit:
                    return list(hits.values())
        if wanted >= len(score):
            return list(hits.values())
        wanted *= 4


def _look_up(columns: Sequence[npt.NDArray[Any]], parts: npt.NDArray[Any], rows: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """The values at `rows`, each in the column of its part."""
    values = np.zeros(len(rows), dtype=np.int64)
    for part, column in enumerate(columns):
        mine = parts == part
        values[mine] = column[rows[mine]]
    return values
