"""The filter of who is at risk, for pages and the API: over what `at_risk.list_at_risk` gives."""

from typing import Any, ClassVar

import django_filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from references.filtering import StableOrderingFilter, WordsFilter
from references.models import Contact
from references.record_filters import IdFilter
from surveys.at_risk import FELL, LOW, PLAY, RED, RENEWAL, SILENT, WEIGHTS

REASONS = [
    (LOW, _("a low score")),
    (FELL, _("a fall in score")),
    (RED, _("red health")),
    (SILENT, _("silent twice")),
    (PLAY, _("a recovery play")),
    (RENEWAL, _("a renewal near")),
]
PLAYS = [("none", _("none open")), ("open", _("under way"))]


class RiskFilter(django_filters.FilterSet):  # type: ignore[misc]
    """Finds people at risk by the reason, whose they are, whether somebody is at it, when they renew, and word."""

    reason = django_filters.ChoiceFilter(choices=REASONS, method="having_reason", help_text="One of the reasons.")
    play = django_filters.ChoiceFilter(choices=PLAYS, method="having_play", help_text="none, or open.")
    owner = IdFilter(field_name="customer__account_owner", help_text="Id of an account owner.")
    customer = IdFilter(field_name="customer", help_text="Id of a customer.")
    renews_before = django_filters.DateFilter(
        field_name="customer__renewal_date", lookup_expr="lte", help_text="Last day of the renewal."
    )
    search = WordsFilter(label="Words", help_text="Words of the name, or of the customer's: all here may be known.")
    ordering = StableOrderingFilter("risk", "nps_score", "nps_on", "customer__renewal_date", default="-risk")

    class Meta:
        model = Contact
        fields: ClassVar[list[str]] = []

    def having_reason(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return rows.filter(**{f"is_{value}": 1}) if value in WEIGHTS else rows

    def having_play(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return rows.filter(**{f"is_{PLAY}": int(value == "open")})

    def containing(self, word: str) -> Q:
        """In the person's or the customer's name: `list_at_risk` gives only people whom the viewer may know."""
        return Q(name__icontains=word) | Q(customer__name__icontains=word)
