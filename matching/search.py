"""Finds references for a brief: read, rank, explain, and say why not; the same answer for page, terminal and API."""

import time
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

import numpy as np
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from matching.brief import read_brief
from matching.content import rank_content
from matching.eligibility import Question, explain_refusals, find_next_free
from matching.need import STRESSED, Mode, Need, Reading
from matching.ranking import MUST_HAVE, Hit, Plan, Scored, choose_best, plan_need, score_people
from matching.reasons import Explainer
from matching.results import Candidate, Excluded, SearchResult
from references.activities import BY_CODE
from references.circumstances import read_circumstances
from references.lexicon import compile_lexicon
from references.models import Contact
from references.pool.cards import make_cards, read_people
from references.pool.conditions import Conditions, Mask, conditions_of
from references.pool.index import current_snapshot
from references.pool.result import FacetCount, PromoterCard
from references.pool.segment import Documents
from references.pool.selection import chosen_people, count_facets, in_pool, masks_by_facet, visible_people
from references.pool.snapshot import Snapshot
from references.text import fold_name
from references.vocabulary import Vocabulary
from users.models import User

List = Literal["candidates", "excluded", "content"]
LISTS: tuple[List, ...] = ("candidates", "excluded", "content")
DEFAULT_ACTIVITY = "call"
RUSH_DAYS = 10
"""Up to this notice a manager may rush an ask; an activity that needs more cannot be had sooner."""


@dataclass(frozen=True, slots=True)
class Corrections:
    """What a user changed of the reading, each as "facet:slug": added, dropped, made a must, excluded, or but wished.

    What is added, or confirmed, keeps the mode it was read in; `wished` softens what was read as a must or a not.
    """

    added: tuple[str, ...] = ()
    dropped: tuple[str, ...] = ()
    must: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()
    wished: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Among:
    """Whom to look at: `only` these contacts where given, never those of `but`, nobody at the customers of `not_at`.

    `prospects` are the names that a customer may have excluded, beside the one the brief names.
    """

    only: frozenset[int] | None = None
    but: frozenset[int] = frozenset()
    not_at: frozenset[int] = frozenset()
    prospects: tuple[str, ...] = ()

    def mask(self, people: Documents) -> Mask:
        """By row, who is looked at."""
        ids, customers = people.ids, people.customers
        found: Mask = np.ones(len(ids), dtype=bool) if self.only is None else np.isin(ids, list(self.only))
        if self.but:
            found &= ~np.isin(ids, list(self.but))
        if self.not_at:
            found &= ~np.isin(customers, list(self.not_at))
        return found


@dataclass(frozen=True, slots=True)
class Timing:
    """The day a reference is judged for, and a note where it is later than was asked."""

    on: date
    notice: str
    is_too_soon: bool


_BEHIND = 1_000.0
"""What puts those whom the brief itself rules out behind those whom only the moment does."""


def search_references(
    *,
    user: User,
    text: str,
    activity: str | None = None,
    on: date | None = None,
    corrections: Corrections | None = None,
    chosen: Mapping[str, Sequence[str]] | None = None,
    limit: int = 10,
    lists: Collection[List] | Mapping[List, int] = LISTS,
) -> SearchResult:
    """Answer a brief with the best `limit` promoters of different customers, the best who may not be asked now, and
    usable stories, as `user` may see them.

    `activity` and `on` overrule what the brief says; `chosen` narrows by facet (`{facet: slugs}`). Of what is not in
    `lists`, which may give each a limit of its own, only the totals are given. KeyError for an unknown activity.
    """
    began = time.perf_counter()
    need = understand(text, activity=activity, corrections=corrections)
    found = search_need(
        user=user, need=need, activity=activity, on=on, chosen=chosen, limit=limit, lists=lists, with_facets=True
    )
    return replace(found, elapsed_ms=(time.perf_counter() - began) * 1000)


def understand(text: str, *, activity: str | None = None, corrections: Corrections | None = None) -> Need:
    """Read a brief with today's vocabulary, and change the reading as a user said."""
    vocabulary = current_snapshot().vocabulary
    need = read_brief(text, compile_lexicon(vocabulary), today=timezone.now().date(), activity=activity)
    return apply_corrections(need, corrections or Corrections(), vocabulary)


def search_need(
    *,
    user: User,
    need: Need,
    activity: str | None = None,
    on: date | None = None,
    chosen: Mapping[str, Sequence[str]] | None = None,
    limit: int = 10,
    lists: Collection[List] | Mapping[List, int] = LISTS,
    among: Among | None = None,
    viewer: User | None = None,
    with_facets: bool = False,
) -> SearchResult:
    """Answer a need that was read before, a request's say; `among` narrows to people, and names further prospects.

    Facets are counted where they are asked for: it takes a tenth of the time.

    `user` decides who is found, `viewer` (the same unless given) which names the cards show.
    """
    began = time.perf_counter()
    snapshot, now = current_snapshot(), timezone.now()
    wanted = activity or need.activity or DEFAULT_ACTIVITY
    timing = plan_timing(wanted, on or need.needed_by, now.date())
    question = Question(wanted, timing.on, now, snapshot.policy)
    own: Mapping[List, int] = lists if isinstance(lists, Mapping) else dict.fromkeys(lists, limit)
    limits = {each: own.get(each, 0) for each in LISTS}
    search = _Search(user, snapshot, need, question, timing, chosen or {}, limits, among or Among(), viewer or user)
    return replace(search.run(with_facets=with_facets), elapsed_ms=(time.perf_counter() - began) * 1000)


def apply_corrections(need: Need, corrections: Corrections, vocabulary: Vocabulary) -> Need:
    """Change the readings as a user said; names of tags that do not exist are passed over."""

    def ids(names: Sequence[str]) -> set[int]:
        pairs = (name.partition(":") for name in names)
        found = (vocabulary.slugs.get((facet, slug)) for facet, _colon, slug in pairs)
        return {each for each in found if each is not None}

    dropped, must, excluded = ids(corrections.dropped), ids(corrections.must), ids(corrections.excluded)
    wished = ids(corrections.wished)
    added = ids(corrections.added) | must | excluded | wished
    kept = [reading for reading in need.readings if reading.tag_id not in dropped]
    known = {reading.tag_id for reading in kept}
    for tag_id in sorted(added - known):
        tag = vocabulary.get(tag_id)
        kept.append(Reading(tag.id, tag.facet, tag.name, 1.0, 0, 0, "user"))

    def corrected(reading: Reading) -> Reading:
        if reading.tag_id not in added:
            return reading
        mode: Mode = reading.mode
        if reading.tag_id in excluded:
            mode = "not"
        elif reading.tag_id in must:
            mode = "must"
        elif reading.tag_id in wished:
            mode = "nice"
        stress = STRESSED if mode == "must" else 1.0 if reading.tag_id in wished else reading.stress
        return replace(reading, confidence=1.0, method="user", mode=mode, stress=stress)

    return need.with_(readings=tuple(corrected(reading) for reading in kept))


def plan_timing(activity: str, asked_for: date | None, today: date) -> Timing:
    """Decide the day to judge: the one asked for, or the earliest that the activity's notice allows.

    A short notice can be rushed, so the earliest day is judged instead, with a note; a long one (a stage in 60 days)
    cannot, and stands against everyone.
    """
    lead = BY_CODE[activity].lead_days
    earliest = today + timedelta(days=lead)
    if asked_for is None or asked_for >= earliest:
        return Timing(asked_for or earliest, "", False)
    note = _("%(activity)s needs %(days)s days' notice: the earliest day is %(day)s.") % {
        "activity": BY_CODE[activity].label,
        "days": lead,
        "day": date_format(earliest, "j M Y"),
    }
    return Timing(earliest, note, lead > RUSH_DAYS)


class _Search:
    """One search over one snapshot."""

    def __init__(
        self,
        user: User,
        snapshot: Snapshot,
        need: Need,
        question: Question,
        timing: Timing,
        chosen: Mapping[str, Sequence[str]],
        limits: Mapping[List, int],
        among: Among,
        viewer: User,
    ) -> None:
        self.user, self.snapshot, self.need, self.question = user, snapshot, need, question
        self.timing, self.chosen, self.limits, self.among = timing, chosen, limits, among
        self.viewer = viewer
        self.today = question.now.date()
        self.plan: Plan = plan_need(snapshot, need)
        self.scored: list[Scored] = []
        self._explainers: dict[int, Explainer] = {}
        self.notices = [timing.notice] if timing.notice else []

    def run(self, *, with_facets: bool) -> SearchResult:
        views, policy = self.snapshot.views, self.snapshot.policy
        question = self.question
        conditions = [
            conditions_of(view.segment, question.activity, question.on, now=question.now, policy=policy)
            for view in views
        ]
        visible = [
            visible_people(view, self.user) & in_pool(view) & self.among.mask(view.segment.people_docs)
            for view in views
        ]
        for view, mask, each in zip(views, visible, conditions, strict=True):
            within = mask & chosen_people(view, self.chosen, self.snapshot, each)
            self.scored.append(score_people(self.plan, view, each, self.snapshot, today=self.today, within=within))
        self._bar_conflicts()
        self._ease_demands()
        content, total_content = rank_content(
            self.viewer, self.snapshot, self.need, self.chosen, today=self.today, limit=self.limits["content"]
        )
        candidates, excluded = self._pick(barred=False), self._pick(barred=True)
        people = read_people([hit.id for hit in (*candidates, *excluded)])
        cards = self._cards([*candidates, *excluded], people)
        floor = policy.ranking.floor
        above = [scored.fit >= floor for scored in self.scored]
        total = self._count(scored.eligible & fits for scored, fits in zip(self.scored, above, strict=True))
        return SearchResult(
            need=self.need,
            activity=question.activity,
            on=question.on,
            candidates=self._candidates(candidates, cards),
            excluded=self._excluded(excluded, people, cards),
            content=content,
            total_candidates=max(total, len(candidates)),
            total_excluded=self._count(each.barred & fits for each, fits in zip(self.scored, above, strict=True)),
            total_content=total_content,
            facets=self._facets(visible, above, conditions) if with_facets else {},
            revision=self.snapshot.revision,
            policy_version=policy.version,
            elapsed_ms=0.0,
            notice=" ".join(self.notices),
        )

    def _bar_conflicts(self) -> None:
        """Bar the customers that must not meet the prospect, and everyone where the notice is too short."""
        prospects = {fold_name(name) for name in (self.need.prospect or "", *self.among.prospects)} - {""}
        for place, scored in enumerate(self.scored):
            documents, exclusions = scored.view.segment.people_docs, scored.view.segment.exclusions
            barred = [customer for customer, names in exclusions.items() if prospects.intersection(names)]
            rules = {"conflict": np.isin(documents.customers, barred)}
            if self.timing.is_too_soon:
                rules["lead_time"] = np.ones(len(documents), dtype=bool)
            self.scored[place] = scored.with_rules(rules)

    def _ease_demands(self) -> None:
        """Where nobody at all meets what the brief insists on, rank without insisting, and say so."""
        if not self.plan.must or any(scored.eligible.any() for scored in self.scored):
            return
        without = [scored.without_rule(MUST_HAVE) for scored in self.scored]
        if any(scored.eligible.any() for scored in without):
            self.scored = without
            self.notices.append(
                _("Nobody who may be asked is known to be %(tags)s, so that counts as a wish.")
                % {"tags": ", ".join(reading.name for reading in self.plan.must)}
            )

    def _count(self, masks: Iterable[Mask]) -> int:
        """How many customers have somebody in `masks`; a list shows one person of each."""
        places = (scored.view.segment.people_docs.places for scored in self.scored)
        return sum(int(np.count_nonzero(np.bincount(each[mask]))) for each, mask in zip(places, masks, strict=True))

    def _pick(self, *, barred: bool) -> list[Hit]:
        """The best of different customers: who may be asked and fits at all, or who may not and fits well enough."""
        least = self.snapshot.policy.ranking.floor if barred else np.nextafter(0.0, 1.0)
        masks = [(scored.barred if barred else scored.eligible) & (scored.fit >= least) for scored in self.scored]
        documents = [scored.view.segment.people_docs for scored in self.scored]
        return choose_best(
            [scored.score - _BEHIND * scored.misses_brief for scored in self.scored],
            masks,
            [each.ids for each in documents],
            [each.customers for each in documents],
            limit=self.limits["excluded" if barred else "candidates"],
        )

    def _cards(self, hits: Sequence[Hit], people: Mapping[int, Contact]) -> dict[int, PromoterCard]:
        policy = self.snapshot.policy
        usage = {hit.id: self.scored[hit.part].conditions.usage(hit.row, policy.fatigue) for hit in hits}
        return make_cards(self.viewer, people, usage, policy)

    def _explainer(self, part: int) -> Explainer:
        if part not in self._explainers:
            view = self.snapshot.views[part]
            self._explainers[part] = Explainer(self.plan, view, self.snapshot, self.need, today=self.today)
        return self._explainers[part]

    def _candidates(self, hits: Sequence[Hit], cards: Mapping[int, PromoterCard]) -> tuple[Candidate, ...]:
        found: list[Candidate] = []
        for hit in hits:
            if hit.id not in cards:  # erased between the snapshot and now
                continue
            scored = self.scored[hit.part]
            terms = self._explainer(hit.part).terms(scored, hit.row)
            fit = 100.0 * float(scored.fit[hit.row])
            found.append(Candidate(len(found) + 1, cards[hit.id], hit.score, fit, terms, self.question.on))
        return tuple(found)

    def _excluded(
        self, hits: Sequence[Hit], people: Mapping[int, Contact], cards: Mapping[int, PromoterCard]
    ) -> tuple[Excluded, ...]:
        contacts = {hit.id: people[hit.id] for hit in hits if hit.id in people}  # but who was erased meanwhile
        circumstances = read_circumstances(contacts.values(), self.question.activity)
        found = []
        for hit in hits:
            if hit.id not in contacts:
                continue
            scored = self.scored[hit.part]
            codes = [code for code, mask in scored.broken.items() if mask[hit.row]]
            theirs = circumstances[hit.id]
            refusals = explain_refusals(self.question, codes, contacts[hit.id], theirs, self._details())
            found.append(
                Excluded(
                    cards[hit.id],
                    100.0 * float(scored.fit[hit.row]),
                    float(scored.score[hit.row]),
                    refusals,
                    find_next_free(self.question, codes, theirs),
                    self._explainer(hit.part).terms(scored, hit.row),
                )
            )
        return tuple(found)

    def _details(self) -> dict[str, str]:
        must = ", ".join(reading.name for reading in self.plan.must)
        unwanted = ", ".join(reading.name for reading in self.plan.excluded)
        return {
            "must_have": _("The brief insists on %(tags)s.") % {"tags": must},
            "unwanted": _("The brief excludes %(tags)s.") % {"tags": unwanted},
        }

    def _facets(
        self, visible: Sequence[Mask], above: Sequence[Mask], conditions: Sequence[Conditions]
    ) -> dict[str, tuple[FacetCount, ...]]:
        """Counts over those who may be asked and fit at all, so that a refinement says what it leaves."""
        free = [mask & fits & each.is_free for mask, fits, each in zip(visible, above, self.scored, strict=True)]
        masks = masks_by_facet(self.snapshot, free, self.chosen, conditions)
        return count_facets(self.snapshot, masks, self.chosen, conditions)
