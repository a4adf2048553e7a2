"""The engagement ledger: one row per touch of a contact, from which alone usage, caps and fatigue are computed."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from references import activities
from references.enums import EngagementStatus
from references.models.base import PoolModel
from references.models.contacts import Contact
from references.querysets import EngagementQuerySet

BY_HAND = ("page:", "outside:", "api:")
"""How the source of a touch begins that somebody logged by hand; any other is corrected where it began."""


class Engagement(PoolModel):
    """One touch: a contact was asked for, held for, or did something. `source` names its cause, once."""

    contact = models.ForeignKey(
        Contact,
        on_delete=models.PROTECT,
        related_name="engagements",
        db_index=False,  # see Meta.indexes
    )
    activity = models.CharField(_("activity"), max_length=12, choices=activities.CHOICES)
    status = models.CharField(_("status"), max_length=10, choices=EngagementStatus.choices)
    on = models.DateField(_("date"), db_column="happens_on", help_text=_("When it happened, or is planned for"))
    effort_hours = models.DecimalField(_("hours spent"), max_digits=6, decimal_places=2, null=True, blank=True)
    recorded_at = models.DateTimeField(_("recorded"), default=timezone.now)
    hold_expires_at = models.DateTimeField(_("hold expires"), null=True, blank=True)
    went_badly = models.BooleanField(_("went badly"), default=False)
    was_thanked = models.BooleanField(_("thanked"), default=False)
    was_rewarded = models.BooleanField(_("rewarded"), default=False)
    source = models.CharField(_("source"), max_length=200, unique=True)
    is_outside = models.BooleanField(_("outside the system"), default=False)
    note = models.CharField(_("note"), max_length=500, blank=True)

    objects: ClassVar[models.Manager["Engagement"]] = EngagementQuerySet.as_manager()

    class Meta:
        ordering = ["on", "id"]
        verbose_name = _("engagement")
        verbose_name_plural = _("engagements")
        indexes = [models.Index(fields=["contact", "on"], name="engagement_by_contact")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(status="held") | Q(hold_expires_at__isnull=False), name="engagement_hold_expires"
            )
        ]

    def __str__(self) -> str:
        return f"{self.activity} {self.status} {self.on}"

    @property
    def is_by_hand(self) -> bool:
        """Whether somebody logged it, so that it may be withdrawn."""
        return self.source.startswith(BY_HAND)


class EngagementChange(PoolModel):
    """A status an engagement took, and when: the past is read as it was known then."""

    engagement = models.ForeignKey(Engagement, on_delete=models.CASCADE, related_name="changes")
    at = models.DateTimeField(_("at"))
    status = models.CharField(_("status"), max_length=10, choices=EngagementStatus.choices)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    reason = models.CharField(_("reason"), max_length=300, blank=True)

    class Meta:
        ordering = ["at", "id"]
        verbose_name = _("engagement change")
        verbose_name_plural = _("engagement changes")

    def __str__(self) -> str:
        return f"{self.status} {self.at}"
