"""What came of it: both sides' feedback on a reference, and how the deal ended."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from matching.enums import DealResult, Side, Via
from matching.models.matches import Match
from matching.models.requests import Request


class Feedback(models.Model):
    """How one side found a reference: did it happen, did it help (1–5), how many hours it took, again?"""

    match = models.ForeignKey(Match, on_delete=models.CASCADE, related_name="feedback")
    side = models.CharField(_("side"), max_length=9, choices=Side.choices)
    happened = models.BooleanField(_("it took place"), default=True)
    helpful = models.PositiveSmallIntegerField(
        _("how helpful"), null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(5)]
    )
    hours = models.DecimalField(
        _("hours spent"), max_digits=5, decimal_places=2, null=True, blank=True, validators=[MinValueValidator(0)]
    )
    again = models.BooleanField(_("would do it again"), null=True, blank=True)
    comment = models.TextField(_("comment"), blank=True, max_length=4_000)
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    at = models.DateTimeField(_("at"), auto_now_add=True)

    class Meta:
        ordering = ["id"]
        verbose_name = _("feedback")
        verbose_name_plural = _("feedback")
        constraints = [
            models.UniqueConstraint(fields=["match", "side"], name="feedback_once_per_side"),
            models.CheckConstraint(
                condition=Q(helpful__isnull=True) | Q(helpful__range=(1, 5)), name="feedback_helpful_1_to_5"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.side} {self.helpful or '–'}"


class Outcome(models.Model):
    """How the deal of a request ended, and who said so."""

    request = models.OneToOneField(Request, on_delete=models.CASCADE, related_name="outcome")
    result = models.CharField(_("result"), max_length=4, choices=DealResult.choices)
    value = models.DecimalField(_("value"), max_digits=16, decimal_places=2, null=True, blank=True)
    currency = models.CharField(_("currency"), max_length=3, blank=True)
    note = models.CharField(_("note"), max_length=500, blank=True)
    via = models.CharField(_("came in by"), max_length=10, choices=Via.choices, default=Via.PAGE)
    reported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    at = models.DateTimeField(_("at"), auto_now_add=True)

    class Meta:
        ordering = ["-id"]
        verbose_name = _("outcome")
        verbose_name_plural = _("outcomes")
        constraints = [
            models.CheckConstraint(condition=Q(value__isnull=True) | ~Q(currency=""), name="outcome_money_has_currency")
        ]

    def __str__(self) -> str:
        return f"{self.result} {self.value or ''}".strip()
