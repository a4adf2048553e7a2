"""Who takes part: the activation rate, how the load falls on people, and the people behind both."""

from datetime import date, timedelta

from django.db.models import Count, Max, Q, QuerySet

from matching.spread import Concentration, Share, concentration_of
from references.activities import ACTIVITIES
from references.enums import ContactStatus, EngagementStatus
from references.models import Consent, Contact, Engagement

YEAR = timedelta(days=365)
HEAVY = tuple(each.code for each in ACTIVITIES if not each.is_light)
ANSWERS_ONLY = ("survey",)
"""Whoever answers a survey has told us something, and done nothing for anybody else."""
GROUPS = ("willing", "acted", "idle", "used")


def read_activation(today: date) -> Share:
    """Promoters who acted ÷ promoters willing; two queries.

    Willing is who is active, has not opted out, has agreed to at least one activity, and has a consent in force, their
    own or their customer's. Acted is who of these completed anything, light or heavy, in the past 365 days; having
    answered a survey is not it.
    """
    return Share(_members("acted", today).count(), _members("willing", today).count())


def read_load(today: date) -> Concentration:
    """How the completed heavy engagements of the past 365 days fall on the people who did any; one query."""
    done = Engagement.objects.filter(_done(today), activity__in=HEAVY).order_by()
    return concentration_of(list(done.values("contact").annotate(n=Count("pk")).values_list("n", flat=True)))


def promoters_of(group: str, today: date) -> "QuerySet[Contact]":
    """The people behind a figure, each with what they did in the past 365 days: `acts`, of these `heavy`, `last_act`.

    Groups: willing, acted and idle (both of the willing), used (who carried any of the load). ValueError for another.
    """
    done = _done(today, "engagements__")
    act, heavy = done & ~Q(engagements__activity__in=ANSWERS_ONLY), done & Q(engagements__activity__in=HEAVY)
    return _members(group, today).annotate(
        acts=Count("engagements", filter=act),
        heavy=Count("engagements", filter=heavy),
        last_act=Max("engagements__on", filter=act),
    )


def _members(group: str, today: date) -> "QuerySet[Contact]":
    if group not in GROUPS:
        raise ValueError(f"There is no group '{group}' of promoters.")
    acts = Engagement.objects.filter(_done(today)).order_by()
    if group == "used":
        return Contact.objects.filter(pk__in=acts.filter(activity__in=HEAVY).values("contact"))
    consents = (
        Consent.objects.general().in_force(on=today).order_by()
    )  # lists made once: asked of each row it takes long
    own = Q(pk__in=consents.filter(contact__isnull=False).values("contact"))
    whole = Q(customer__in=consents.filter(contact__isnull=True).values("customer"))
    willing = Contact.objects.filter(own | whole, status=ContactStatus.ACTIVE, has_opted_out=False)
    willing = willing.exclude(activities=[])
    if group == "willing":
        return willing
    acted = Q(pk__in=acts.exclude(activity__in=ANSWERS_ONLY).values("contact"))
    return willing.filter(acted if group == "acted" else ~acted)


def _done(today: date, prefix: str = "") -> Q:
    """Completed within the past 365 days."""
    wanted = {"status": EngagementStatus.COMPLETED, "on__gt": today - YEAR, "on__lte": today}
    return Q(**{f"{prefix}{name}": value for name, value in wanted.items()})
