"""Times the ranking itself: a read brief to the top 20 with reasons, its floor in bare NumPy, its memory."""

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import numpy.typing as npt

from benchmarks.pool import WORDS, SyntheticPool, make_briefs, make_pool, make_segment, make_vocabulary, make_words
from benchmarks.report import Report, Timing, clock, measure, summarize
from matching.brief import read_brief
from matching.need import Need
from matching.ranking import TEXT, Hit, choose_best, fit_of, measure_groups, plan_need, score_people
from matching.reasons import Explainer
from matching.results import Term
from matching.similarity import ORDERED
from references.enums import Facet
from references.lexicon import compile_lexicon
from references.policy import ProgramPolicy
from references.pool.conditions import Conditions, conditions_of
from references.pool.segment import Segment
from references.pool.selection import in_pool, visible_people
from references.pool.snapshot import Snapshot, View
from references.vocabulary import Vocabulary
from users.enums import Role
from users.models import User

ACTIVITY = "call"
LIMIT = 20
ROUNDS = 3


@dataclass(frozen=True)
class Engine:
    """A snapshot with the day and moment it is asked for."""

    snapshot: Snapshot
    now: datetime
    viewer: User

    @property
    def on(self) -> date:
        """The day the reference is wanted."""
        return self.now.date() + timedelta(days=7)

    @property
    def view(self) -> View:
        """The only view."""
        return self.snapshot.views[0]

    def conditions(self, activity: str = ACTIVITY, on: date | None = None) -> Conditions:
        """Everyone's standing on a day."""
        return conditions_of(self.view.segment, activity, on or self.on, now=self.now, policy=self.snapshot.policy)

    def choose(self, need: Need) -> list[Hit]:
        """The best 20 by tags and words alone, without fatigue, acceptance and reasons: what a search engine does."""
        view = self.view
        plan = plan_need(self.snapshot, need)
        measured = measure_groups(plan, view, self.snapshot, today=self.now.date())
        fit = fit_of(plan, measured, len(view.segment.people_docs))
        allowed = self.conditions().free() & visible_people(view, self.viewer) & in_pool(view)
        documents = view.segment.people_docs
        return choose_best([fit], [allowed], [documents.ids], [documents.customers], limit=LIMIT)

    def rank(self, need: Need) -> list[tuple[Hit, tuple[Term, ...]]]:
        """Rank a read brief for the viewer: the best 20 of different customers, each with its reasons."""
        view, today = self.view, self.now.date()
        plan = plan_need(self.snapshot, need)
        within = visible_people(view, self.viewer) & in_pool(view)
        scored = score_people(plan, view, self.conditions(), self.snapshot, today=today, within=within)
        documents = view.segment.people_docs
        hits = choose_best([scored.score], [scored.eligible], [documents.ids], [documents.customers], limit=LIMIT)
        explainer = Explainer(plan, view, self.snapshot, need, today=today)
        return [(hit, explainer.terms(scored, hit.row)) for hit in hits]


def make_engine(segment: Segment, vocabulary: Vocabulary, now: datetime) -> Engine:
    """An engine over one segment, with the shipped policy, for a salesperson."""
    view = View(segment, np.zeros(0, dtype=np.int64))
    snapshot = Snapshot(epoch="benchmark", number=1, views=[view], vocabulary=vocabulary, policy=ProgramPolicy())
    return Engine(snapshot, now, User(role=Role.SALES))


def read_all(briefs: Sequence[str], vocabulary: Vocabulary, today: date) -> list[Need]:
    """Read the briefs."""
    lexicon = compile_lexicon(vocabulary)
    return [read_brief(text, lexicon, today=today, activity=ACTIVITY) for text in briefs]


@dataclass(frozen=True)
class Ranked:
    """What the peers need to do the same work: the engine, the pool it holds, the read briefs, and its time."""

    engine: Engine
    pool: SyntheticPool
    needs: list[Need]
    timing: Timing


def run(report: Report, people: int, briefs: int, now: datetime) -> Ranked:
    """Measure the engine over a pool of `people`."""
    report.begin(f"Ranking, {people:,} promoters")
    pool = make_pool(people, now.date())
    segment = make_segment(pool)
    documents = segment.people_docs
    report.add(
        "the pool",
        f"{len(documents.tags.rows) / people:.1f} tags, {len(documents.words.rows) / people:.1f} terms each",
        f"{len(segment.ledger):,} touches, {len(segment.customer_ids):,} customers",
    )
    engine = make_engine(segment, pool.vocabulary, now)
    needs = read_all(make_briefs(pool, briefs), pool.vocabulary, now.date())
    first = clock(partial(engine.rank, needs[0]))
    report.add("the very first brief", f"{first * 1000:,.1f} ms", "counts, similarities and conditions not yet known")
    warm_up = measure([partial(engine.rank, need) for need in needs])
    report.add(f"each of {briefs} briefs for the first time", warm_up, "similarities of new tags are worked out")
    ranks, floors = [], []
    floor = Floor(engine, needs)
    for _ in range(ROUNDS):
        for place, need in enumerate(needs):
            ranks.append(clock(partial(engine.rank, need)))
            floors.append(clock(partial(floor.rank, place)))
    rank, bare = summarize(ranks), summarize(floors)
    report.add("rank a read brief, top 20 with reasons", rank, f"{ROUNDS} × {briefs} briefs")
    report.add("the floor: a bare NumPy pass over the same postings", bare, "same run, in turns")
    report.add("distance from the floor", f"{rank.median / bare.median:.1f} ×", "medians")
    days = [engine.on + timedelta(days=each) for each in range(1, 21)]
    cold = measure([partial(engine.conditions, "webinar", day) for day in days])
    report.add("conditions of an activity and day not asked before", cold, "once per day and process, then remembered")
    _measure_memory(report, segment, now)
    return Ranked(engine, pool, needs, rank)


class Floor:
    """The least that ranking can do: each posting read and added once, one sum over the columns, the best 20."""

    def __init__(self, engine: Engine, needs: Sequence[Need]) -> None:
        self._engine = engine
        self._plans = [plan_need(engine.snapshot, need) for need in needs]
        conditions, view = engine.conditions(), engine.view
        allowed = conditions.free() & in_pool(view) & visible_people(view, engine.viewer)
        self._allowed: npt.NDArray[np.int64] = np.flatnonzero(allowed)  # their -inf would slow the selection down
        self._base = -engine.snapshot.policy.ranking.fatigue_points * conditions.phi

    def rank(self, place: int) -> npt.NDArray[np.int64]:
        """Rows of the best 20 by sums of weights."""
        plan, documents = self._plans[place], self._engine.view.people
        scores = self._base.copy()
        for group in plan.groups:
            for facet in group.facets:
                self._add_facet(scores, facet, documents)
            if group.code == TEXT:
                for term, weight in plan.query.terms:
                    scores[documents.word(term)[0]] += weight
        allowed = scores[self._allowed]
        best = np.argpartition(allowed, -LIMIT)[-LIMIT:]
        return self._allowed[best[np.argsort(-allowed[best])]]

    def _add_facet(self, scores: npt.NDArray[np.float64], facet: Any, documents: Any) -> None:
        if facet.facet in ORDERED:
            people = self._engine.view.segment.people
            column = people.size if facet.facet == Facet.SIZE else people.seniority
            scores += np.array([*facet.steps, 0.0])[column]
        for asked in facet.asked:
            for tag_id, similarity in asked.similar.items():
                scores[documents.tags.at(tag_id)[0]] += asked.share * similarity


def _measure_memory(report: Report, segment: Segment, now: datetime) -> None:
    """Let a process of its own map the image, rank, and say what it holds."""
    with TemporaryDirectory() as folder:
        image = Path(folder) / "image"
        segment.save(image)
        size = sum(each.stat().st_size for each in image.iterdir())
        command = [sys.executable, "-m", "benchmarks", "--map", str(image)]
        told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    before, after, pages = (json.loads(told)[key] for key in ("before", "after", "mapped"))
    report.add("memory: the image on disk, mapped by all processes", f"{size / 2**20:,.0f} MiB", "once per host")
    report.add(
        "memory: pages of it in use after 200 briefs", f"{pages / 1024:,.0f} MiB", "shared by a host's processes"
    )
    own = f"{(after - before) / 1024:,.0f} MiB"
    report.add("memory: a process's own for the pool", own, f"beside {before / 1024:,.0f} MiB for Django and NumPy")


def _resident(kind: str) -> int:
    """KiB of this process's resident memory: anonymous (RssAnon) or of mapped files (RssFile)."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return int(next(line.split()[1] for line in lines if line.startswith(f"{kind}:")))


def tell_memory(image: Path, now: datetime) -> None:
    """Map an image, rank 200 briefs over it, and print this process's memory before and after."""
    vocabulary = make_vocabulary(make_words(WORDS))
    briefs = make_briefs(make_pool(2_000, now.date()))
    needs = read_all(briefs, vocabulary, now.date())
    before, mapped = _resident("RssAnon"), _resident("RssFile")
    engine = make_engine(Segment.load(image), vocabulary, now)
    for need in needs:
        engine.rank(need)
    print(json.dumps({"before": before, "after": _resident("RssAnon"), "mapped": _resident("RssFile") - mapped}))
