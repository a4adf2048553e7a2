"""Reading the policy: defaults, what a version changes, and strictness."""

from dataclasses import asdict
from typing import Any

import pytest

from references.errors import DomainError
from references.policy import ProgramPolicy
from references.program import current_policy, merge_policy
from tests.factories import make_policy


@pytest.mark.django_db
def test_current_policy_without_versions_is_the_defaults() -> None:
    assert current_policy() == ProgramPolicy()


@pytest.mark.django_db
def test_current_policy_is_the_newest() -> None:
    make_policy({"hold_hours": 24})
    make_policy({"fatigue": {"half_life": 30, "status_weights": {"asked": 0.1}}, "show_customer_name": False})
    policy = current_policy()
    assert (policy.version, policy.hold_hours, policy.show_customer_name) == (2, 72, False)
    assert (policy.fatigue.half_life, policy.fatigue.status_weights["asked"]) == (30.0, 0.1)
    assert policy.fatigue.status_weights["completed"] == 1.0


def test_merge_policy_of_all_defaults_is_the_defaults() -> None:
    values = {key: value for key, value in asdict(ProgramPolicy()).items() if key != "version"}
    assert merge_policy(values) == ProgramPolicy()


@pytest.mark.parametrize(
    "values, code, field",
    [
        ({"colour": 1}, "unknown_setting", "colour"),
        ({"version": 1}, "unknown_setting", "version"),
        ({"caps": {"x": 1}}, "unknown_setting", "caps.x"),
        ({"ranking": {"weights": {"mood": 1}}}, "unknown_setting", "ranking.weights.mood"),
        ({"caps": 3}, "wrong_setting", "caps"),
        ({"caps": {"per_year": 1.5}}, "wrong_setting", "caps.per_year"),
        ({"caps": {"per_year": True}}, "wrong_setting", "caps.per_year"),
        ({"caps": {"per_year": "6"}}, "wrong_setting", "caps.per_year"),
        ({"caps": {"per_year": -1}}, "wrong_setting", "caps.per_year"),
        ({"hold_hours": float("nan")}, "wrong_setting", "hold_hours"),
        ({"show_customer_name": 1}, "wrong_setting", "show_customer_name"),
        ({"fatigue": {"half_life": 0}}, "wrong_setting", "fatigue.half_life"),
        ({"fatigue": {"stop": 0.4}}, "wrong_setting", "fatigue.stop"),
        ({"fatigue": {"spill": 2}}, "wrong_setting", "fatigue.spill"),
        ({"ranking": {"band_similarity": []}}, "wrong_setting", "ranking.band_similarity"),
        ({"ranking": {"band_similarity": 1}}, "wrong_setting", "ranking.band_similarity"),
        ({"ranking": {"acceptance_default": 2}}, "wrong_setting", "ranking.acceptance_default"),
        ({"ranking": {"stale_half_life": 0}}, "wrong_setting", "ranking.stale_half_life"),
        (
            {"ranking": {"weights": dict.fromkeys(ProgramPolicy().ranking.weights, 0)}},
            "wrong_setting",
            "ranking.weights",
        ),
    ],
)
def test_merge_policy_refuses(values: dict[str, Any], code: str, field: str) -> None:
    with pytest.raises(DomainError) as refusal:
        merge_policy(values)
    assert (refusal.value.code, refusal.value.field) == (code, field)
