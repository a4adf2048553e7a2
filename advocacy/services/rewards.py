"""Writes the catalogue of rewards, and the rules of what may be given to whom."""

from decimal import Decimal
from typing import TypedDict

from django.db import transaction
from django.utils.translation import gettext as _

from advocacy.enums import RewardKind
from advocacy.models import GiftRule, Level, Reward
from references.errors import DomainError
from references.models import Customer, Tag
from references.services.saving import assign, save_checked

_REWARD_FIELDS = (
    "name", "kind", "about", "cost", "value", "currency", "stock", "per_person", "from_level", "needs_approval",
    "is_active",
)  # fmt: skip
_RULE_FIELDS = (
    "region", "customer", "is_forbidden", "forbidden_kinds", "most_per_gift", "most_per_year", "currency",
    "needs_employer", "why",
)  # fmt: skip


class RewardData(TypedDict, total=False):
    """The fields of a reward; its worth in money goes with a currency."""

    name: str
    kind: str
    about: str
    cost: int
    value: Decimal | None
    currency: str
    stock: int | None
    per_person: int | None
    from_level: Level | None
    needs_approval: bool
    is_active: bool


class GiftRuleData(TypedDict, total=False):
    """The fields of a gift rule: for a region or an employer or, with neither, for everybody."""

    region: Tag | None
    customer: Customer | None
    is_forbidden: bool
    forbidden_kinds: list[str]
    most_per_gift: Decimal | None
    most_per_year: Decimal | None
    currency: str
    needs_employer: bool
    why: str


@transaction.atomic
def save_reward(*, data: RewardData, reward: Reward | None = None) -> Reward:
    """Add a reward, or change one; what was redeemed before keeps its cost and worth.

    Raises DomainError: currency_required, or a field's own code.
    """
    row = Reward() if reward is None else Reward.objects.select_for_update(no_key=True).get(pk=reward.pk)
    assign(row, data, _REWARD_FIELDS)
    row.currency = row.currency.upper()
    if row.value is not None and not row.currency:
        raise DomainError("currency_required", _("Say in which currency."), "currency")
    if row.stock is not None and row.stock < 0:
        raise DomainError("stock_negative", _("Nothing is the least that can be left."), "stock")
    save_checked(row)
    return row


@transaction.atomic
def save_gift_rule(*, data: GiftRuleData, rule: GiftRule | None = None) -> GiftRule:
    """Add a gift rule, or change one; it holds from now on, for what waits for approval too.

    Raises DomainError: region_or_employer, currency_required, says_nothing, unknown_kind, or a field's own code.
    """
    row = GiftRule() if rule is None else GiftRule.objects.select_for_update(no_key=True).get(pk=rule.pk)
    assign(row, data, _RULE_FIELDS)
    row.currency = row.currency.upper()
    limits = [row.most_per_gift, row.most_per_year]
    if row.region is not None and row.customer is not None:
        raise DomainError("region_or_employer", _("A rule is for a region or for an employer."), "customer")
    if any(limit is not None for limit in limits) and not row.currency:
        raise DomainError("currency_required", _("Say in which currency."), "currency")
    if not set(row.forbidden_kinds) <= set(RewardKind.values):
        raise DomainError("unknown_kind", _("There is no such kind of reward."), "forbidden_kinds")
    if not any([row.is_forbidden, row.forbidden_kinds, row.needs_employer, *(each is not None for each in limits)]):
        raise DomainError("says_nothing", _("Say what is forbidden, limited or needed."))
    save_checked(row)
    return row


@transaction.atomic
def remove_gift_rule(*, rule: GiftRule) -> None:
    """Take a gift rule away; what it refused stays refused."""
    GiftRule.objects.filter(pk=rule.pk).delete()
