"""Reads which rewards a person can redeem now and why not the others; the words for it are the page's own."""

from collections import Counter
from dataclasses import dataclass

from advocacy.giving import COUNTED, judge_rewards
from advocacy.models import PointsAccount, Redemption, Reward
from references.models import Contact


@dataclass(frozen=True, slots=True)
class Offer:
    """One reward for one person; `refusal` is empty where it can be redeemed now, else the code of what stands against.

    `missing` is how many points are missing to it, 0 for none.
    """

    reward: Reward
    refusal: str = ""
    missing: int = 0
    needs_employer: bool = False

    @property
    def needs_word(self) -> bool:
        """Whether somebody has to agree first."""
        return self.reward.needs_approval or self.needs_employer


def read_offers(contact: Contact, account: PointsAccount | None) -> list[Offer]:
    """The rewards in use for a person with their points, the cheapest first; constant queries, at most seven.

    A refusal is one of taken_often_enough, out_of_stock, gift_not_allowed, level_too_low, not_enough_points.
    """
    rewards = list(Reward.objects.filter(is_active=True).select_related("from_level"))
    if not rewards:
        return []
    taken = Counter(
        Redemption.objects.filter(account__contact=contact, status__in=COUNTED).values_list("reward", flat=True)
    )
    verdicts = judge_rewards(contact, rewards)
    balance, lifetime = (0, 0) if account is None else (account.balance, account.lifetime)
    offers = []
    for reward in rewards:
        verdict = verdicts[reward.pk]
        is_forbidden = not verdict.is_allowed and not verdict.needs_only_employer
        refusal = "gift_not_allowed" if is_forbidden else _refusal(reward, taken[reward.pk], balance, lifetime)
        offers.append(Offer(reward, refusal, max(0, reward.cost - balance), verdict.needs_only_employer))
    return offers


def next_offer(offers: list[Offer]) -> Offer | None:
    """The reward that only points are missing to, and the fewest; None where there is none."""
    waiting = [each for each in offers if each.refusal == "not_enough_points"]
    return min(waiting, key=lambda each: each.missing, default=None)


def _refusal(reward: Reward, taken: int, balance: int, lifetime: int) -> str:
    if reward.per_person is not None and taken >= reward.per_person:
        return "taken_often_enough"
    if reward.stock is not None and reward.stock < 1:
        return "out_of_stock"
    if reward.from_level is not None and lifetime < reward.from_level.from_points:
        return "level_too_low"
    return "" if balance >= reward.cost else "not_enough_points"
