"""Nominations: a moment that someone saw, and the person it speaks for."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from references.enums import NominationStatus, NominationVia
from references.models.contacts import Contact
from references.models.customers import Customer
from references.querysets import NominationQuerySet


class Nomination(models.Model):
    """One moment that speaks for a person: someone known (`contact`), or someone new at a customer (`person_*`)."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="nominations")
    contact = models.ForeignKey(Contact, null=True, blank=True, on_delete=models.CASCADE, related_name="nominations")
    person_name = models.CharField(_("name"), max_length=200, blank=True)
    person_title = models.CharField(_("job title"), max_length=200, blank=True)
    person_email = models.EmailField(_("e-mail"), blank=True)
    moment = models.TextField(_("the moment"), max_length=4_000, help_text=_("What they said or did, in their words"))
    activities = models.JSONField(_("would suit for"), default=list, blank=True)
    status = models.CharField(
        _("status"), max_length=12, choices=NominationStatus.choices, default=NominationStatus.NEW
    )
    via = models.CharField(_("came in by"), max_length=8, choices=NominationVia.choices, default=NominationVia.PAGE)
    nominated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="nominations"
    )
    suggested_by = models.ForeignKey(
        Contact,
        verbose_name=_("suggested by"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="suggestions",
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    note = models.CharField(_("note"), max_length=500, blank=True)
    creation_key = models.CharField(_("creation key"), max_length=200, unique=True, editable=False)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    updated_at = models.DateTimeField(_("updated"), auto_now=True)

    objects: ClassVar["NominationQuerySet[Nomination]"] = NominationQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["-id"]
        verbose_name = _("nomination")
        verbose_name_plural = _("nominations")
        indexes = [models.Index(fields=["status", "created_at"], name="nomination_queue")]
        constraints = [
            models.CheckConstraint(
                condition=Q(contact__isnull=False) | ~Q(person_name=""), name="nomination_names_somebody"
            )
        ]

    def __str__(self) -> str:
        return self.moment[:80]
