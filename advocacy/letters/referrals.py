"""The letters of referrals: to the referrer how it goes, to the lead who we are, to the owner that one has come."""

from collections.abc import Callable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from advocacy.enums import ReferralStatus, ReferralVia
from advocacy.models import Referral
from advocacy.services import referral_links, referrals
from delivery.links import absolute_url
from delivery.mails import Action, Letter, register_letter
from delivery.models import SignedLink
from delivery.outbox import Payload
from references.consent_view import tell_whose
from references.enums import ContactStatus
from references.program import current_policy
from references.speech import language_of
from users.models import User

_F = ReferralStatus
OWN_PAGE = "/p/"


@dataclass(frozen=True, slots=True)
class Told:
    """What a letter says of a referral. `company` is empty where the lead came by the link and the referrer may not
    know who it was; `name` is the reader's."""

    to: str
    name: str
    status: str
    company: str = ""
    program: str = ""
    points: int = 0
    referrer: str = ""
    url: str = ""
    language: str = "en"
    zone: str = ""

    @property
    def first_name(self) -> str:
        return self.name.split(" ")[0]


def for_referrer(payload: Payload) -> Told | None:
    """How a referral stands, told to whoever made it; None where it stands otherwise by now, or they have left."""
    row = Referral.objects.select_related("referrer").filter(pk=payload["referral"]).first()
    if row is None or row.status != payload.get("status", row.status):
        return None
    person = row.referrer
    if not person.email or person.has_opted_out or person.status == ContactStatus.RETIRED:
        return None
    return Told(
        to=person.email,
        name=person.name,
        status=row.status,
        company="" if row.via == ReferralVia.LINK else row.company,
        program=settings.PROGRAM_NAME,
        points=referrals.earned_by(row),
        language=language_of(person),
        zone=person.time_zone,
    )


def for_lead(payload: Payload) -> Told | None:
    """The one letter to a lead who has agreed; None once they are forgotten, or their link is closed."""
    row = Referral.objects.select_related("referrer").filter(pk=payload["referral"], lead_agreed=True).first()
    link = SignedLink.objects.filter(pk=payload["link"], revoked_at=None).first()
    if row is None or link is None or not row.lead_email:
        return None
    return Told(
        to=row.lead_email,
        name=row.lead_name,
        status=row.status,
        program=settings.PROGRAM_NAME,
        url=referral_links.link_url(link),
        language=language_of(row.referrer),
    )


def for_owner(payload: Payload) -> Told | None:
    """That a referral is somebody's to follow up; None where it is no more."""
    rows = Referral.objects.select_related("referrer__customer").filter(pk=payload["referral"], owner=payload["user"])
    row, user = rows.first(), User.objects.filter(pk=payload["user"], is_active=True).first()
    if row is None or user is None:
        return None
    whose = tell_whose(user, row.referrer, row.referrer.customer, current_policy())
    return Told(
        to=user.email,
        name=user.name or user.email,
        status=row.status,
        company=row.company,
        program=settings.PROGRAM_NAME,
        referrer=whose.who,
        url=absolute_url(f"/referrals/{row.pk}/"),
        zone=user.time_zone,
    )


def write_arrived(told: Told) -> Letter:
    """Somebody came by the link."""
    heading = _("%(name)s, somebody came by your link") % {"name": told.first_name}
    lead = _("Thank you for recommending us! Somebody has written to us by your personal link.")
    rest = _("Who it was stays between them and us, unless they tell you. You hear from us how it ends.")
    return _letter(told, heading, (lead, rest))


def write_ended(told: Told) -> Letter:
    """How it ended."""
    whom = told.company or _("the person who came by your link")
    texts = {
        _F.WON: _("We are working together now: %(whom)s. Without you we would not have met."),
        _F.LOST: _("We have talked, and it did not come about this time: %(whom)s. Your word opened the door."),
        _F.DISQUALIFIED: _("We could not take it up: %(whom)s. That says nothing about you, and we thank you."),
    }
    heading = _("%(name)s, this is what came of your recommendation") % {"name": told.first_name}
    return _letter(told, heading, (texts[ReferralStatus(told.status)] % {"whom": whom}, _points(told)))


def write_lead(told: Told) -> Letter:
    """Who we are, what we keep, and how to be forgotten."""
    heading = _("%(name)s, you were recommended to us") % {"name": told.first_name}
    paragraphs = (
        _("A customer of %(program)s recommended us to you, and you agreed that we may write.")
        % {"program": told.program},
        _("Somebody will be in touch soon. There is nothing for you to do."),
    )
    small = _(
        "We keep your name, your address, your company and what you need, to get in touch with you, and for nothing "
        "else. You do not want this, or did not agree? See what we keep and have it erased, with one click: %(url)s"
    )
    return Letter(
        to=told.to,
        language=told.language,
        subject=heading,
        heading=heading,
        paragraphs=paragraphs,
        actions=(Action(_("See what we keep, or have it erased"), told.url, is_main=False),),
        small_print=(small % {"url": told.url},),
    )


def write_owner(told: Told) -> Letter:
    """A referral to follow up."""
    heading = _("A referral for you: %(company)s") % {"company": told.company}
    lead = _("%(who)s recommended us to somebody at %(company)s. The sooner you call, the warmer it is.")
    return Letter(
        to=told.to,
        language=told.language,
        subject=heading,
        heading=heading,
        paragraphs=(lead % {"who": told.referrer, "company": told.company},),
        actions=(Action(_("See the referral"), told.url),),
    )


LETTERS = (
    (referrals.LETTER_ARRIVED, gettext_lazy("Promoter: somebody came by their link"), for_referrer, write_arrived),
    (referrals.LETTER_ENDED, gettext_lazy("Promoter: what came of a referral"), for_referrer, write_ended),
    (referral_links.LETTER_LEAD, gettext_lazy("Lead: you were recommended to us"), for_lead, write_lead),
    (referrals.LETTER_OWNER, gettext_lazy("Owner: a referral to follow up"), for_owner, write_owner),
)


def register_referral_letters() -> None:
    """Let the outbox build and send the letters of referrals."""
    for kind, label, read, write in LETTERS:
        build, show = _builder(read, write)
        register_letter(kind, label=label, build=build, sample=show)


def _builder(
    read: Callable[[Payload], Told | None], write: Callable[[Told], Letter]
) -> tuple[Callable[[Payload], Letter | None], Callable[[], Letter]]:
    def build(payload: Payload) -> Letter | None:
        told = read(payload)
        if told is None:
            return None
        with translation.override(told.language), timezone.override(ZoneInfo(told.zone or "UTC")):
            return write(told)

    def show() -> Letter:
        return write(_sample(get_language() or "en"))

    return build, show


def _letter(told: Told, heading: str, paragraphs: tuple[str, ...]) -> Letter:
    own_page = _("On your own page you say how often and for what we may ask: %(url)s")
    return Letter(
        to=told.to,
        language=told.language,
        subject=heading,
        heading=heading,
        paragraphs=tuple(each for each in paragraphs if each),
        small_print=(own_page % {"url": absolute_url(OWN_PAGE)},),
    )


def _points(told: Told) -> str:
    if told.points <= 0:
        return ""
    text = ngettext("It brought you %(points)s point.", "It brought you %(points)s points.", told.points)
    return text % {"points": told.points}


def _sample(language: str) -> Told:
    return Told(
        to="nora.lindqvist@customer.example",
        name="Nora Lindqvist",
        status=_F.WON,
        company="Osterholm Works",
        program="Larkspur",
        points=500,
        referrer="Head of Risk",
        url="https://references.example/r/lead/…/",
        language=language,
    )
