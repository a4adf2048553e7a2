"""Letters to those who asked for a consent, or keep what hangs on one: how it was answered, and which ones end."""

from datetime import date

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from delivery.links import absolute_url
from delivery.outbox import Payload
from references.activities import BY_CODE
from references.consent_expiry import SOON
from references.consent_reach import reach_of
from references.consent_view import tell_whose, whose_consent
from references.enums import AskAnswer, Channel
from references.letters.keepers import News
from references.models import Consent, ConsentAsk
from references.permissions import may_log_content
from references.policy import ProgramPolicy
from references.program import current_policy
from references.wording import name_of
from users.models import User

MOST_TOLD = 20
PLACE = "/consents/"


def answered(payload: Payload) -> News | None:
    """What a promoter said to an ask; None where the asker has left, or may not know any more."""
    rows = ConsentAsk.objects.select_related(
        "contact__customer", "asked_by", "consent__region", "case_study", "testimonial"
    )
    ask = rows.filter(pk=payload["ask"]).first()
    if ask is None or ask.asked_by is None or not ask.asked_by.is_active:
        return None
    user = ask.asked_by
    if ask.answer not in {AskAnswer.GIVEN, AskAnswer.DECLINED} or not may_log_content(user, ask.contact.customer):
        return None
    is_named = ask.consent is not None and ask.consent.is_attributed
    whose = tell_whose(user, ask.contact, ask.contact.customer, current_policy(), is_attributed=is_named)
    what = _(BY_CODE[ask.activity].label)
    piece = ask.case_study or ask.testimonial
    lines = [whose.hide(name_of(piece))] if piece is not None else []
    if ask.consent is None:
        heading = _("%(who)s said no: %(what)s") % {"who": whose.who, "what": what}
        lines.append(_("What was allowed before stays as it was. Nobody asks them for this again for 30 days."))
        return News(user.email, heading, heading, tuple(lines), url=absolute_url(PLACE), act=_("See the consents"))
    heading = _("%(who)s said yes: %(what)s") % {"who": whose.who, "what": what}
    lines.append(_("They gave: %(scope)s.") % {"scope": _scope(ask.consent)})
    if not _is_as_asked(ask, ask.consent):
        lines.append(_("That is less than you asked for; it is shown and used only as far as they gave it."))
    page = absolute_url(f"{PLACE}{ask.consent.pk}/")
    return News(user.email, heading, heading, tuple(lines), url=page, act=_("See the consent"), zone=user.time_zone)


def ending(payload: Payload) -> News | None:
    """The consents that end soon and still stand, with what ends with each; None where none is left."""
    user = User.objects.filter(pk=payload["user"], is_active=True).first()
    today, policy = timezone.localdate(), current_policy()
    rows = Consent.objects.in_force(on=today).filter(pk__in=payload["consents"], valid_until__isnull=False)
    consents = [
        each
        for each in rows.select_related("contact", "customer", "region").order_by("valid_until", "pk")
        if user is not None and may_log_content(user, each.customer)
    ]
    if user is None or not consents:
        return None
    heading = ngettext("%(n)s consent ends soon", "%(n)s consents end soon", len(consents)) % {"n": len(consents)}
    lead = _("What hangs on them is gone from the wall, the lists and the API on the day after. Ask to renew them now:")
    lines = [lead, _("one click on the page of each writes to the person who gave it.")]
    if len(consents) > MOST_TOLD:
        lines.append(_("Here are the first %(n)s; the rest are on the page.") % {"n": MOST_TOLD})
    places = tuple(
        (_tell(user, each, policy, today), absolute_url(f"{PLACE}{each.pk}/")) for each in consents[:MOST_TOLD]
    )
    page = absolute_url(f"{PLACE}?ends_within={SOON}")
    return News(user.email, heading, heading, (" ".join(lines),), places, page, _("See them all"), zone=user.time_zone)


def _tell(user: User, consent: Consent, policy: ProgramPolicy, today: date) -> str:
    """One consent in a line: "Quote · Nora Lindqvist, Fjordbank · until 3 May 2030 · 2 pieces end with it"."""
    assert consent.valid_until is not None  # noqa: S101 - the rows were filtered by it
    whose = whose_consent(user, consent, policy, today)
    ends = len(reach_of(consent, on=today).ending)
    parts = [
        _(BY_CODE[consent.activity].label),
        ", ".join(each for each in (whose.who, whose.customer) if each),
        _("until %(day)s") % {"day": date_format(consent.valid_until, "DATE_FORMAT")},
    ]
    if ends:
        parts.append(ngettext("%(n)s piece ends with it", "%(n)s pieces end with it", ends) % {"n": ends})
    return " · ".join(part for part in parts if part)


def _scope(consent: Consent) -> str:
    until = _("without an end")
    if consent.valid_until is not None:
        until = _("until %(day)s") % {"day": date_format(consent.valid_until, "DATE_FORMAT")}
    name = _("with name") if consent.is_attributed else _("without name")
    region = "" if consent.region is None else consent.region.name
    return ", ".join(each for each in (str(Channel(consent.channel).label), region, name, until) if each)


def _is_as_asked(ask: ConsentAsk, consent: Consent) -> bool:
    return (ask.channel, ask.is_attributed, ask.valid_until) == (
        consent.channel,
        consent.is_attributed,
        consent.valid_until,
    )


ANSWERED = News(
    to="mara.fieldgate@larkspur.example",
    subject="Nora Lindqvist said yes: Quote",
    heading="Nora Lindqvist said yes: Quote",
    lines=("They gave: Web, with name, until May 10, 2031.",),
    url="https://references.example/consents/12/",
    act="See the consent",
)
ENDING = News(
    to="mara.fieldgate@larkspur.example",
    subject="1 consent ends soon",
    heading="1 consent ends soon",
    lines=("What hangs on them is gone from the wall, the lists and the API on the day after.",),
    places=(
        (
            "Quote · Nora Lindqvist, Fjordbank · until May 10, 2030 · 2 pieces end with it",
            "https://references.example/consents/12/",
        ),
    ),
    url="https://references.example/consents/?ends_within=30",
    act="See them all",
)
