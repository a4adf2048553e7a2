"""Whose yes is needed: the shipped rules by example, and what no rule may skip."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.approval_rules import Needed, needed_approvals
from references.activities import CODES
from references.enums import Tier
from references.policy import ApprovalRule, ProgramPolicy
from references.policy_ranges import APPROVAL_BANDS, APPROVERS, check_ranges

CALL: dict[str, Any] = {
    "policy": ProgramPolicy(),
    "activity": "call",
    "tier": "standard",
    "band": "fresh",
    "deal_value": None,
    "has_owner": True,
    "requester_is_owner": False,
    "requester_is_manager": False,
    "overridden": False,
}
FLAGS = {name: st.booleans() for name in ("requester_is_manager", "overridden")}
QUESTIONS = st.fixed_dictionaries(
    {
        **FLAGS,
        "activity": st.sampled_from(CODES),
        "tier": st.sampled_from(Tier.values),
        "band": st.sampled_from([*APPROVAL_BANDS, "stop"]),
        "deal_value": st.none() | st.decimals(0, 10_000_000, places=2),
        "has_owner": st.just(True),
        "requester_is_owner": st.booleans(),
    }
) | st.fixed_dictionaries(
    {
        **FLAGS,
        "activity": st.sampled_from(CODES),
        "tier": st.sampled_from(Tier.values),
        "band": st.sampled_from([*APPROVAL_BANDS, "stop"]),
        "deal_value": st.none() | st.decimals(0, 10_000_000, places=2),
        "has_owner": st.just(False),
        "requester_is_owner": st.just(False),
    }
)
RULES = st.builds(
    ApprovalRule,
    approvers=st.sampled_from(APPROVERS),
    activities=st.lists(st.sampled_from(CODES), max_size=3).map(tuple),
    tiers=st.lists(st.sampled_from(Tier.values), max_size=2).map(tuple),
    bands=st.lists(st.sampled_from(APPROVAL_BANDS), max_size=2).map(tuple),
    min_value=st.sampled_from([0.0, 1_000_000.0]),
    why=st.sampled_from(["", "Because."]),
)


def steps(**changes: Any) -> list[str]:
    return [each.step for each in needed_approvals(**{**CALL, **changes})]


def policy_of(*rules: ApprovalRule) -> ProgramPolicy:
    return ProgramPolicy(approvals=rules)


@pytest.mark.parametrize(
    "changes, wanted",
    [
        ({}, ["owner"]),
        ({"activity": "speaking"}, ["owner", "manager"]),
        ({"activity": "quote"}, ["manager"]),
        ({"activity": "referral"}, ["owner"]),
        ({"tier": "strategic"}, ["owner", "manager"]),
        ({"tier": "strategic", "activity": "quote"}, ["owner", "manager"]),
        ({"deal_value": Decimal("999999.99")}, ["owner"]),
        ({"deal_value": Decimal("1000000")}, ["owner", "manager"]),
        ({"band": "soft"}, ["owner"]),
        ({"band": "approval"}, ["owner", "manager"]),
        ({"band": "stop"}, ["owner", "manager"]),
        ({"overridden": True}, ["owner", "manager"]),
        ({"has_owner": False}, ["manager"]),
        ({"requester_is_owner": True}, []),
        ({"requester_is_owner": True, "activity": "speaking"}, ["manager"]),
        ({"requester_is_manager": True}, ["owner"]),
        ({"requester_is_manager": True, "activity": "quote"}, []),
        ({"requester_is_manager": True, "band": "approval"}, ["owner"]),
        ({"requester_is_manager": True, "has_owner": False}, []),
    ],
)
def test_needed_approvals_under_the_shipped_rules(changes: dict[str, Any], wanted: list[str]) -> None:
    assert steps(**changes) == wanted


def test_first_rule_that_fits_decides() -> None:
    small = ApprovalRule("none", activities=("call",), tiers=("standard",), bands=("fresh",), max_value=100.0)
    policy = policy_of(small, ApprovalRule("both"))
    assert steps(policy=policy) == []
    assert steps(policy=policy, has_owner=False) == []
    for other in ({"activity": "beta"}, {"tier": "key"}, {"band": "soft"}, {"deal_value": Decimal(100)}):
        assert steps(policy=policy, **other) == ["owner", "manager"]


def test_manager_decides_where_no_rule_fits() -> None:
    assert steps(policy=policy_of()) == ["manager"]


def test_none_does_not_excuse_the_tired_nor_an_override() -> None:
    policy = policy_of(ApprovalRule("none"))
    assert steps(policy=policy, band="approval") == ["manager"]
    assert steps(policy=policy, overridden=True) == ["manager"]


def test_why_is_what_the_rule_or_the_case_says() -> None:
    rule = ApprovalRule("both", why="Because.")
    assert needed_approvals(**{**CALL, "policy": policy_of(rule)}) == (
        Needed("owner", "Because."),
        Needed("manager", "Because."),
    )
    tired = needed_approvals(**{**CALL, "policy": policy_of(rule), "band": "approval"})
    assert [each.why for each in tired] == ["Because.", "The promoter is tired."]
    orphan = needed_approvals(**{**CALL, "policy": policy_of(ApprovalRule("owner")), "has_owner": False})
    assert orphan == (Needed("manager", "The customer has no account owner."),)
    assert [each.why for each in needed_approvals(**{**CALL, "policy": policy_of(ApprovalRule("both"))})] == [
        "The policy asks for it."
    ] * 2


@given(question=QUESTIONS, rules=st.lists(RULES, max_size=4))
def test_no_rule_skips_what_must_be_approved(question: dict[str, Any], rules: list[ApprovalRule]) -> None:
    policy = replace(ProgramPolicy(), approvals=tuple(rules))
    check_ranges(policy)
    needed = needed_approvals(policy=policy, **question)
    found = [each.step for each in needed]
    assert found in ([], ["owner"], ["manager"], ["owner", "manager"])
    assert all(each.why for each in needed)
    if question["requester_is_owner"] or not question["has_owner"]:
        assert "owner" not in found
    if question["requester_is_manager"]:
        assert "manager" not in found
    elif question["overridden"] or question["band"] in {"approval", "stop"}:
        assert "manager" in found


@given(question=QUESTIONS, rules=st.lists(RULES, max_size=4))
def test_stricter_rules_need_no_less(question: dict[str, Any], rules: list[ApprovalRule]) -> None:
    def found(policy: ProgramPolicy) -> set[str]:
        return {each.step for each in needed_approvals(policy=policy, **question)}

    loose = found(ProgramPolicy(approvals=tuple(rules)))
    strict = found(ProgramPolicy(approvals=tuple(replace(rule, approvers="both") for rule in rules)))
    assert loose <= strict
