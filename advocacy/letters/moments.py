"""The letter to whoever handed a moment to marketing: what came of it."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.utils import timezone, translation
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from advocacy.enums import HandoverStatus
from advocacy.models import Handover
from advocacy.services import handovers
from delivery.links import absolute_url
from delivery.mails import Action, Letter, register_letter
from delivery.outbox import Payload
from references.consent_view import tell_whose
from references.program import current_policy


@dataclass(frozen=True, slots=True)
class News:
    """What marketing did with a moment; `who` without a name where the reader may not know it."""

    to: str
    who: str
    status: str
    url: str
    ask: str = ""
    reply: str = ""
    zone: str = ""


def read(payload: Payload) -> News | None:
    """How a hand-over ended; None where it is open again, or whoever handed over has left."""
    rows = Handover.objects.select_related(
        "handed_by", "nomination__contact", "nomination__customer", "assignment__ask"
    )
    row = rows.filter(pk=payload["handover"], status=payload["status"]).first()
    if row is None or row.handed_by is None or not row.handed_by.is_active:
        return None
    moment = row.nomination
    whose = tell_whose(row.handed_by, moment.contact, moment.customer, current_policy())
    return News(
        to=row.handed_by.email,
        who=whose.who or moment.person_name,
        status=row.status,
        url=absolute_url(f"/moments/{row.pk}/"),
        ask=row.assignment.ask.name if row.assignment else "",
        reply=whose.hide(row.reply),
        zone=row.handed_by.time_zone,
    )


def write(news: News) -> Letter:
    """The letter, in the language spoken now."""
    if news.status == HandoverStatus.DECLINED:
        heading = _("Marketing says “not now”: %(who)s") % {"who": news.who}
        lead = _("The moment you handed over is not taken up now. You can hand it over again later.")
    else:
        heading = _("Marketing took up your moment: %(who)s") % {"who": news.who}
        lead = _("They were asked: %(ask)s.") % {"ask": news.ask} if news.ask else _("It has been seen to.")
    return Letter(
        to=news.to,
        subject=heading,
        heading=heading,
        paragraphs=tuple(each for each in (lead, news.reply) if each),
        actions=(Action(_("See the moment"), news.url),),
    )


def register_moment_letter() -> None:
    """Let the outbox build and send it."""
    label = gettext_lazy("Customer success: what came of a moment")
    register_letter(handovers.LETTER_REPLIED, label=label, build=_build, sample=_show)


def _build(payload: Payload) -> Letter | None:
    news = read(payload)
    if news is None:
        return None
    with translation.override("en"), timezone.override(ZoneInfo(news.zone or "UTC")):
        return write(news)


def _show() -> Letter:
    with translation.override(get_language() or "en"):
        return write(SAMPLE)


SAMPLE = News(
    to="mara.fieldgate@larkspur.example",
    who="Nora Lindqvist",
    status=HandoverStatus.DONE,
    url="https://references.example/moments/1/",
    ask="Write a review",
)
