"""Writes redemptions: points become a reward, by the person or for them; the only writer of their status.

The account is locked, then the reward: two who spend the same points, or want the last piece, wait for each other.
What is refused, or called off, gives the points and the piece back.
"""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from advocacy.enums import RedemptionStatus
from advocacy.giving import COUNTED, judge_reward
from advocacy.lifecycles import REDEMPTION
from advocacy.models import PointsAccount, PointsEntry, Redemption, Reward
from advocacy.services.points import lock_account, refund_points, spend_points
from delivery.mails import send_later
from references.enums import Actor, ContactStatus
from references.errors import DomainError
from references.models import Contact
from references.services.keepers import managers
from references.services.saving import record_change, save_checked
from users.models import User

_S = RedemptionStatus
LETTER_PERSON = "redemption.person"
LETTER_QUEUE = "redemption.queue"


@transaction.atomic
def redeem_reward(
    *, contact: Contact, reward: Reward, creation_key: str, wish: str = "", by: User | None = None, actor: str = ""
) -> Redemption:
    """Spend a person's points on a reward, once per key: approved at once, or waiting where somebody must approve.

    Raises DomainError: has_opted_out, not_in_use, level_too_low, taken_often_enough, out_of_stock, gift_not_allowed,
    not_enough_points, or a field's own code.
    """
    account = lock_account(contact)
    there = Redemption.objects.filter(creation_key=creation_key).first()
    if there is not None:
        return there
    person = Contact.objects.select_related("customer").get(pk=contact.pk)
    offer = Reward.objects.select_for_update(of=("self",), no_key=True).select_related("from_level").get(pk=reward.pk)
    needs_employer = require_redeemable(account, person, offer)
    waits = offer.needs_approval or needs_employer
    row = Redemption(
        account=account,
        reward=offer,
        status=_S.REQUESTED if waits else _S.APPROVED,
        cost=offer.cost,
        value=offer.value,
        currency=offer.currency,
        wish=wish.strip(),
        note=_("The employer must agree first.") if needs_employer else "",
        creation_key=creation_key,
    )
    save_checked(row)
    spend_points(account=account, amount=row.cost, source=row.source, by=by)
    _move_stock(offer, -1)
    record_change(subject=row, before="", after=row.status, by=by, actor=actor)
    _tell(row)
    return row


def require_redeemable(account: PointsAccount, person: Contact, reward: Reward) -> bool:
    """Refuse what may not be redeemed, points aside; gives whether the employer's word is needed.

    Raises what `redeem_reward` does. `person` comes with their customer, `reward` with its level.
    """
    if person.has_opted_out or person.status == ContactStatus.RETIRED:
        raise DomainError("has_opted_out", _("This person has left or opted out."))
    if not reward.is_active:
        raise DomainError("not_in_use", _("This reward is not offered any more."), "reward")
    if reward.from_level is not None and account.lifetime < reward.from_level.from_points:
        text = _("This is for the level %(level)s and above.") % {"level": reward.from_level.name}
        raise DomainError("level_too_low", text, "reward")
    taken = Redemption.objects.filter(account=account, reward=reward, status__in=COUNTED).count()
    if reward.per_person is not None and taken >= reward.per_person:
        raise DomainError("taken_often_enough", _("One person can have this only so often."), "reward")
    if reward.stock is not None and reward.stock < 1:
        raise DomainError("out_of_stock", _("There is none left."), "reward")
    verdict = judge_reward(person, reward)
    if not verdict.is_allowed and not verdict.needs_only_employer:
        raise DomainError("gift_not_allowed", verdict.refusals[0].text, "reward")
    return verdict.needs_only_employer


@transaction.atomic
def move_redemption(
    *, redemption: Redemption, to: str, by: User | None, why: str = "", employer_agreed: bool = False, actor: str = ""
) -> Redemption:
    """Approve, reject, call off or hand over; the person is told.

    Raises DomainError: move_not_allowed, why_required for a rejection, employer_required and gift_not_allowed at the
    approval, by the gift rules as they are now.
    """
    account = PointsAccount.objects.select_for_update(no_key=True).get(pk=redemption.account_id)
    row = Redemption.objects.select_for_update(of=("self",), no_key=True).get(pk=redemption.pk)
    before = row.status
    REDEMPTION.require_move(before, to)
    if to == _S.REJECTED and not why.strip():
        raise DomainError("why_required", _("Say why: the person reads it."), "why")
    reward = Reward.objects.select_for_update(no_key=True).get(pk=row.reward_id)
    if to == _S.APPROVED:
        _require_allowed(account, row, reward, employer_agreed=employer_agreed)
    row.status, row.decided_by, row.decided_at = to, by, timezone.now()
    row.note = why.strip() or row.note
    save_checked(row, update_fields=["status", "decided_by", "decided_at", "note"])
    if to in {_S.REJECTED, _S.CANCELLED}:
        _give_back(account, row, reward, by, is_own=actor == Actor.PROMOTER)
    record_change(subject=row, before=before, after=to, by=by, why=why, actor=actor)
    _tell(row)
    redemption.refresh_from_db()
    return redemption


def _require_allowed(account: PointsAccount, row: Redemption, reward: Reward, *, employer_agreed: bool) -> None:
    person = Contact.objects.select_related("customer").get(pk=account.contact_id)
    verdict = judge_reward(person, reward, besides=row, employer_agreed=employer_agreed)
    if verdict.needs_only_employer:
        raise DomainError("employer_required", _("The employer must agree first: say that they did."), "employer")
    if not verdict.is_allowed:
        raise DomainError("gift_not_allowed", verdict.refusals[0].text)


def _give_back(account: PointsAccount, row: Redemption, reward: Reward, by: User | None, *, is_own: bool) -> None:
    spent = PointsEntry.objects.get(source=row.source)
    refund_points(account=account, spent=spent, by=by, note=row.note, is_own=is_own)
    _move_stock(reward, 1)


def _move_stock(reward: Reward, pieces: int) -> None:
    """Take or put back pieces of a locked reward; where it is not counted, nothing changes."""
    if reward.stock is not None:
        reward.stock += pieces
        reward.save(update_fields=["stock"])


def _tell(row: Redemption) -> None:
    """Promise the letters that a new status asks for."""
    payload = {"redemption": row.pk, "status": row.status}
    send_later(kind=LETTER_PERSON, key=f"redemption:{row.pk}:{row.status}", payload=payload)
    if row.status == _S.REQUESTED:
        for user in managers():
            key = f"redemption:{row.pk}:queue:{user.pk}"
            send_later(kind=LETTER_QUEUE, key=key, payload={**payload, "user": user.pk})
