"""A seeded synthetic pool as plain arrays, the index segment they make, and the briefs that everyone is asked."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from references.activities import CODES
from references.days import OPEN_END, day_number
from references.enums import Facet
from references.pool.features import (
    BODY,
    ENGAGEMENT_STATUSES,
    ESCALATION,
    HEAD,
    NOT_REFERENCEABLE,
    OPTED_OUT,
    RED_HEALTH,
    SENIORITIES,
    SENSITIVITIES,
    SIZES,
    STATUSES,
)
from references.pool.segment import FIELDS, Documents, Ledger, People, Postings, Segment, encode_facts
from references.starter import build_starter_vocabulary
from references.text import STOP_WORDS, stem, stems
from references.vocabulary import Vocabulary, VocabularyTag

Ints = npt.NDArray[np.int64]

SEED = 20_260_101
BRIEFS = 200
WORDS = 30_000
CUSTOMER_TAGS: dict[str, int] = {
    "industry": 2, "product": 3, "solution": 3, "region": 2, "language": 1, "technology": 2, "competitor": 1,
}  # fmt: skip
OWN_NAMES = {"product": 120, "technology": 300, "competitor": 60}
NOTE_WORDS, TITLE_WORDS, STORY_WORDS = 4, 4, 20
STORY_SHARE = 0.4
TOUCHES_EACH = 1.5
CONSENTED = ("call", "group_call", "quote", "review", "case_study", "logo", "webinar", "speaking", "site_visit")


@dataclass(frozen=True)
class SyntheticPool:
    """People by row, customers by place. `words` are as written; word and tag matrices hold a row's choices.

    Shapes for n people, c customers: `places` (n,), `customer_tags` (c, 14), `roles` (n,), `notes` (c, 4),
    `stories` (c, 20) of which those of `tells` count, `titles` (n, 4), `consents` (c, activities). `people` and
    `ledger` are the columns of the index; the ledger stands in the order of `ledger["row"]`.
    """

    today: date
    vocabulary: Vocabulary
    words: list[str]
    places: Ints
    customer_tags: Ints
    verified: Ints
    roles: Ints
    notes: Ints
    stories: Ints
    tells: npt.NDArray[np.bool_]
    titles: Ints
    consents: npt.NDArray[np.bool_]
    people: dict[str, Ints]
    ledger: dict[str, Ints]

    def __len__(self) -> int:
        return len(self.places)


@lru_cache(maxsize=1)
def make_words(count: int) -> list[str]:
    """Words that sound like some language, no two of one stem."""
    source = random.Random(SEED)
    syllables = [start + vowel for start in "b c d f g k l m n p r s t v z br tr st pl".split() for vowel in "aeiou"]
    found: dict[str, str] = {}
    while len(found) < count:
        word = "".join(source.choices(syllables, k=source.choice((2, 3, 3, 4)))) + source.choice("nrlmtx")
        if word not in STOP_WORDS:
            found.setdefault(stem(word), word)
    return list(found.values())


def make_vocabulary(words: Sequence[str]) -> Vocabulary:
    """The starter vocabulary, and names of products, technologies and competitors, ids counting on."""
    tags = list(build_starter_vocabulary().tags)
    names = iter(words[::-1])  # rare words
    for facet, count in OWN_NAMES.items():
        for _ in range(count):
            name = next(names).title()
            tags.append(VocabularyTag(len(tags) + 1, facet, name.lower(), name))
    return Vocabulary(tuple(tags))


def make_pool(people: int, today: date) -> SyntheticPool:
    """Make a pool of `people` in .6 as many customers; the same for the same size and day."""
    rng = np.random.default_rng(SEED)
    words = make_words(WORDS)
    vocabulary = make_vocabulary(words)
    customers = max(1, people * 6 // 10)
    places = np.sort(rng.integers(0, customers, people))
    tags = [_zipf(rng, _ids(vocabulary, facet), (customers, count)) for facet, count in CUSTOMER_TAGS.items()]
    every = np.arange(WORDS)
    return SyntheticPool(
        today=today,
        vocabulary=vocabulary,
        words=words,
        places=places,
        customer_tags=np.hstack(tags),
        verified=day_number(today) - rng.integers(0, 1_500, customers),
        roles=_zipf(rng, _ids(vocabulary, Facet.ROLE), (people,)),
        notes=_zipf(rng, every, (customers, NOTE_WORDS)),
        stories=_zipf(rng, every, (customers, STORY_WORDS)),
        tells=rng.random(customers) < STORY_SHARE,
        titles=_zipf(rng, every, (people, TITLE_WORDS)),
        consents=(rng.random((customers, len(CODES))) < 0.5) & np.isin(CODES, CONSENTED),
        people=_make_people(rng, places, customers),
        ledger=_make_ledger(rng, places, today),
    )


def _ids(vocabulary: Vocabulary, facet: str) -> Ints:
    return np.array([tag.id for tag in vocabulary.facet(facet)])


def _zipf(rng: np.random.Generator, values: Ints, shape: tuple[int, ...]) -> Ints:
    """Draw from `values`, each in proportion to one over its place in a shuffled order."""
    chances = 1.0 / np.arange(2, len(values) + 2)
    drawn: Ints = rng.permutation(values)[rng.choice(len(values), shape, p=chances / chances.sum())]
    return drawn


def _make_people(rng: np.random.Generator, places: Ints, customers: int) -> dict[str, Ints]:
    def often(flag: int, share: float, count: int) -> Ints:
        return flag * (rng.random(count) < share)

    count = len(places)
    state = often(ESCALATION, 0.01, customers) | often(NOT_REFERENCEABLE, 0.03, customers)
    state = state | often(RED_HEALTH, 0.02, customers)
    active, paused, known = (STATUSES.index(name) for name in ("active", "paused", "known"))
    agreed = (rng.random((count, len(CODES))) < 0.6) @ (1 << np.arange(len(CODES)))
    none = np.zeros(count, dtype=np.int64)
    return {
        "status": rng.choice([active, paused, known], count, p=[0.9, 0.04, 0.06]),
        "seniority": rng.integers(0, len(SENIORITIES), count),
        "sensitivity": rng.choice(len(SENSITIVITIES), count, p=[0.8, 0.1, 0.1]),
        "activities": agreed,
        "flags": state[places] | often(OPTED_OUT, 0.01, count),
        "paused_until": none,
        "own_limit": none - 1,
        "loyalty": none,
        "size": rng.integers(0, len(SIZES), customers)[places],
        "owner": none,
        "renewal": none,
    }


def _make_ledger(rng: np.random.Generator, places: Ints, today: date) -> dict[str, Ints]:
    """Touches of two years: few people have many, most have none; what is planned lies ahead."""
    count, now = int(len(places) * TOUCHES_EACH), day_number(today)
    row = np.sort(rng.permutation(len(places))[(len(places) * rng.random(count) ** 2.5).astype(np.int64)])
    names = ("completed", "declined", "no_answer", "cancelled", "released", "asked", "planned", "held")
    codes = np.array([ENGAGEMENT_STATUSES.index(name) for name in names])
    status = rng.choice(codes, count, p=[0.62, 0.12, 0.08, 0.05, 0.05, 0.04, 0.03, 0.01])
    ahead = np.isin(status, codes[-3:])
    past = np.minimum(rng.exponential(250, count), 730).astype(np.int64) + 1
    day = np.where(ahead, now + rng.integers(1, 45, count), now - past)
    asked = np.minimum(day, now) - rng.integers(1, 14, count)
    tomorrow = int(datetime.combine(today, time(), UTC).timestamp()) + 3 * 86_400
    heavy = [CODES.index(code) for code in CONSENTED if code != "logo"]
    return {
        "row": row,
        "place": places[row],
        "activity": rng.choice(heavy, count),
        "status": status,
        "day": day,
        "asked": asked,
        "answered": asked + 1,
        "expires": np.where(status == codes[-1], tomorrow, 0),
        "feedback": rng.choice(8, count, p=[0.4, 0.02, 0.4, 0.02, 0.02, 0.02, 0.1, 0.02]),
    }


def make_segment(pool: SyntheticPool) -> Segment:
    """Make the segment that the index would read from the database, without the stories' own documents."""
    customers = np.arange(1, len(pool.customer_tags) + 1)
    people = {name: values.astype(_TYPES.get(name, np.uint8)) for name, values in pool.people.items()}
    ledger = {name: values.astype(_TYPES.get(name, np.uint8)) for name, values in pool.ledger.items()}
    terms, words, lengths = _index_words(pool)
    tags = np.column_stack([pool.customer_tags[pool.places], pool.roles])
    indexed = _index_tags(tags, pool.verified[pool.places])
    codes, facts = encode_facts(indexed.values)
    documents = Documents.of(
        ids=np.arange(1, len(pool) + 1),
        customers=customers[pool.places],
        places=pool.places.astype(np.int32),
        lengths=lengths,
        tags=replace(indexed, values=codes),
        tag_facts=facts,
        words=words,
        consents=_index_consents(pool),
    )
    return Segment(
        customer_ids=customers,
        people_docs=documents,
        people=People(**people, blackouts=np.zeros((0, 3), dtype=np.int32)),
        content_docs=_empty_documents(),
        content_kind=np.zeros(0, dtype=np.uint8),
        content_activity=np.zeros(0, dtype=np.uint8),
        content_published=np.zeros(0, dtype=np.uint16),
        ledger=Ledger(**ledger),
        terms=terms,
        exclusions={},
    )


_TYPES: dict[str, npt.DTypeLike] = {
    "seniority": np.int8, "activities": np.uint32, "paused_until": np.uint16, "own_limit": np.int16, "size": np.int8,
    "owner": np.int64, "renewal": np.uint16, "row": np.int32, "place": np.int32, "day": np.uint16,
    "asked": np.uint16, "answered": np.uint16, "expires": np.int64,
}  # fmt: skip


def _postings(keys: Ints, rows: Ints, count: int) -> tuple[Postings, Ints]:
    """Rows by key, each once, without values; and for each pair given the place of its posting."""
    codes, inverse = np.unique(keys.astype(np.int64) * count + rows, return_inverse=True)
    own, found = codes // count, (codes % count).astype(np.int32)
    unique, starts = np.unique(own, return_index=True)
    return Postings(unique, np.append(starts, len(own)), found, np.zeros(0)), inverse.ravel()


def _index_tags(tags: Ints, verified: Ints) -> Postings:
    rows = np.repeat(np.arange(len(tags)), tags.shape[1])
    found, _ = _postings(tags.ravel(), rows, len(tags))
    values = np.column_stack([verified[found.rows], np.full(len(found.rows), 100)])
    return replace(found, values=values.astype(np.uint16))


def _index_words(pool: SyntheticPool) -> tuple[dict[str, int], Postings, npt.NDArray[np.uint32]]:
    """Terms, postings with the counts per field, and lengths: titles, notes, names of tags, stories."""
    terms = {stem(word): place for place, word in enumerate(pool.words)}
    named = np.full((max(tag.id for tag in pool.vocabulary.tags) + 1, 3), -1)
    for tag in pool.vocabulary.tags:
        for place, each in enumerate(stems(tag.name)[:3]):
            named[tag.id, place] = terms.setdefault(each, len(terms))
    told = np.where(pool.tells[:, None], pool.stories, -1)[pool.places]
    names = [named[pool.customer_tags[pool.places]].reshape(len(pool), -1), named[pool.roles]]
    head = np.hstack([pool.titles, pool.notes[pool.places], *names])
    rows = np.concatenate([np.repeat(np.arange(len(pool)), each.shape[1]) for each in (head, told)])
    keys = np.concatenate([head.ravel(), told.ravel()])
    fields = np.repeat(np.array([HEAD, BODY], dtype=np.int8), [head.size, told.size])
    known = keys >= 0
    found, inverse = _postings(keys[known], rows[known], len(pool))
    counts = np.zeros((len(found.rows), FIELDS), dtype=np.uint8)
    lengths = np.zeros((len(pool), FIELDS), dtype=np.uint32)
    for field in (HEAD, BODY):
        counts[:, field] = np.bincount(inverse[fields[known] == field], minlength=len(counts))
        lengths[:, field] = np.bincount(rows[known & (fields == field)], minlength=len(pool))
    return terms, replace(found, values=counts), lengths


def _index_consents(pool: SyntheticPool) -> Postings:
    rows, activities = np.nonzero(pool.consents[pool.places])
    found, _ = _postings(activities, rows, len(pool))
    return replace(found, values=np.tile(np.array([1, OPEN_END], dtype=np.uint16), (len(found.rows), 1)))


def _empty_documents() -> Documents:
    none = np.zeros(0, dtype=np.int64)
    empty = {
        name: Postings(none, np.zeros(1, dtype=np.int64), none.astype(np.int32), np.zeros((0, width), dtype=np.uint16))
        for name, width in (("tags", 2), ("words", FIELDS), ("consents", 2))
    }
    lengths = np.zeros((0, FIELDS), dtype=np.uint32)
    return Documents.of(
        ids=none, customers=none, places=none, lengths=lengths, tag_facts=np.zeros((0, 2), dtype=np.uint16), **empty
    )


_SENTENCES = (
    "Our prospect is a {industry} company in {region}. Their {role} wants a call about {solution} with a peer.",
    "Looking for a {industry} reference on {product}, ideally someone who knows {solution}, {word} and {other}.",
    "Can a {seniority} in {region} talk about {solution}? The deal turns on {word}; they run {technology} today.",
    "{industry}, {region}, replacing {competitor} with {product}: who can tell their {role} about {word} {other}?",
)


def make_briefs(pool: SyntheticPool, count: int = BRIEFS) -> list[str]:
    """Briefs that ask for tags and words as often as people carry them."""
    source = random.Random(SEED)
    rows = np.column_stack([pool.customer_tags[pool.places], pool.roles, pool.titles, pool.notes[pool.places]])
    tags = CUSTOMER_TAGS | {"role": 1}
    firsts = dict(zip(tags, np.cumsum([0, *tags.values()]).tolist(), strict=False))
    briefs = []
    for number in range(count):
        row = rows[source.randrange(len(rows))].tolist()
        names = {facet: pool.vocabulary.get(row[first]).name for facet, first in firsts.items()}
        names |= {"seniority": source.choice(("director", "VP", "manager", "C-level executive"))}
        names |= {"word": pool.words[row[-1]], "other": pool.words[row[-6]]}
        briefs.append(_SENTENCES[number % len(_SENTENCES)].format(**names))
    return briefs
