"""The filters of consents: for what, where, how they stand, and which end soon."""

from datetime import timedelta
from typing import Any, ClassVar

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from references import activities
from references.enums import AskAnswer, Channel
from references.filtering import StableOrderingFilter
from references.models import Consent, ConsentAsk
from references.services.consent_asks import OPEN_FOR

STATES = (
    ("in_force", _("in force")),
    ("to_come", _("to come")),
    ("over", _("over")),
    ("superseded", _("superseded")),
    ("revoked", _("revoked")),
)
MOST_DAYS = 3660


class DaysFilter(django_filters.Filter):  # type: ignore[misc]
    """A number of days from today on."""

    field_class = forms.IntegerField

    def __init__(self, **options: Any) -> None:
        super().__init__(min_value=0, max_value=MOST_DAYS, **options)


class ConsentFilter(django_filters.FilterSet):  # type: ignore[misc]
    """Finds consents by what they are for, where, how they stand, and how soon they end."""

    activity = django_filters.MultipleChoiceFilter(choices=activities.CHOICES)
    channel = django_filters.MultipleChoiceFilter(choices=Channel.choices)
    state = django_filters.ChoiceFilter(choices=STATES, method="standing")
    ends_within = DaysFilter(method="ending")
    customer = django_filters.NumberFilter(field_name="customer")
    contact = django_filters.NumberFilter(field_name="contact")
    ordering = StableOrderingFilter("valid_until", "recorded_at", default="-recorded_at")

    class Meta:
        model = Consent
        fields: ClassVar[list[str]] = []

    def standing(self, rows: QuerySet[Consent], _name: str, state: str) -> QuerySet[Consent]:
        """Those that stand so today."""
        today = timezone.localdate()
        if state == "revoked":
            return rows.filter(revoked_at__isnull=False)
        if state == "superseded":
            return rows.filter(revoked_at__isnull=True, superseded_by__isnull=False)
        live = rows.filter(revoked_at__isnull=True, superseded_by__isnull=True)
        if state == "over":
            return live.filter(valid_until__lt=today)
        current = live.filter(Q(valid_until__isnull=True) | Q(valid_until__gte=today))
        return current.filter(valid_from__gt=today) if state == "to_come" else current.filter(valid_from__lte=today)

    def ending(self, rows: QuerySet[Consent], _name: str, days: int) -> QuerySet[Consent]:
        """Those in force whose last day is within so many days."""
        last = timezone.localdate() + timedelta(days=int(days))
        return self.standing(rows, "", "in_force").filter(valid_until__lte=last)


class ConsentAskFilter(django_filters.FilterSet):  # type: ignore[misc]
    """Finds asks for consents by what they are for, and how they were answered."""

    activity = django_filters.MultipleChoiceFilter(choices=activities.CHOICES)
    answer = django_filters.ChoiceFilter(
        choices=[("waiting", _("waiting")), ("lapsed", _("no answer")), *AskAnswer.choices[1:]], method="answered"
    )
    ordering = StableOrderingFilter("asked_at", "answered_at", default="-asked_at")

    class Meta:
        model = ConsentAsk
        fields: ClassVar[list[str]] = []

    def answered(self, rows: QuerySet[ConsentAsk], _name: str, answer: str) -> QuerySet[ConsentAsk]:
        """Those answered so; one that nobody answered in time has lapsed."""
        since = timezone.now() - OPEN_FOR
        if answer == "waiting":
            return rows.filter(answer=AskAnswer.WAITING, asked_at__gt=since)
        if answer == "lapsed":
            return rows.filter(answer=AskAnswer.WAITING, asked_at__lte=since)
        return rows.filter(answer=answer)
