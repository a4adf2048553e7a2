"""Early-adopter programs: who tries a product first, on which terms, what they said, and what it brought."""

from typing import ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from advocacy.enums import ProgramStatus, SeatStatus
from advocacy.querysets import SeatQuerySet
from references.models import Contact, Tag


class AdopterProgram(models.Model):
    """One launch that customers try first: the product, the seats, the agreement, and when it runs."""

    name = models.CharField(_("name"), max_length=120, unique=True)
    about = models.TextField(_("what it is about"), max_length=2_000, blank=True)
    product = models.ForeignKey(
        Tag, verbose_name=_("product"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    seats = models.PositiveSmallIntegerField(_("seats"), validators=[MinValueValidator(1), MaxValueValidator(1000)])
    from_rung = models.PositiveSmallIntegerField(
        _("from rung"), default=0, validators=[MaxValueValidator(8)], help_text=_("Who has done at least this much")
    )
    agreement = models.TextField(_("agreement"), max_length=10_000)
    agreement_version = models.PositiveSmallIntegerField(_("version of the agreement"), default=1)
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"))
    status = models.CharField(_("status"), max_length=10, choices=ProgramStatus.choices, default=ProgramStatus.DRAFT)
    outcome = models.TextField(_("outcome"), max_length=4_000, blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="adopter_programs"
    )
    creation_key = models.CharField(_("creation key"), max_length=200, unique=True, editable=False)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    class Meta:
        ordering = ["-starts_on", "-id"]
        verbose_name = _("early-adopter program")
        verbose_name_plural = _("early-adopter programs")
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="adopter_program_ends_after_start")
        ]

    def __str__(self) -> str:
        return self.name


class AdopterSeat(models.Model):
    """One person's place in a program; its ledger row is the beta engagement whose source is "seat:ID"."""

    program = models.ForeignKey(AdopterProgram, on_delete=models.PROTECT, related_name="places")
    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, related_name="adopter_seats")
    status = models.CharField(_("status"), max_length=9, choices=SeatStatus.choices, default=SeatStatus.INVITED)
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    invited_at = models.DateTimeField(_("invited"), auto_now_add=True)
    agreed_at = models.DateTimeField(_("agreed"), null=True, blank=True)
    agreed_version = models.PositiveSmallIntegerField(_("agreed to version"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    adopted = models.BooleanField(_("uses it now"), null=True, blank=True)
    outcome = models.CharField(_("outcome"), max_length=500, blank=True)

    objects: ClassVar["SeatQuerySet[AdopterSeat]"] = SeatQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["id"]
        verbose_name = _("seat in a program")
        verbose_name_plural = _("seats in programs")
        constraints = [models.UniqueConstraint(fields=["program", "contact"], name="adopter_seat_once")]

    def __str__(self) -> str:
        return f"{self.program_id} {self.status}"

    @property
    def source(self) -> str:
        """The source of its row in the ledger."""
        return f"seat:{self.pk}"


class AdopterFeedback(models.Model):
    """What somebody who takes part said of the product."""

    seat = models.ForeignKey(AdopterSeat, on_delete=models.CASCADE, related_name="feedback")
    text = models.TextField(_("feedback"), max_length=4_000)
    at = models.DateTimeField(_("at"), auto_now_add=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("noted by"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    creation_key = models.CharField(_("creation key"), max_length=200, unique=True, editable=False)

    class Meta:
        ordering = ["-id"]
        verbose_name = _("feedback of an adopter")
        verbose_name_plural = _("feedback of adopters")

    def __str__(self) -> str:
        return self.text[:80]
