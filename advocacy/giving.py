"""Reads what the gift rules need to know of somebody, and judges a reward for them."""

from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal

from django.utils import timezone

from advocacy.enums import RedemptionStatus
from advocacy.gift_rules import Gift, GiftTerms, GiftVerdict, Receiver, judge_gift
from advocacy.models import GiftRule, Redemption, Reward
from references.enums import Facet
from references.models import Contact, ContactTag, CustomerTag
from references.pool.index import current_snapshot

COUNTED = (RedemptionStatus.REQUESTED, RedemptionStatus.APPROVED, RedemptionStatus.FULFILLED)
"""What was asked for and neither refused nor called off: it takes points, a piece and a part of the yearly limit."""


def judge_reward(
    contact: Contact, reward: Reward, *, besides: Redemption | None = None, employer_agreed: bool = False
) -> GiftVerdict:
    """Judge a reward for a person by all rules of their country and employer, what they were given this year counted.

    `besides` is the redemption that is judged again. Five queries; without rules one.
    """
    rules = [_read(row) for row in GiftRule.objects.all()]
    if not rules:
        return GiftVerdict(())
    value, currency = (reward.value, reward.currency) if besides is None else (besides.value, besides.currency)
    receiver = _read_receiver(contact, besides, employer_agreed=employer_agreed)
    return judge_gift(rules, Gift(reward.kind, value, currency), receiver)


def judge_rewards(contact: Contact, rewards: Iterable[Reward]) -> dict[int, GiftVerdict]:
    """Judge rewards for a person as `judge_reward` does, by reward id; five queries for all, without rules one."""
    rules = [_read(row) for row in GiftRule.objects.all()]
    if not rules:
        return {reward.pk: GiftVerdict(()) for reward in rewards}
    receiver = _read_receiver(contact, None, employer_agreed=False)
    return {each.pk: judge_gift(rules, Gift(each.kind, each.value, each.currency), receiver) for each in rewards}


def _read(row: GiftRule) -> GiftTerms:
    return GiftTerms(
        id=row.pk,
        region=row.region_id,
        customer=row.customer_id,
        is_forbidden=row.is_forbidden,
        forbidden_kinds=frozenset(row.forbidden_kinds),
        most_per_gift=row.most_per_gift,
        most_per_year=row.most_per_year,
        currency=row.currency,
        needs_employer=row.needs_employer,
        why=row.why,
    )


def _read_receiver(contact: Contact, besides: Redemption | None, *, employer_agreed: bool) -> Receiver:
    given: dict[str, Decimal] = defaultdict(Decimal)
    rows = Redemption.objects.filter(
        account__contact=contact, status__in=COUNTED, requested_at__year=timezone.localdate().year
    )
    values = list((rows if besides is None else rows.exclude(pk=besides.pk)).values_list("value", "currency"))
    for value, currency in values:
        if value is not None:
            given[currency] += value
    return Receiver(
        regions=_regions_of(contact),
        customer=contact.customer_id,
        given_this_year=dict(given),
        has_unpriced_gifts=any(value is None for value, _currency in values),
        employer_agreed=employer_agreed,
    )


def _regions_of(contact: Contact) -> frozenset[int]:
    """The regions of a person and of their employer, and everything above these: the strictest of all holds."""
    own = ContactTag.objects.filter(contact=contact, tag__facet=Facet.REGION).values_list("tag", flat=True)
    theirs = CustomerTag.objects.filter(customer=contact.customer_id, tag__facet=Facet.REGION)
    vocabulary = current_snapshot().vocabulary
    found = {*own, *theirs.values_list("tag", flat=True)}
    return frozenset(found).union(*(vocabulary.ancestors(tag) for tag in found))
