"""The letter by which a promoter is offered a seat in an early-adopter program."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from advocacy.enums import ProgramStatus, SeatStatus
from advocacy.models import AdopterSeat
from advocacy.services.adopters import LETTER_SEAT
from delivery.links import absolute_url, link_path
from delivery.mails import Action, Letter, register_letter
from delivery.models import SignedLink
from delivery.outbox import Payload
from references.enums import ContactStatus
from references.speech import language_of

OWN_PAGE = "/p/"


@dataclass(frozen=True, slots=True)
class Told:
    """What the letter says of a program and the seat in it."""

    to: str
    name: str
    title: str
    about: str
    product: str
    starts_on: date
    ends_on: date
    asked_by: str
    program: str
    url: str
    language: str = "en"
    zone: str = ""


def write_seat(told: Told) -> Letter:
    """Would you try it before others?"""
    heading = _("%(name)s, would you try it before others?") % {"name": told.name.split(" ")[0]}
    lead = _("We are choosing a few customers who use something new first and tell us what they find. May you be one?")
    running = _("%(first)s to %(last)s") % {
        "first": date_format(told.starts_on, "DATE_FORMAT"),
        "last": date_format(told.ends_on, "DATE_FORMAT"),
    }
    facts = (
        (_("Program"), told.title),
        (_("Product"), told.product),
        (_("When"), running),
        (_("Who asks"), f"{told.asked_by}, {told.program}" if told.asked_by else told.program),
    )
    opened = _("Nothing happens by opening the link: you decide on the page it leads to. It is yours alone.")
    own_page = _("On your own page you say how often and for what we may ask: %(url)s") % {
        "url": absolute_url(OWN_PAGE)
    }
    return Letter(
        to=told.to,
        language=told.language,
        subject=f"{told.title}: {heading}",
        heading=heading,
        paragraphs=tuple(each for each in (lead, told.about) if each),
        facts=tuple((name, value) for name, value in facts if value),
        actions=(Action(_("Read the terms and decide"), told.url),),
        small_print=(opened, own_page),
    )


def register_adopter_letter() -> None:
    """Let the outbox build and send the letter of seats."""

    def build(payload: Payload) -> Letter | None:
        told = _read(payload)
        if told is None:
            return None
        with translation.override(told.language), timezone.override(ZoneInfo(told.zone or "UTC")):
            return write_seat(told)

    def show() -> Letter:
        return write_seat(replace(SAMPLE, language=get_language() or "en"))

    label = gettext_lazy("Promoter: a seat in an early-adopter program")
    register_letter(LETTER_SEAT, label=label, build=build, sample=show)


def _read(payload: Payload) -> Told | None:
    """A seat that is still on offer, to somebody who is still here."""
    rows = AdopterSeat.objects.select_related("program__product", "contact", "invited_by")
    seat = rows.filter(pk=payload["seat"], status=SeatStatus.INVITED).first()
    link = SignedLink.objects.filter(pk=payload["link"], revoked_at=None).first()
    if seat is None or link is None or seat.program.status == ProgramStatus.CLOSED:
        return None
    person = seat.contact
    if not person.email or person.has_opted_out or person.status == ContactStatus.RETIRED:
        return None
    return Told(
        to=person.email,
        name=person.name,
        title=seat.program.name,
        about=seat.program.about,
        product="" if seat.program.product is None else seat.program.product.name,
        starts_on=seat.program.starts_on,
        ends_on=seat.program.ends_on,
        asked_by="" if seat.invited_by is None else seat.invited_by.name or seat.invited_by.email,
        program=settings.PROGRAM_NAME,
        url=absolute_url(link_path(link)),
        language=language_of(person),
        zone=person.time_zone,
    )


SAMPLE = Told(
    to="nora.lindqvist@customer.example",
    name="Nora Lindqvist",
    title="Ledger 5, first look",
    about="Eight weeks with the new closing run, a call every other week, and a direct line to its builders.",
    product="Ledger",
    starts_on=datetime(2030, 5, 10, tzinfo=UTC).date(),
    ends_on=datetime(2030, 7, 5, tzinfo=UTC).date(),
    asked_by="Mara Fieldgate",
    program="Larkspur",
    url="https://references.example/p/…/",
)
