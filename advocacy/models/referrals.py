"""Referrals: whom a promoter brought, how it went on, and what it was worth."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from advocacy.enums import ReferralStatus, ReferralVia
from advocacy.querysets import ReferralQuerySet
from references.models import Contact, Customer


class Referral(models.Model):
    """One lead that a person referred; `became` is the customer it turned into, whose people may refer in their turn.

    The lead's name and address are guarded like any contact's.
    """

    referrer = models.ForeignKey(Contact, on_delete=models.PROTECT, related_name="referrals")
    lead_name = models.CharField(_("name"), max_length=200)
    lead_email = models.EmailField(_("e-mail"), blank=True)
    lead_phone = models.CharField(_("phone"), max_length=60, blank=True)
    company = models.CharField(_("company"), max_length=200)
    folded_company = models.CharField(_("folded company"), max_length=200, editable=False, db_index=True)
    note = models.TextField(_("what they need"), max_length=2_000, blank=True)
    status = models.CharField(_("status"), max_length=12, choices=ReferralStatus.choices, default=ReferralStatus.NEW)
    via = models.CharField(_("came in by"), max_length=4, choices=ReferralVia.choices, default=ReferralVia.HUB)
    lead_agreed = models.BooleanField(_("the lead agreed to hear from us"), default=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="owned_referrals"
    )
    value = models.DecimalField(_("value"), max_digits=14, decimal_places=2, null=True, blank=True)
    currency = models.CharField(_("currency"), max_length=3, blank=True)
    deal_id = models.CharField(_("deal in the CRM"), max_length=120, blank=True)
    became = models.ForeignKey(
        Customer,
        verbose_name=_("became customer"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="came_by",
    )
    duplicate_of = models.ForeignKey(
        "self", verbose_name=_("the same as"), null=True, blank=True, on_delete=models.SET_NULL, related_name="copies"
    )
    warnings = models.JSONField(_("to be checked"), default=list, blank=True)
    reason = models.CharField(_("why"), max_length=300, blank=True, help_text=_("Why it was lost or disqualified"))
    created_at = models.DateTimeField(_("referred"), default=timezone.now)
    qualified_at = models.DateTimeField(_("qualified"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    creation_key = models.CharField(_("creation key"), max_length=200, unique=True, editable=False)

    objects: ClassVar["ReferralQuerySet[Referral]"] = ReferralQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["-id"]
        verbose_name = _("referral")
        verbose_name_plural = _("referrals")
        indexes = [
            models.Index(fields=["status", "created_at"], name="referral_queue"),
            models.Index(fields=["lead_email"], name="referral_by_email"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(value__isnull=True) | ~Q(currency=""), name="referral_value_currency"),
            models.CheckConstraint(
                condition=Q(became__isnull=True) | Q(status="won"), name="referral_became_only_when_won"
            ),
        ]

    def __str__(self) -> str:
        return self.company

    @property
    def source(self) -> str:
        """The source of its row in the ledger, and of what it earns."""
        return f"referral:{self.pk}"
