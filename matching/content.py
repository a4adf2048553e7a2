"""The proof ladder's lower rungs: the stories and quotes that answer a brief and may be used as it is read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from matching.need import Need
from matching.ranking import Hit, choose_best, fit_of, measure_groups, plan_need
from matching.reasons import Explainer
from matching.results import ContentHit
from references.blinding import hide_names, may_see_customer_name
from references.compiled import Compiled
from references.models import CaseStudy, Testimonial
from references.pool.features import CONTENT_KINDS
from references.pool.pieces import consented
from references.pool.selection import TAG_FACETS, rows_with_tag
from references.pool.snapshot import Snapshot, View
from references.rights import (
    Right,
    Use,
    coverable_case_studies,
    coverable_testimonials,
    load_rights,
    rights_of,
    usable_until,
)
from users.models import User

Mask = npt.NDArray[np.bool_]

EXCERPT = 280
_ID_SPACE = 10**12


@dataclass(frozen=True, slots=True)
class _Part:
    view: View
    fit: npt.NDArray[np.float64]
    usable: Mask


def rank_content(
    user: User, snapshot: Snapshot, need: Need, chosen: Mapping[str, Sequence[str]], *, today: date, limit: int
) -> tuple[tuple[ContentHit, ...], int]:
    """Give the best `limit` stories and testimonials of different customers, and how many fit at all.

    The index proposes what consent covers today; each is checked again in the database before it is shown.
    """
    found = choose_content(snapshot, need, chosen, today=today, limit=limit)
    shown = _Shown(user, snapshot, found.hits, today)
    told = (shown.hit(hit, found.explain(hit)) for hit in found.hits)
    return tuple(hit for hit in told if hit is not None), found.total


@dataclass(frozen=True, slots=True)
class FoundContent:
    """What the index proposes: the best pieces, how many fit at all, and what their reasons are worked out from."""

    parts: Sequence[_Part]
    hits: Sequence[Hit]
    explainers: Sequence[Explainer]

    @property
    def total(self) -> int:
        return sum(int(part.usable.sum()) for part in self.parts)

    def explain(self, hit: Hit) -> str:
        """Why a piece fits, in words."""
        return self.explainers[hit.part].words(hit.row)


def choose_content(
    snapshot: Snapshot, need: Need, chosen: Mapping[str, Sequence[str]], *, today: date, limit: int
) -> FoundContent:
    """Rank what consent covers today by the index alone; whoever shows it checks rights in the database."""
    plan = plan_need(snapshot, need, "content")
    parts = []
    for view in snapshot.views:
        fit = fit_of(plan, measure_groups(plan, view, snapshot, today=today), len(view.content.documents))
        usable = view.content.is_live & consented(view, today) & _chosen(view, snapshot, chosen)
        for reading in plan.excluded:
            usable &= ~rows_with_tag(view, "content", snapshot.vocabulary, reading.tag_id)
        parts.append(_Part(view, fit, usable & (fit >= snapshot.policy.ranking.floor)))
    hits = choose_best(
        [part.fit for part in parts],
        [part.usable for part in parts],
        [
            part.view.segment.content_docs.ids + _ID_SPACE * part.view.segment.content_kind.astype(np.int64)
            for part in parts
        ],
        [part.view.segment.content_docs.customers for part in parts],
        limit=limit,
    )
    explainers = [Explainer(plan, part.view, snapshot, need, today=today) for part in parts]
    return FoundContent(parts, hits, explainers)


def _chosen(view: View, snapshot: Snapshot, chosen: Mapping[str, Sequence[str]]) -> Mask:
    """By row, what fits the selection's tags; selections of people's columns do not bear on content."""
    fits = np.ones(len(view.segment.content_docs), dtype=bool)
    for facet, slugs in chosen.items():
        if facet not in TAG_FACETS or not slugs:
            continue
        some = np.zeros_like(fits)
        for slug in slugs:
            tag_id = snapshot.vocabulary.slugs.get((facet, slug))
            if tag_id is not None:
                some |= rows_with_tag(view, "content", snapshot.vocabulary, tag_id)
        fits &= some
    return fits


@lru_cache(maxsize=4)
def _usable(use: Use) -> tuple[Compiled[CaseStudy], Compiled[Testimonial]]:
    """What of some pieces may be used so; to write the question down costs more than to ask it."""
    stories = coverable_case_studies(CaseStudy.objects.select_related("customer", "contact"), use)
    quotes = coverable_testimonials(Testimonial.objects.select_related("customer", "contact"), use)
    return Compiled(stories), Compiled(quotes)


class _Shown:
    """The rows of some hits as the database has them now, rights checked and names withheld for whoever looks."""

    def __init__(self, user: User, snapshot: Snapshot, hits: Sequence[Hit], today: date) -> None:
        self.user, self.policy = user, snapshot.policy
        ids: dict[int, list[int]] = {kind: [] for kind in range(len(CONTENT_KINDS))}
        for hit in hits:
            ids[hit.id // _ID_SPACE].append(hit.id % _ID_SPACE)
        use = Use(on=today)
        stories, quotes = _usable(use)
        self.stories = {row.pk: row for row in stories.among(ids[0])}
        self.quotes = {row.pk: row for row in quotes.among(ids[1])}
        load_rights([*self.stories.values(), *self.quotes.values()], use)

    def hit(self, hit: Hit, words: str) -> ContentHit | None:
        """Give the hit as it is shown; None where a consent has gone since the index was read."""
        kind, content_id = divmod(hit.id, _ID_SPACE)
        if CONTENT_KINDS[kind] == "case_study":
            story = self.stories.get(content_id)
            return None if story is None else self._story(story, hit.score, words)
        quote = self.quotes.get(content_id)
        return None if quote is None else self._quote(quote, hit.score, words)

    def _story(self, story: CaseStudy, fit: float, words: str) -> ContentHit:
        is_named = self._is_named(story)
        excerpt = story.results or story.solution_text or story.challenge
        return self._content(
            story, rights_of(story, "case_study"), fit, words,
            kind="case_study", title=story.title, excerpt=excerpt, said_by="", is_named=is_named,
        )  # fmt: skip

    def _quote(self, quote: Testimonial, fit: float, words: str) -> ContentHit:
        is_named = self._is_named(quote)
        said_by = ", ".join(part for part in (quote.said_by if is_named else "", quote.said_by_title) if part)
        return self._content(
            quote, rights_of(quote, quote.kind), fit, words,
            kind=quote.kind, title="", excerpt=quote.text, said_by=said_by, is_named=is_named,
        )  # fmt: skip

    def _is_named(self, row: CaseStudy | Testimonial) -> bool:
        may_be_named: bool = row.may_be_named  # type: ignore[union-attr]  # annotated by rights.py
        return may_be_named and may_see_customer_name(self.user, row.customer, self.policy)

    def _content(
        self, row: CaseStudy | Testimonial, rights: Sequence[Right], fit: float, words: str,
        *, kind: str, title: str, excerpt: str, said_by: str, is_named: bool,
    ) -> ContentHit:  # fmt: skip
        def shown(text: str) -> str:
            if is_named:
                return text
            person = row.contact.name if row.contact else ""
            return hide_names(text, [row.customer.name, row.customer.domain, person, getattr(row, "said_by", "")])

        return ContentHit(
            kind=kind,
            content_id=row.pk,
            customer_id=row.customer_id,
            customer_name=row.customer.name if is_named else None,
            title=shown(title),
            excerpt=_shorten(shown(excerpt)),
            said_by=shown(said_by),
            url=row.url if is_named else "",
            fit=100.0 * fit,
            words=words,
            rights=tuple(dict.fromkeys(f"{right.channel} · {right.region or 'world'}" for right in rights)),
            usable_until=usable_until(rights),
        )


def _shorten(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= EXCERPT else text[:EXCERPT].rsplit(" ", 1)[0] + " …"
