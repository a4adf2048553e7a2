"""Campaigns: what is asked, of whom, in which words; and the invitation of each person."""

import secrets
from typing import ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from references.models import Contact, Tag
from surveys.enums import CampaignStatus, InvitationChannel, InvitationStatus
from surveys.querysets import CampaignQuerySet, InvitationQuerySet


def make_widget_token() -> str:
    """What stands in the address of a campaign's widget; anybody who sees the page it is on can read it."""
    return secrets.token_urlsafe(16)


class Campaign(models.Model):
    """One survey: its question in every language it is asked in, its audience, how long it runs, and what follows."""

    name = models.CharField(_("name"), max_length=120, unique=True)
    status = models.CharField(_("status"), max_length=8, choices=CampaignStatus.choices, default=CampaignStatus.DRAFT)
    product = models.ForeignKey(
        Tag, verbose_name=_("product"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    subject_name = models.CharField(
        _("what is recommended"), max_length=120, blank=True, help_text=_("Stands in the question; empty: the program")
    )
    texts = models.JSONField(
        _("wording"), default=dict, blank=True, help_text=_("By language: question, why, thanks, invitation")
    )
    audience = models.CharField(
        _("audience"), max_length=2_000, blank=True, help_text=_("A filter of the pool, as in its address")
    )
    sample_size = models.PositiveIntegerField(
        _("ask at most so many"), null=True, blank=True, validators=[MinValueValidator(1)]
    )
    seed = models.PositiveIntegerField(_("seed of the sample"), default=1, editable=False)
    rest_days = models.PositiveSmallIntegerField(_("rest since the last survey, days"), default=90)
    reminder_days = models.PositiveSmallIntegerField(_("remind after days"), default=5)
    most_reminders = models.PositiveSmallIntegerField(
        _("reminders at most"), default=1, validators=[MaxValueValidator(3)]
    )
    opens_on = models.DateField(_("from"), null=True, blank=True)
    closes_on = models.DateField(_("until"), null=True, blank=True)
    asks_consent = models.BooleanField(_("asks promoters for their consent"), default=True)
    shows_review_sites = models.BooleanField(_("shows review sites to everybody who answers"), default=False)
    welcomes_at_once = models.BooleanField(
        _("who consents is in the pool at once"), default=False, help_text=_("Otherwise a manager decides")
    )
    pauses_on_fall = models.BooleanField(_("a fall in score pauses references"), default=True)
    opens_plays = models.BooleanField(_("low scores open recovery plays"), default=True)
    widget_token = models.CharField(_("widget"), max_length=40, unique=True, default=make_widget_token, editable=False)
    widget_origins = models.JSONField(
        _("sites that may show the widget"), default=list, blank=True, help_text=_("https://app.example.com")
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="survey_campaigns"
    )
    silent_values = models.JSONField(_("values nobody with a score has"), default=dict, blank=True, editable=False)
    started_at = models.DateTimeField(_("started"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    creation_key = models.CharField(_("creation key"), max_length=200, unique=True, editable=False)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    updated_at = models.DateTimeField(_("updated"), auto_now=True)

    objects: ClassVar["CampaignQuerySet[Campaign]"] = CampaignQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["-id"]
        verbose_name = _("survey campaign")
        verbose_name_plural = _("survey campaigns")
        constraints = [
            models.CheckConstraint(
                condition=Q(opens_on__isnull=True) | Q(closes_on__isnull=True) | Q(closes_on__gte=models.F("opens_on")),
                name="campaign_closes_after_it_opens",
            )
        ]

    def __str__(self) -> str:
        return self.name


class Invitation(models.Model):
    """One person was asked to answer a campaign; its ledger row is the engagement whose source is "survey:ID"."""

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="invitations")
    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, related_name="survey_invitations")
    channel = models.CharField(
        _("channel"), max_length=5, choices=InvitationChannel.choices, default=InvitationChannel.EMAIL
    )
    status = models.CharField(
        _("status"), max_length=9, choices=InvitationStatus.choices, default=InvitationStatus.WAITING
    )
    skipped_because = models.CharField(_("why not asked"), max_length=30, blank=True)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    reminders = models.PositiveSmallIntegerField(_("reminders"), default=0)
    reminded_at = models.DateTimeField(_("last reminded"), null=True, blank=True)
    calls = models.PositiveSmallIntegerField(_("calls tried"), default=0)
    call_again_on = models.DateField(_("call again on"), null=True, blank=True)
    call_note = models.CharField(_("note of the call"), max_length=300, blank=True)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    objects: ClassVar["InvitationQuerySet[Invitation]"] = InvitationQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["id"]
        verbose_name = _("survey invitation")
        verbose_name_plural = _("survey invitations")
        indexes = [models.Index(fields=["campaign", "status"], name="invitation_by_status")]
        constraints = [models.UniqueConstraint(fields=["campaign", "contact"], name="invitation_once")]

    def __str__(self) -> str:
        return f"{self.campaign_id}:{self.contact_id} {self.status}"

    @property
    def source(self) -> str:
        """The source of its row in the ledger."""
        return f"survey:{self.pk}"


class SurveyOptOut(models.Model):
    """That a person wants no more surveys; they may still be asked for other things."""

    contact = models.OneToOneField(Contact, on_delete=models.CASCADE, related_name="survey_opt_out")
    at = models.DateTimeField(_("since"), auto_now_add=True)

    class Meta:
        verbose_name = _("survey opt-out")
        verbose_name_plural = _("survey opt-outs")

    def __str__(self) -> str:
        return f"{self.contact_id}"
