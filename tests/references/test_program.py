"""Reading the policy: defaults, what a version changes, and strictness."""

from dataclasses import asdict
from typing import Any

import pytest

from references.errors import DomainError
from references.policy import ApprovalRule, ProgramPolicy
from references.program import current_policy, merge_policy
from tests.factories import make_policy

RULE = {"approvers": "owner"}


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
        ({"ranking": {"explore_points": "5"}}, "wrong_setting", "ranking.explore_points"),
        ({"caps": {"rest_days": 3651}}, "wrong_setting", "caps.rest_days"),
        ({"hold_hours": 0}, "wrong_setting", "hold_hours"),
        ({"hold_hours": 2001}, "wrong_setting", "hold_hours"),
        ({"service": {"time_zone": "Mars/Olympus"}}, "wrong_setting", "service.time_zone"),
        ({"service": {"time_zone": 1}}, "wrong_setting", "service.time_zone"),
        ({"service": {"opens": "9"}}, "wrong_setting", "service.opens"),
        ({"service": {"opens": "16:01"}}, "wrong_setting", "service.closes"),
        ({"service": {"closes": "25:00"}}, "wrong_setting", "service.closes"),
        ({"service": {"weekdays": []}}, "wrong_setting", "service.weekdays"),
        ({"service": {"weekdays": [7]}}, "wrong_setting", "service.weekdays"),
        ({"service": {"weekdays": [0.5]}}, "wrong_setting", "service.weekdays"),
        ({"service": {"holidays": ["2026-02-30"]}}, "wrong_setting", "service.holidays"),
        ({"service": {"holidays": ["20260201"]}}, "wrong_setting", "service.holidays"),
        ({"service": {"holidays": "2026-02-01"}}, "wrong_setting", "service.holidays"),
        ({"service": {"holidays": ["2026-02-01"] * 501}}, "wrong_setting", "service.holidays"),
        ({"service": {"answer_hours": 0}}, "wrong_setting", "service.answer_hours"),
        ({"service": {"remind_before_hours": 1.5}}, "wrong_setting", "service.remind_before_hours"),
        ({"service": {"invitation_days": 0}}, "wrong_setting", "service.invitation_days"),
        ({"service": {"people_per_slot": 0}}, "wrong_setting", "service.people_per_slot"),
        ({"approvals": {}}, "wrong_setting", "approvals"),
        ({"approvals": ["owner"]}, "wrong_setting", "approvals.0"),
        ({"approvals": [{}]}, "wrong_setting", "approvals.0.approvers"),
        ({"approvals": [{"approvers": "nobody"}]}, "wrong_setting", "approvals.0.approvers"),
        ({"approvals": [RULE, {**RULE, "mood": 1}]}, "unknown_setting", "approvals.1.mood"),
        ({"approvals": [{**RULE, "activities": ["dance"]}]}, "wrong_setting", "approvals.0.activities"),
        ({"approvals": [{**RULE, "activities": "call"}]}, "wrong_setting", "approvals.0.activities"),
        ({"approvals": [{**RULE, "tiers": ["gold"]}]}, "wrong_setting", "approvals.0.tiers"),
        ({"approvals": [{**RULE, "bands": ["stop"]}]}, "wrong_setting", "approvals.0.bands"),
        ({"approvals": [{**RULE, "min_value": 5, "max_value": 5}]}, "wrong_setting", "approvals.0.max_value"),
        ({"approvals": [{**RULE, "min_value": None}]}, "wrong_setting", "approvals.0.min_value"),
        ({"approvals": [{**RULE, "why": "x" * 301}]}, "wrong_setting", "approvals.0.why"),
        ({"approvals": [{**RULE, "why": "\0"}]}, "wrong_setting", "approvals.0.why"),
        ({"approvals": [RULE] * 51}, "wrong_setting", "approvals"),
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


def test_merge_policy_takes_lists_whole() -> None:
    rule = {"approvers": "both", "activities": ["call"], "min_value": 5, "max_value": None, "why": "Because."}
    policy = merge_policy({"approvals": [rule], "service": {"weekdays": [6], "holidays": ["2026-12-25"]}})
    assert policy.approvals == (ApprovalRule("both", activities=("call",), min_value=5.0, why="Because."),)
    assert (policy.service.weekdays, policy.service.holidays) == ((6,), ("2026-12-25",))
    assert policy.service.closes == "17:00"


def test_merge_policy_puts_choices_in_order() -> None:
    rule = {**RULE, "activities": ["quote", "survey", "quote"], "bands": ["soft", "fresh"]}
    policy = merge_policy(
        {"approvals": [rule], "service": {"weekdays": [3, 1, 3], "holidays": ["2026-12-26", "2026-12-25"]}}
    )
    assert (policy.approvals[0].activities, policy.approvals[0].bands) == (("survey", "quote"), ("fresh", "soft"))
    assert (policy.service.weekdays, policy.service.holidays) == ((1, 3), ("2026-12-25", "2026-12-26"))


def test_merge_policy_may_have_no_rules_and_stay_open_all_day() -> None:
    policy = merge_policy({"approvals": [], "service": {"opens": "00:00", "closes": "24:00"}})
    assert (policy.approvals, policy.service.closes) == ((), "24:00")
