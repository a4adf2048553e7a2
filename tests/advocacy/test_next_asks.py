"""The next best ask: each rule by example, the order, and that no score or mood can enter."""

from dataclasses import fields, replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advocacy.next_asks import (
    MOMENTS,
    OWN_ACTS,
    AskCard,
    Done,
    Moment,
    Standing,
    broken_rules,
    suggest_asks,
)
from references.activities import ACTIVITIES, BY_CODE, CODES

TODAY = date(2026, 6, 15)
ALL = frozenset(CODES)
WILLING = Standing(activities=ALL, consents=ALL)


def day(offset: int) -> date:
    return TODAY + timedelta(days=offset)


def card(activity: str = "share", number: int = 1, **given: Any) -> AskCard:
    known = BY_CODE[activity]
    return AskCard(**{"id": number, "activity": activity, "rung": known.rung, "effort": known.effort, **given})


def codes(ask: AskCard, standing: Standing) -> list[tuple[str, date | None]]:
    return [(rule.code, rule.until) for rule in broken_rules(ask, standing, today=TODAY)]


offsets = st.integers(-400, 200).map(day)
standings = st.builds(
    Standing,
    activities=st.frozensets(st.sampled_from(CODES)),
    consents=st.frozensets(st.sampled_from(CODES)),
    withdrawn=st.frozensets(st.sampled_from(CODES), max_size=3),
    highest_rung=st.integers(0, 8),
    done=st.dictionaries(st.sampled_from(CODES), st.builds(Done, st.integers(1, 5), offsets), max_size=4),
    done_asks=st.dictionaries(st.integers(1, 6), st.builds(Done, st.integers(1, 5), offsets), max_size=3),
    last_asks=st.dictionaries(st.integers(1, 6), offsets, max_size=3),
    open_asks=st.frozensets(st.integers(1, 6), max_size=2),
    declines=st.dictionaries(st.sampled_from(CODES), offsets, max_size=3),
    sites_asked=st.frozensets(st.sampled_from(["1", "2"])),
    last_asked_on=st.none() | offsets,
    is_paused=st.booleans(),
    paused_until=st.none() | offsets,
    blackouts=st.lists(st.tuples(offsets, st.integers(0, 60)), max_size=3).map(
        lambda rows: tuple((start, start + timedelta(days=days)) for start, days in rows)
    ),
    free_from=st.dictionaries(st.sampled_from(CODES), st.none() | offsets, max_size=4),
    fatigue=st.floats(0, 0.99),
    moments=st.lists(st.builds(Moment, offsets, st.sampled_from(sorted(MOMENTS))), max_size=3).map(tuple),
)
ladders = st.lists(
    st.builds(
        lambda activity, number, cool, site: card(activity, number, cool_down_days=cool, site=site),
        st.sampled_from(CODES),
        st.integers(1, 6),
        st.sampled_from([0, 30, 365]),
        st.sampled_from(["", "", "1", "2"]),
    ),
    max_size=6,
    unique_by=lambda ask: ask.id,
)


@pytest.mark.parametrize(
    ("ask", "changes", "expected"),
    [
        (card(), {}, []),
        (card("survey"), {}, []),
        (card(), {"has_opted_out": True}, [("opted_out", None)]),
        (card(), {"is_active": False}, [("not_active", None)]),
        (card(), {"is_referenceable": False}, [("not_referenceable", None)]),
        (card(), {"has_escalation": True}, [("escalation", None)]),
        (card("review"), {"is_referenceable": False, "has_escalation": True, "highest_rung": 2}, []),
        (card(), {"is_active": False, "is_paused": True}, [("paused", None)]),
        (card(), {"is_paused": True, "paused_until": day(3)}, [("paused", day(3))]),
        (card(), {"is_paused": True, "paused_until": TODAY}, []),
        (card(), {"blackouts": ((day(-2), TODAY),)}, [("blackout", day(1))]),
        (card(), {"blackouts": ((day(-2), None),)}, [("blackout", None)]),
        (card(), {"blackouts": ((day(1), day(9)), (day(-9), day(-1)))}, []),
        (card(is_active=False), {}, [("not_offered", None)]),
        (card(), {"activities": frozenset({"call"})}, [("not_agreed", None)]),
        (card(), {"consents": frozenset()}, []),
        (card(), {"withdrawn": frozenset({"share"})}, [("consent_withdrawn", None)]),
        (card("logo"), {"highest_rung": 1, "consents": frozenset()}, [("no_consent", None)]),
        (card("logo"), {"highest_rung": 0}, [("too_high", None)]),
        (card("logo"), {"highest_rung": 1}, []),
        (card("call"), {"highest_rung": 2}, [("too_high", None)]),
        (card("call"), {"highest_rung": 8}, []),
        (card(), {"open_asks": frozenset({1})}, [("already_open", None)]),
        (card(), {"open_asks": frozenset({2})}, []),
        (card("review", site="7"), {"highest_rung": 3, "sites_asked": frozenset({"7"})}, [("site_asked", None)]),
        (card("review", site="7"), {"highest_rung": 3, "sites_asked": frozenset({"8"})}, []),
        (card(), {"declines": {"share": day(-90)}}, [("declined_lately", day(1))]),
        (card(), {"declines": {"share": day(-91)}}, []),
        (card(), {"declines": {"call": day(-1)}}, []),
        (card(), {"ask_declines": {1: day(-30)}}, [("declined_lately", day(61))]),
        (card(), {"ask_declines": {1: day(-80)}, "declines": {"share": day(-5)}}, [("declined_lately", day(86))]),
        (card(cool_down_days=30), {"last_asks": {1: day(-30)}}, [("cooling_down", day(1))]),
        (card(cool_down_days=30), {"last_asks": {1: day(-31)}}, []),
        (card(cool_down_days=30), {"done_asks": {1: Done(2, day(-3))}}, [("cooling_down", day(28))]),
        (card(cool_down_days=30), {"last_asks": {2: day(-1)}}, []),
        (card(cool_down_days=0), {"last_asks": {1: TODAY}}, []),
        (card(), {"free_from": {"share": day(4)}}, [("resting", day(4))]),
        (card(), {"free_from": {"share": TODAY, "call": day(9)}}, []),
        (card(), {"free_from": {"share": None}}, [("not_free", None)]),
    ],
)
def test_rules(ask: AskCard, changes: dict[str, Any], expected: list[tuple[str, date | None]]) -> None:
    assert codes(ask, replace(WILLING, **changes)) == expected


def test_whoever_has_done_nothing_begins_on_the_first_rung() -> None:
    asks = [card(activity.code, place) for place, activity in enumerate(ACTIVITIES)]
    found = suggest_asks(asks, WILLING, today=TODAY)
    assert [each.ask.activity for each in found.suggestions] == ["share", "survey"]


def test_next_day_waits_for_every_rule_and_past_days_of_quiet() -> None:
    standing = replace(
        WILLING, declines={"share": day(-80)}, free_from={"share": day(20)}, blackouts=((day(15), day(25)),)
    )
    refusal = suggest_asks([card()], standing, today=TODAY).refusals[0]
    assert [rule.code for rule in refusal.rules] == ["declined_lately", "resting"]
    assert refusal.next_on == day(26)


def test_next_day_is_unknown_where_one_rule_never_passes_by_itself() -> None:
    standing = replace(WILLING, free_from={"share": day(20)}, has_opted_out=True)
    refusal = suggest_asks([card()], standing, today=TODAY).refusals[0]
    assert refusal.next_on is None
    assert refusal.rules[0].code == "opted_out"


def test_refusals_come_in_the_order_in_which_they_pass() -> None:
    asks = [card("call", 1), card("share", 2), card("survey", 3)]
    standing = replace(WILLING, free_from={"share": day(9), "survey": day(2)})
    found = suggest_asks(asks, standing, today=TODAY)
    assert [(each.ask.id, each.next_on) for each in found.refusals] == [(3, day(2)), (2, day(9)), (1, None)]


def test_order_is_next_rung_then_same_then_lower() -> None:
    asks = [card("share", 1), card("quote", 2), card("review", 3)]
    done = {code: Done(1, day(-300)) for code in ("share", "quote", "review")}
    found = suggest_asks(asks, replace(WILLING, highest_rung=2, done=done), today=TODAY)
    assert [(each.ask.id, each.reasons[0].code) for each in found.suggestions] == [
        (3, "one_up"), (2, "same_rung"), (1, "lower_rung"),
    ]  # fmt: skip


def test_ties_go_to_the_lower_id() -> None:
    found = suggest_asks([card(number=5), card(number=2), card(number=9)], WILLING, today=TODAY)
    assert [each.ask.id for each in found.suggestions] == [2, 5, 9]
    assert found.best is found.suggestions[0]
    assert suggest_asks([], WILLING, today=TODAY).best is None


def test_moment_comes_first_and_fades() -> None:
    weights = []
    for ago in (0, 1, 30):
        best = suggest_asks([card()], replace(WILLING, moments=(Moment(day(-ago), "renewal"),)), today=TODAY).best
        assert best is not None
        assert best.follows_moment
        weights.append(best.weight)
    assert weights == sorted(set(weights), reverse=True)
    for moment in (Moment(day(-31), "renewal"), Moment(day(1), "renewal")):
        best = suggest_asks([card()], replace(WILLING, moments=(moment,)), today=TODAY).best
        assert best is not None
        assert not best.follows_moment


def test_person_after_a_moment_ranks_before_a_rested_one() -> None:
    after = replace(WILLING, moments=(Moment(day(-29), "result"),), fatigue=0.6, last_asked_on=day(-1), highest_rung=1)
    one = suggest_asks([card()], after, today=TODAY).best
    other = suggest_asks([card()], WILLING, today=TODAY).best
    assert one is not None
    assert other is not None
    assert one.weight < other.weight
    assert sorted([other, one], key=lambda each: each.rank) == [one, other]


def test_light_asks_weigh_less_on_the_tired() -> None:
    tired = replace(WILLING, highest_rung=4, fatigue=0.5)
    by_code = {
        each.ask.activity: reason.weight
        for each in suggest_asks([card("call", 1), card("share", 2)], tired, today=TODAY).suggestions
        for reason in each.reasons
        if reason.code == "fatigue"
    }
    assert by_code == {"call": -12.5, "share": pytest.approx(-2.5)}


def test_effort_beyond_one_weighs_as_one() -> None:
    best = suggest_asks([card("speaking")], replace(WILLING, highest_rung=7, fatigue=0.4), today=TODAY).best
    assert best is not None
    assert best.reasons[-1].weight == pytest.approx(-10)


def test_never_asked_are_found_and_lately_asked_wait() -> None:
    def weight(asked: date | None) -> float:
        best = suggest_asks([card()], replace(WILLING, last_asked_on=asked), today=TODAY).best
        assert best is not None
        return best.weight

    assert weight(TODAY) < weight(day(-10)) < weight(day(-300)) < weight(day(-365)) == weight(day(-900)) == weight(None)


def test_reasons_are_told() -> None:
    standing = replace(WILLING, moments=(Moment(day(-2), "renewal"),), last_asked_on=day(-40))
    best = suggest_asks([card()], standing, today=TODAY).best
    assert best is not None
    assert [reason.text for reason in best.reasons] == [
        "Their renewal came round, 2 days ago.",
        "The next rung: 1 after 0.",
        "Shared post: they have not done this yet.",
        "Last asked 40 days ago.",
    ]


# No review gating


def test_nothing_here_knows_a_score_a_class_or_a_mood() -> None:
    names = {each.name for kind in (Standing, AskCard, Moment) for each in fields(kind)} | set(MOMENTS)
    words = (
        "nps",
        "score",
        "loyal",
        "promoter",
        "detractor",
        "passive",
        "sentiment",
        "mood",
        "health",
        "rating",
        "stars",
    )
    assert not [name for name in names for word in words if word in name]


@pytest.mark.parametrize("kind", ["nps", "promoter", "praise", ""])
def test_moment_of_any_other_kind_is_refused(kind: str) -> None:
    with pytest.raises(ValueError, match="No moment"):
        Moment(TODAY, kind)


@given(standings, st.lists(st.builds(Moment, offsets, st.sampled_from(sorted(MOMENTS))), max_size=4).map(tuple))
def test_review_is_judged_without_regard_to_moments(standing: Standing, moments: tuple[Moment, ...]) -> None:
    asks = [card("review")]
    assert suggest_asks(asks, replace(standing, moments=moments), today=TODAY) == suggest_asks(
        asks, replace(standing, moments=()), today=TODAY
    )


# Properties


@given(ladders, standings)
def test_every_ask_is_suggested_or_refused_and_reasons_add_up(asks: list[AskCard], standing: Standing) -> None:
    found = suggest_asks(asks, standing, today=TODAY)
    given_back = [each.ask.id for each in found.suggestions] + [each.ask.id for each in found.refusals]
    assert sorted(given_back) == sorted(ask.id for ask in asks)
    for suggestion in found.suggestions:
        assert suggestion.weight == pytest.approx(sum(reason.weight for reason in suggestion.reasons))
        assert suggestion.ask.rung <= standing.highest_rung + 1
        assert suggestion.ask.activity in standing.activities - standing.withdrawn
        assert suggestion.ask.activity in OWN_ACTS | standing.consents
        assert suggestion.ask.site not in standing.sites_asked
    for refusal in found.refusals:
        assert refusal.rules
        assert all(rule.text and (rule.until is None or rule.until > TODAY) for rule in refusal.rules)


@given(ladders, standings)
def test_next_day_keeps_its_word(asks: list[AskCard], standing: Standing) -> None:
    for refusal in suggest_asks(asks, standing, today=TODAY).refusals:
        if refusal.next_on is not None:
            assert not broken_rules(refusal.ask, standing, today=refusal.next_on)


@given(ladders, standings)
def test_order_of_asks_does_not_matter(asks: list[AskCard], standing: Standing) -> None:
    assert suggest_asks(asks, standing, today=TODAY) == suggest_asks(asks[::-1], standing, today=TODAY)
