"""Badges: what each is given for, and that more never loses one."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advocacy.badge_rules import RULES, BadgeTerms, Record, earned_badges, measure_badges, years_since
from advocacy.enums import BadgeRule
from references.activities import CODES

TODAY = date(2026, 6, 15)
RECORD = Record({"call": 3, "quote": 1, "video": 0}, 4, 2, date(2023, 6, 16))


def test_rules_are_those_of_the_rows() -> None:
    assert list(RULES) == BadgeRule.values


@pytest.mark.parametrize(
    ("terms", "have", "is_earned", "text"),
    [
        (BadgeTerms(1, "first_act", 5, "call"), 3, True, "For the first of its kind: Reference call."),
        (BadgeTerms(1, "first_act", 1, "video"), 0, False, "For the first of its kind: Video testimonial."),
        (BadgeTerms(1, "first_act"), 4, True, "For a first act."),
        (BadgeTerms(1, "acts", 4), 4, True, "For 4 acts."),
        (BadgeTerms(1, "acts", 5), 4, False, "For 5 acts."),
        (BadgeTerms(1, "acts", 4, "call"), 3, False, "Reference call, 4 times."),
        (BadgeTerms(1, "kinds", 2), 2, True, "For 2 different kinds of acts."),
        (BadgeTerms(1, "kinds", 3), 2, False, "For 3 different kinds of acts."),
        (BadgeTerms(1, "rung", 4), 4, True, "For reaching rung 4."),
        (BadgeTerms(1, "rung", 5), 4, False, "For reaching rung 5."),
        (BadgeTerms(1, "referrals_won", 1), 2, True, "For 1 referral won."),
        (BadgeTerms(1, "referrals_won", 3), 2, False, "For 3 referrals won."),
        (BadgeTerms(1, "years", 2), 2, True, "For 2 years with us."),
        (BadgeTerms(1, "years", 3), 2, False, "For 3 years with us."),
    ],
)
def test_badges(terms: BadgeTerms, have: int, is_earned: bool, text: str) -> None:
    (found,) = measure_badges([terms], RECORD, today=TODAY)
    assert (found.have, found.is_earned, found.text) == (have, is_earned, text)
    assert earned_badges([terms], RECORD, today=TODAY) == ((found,) if is_earned else ())


def test_nobody_without_a_first_day_has_years() -> None:
    assert measure_badges([BadgeTerms(1, "years")], Record(), today=TODAY)[0].have == 0


@pytest.mark.parametrize(
    ("start", "today", "years"),
    [
        (date(2024, 2, 29), date(2025, 2, 28), 0),
        (date(2024, 2, 29), date(2025, 3, 1), 1),
        (date(2024, 2, 29), date(2028, 2, 29), 4),
        (date(2026, 6, 15), TODAY, 0),
        (date(2025, 6, 15), TODAY, 1),
        (date(2027, 1, 1), TODAY, 0),
    ],
)
def test_whole_years(start: date, today: date, years: int) -> None:
    assert years_since(start, today) == years


@pytest.mark.parametrize(("rule", "count", "activity"), [("score", 1, ""), ("acts", 0, ""), ("acts", 1, "dancing")])
def test_terms_that_make_no_sense_are_refused(rule: str, count: int, activity: str) -> None:
    with pytest.raises(ValueError, match=r"badge|activity"):
        BadgeTerms(1, rule, count, activity)


@given(
    st.sampled_from(RULES), st.integers(1, 6), st.sampled_from(["", *CODES]),
    st.dictionaries(st.sampled_from(CODES), st.integers(0, 4)), st.sampled_from(CODES),
)  # fmt: skip
def test_one_act_more_never_loses_a_badge(
    rule: str, count: int, activity: str, acts: dict[str, int], more: str
) -> None:
    terms = BadgeTerms(1, rule, count, activity)
    before = measure_badges([terms], Record(acts), today=TODAY)[0]
    after = measure_badges([terms], Record({**acts, more: acts.get(more, 0) + 1}), today=TODAY)[0]
    assert after.have >= before.have
