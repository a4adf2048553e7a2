"""The letter that asks a promoter for a consent: for what, where, until when, and one link to say yes, less, or no."""

from dataclasses import dataclass
from datetime import UTC, date, datetime

from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from delivery.links import absolute_url, link_path
from delivery.mails import Action, Letter
from delivery.models import SignedLink
from delivery.outbox import Payload
from references.activities import BY_CODE
from references.enums import Channel
from references.models import ConsentAsk
from references.services.consent_asks import open_asks
from references.speech import language_of
from references.wording import name_of


@dataclass(frozen=True, slots=True)
class Asked:
    """What the letter says; `piece` names the one piece it is about, `until` is the last day asked for."""

    to: str
    name: str
    activity: str
    asked_by: str
    program: str
    url: str
    answer_by: datetime
    channel: str = "any"
    region: str = ""
    is_attributed: bool = True
    until: date | None = None
    piece: str = ""
    why: str = ""
    language: str = "en"
    zone: str = ""


def read(payload: Payload) -> Asked | None:
    """The ask as it stands; None where it was answered or taken back, or there is nobody to write to."""
    rows = ConsentAsk.objects.select_related("case_study", "testimonial", "contact", "region", "asked_by")
    ask = rows.filter(pk=payload["ask"], pk__in=open_asks().values("pk")).first()
    link = SignedLink.objects.filter(pk=payload["link"], revoked_at=None).first()
    if ask is None or link is None or not ask.contact.email or ask.contact.has_opted_out:
        return None
    piece = ask.case_study or ask.testimonial
    return Asked(
        to=ask.contact.email,
        name=ask.contact.name,
        activity=ask.activity,
        asked_by="" if ask.asked_by is None else ask.asked_by.name or ask.asked_by.email,
        program=settings.PROGRAM_NAME,
        url=absolute_url(link_path(link)),
        answer_by=link.expires_at,
        channel=ask.channel,
        region="" if ask.region is None else ask.region.name,
        is_attributed=ask.is_attributed,
        until=ask.valid_until,
        piece="" if piece is None else name_of(piece),
        why=ask.why,
        language=language_of(ask.contact),
        zone=ask.contact.time_zone,
    )


def write(asked: Asked, language: str = "") -> Letter:
    """The letter, in the language spoken now."""
    what = _(BY_CODE[asked.activity].label)
    subject = _("%(name)s, may we? %(what)s") % {"name": asked.name.split(" ")[0], "what": what}
    lead = _(
        "We would like your consent for this. You can give it as we ask, give less of it, or say no: each is a fine "
        "answer. Whatever you give, you can take back at any time."
    )
    return Letter(
        to=asked.to,
        language=language or asked.language,
        subject=subject,
        heading=subject,
        paragraphs=(lead,),
        facts=tuple((name, value) for name, value in _facts(asked, what) if value),
        actions=(Action(_("Look and decide"), asked.url),),
        small_print=(
            _("Nothing happens by opening the link: you decide on the page it leads to. It is yours alone."),
            _("On your own page you see all consents you gave, and take them back: %(url)s")
            % {"url": absolute_url("/p/")},
        ),
    )


def _facts(asked: Asked, what: str) -> tuple[tuple[str, str], ...]:
    return (
        (_("For what"), what),
        (_("Only for"), asked.piece),
        (_("Where"), ", ".join(each for each in (str(Channel(asked.channel).label), asked.region) if each)),
        (_("Your name"), _("with your name") if asked.is_attributed else _("without your name")),
        (_("Until"), _day(asked.until) if asked.until else _("without an end")),
        (_("What for"), asked.why),
        (_("Who asks"), f"{asked.asked_by}, {asked.program}" if asked.asked_by else asked.program),
        (_("Please answer by"), _day(timezone.localdate(asked.answer_by))),
    )


def _day(value: date) -> str:
    return date_format(value, "DATE_FORMAT")


SAMPLE = Asked(
    to="nora.lindqvist@customer.example",
    name="Nora Lindqvist",
    activity="quote",
    asked_by="Mara Fieldgate",
    program="Larkspur",
    url="https://references.example/p/…/",
    answer_by=datetime(2030, 5, 10, 15, tzinfo=UTC),
    channel="web",
    region="Norway",
    until=date(2031, 5, 10),
    piece="We closed the books in two days.",
    why="Our page on core banking",
)
