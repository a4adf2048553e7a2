"""Who may be about to leave, and why: low scores, falls, silence, red health, an open recovery play, a renewal near."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Case, Exists, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Value, When
from django.utils.translation import gettext as _

from advocacy.models import RecoveryPlay
from references.enums import ContactStatus, Health
from references.models import Contact, LoyaltyRecord
from references.services.loyalty import FALL
from surveys.enums import InvitationStatus
from surveys.models import Invitation
from users.models import User

RECENT = timedelta(days=365)
"""A score older than this says nothing of today."""
RENEWAL_NEAR = timedelta(days=90)
LOW, FELL, SILENT, RED, PLAY, RENEWAL = "low_score", "fell", "silent", "red_health", "play", "renewal"
WEIGHTS = {LOW: 3, FELL: 2, RED: 2, SILENT: 1, PLAY: 1, RENEWAL: 1}
"""What a reason weighs in the order of the list."""


@dataclass(frozen=True, slots=True)
class RiskReason:
    """One reason: a stable code, and a sentence."""

    code: str
    text: str


def list_at_risk(user: User, today: date) -> QuerySet[Contact]:
    """The people at risk whom `user` may see, the gravest first, customers loaded; one query for any page of them.

    A renewal alone puts nobody at risk: it makes other reasons graver. Annotated with `previous_score`, `risk` and a
    flag per reason (`is_low_score`, `is_fell`, …), which `explain_risk` reads. Managers see everybody, others the
    people of customers they own.
    """
    present = Contact.objects.exclude(status=ContactStatus.RETIRED).filter(has_opted_out=False)
    mine = present if user.is_manager else present.filter(customer__account_owner=user)
    flagged = _with_facts(mine).annotate(**{f"is_{code}": _flag(rule) for code, rule in _rules(today).items()})
    risk: Any = sum((F(f"is_{code}") * weight for code, weight in WEIGHTS.items()), start=Value(0))
    any_reason = Q(*((f"is_{code}", 1) for code in WEIGHTS if code != RENEWAL), _connector=Q.OR)
    return (
        flagged.filter(any_reason)
        .annotate(risk=risk)
        .select_related("customer__account_owner")
        .order_by("-risk", F("customer__renewal_date").asc(nulls_last=True), "pk")
    )


def explain_risk(contact: Contact) -> tuple[RiskReason, ...]:
    """Say why somebody from `list_at_risk` is on it, the gravest reason first; no query."""
    score, before = contact.nps_score, getattr(contact, "previous_score", None)
    texts = {
        LOW: _("Answered %(score)s") % {"score": score},
        FELL: _("Fell from %(before)s to %(score)s") % {"before": before, "score": score},
        RED: _("The customer's health is red"),
        SILENT: _("Left the last two surveys unanswered"),
        PLAY: _("A recovery play is under way"),
        RENEWAL: _("Renews on %(day)s") % {"day": contact.customer.renewal_date},
    }
    return tuple(RiskReason(code, texts[code]) for code in WEIGHTS if getattr(contact, f"is_{code}"))


def _rules(today: date) -> dict[str, Any]:
    recent = Q(nps_on__gte=today - RECENT)
    fell = (
        Q(previous_score__gte=9, nps_score__lte=8)
        | Q(previous_score__gte=7, nps_score__lte=6)
        | Q(previous_score__gte=F("nps_score") + FALL)
    )
    return {
        LOW: recent & Q(nps_score__lte=6),
        FELL: recent & fell,
        RED: Q(customer__health=Health.RED),
        SILENT: Q(last_survey=InvitationStatus.NO_ANSWER, survey_before=InvitationStatus.NO_ANSWER),
        PLAY: Exists(RecoveryPlay.objects.open().filter(contact=OuterRef("pk"))),
        RENEWAL: Q(customer__renewal_date__range=(today, today + RENEWAL_NEAR)),
    }


def _with_facts(rows: QuerySet[Contact]) -> QuerySet[Contact]:
    """Annotate the score before the present one, and how the last two surveys ended."""
    scores = LoyaltyRecord.objects.filter(contact=OuterRef("pk"), on__isnull=False).order_by("-on", "-pk")
    over = (InvitationStatus.ANSWERED, InvitationStatus.NO_ANSWER)
    surveys = Invitation.objects.filter(contact=OuterRef("pk"), status__in=over).order_by("-sent_at", "-pk")
    return rows.annotate(
        previous_score=Subquery(scores.values("score")[1:2]),
        last_survey=Subquery(surveys.values("status")[:1]),
        survey_before=Subquery(surveys.values("status")[1:2]),
    )


def _flag(rule: Any) -> Case:
    return Case(When(rule, then=Value(1)), default=Value(0), output_field=IntegerField())
