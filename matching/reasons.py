"""Puts a score into words: what each term is made of, for one row, from the very numbers that ranked it."""

from collections.abc import Sequence
from datetime import date
from functools import cached_property, lru_cache
from typing import Any

import numpy.typing as npt
from django.utils.translation import get_language, gettext_noop, ngettext
from django.utils.translation import gettext as _

from matching.need import Need
from matching.ranking import TEXT, GroupPlan, Plan, Scored, weigh_tags
from matching.results import Term
from matching.similarity import ORDERED, Asked
from references.activities import ACTIVITIES
from references.caps import COUNTED
from references.days import day_number, to_date
from references.embedders import Vectors
from references.enums import Facet, Seniority, SizeBand
from references.fatigue import band
from references.pool.features import ENGAGEMENT_STATUSES, SENIORITIES, SIZES
from references.pool.meaning import meaning_of
from references.pool.snapshot import Snapshot, View
from references.text import split_compound, stem, tokenize

_MOST_WORDS = 6
_NEARBY = 0.995
FULL = 100
_NOTHING = gettext_noop("%(tag)s: nothing like it")
_EXACT = gettext_noop("%(tag)s: exact")
_WITHIN = gettext_noop("%(tag)s lies within %(wanted)s")
_SPEAKS = gettext_noop("speaks %(tag)s, as in %(wanted)s")
_NEXT_TO = gettext_noop("%(tag)s is next to %(wanted)s")
_INFERRED = gettext_noop("(read in its stories)")
_OLD = gettext_noop("(not verified since %(year)s)")
_SIZE_UNKNOWN = gettext_noop("size unknown")
_SENIORITY_UNKNOWN = gettext_noop("seniority unknown")
_CLOSE = gettext_noop("%(share)s %% close in meaning")
_NO_WORDS = gettext_noop("none of these words")
_MENTIONS = gettext_noop("mentions %(words)s")
_SAID_YES = gettext_noop("said yes %(yes)s of %(all)s times")
_NEVER_ASKED = gettext_noop("never asked before")
_SAYS_YES = gettext_noop("Says yes")
_FATIGUE = gettext_noop("Fatigue")
_BANDS = {
    "fresh": gettext_noop("fresh"),
    "soft": gettext_noop("a little used"),
    "approval": gettext_noop("tired, a manager approves"),
    "stop": gettext_noop("worn out, rests"),
}


class Speech(dict[str, str]):
    """Messages in one language, each translated once."""

    def __missing__(self, message: str) -> str:
        words = self[message] = _(message)
        return words


@lru_cache(maxsize=16)
def _speech(_language: str | None) -> Speech:
    return Speech()


class Explainer:
    """Says why rows of a view score as they do for a need; made once for all the rows of an answer."""

    def __init__(self, plan: Plan, view: View, snapshot: Snapshot, need: Need, *, today: date) -> None:
        self._plan, self._view, self._snapshot, self._need, self._today = plan, view, snapshot, need, today
        self._documents = view.documents(plan.kind)
        self._language = get_language()
        self._say = _speech(self._language)

    def terms(self, scored: Scored, row: int) -> tuple[Term, ...]:
        """Give the terms of a person's score, largest share first; their points add up to it."""
        points = self._snapshot.policy.ranking.fit_points
        carried = self._documents.documents.tags_of(row)
        terms = [
            Term(
                code=group.code,
                label=_label_in(self._language, group.code),
                points=points * group.share * float(scored.measured[group.code][row]),
                possible=points * group.share,
                words=self._group(group, row, carried),
            )
            for group in self._plan.groups
        ]
        return (*terms, self._acceptance(scored, row), self._fatigue(scored, row))

    def words(self, row: int) -> str:
        """Say in one line what in this row answers the need; what is written comes last."""
        carried = self._documents.documents.tags_of(row)
        groups = sorted(self._plan.groups, key=lambda group: group.code == TEXT)
        return " · ".join(self._group(group, row, carried) for group in groups)

    def _group(self, group: GroupPlan, row: int, carried: Sequence[int]) -> str:
        """Say what in a row, which carries these tags, answers one group, or that nothing does."""
        if group.code == TEXT:
            meaning = self._plan.meaning if self._plan.kind == "people" else None
            return self._text(row) if meaning is None else self._meaning(meaning, row)
        parts: list[str] = []
        for facet in group.facets:
            if facet.facet in ORDERED:
                parts.append(self._step(facet.facet, row))
            else:
                parts.extend(self._asked(asked, row, carried) for asked in facet.asked)
        return " · ".join(dict.fromkeys(parts))

    def _asked(self, asked: Asked, row: int, carried: Sequence[int]) -> str:
        """Name the tag that comes nearest to the one asked for, how near, and whether the fact is old."""
        wanted = asked.reading.name
        nearest = self._nearest(asked, row, carried)
        if nearest is None:
            return self._say[_NOTHING] % {"tag": wanted}
        tag_id, similarity, verified, confidence = nearest
        found = self._snapshot.vocabulary.get(tag_id)
        if tag_id == asked.reading.tag_id:
            words = self._say[_EXACT] % {"tag": found.name}
        elif similarity >= _NEARBY:
            words = self._say[_WITHIN] % {"tag": found.name, "wanted": wanted}
        elif found.facet == Facet.LANGUAGE and asked.reading.facet == Facet.REGION:
            words = self._say[_SPEAKS] % {"tag": found.name, "wanted": wanted}
        else:
            words = self._say[_NEXT_TO] % {"tag": found.name, "wanted": wanted}
        if confidence < FULL:
            return f"{words} {self._say[_INFERRED]}"
        day = to_date(verified)
        if day is not None and (self._today - day).days > self._snapshot.policy.ranking.verified_days:
            words += " " + self._say[_OLD] % {"year": day.year}
        return words

    def _nearest(self, asked: Asked, row: int, carried: Sequence[int]) -> tuple[int, float, int, int] | None:
        """The row's tag that counts most: (tag, similarity, day verified, confidence in percent)."""
        best, counts = None, 0.0
        own = asked.reading.tag_id
        near = [each for each in carried if each in asked.similar and each != own]
        for tag_id in [own, *near] if own in carried else near:
            similarity = asked.similar.get(tag_id, 0.0)
            if similarity <= counts:  # whatever it weighs, at most 1
                continue
            rows, facts = self._documents.tags.at(tag_id)
            fact = int(facts[_find_row(rows, row)])
            if similarity * self._fact_weights[fact] > counts:
                counts = similarity * self._fact_weights[fact]
                best = (tag_id, similarity, *self._documents.documents.tag_facts[fact].tolist())
        return best

    @cached_property
    def _fact_weights(self) -> list[float]:
        facts, policy = self._documents.documents.tag_facts, self._snapshot.policy.ranking
        weights: list[float] = weigh_tags(facts, day_number(self._today), policy).tolist()
        return weights

    def _step(self, facet: str, row: int) -> str:
        people = self._view.segment.people
        if facet == Facet.SIZE:
            place = int(people.size[row])
            return self._say[_SIZE_UNKNOWN] if place < 0 else _size_in(self._language, SIZES[place])
        place = int(people.seniority[row])
        return self._say[_SENIORITY_UNKNOWN] if place < 0 else _seniority_in(self._language, SENIORITIES[place])

    def _meaning(self, question: Vectors, row: int) -> str:
        """Say how close in meaning the customer's closest passage is, beside the words it holds."""
        close = round(100 * meaning_of(question, self._view.segment, row))
        return f"{self._text(row)} · {self._say[_CLOSE] % {'share': close}}"

    def _text(self, row: int) -> str:
        found = []
        for word, rows in self._written:
            place = _find_row(rows, row)
            if place < len(rows) and rows[place] == row:
                found.append(word)
        if not found:
            return self._say[_NO_WORDS]
        return self._say[_MENTIONS] % {"words": ", ".join(found[:_MOST_WORDS])}

    @cached_property
    def _written(self) -> list[tuple[str, npt.NDArray[Any]]]:
        """The words asked for as they were written, the rarest first, each with the rows that hold it."""
        forms = surface_forms(self._need.text)
        terms = sorted(self._plan.query.terms, key=lambda item: -item[1])
        return [(forms.get(term, term), self._documents.word(term)[0]) for term, _idf in terms]

    def _acceptance(self, scored: Scored, row: int) -> Term:
        policy = self._snapshot.policy.ranking
        accepted, answered = (int(column[row]) for column in scored.view.segment.answers)
        words = self._say[_SAID_YES] % {"yes": accepted, "all": answered} if answered else self._say[_NEVER_ASKED]
        return Term(
            "acceptance",
            self._say[_SAYS_YES],
            policy.acceptance_points * float(scored.acceptance[row]),
            policy.acceptance_points * (1.0 - self._snapshot.acceptance),
            words,
        )

    def _fatigue(self, scored: Scored, row: int) -> Term:
        policy, phi = self._snapshot.policy, float(scored.conditions.phi[row])
        words = self._say[_BANDS[band(phi, policy.fatigue)]]
        last = last_touch(scored, row)
        if last is not None:
            ago = day_number(self._today) - last[1]
            words += ", " + ngettext("%(activity)s %(days)s day ago", "%(activity)s %(days)s days ago", ago) % {
                "activity": last[0].lower(),
                "days": ago,
            }
        return Term("fatigue", self._say[_FATIGUE], -policy.ranking.fatigue_points * phi, 0.0, words)


def _find_row(rows: npt.NDArray[Any], row: int) -> int:
    """Where a row stands, or would stand, in postings; asked for in their own type, else NumPy copies them all."""
    return int(rows.searchsorted(rows.dtype.type(row)))


@lru_cache(maxsize=256)
def _label_in(_language: str | None, code: str) -> str:
    return str(_("Words")) if code == TEXT else str(Facet(code).label)


@lru_cache(maxsize=256)
def _size_in(_language: str | None, code: str) -> str:
    return str(SizeBand(code).label)


@lru_cache(maxsize=256)
def _seniority_in(_language: str | None, code: str) -> str:
    return str(Seniority(code).label)


@lru_cache(maxsize=64)
def surface_forms(text: str) -> dict[str, str]:
    """Map each stem of a text to the word as it was first written."""
    forms: dict[str, str] = {}
    for token in tokenize(text):
        for part in split_compound(token.word):
            forms.setdefault(stem(part), part)
    return forms


def last_touch(scored: Scored, row: int) -> tuple[str, int] | None:
    """The latest thing this person did: its label and day number; None where they never did."""
    day = int(scored.conditions.last_used[row])
    if not day:
        return None
    ledger = scored.view.segment.ledger
    place = scored.view.segment.people_docs.places[row]
    theirs = range(*ledger.place.searchsorted([place, place + 1]).tolist())  # a customer's touches stand together
    used = (each for each in theirs if ENGAGEMENT_STATUSES[ledger.status[each]] in COUNTED)
    mine = [each for each in used if ledger.row[each] == row and ledger.day[each] == day]
    heaviest = max(mine, key=lambda place: ACTIVITIES[int(ledger.activity[place])].effort)
    return ACTIVITIES[int(ledger.activity[heaviest])].label, day


def list_words(terms: Sequence[Term]) -> list[str]:
    """One line per term, as the terminal and the API print them: "Industry: Banking: exact, +25 of 25"."""
    lines = []
    for term in terms:
        of = f" of {term.possible:.0f}" if term.possible else ""
        lines.append(f"{term.label}: {term.words}, {term.points:+.0f}{of}")
    return lines
