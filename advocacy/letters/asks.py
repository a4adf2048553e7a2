"""The letters of asks to promoters: may we ask you, once more, one thing is missing, thank you."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from advocacy.enums import AssignmentStatus, EntryKind
from advocacy.models import AskAssignment, PointsEntry
from advocacy.services import asking
from delivery.links import absolute_url, link_path
from delivery.mails import Action, Letter, register_letter
from delivery.models import SignedLink
from delivery.outbox import Payload
from references.activities import BY_CODE
from references.enums import ContactStatus
from references.models import StateChange
from references.services.saving import name_subject
from references.speech import language_of

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise as StrOrPromise

OWN_PAGE = "/p/"
_WAITING = (AssignmentStatus.ASKED,)
_TO_DO = (AssignmentStatus.ACCEPTED, AssignmentStatus.SCHEDULED)


@dataclass(frozen=True, slots=True)
class Told:
    """What a letter to a promoter says of one ask; `word` is ours: what is missing, or what it led to."""

    to: str
    name: str
    ask: str
    activity: str
    text: str
    asked_by: str
    program: str
    answer_by: date
    url: str = ""
    note: str = ""
    word: str = ""
    minutes: int = 0
    points: int = 0
    disclosure: str = ""
    language: str = "en"
    zone: str = ""

    @property
    def first_name(self) -> str:
        return self.name.split(" ")[0]


def asked(payload: Payload) -> Told | None:
    """An ask that still waits for its answer."""
    return _read(payload, _WAITING)


def to_do(payload: Payload) -> Told | None:
    """What was accepted and is still to be done, with our word on what is missing."""
    return _read(payload, _TO_DO)


def confirmed(payload: Payload) -> Told | None:
    """What was done and confirmed, with what it led to; nothing to somebody who has left."""
    return _read(payload, (AssignmentStatus.CONFIRMED,))


def write_ask(told: Told) -> Letter:
    """May we ask you?"""
    heading = _("%(name)s, may we ask you for something?") % {"name": told.first_name}
    lead = _("It is yours to decide: yes, another day, or no. Each is a fine answer.")
    return _letter(told, f"{told.ask}: {heading}", heading, (lead, told.text, told.note), act=_("Look and answer"))


def write_reminder(told: Told) -> Letter:
    """The one reminder."""
    heading = _("%(name)s, may we ask once more?") % {"name": told.first_name}
    lead = _("A while ago we asked you for something. A no is as welcome as a yes; without a word we stop asking.")
    return _letter(told, f"{told.ask}: {heading}", heading, (lead, told.text, told.note), act=_("Look and answer"))


def write_again(told: Told) -> Letter:
    """The evidence was not enough."""
    heading = _("%(name)s, one thing is missing") % {"name": told.first_name}
    lead = _("Thank you for what you did. We could not quite see it yet:")
    return _letter(told, f"{told.ask}: {heading}", heading, (lead, told.word), act=_("Add what is missing"))


def write_thanks(told: Told) -> Letter:
    """Thank you, and what it led to."""
    heading = _("Thank you, %(name)s!") % {"name": told.first_name}
    lead = _("You did something for us that only you can do: %(ask)s.") % {"ask": told.ask}
    earned = ""
    if told.points:
        earned = ngettext("It brought you %(points)s point.", "It brought you %(points)s points.", told.points) % {
            "points": told.points
        }
    led = _("What it led to: %(word)s") % {"word": told.word} if told.word else ""
    return _letter(told, f"{heading} {told.ask}", heading, (lead, led, earned), with_facts=False)


LETTERS: "tuple[tuple[str, StrOrPromise, Callable[[Payload], Told | None], Callable[[Told], Letter]], ...]" = (
    (asking.LETTER_ASK, gettext_lazy("Promoter: an ask"), asked, write_ask),
    (asking.LETTER_REMINDER, gettext_lazy("Promoter: the one reminder of an ask"), asked, write_reminder),
    (asking.LETTER_AGAIN, gettext_lazy("Promoter: evidence that was not enough"), to_do, write_again),
    (asking.LETTER_THANKS, gettext_lazy("Promoter: thank you for what was asked"), confirmed, write_thanks),
)


def register_ask_letters() -> None:
    """Let the outbox build and send the letters of asks."""
    for kind, label, read, write in LETTERS:
        _register(kind, label, read, write)


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


def _read(payload: Payload, statuses: tuple[AssignmentStatus, ...]) -> Told | None:
    rows = AskAssignment.objects.select_related("ask", "contact", "asked_by")
    row = rows.filter(pk=payload["assignment"], status__in=statuses).first()
    if row is None or not row.contact.email or row.contact.has_opted_out or row.contact.status == ContactStatus.RETIRED:
        return None
    link = SignedLink.objects.filter(pk=payload["link"], revoked_at=None).first() if "link" in payload else None
    if "link" in payload and link is None:
        return None
    is_thanks = row.status == AssignmentStatus.CONFIRMED
    return Told(
        to=row.contact.email,
        name=row.contact.name,
        ask=row.ask.name,
        activity=row.ask.activity,
        text=row.ask.text,
        asked_by="" if row.asked_by is None else row.asked_by.name or row.asked_by.email,
        program=settings.PROGRAM_NAME,
        answer_by=row.answer_by,
        url="" if link is None else absolute_url(link_path(link)),
        note=row.note,
        word=_last_word(row),
        minutes=row.ask.minutes,
        points=_earned(row) if is_thanks else row.points,
        disclosure=row.ask.disclosure if row.points else "",
        language=language_of(row.contact),
        zone=row.contact.time_zone,
    )


def _last_word(row: AskAssignment) -> str:
    """Why it came to be as it is now: what we said then."""
    changes = StateChange.objects.filter(subject=name_subject(row), to_status=row.status).order_by("-pk")
    return changes.values_list("why", flat=True).first() or ""


def _earned(row: AskAssignment) -> int:
    """What it brought, nothing of it taken back."""
    entries = PointsEntry.objects.filter(source__startswith=f"{row.source}:", kind=EntryKind.EARNED, reversal=None)
    return sum(entries.values_list("amount", flat=True))


def _letter(
    told: Told, subject: str, heading: str, paragraphs: tuple[str, ...], *, act: str = "", with_facts: bool = True
) -> Letter:
    own_page = _("On your own page you say how often and for what we may ask: %(url)s") % {
        "url": absolute_url(OWN_PAGE)
    }
    opened = _("Nothing happens by opening the link: you decide on the page it leads to. It is yours alone.")
    return Letter(
        to=told.to,
        language=told.language,
        subject=subject,
        heading=heading,
        paragraphs=tuple(each for each in paragraphs if each),
        facts=_facts(told) if with_facts else (),
        actions=(Action(act, told.url),) if act else (),
        small_print=(opened, own_page) if act else (own_page,),
    )


def _facts(told: Told) -> tuple[tuple[str, str], ...]:
    minutes = ngettext("%(n)s minute", "%(n)s minutes", told.minutes) % {"n": told.minutes}
    found = (
        (_("What"), f"{told.ask} ({_(BY_CODE[told.activity].label)})"),
        (_("Takes about"), minutes if told.minutes else ""),
        (_("Points"), _points(told)),
        (_("To be disclosed"), told.disclosure),
        (_("Who asks"), f"{told.asked_by}, {told.program}" if told.asked_by else told.program),
        (_("Please answer by"), date_format(told.answer_by, "DATE_FORMAT")),
    )
    return tuple((name, value) for name, value in found if value)


def _points(told: Told) -> str:
    if not told.points:
        return ""
    return _("%(points)s, for taking part, whatever you say") % {"points": told.points}


SAMPLE = Told(
    to="nora.lindqvist@customer.example",
    name="Nora Lindqvist",
    ask="Write a review",
    activity="review",
    text="Would you review us where you yourself look for software? Write what you think, the good and the bad.",
    asked_by="Mara Fieldgate",
    program="Larkspur",
    answer_by=datetime(2030, 5, 10, tzinfo=UTC).date(),
    url="https://references.example/p/…/",
    word="Two prospects named your review when they called us.",
    minutes=15,
    points=50,
    disclosure="I received points of a customer program for my time. What I wrote was up to me.",
)
