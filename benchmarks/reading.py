"""Times the reading of briefs against a large vocabulary."""

import random
from datetime import date
from functools import partial

from benchmarks.pool import SEED, WORDS, make_words
from benchmarks.report import Report, clock, measure
from matching.brief import read_brief
from references.lexicon import Lexicon
from references.starter import build_starter_vocabulary
from references.vocabulary import Vocabulary, VocabularyTag

TAGS, SYNONYMS = 5_000, 20_000
_FACETS = ("industry", "solution", "product", "technology", "competitor")
_SENTENCES = (
    "Our prospect is a {0} company in Germany with 3,000 people. Their CFO wants a call about {1} by next Friday.",
    "Prospect: {2}. Deal of 400k. They must use {0}, not {1}; a director in the Nordics would be best.",
    "Need two speakers on {0} and {1} for our June event in Chicago, VP of operations or above, healthcare preferred.",
    "Customer replaces {2} by {0} for {1}; looking for someone in retail banking who did the same in under a year.",
)


def make_large_vocabulary() -> Vocabulary:
    """The starter vocabulary, grown to 5,000 tags and 20,000 synonyms."""
    source, words = random.Random(SEED), make_words(WORDS)
    tags = list(build_starter_vocabulary().tags)
    wanted = SYNONYMS - sum(len(tag.synonyms) for tag in tags)
    each = wanted // (TAGS - len(tags))
    spare = wanted - each * (TAGS - len(tags))
    while len(tags) < TAGS:
        name, *others = (
            " ".join(source.choices(words, k=source.choice((1, 2, 2, 3)))) for _ in range(each + 1 + (spare > 0))
        )
        spare -= 1
        facet = _FACETS[len(tags) % len(_FACETS)]
        tags.append(VocabularyTag(len(tags) + 1, facet, f"tag-{len(tags)}", name.title(), (), tuple(others)))
    return Vocabulary(tuple(tags))


def run(report: Report, count: int, today: date) -> None:
    """Compile the lexicon and read the briefs, a typing error in every fourth."""
    vocabulary = make_large_vocabulary()
    synonyms = sum(len(tag.synonyms) for tag in vocabulary.tags)
    report.begin(f"Reading a brief, {len(vocabulary.tags):,} tags and {synonyms:,} synonyms")
    made: list[Lexicon] = []
    seconds = clock(lambda: made.append(Lexicon(vocabulary)))
    report.add("compile the lexicon", f"{seconds:.2f} s", "once per vocabulary and process")
    briefs = make_large_briefs(vocabulary, count)
    first = measure([partial(read_brief, text, made[0], today=today) for text in briefs])
    report.add("read a brief for the first time", first, f"{count} briefs, a typing error in every fourth")
    again = measure([partial(read_brief, text, made[0], today=today) for text in briefs])
    report.add("read it again", again)


def make_large_briefs(vocabulary: Vocabulary, count: int) -> list[str]:
    """Briefs that name three tags by one of their names."""
    source = random.Random(SEED + 1)
    briefs = []
    for number in range(count):
        tags = source.sample(vocabulary.tags[-3_000:], 3)
        names = [source.choice((tag.name, *tag.synonyms)) for tag in tags]
        if number % 4 == 0:
            names[0] = names[0][:4] + names[0][5:]
        briefs.append(_SENTENCES[number % len(_SENTENCES)].format(*names))
    return briefs
