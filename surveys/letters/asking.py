"""The letter that asks the question: eleven links, one for each number, of which none records anything by itself."""

from dataclasses import dataclass
from datetime import date

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from delivery.links import absolute_url, link_path
from delivery.mails import Action, Letter, Scale
from delivery.outbox import Payload
from delivery.promises import enqueue
from references.enums import ContactStatus
from references.speech import language_of
from surveys.enums import CampaignStatus, InvitationStatus
from surveys.kinds import UNDELIVERED
from surveys.models import Invitation, SurveyOptOut
from surveys.purposes import SURVEY_STOP
from surveys.services.survey_links import find_link
from surveys.wording import Wording, default_wording, subject_of, wording_of

SCORES = range(11)


@dataclass(frozen=True, slots=True)
class Asked:
    """What the letter says; `wording` is None for our own words about `subject`."""

    to: str
    name: str
    subject: str
    url: str
    stop_url: str
    wording: Wording | None = None
    closes_on: date | None = None
    language: str = "en"

    @property
    def words(self) -> Wording:
        return self.wording or default_wording(self.subject)


def read(payload: Payload) -> Asked | None:
    """The invitation as it stands; None where it was answered, the campaign has closed or they want no surveys."""
    rows = Invitation.objects.select_related("campaign__product", "contact")
    row = rows.filter(pk=payload["invitation"], campaign__status=CampaignStatus.RUNNING).first()
    if row is None or row.status not in {InvitationStatus.SENT, InvitationStatus.FAILED}:
        return None
    person = row.contact
    link, stop = find_link(row), find_link(row, SURVEY_STOP)
    if link is None or stop is None or link.expires_at <= timezone.now():
        return None
    if person.has_opted_out or person.status == ContactStatus.RETIRED:
        return None
    if SurveyOptOut.objects.filter(contact=person).exists():
        return None
    language = language_of(person)
    return Asked(
        to=person.email,
        name=person.name,
        subject=subject_of(row.campaign),
        url=absolute_url(link_path(link)),
        stop_url=absolute_url(f"{link_path(stop)}unsubscribe/"),
        wording=wording_of(row.campaign, language),
        closes_on=row.campaign.closes_on,
        language=language,
    )


def give_up(payload: Payload) -> None:
    """Promise that an invitation whose letter never got there is noted as such."""
    pk = payload["invitation"]
    enqueue(kind=UNDELIVERED, key=f"{UNDELIVERED}:{payload['key']}", payload={"invitation": pk})


def invitation(asked: Asked) -> Letter:
    """The question, in the language spoken now."""
    subject = _("%(name)s, one question about %(subject)s") % {"name": _first(asked), "subject": asked.subject}
    return _letter(asked, subject, asked.words.invitation)


def reminder(asked: Asked) -> Letter:
    """The question once more."""
    subject = _("%(name)s, we would still like to hear from you") % {"name": _first(asked)}
    lead = _("A few days ago we asked you one question. If you have a minute, your answer would help us:")
    return _letter(asked, subject, lead)


def _letter(asked: Asked, subject: str, lead: str) -> Letter:
    words = asked.words
    until: tuple[tuple[str, str], ...] = ()
    if asked.closes_on is not None:
        until = ((_("Please answer by"), date_format(asked.closes_on, "DATE_FORMAT")),)
    return Letter(
        to=asked.to,
        language=asked.language,
        subject=subject,
        heading=words.question,
        paragraphs=(lead,),
        facts=until,
        scale=Scale(tuple((str(score), f"{asked.url}?score={score}") for score in SCORES), words.low, words.high),
        actions=(Action(_("Answer on the page instead"), asked.url, is_main=False),),
        small_print=(
            _("A number opens a page where you confirm it and may say why. Nothing is recorded by opening a link."),
            _("We read your answer to become better. Nothing of it is published unless you allow it."),
        ),
        unsubscribe_url=asked.stop_url,
        one_click=True,
    )


def _first(asked: Asked) -> str:
    return asked.name.split(" ")[0]


SAMPLE = Asked(
    to="nora.lindqvist@customer.example",
    name="Nora Lindqvist",
    subject="Larkspur",
    url="https://references.example/p/…/",
    stop_url="https://references.example/p/…/unsubscribe/",
    closes_on=date(2030, 5, 10),
)
