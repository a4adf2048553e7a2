"""Reads a customer's own words for the tags they speak of, with the lexicon that reads briefs."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from references.enums import Facet
from references.lexicon import Lexicon
from references.mentions import select_matches
from references.words import split_words

NAME, INDUSTRY, TITLE, BODY = 3.0, 3.0, 2.0, 1.0
"""What a mention counts, by where it stands: in the customer's name, its industry as written, a title, a text."""

KEPT: dict[str, int] = {Facet.INDUSTRY: 4, Facet.SOLUTION: 8, Facet.REGION: 3}
"""How many tags of each facet are kept, the strongest first."""

LEAST_SURE = 0.5
MOST_SURE = 0.95
LONGEST = 20_000


@dataclass(frozen=True, slots=True)
class Passage:
    """A piece of text and what a mention in it counts."""

    text: str
    weight: float


def infer_tags(passages: Iterable[Passage], lexicon: Lexicon) -> dict[int, int]:
    """Give the tags a customer's words speak of, by id with a confidence in percent (1–95).

    The mentions of a tag, weighed by where they stand and how sure each is, sum to s; the confidence is
    `.95·(1 − 2^(−s))`. Each facet keeps its strongest few, ties by id.
    """
    spoken: dict[str, dict[int, float]] = defaultdict(lambda: defaultdict(float))
    for passage in passages:
        words = split_words(passage.text[:LONGEST])
        for match in select_matches(words, lexicon.find(words, mends=False), []):
            if match.entry.facet in KEPT and match.confidence >= LEAST_SURE:
                spoken[match.entry.facet][match.entry.tag_id] += passage.weight * match.confidence
    found: dict[int, int] = {}
    for facet, sums in spoken.items():
        strongest = sorted(sums.items(), key=lambda item: (-item[1], item[0]))[: KEPT[facet]]
        found |= {tag_id: max(1, round(100 * MOST_SURE * (1.0 - 2.0**-total))) for tag_id, total in strongest}
    return found
