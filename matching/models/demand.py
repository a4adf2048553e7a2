"""Unmet demand: what was asked for and could not be had, and the work of recruiting that follows from it."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from matching.enums import TaskStatus
from matching.models.requests import Request
from matching.querysets import DemandQuerySet, TaskQuerySet
from references import activities
from references.models import Contact


class UnmetDemand(models.Model):
    """One time that a request found nobody who may be asked: its segment, and what it would have been worth.

    `segment` is {facet: [tag names]} as the brief was understood; `missing` counts the slots left empty.
    """

    request = models.ForeignKey(Request, on_delete=models.CASCADE, related_name="unmet_demands")
    activity = models.CharField(_("activity"), max_length=12, choices=activities.CHOICES)
    segment = models.JSONField(_("segment"), default=dict)
    label = models.CharField(_("segment in words"), max_length=300, blank=True)
    missing = models.PositiveSmallIntegerField(_("references missing"), default=1)
    deal_value = models.DecimalField(_("deal value"), max_digits=16, decimal_places=2, null=True, blank=True)
    currency = models.CharField(_("currency"), max_length=3, blank=True)
    noted_at = models.DateTimeField(_("noted"), auto_now_add=True)
    met_at = models.DateTimeField(_("met after all"), null=True, blank=True)

    objects: ClassVar["DemandQuerySet[UnmetDemand]"] = DemandQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["-id"]
        verbose_name = _("unmet demand")
        verbose_name_plural = _("unmet demands")
        indexes = [models.Index(fields=["noted_at"], name="unmet_by_time")]

    def __str__(self) -> str:
        return self.label or self.activity


class RecruitingTask(models.Model):
    """Work that an unmet demand makes: win one of the nearest promoters for what is missing."""

    demand = models.OneToOneField(UnmetDemand, on_delete=models.CASCADE, related_name="task")
    status = models.CharField(_("status"), max_length=9, choices=TaskStatus.choices, default=TaskStatus.OPEN)
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="recruiting_tasks"
    )
    note = models.CharField(_("note"), max_length=500, blank=True)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)

    objects: ClassVar["TaskQuerySet[RecruitingTask]"] = TaskQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["-id"]
        verbose_name = _("recruiting task")
        verbose_name_plural = _("recruiting tasks")

    def __str__(self) -> str:
        return f"{self.demand_id} {self.status}"


class RecruitingCandidate(models.Model):
    """One of the nearest people for a recruiting task, and what they lack: rule codes with sentences, or tags."""

    task = models.ForeignKey(RecruitingTask, on_delete=models.CASCADE, related_name="candidates")
    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="+")
    rank = models.PositiveSmallIntegerField(_("rank"), default=1)
    fit = models.FloatField(_("fit"), default=0.0)
    lacks = models.JSONField(_("what is lacking"), default=list)
    free_from = models.DateField(_("free from"), null=True, blank=True)

    class Meta:
        ordering = ["task", "rank"]
        verbose_name = _("nearest person")
        verbose_name_plural = _("nearest people")
        constraints = [models.UniqueConstraint(fields=["task", "contact"], name="recruiting_candidate_once")]

    def __str__(self) -> str:
        return f"{self.task_id}:{self.contact_id}"
