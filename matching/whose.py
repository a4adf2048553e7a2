"""The filter of requests by whose they are: the viewer's own, their team's, those they watch, or all they see."""

from typing import ClassVar

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy

from matching.filters import RequestFilter
from matching.models import Request
from users.models import User

WHOSE = (
    ("mine", gettext_lazy("Mine")),
    ("team", gettext_lazy("My team’s")),
    ("watched", gettext_lazy("Watched")),
    ("all", gettext_lazy("All I see")),
)


class WhoseRequestFilter(RequestFilter):
    """The filters of requests, and whose they are."""

    whose = django_filters.ChoiceFilter(choices=WHOSE, method="keep_whose", help_text="Of those that you see.")

    class Meta(RequestFilter.Meta):
        fields: ClassVar[list[str]] = []

    def keep_whose(self, queryset: QuerySet[Request], name: str, value: str) -> QuerySet[Request]:
        user: User = self.request.user
        if value == "mine":
            return queryset.filter(owner=user)
        if value == "team":
            return queryset.none() if user.team_id is None else queryset.filter(owner__team=user.team_id)
        if value == "watched":
            watched = Request.objects.filter(watchers=user).values("pk")
            return queryset.filter(pk__in=watched)
        return queryset
