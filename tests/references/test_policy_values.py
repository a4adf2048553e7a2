"""A policy as values: what is kept of it reads back as the same policy, and differences name every changed setting."""

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from references.policy import ProgramPolicy
from references.policy_values import Difference, diff_policies, differing_values, flat_settings, settings_of
from references.program import merge_policy

CHANGES: dict[str, Any] = {
    "caps": {"per_year": 4},
    "ranking": {"weights": {"product": 0.5}, "band_similarity": [1, 0.5]},
    "approvals": [{"approvers": "none", "why": "Because."}],
    "service": {"weekdays": [6, 0], "holidays": ["2026-12-25"]},
    "show_customer_name": False,
}
SOME = st.sets(st.sampled_from(sorted(CHANGES))).map(lambda keys: {key: CHANGES[key] for key in keys})


def test_defaults_keep_nothing() -> None:
    assert differing_values(ProgramPolicy()) == {}
    assert diff_policies(ProgramPolicy(), ProgramPolicy()) == ()


def test_only_what_differs_is_kept() -> None:
    policy = merge_policy({"caps": {"per_year": 4, "per_quarter": 2}, "ranking": {"weights": {"product": 0.3}}})
    assert differing_values(policy) == {"caps": {"per_year": 4}}


def test_differences_have_dotted_keys_and_plain_values() -> None:
    found = diff_policies(ProgramPolicy(), merge_policy(CHANGES))
    assert [each.key for each in found] == [
        "caps.per_year",
        "ranking.weights.product",
        "ranking.band_similarity",
        "approvals",
        "service.weekdays",
        "service.holidays",
        "show_customer_name",
    ]
    assert found[0] == Difference("caps.per_year", 6, 4)
    assert found[3].after[0]["approvers"] == "none"
    assert found[4].after == [0, 6]


@given(SOME)
def test_what_is_kept_reads_back_as_the_same_policy(values: dict[str, Any]) -> None:
    policy = merge_policy(values)
    kept = json.loads(json.dumps(differing_values(policy)))
    assert merge_policy(kept) == policy
    assert merge_policy(json.loads(json.dumps(settings_of(policy)))) == policy
    assert bool(kept) == bool(values)


@given(SOME, SOME)
def test_differences_turned_around_are_the_same_ones(first: dict[str, Any], second: dict[str, Any]) -> None:
    before, after = merge_policy(first), merge_policy(second)
    there, back = diff_policies(before, after), diff_policies(after, before)
    assert [(each.key, each.after, each.before) for each in there] == [
        (each.key, each.before, each.after) for each in back
    ]
    assert {each.key for each in there} <= set(flat_settings(before))
