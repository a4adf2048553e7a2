"""Writes baskets, and the hand-outs made of them with their links."""

from collections.abc import Sequence
from datetime import timedelta
from typing import TypedDict

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from delivery.links import issue_link, revoke_links
from delivery.models import SignedLink
from references import activities
from references.enums import Channel
from references.errors import DomainError
from references.handouts import NOUNS, PURPOSE, must_blind, read_picked, subject_of
from references.models import BasketItem, Handout, HandoutItem
from references.program import current_policy
from references.rights import Use
from references.services.saving import save_checked
from users.models import User

DEFAULT_DAYS = 30
MOST_DAYS = 366
MOST_ITEMS = 50


class HandoutData(TypedDict):
    """What a hand-out's maker says of it."""

    title: str
    intro: str
    channel: str
    is_blinded: bool


@transaction.atomic
def add_to_basket(*, user: User, noun: str, pk: int, activity: str = "") -> BasketItem:
    """Put a piece, or with "contact" a person for an activity, into somebody's basket; what is in stays in.

    Raises DomainError: unknown_noun, unknown_activity, not_usable (also for what does not exist), basket_full.
    """
    if noun not in NOUNS:
        raise DomainError("unknown_noun", f"'{noun}' is nothing to put into a basket.", "noun")
    if (noun == "contact") != bool(activity) or (activity and activity not in activities.BY_CODE):
        raise DomainError("unknown_activity", "Say what the person would do.", "activity")
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    known = BasketItem.objects.filter(user=user, **{noun: pk}).first()
    if known is not None and known.activity == activity:
        return known
    row = BasketItem(user=user, activity=activity, **{f"{noun}_id": pk})
    shown = read_picked([row], Use(on=timezone.localdate()), user, current_policy(), is_blinded=True)
    if shown[0].is_gone:
        raise DomainError("not_usable", "This may not be used now.")
    if known is not None:
        known.activity = activity
        known.save(update_fields=["activity"])
        return known
    if BasketItem.objects.filter(user=user).count() >= MOST_ITEMS:
        raise DomainError("basket_full", f"A basket holds {MOST_ITEMS} references; make a hand-out of them first.")
    row.save()
    return row


def remove_from_basket(*, user: User, noun: str, pk: int) -> bool:
    """Take something out of somebody's basket; False where it was not in it."""
    if noun not in NOUNS:
        raise DomainError("unknown_noun", f"'{noun}' is nothing to have in a basket.", "noun")
    return bool(BasketItem.objects.filter(user=user, **{noun: pk}).delete()[0])


@transaction.atomic
def make_handout(*, user: User, data: HandoutData, order: Sequence[int], days: int = DEFAULT_DAYS) -> Handout:
    """Make a hand-out of the basket's items, by their ids in order, with a link that holds for `days`.

    The basket is empty afterwards. Names are withheld where policy withholds them from its maker. Raises DomainError:
    nothing_picked, unknown_channel, bad_days, and what is wrong with a field.
    """
    items = {item.pk: item for item in BasketItem.objects.select_for_update(no_key=True).filter(user=user)}
    chosen = [items[pk] for pk in dict.fromkeys(order) if pk in items]
    if not chosen:
        raise DomainError("nothing_picked", "Put something into the basket first.")
    handout = _save(Handout(made_by=user), data, by=user)
    HandoutItem.objects.bulk_create(
        HandoutItem(
            handout=handout,
            place=place,
            activity=item.activity,
            **{f"{noun}_id": getattr(item, f"{noun}_id") for noun in NOUNS},
        )
        for place, item in enumerate(chosen)
    )
    BasketItem.objects.filter(pk__in=items).delete()
    _share(handout, days)
    return handout


@transaction.atomic
def change_handout(*, handout: Handout, data: HandoutData, order: Sequence[int], by: User) -> Handout:
    """Change what a hand-out says and shows: the items named in `order`, by their ids, stay, the others go.

    Raises DomainError: nothing_picked, unknown_channel, and what is wrong with a field.
    """
    items = {item.pk: item for item in HandoutItem.objects.select_for_update(no_key=True).filter(handout=handout)}
    chosen = [items[pk] for pk in dict.fromkeys(order) if pk in items]
    if not chosen:
        raise DomainError("nothing_picked", "Keep at least one reference, or revoke the link instead.")
    _save(handout, data, by=by)
    HandoutItem.objects.filter(pk__in=items.keys() - {item.pk for item in chosen}).delete()
    for place, item in enumerate(chosen):
        item.place = place
    HandoutItem.objects.bulk_update(chosen, ["place"])
    return handout


@transaction.atomic
def renew_handout(*, handout: Handout, days: int = DEFAULT_DAYS) -> None:
    """Let the link hold for `days` from now: the same address, or a new one where it was revoked.

    Raises DomainError(bad_days).
    """
    _check_days(days)
    Handout.objects.select_for_update(no_key=True).get(pk=handout.pk)
    links = SignedLink.objects.filter(purpose=PURPOSE, subject=subject_of(handout), revoked_at=None)
    if not links.update(expires_at=timezone.now() + timedelta(days=days)):
        _share(handout, days)


def revoke_handout(*, handout: Handout) -> bool:
    """Close a hand-out's link at once; False where it was closed already."""
    return bool(revoke_links(subject=subject_of(handout), purpose=PURPOSE))


def count_view(*, handout: Handout) -> None:
    """Count that somebody has read a hand-out; who, nobody knows."""
    Handout.objects.filter(pk=handout.pk).update(views=F("views") + 1)


def _save(handout: Handout, data: HandoutData, *, by: User) -> Handout:
    if data["channel"] not in Channel.values or data["channel"] == Channel.ANY:
        raise DomainError("unknown_channel", "Say where it will be used.", "channel")
    handout.title, handout.intro, handout.channel = data["title"].strip(), data["intro"].strip(), data["channel"]
    handout.is_blinded = data["is_blinded"] or must_blind(by, current_policy())
    save_checked(handout)
    return handout


def _share(handout: Handout, days: int) -> None:
    _check_days(days)
    issue_link(purpose=PURPOSE, subject=subject_of(handout), lifetime=timedelta(days=days))


def _check_days(days: int) -> None:
    if not 1 <= days <= MOST_DAYS:
        raise DomainError("bad_days", f"A link holds between one day and {MOST_DAYS} days.", "days")
