"""How advocacy is run: one row, kept by managers."""

from decimal import Decimal

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class AdvocacySettings(models.Model):
    """The one row of settings: shares of points by stage, expiry, when somebody is quiet, and what a referral saves."""

    share_accepted = models.PositiveSmallIntegerField(_("share for saying yes, %"), default=10)
    share_scheduled = models.PositiveSmallIntegerField(_("share for a fixed date, %"), default=10)
    share_done = models.PositiveSmallIntegerField(_("share for doing it, %"), default=50)
    share_confirmed = models.PositiveSmallIntegerField(_("share once it is confirmed, %"), default=30)
    points_expire_months = models.PositiveSmallIntegerField(
        _("points expire after months"), default=24, help_text=_("0: never")
    )
    quiet_after_months = models.PositiveSmallIntegerField(
        _("quiet after months"), default=6, validators=[MinValueValidator(1)]
    )
    answer_days = models.PositiveSmallIntegerField(
        _("days to answer an ask"), default=14, validators=[MinValueValidator(1), MaxValueValidator(180)]
    )
    margin_percent = models.DecimalField(
        _("margin of a referred sale, %"), max_digits=5, decimal_places=2, default=Decimal(30)
    )
    acquisition_saved = models.DecimalField(
        _("acquisition cost that a referral saves"), max_digits=12, decimal_places=2, default=Decimal(0)
    )
    discount_percent = models.DecimalField(
        _("yearly discount rate, %"), max_digits=5, decimal_places=2, default=Decimal(10)
    )
    currency = models.CharField(_("currency"), max_length=3, default="USD")
    review_disclosure = models.CharField(
        _("what is disclosed where points are given"),
        max_length=300,
        blank=True,
        default="",
        help_text=_("Shown beside every ask that earns points, and to be repeated in a review"),
    )

    class Meta:
        verbose_name = _("advocacy settings")
        verbose_name_plural = _("advocacy settings")
        constraints = [
            models.CheckConstraint(condition=Q(pk=1), name="advocacy_settings_one_row"),
            models.CheckConstraint(
                condition=Q(share_confirmed=100 - F("share_accepted") - F("share_scheduled") - F("share_done")),
                name="advocacy_shares_are_whole",
            ),
        ]

    def __str__(self) -> str:
        return "advocacy settings"
