"""The filters of points and rewards, for pages and the API."""

from typing import Any, ClassVar

import django_filters
from django.db.models import Q, QuerySet

from advocacy.enums import EntryKind, RedemptionStatus, RewardKind
from advocacy.models import Level, PointsAccount, PointsEntry, Redemption, Reward
from references import activities
from references.filtering import StableOrderingFilter, WordsFilter
from references.pool.index import current_snapshot
from references.record_filters import REPEAT, IdFilter
from references.rights import nameable_customers


class PointsAccountFilter(django_filters.FilterSet):  # type: ignore[misc]
    """Finds points accounts by level, badge, owner, what they hold, and by the customer's name."""

    level = IdFilter(method="on_level", help_text="Id of a level: those who stand on it, not above.")
    badge = IdFilter(field_name="awards__badge", help_text="Id of a badge that they have.")
    contact = IdFilter(field_name="contact", help_text="Id of a promoter.")
    customer = IdFilter(field_name="contact__customer", help_text="Id of a customer.")
    owner = IdFilter(field_name="contact__customer__account_owner", help_text="Id of an account owner.")
    is_on_leaderboard = django_filters.BooleanFilter(help_text="Whether they want to be on the leaderboard.")
    min_balance = django_filters.NumberFilter(field_name="balance", lookup_expr="gte", help_text="At least so many.")
    search = WordsFilter(label="Words", help_text="Words of the customer's name, or of the name on the leaderboard.")
    ordering = StableOrderingFilter("lifetime", "balance", "last_on", "opened_at", default="-lifetime")

    class Meta:
        model = PointsAccount
        fields: ClassVar[list[str]] = []

    def containing(self, word: str) -> Q:
        """In the customer's name where the viewer may see it, or in the alias of who shows one."""
        nameable = nameable_customers(self.request.user, current_snapshot().policy).values("pk")
        named = Q(contact__customer__in=nameable, contact__customer__name__icontains=word)
        return named | Q(is_on_leaderboard=True, alias__icontains=word)

    def on_level(self, queryset: QuerySet[Any], name: str, value: int) -> QuerySet[Any]:
        level = Level.objects.filter(pk=value).first()
        if level is None:
            return queryset.none()
        above = Level.objects.filter(from_points__gt=level.from_points).values_list("from_points", flat=True).first()
        found = queryset.filter(lifetime__gte=level.from_points)
        return found if above is None else found.filter(lifetime__lt=above)


class PointsEntryFilter(django_filters.FilterSet):  # type: ignore[misc]
    """Finds movements of points by kind, activity, account and day."""

    kind = django_filters.MultipleChoiceFilter(choices=EntryKind.choices, help_text=REPEAT)
    activity = django_filters.MultipleChoiceFilter(choices=activities.CHOICES, help_text=REPEAT)
    contact = IdFilter(field_name="account__contact", help_text="Id of a promoter.")
    from_day = django_filters.DateFilter(field_name="on", lookup_expr="gte", help_text="First day.")
    until_day = django_filters.DateFilter(field_name="on", lookup_expr="lte", help_text="Last day.")
    ordering = StableOrderingFilter("recorded_at", "on", "amount", default="-recorded_at")

    class Meta:
        model = PointsEntry
        fields: ClassVar[list[str]] = []


class RewardFilter(django_filters.FilterSet):  # type: ignore[misc]
    """Finds rewards by kind, whether they are offered and left, and by word."""

    kind = django_filters.MultipleChoiceFilter(choices=RewardKind.choices, help_text=REPEAT)
    is_active = django_filters.BooleanFilter(help_text="Offered, or not any more.")
    is_left = django_filters.BooleanFilter(method="being_left", help_text="Whether any is left.")
    search = WordsFilter(label="Words", help_text="Words of the name or of what it is.")
    ordering = StableOrderingFilter("cost", "name", "stock", default="cost")

    class Meta:
        model = Reward
        fields: ClassVar[list[str]] = []

    def containing(self, word: str) -> Q:
        return Q(name__icontains=word) | Q(about__icontains=word)

    def being_left(self, queryset: QuerySet[Any], name: str, value: bool) -> QuerySet[Any]:
        return queryset.exclude(stock=0) if value else queryset.filter(stock=0)


class RedemptionFilter(django_filters.FilterSet):  # type: ignore[misc]
    """Finds redemptions by status, reward, person, customer and day."""

    status = django_filters.MultipleChoiceFilter(choices=RedemptionStatus.choices, help_text=REPEAT)
    reward = IdFilter(field_name="reward", help_text="Id of a reward.")
    contact = IdFilter(field_name="account__contact", help_text="Id of a promoter.")
    customer = IdFilter(field_name="account__contact__customer", help_text="Id of a customer.")
    search = WordsFilter(label="Words", help_text="Words of the reward, or of the customer's name.")
    ordering = StableOrderingFilter("requested_at", "decided_at", "cost", default="-requested_at")

    class Meta:
        model = Redemption
        fields: ClassVar[list[str]] = []

    def containing(self, word: str) -> Q:
        """In the name of the reward, or the customer's where the viewer may see it."""
        nameable = nameable_customers(self.request.user, current_snapshot().policy).values("pk")
        person = Q(account__contact__customer__in=nameable, account__contact__customer__name__icontains=word)
        return Q(reward__name__icontains=word) | person
