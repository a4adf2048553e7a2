"""Requests: what a salesperson needs for a deal, and what is said about it."""

from typing import ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from matching.enums import RequestStatus, Urgency, Via
from matching.querysets import RequestQuerySet
from references import activities
from references.models import Contact, SpeakingSlot

MOST_REFERENCES = 10


class Request(models.Model):
    """One need for references: the deal, the brief as it was understood, how many, for what, by when.

    `need` and `corrections` freeze the reading; `seed` makes its draws repeatable. `best_*` say who would have been the
    best at submission and whether they could be asked. `version` grows with every change to it or to its matches.
    """

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("requested by"), on_delete=models.PROTECT, related_name="requests"
    )
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("sent or changed by"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("Who last decided what is asked for: approvals fall away by their rights too"),
    )
    watchers = models.ManyToManyField(
        settings.AUTH_USER_MODEL, verbose_name=_("watched by"), blank=True, related_name="watched_requests"
    )
    status = models.CharField(_("status"), max_length=10, choices=RequestStatus.choices, default=RequestStatus.DRAFT)
    deal = models.CharField(_("deal"), max_length=200)
    deal_id = models.CharField(_("deal in the CRM"), max_length=120, blank=True)
    deal_stage = models.CharField(_("stage"), max_length=80, blank=True)
    deal_value = models.DecimalField(_("deal value"), max_digits=16, decimal_places=2, null=True, blank=True)
    currency = models.CharField(_("currency"), max_length=3, blank=True)
    prospects = models.JSONField(
        _("prospects"), default=list, blank=True, help_text=_("Who wants to hear it; several for a group call")
    )
    brief = models.TextField(_("brief"), blank=True)
    need = models.JSONField(_("brief as understood"), default=dict, blank=True)
    corrections = models.JSONField(_("corrections of the reading"), default=dict, blank=True)
    activity = models.CharField(_("activity"), max_length=12, choices=activities.CHOICES, default="call")
    chosen = models.JSONField(
        _("people chosen"), default=list, blank=True, help_text=_("Contacts to put forward first, by id")
    )
    speaking_slot = models.ForeignKey(
        SpeakingSlot,
        verbose_name=_("speaking slot"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="requests",
        help_text=_("For which a speaker is sourced"),
    )
    quantity = models.PositiveSmallIntegerField(
        _("how many references"), default=1, validators=[MinValueValidator(1), MaxValueValidator(MOST_REFERENCES)]
    )
    needed_by = models.DateField(_("needed by"), null=True, blank=True)
    urgency = models.CharField(_("urgency"), max_length=8, choices=Urgency.choices, default=Urgency.NORMAL)
    why = models.TextField(_("why it matters"), blank=True)
    questions = models.TextField(_("what the prospect wants to know"), blank=True)
    via = models.CharField(_("came in by"), max_length=10, choices=Via.choices, default=Via.PAGE)
    creation_key = models.CharField(_("creation key"), max_length=200, unique=True, editable=False)
    duplicate_of = models.ForeignKey(
        "self", verbose_name=_("copied from"), null=True, blank=True, on_delete=models.SET_NULL, related_name="copies"
    )
    seed = models.PositiveBigIntegerField(_("seed"), default=0, editable=False)
    submitted_at = models.DateTimeField(_("submitted"), null=True, blank=True)
    due_at = models.DateTimeField(_("due"), null=True, blank=True, help_text=_("Empty while a customer is awaited"))
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    needs_manager = models.CharField(_("why a manager is needed"), max_length=300, blank=True)
    manager_calls = models.JSONField(_("why, by place"), default=dict, blank=True)
    policy_version = models.PositiveIntegerField(_("policy version"), default=0)
    pool_revision = models.CharField(_("pool revision"), max_length=80, blank=True)
    best_contact = models.ForeignKey(
        Contact,
        verbose_name=_("best at submission"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    best_score = models.FloatField(_("score of the best"), null=True, blank=True)
    best_was_available = models.BooleanField(_("the best could be asked"), null=True, blank=True)
    best_refusals = models.JSONField(_("what stood against the best"), default=list, blank=True)
    content_used = models.JSONField(_("stories used meanwhile"), default=list, blank=True)
    version = models.PositiveIntegerField(_("version"), default=1)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    updated_at = models.DateTimeField(_("updated"), auto_now=True)

    objects: ClassVar["RequestQuerySet[Request]"] = RequestQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["-id"]
        verbose_name = _("request")
        verbose_name_plural = _("requests")
        indexes = [
            models.Index(fields=["status", "due_at"], name="request_queue"),
            models.Index(fields=["owner", "status"], name="request_by_owner"),
            models.Index(fields=["deal_id"], name="request_by_deal"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["speaking_slot"],
                condition=Q(status__in=[RequestStatus.DRAFT, RequestStatus.OPEN, RequestStatus.UNMET]),
                name="request_one_live_per_slot",
            ),
            models.CheckConstraint(condition=Q(quantity__range=(1, MOST_REFERENCES)), name="request_quantity_in_range"),
            models.CheckConstraint(
                condition=Q(deal_value__isnull=True) | ~Q(currency=""), name="request_money_has_currency"
            ),
        ]

    def __str__(self) -> str:
        return self.deal

    @property
    def is_over(self) -> bool:
        """Whether nothing more will be done for it."""
        return self.status in {
            RequestStatus.CLOSED, RequestStatus.CANCELLED, RequestStatus.EXPIRED
        }  # fmt: skip


class RequestComment(models.Model):
    """Something said about a request by those who see it; never shown to promoters."""

    request = models.ForeignKey(Request, on_delete=models.CASCADE, related_name="comments")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    text = models.TextField(_("comment"), max_length=4_000)
    at = models.DateTimeField(_("at"), auto_now_add=True)
    creation_key = models.CharField(_("creation key"), max_length=200, unique=True, editable=False)

    class Meta:
        ordering = ["at", "id"]
        verbose_name = _("comment")
        verbose_name_plural = _("comments")

    def __str__(self) -> str:
        return self.text[:80]
