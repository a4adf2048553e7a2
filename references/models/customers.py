"""Customers: the organizations whose people speak for us."""

from typing import ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from references.enums import Health, SizeBand, TagOrigin, Tier
from references.models.base import PoolModel
from references.models.tags import Tag
from references.querysets import CustomerQuerySet


class Customer(PoolModel):
    """One organization. `folded_name` is its identity where no CRM id is known."""

    name = models.CharField(_("name"), max_length=200)
    folded_name = models.CharField(_("folded name"), max_length=200, unique=True, editable=False)
    domain = models.CharField(_("domain"), max_length=200, blank=True)
    external_id = models.CharField(_("CRM id"), max_length=120, blank=True)
    size_band = models.CharField(_("size"), max_length=12, choices=SizeBand.choices, blank=True)
    tier = models.CharField(_("tier"), max_length=10, choices=Tier.choices, default=Tier.STANDARD)
    health = models.CharField(_("health"), max_length=8, choices=Health.choices, default=Health.UNKNOWN)
    account_owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("account owner"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="owned_customers",
    )
    is_referenceable = models.BooleanField(_("referenceable"), default=True)
    is_named = models.BooleanField(_("may be named"), default=True)
    has_open_escalation = models.BooleanField(_("open escalation"), default=False)
    renewal_date = models.DateField(_("renewal"), null=True, blank=True)
    is_renewal_sensitive = models.BooleanField(_("keep quiet around the renewal"), default=False)
    annual_value = models.DecimalField(_("annual value"), max_digits=14, decimal_places=2, null=True, blank=True)
    lifetime_value = models.DecimalField(_("lifetime value"), max_digits=16, decimal_places=2, null=True, blank=True)
    currency = models.CharField(_("currency"), max_length=3, blank=True)
    exclusions = models.JSONField(
        _("exclusions"), default=list, blank=True, help_text=_("Prospects and competitors this customer must not meet")
    )
    raw_industry = models.CharField(_("industry as imported"), max_length=300, blank=True)
    raw_location = models.CharField(_("location as imported"), max_length=300, blank=True)
    notes = models.TextField(_("notes"), blank=True)
    tags = models.ManyToManyField(Tag, through="CustomerTag", related_name="customers", verbose_name=_("tags"))
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    updated_at = models.DateTimeField(_("updated"), auto_now=True)

    objects: ClassVar[models.Manager["Customer"]] = CustomerQuerySet.as_manager()

    class Meta:
        ordering = ["folded_name"]
        verbose_name = _("customer")
        verbose_name_plural = _("customers")
        indexes = [models.Index(fields=["domain"], name="customer_by_domain")]
        constraints = [
            models.UniqueConstraint(
                fields=["external_id"], condition=~Q(external_id=""), name="customer_external_id_unique"
            ),
            models.CheckConstraint(
                condition=Q(annual_value__isnull=True, lifetime_value__isnull=True) | ~Q(currency=""),
                name="customer_money_has_currency",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class CustomerTag(PoolModel):
    """That a customer carries a tag, and when someone last made sure.

    An inferred one was read in the customer's own stories and words; its confidence says how plainly.
    """

    customer = models.ForeignKey(
        Customer, on_delete=models.CASCADE, related_name="customer_tags", db_index=False
    )  # the pair begins with it
    tag = models.ForeignKey(Tag, on_delete=models.PROTECT, related_name="customer_tags")
    verified_on = models.DateField(_("verified"))
    origin = models.CharField(_("origin"), max_length=8, choices=TagOrigin.choices, default=TagOrigin.GIVEN)
    confidence = models.PositiveSmallIntegerField(
        _("confidence"), default=100, validators=[MinValueValidator(1), MaxValueValidator(100)], help_text=_("Percent")
    )

    class Meta:
        verbose_name = _("customer tag")
        verbose_name_plural = _("customer tags")
        constraints = [
            models.UniqueConstraint(fields=["customer", "tag"], name="customer_tag_once"),
            models.CheckConstraint(condition=Q(confidence__range=(1, 100)), name="customer_tag_confidence_percent"),
        ]

    def __str__(self) -> str:
        return f"{self.customer_id}:{self.tag_id}"


class ProofPoint(PoolModel):
    """A number the customer reports: what was measured, before and after; of a piece of content, or of the customer."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="proof_points")
    case_study = models.ForeignKey(
        "references.CaseStudy",
        verbose_name=_("case study"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="proof_points",
    )
    testimonial = models.ForeignKey(
        "references.Testimonial",
        verbose_name=_("testimonial"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="proof_points",
    )
    metric = models.CharField(_("metric"), max_length=200)
    before = models.CharField(_("before"), max_length=80, blank=True)
    after = models.CharField(_("after"), max_length=80)
    unit = models.CharField(_("unit"), max_length=40, blank=True)
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2, null=True, blank=True)
    currency = models.CharField(_("currency"), max_length=3, blank=True)
    how_measured = models.CharField(_("how it was measured"), max_length=300, blank=True)
    measured_on = models.DateField(_("measured"), null=True, blank=True)
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)
    updated_at = models.DateTimeField(_("updated"), auto_now=True)

    class Meta:
        ordering = ["id"]
        verbose_name = _("proof point")
        verbose_name_plural = _("proof points")
        constraints = [
            models.CheckConstraint(
                condition=Q(amount__isnull=True) | ~Q(currency=""), name="proof_point_money_has_currency"
            ),
            models.CheckConstraint(
                condition=Q(case_study__isnull=True) | Q(testimonial__isnull=True), name="proof_point_of_one_piece"
            ),
        ]

    def __str__(self) -> str:
        return self.metric
