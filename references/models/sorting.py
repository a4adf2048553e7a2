"""Bulk decisions about unknown words: what was planned, what each word became, and what it takes to undo that."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from references.models.tags import Tag


class TagSorting(models.Model):
    """One bulk decision of a manager. `plan` lists [key of the word, target or 0] (see `services.sorting`)."""

    class Verb(models.TextChoices):
        MAP = "map", _("Map to the suggested word")
        KEEP = "keep", _("Keep as a word of its own")
        BELOW = "below", _("Keep it below the suggested word")
        IGNORE = "ignore", _("Ignore")

    class Status(models.TextChoices):
        DRAFT = "draft", _("looked at")
        RUNNING = "running", _("running")
        DONE = "done", _("done")
        UNDONE = "undone", _("undone")

    verb = models.CharField(_("decision"), max_length=8, choices=Verb.choices)
    plan = models.JSONField(_("plan"), default=list)
    status = models.CharField(_("status"), max_length=8, choices=Status.choices, default=Status.DRAFT)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("by"), null=True, on_delete=models.SET_NULL, related_name="+"
    )
    job_id = models.PositiveBigIntegerField(_("job"), null=True, blank=True)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("sorting of words")
        verbose_name_plural = _("sortings of words")

    def __str__(self) -> str:
        return f"{self.verb}:{self.pk}"


class SortedTerm(models.Model):
    """One word of a sorting: what it became, or why not. `record` holds what undoing writes back."""

    sorting = models.ForeignKey(TagSorting, on_delete=models.CASCADE, related_name="terms", verbose_name=_("sorting"))
    key = models.CharField(_("key"), max_length=340)
    text = models.CharField(_("text"), max_length=300)
    tag = models.ForeignKey(Tag, null=True, on_delete=models.SET_NULL, related_name="sorted_terms")
    target = models.ForeignKey(Tag, null=True, on_delete=models.SET_NULL, related_name="sorted_into")
    record = models.JSONField(_("record"), default=dict)
    fault = models.CharField(_("left as it was, because"), max_length=300, blank=True)
    is_undone = models.BooleanField(_("undone"), default=False)

    objects: ClassVar[models.Manager["SortedTerm"]] = models.Manager()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("sorted word")
        verbose_name_plural = _("sorted words")
        constraints = [models.UniqueConstraint(fields=["sorting", "key"], name="sorted_term_once")]

    def __str__(self) -> str:
        return self.text
