"""What `evaluate_matching` measures: our ranking, and peers that rank the same customers by words alone."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from django.core.exceptions import ImproperlyConfigured

from matching.ranking import choose_best
from matching.search import search_references
from references.models import Customer
from references.pool.index import current_snapshot
from references.pool.meaning import embed_question, embedder, score_meaning
from references.pool.relevance import plan_query, score_text
from references.pool.snapshot import LiveDocuments, Snapshot
from references.text import stems
from users.enums import Role
from users.models import User

Floats = npt.NDArray[np.float64]

DEPTH = 10
SATURATION, LENGTH_NORM = 1.2, 0.75
"""k₁ and b of plain BM25, the usual values (Robertson & Zaragoza, 2009)."""


@dataclass(frozen=True, slots=True)
class Ranked:
    """Customers in order, and whether the first who may be asked fits well enough; None from who does not judge it."""

    names: list[str]
    has_eligible_fit: bool | None = None


Ranker = Callable[[str], Ranked]


def rank_by_product(text: str) -> Ranked:
    """Customers as `match` ranks them."""
    found = search_references(user=User(email="operator", role=Role.ADMIN), text=text, limit=DEPTH)
    least = 100.0 * current_snapshot().policy.ranking.floor
    return Ranked(
        [each.card.customer_name or "" for each in found.candidates],
        any(each.fit >= least for each in found.candidates),
    )


def rank_by_fields(text: str) -> Ranked:
    """Customers by BM25F over the same words alone."""
    snapshot = current_snapshot()
    query = plan_query(snapshot, "people", stems(text))
    return _rank(snapshot, [score_text(query, snapshot, view.people) for view in snapshot.views])


def rank_by_words(text: str) -> Ranked:
    """Customers by plain BM25: all that is known of each in one bag of words."""
    snapshot = current_snapshot()
    weights = dict(plan_query(snapshot, "people", stems(text)).terms)
    mean = sum(snapshot.text_statistics("people").means)
    return _rank(snapshot, [_score_bag(weights, mean, view.people) for view in snapshot.views])


def rank_by_meaning(text: str) -> Ranked:
    """Customers by the embedding model alone; ImproperlyConfigured where none is set."""
    snapshot, question = current_snapshot(), embed_question(text)
    if question is None:
        raise ImproperlyConfigured("SEMANTIC_MODEL names no embedding model.")
    return _rank(snapshot, [score_meaning(question, view.segment) for view in snapshot.views])


def available() -> list[str]:
    """Names of the rankers that can be measured here: the embedding only where a model is set."""
    return [name for name in RANKERS if name != "embedding" or embedder() is not None]


def _score_bag(weights: Mapping[str, float], mean: float, documents: LiveDocuments) -> Floats:
    scores = np.zeros(len(documents.documents), dtype=np.float64)
    lengths = documents.documents.lengths.sum(axis=1)
    for stem, idf in weights.items():
        rows, counts = documents.word(stem)
        frequency = counts.sum(axis=1, dtype=np.float64)
        norm = SATURATION * (1.0 - LENGTH_NORM + LENGTH_NORM * lengths[rows] / mean)
        scores[rows] += idf * frequency * (SATURATION + 1.0) / (frequency + norm)
    return scores


def _rank(snapshot: Snapshot, scores: Sequence[Floats]) -> Ranked:
    """The customers whose best person scores highest; nobody is left out for the moment's sake."""
    documents = [view.segment.people_docs for view in snapshot.views]
    hits = choose_best(
        scores,
        [view.people.is_live for view in snapshot.views],
        [each.ids for each in documents],
        [each.customers for each in documents],
        limit=DEPTH,
    )
    names = dict(Customer.objects.filter(pk__in=[hit.customer for hit in hits]).values_list("pk", "name"))
    return Ranked([names[hit.customer] for hit in hits if hit.customer in names])


RANKERS: dict[str, Ranker] = {
    "product": rank_by_product,
    "bm25f": rank_by_fields,
    "bm25": rank_by_words,
    "embedding": rank_by_meaning,
}
"""By name; the first is ours, which the others are compared with."""
