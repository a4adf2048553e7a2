"""The filter of recovery plays, for pages and the API."""

from typing import Any, ClassVar

import django_filters
from django.db.models import Q, QuerySet
from django.utils import timezone

from advocacy.enums import PlayKind, PlayResult, PlayStatus
from advocacy.models import RecoveryPlay
from advocacy.querysets import OPEN_PLAYS
from references.filtering import StableOrderingFilter, WordsFilter
from references.pool.index import current_snapshot
from references.record_filters import REPEAT, IdFilter
from references.rights import nameable_customers

RESULTS = [(result.value or "waiting", result.label) for result in PlayResult]


class PlayFilter(django_filters.FilterSet):  # type: ignore[misc]
    """Finds recovery plays by state, kind, owner, whose they are, whether they are late, and what came of them."""

    status = django_filters.MultipleChoiceFilter(choices=PlayStatus.choices, help_text=REPEAT)
    kind = django_filters.ChoiceFilter(choices=PlayKind.choices, help_text="How somebody is won back.")
    owner = IdFilter(field_name="owner", help_text="Id of the user whose play it is.")
    contact = IdFilter(field_name="contact", help_text="Id of a person.")
    customer = IdFilter(field_name="contact__customer", help_text="Id of a customer.")
    overdue = django_filters.BooleanFilter(method="being_overdue", help_text="Open, and its day is over; or not.")
    result = django_filters.ChoiceFilter(
        choices=RESULTS, method="having_result", help_text="What the next score says; waiting: none yet."
    )
    search = WordsFilter(label="Words", help_text="Words of the play, or of the customer's name.")
    ordering = StableOrderingFilter("due_on", "opened_at", "ended_at", "score", "next_score", default="due_on")

    class Meta:
        model = RecoveryPlay
        fields: ClassVar[list[str]] = []

    def being_overdue(self, rows: QuerySet[Any], name: str, value: bool) -> QuerySet[Any]:
        late = Q(status__in=OPEN_PLAYS, due_on__lt=timezone.localdate())
        return rows.filter(late) if value else rows.exclude(late)

    def having_result(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return rows.filter(result="" if value == "waiting" else value)

    def containing(self, word: str) -> Q:
        """In the name of the play, or the customer's where the viewer may see it."""
        nameable = nameable_customers(self.request.user, current_snapshot().policy).values("pk")
        return Q(name__icontains=word) | Q(contact__customer__in=nameable, contact__customer__name__icontains=word)
