"""Likely duplicates, the merges of them, and what merged rows were known by."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from references.enums import DuplicateKind, DuplicateStatus, IdentityKind
from references.models.contacts import Contact
from references.models.customers import Customer
from references.querysets import DuplicatePairQuerySet


class DuplicatePair(models.Model):
    """Two customers, or two contacts, that are likely the same; told by plain ids, since one of them may be gone."""

    kind = models.CharField(_("kind"), max_length=8, choices=DuplicateKind.choices)
    first = models.PositiveBigIntegerField(_("first"))
    second = models.PositiveBigIntegerField(_("second"))
    score = models.PositiveSmallIntegerField(_("score"), help_text=_("Percent"))
    reasons = models.JSONField(_("reasons"), default=list)
    status = models.CharField(_("status"), max_length=9, choices=DuplicateStatus.choices, default=DuplicateStatus.OPEN)
    found_at = models.DateTimeField(_("found"), default=timezone.now)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)

    objects: ClassVar["DuplicatePairQuerySet[DuplicatePair]"] = DuplicatePairQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["-score", "id"]
        verbose_name = _("likely duplicate")
        verbose_name_plural = _("likely duplicates")
        indexes = [models.Index(fields=["status", "kind", "-score", "id"], name="duplicate_pair_list")]
        constraints = [
            models.UniqueConstraint(fields=["kind", "first", "second"], name="duplicate_pair_once"),
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="duplicate_pair_in_order"),
            models.CheckConstraint(condition=Q(score__range=(0, 100)), name="duplicate_pair_percent"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.first} = {self.second}"


class Merge(models.Model):
    """One row was merged into another: `gone` was deleted, `kept` stays.

    `journal` holds every change in order, as far as needed to take them back; it is emptied once that is over.
    """

    kind = models.CharField(_("kind"), max_length=8, choices=DuplicateKind.choices)
    kept = models.PositiveBigIntegerField(_("kept"))
    gone = models.PositiveBigIntegerField(_("gone"))
    journal = models.JSONField(_("journal"), default=list, editable=False)
    moved = models.JSONField(_("moved"), default=dict, help_text=_("How many rows moved, by model"))
    merged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    merged_at = models.DateTimeField(_("merged"), default=timezone.now)
    undo_until = models.DateField(_("can be undone until"))
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    undone_at = models.DateTimeField(_("undone"), null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        verbose_name = _("merge")
        verbose_name_plural = _("merges")
        indexes = [
            models.Index(fields=["kind", "gone"], name="merge_by_gone"),
            models.Index(fields=["kind", "kept"], name="merge_by_kept"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "gone"], condition=Q(undone_at__isnull=True), name="merge_gone_once"
            ),
            models.CheckConstraint(condition=~Q(kept=F("gone")), name="merge_of_two"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.gone} → {self.kept}"


class FormerIdentity(models.Model):
    """What a row that was merged into this one was known by, so that an import finds the one that was kept."""

    customer = models.ForeignKey(
        Customer, null=True, blank=True, on_delete=models.CASCADE, related_name="former_identities"
    )
    contact = models.ForeignKey(
        Contact, null=True, blank=True, on_delete=models.CASCADE, related_name="former_identities"
    )
    kind = models.CharField(_("kind"), max_length=8, choices=IdentityKind.choices)
    value = models.CharField(_("value"), max_length=254)

    class Meta:
        ordering = ["id"]
        verbose_name = _("former identity")
        verbose_name_plural = _("former identities")
        indexes = [models.Index(fields=["kind", "value"], name="former_identity_by_value")]
        constraints = [
            models.CheckConstraint(
                condition=Q(customer__isnull=False, contact__isnull=True)
                | Q(customer__isnull=True, contact__isnull=False),
                name="former_identity_of_one",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.value}"
