"""Rewards: what points can be spent on, who may be given it, and each time somebody asked for it."""

from typing import ClassVar

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from advocacy.enums import RedemptionStatus, RewardKind
from advocacy.models.points import Level, PointsAccount
from advocacy.querysets import RedemptionQuerySet
from references.models import Customer, Tag


class Reward(models.Model):
    """Something of the catalogue: its cost in points, what it is worth in money, and how many are left."""

    name = models.CharField(_("name"), max_length=120, unique=True)
    kind = models.CharField(_("kind"), max_length=8, choices=RewardKind.choices)
    about = models.TextField(_("what it is"), max_length=1_000, blank=True)
    cost = models.PositiveIntegerField(_("cost in points"), validators=[MinValueValidator(1)])
    value = models.DecimalField(_("worth in money"), max_digits=10, decimal_places=2, null=True, blank=True)
    currency = models.CharField(_("currency"), max_length=3, blank=True)
    stock = models.IntegerField(_("left"), null=True, blank=True, help_text=_("Empty: any number"))
    per_person = models.PositiveSmallIntegerField(_("at most so many per person"), null=True, blank=True)
    from_level = models.ForeignKey(
        Level, verbose_name=_("from level"), null=True, blank=True, on_delete=models.PROTECT, related_name="rewards"
    )
    needs_approval = models.BooleanField(_("needs approval"), default=True)
    is_active = models.BooleanField(_("in use"), default=True)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    class Meta:
        ordering = ["cost", "name"]
        verbose_name = _("reward")
        verbose_name_plural = _("rewards")
        constraints = [
            models.CheckConstraint(condition=Q(stock__isnull=True) | Q(stock__gte=0), name="reward_stock_not_negative"),
            models.CheckConstraint(condition=Q(value__isnull=True) | ~Q(currency=""), name="reward_value_has_currency"),
        ]

    def __str__(self) -> str:
        return self.name


class GiftRule(models.Model):
    """What people of a country, or of one employer, may be given; without either it holds for everybody."""

    region = models.ForeignKey(
        Tag, verbose_name=_("country or region"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    customer = models.ForeignKey(
        Customer, verbose_name=_("employer"), null=True, blank=True, on_delete=models.CASCADE, related_name="gift_rules"
    )
    is_forbidden = models.BooleanField(_("no gifts at all"), default=False)
    forbidden_kinds = models.JSONField(_("kinds that may not be given"), default=list, blank=True)
    most_per_gift = models.DecimalField(_("most per gift"), max_digits=10, decimal_places=2, null=True, blank=True)
    most_per_year = models.DecimalField(_("most per year"), max_digits=10, decimal_places=2, null=True, blank=True)
    currency = models.CharField(_("currency"), max_length=3, blank=True)
    needs_employer = models.BooleanField(_("needs the employer's word"), default=False)
    why = models.CharField(_("why"), max_length=300, blank=True)

    class Meta:
        ordering = ["id"]
        verbose_name = _("gift rule")
        verbose_name_plural = _("gift rules")
        constraints = [
            models.CheckConstraint(
                condition=Q(most_per_gift__isnull=True, most_per_year__isnull=True) | ~Q(currency=""),
                name="gift_rule_money_has_currency",
            ),
            models.CheckConstraint(
                condition=Q(region__isnull=True) | Q(customer__isnull=True), name="gift_rule_country_or_employer"
            ),
        ]

    def __str__(self) -> str:
        return self.why or f"gift rule {self.pk}"


class Redemption(models.Model):
    """One time that a person spent points on a reward; cost and worth as they were then."""

    account = models.ForeignKey(PointsAccount, on_delete=models.PROTECT, related_name="redemptions")
    reward = models.ForeignKey(Reward, on_delete=models.PROTECT, related_name="redemptions")
    status = models.CharField(
        _("status"), max_length=9, choices=RedemptionStatus.choices, default=RedemptionStatus.REQUESTED
    )
    cost = models.PositiveIntegerField(_("cost in points"))
    value = models.DecimalField(_("worth in money"), max_digits=10, decimal_places=2, null=True, blank=True)
    currency = models.CharField(_("currency"), max_length=3, blank=True)
    wish = models.CharField(_("a wish"), max_length=300, blank=True, help_text=_("Size, charity, date …"))
    note = models.CharField(_("note"), max_length=300, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    requested_at = models.DateTimeField(_("asked for"), default=timezone.now)
    creation_key = models.CharField(_("creation key"), max_length=200, unique=True, editable=False)

    objects: ClassVar["RedemptionQuerySet[Redemption]"] = RedemptionQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["-id"]
        verbose_name = _("redemption")
        verbose_name_plural = _("redemptions")
        indexes = [models.Index(fields=["status", "requested_at"], name="redemption_queue")]

    def __str__(self) -> str:
        return f"{self.reward_id} {self.status}"

    @property
    def source(self) -> str:
        """The source of what it took from the account."""
        return f"redemption:{self.pk}"
