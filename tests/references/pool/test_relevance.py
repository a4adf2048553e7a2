"""BM25F by hand, squashed, and blind to where in the index a document lies."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from references.pool.relevance import FIELD_WEIGHTS, LENGTH_NORMS, SATURATION, UNDERSTOOD, plan_query, score_text
from references.pool.snapshot import Snapshot
from tests.matching.pools import alone, person, snapshot_of

WORDS = ["audit", "billing", "cloud", "fraud", "ledger"]
Fields = tuple[list[str], list[str], list[str]]


def pool_of(*documents: Fields, parts: int = 1) -> Snapshot:
    """People of these stems per field, ids from 1."""
    people = [person(place) for place, _ in enumerate(documents, 1)]
    for each, words in zip(people, documents, strict=True):
        each.words = words
    return snapshot_of((), alone(*people), parts=parts)


def scores(pool: Snapshot, *stems: str, understood: frozenset[str] = frozenset()) -> dict[int, float]:
    query = plan_query(pool, "people", stems, understood)
    found: dict[int, float] = {}
    for view in pool.views:
        found |= dict(
            zip(view.segment.people_docs.ids.tolist(), score_text(query, pool, view.people).tolist(), strict=True)
        )
    return found


def idf(frequency: int, count: int) -> float:
    return math.log(1 + (count - frequency + 0.5) / (frequency + 0.5))


def test_by_hand() -> None:
    """Two words in the head of one, one in the body of another, none in the third; mean head 4/3, mean body 2."""
    pool = pool_of(
        (["fraud", "fraud", "audit"], ["billing"], []),
        (["cloud"], ["fraud", "audit", "audit", "audit"], []),
        ([], ["x"], []),
    )
    weight = idf(2, 3)
    typical = weight / (1 + SATURATION)
    head = FIELD_WEIGHTS[0] * 2 / (1 - LENGTH_NORMS[0] + LENGTH_NORMS[0] * 3 / (4 / 3))
    body = FIELD_WEIGHTS[1] * 1 / (1 - LENGTH_NORMS[1] + LENGTH_NORMS[1] * 4 / 2)
    first, second = (weight * each / (SATURATION + each) for each in (head, body))
    found = scores(pool, "fraud")
    assert found == pytest.approx({1: first / (first + typical), 2: second / (second + typical), 3: 0.0})
    assert found[1] > found[2]


def test_typical_document_scores_one_half() -> None:
    """Of mean length, each word once in a plain field."""
    pool = pool_of(*(([], [word, "x", "y"], []) for word in WORDS), ([], ["fraud", "audit", "z"], []))
    assert scores(pool, "fraud", "audit")[6] == pytest.approx(0.5)


def test_rare_words_and_heads_count_more() -> None:
    """All fields of one length."""
    written = {1: ("fraud", "x", "x"), 2: ("x", "fraud", "x"), 3: ("x", "ledger", "x"), 4: ("x", "x", "fraud")}
    pool = pool_of(*(([head], [body], [voice]) for head, body, voice in written.values()), (["x"], ["x"], ["x"]))
    found = scores(pool, "fraud", "ledger")
    assert found[1] > found[2] == found[4] > found[5] == 0.0
    assert found[3] > found[2]


def test_unknown_and_repeated_words_change_nothing() -> None:
    pool = pool_of((["fraud"], [], []), (["audit"], [], []))
    assert scores(pool, "fraud", "zeppelin", "fraud") == scores(pool, "fraud")
    assert scores(pool, "zeppelin") == scores(pool) == {1: 0.0, 2: 0.0}
    assert scores(snapshot_of(()), "fraud") == {}


def test_what_tags_answer_counts_less_as_words() -> None:
    pool = pool_of((["fraud"], [], []), (["audit"], [], []))
    plain, half = (plan_query(pool, "people", ["fraud", "audit"], each) for each in ((), frozenset(["fraud"])))
    assert dict(half.terms)["fraud"] == pytest.approx(UNDERSTOOD * dict(plain.terms)["fraud"])
    assert [plain.unexplained, half.unexplained] == pytest.approx([1.0, 0.5])
    assert plan_query(pool, "people", ["zeppelin"]).unexplained == 0.0
    found = scores(pool, "fraud", "audit", understood=frozenset(["fraud"]))
    assert found[2] > found[1]


FIELD = st.lists(st.sampled_from(WORDS), max_size=5)
DOCUMENTS = st.lists(st.tuples(FIELD, FIELD, FIELD), min_size=1, max_size=7)


@settings(max_examples=60, deadline=None)
@given(DOCUMENTS, st.lists(st.sampled_from([*WORDS, "zeppelin"]), max_size=4), st.integers(2, 3))
def test_relevance_lies_below_1_and_does_not_know_segments(
    documents: list[Fields], asked: list[str], parts: int
) -> None:
    whole = scores(pool_of(*documents), *asked)
    assert scores(pool_of(*documents, parts=parts), *asked) == whole
    for contact_id, words in enumerate(documents, 1):
        assert 0.0 <= whole[contact_id] < 1.0
        assert (whole[contact_id] > 0) == (not set(asked).isdisjoint(words[0] + words[1] + words[2]))
