"""Asks: what a person can be asked for, on a rung of the ladder, and each time somebody was."""

from typing import ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from advocacy.enums import AskCampaignStatus, AssignmentStatus
from advocacy.querysets import AssignmentQuerySet
from references import activities
from references.models import Contact, Nomination


class ReviewSite(models.Model):
    """A site where customers review us, with the address where a review is written."""

    name = models.CharField(_("name"), max_length=120, unique=True)
    url = models.URLField(_("where a review is written"), max_length=500)
    is_active = models.BooleanField(_("in use"), default=True)

    class Meta:
        ordering = ["name"]
        verbose_name = _("review site")
        verbose_name_plural = _("review sites")

    def __str__(self) -> str:
        return self.name


class Ask(models.Model):
    """A template on a rung of the ladder: what is asked for, its effort, its points, and how long it then rests."""

    name = models.CharField(_("name"), max_length=120, unique=True)
    activity = models.CharField(_("activity"), max_length=12, choices=activities.CHOICES)
    rung = models.PositiveSmallIntegerField(_("rung"), validators=[MaxValueValidator(8)])
    text = models.TextField(_("what we ask"), max_length=2_000)
    url = models.URLField(_("where it is done"), max_length=500, blank=True)
    review_site = models.ForeignKey(
        ReviewSite, verbose_name=_("review site"), null=True, blank=True, on_delete=models.PROTECT, related_name="asks"
    )
    minutes = models.PositiveSmallIntegerField(_("minutes it takes"), default=5, validators=[MinValueValidator(1)])
    points = models.PositiveIntegerField(_("points"), default=0, validators=[MaxValueValidator(100_000)])
    cool_down_days = models.PositiveSmallIntegerField(_("rests for days"), default=90)
    needs_evidence = models.BooleanField(_("needs a link or a note as evidence"), default=False)
    disclosure = models.CharField(_("disclosure of the incentive"), max_length=300, blank=True)
    is_active = models.BooleanField(_("in use"), default=True)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    updated_at = models.DateTimeField(_("updated"), auto_now=True)

    class Meta:
        ordering = ["rung", "name"]
        verbose_name = _("ask")
        verbose_name_plural = _("asks")
        constraints = [
            models.CheckConstraint(
                condition=~Q(activity="review") | Q(points=0) | ~Q(disclosure=""), name="ask_review_points_disclosed"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class AskCampaign(models.Model):
    """One ask of many people: those that a filter of the pool finds, as far as they may be asked now."""

    name = models.CharField(_("name"), max_length=120, unique=True)
    ask = models.ForeignKey(Ask, verbose_name=_("ask"), on_delete=models.PROTECT, related_name="campaigns")
    audience = models.CharField(
        _("audience"), max_length=2_000, blank=True, help_text=_("A filter of the pool, as in its address")
    )
    most_people = models.PositiveIntegerField(
        _("at most so many people"), default=50, validators=[MinValueValidator(1), MaxValueValidator(5_000)]
    )
    note = models.TextField(_("a word of our own"), max_length=1_000, blank=True)
    status = models.CharField(
        _("status"), max_length=8, choices=AskCampaignStatus.choices, default=AskCampaignStatus.DRAFT
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="ask_campaigns"
    )
    started_at = models.DateTimeField(_("started"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    left_out = models.JSONField(
        _("left out"), default=dict, blank=True, help_text=_("How many were not asked, by reason")
    )
    creation_key = models.CharField(_("creation key"), max_length=200, unique=True, editable=False)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    class Meta:
        ordering = ["-id"]
        verbose_name = _("ask campaign")
        verbose_name_plural = _("ask campaigns")

    def __str__(self) -> str:
        return self.name


class AskAssignment(models.Model):
    """One person was asked for one thing; its ledger row is the engagement whose source is "assignment:ID"."""

    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, related_name="assignments")
    ask = models.ForeignKey(Ask, on_delete=models.PROTECT, related_name="assignments")
    campaign = models.ForeignKey(
        AskCampaign, null=True, blank=True, on_delete=models.SET_NULL, related_name="assignments"
    )
    nomination = models.ForeignKey(
        Nomination, null=True, blank=True, on_delete=models.SET_NULL, related_name="assignments"
    )
    status = models.CharField(
        _("status"), max_length=10, choices=AssignmentStatus.choices, default=AssignmentStatus.ASKED
    )
    points = models.PositiveIntegerField(_("points"), default=0, help_text=_("As promised when it was asked"))
    reasons = models.JSONField(_("why them"), default=list, blank=True)
    note = models.TextField(_("a word of our own"), max_length=1_000, blank=True)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="asked_assignments"
    )
    asked_at = models.DateTimeField(_("asked"), default=timezone.now)
    answer_by = models.DateField(_("answer by"))
    scheduled_on = models.DateField(_("planned for"), null=True, blank=True)
    done_at = models.DateTimeField(_("done"), null=True, blank=True)
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, blank=True)
    evidence_url = models.URLField(_("evidence, a link"), max_length=500, blank=True)
    evidence = models.TextField(_("evidence, in words"), max_length=2_000, blank=True)
    decline_reason = models.CharField(_("why not"), max_length=300, blank=True)
    reminded_at = models.DateTimeField(_("reminded"), null=True, blank=True)
    creation_key = models.CharField(_("creation key"), max_length=200, unique=True, editable=False)
    updated_at = models.DateTimeField(_("updated"), auto_now=True)

    objects: ClassVar["AssignmentQuerySet[AskAssignment]"] = AssignmentQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["-id"]
        verbose_name = _("assignment of an ask")
        verbose_name_plural = _("assignments of asks")
        indexes = [
            models.Index(fields=["contact", "status"], name="assignment_by_contact"),
            models.Index(fields=["status", "answer_by"], name="assignment_due"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["contact", "ask"],
                condition=Q(status__in=["asked", "accepted", "scheduled"]),
                name="assignment_open_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.ask_id} {self.status} {self.asked_at:%Y-%m-%d}"

    @property
    def source(self) -> str:
        """The source of its row in the ledger, and of what it earns."""
        return f"assignment:{self.pk}"
