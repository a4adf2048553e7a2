"""The score's promises: terms add up, more is never less, order and place do not matter; and each rule of it."""

import math
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.need import Need, Reading
from matching.ranking import choose_best, freshness, plan_need, score_people
from references.activities import CODES
from references.days import day_number
from references.policy import ProgramPolicy, RankingPolicy
from references.pool.conditions import conditions_of
from references.pool.features import ENGAGEMENT_STATUSES, SENIORITIES, SIZES, CustomerFeature, EventFeature, TagFeature
from references.pool.snapshot import Snapshot
from tests.matching.pools import NOW, TODAY, alone, customer, need_of, person, rank, reading, snapshot_of, tag, touch

INDUSTRIES = (
    tag(1, "finance"),
    tag(2, "banking", "industry", 1),
    tag(3, "insurance", "industry", 1),
    tag(4, "health"),
    tag(5, "hospitals", "industry", 4),
)
PRODUCTS = (tag(11, "ledger", "product"), tag(12, "vault", "product"))
ROLES = (tag(21, "finance-chief", "role"), tag(22, "security", "role"))
BANDS = tuple(tag(30 + place, slug, "size") for place, slug in enumerate(SIZES)) + tuple(
    tag(40 + place, slug, "seniority") for place, slug in enumerate(SENIORITIES)
)
TAGS = (*INDUSTRIES, *PRODUCTS, *ROLES, *BANDS)
BANKING, INSURANCE, HOSPITALS, LEDGER = INDUSTRIES[1], INDUSTRIES[2], INDUSTRIES[4], PRODUCTS[0]
WORDS = ("ledger", "fraud", "audit", "cloud", "branch", "saved", "weeks")
DAY = day_number(TODAY)


@dataclass(frozen=True)
class Pool:
    """A drawn pool, by its customers."""

    customers: tuple[CustomerFeature, ...]

    def snapshot(self, parts: int = 1) -> Snapshot:
        return snapshot_of(TAGS, self.customers, parts=parts)


CARRIED = st.dictionaries(
    st.sampled_from([each.id for each in (*INDUSTRIES, *PRODUCTS, *ROLES)]),
    st.builds(TagFeature, st.integers(DAY - 2000, DAY), st.sampled_from([100, 100, 95, 48, 1])),
    max_size=4,
)


@st.composite
def touches(draw: st.DrawFn, contact_id: int) -> EventFeature:
    on = TODAY + timedelta(days=draw(st.integers(-400, 60)))
    return touch(contact_id, draw(st.sampled_from(CODES)), draw(st.sampled_from(ENGAGEMENT_STATUSES)), on)


@st.composite
def pools(draw: st.DrawFn) -> Pool:
    """Up to six customers of one to three people each, with tags of all ages, words and a ledger."""
    customers = []
    contact_id = 0
    for customer_id in range(1, draw(st.integers(1, 6)) + 1):
        people, events = [], []
        for _ in range(draw(st.integers(1, 3))):
            contact_id += 1
            people.append(
                person(
                    contact_id,
                    draw(CARRIED),
                    seniority=draw(st.sampled_from(("", *SENIORITIES))),
                    words=" ".join(draw(st.lists(st.sampled_from(WORDS), max_size=6))),
                )
            )
            events += draw(st.lists(touches(contact_id), max_size=3))
        customers.append(customer(customer_id, *people, size=draw(st.sampled_from(("", *SIZES))), events=events))
    return Pool(tuple(customers))


READINGS = st.builds(
    reading,
    st.sampled_from(TAGS),
    st.sampled_from(["nice", "nice", "must", "not"]),
    confidence=st.sampled_from([1.0, 0.92, 0.6, 0.3]),
    stress=st.sampled_from([1.0, 2.0]),
)


@st.composite
def needs(draw: st.DrawFn) -> Need:
    readings = draw(st.lists(READINGS, max_size=5, unique_by=lambda each: each.tag_id))
    return need_of(*readings, text=" ".join(draw(st.lists(st.sampled_from(WORDS), max_size=3))))


@settings(max_examples=40, deadline=None)
@given(pools(), needs())
def test_terms_add_up_and_fit_lies_between_0_and_1(pool: Pool, need: Need) -> None:
    for row in rank(pool.snapshot(), need).values():
        assert sum(term.points for term in row.terms) == pytest.approx(row.score, abs=1e-9)
        assert 0.0 <= row.fit <= 1.0
        assert all(term.words and term.label for term in row.terms)
        facets = [term for term in row.terms if term.code not in ("acceptance", "fatigue")]
        assert all(0.0 <= term.points <= term.possible + 1e-9 for term in facets)
        assert sum(term.possible for term in facets) == pytest.approx(100.0 if facets else 0.0)
        assert sum(term.points for term in facets) == pytest.approx(100 * row.fit, abs=1e-9)
        assert -25.0 < row.term("fatigue").points <= 0.0
        assert abs(row.term("acceptance").points) < 20.0


@settings(max_examples=40, deadline=None)
@given(pools(), needs(), st.integers(2, 4))
def test_segments_do_not_matter(pool: Pool, need: Need, parts: int) -> None:
    """The same pool in one segment, in several, and built again gives equal figures to the last bit."""
    whole = rank(pool.snapshot(), need)
    assert rank(pool.snapshot(parts), need) == whole
    assert rank(pool.snapshot(), need) == whole


@settings(max_examples=40, deadline=None)
@given(pools(), needs(), st.randoms(use_true_random=False))
def test_order_of_tags_does_not_matter(pool: Pool, need: Need, chance: st.DataObject) -> None:
    readings = list(need.readings)
    chance.shuffle(readings)  # type: ignore[attr-defined]
    before, after = rank(pool.snapshot(), need), rank(pool.snapshot(), need.with_(readings=tuple(readings)))
    for contact_id, row in before.items():
        assert after[contact_id].score == pytest.approx(row.score, abs=1e-9)
        assert after[contact_id].broken == row.broken
        assert {term.code for term in after[contact_id].terms} == {term.code for term in row.terms}


def test_order_of_what_a_person_carries_does_not_matter() -> None:
    need = need_of(reading(BANKING), reading(LEDGER))
    orders = [list(each) for each in permutations([BANKING.id, INSURANCE.id, LEDGER.id])]
    found = rank(snapshot_of(TAGS, alone(*(person(place, each) for place, each in enumerate(orders, 1)))), need)
    assert len({row.score for row in found.values()}) == 1


@settings(max_examples=40, deadline=None)
@given(
    pools(),
    needs(),
    CARRIED,
    CARRIED,
    st.lists(st.sampled_from(WORDS), max_size=3),
    st.tuples(st.integers(0, 5), st.integers(0, 5)),
)
def test_better_in_one_facet_never_scores_lower(
    pool: Pool, need: Need, own: dict[int, TagFeature], more: dict[int, TagFeature], words: list[str],
    ranks: tuple[int, int],
) -> None:  # fmt: skip
    """Two alike, one with further tags; and two alike but for their rank, of which one is nearer to the one asked."""
    first = max(each.id for each in pool.customers) + 100
    shared = {"words": " ".join(words)}
    plain = customer(first, person(first, own, **shared), size=SIZES[0])
    richer = customer(first + 1, person(first + 1, {**more, **own}, **shared), size=SIZES[0])
    near, far = sorted(ranks, key=lambda place: abs(place - 5))
    low = customer(first + 2, person(first + 2, own, seniority=SENIORITIES[far]), size=SIZES[0])
    high = customer(first + 3, person(first + 3, own, seniority=SENIORITIES[near]), size=SIZES[0])
    found = rank(replace(pool, customers=(*pool.customers, plain, richer, low, high)).snapshot(), need)
    assert found[first + 1].fit >= found[first].fit - 1e-12
    assert found[first + 1].score >= found[first].score - 1e-9
    asked = need.with_(readings=tuple(each for each in need.readings if each.facet != "seniority"))
    chief = asked.with_(readings=(*asked.readings, reading(BANDS[-1])))
    found = rank(replace(pool, customers=(*pool.customers, low, high)).snapshot(), chief)
    assert found[first + 3].score >= found[first + 2].score


@settings(max_examples=40, deadline=None)
@given(pools(), needs(), CARRIED)
def test_facet_that_is_not_named_changes_nothing(pool: Pool, need: Need, changed: dict[int, TagFeature]) -> None:
    products = {each.id for each in PRODUCTS}
    silent = need.with_(readings=tuple(each for each in need.readings if each.tag_id not in products))

    def without(customers: tuple[CustomerFeature, ...]) -> tuple[CustomerFeature, ...]:
        """The same customers, every person's products replaced by `changed`."""
        other = {key: value for key, value in changed.items() if key in products}
        return tuple(
            replace(
                each,
                people=[
                    replace(one, tags={k: v for k, v in one.tags.items() if k not in products} | other)
                    for one in each.people
                ],
            )
            for each in customers
        )

    assert rank(pool.snapshot(), silent) == rank(Pool(without(pool.customers)).snapshot(), silent)


def test_empty_pool_and_empty_need() -> None:
    assert rank(snapshot_of(TAGS), need_of(reading(BANKING), text="fraud")) == {}
    row = rank(snapshot_of(TAGS, alone(person(1, [2]))), need_of())[1]
    assert (row.fit, row.score) == (0.0, 0.0)
    assert [term.code for term in row.terms] == ["acceptance", "fatigue"]


def test_weights_are_shares_of_what_is_named() -> None:
    need = need_of(reading(BANKING), reading(LEDGER))
    row = rank(snapshot_of(TAGS, alone(person(1, [2, 11]), person(2, [5]))), need)[1]
    weights = RankingPolicy().weights
    total = weights["industry"] + weights["product"]
    assert [term.code for term in row.terms[:2]] == ["product", "industry"], "the largest share first"
    assert row.term("product").possible == pytest.approx(100 * weights["product"] / total)
    assert row.term("industry").points == pytest.approx(100 * weights["industry"] / total)
    assert row.fit == pytest.approx(1.0)


def test_stress_counts_double_and_doubt_counts_less() -> None:
    pool = snapshot_of(TAGS, alone(person(1, [2, 11])))

    def share(*, confidence: float = 1.0, stress: float = 1.0) -> float:
        banking = reading(BANKING, confidence=confidence, stress=stress)
        return rank(pool, need_of(banking, reading(LEDGER)))[1].term("industry").possible / 100

    assert share() == pytest.approx(0.25 / 0.55)
    assert share(stress=2.0) == pytest.approx(0.5 / 0.8)
    assert share(stress=1.5) == share(), "only insisting counts double"
    assert share(confidence=0.6) == pytest.approx(0.15 / 0.45)


def rarity(count: int, frequency: int) -> float:
    """The weight of a word that so many of the people's texts hold (BM25's, never below 0)."""
    return math.log(1.0 + (count - frequency + 0.5) / (frequency + 0.5))


@pytest.mark.parametrize("is_understood", [True, False])
def test_words_weigh_by_what_they_tell_and_less_where_tags_answer_them(is_understood: bool) -> None:
    """A reading answers the words it was read in: as words they count half, and are no longer open."""
    words = ("fraud cloud", "cloud", "cloud", "branch")
    pool = snapshot_of(TAGS, alone(*(person(each, [2], words=told) for each, told in enumerate(words, 1))))
    banking = replace(reading(BANKING), start=0, end=5 if is_understood else 0)
    plan = plan_need(pool, need_of(banking, text="fraud cloud audit"))

    fraud, cloud = rarity(4, 1), rarity(4, 3)
    told = (fraud / 2 if is_understood else fraud) + cloud
    unexplained = cloud / (fraud + cloud) if is_understood else 1.0
    weight = 1.2 * (0.3 + 0.7 * unexplained) * told / (told + 10.0)
    shares = {each.code: each.share for each in plan.groups}
    assert shares == pytest.approx({"industry": 0.25 / (0.25 + weight), "text": weight / (0.25 + weight)})


def test_words_that_tags_answer_wholly_keep_their_floor() -> None:
    pool = snapshot_of(TAGS, alone(person(1, [2], words="fraud"), person(2, [2], words="cloud")))
    plan = plan_need(pool, need_of(replace(reading(BANKING), end=5), text="fraud"))
    told = rarity(2, 1) / 2
    weight = 1.2 * 0.3 * told / (told + 10.0)
    assert plan.groups[-1].share == pytest.approx(weight / (0.25 + weight))


def test_what_is_not_known_or_has_no_weight_leaves_the_rest_as_it_is() -> None:
    """A tag that has gone, and a facet that the policy weighs nothing for, before one that counts."""
    color = tag(91, "blue", "color")
    pool = snapshot_of((*TAGS, color), alone(person(1, [2, 91])))
    row = rank(pool, need_of(reading(tag(99, "gone", "region")), reading(color), reading(BANKING)))[1]
    assert [term.code for term in row.terms] == ["industry", "acceptance", "fatigue"]
    assert row.fit == pytest.approx(1.0)


@pytest.mark.parametrize("order", [[0, 1], [1, 0]])
def test_role_and_seniority_weigh_what_the_more_insisted_on_does(order: list[int]) -> None:
    pool = snapshot_of(TAGS, alone(person(1, [2, 22], seniority="vp")))
    both = [reading(ROLES[1], stress=2.0), reading(BANDS[-1])]
    row = rank(pool, need_of(reading(BANKING), *(both[each] for each in order)))[1]
    assert row.term("role").possible == pytest.approx(100 * 0.30 / 0.55)


def test_role_and_seniority_are_one_summand() -> None:
    pool = snapshot_of(TAGS, alone(person(1, [22], seniority="vp"), person(2, [21], seniority="c_level")))
    row = rank(pool, need_of(reading(ROLES[1]), reading(BANDS[-1])))[1]
    assert [term.code for term in row.terms] == ["role", "acceptance", "fatigue"]
    assert row.fit == pytest.approx(0.5 * 1.0 + 0.5 * 0.6)
    assert row.term("role").words == "Security: exact · Vice president"


def test_size_is_that_of_the_customer_and_unknown_is_near_to_none() -> None:
    sizes = ("1-50", "51-200", "201-1000", "10001+", "")
    customers = [customer(each, person(each, seniority="c_level"), size=size) for each, size in enumerate(sizes, 1)]
    found = rank(snapshot_of(TAGS, customers), need_of(reading(BANDS[0])))
    assert [found[each].fit for each in range(1, 6)] == [1.0, 0.6, 0.2, 0.0, 0.0]
    found = rank(snapshot_of(TAGS, [customer(1, person(1), size="1-50")]), need_of(reading(BANDS[-1])))
    assert found[1].fit == 0.0, "nobody knows this person's rank"


def test_weight_of_zero_takes_a_facet_out() -> None:
    policy = ProgramPolicy(ranking=RankingPolicy(weights={**RankingPolicy().weights, "industry": 0.0}))
    pool = snapshot_of(TAGS, alone(person(1, [2])), policy=policy)
    assert [term.code for term in rank(pool, need_of(reading(BANKING), reading(LEDGER)))[1].terms[:1]] == ["product"]
    assert rank(pool, need_of(reading(BANKING)))[1].fit == 0.0


def test_rare_tag_counts_more() -> None:
    crowd = [person(each, [LEDGER.id]) for each in range(3, 40)]
    pool = snapshot_of(TAGS, alone(person(1, [LEDGER.id]), person(2, [PRODUCTS[1].id]), *crowd))
    found = rank(pool, need_of(reading(LEDGER), reading(PRODUCTS[1])))
    assert found[2].fit > 0.7 > 0.3 > found[1].fit > 0


def aged(days: int, confidence: int = 100) -> TagFeature:
    return TagFeature(day_number(TODAY - timedelta(days=days)), confidence)


@pytest.mark.parametrize(
    ("feature", "weight", "words"),
    [
        (aged(0), 1.0, "Banking: exact"),
        (aged(365), 1.0, "Banking: exact"),
        (aged(366), 2 ** (-1 / 730), "Banking: exact (not verified since 2025)"),
        (aged(365 + 730), 0.5, "Banking: exact (not verified since 2023)"),
        (aged(365 + 1460), 0.25, "Banking: exact (not verified since 2021)"),
        (TagFeature(0), 1.0, "Banking: exact"),
        (aged(0, 48), 0.48, "Banking: exact (read in its stories)"),
        (aged(365 + 730, 48), 0.24, "Banking: exact (read in its stories)"),
    ],
)
def test_old_and_inferred_facts_weigh_less_and_say_so(feature: TagFeature, weight: float, words: str) -> None:
    row = rank(snapshot_of(TAGS, alone(person(1, {2: feature}), person(2))), need_of(reading(BANKING)))[1]
    assert row.fit == pytest.approx(weight)
    assert row.term("industry").words == words


def test_freshness_of_a_day_to_come_is_full() -> None:
    days = np.array([day_number(TODAY) + 9, 0])
    assert freshness(days, day_number(TODAY), RankingPolicy()).tolist() == [1.0, 1.0]


def test_fresh_neighbor_beats_what_nobody_has_verified() -> None:
    """The term names the tag that counts most, which need not be the one asked for."""
    tags = {2: aged(365 + 730 * 6), 3: aged(0)}
    pool = snapshot_of(TAGS, alone(person(1, tags), person(2, [2]), person(3, [4]), person(4, [4]), person(5, [4])))
    row = rank(pool, need_of(reading(BANKING)))[1]
    assert row.term("industry").words == "Insurance is next to Banking"
    assert row.fit > 2**-6


@pytest.mark.parametrize(
    ("accepted", "refused", "own"), [(0, 0, 0.5), (1, 0, 5 / 9), (0, 1, 4 / 9), (3, 1, 7 / 12), (0, 40, 4 / 48)]
)
def test_acceptance_is_shrunk_to_the_program(accepted: int, refused: int, own: float) -> None:
    """p̄ = ½ here: others answered so as to balance this person."""
    long_ago = TODAY - timedelta(days=4000)
    mine = [touch(1, "survey", "completed", long_ago)] * accepted + [touch(1, "survey", "declined", long_ago)] * refused
    theirs = [touch(2, "survey", "declined", long_ago)] * accepted + [touch(2, "survey", "planned", long_ago)] * refused
    pool = snapshot_of(TAGS, [customer(1, person(1), events=mine), customer(2, person(2), events=theirs)])
    term = rank(pool, need_of())[1].term("acceptance")
    assert term.points == pytest.approx(20 * (own - 0.5))
    assert term.words == (
        f"said yes {accepted} of {accepted + refused} times" if accepted + refused else "never asked before"
    )


def test_newcomer_stands_at_the_mean_of_a_willing_program() -> None:
    yes = [touch(1, "survey", "completed", TODAY - timedelta(days=4000))] * 3
    no = [touch(1, "survey", "no_answer", TODAY - timedelta(days=4000))]
    pool = snapshot_of(TAGS, [customer(1, person(1), events=[*yes, *no]), customer(2, person(2))])
    assert pool.acceptance == 0.75
    term = rank(pool, need_of())[2].term("acceptance")
    assert (term.points, term.possible) == (0.0, 5.0)


@pytest.mark.parametrize("status", ["asked", "held", "cancelled", "released"])
def test_open_and_withdrawn_asks_are_no_answers(status: str) -> None:
    events = [touch(1, "survey", status, TODAY)]
    assert rank(snapshot_of(TAGS, [customer(1, person(1), events=events)]), need_of())[1].term("acceptance").words == (
        "never asked before"
    )


def test_fatigue_takes_off_up_to_25_points() -> None:
    call = [touch(1, "call", "completed", TODAY - timedelta(days=45))]
    people = [
        customer(1, person(1), person(3), events=call),
        customer(2, person(2, sensitivity="sensitive"), events=[touch(2, "call", "completed", TODAY)]),
    ]
    found = rank(snapshot_of(TAGS, people), need_of())
    assert found[1].term("fatigue").points == pytest.approx(-25 * (1 - 2 ** (-0.5 / 2.5)))
    assert found[3].term("fatigue").points == pytest.approx(-25 * (1 - 2 ** (-0.15 / 2.5))), "spill of a colleague's"
    assert found[2].term("fatigue").points == pytest.approx(-25 * (1 - 2 ** (-1 / 1.5)))
    assert found[1].term("fatigue").words == "fresh, reference call 45 days ago"
    assert found[3].term("fatigue").words == "fresh"
    assert found[2].term("fatigue").words == "a little used, reference call 0 days ago"


def broken(pool: Snapshot, *readings: Reading) -> dict[int, set[str]]:
    found = rank(pool, need_of(*readings))
    return {contact_id: set(row.broken & {"must_have", "unwanted"}) for contact_id, row in found.items()}


def test_must_is_a_hard_filter_per_facet() -> None:
    """One of a facet's musts is enough, or a tag below it; every facet that has one must be met."""
    pool = snapshot_of(TAGS, alone(person(1, [2]), person(2, [3, 11]), person(3, [4, 11]), person(4, [2, 12])))
    lacking = {"must_have"}
    assert broken(pool, reading(INDUSTRIES[0], "must")) == {1: set(), 2: set(), 3: lacking, 4: set()}
    either = [reading(BANKING, "must"), reading(INSURANCE, "must")]
    assert broken(pool, *either) == {1: set(), 2: set(), 3: lacking, 4: set()}
    assert broken(pool, *either, reading(LEDGER, "must")) == {1: lacking, 2: set(), 3: lacking, 4: lacking}


def test_must_needs_the_very_band() -> None:
    pool = snapshot_of(
        TAGS, [customer(1, person(1), size="1-50"), customer(2, person(2)), customer(3, person(3), size="51-200")]
    )
    assert broken(pool, reading(BANDS[0], "must")) == {1: set(), 2: {"must_have"}, 3: {"must_have"}}


def test_must_needs_the_very_rank_and_a_band_that_there_is() -> None:
    odd = tag(90, "odd", "seniority")
    people = [customer(1, person(1, seniority="vp"), size="51-200"), customer(2, person(2, seniority="c_level"))]
    pool = snapshot_of((*TAGS, odd), [*people, customer(3, person(3))])
    vice = next(each for each in BANDS if each.slug == "vp")
    assert broken(pool, reading(vice, "must")) == {1: set(), 2: {"must_have"}, 3: {"must_have"}}
    assert set.union(*broken(pool, reading(vice, "not")).values()) == {"unwanted"}
    assert broken(pool, reading(odd, "must")) == {each: {"must_have"} for each in (1, 2, 3)}
    assert broken(pool, reading(odd, "not")) == {1: set(), 2: set(), 3: set()}


def test_who_may_be_asked_is_within_the_selection_and_breaks_no_rule() -> None:
    """Rules of the search come on top, and a single one can be lifted: what is told apart stays the same else."""
    pool = snapshot_of(TAGS, alone(person(1, [2]), person(2, [4]), person(3, [2]), person(4, [2])))
    (view,) = pool.views
    plan = plan_need(pool, need_of(reading(BANKING, "must")))
    conditions = conditions_of(view.segment, "call", TODAY, now=NOW, policy=pool.policy)
    within = np.array([True, True, True, False])
    scored = score_people(plan, view, conditions, pool, today=TODAY, within=within)
    assert (scored.eligible.tolist(), scored.barred.tolist()) == (
        [True, False, True, False],
        [False, True, False, False],
    )
    assert scored.misses_brief.tolist() == [False, True, False, False]

    conflict = scored.with_rules({"conflict": np.array([True, False, False, False])})
    assert conflict.eligible.tolist() == [False, False, True, False]
    assert conflict.barred.tolist() == [True, True, False, False]
    assert set(conflict.broken) == {*scored.broken, "conflict"}
    assert conflict.score is scored.score

    eased = conflict.without_rule("must_have")
    assert eased.eligible.tolist() == [False, True, True, False]
    assert eased.misses_brief.tolist() == [False] * 4
    assert set(eased.broken) == set(conflict.broken) - {"must_have"}


def test_not_excludes_a_tag_and_all_below_and_scores_nothing() -> None:
    pool = snapshot_of(TAGS, alone(person(1, [2]), person(2, [4]), person(3)))
    assert broken(pool, reading(INDUSTRIES[0], "not")) == {1: {"unwanted"}, 2: set(), 3: set()}
    assert broken(pool, reading(BANKING, "not"), reading(INSURANCE, "not"))[1] == {"unwanted"}
    found = rank(pool, need_of(reading(INDUSTRIES[0], "not")))
    assert {row.fit for row in found.values()} == {0.0}


def test_not_excludes_nobody_for_what_was_read_in_passing() -> None:
    """Confidence 74 is unsure, 75 is not; a must is met by either, and a band is always sure."""
    pool = snapshot_of(
        TAGS, alone(person(1, {2: aged(0, 74)}), person(2, {2: aged(0, 75)}), person(3, {2: aged(900)}), person(4))
    )
    assert broken(pool, reading(BANKING, "not")) == {1: set(), 2: {"unwanted"}, 3: {"unwanted"}, 4: set()}
    assert broken(pool, reading(BANKING, "must")) == {1: set(), 2: set(), 3: set(), 4: {"must_have"}}


def test_unsure_demands_are_wishes_only() -> None:
    pool = snapshot_of(TAGS, alone(person(1, [2]), person(2, [4])))
    unsure = [reading(BANKING, "must", confidence=0.7), reading(INDUSTRIES[3], "not", confidence=0.7)]
    assert broken(pool, *unsure) == {1: set(), 2: set()}
    found = rank(pool, need_of(*unsure))
    assert found[1].fit > found[2].fit


def test_content_is_asked_for_neither_rank_nor_size() -> None:
    need = need_of(reading(BANDS[0]), reading(BANDS[-1]), reading(ROLES[0]), reading(BANKING))
    pool = snapshot_of(TAGS, alone(person(1, [2])))
    assert [group.code for group in plan_need(pool, need, "content").groups] == ["industry"]
    assert {group.code for group in plan_need(pool, need).groups} == {"industry", "role", "size"}


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.tuples(st.integers(1, 400), st.integers(1, 12), st.integers(0, 5), st.booleans()), max_size=60),
    st.integers(0, 8),
    st.integers(1, 3),
)
def test_best_of_different_customers_ties_by_id(rows: list[tuple[int, int, int, bool]], limit: int, parts: int) -> None:
    unique = list({each[0]: each for each in rows}.values())
    groups = [unique[part::parts] for part in range(parts)]
    columns = [tuple(zip(*group, strict=True)) if group else ((), (), (), ()) for group in groups]
    found = choose_best(
        [np.array(column[2], dtype=np.float64) for column in columns],
        [np.array(column[3], dtype=bool) for column in columns],
        [np.array(column[0], dtype=np.int64) for column in columns],
        [np.array(column[1], dtype=np.int64) for column in columns],
        limit=limit,
    )
    expected: dict[int, int] = {}
    for identity, owner, _score, is_chosen in sorted(unique, key=lambda each: (-each[2], each[0])):
        if is_chosen and len(expected) < limit:
            expected.setdefault(owner, identity)
    assert [hit.id for hit in found] == list(expected.values())
    assert all(groups[hit.part][hit.row][0] == hit.id for hit in found)


def test_best_looks_on_where_one_customer_fills_the_top() -> None:
    score = np.array([9.0] * 200 + [1.0, 2.0])
    ids = np.arange(202)
    customers = np.array([7] * 200 + [8, 9])
    found = choose_best([score], [np.ones(202, dtype=bool)], [ids], [customers], limit=3)
    assert [(hit.id, hit.customer, hit.score) for hit in found] == [(0, 7, 9.0), (201, 9, 2.0), (200, 8, 1.0)]


def test_day_of_the_engagement_decides_fatigue() -> None:
    pool = snapshot_of(TAGS, [customer(1, person(1), events=[touch(1, "call", "completed", TODAY)])])

    def points(on: date) -> float:
        return rank(pool, need_of(), on=on)[1].term("fatigue").points

    assert points(TODAY + timedelta(days=90)) == pytest.approx(-25 * (1 - 2 ** (-0.25 / 2.5)))
    assert points(TODAY) < points(TODAY + timedelta(days=1)) < 0
