"""The filters of API keys."""

from typing import ClassVar

import django_filters
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from users.models import ApiKey

STATES = (("working", _("Working")), ("ended", _("Ended")), ("all", _("All")))


class ApiKeyFilter(django_filters.FilterSet):  # type: ignore[misc]
    """Finds keys by whether they work, by a word of their name, start or user, and in an order."""

    state = django_filters.ChoiceFilter(choices=STATES, method="filter_state")
    search = django_filters.CharFilter(method="filter_search")
    ordering = django_filters.OrderingFilter(fields=["created", "last_used", "expiry"])

    class Meta:
        model = ApiKey
        fields: ClassVar[list[str]] = []

    def filter_state(self, rows: QuerySet[ApiKey], name: str, value: str) -> QuerySet[ApiKey]:
        """Those that a call may carry now, or those whose time is over."""
        now = timezone.now()
        works = Q(expiry__isnull=True) | Q(expiry__gt=now)
        return {"working": rows.filter(works), "ended": rows.filter(expiry__lte=now)}.get(value, rows)

    def filter_search(self, rows: QuerySet[ApiKey], name: str, value: str) -> QuerySet[ApiKey]:
        """Those with the words in their name, at their start, or in their user's name or address."""
        of_user = Q(user__name__icontains=value) | Q(user__email__icontains=value)
        return rows.filter(Q(name__icontains=value) | Q(token_key__startswith=value) | of_user)
