"""Responses: a score of 0 to 10 and why, whoever gave it; what they were before, their topics, and benchmarks."""

from typing import ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from references.models import Contact, Tag
from surveys.enums import AnswerChannel, BenchmarkKind
from surveys.models.campaigns import Campaign, Invitation
from surveys.querysets import ResponseQuerySet


class Topic(models.Model):
    """A word under which comments are kept together."""

    name = models.CharField(_("name"), max_length=60, unique=True)

    class Meta:
        ordering = ["name"]
        verbose_name = _("topic")
        verbose_name_plural = _("topics")

    def __str__(self) -> str:
        return self.name


class Response(models.Model):
    """One answer. Without a `contact` nobody knows whose it is; `attributes` are the other columns of an import."""

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="responses")
    contact = models.ForeignKey(
        Contact, null=True, blank=True, on_delete=models.PROTECT, related_name="survey_responses"
    )
    invitation = models.OneToOneField(
        Invitation, null=True, blank=True, on_delete=models.SET_NULL, related_name="response"
    )
    score = models.PositiveSmallIntegerField(_("score"), validators=[MinValueValidator(0), MaxValueValidator(10)])
    comment = models.TextField(_("why"), max_length=10_000, blank=True)
    channel = models.CharField(_("channel"), max_length=6, choices=AnswerChannel.choices)
    product = models.ForeignKey(
        Tag, verbose_name=_("product"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    language = models.CharField(_("language"), max_length=8, blank=True)
    answered_on = models.DateField(_("answered"), null=True, blank=True, help_text=_("Empty where nobody knows"))
    attributes = models.JSONField(_("attributes"), default=dict, blank=True)
    topics = models.ManyToManyField(Topic, blank=True, related_name="responses", verbose_name=_("topics"))
    interviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    source = models.CharField(_("source"), max_length=200, unique=True)
    is_settled = models.BooleanField(
        _("what follows has been done"), default=False, help_text=_("Nominated, or won back, as the score asks for")
    )
    recorded_at = models.DateTimeField(_("recorded"), default=timezone.now)
    amended_at = models.DateTimeField(_("amended"), null=True, blank=True)

    objects: ClassVar["ResponseQuerySet[Response]"] = ResponseQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["-id"]
        verbose_name = _("survey response")
        verbose_name_plural = _("survey responses")
        indexes = [
            models.Index(fields=["campaign", "score"], name="response_by_score"),
            models.Index(fields=["campaign", "answered_on"], name="response_by_day"),
            models.Index(fields=["contact", "answered_on"], name="response_by_contact"),
        ]
        constraints = [models.CheckConstraint(condition=Q(score__range=(0, 10)), name="response_score_0_to_10")]

    def __str__(self) -> str:
        return f"{self.score} ({self.campaign_id})"


class Amendment(models.Model):
    """What a response said before it was amended."""

    response = models.ForeignKey(Response, on_delete=models.CASCADE, related_name="amendments")
    score = models.PositiveSmallIntegerField(_("score before"))
    comment = models.TextField(_("comment before"), blank=True)
    at = models.DateTimeField(_("amended"), default=timezone.now)

    class Meta:
        ordering = ["id"]
        verbose_name = _("amendment")
        verbose_name_plural = _("amendments")

    def __str__(self) -> str:
        return f"{self.response_id}: {self.score}"


class Benchmark(models.Model):
    """A score of the market or of a competitor, entered by hand, with where it is from."""

    name = models.CharField(_("name"), max_length=120)
    kind = models.CharField(_("kind"), max_length=10, choices=BenchmarkKind.choices)
    nps = models.DecimalField(
        _("NPS"), max_digits=5, decimal_places=2, validators=[MinValueValidator(-100), MaxValueValidator(100)]
    )
    on = models.DateField(_("as of"), db_column="happens_on")
    origin = models.CharField(_("where it is from"), max_length=300, blank=True)
    region = models.ForeignKey(
        Tag, verbose_name=_("region"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    industry = models.ForeignKey(
        Tag, verbose_name=_("industry"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ["kind", "name", "-on"]
        verbose_name = _("benchmark")
        verbose_name_plural = _("benchmarks")
        constraints = [
            models.CheckConstraint(condition=Q(nps__range=(-100, 100)), name="benchmark_nps_range"),
            models.UniqueConstraint(fields=["kind", "name", "on"], name="benchmark_once"),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.nps}"
