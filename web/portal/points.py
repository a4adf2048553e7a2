"""Points on one's own page: the level and the way to the next, badges, rewards and what became of them, the board."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _

from advocacy.enums import RedemptionStatus
from advocacy.leaderboards import on_the_board
from advocacy.levels import standing_of
from advocacy.models import BadgeAward, Level, PointsAccount, PointsRule, Redemption, Reward
from advocacy.offers import Offer, next_offer, read_offers
from advocacy.points_rules import LevelStanding
from advocacy.services.points import set_leaderboard
from advocacy.services.redemptions import move_redemption, redeem_reward
from references.enums import Actor
from references.models import Contact
from web.portal.closed import show_closed
from web.portal.forms import PortalForm
from web.portal.visit import PartAct, ShowAll, Visit, attempt
from web.portal.words import REDEMPTIONS, REFUSED_OFFERS

MOST_REDEMPTIONS = 10
TOP = 5


class RedeemForm(PortalForm):
    """A wish for a reward."""

    wish = forms.CharField(label=_("A wish (optional): size, charity, date …"), required=False, max_length=300)
    reward = forms.IntegerField(widget=forms.HiddenInput)
    key = forms.CharField(widget=forms.HiddenInput, max_length=40)


class LeaderboardForm(PortalForm):
    """Whether, and under which name, others see one's points."""

    is_on = forms.BooleanField(label=_("Others who take part may see me on the board"), required=False)
    alias = forms.CharField(
        label=_("Under which name?"), required=False, max_length=60, help_text=_("Any name. Empty: “somebody”.")
    )


@dataclass(frozen=True, slots=True)
class Standing:
    """Where somebody stands: what they can spend, the level and the way through it, and the reward that is near."""

    balance: int
    lifetime: int
    level: LevelStanding
    perk: str
    next_reward: Offer | None

    @property
    def since(self) -> int:
        """Points since the level began."""
        return self.lifetime - self._from

    @property
    def span(self) -> int:
        """Points from the level to the next; 0 at the top."""
        return 0 if self.level.next_level is None else self.level.next_level.from_points - self._from

    @property
    def _from(self) -> int:
        return 0 if self.level.level is None else self.level.level.from_points


@dataclass(frozen=True, slots=True)
class ShownOffer:
    """A reward with its form or, where it cannot be had now, the words why."""

    offer: Offer
    form: forms.Form
    why: str
    is_tried: bool


def context_of(person: Contact, tried: Mapping[str, forms.Form]) -> dict[str, Any]:
    """What the page shows of points; nothing where the program gives none. Constant queries, nothing is opened."""
    account = PointsAccount.objects.filter(contact=person).first()
    offers = read_offers(person, account)
    if account is None and not offers and not PointsRule.objects.exists():
        return {}
    return {
        "points": _standing(account, offers),
        "badges": BadgeAward.objects.filter(account=account).select_related("badge") if account else (),
        "offers": [_show(offer, tried) for offer in offers],
        "redemptions": _redemptions(account),
        "board": _board(account, tried),
    }


def redeem(visit: Visit, show_all: ShowAll) -> HttpResponse:
    """Spend points on a reward."""
    form = RedeemForm(visit.request.POST)
    reward = Reward.objects.filter(pk=visit.posted("reward")).first()
    if reward is None:
        return show_closed(visit.request, "unknown", status=404, language=visit.language)

    def save(data: dict[str, Any]) -> Redemption:
        key = f"hub:{visit.person.pk}:{data['key']}"
        return redeem_reward(
            contact=visit.person, reward=reward, creation_key=key, wish=data["wish"], actor=Actor.PROMOTER
        )

    row = attempt(form, save)
    if row is None:
        return show_all(visit, {f"redeem-{reward.pk}": form})
    return visit.back("redeem-asked" if row.status == RedemptionStatus.REQUESTED else "redeemed")


def call_off(visit: Visit, show_all: ShowAll) -> HttpResponse:
    """Call off what nobody has approved yet: the points come back."""
    waiting = Redemption.objects.filter(account__contact=visit.person, status=RedemptionStatus.REQUESTED)
    row = waiting.filter(pk=visit.posted_id).first()
    if row is None:
        return visit.back()
    form = forms.Form(visit.request.POST)
    done = attempt(form, lambda _data: move_redemption(redemption=row, to="cancelled", by=None, actor=Actor.PROMOTER))
    return visit.back() if done is None else visit.back("redeem-cancelled")


def board(visit: Visit, show_all: ShowAll) -> HttpResponse:
    """Appear on the board, under a name of one's own, or no more."""
    form = LeaderboardForm(visit.request.POST)
    done = attempt(form, lambda data: set_leaderboard(contact=visit.person, **data))
    if done is None:
        return show_all(visit, {"board": form})
    return visit.back("board-on" if done.is_on_leaderboard else "board-off")


ACTS: Mapping[str, PartAct] = {"redeem": redeem, "redeem-cancel": call_off, "leaderboard": board}


def _standing(account: PointsAccount | None, offers: list[Offer]) -> Standing:
    balance, lifetime = (0, 0) if account is None else (account.balance, account.lifetime)
    reached = Level.objects.filter(from_points__lte=lifetime).order_by("-from_points").first()
    return Standing(
        balance, lifetime, standing_of(lifetime), "" if reached is None else reached.perk, next_offer(offers)
    )


def _show(offer: Offer, tried: Mapping[str, forms.Form]) -> ShownOffer:
    pk = offer.reward.pk
    given = {"reward": pk, "key": uuid.uuid4().hex}
    form = tried.get(f"redeem-{pk}") or RedeemForm(initial=given)
    form.auto_id = f"redeem_{pk}_%s"
    why = REFUSED_OFFERS.get(offer.refusal, "")
    return ShownOffer(offer, form, str(why), f"redeem-{pk}" in tried)


def _redemptions(account: PointsAccount | None) -> list[tuple[Redemption, Any]]:
    if account is None:
        return []
    rows = Redemption.objects.filter(account=account).select_related("reward").order_by("-pk")[:MOST_REDEMPTIONS]
    return [(row, REDEMPTIONS[row.status]) for row in rows]


def _board(account: PointsAccount | None, tried: Mapping[str, forms.Form]) -> dict[str, Any]:
    """The form; whoever is on the board sees its top and their own place, people by the names they chose."""
    is_on = account is not None and account.is_on_leaderboard
    initial = {"is_on": is_on, "alias": account.alias if account else ""}
    found: dict[str, Any] = {
        "form": tried.get("board") or LeaderboardForm(initial=initial),
        "is_tried": "board" in tried,
    }
    if account is None or not is_on:
        return found
    rows = on_the_board()
    place = rows.filter(lifetime__gt=account.lifetime).count() + 1
    return {**found, "top": rows.order_by("-lifetime", "pk")[:TOP], "place": place, "own": account.pk}
