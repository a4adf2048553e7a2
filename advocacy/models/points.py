"""Points: an append-only ledger per person, the levels and badges that follow from it, and what each act is worth."""

from typing import ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from advocacy.enums import BadgeRule, EntryKind, Stage
from advocacy.querysets import PointsQuerySet
from references import activities
from references.models import Contact


class PointsRule(models.Model):
    """What taking part in one activity is worth, whatever is said there; answering our survey is worth none."""

    activity = models.CharField(_("activity"), max_length=12, choices=activities.CHOICES, unique=True)
    points = models.PositiveIntegerField(_("points"), validators=[MaxValueValidator(100_000)])

    class Meta:
        ordering = ["points", "activity"]
        verbose_name = _("worth of an activity")
        verbose_name_plural = _("worth of activities")
        constraints = [models.CheckConstraint(condition=~Q(activity="survey"), name="points_rule_never_for_scores")]

    def __str__(self) -> str:
        return f"{self.activity} {self.points}"


class PointsAccount(models.Model):
    """One person's points: `balance` can be spent, `lifetime` gives the level. Both are sums of the entries."""

    contact = models.OneToOneField(Contact, on_delete=models.PROTECT, related_name="points_account")
    balance = models.IntegerField(_("balance"), default=0)
    lifetime = models.IntegerField(_("lifetime points"), default=0)
    is_on_leaderboard = models.BooleanField(_("on the leaderboard"), default=False)
    alias = models.CharField(_("name on the leaderboard"), max_length=60, blank=True)
    opened_at = models.DateTimeField(_("opened"), default=timezone.now)

    objects: ClassVar["PointsQuerySet[PointsAccount]"] = PointsQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["-lifetime", "id"]
        verbose_name = _("points account")
        verbose_name_plural = _("points accounts")
        indexes = [models.Index(fields=["is_on_leaderboard", "-lifetime"], name="points_leaderboard")]
        constraints = [
            models.CheckConstraint(condition=Q(balance__gte=0), name="points_balance_never_negative"),
            models.CheckConstraint(condition=Q(lifetime__gte=0), name="points_lifetime_never_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.contact_id}: {self.balance}"


class PointsEntry(models.Model):
    """One movement of points, written once per `source` and never changed; what is taken back has a counter-entry."""

    account = models.ForeignKey(PointsAccount, on_delete=models.PROTECT, related_name="entries")
    amount = models.IntegerField(_("points"))
    kind = models.CharField(_("kind"), max_length=8, choices=EntryKind.choices)
    stage = models.CharField(_("stage"), max_length=9, choices=Stage.choices, blank=True)
    activity = models.CharField(_("activity"), max_length=12, choices=activities.CHOICES, blank=True)
    source = models.CharField(_("source"), max_length=200, unique=True)
    reverses = models.OneToOneField(
        "self", verbose_name=_("takes back"), null=True, blank=True, on_delete=models.PROTECT, related_name="reversal"
    )
    shortfall = models.PositiveIntegerField(
        _("could not be taken back"), default=0, help_text=_("Had been spent by then")
    )
    on = models.DateField(_("date"), db_column="happens_on", default=timezone.localdate)
    expires_on = models.DateField(_("expires"), null=True, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    note = models.CharField(_("note"), max_length=300, blank=True)
    recorded_at = models.DateTimeField(_("recorded"), default=timezone.now)

    objects: ClassVar["PointsQuerySet[PointsEntry]"] = PointsQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["-id"]
        verbose_name = _("points entry")
        verbose_name_plural = _("points entries")
        indexes = [
            models.Index(fields=["account", "on"], name="points_entry_by_account"),
            models.Index(fields=["expires_on"], name="points_entry_expiry", condition=Q(expires_on__isnull=False)),
        ]
        constraints = [
            models.CheckConstraint(
                condition=(
                    Q(kind__in=["earned", "refunded"], amount__gt=0)
                    | Q(kind__in=["spent", "expired"], amount__lt=0)
                    | Q(kind="reversed", amount__lte=0, reverses__isnull=False)
                    | Q(kind="adjusted")
                ),
                name="points_entry_sign",
            ),
            models.CheckConstraint(
                condition=~Q(kind="earned") | ~Q(activity="survey") | Q(source__startswith="assignment:"),
                name="points_never_for_scores",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.amount:+d} {self.source}"


class Level(models.Model):
    """A level that lifetime points reach, and what it brings."""

    name = models.CharField(_("name"), max_length=60, unique=True)
    from_points = models.PositiveIntegerField(_("from lifetime points"), unique=True)
    perk = models.CharField(_("what it brings"), max_length=300, blank=True)

    class Meta:
        ordering = ["from_points"]
        verbose_name = _("level")
        verbose_name_plural = _("levels")

    def __str__(self) -> str:
        return self.name


class Badge(models.Model):
    """Something worth showing that a person reached: which rule, how many, of which activity."""

    name = models.CharField(_("name"), max_length=60, unique=True)
    about = models.CharField(_("what it is for"), max_length=200, blank=True)
    rule = models.CharField(_("rule"), max_length=14, choices=BadgeRule.choices)
    count = models.PositiveSmallIntegerField(_("number"), default=1, validators=[MinValueValidator(1)])
    activity = models.CharField(_("activity"), max_length=12, choices=activities.CHOICES, blank=True)
    is_active = models.BooleanField(_("in use"), default=True)

    class Meta:
        ordering = ["name"]
        verbose_name = _("badge")
        verbose_name_plural = _("badges")

    def __str__(self) -> str:
        return self.name


class BadgeAward(models.Model):
    """That a person has a badge, and since when; it stays theirs."""

    account = models.ForeignKey(PointsAccount, on_delete=models.CASCADE, related_name="awards")
    badge = models.ForeignKey(Badge, on_delete=models.PROTECT, related_name="awards")
    at = models.DateTimeField(_("awarded"), default=timezone.now)

    class Meta:
        ordering = ["-at", "-id"]
        verbose_name = _("badge award")
        verbose_name_plural = _("badge awards")
        constraints = [models.UniqueConstraint(fields=["account", "badge"], name="badge_once")]

    def __str__(self) -> str:
        return f"{self.account_id}:{self.badge_id}"
