"""Text relevance by BM25F over the fields of people and content, squashed to 0…1.

`b = Σ_t idf(t)·t̃/(k₁ + t̃)` with `t̃ = Σ_f w_f·tf_f/(1 − b_f + b_f·len_f/mean_f)` (Robertson & Zaragoza, *The
probabilistic relevance framework: BM25 and beyond*, 2009); squashed as `b/(b + b₀)`, where b₀ is the score of a
document of mean length that holds each query term once, in its plainest field.
"""

import math
from collections.abc import Container, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import numpy.typing as npt

from references.pool.snapshot import Kind, LiveDocuments, Snapshot

Floats = npt.NDArray[np.float64]

FIELD_WEIGHTS = (2.0, 1.0, 1.0)
LENGTH_NORMS = (0.6, 0.7, 0.6)
SATURATION = 1.2
UNDERSTOOD = 0.5


@dataclass(frozen=True, slots=True)
class Query:
    """The stems asked for, each once, with their weight, b₀, and how much of the query only words can answer (0–1)."""

    terms: tuple[tuple[str, float], ...]
    typical: float
    unexplained: float

    @property
    def information(self) -> float:
        """What the words tell: the sum of their weights, in nats."""
        return sum(weight for _, weight in self.terms)


def plan_query(snapshot: Snapshot, kind: Kind, stems: Sequence[str], understood: Container[str] = ()) -> Query:
    """Weigh the stems of a query by how rare each is among the live documents; unknown ones are left out.

    `understood` are the stems that tags answer already: as words they count half.
    """
    count = snapshot.text_statistics(kind).count
    terms = []
    whole = open_ = 0.0
    for stem in dict.fromkeys(stems):
        frequency = snapshot.document_frequency(kind, stem)
        if not frequency:
            continue
        rarity = math.log(1.0 + (count - frequency + 0.5) / (frequency + 0.5))
        whole += rarity
        if stem in understood:
            rarity *= UNDERSTOOD
        else:
            open_ += rarity
        terms.append((stem, rarity))
    plainest = min(FIELD_WEIGHTS)
    typical = sum(weight for _, weight in terms) * plainest / (plainest + SATURATION)
    return Query(tuple(terms), typical, open_ / whole if whole else 0.0)


def score_text(query: Query, snapshot: Snapshot, documents: LiveDocuments) -> Floats:
    """Squashed relevance by row, 0…1; 0 for every row where nothing of the query is known."""
    scores = np.zeros(len(documents.documents), dtype=np.float64)
    for stem, idf in query.terms:
        rows = documents.word(stem)[0]
        if len(rows):
            (saturated,) = snapshot.recall.get((documents, stem), partial(_saturate, stem, snapshot, documents))
            scores[rows] += idf * saturated
    return scores / (scores + query.typical) if query.typical else scores


def _saturate(stem: str, snapshot: Snapshot, documents: LiveDocuments) -> tuple[npt.NDArray[np.float32]]:
    """t̃/(k₁ + t̃) by posting of a stem."""
    rows, counts = documents.word(stem)
    frequency = np.zeros(len(rows), dtype=np.float32)
    for field, worth in enumerate(_worths(snapshot, documents)):
        times = counts[:, field]
        if times.any():
            frequency += times * worth[rows]
    return (frequency / (SATURATION + frequency),)


def _worths(snapshot: Snapshot, documents: LiveDocuments) -> Sequence[npt.NDArray[np.float32]]:
    """What a word counts in each field of each row: w/(1 − b + b·l/l̄); worked out once a snapshot."""
    known: dict[LiveDocuments, list[npt.NDArray[np.float32]]] = snapshot.remembered.setdefault("worths", {})
    if documents not in known:
        means = snapshot.text_statistics(documents.kind).means
        lengths = documents.documents.lengths
        known[documents] = [
            (weight / (1.0 - norm + norm * lengths[:, field] / (mean or 1.0))).astype(np.float32)
            for field, (weight, norm, mean) in enumerate(zip(FIELD_WEIGHTS, LENGTH_NORMS, means, strict=True))
        ]
    return known[documents]
