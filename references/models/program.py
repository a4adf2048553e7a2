"""How the program is run: versioned policy, saved import mappings, and the audit of looks and changes."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from references.enums import Actor
from references.models.base import PoolModel
from references.models.contacts import Contact
from references.querysets import ContactGrantQuerySet, DisclosureQuerySet


class PolicyVersion(PoolModel):
    """One version of the program's rules; the newest one rules. `values` holds what differs from the defaults."""

    version = models.PositiveIntegerField(_("version"), unique=True)
    values = models.JSONField(_("values"), default=dict)
    note = models.CharField(_("note"), max_length=300, blank=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField(_("made"), auto_now_add=True)

    class Meta:
        ordering = ["-version"]
        verbose_name = _("policy version")
        verbose_name_plural = _("policy versions")

    def __str__(self) -> str:
        return f"v{self.version}"


class Disclosure(models.Model):
    """Someone saw a contact's e-mail or phone: who, whose, when and why. Append-only."""

    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="disclosures")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(_("at"), auto_now_add=True)
    why = models.CharField(_("why"), max_length=200)

    objects: ClassVar["DisclosureQuerySet[Disclosure]"] = DisclosureQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["-id"]
        verbose_name = _("disclosure")
        verbose_name_plural = _("disclosures")

    def __str__(self) -> str:
        return f"{self.contact_id} {self.at}"


class ContactGrant(models.Model):
    """That a user may see one contact's name and contact data: a promoter who said yes to their request, say.

    `source` names the cause ("match:12"). Every look is still a disclosure.
    """

    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="grants")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="contact_grants")
    source = models.CharField(_("source"), max_length=80)
    granted_at = models.DateTimeField(_("granted"), auto_now_add=True)
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)

    objects: ClassVar["ContactGrantQuerySet[ContactGrant]"] = ContactGrantQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["-id"]
        verbose_name = _("grant of contact data")
        verbose_name_plural = _("grants of contact data")
        constraints = [
            models.UniqueConstraint(fields=["contact", "user", "source"], name="contact_grant_once_per_source")
        ]

    def __str__(self) -> str:
        return f"{self.user_id} → {self.contact_id}"


class StateChange(models.Model):
    """A state moved along its table: which row, from, to, who, when, why. Append-only."""

    subject = models.CharField(_("subject"), max_length=80, db_index=True)
    from_status = models.CharField(_("from"), max_length=20)
    to_status = models.CharField(_("to"), max_length=20)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    actor = models.CharField(_("by whom"), max_length=8, choices=Actor.choices, default=Actor.USER)
    at = models.DateTimeField(_("at"), auto_now_add=True)
    why = models.CharField(_("why"), max_length=300, blank=True)

    class Meta:
        ordering = ["-id"]
        verbose_name = _("state change")
        verbose_name_plural = _("state changes")

    def __str__(self) -> str:
        return f"{self.subject}: {self.from_status} → {self.to_status}"


class ImportMapping(models.Model):
    """A saved answer to "which heading is which field" for files of one shape."""

    name = models.CharField(_("name"), max_length=120, unique=True)
    mapping = models.JSONField(_("mapping"), default=dict)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField(_("made"), auto_now_add=True)

    class Meta:
        ordering = ["name"]
        verbose_name = _("import mapping")
        verbose_name_plural = _("import mappings")

    def __str__(self) -> str:
        return self.name
