"""The letters of rewards: to the person what became of theirs, and to managers what waits for them."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from advocacy.enums import RedemptionStatus
from advocacy.models import Redemption
from advocacy.services.redemptions import LETTER_PERSON, LETTER_QUEUE
from delivery.links import absolute_url
from delivery.mails import Action, Letter, register_letter
from delivery.outbox import Payload
from references.enums import ContactStatus
from references.speech import language_of
from users.models import User

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise as StrOrPromise

OWN_PAGE = "/p/"
QUEUE = "/rewards/queue/"
_S = RedemptionStatus


@dataclass(frozen=True, slots=True)
class Told:
    """What a letter says of one redemption; `balance` is what is left to spend, `note` our word."""

    to: str
    name: str
    reward: str
    status: str
    cost: int
    balance: int
    customer: str = ""
    wish: str = ""
    note: str = ""
    program: str = ""
    language: str = "en"
    zone: str = ""

    @property
    def first_name(self) -> str:
        return self.name.split(" ")[0]


def read_person(payload: Payload) -> Told | None:
    """What became of a redemption, for whoever asked for it; None once it has gone on, or they have left."""
    row = _find(payload)
    if row is None:
        return None
    person = row.account.contact
    if not person.email or person.has_opted_out or person.status == ContactStatus.RETIRED:
        return None
    return _tell(row, person.email, language_of(person), person.time_zone)


def read_queue(payload: Payload) -> Told | None:
    """What waits for a manager; None once somebody has decided."""
    row = _find(payload)
    user = User.objects.filter(pk=payload["user"], is_active=True).first()
    if row is None or user is None or not user.is_manager:
        return None
    return _tell(row, user.email, "en", user.time_zone)


def write_person(told: Told) -> Letter:
    """Your reward: asked for, approved, handed over, not approved, called off."""
    subject, lead = _words(told)
    heading = _("%(name)s, your reward: %(reward)s") % {"name": told.first_name, "reward": told.reward}
    word = _("Our word on it: %(note)s") % {"note": told.note} if told.note else ""
    points = ngettext("%(n)s point", "%(n)s points", told.cost) % {"n": told.cost}
    left = ngettext("%(n)s point", "%(n)s points", told.balance) % {"n": told.balance}
    facts = ((_("Reward"), told.reward), (_("Your wish"), told.wish), (_("Costs"), points), (_("You have left"), left))
    return Letter(
        to=told.to,
        language=told.language,
        subject=f"{subject}: {told.reward}",
        heading=heading,
        paragraphs=tuple(each for each in (lead, word) if each),
        facts=tuple((name, value) for name, value in facts if value),
        small_print=(
            _("Your points, and what they can bring you, are on your own page: %(url)s")
            % {"url": absolute_url(OWN_PAGE)},
        ),
    )


def write_queue(told: Told) -> Letter:
    """Somebody asked for a reward: please decide."""
    who = ", ".join(each for each in (told.name, told.customer) if each)
    heading = _("A reward waits for you: %(reward)s") % {"reward": told.reward}
    facts = ((_("Who"), who), (_("Reward"), told.reward), (_("Their wish"), told.wish), (_("To be noted"), told.note))
    return Letter(
        to=told.to,
        language=told.language,
        subject=heading,
        heading=heading,
        paragraphs=(_("The points are taken already; they are given back if you say no."),),
        facts=tuple((name, value) for name, value in facts if value),
        actions=(Action(_("Approve or reject"), absolute_url(QUEUE)),),
    )


def register_reward_letters() -> None:
    """Let the outbox build and send the letters of rewards."""
    _register(LETTER_PERSON, gettext_lazy("Promoter: what became of a reward"), read_person, write_person)
    _register(LETTER_QUEUE, gettext_lazy("Manager: a reward to approve"), read_queue, write_queue)


def _words(told: Told) -> tuple[str, str]:
    """Subject and first sentence, by what became of it."""
    return {
        _S.REQUESTED: (_("We have your wish"), _("Somebody of our team looks at it and writes to you again.")),
        _S.APPROVED: (_("Approved"), _("It is yours. We get in touch about how it reaches you.")),
        _S.FULFILLED: (_("On its way, or with you already"), _("We handed it over. Enjoy it, and thank you!")),
        _S.REJECTED: (_("Not possible this time"), _("We cannot give you this. Your points are back with you.")),
        _S.CANCELLED: (_("Called off"), _("This was called off. Your points are back with you.")),
    }[RedemptionStatus(told.status)]


def _find(payload: Payload) -> Redemption | None:
    rows = Redemption.objects.select_related("reward", "account__contact__customer")
    return rows.filter(pk=payload["redemption"], status=payload["status"]).first()


def _tell(row: Redemption, to: str, language: str, zone: str) -> Told:
    return Told(
        to=to,
        name=row.account.contact.name,
        customer=row.account.contact.customer.name,
        reward=row.reward.name,
        status=row.status,
        cost=row.cost,
        balance=row.account.balance,
        wish=row.wish,
        note=row.note,
        program=settings.PROGRAM_NAME,
        language=language,
        zone=zone,
    )


def _register(
    kind: str, label: "StrOrPromise", read: Callable[[Payload], Told | None], write: Callable[[Told], Letter]
) -> None:
    def build(payload: Payload) -> Letter | None:
        told = read(payload)
        if told is None:
            return None
        with translation.override(told.language), timezone.override(ZoneInfo(told.zone or "UTC")):
            return write(told)

    def show() -> Letter:
        return write(replace(SAMPLE, language=get_language() or "en"))

    register_letter(kind, label=label, build=build, sample=show)


SAMPLE = Told(
    to="nora.lindqvist@customer.example",
    name="Nora Lindqvist",
    customer="Fjordbank",
    reward="Lunch with our product team",
    status=RedemptionStatus.APPROVED,
    cost=300,
    balance=120,
    wish="In May, vegetarian",
    program="Larkspur",
)
