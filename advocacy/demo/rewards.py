"""Tells the rewards of the demonstration: a catalogue, gift rules, redemptions in each state, a leaderboard."""

from collections.abc import Mapping
from decimal import Decimal

from advocacy.demo.stage import Stage
from advocacy.enums import RedemptionStatus, RewardKind
from advocacy.lifecycles import REDEMPTION
from advocacy.models import GiftRule, Level, Reward
from advocacy.services.badges import award_badges
from advocacy.services.points import set_leaderboard
from advocacy.services.redemptions import move_redemption, redeem_reward
from advocacy.services.rewards import RewardData, save_gift_rule, save_reward
from references.demo import PREFIX
from references.errors import DomainError
from references.models import Tag

_K = RewardKind
CATALOGUE: tuple[tuple[str, str, str, int, int | None, int | None, bool], ...] = (
    ("Coffee for the team", _K.LUNCH, "A bag of beans and our thanks.", 150, 25, 60, False),
    ("Halvenor hoodie", _K.SWAG, "The gray one. Tell us your size.", 250, 45, 18, False),
    ("Lunch for your team", _K.LUNCH, "We bring lunch for up to eight of you.", 500, 160, None, True),
    ("A gift to a charity", _K.CHARITY, "You say to whom; we send the receipt.", 400, 100, None, True),
    ("10 % off an add-on", _K.DISCOUNT, "On the next add-on that your company orders.", 600, None, None, True),
    ("Front-row seat at our conference", _K.VIP_SEAT, "With a seat at the dinner before.", 900, 450, 6, True),
)
"""Name, kind, what it is, cost, worth in euros, left, needs approval."""
ALIASES = (
    "Ledger Lynx", "The Closer", "Northern Light", "Double Entry", "Quick Ratio", "Balance Beam", "Audit Trail",
    "Paper Trail", "Petty Cash", "Green Tick", "Fair Value", "Going Concern",
)  # fmt: skip


def tell_rewards(stage: Stage) -> Mapping[str, int]:
    """Write catalogue, gift rules, redemptions, badges and leaderboard; gives how many redemptions."""
    rewards = [_save(*each) for each in CATALOGUE]
    top = Level.objects.order_by("from_points")[1:2].first()
    Reward.objects.filter(kind=_K.VIP_SEAT).update(from_level=top)
    _save_rules()
    award_badges(contact_ids=[person.pk for person in stage.people])
    for person, alias in zip(stage.people, ALIASES, strict=False):
        set_leaderboard(contact=person, is_on=True, alias=alias)
    return {"redemptions": _redeem(stage, rewards)}


def _save(name: str, kind: str, about: str, cost: int, value: int | None, stock: int | None, waits: bool) -> Reward:
    data: RewardData = {
        "name": name, "kind": kind, "about": about, "cost": cost, "stock": stock, "needs_approval": waits,
        "value": None if value is None else Decimal(value), "currency": "" if value is None else "EUR",
    }  # fmt: skip
    return save_reward(data=data)


def _save_rules() -> None:
    save_gift_rule(data={"most_per_year": Decimal(500), "currency": "EUR", "why": "Our own rule for everybody"})
    region = Tag.objects.filter(facet="region", slug="germany").first()
    if region is not None and not GiftRule.objects.filter(region=region).exists():
        why = "Gifts above 60 EUR need care there"
        save_gift_rule(data={"region": region, "most_per_gift": Decimal(60), "currency": "EUR", "why": why})


def _redeem(stage: Stage, rewards: list[Reward]) -> int:
    """Let people ask for what they may have, and take each through another state."""
    manager = stage.users["manager"]
    ends: tuple[tuple[str, ...], ...] = (
        (), (RedemptionStatus.APPROVED,), (RedemptionStatus.APPROVED, RedemptionStatus.FULFILLED),
        (RedemptionStatus.REJECTED,), (),
    )  # fmt: skip
    count = 0
    for number, person in enumerate(stage.people[12:40]):
        reward = rewards[number % len(rewards)]
        try:
            row = redeem_reward(contact=person, reward=reward, creation_key=f"{PREFIX}redemption:{person.pk}")
        except DomainError:
            continue  # their country, their level or their points do not let them: others will do
        for to in ends[count % len(ends)]:
            if REDEMPTION.may_move(row.status, to):
                why = "All seats of this year are given." if to == RedemptionStatus.REJECTED else ""
                row = move_redemption(redemption=row, to=to, by=manager, why=why, employer_agreed=True)
        stage.date_back(row, 3 + 2 * count, requested_at=3 + 2 * count)
        count += 1
        if count == 14:
            break
    return count
