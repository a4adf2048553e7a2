"""The lists of consents, and of asks for them, as far as the viewer may know."""

from dataclasses import dataclass
from datetime import date

from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from references import activities
from references.consent_filters import STATES, ConsentAskFilter, ConsentFilter
from references.consent_view import Whose, piece_name, state_of, tell_whose, whose_consent
from references.enums import Channel
from references.models import Consent, ConsentAsk
from references.policy import ProgramPolicy
from references.program import current_policy
from references.services.consent_asks import OPEN_FOR
from references.wording import name_of
from users.models import User
from web.access import viewer
from web.listing import list_rows

ENDS = ((7, _("within 7 days")), (30, _("within 30 days")), (90, _("within 90 days")))
ANSWERS = (
    ("waiting", _("waiting")),
    ("given", _("given")),
    ("declined", _("declined")),
    ("lapsed", _("no answer")),
    ("withdrawn", _("taken back")),
)
STATE_BADGES = {"in_force": "fresh", "to_come": "accent", "over": "quiet", "superseded": "quiet", "revoked": "stop"}
ANSWER_BADGES = {"waiting": "soft", "given": "fresh", "declined": "stop", "lapsed": "quiet", "withdrawn": "quiet"}


@dataclass(frozen=True, slots=True)
class Line:
    """One consent or ask, as it is told: whose, for which piece alone, and how it stands."""

    row: Consent | ConsentAsk
    whose: Whose
    piece: str
    state: str
    words: object
    badge: str


@require_safe
@login_required
def consents(request: HttpRequest) -> HttpResponse:
    """List consents, those that end first on top."""
    user, today, policy = viewer(request), timezone.localdate(), current_policy()
    rows: QuerySet[Consent] = Consent.objects.visible_to(user)
    rows = rows.select_related("contact", "customer", "region", "case_study", "testimonial")
    given = {} if "state" in request.GET or "ends_within" in request.GET else {"state": "in_force"}
    listing = list_rows(request, ConsentFilter, rows, reverse("web:consents"), ordering="valid_until", **given)
    context = {
        "listing": listing,
        "lines": [_tell(user, row, policy, today) for row in listing.page],
        "activities": activities.CHOICES,
        "channels": Channel.choices,
        "states": STATES,
        "ends": ENDS,
        "columns": {name: listing.url_sorting(name) for name in ("valid_until", "recorded_at")},
        "is_narrowed": bool(listing.query.keys() - {"ordering", "state"}) or listing.value("state") != "in_force",
    }
    return render(request, "web/consents/list.html", context)


@require_safe
@login_required
def asks(request: HttpRequest) -> HttpResponse:
    """List what promoters were asked to allow, and what they said."""
    user, policy = viewer(request), current_policy()
    rows = visible_asks(user).select_related(
        "contact__customer", "region", "asked_by", "case_study", "testimonial", "consent"
    )
    listing = list_rows(request, ConsentAskFilter, rows, reverse("web:consent-asks"), ordering="-asked_at")
    context = {
        "listing": listing,
        "lines": [_tell_ask(user, row, policy) for row in listing.page],
        "activities": activities.CHOICES,
        "answers": ANSWERS,
        "columns": {name: listing.url_sorting(name) for name in ("asked_at", "answered_at")},
        "is_narrowed": bool(listing.query.keys() - {"ordering"}),
    }
    return render(request, "web/consents/asks.html", context)


def visible_asks(user: User) -> QuerySet[ConsentAsk]:
    """The asks about people whose consents the viewer may read, and the viewer's own."""
    if user.is_manager:
        return ConsentAsk.objects.all()
    own = ConsentAsk.objects.filter(asked_by=user) | ConsentAsk.objects.filter(contact__customer__account_owner=user)
    if user.is_marketer:
        own |= ConsentAsk.objects.filter(contact__customer__is_named=True, contact__customer__is_referenceable=True)
    return own


def _tell(user: User, row: Consent, policy: ProgramPolicy, today: date) -> Line:
    whose, state = whose_consent(user, row, policy, today), state_of(row, today)
    return Line(row, whose, piece_name(row, whose), state, dict(STATES)[state], STATE_BADGES[state])


def _tell_ask(user: User, row: ConsentAsk, policy: ProgramPolicy) -> Line:
    is_named = row.consent is not None and row.consent.is_attributed
    whose = tell_whose(user, row.contact, row.contact.customer, policy, is_attributed=is_named)
    piece = row.case_study or row.testimonial
    state = row.answer or ("waiting" if row.asked_at > timezone.now() - OPEN_FOR else "lapsed")
    name = "" if piece is None else whose.hide(name_of(piece))
    return Line(row, whose, name, state, dict(ANSWERS)[state], ANSWER_BADGES[state])
