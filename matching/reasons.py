"""Puts a score into words: what each term is made of, for one row, from the very numbers that ranked it."""

from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from typing import Any

import numpy.typing as npt
from django.utils.translation import get_language, gettext_noop, ngettext
from django.utils.translation import gettext as _

from matching.need import Need
from matching.ranking import TEXT, GroupPlan, Plan, Scored, weigh_tag
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
from references.pool.snapshot import LiveDocuments, Snapshot, View
from references.text import split_compound, stem, tokenize

_MOST_WORDS = 6
_NEARBY = 0.995
FULL = 100
_BANDS = {
    "fresh": gettext_noop("fresh"),
    "soft": gettext_noop("a little used"),
    "approval": gettext_noop("tired, a manager approves"),
    "stop": gettext_noop("worn out, rests"),
}


def explain_terms(
    plan: Plan, scored: Scored, row: int, snapshot: Snapshot, need: Need, *, today: date
) -> tuple[Term, ...]:
    """Give the terms of a person's score, largest share first; their points add up to it."""
    policy = snapshot.policy.ranking
    terms = [
        Term(
            code=group.code,
            label=group_label(group.code),
            points=policy.fit_points * group.share * float(scored.measured[group.code][row]),
            possible=policy.fit_points * group.share,
            words=explain_group(plan, group, scored.view, row, snapshot, need, today=today),
        )
        for group in plan.groups
    ]
    return (*terms, _acceptance_term(scored, row, snapshot), _fatigue_term(scored, row, snapshot, today))


def group_label(code: str) -> str:
    """Name a term for people."""
    return _label_in(get_language(), code)


@lru_cache(maxsize=256)
def _label_in(_language: str | None, code: str) -> str:
    return str(_("Words")) if code == TEXT else str(Facet(code).label)


def explain_group(
    plan: Plan, group: GroupPlan, view: View, row: int, snapshot: Snapshot, need: Need, *, today: date
) -> str:
    """Say what in this row answers one facet, or that nothing does."""
    documents = view.documents(plan.kind)
    if group.code == TEXT:
        words = _explain_text(plan, documents, row, need)
        return (
            words if plan.meaning is None or plan.kind != "people" else _explain_meaning(words, plan.meaning, view, row)
        )
    parts: list[str] = []
    for facet in group.facets:
        if facet.facet in ORDERED:
            parts.append(_explain_step(facet.facet, view, row))
        else:
            parts.extend(_explain_asked(asked, documents, row, snapshot, today) for asked in facet.asked)
    return " · ".join(dict.fromkeys(parts))


def _explain_asked(asked: Asked, documents: LiveDocuments, row: int, snapshot: Snapshot, today: date) -> str:
    """Name the tag that comes nearest to the one asked for, how near, and whether the fact is old."""
    wanted = asked.reading.name
    nearest = _nearest_tag(asked, documents, row, snapshot, today)
    if nearest is None:
        return _("%(tag)s: nothing like it") % {"tag": wanted}
    tag_id, similarity, _weight, (verified, confidence) = nearest
    found = snapshot.vocabulary.get(tag_id)
    if tag_id == asked.reading.tag_id:
        words = _("%(tag)s: exact") % {"tag": found.name}
    elif similarity >= _NEARBY:
        words = _("%(tag)s lies within %(wanted)s") % {"tag": found.name, "wanted": wanted}
    elif found.facet == Facet.LANGUAGE and asked.reading.facet == Facet.REGION:
        words = _("speaks %(tag)s, as in %(wanted)s") % {"tag": found.name, "wanted": wanted}
    else:
        words = _("%(tag)s is next to %(wanted)s") % {"tag": found.name, "wanted": wanted}
    if confidence < FULL:
        return words + " " + _("(read in its stories)")
    day = to_date(verified)
    if day is not None and (today - day).days > snapshot.policy.ranking.verified_days:
        words += " " + _("(not verified since %(year)s)") % {"year": day.year}
    return words


def _nearest_tag(
    asked: Asked, documents: LiveDocuments, row: int, snapshot: Snapshot, today: date
) -> tuple[int, float, float, tuple[int, int]] | None:
    """The row's tag that counts most: (tag, similarity, weight, (day verified, confidence in percent))."""
    best: tuple[int, float, float, tuple[int, int]] | None = None
    own_first = sorted(documents.documents.tags_of(row), key=lambda each: (each != asked.reading.tag_id, each))
    for tag_id in own_first:
        similarity = asked.similar.get(tag_id, 0.0)
        if not similarity:
            continue
        rows, values = documents.tags.at(tag_id)
        place = _find_row(rows, row)
        verified, confidence = values[place].tolist()
        weight = weigh_tag(verified, confidence, day_number(today), snapshot.policy.ranking)
        if best is None or similarity * weight > best[1] * best[2]:
            best = (tag_id, similarity, weight, (verified, confidence))
    return best


def _find_row(rows: npt.NDArray[Any], row: int) -> int:
    """Where a row stands, or would stand, in postings; asked for in their own type, else NumPy copies them all."""
    return int(rows.searchsorted(rows.dtype.type(row)))


def _explain_step(facet: str, view: View, row: int) -> str:
    people = view.segment.people
    if facet == Facet.SIZE:
        place = int(people.size[row])
        return _("size unknown") if place < 0 else str(SizeBand(SIZES[place]).label)
    place = int(people.seniority[row])
    return _("seniority unknown") if place < 0 else str(Seniority(SENIORITIES[place]).label)


def _explain_meaning(words: str, question: Vectors, view: View, row: int) -> str:
    """Say how close in meaning the customer's closest passage is, beside the words it holds."""
    close = round(100 * meaning_of(question, view.segment, row))
    return f"{words} · {_('%(share)s %% close in meaning') % {'share': close}}"


def _explain_text(plan: Plan, documents: LiveDocuments, row: int, need: Need) -> str:
    written = surface_forms(need.text)
    found: list[str] = []
    for term, _idf in sorted(plan.query.terms, key=lambda item: -item[1]):
        rows, _counts = documents.word(term)
        place = _find_row(rows, row)
        if place < len(rows) and rows[place] == row:
            found.append(written.get(term, term))
    if not found:
        return _("none of these words")
    return _("mentions %(words)s") % {"words": ", ".join(found[:_MOST_WORDS])}


@lru_cache(maxsize=64)
def surface_forms(text: str) -> dict[str, str]:
    """Map each stem of a text to the word as it was first written."""
    forms: dict[str, str] = {}
    for token in tokenize(text):
        for part in split_compound(token.word):
            forms.setdefault(stem(part), part)
    return forms


def _acceptance_term(scored: Scored, row: int, snapshot: Snapshot) -> Term:
    policy = snapshot.policy.ranking
    accepted, answered = (int(column[row]) for column in scored.view.answers)
    if answered:
        words = _("said yes %(yes)s of %(all)s times") % {"yes": accepted, "all": answered}
    else:
        words = _("never asked before")
    return Term(
        "acceptance",
        str(_("Says yes")),
        policy.acceptance_points * float(scored.acceptance[row]),
        policy.acceptance_points * (1.0 - snapshot.acceptance),
        words,
    )


def _fatigue_term(scored: Scored, row: int, snapshot: Snapshot, today: date) -> Term:
    phi = float(scored.conditions.phi[row])
    words = band_words(band(phi, snapshot.policy.fatigue))
    last = last_touch(scored, row)
    if last is not None:
        ago = day_number(today) - last[1]
        words += ", " + ngettext("%(activity)s %(days)s day ago", "%(activity)s %(days)s days ago", ago) % {
            "activity": last[0].lower(),
            "days": ago,
        }
    return Term("fatigue", str(_("Fatigue")), -snapshot.policy.ranking.fatigue_points * phi, 0.0, words)


def band_words(name: str) -> str:
    """Name a fatigue band for people."""
    return _(_BANDS[name])


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
