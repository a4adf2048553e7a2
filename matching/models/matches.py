"""Matches: one person put forward for one slot of a request, and the approvals this needs."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from matching.enums import LIVE, ApprovalStatus, ApprovalStep, ChosenBy, DeclineReason, MatchStatus
from matching.models.requests import Request
from matching.querysets import ApprovalQuerySet, MatchQuerySet
from references import activities
from references.models import Contact, Engagement


class Match(models.Model):
    """One contact proposed for one slot of a request, with points and reasons frozen as they were ranked.

    `engagement` is its row in the ledger: held, asked, planned, completed. `probability` is 1 unless a draw chose it.
    """

    request = models.ForeignKey(Request, on_delete=models.PROTECT, related_name="matches")
    slot = models.PositiveSmallIntegerField(_("slot"), default=1)
    contact = models.ForeignKey(Contact, verbose_name=_("promoter"), on_delete=models.PROTECT, related_name="matches")
    engagement = models.ForeignKey(
        Engagement, verbose_name=_("ledger row"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    status = models.CharField(_("status"), max_length=14, choices=MatchStatus.choices, default=MatchStatus.PROPOSED)
    chosen_by = models.CharField(_("chosen by"), max_length=11, choices=ChosenBy.choices, default=ChosenBy.RANKING)
    rank = models.PositiveSmallIntegerField(_("rank"), default=0)
    score = models.FloatField(_("score"), default=0.0)
    fit = models.FloatField(_("fit"), default=0.0)
    terms = models.JSONField(_("reasons"), default=list)
    headline = models.CharField(_("description without names"), max_length=400, blank=True)
    band = models.CharField(_("fatigue band when proposed"), max_length=10, blank=True)
    probability = models.FloatField(_("probability of the draw"), default=1.0)
    activity = models.CharField(_("activity"), max_length=12, choices=activities.CHOICES)
    on = models.DateField(_("date"), db_column="happens_on")
    policy_version = models.PositiveIntegerField(_("policy version"), default=0)
    pool_revision = models.CharField(_("pool revision"), max_length=80, blank=True)
    override_codes = models.JSONField(_("rules overridden"), default=list, blank=True)
    override_reason = models.CharField(_("why overridden"), max_length=300, blank=True)
    overridden_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    holds_taken = models.PositiveSmallIntegerField(_("holds taken"), default=0)
    invited_at = models.DateTimeField(_("invited"), null=True, blank=True)
    answer_due_at = models.DateTimeField(_("answer due"), null=True, blank=True)
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)
    offered_times = models.JSONField(_("times the promoter offers"), default=list, blank=True)
    scheduled_at = models.DateTimeField(_("scheduled for"), null=True, blank=True)
    minutes = models.PositiveSmallIntegerField(_("minutes"), default=30)
    meeting = models.CharField(_("where it takes place"), max_length=300, blank=True)
    decline_reason = models.CharField(_("reason of the no"), max_length=10, choices=DeclineReason.choices, blank=True)
    decline_note = models.TextField(_("words of the no"), blank=True)
    completed_at = models.DateTimeField(_("completed"), null=True, blank=True)
    version = models.PositiveIntegerField(_("version"), default=1)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    updated_at = models.DateTimeField(_("updated"), auto_now=True)

    objects: ClassVar["MatchQuerySet[Match]"] = MatchQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["request", "slot", "id"]
        verbose_name = _("match")
        verbose_name_plural = _("matches")
        indexes = [
            models.Index(fields=["status", "answer_due_at"], name="match_by_status"),
            models.Index(fields=["contact", "status"], name="match_by_contact"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["request", "slot"], condition=Q(status__in=LIVE), name="match_one_live_per_slot"
            ),
            models.UniqueConstraint(
                fields=["request", "contact"], condition=Q(status__in=LIVE), name="match_one_live_per_contact"
            ),
            models.CheckConstraint(
                condition=~Q(status="scheduled") | Q(scheduled_at__isnull=False), name="match_scheduled_has_time"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.headline or self.activity} ({self.status})"

    @property
    def is_live(self) -> bool:
        """Whether it still goes somewhere."""
        return self.status in LIVE


class Approval(models.Model):
    """One yes that a match needs before its promoter is asked. `assignee` is whose turn it is; None for any manager."""

    match = models.ForeignKey(Match, on_delete=models.CASCADE, related_name="approvals")
    step = models.CharField(_("step"), max_length=8, choices=ApprovalStep.choices)
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="approvals_assigned"
    )
    status = models.CharField(
        _("status"), max_length=10, choices=ApprovalStatus.choices, default=ApprovalStatus.PENDING
    )
    why = models.CharField(_("why it is needed"), max_length=300, blank=True)
    due_at = models.DateTimeField(_("due"))
    escalated_at = models.DateTimeField(_("escalated"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=300, blank=True)

    objects: ClassVar["ApprovalQuerySet[Approval]"] = ApprovalQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["due_at", "id"]
        verbose_name = _("approval")
        verbose_name_plural = _("approvals")
        indexes = [models.Index(fields=["status", "due_at"], name="approval_queue")]
        constraints = [models.UniqueConstraint(fields=["match", "step"], name="approval_once_per_step")]

    def __str__(self) -> str:
        return f"{self.step} {self.status}"
