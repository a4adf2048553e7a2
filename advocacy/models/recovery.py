"""Recovery plays: how passives and detractors are won back, step by step, measured by their next score."""

from typing import ClassVar

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from advocacy.enums import PlayKind, PlayResult, PlayStatus
from advocacy.querysets import PlayQuerySet
from references.enums import Loyalty
from references.models import Contact


class PlayTemplate(models.Model):
    """What is done when somebody answers low: its steps, in how many days, and for which class it opens by itself."""

    name = models.CharField(_("name"), max_length=120, unique=True)
    kind = models.CharField(_("kind"), max_length=10, choices=PlayKind.choices)
    about = models.TextField(_("what it is for"), max_length=1_000, blank=True)
    steps = models.JSONField(_("steps"), default=list)
    due_days = models.PositiveSmallIntegerField(_("due within days"), default=7, validators=[MinValueValidator(1)])
    opens_for = models.CharField(
        _("opens by itself for"), max_length=10, choices=Loyalty.choices, blank=True, help_text=_("Empty: by hand")
    )
    is_active = models.BooleanField(_("in use"), default=True)

    class Meta:
        ordering = ["name"]
        verbose_name = _("recovery play template")
        verbose_name_plural = _("recovery play templates")
        constraints = [
            models.UniqueConstraint(
                fields=["opens_for"],
                condition=Q(is_active=True) & ~Q(opens_for=""),
                name="play_template_one_opens_for_class",
            )
        ]

    def __str__(self) -> str:
        return self.name


class RecoveryPlay(models.Model):
    """One person is being won back: by whom, until when, from which score, and which score came next."""

    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, related_name="recovery_plays")
    template = models.ForeignKey(PlayTemplate, null=True, blank=True, on_delete=models.SET_NULL, related_name="plays")
    kind = models.CharField(_("kind"), max_length=10, choices=PlayKind.choices)
    name = models.CharField(_("name"), max_length=120)
    why = models.CharField(_("why"), max_length=300, blank=True)
    score = models.PositiveSmallIntegerField(_("score it began with"), null=True, blank=True)
    score_on = models.DateField(_("answered on"), null=True, blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="recovery_plays"
    )
    due_on = models.DateField(_("due"))
    status = models.CharField(_("status"), max_length=11, choices=PlayStatus.choices, default=PlayStatus.OPEN)
    outcome = models.TextField(_("what came of it"), max_length=2_000, blank=True)
    next_score = models.PositiveSmallIntegerField(_("next score"), null=True, blank=True)
    next_score_on = models.DateField(_("answered on"), null=True, blank=True)
    result = models.CharField(
        _("result"), max_length=9, choices=PlayResult.choices, default=PlayResult.WAITING, blank=True
    )
    source = models.CharField(_("source"), max_length=200, unique=True)
    opened_at = models.DateTimeField(_("opened"), auto_now_add=True)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)

    objects: ClassVar["PlayQuerySet[RecoveryPlay]"] = PlayQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["due_on", "id"]
        verbose_name = _("recovery play")
        verbose_name_plural = _("recovery plays")
        indexes = [models.Index(fields=["status", "due_on"], name="recovery_board")]
        constraints = [
            models.UniqueConstraint(
                fields=["contact"],
                condition=Q(status__in=["open", "in_progress"]),
                name="recovery_one_open_per_contact",
            )
        ]

    def __str__(self) -> str:
        return self.name


class PlayStep(models.Model):
    """One step of a play: what is to be done, and by whom and when it was."""

    play = models.ForeignKey(RecoveryPlay, on_delete=models.CASCADE, related_name="steps")
    position = models.PositiveSmallIntegerField(_("position"))
    text = models.CharField(_("what is to be done"), max_length=300)
    done_at = models.DateTimeField(_("done"), null=True, blank=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        ordering = ["position", "id"]
        verbose_name = _("step of a play")
        verbose_name_plural = _("steps of plays")
        constraints = [models.UniqueConstraint(fields=["play", "position"], name="play_step_position")]

    def __str__(self) -> str:
        return self.text
