"""Moments that customer success hands to marketing, and what looks wrong and wants a second pair of eyes."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from advocacy.enums import FlagStatus, HandoverStatus
from advocacy.models.asks import AskAssignment
from advocacy.models.referrals import Referral
from advocacy.querysets import FlagQuerySet, HandoverQuerySet
from references.models import Contact, Nomination


class Handover(models.Model):
    """One nominated moment, handed to marketing to ask the customer for something while it is warm."""

    nomination = models.OneToOneField(Nomination, on_delete=models.CASCADE, related_name="handover")
    note = models.TextField(_("what would suit"), max_length=1_000, blank=True)
    status = models.CharField(_("status"), max_length=8, choices=HandoverStatus.choices, default=HandoverStatus.OPEN)
    handed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="handed_over"
    )
    handed_at = models.DateTimeField(_("handed over"), auto_now_add=True)
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="taken_over"
    )
    assignment = models.ForeignKey(
        AskAssignment,
        verbose_name=_("what was asked"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="handovers",
    )
    reply = models.CharField(_("reply"), max_length=300, blank=True)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)

    objects: ClassVar["HandoverQuerySet[Handover]"] = HandoverQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["-id"]
        verbose_name = _("hand-over")
        verbose_name_plural = _("hand-overs")

    def __str__(self) -> str:
        return f"{self.nomination_id} {self.status}"


class FraudFlag(models.Model):
    """Something about a person's referrals or asks that looks wrong; a person decides, nothing happens by itself."""

    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, related_name="fraud_flags")
    referral = models.ForeignKey(Referral, null=True, blank=True, on_delete=models.CASCADE, related_name="flags")
    assignment = models.ForeignKey(AskAssignment, null=True, blank=True, on_delete=models.CASCADE, related_name="flags")
    code = models.CharField(_("sign"), max_length=30)
    detail = models.CharField(_("what was seen"), max_length=300, blank=True)
    status = models.CharField(_("status"), max_length=9, choices=FlagStatus.choices, default=FlagStatus.OPEN)
    note = models.CharField(_("note"), max_length=300, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    raised_at = models.DateTimeField(_("raised"), auto_now_add=True)
    source = models.CharField(_("source"), max_length=200, unique=True)

    objects: ClassVar["FlagQuerySet[FraudFlag]"] = FlagQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["-id"]
        verbose_name = _("fraud flag")
        verbose_name_plural = _("fraud flags")
        indexes = [models.Index(fields=["contact"], name="fraud_open", condition=Q(status="open"))]

    def __str__(self) -> str:
        return f"{self.code} {self.status}"
