"""How the program is run: versioned policy, saved import mappings, and the audit of looks and changes."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from references.models.base import PoolModel
from references.models.contacts import Contact


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

    class Meta:
        ordering = ["-id"]
        verbose_name = _("disclosure")
        verbose_name_plural = _("disclosures")

    def __str__(self) -> str:
        return f"{self.contact_id} {self.at}"


class StateChange(models.Model):
    """A state moved along its table: which row, from, to, who, when, why. Append-only."""

    subject = models.CharField(_("subject"), max_length=80, db_index=True)
    from_status = models.CharField(_("from"), max_length=20)
    to_status = models.CharField(_("to"), max_length=20)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
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
