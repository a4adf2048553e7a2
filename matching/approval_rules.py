"""Decides whose yes a match needs before its promoter is asked: the policy's rules, and what no rule may skip."""

from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from references.policy import ApprovalRule, ProgramPolicy

OWNER, MANAGER = "owner", "manager"
TIRED = frozenset({"approval", "stop"})
_FALLBACK = ApprovalRule(MANAGER)


@dataclass(frozen=True, slots=True)
class Needed:
    """One yes that is needed: `step` is owner or manager, `why` a sentence."""

    step: str
    why: str


def needed_approvals(
    *,
    policy: ProgramPolicy,
    activity: str,
    tier: str,
    band: str,
    deal_value: Decimal | None,
    has_owner: bool,
    requester_is_owner: bool,
    requester_is_manager: bool,
    overridden: bool,
) -> tuple[Needed, ...]:
    """The approvals a match needs, the owner's before the manager's; empty where nobody has to be waited for.

    The first rule that fits decides, a manager where none does. A tired promoter (`band`) and an override need a
    manager whatever the rule says. Nobody approves their own request: the owner's step falls away where the owner
    asks, the manager's where a manager does. Without an owner a manager steps in.
    """
    rule = rule_for(policy, activity=activity, tier=tier, band=band, deal_value=deal_value)
    why = rule.why or _("The policy asks for it.")
    needed: dict[str, str] = {}
    if rule.approvers in {OWNER, "both"} and not requester_is_owner:
        needed[OWNER if has_owner else MANAGER] = why if has_owner else _("The customer has no account owner.")
    if rule.approvers in {MANAGER, "both"}:
        needed[MANAGER] = why
    if band in TIRED:
        needed[MANAGER] = _("The promoter is tired.")
    if overridden:
        needed[MANAGER] = _("A rule was overridden.")
    if requester_is_manager:
        needed.pop(MANAGER, None)
    return tuple(Needed(step, needed[step]) for step in (OWNER, MANAGER) if step in needed)


def rule_for(policy: ProgramPolicy, *, activity: str, tier: str, band: str, deal_value: Decimal | None) -> ApprovalRule:
    """The first rule that fits; a manager's yes where none does."""
    value = float(deal_value or 0)
    for rule in policy.approvals:
        fits_kind = _fits(activity, rule.activities) and _fits(tier, rule.tiers) and _fits(band, rule.bands)
        if fits_kind and rule.min_value <= value and (rule.max_value is None or value < rule.max_value):
            return rule
    return _FALLBACK


def _fits(value: str, words: tuple[str, ...]) -> bool:
    return not words or value in words
