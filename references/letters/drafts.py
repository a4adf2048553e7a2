"""The letter that gives a draft to somebody at the customer: what it is, what for, and one link."""

from dataclasses import dataclass
from datetime import UTC, datetime

from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from delivery.links import absolute_url, link_path
from delivery.mails import Action, Letter
from delivery.models import SignedLink
from delivery.outbox import Payload
from references.enums import ReviewStatus
from references.models import ContentReview
from references.services.reviews import purpose_of
from references.speech import language_of
from references.wording import noun_of


@dataclass(frozen=True, slots=True)
class Draft:
    """What the letter says; `noun` is that of the piece, `until` when the link ends."""

    to: str
    name: str
    noun: str
    asked_by: str
    program: str
    url: str
    until: datetime
    purpose: str = ""
    language: str = "en"
    zone: str = ""


def read(payload: Payload) -> Draft | None:
    """The draft as it stands; None where it was answered or taken back, or there is nobody to write to."""
    rows = ContentReview.objects.select_related("case_study", "testimonial", "contact", "asked_by")
    review = rows.get(pk=payload["review"])
    link = SignedLink.objects.filter(pk=payload["link"], revoked_at=None).first()
    contact = review.contact
    if review.status != ReviewStatus.WAITING or link is None or not contact.email or contact.has_opted_out:
        return None
    return Draft(
        to=contact.email,
        name=contact.name,
        noun=noun_of(review.piece),
        asked_by="" if review.asked_by is None else review.asked_by.name or review.asked_by.email,
        program=settings.PROGRAM_NAME,
        url=absolute_url(link_path(link)),
        until=link.expires_at,
        purpose=purpose_of(review),
        language=language_of(contact),
        zone=contact.time_zone,
    )


def write(draft: Draft, language: str = "") -> Letter:
    """The letter, in the language spoken now."""
    who = f"{draft.asked_by}, {draft.program}" if draft.asked_by else draft.program
    is_story = draft.noun == "case_study"
    lead = (
        _("We have written down your story. Nothing of it is used before you have said yes.")
        if is_story
        else _("We would like to quote you. Nothing of it is used before you have said yes.")
    )
    return Letter(
        to=draft.to,
        language=language or draft.language,
        subject=_("Your story, for you to look at") if is_story else _("Your words, for you to look at"),
        heading=_("%(name)s, is it right like this?") % {"name": draft.name.split(" ")[0]},
        paragraphs=(
            lead,
            _("Read it line by line: say of each whether it is fine, or how it should read, and where we may use it."),
        ),
        facts=tuple(
            (name, value)
            for name, value in (
                (_("Who asks"), who),
                (_("What for"), draft.purpose),
                (_("The link is open until"), date_format(timezone.localtime(draft.until), "DATE_FORMAT")),
            )
            if value
        ),
        actions=(Action(_("Read it and decide"), draft.url),),
        small_print=(_("Nothing happens by opening the link: you decide on the page it leads to. It is yours alone."),),
    )


SAMPLE = Draft(
    to="nora.lindqvist@customer.example",
    name="Nora Lindqvist",
    noun="case_study",
    asked_by="Mara Fieldgate",
    program="Larkspur",
    url="https://references.example/p/…/",
    until=datetime(2030, 5, 10, 15, tzinfo=UTC),
    purpose="Our page on core banking",
)
