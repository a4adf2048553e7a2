"""The letter to whoever put an ask: what the person said, told as far as the reader may know whose it is."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.utils import timezone, translation
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from advocacy.enums import AssignmentStatus
from advocacy.models import AskAssignment
from advocacy.services import asking
from delivery.links import absolute_url
from delivery.mails import Action, Letter, register_letter
from delivery.outbox import Payload
from references.consent_view import tell_whose
from references.program import current_policy

_S = AssignmentStatus


@dataclass(frozen=True, slots=True)
class News:
    """Who said what to which ask; `who` without a name where the reader may not know it."""

    to: str
    who: str
    ask: str
    status: str
    url: str
    word: str = ""
    language: str = "en"
    zone: str = ""


def read(payload: Payload) -> News | None:
    """The answer as it was given; None where something else holds by now, or the asker has left."""
    rows = AskAssignment.objects.select_related("ask", "contact__customer", "asked_by")
    row = rows.filter(pk=payload["assignment"], status=payload["status"]).first()
    if row is None or row.asked_by is None or not row.asked_by.is_active:
        return None
    if not AskAssignment.objects.visible_to(row.asked_by).filter(pk=row.pk).exists():
        return None
    whose = tell_whose(row.asked_by, row.contact, row.contact.customer, current_policy())
    return News(
        to=row.asked_by.email,
        who=whose.who,
        ask=row.ask.name,
        status=row.status,
        url=absolute_url(f"/asks/assignments/{row.pk}/"),
        word=whose.hide(row.decline_reason) if row.status == _S.DECLINED else "",
        zone=row.asked_by.time_zone,
    )


def write(news: News) -> Letter:
    """The letter, in the language spoken now."""
    headings = {
        _S.ACCEPTED: _("%(who)s said yes: %(ask)s"),
        _S.SCHEDULED: _("%(who)s planned it: %(ask)s"),
        _S.DONE: _("%(who)s has done it: %(ask)s"),
        _S.DECLINED: _("%(who)s said no: %(ask)s"),
        _S.CANCELLED: _("%(who)s took it back: %(ask)s"),
    }
    nexts = {
        _S.DONE: _("Look at what they gave as evidence, and confirm it or say what is missing."),
        _S.DECLINED: _("Nobody asks them for this again for 90 days."),
    }
    status = AssignmentStatus(news.status)
    heading = headings[status] % {"who": news.who, "ask": news.ask}
    return Letter(
        to=news.to,
        language=news.language,
        subject=heading,
        heading=heading,
        paragraphs=tuple(each for each in (news.word, nexts.get(status, "")) if each),
        actions=(Action(_("See the ask"), news.url),),
    )


def register_asker_letter() -> None:
    """Let the outbox build and send it."""
    label = gettext_lazy("Asker: what the promoter said to an ask")
    register_letter(asking.LETTER_ANSWERED, label=label, build=_build, sample=_show)


def _build(payload: Payload) -> Letter | None:
    news = read(payload)
    if news is None:
        return None
    with translation.override(news.language), timezone.override(ZoneInfo(news.zone or "UTC")):
        return write(news)


def _show() -> Letter:
    with translation.override(get_language() or "en"):
        return write(SAMPLE)


SAMPLE = News(
    to="mara.fieldgate@larkspur.example",
    who="Nora Lindqvist",
    ask="Write a review",
    status=_S.DONE,
    url="https://references.example/asks/assignments/1/",
)
