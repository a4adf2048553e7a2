"""Contacts: the people at a customer, the promoters among them, and what each agreed to."""

from typing import ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from references import activities
from references.enums import Channel, ContactStatus, Loyalty, Origin, Seniority, Sensitivity
from references.models.base import PoolModel
from references.models.customers import Customer
from references.models.tags import Tag
from references.querysets import ConsentQuerySet, ContactQuerySet


class Contact(PoolModel):
    """One person at a customer; the active ones are the pool. E-mail and phone are guarded: see `disclosures.py`."""

    customer = models.ForeignKey(
        Customer, verbose_name=_("customer"), on_delete=models.PROTECT, related_name="contacts"
    )
    name = models.CharField(_("name"), max_length=200)
    folded_name = models.CharField(_("folded name"), max_length=200, editable=False)
    title = models.CharField(_("job title"), max_length=200, blank=True)
    seniority = models.CharField(_("seniority"), max_length=10, choices=Seniority.choices, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    phone = models.CharField(_("phone"), max_length=60, blank=True)
    external_id = models.CharField(_("CRM id"), max_length=120, blank=True)
    time_zone = models.CharField(_("time zone"), max_length=64, blank=True)
    language = models.CharField(
        _("preferred language"), max_length=8, blank=True, help_text=_("Of mails and of their own page")
    )
    status = models.CharField(_("status"), max_length=10, choices=ContactStatus.choices, default=ContactStatus.KNOWN)
    paused_until = models.DateField(_("paused until"), null=True, blank=True)
    has_opted_out = models.BooleanField(_("opted out"), default=False)
    sensitivity = models.CharField(
        _("sensitivity"), max_length=10, choices=Sensitivity.choices, default=Sensitivity.NORMAL
    )
    activities = models.JSONField(_("agreed activities"), default=list, blank=True)
    max_per_quarter = models.PositiveSmallIntegerField(_("own limit per quarter"), null=True, blank=True)
    loyalty = models.CharField(_("loyalty"), max_length=10, choices=Loyalty.choices, default=Loyalty.UNKNOWN)
    nps_score = models.PositiveSmallIntegerField(
        _("last NPS score"), null=True, blank=True, validators=[MinValueValidator(0), MaxValueValidator(10)]
    )
    nps_on = models.DateField(_("last NPS answer"), null=True, blank=True)
    nps_comment = models.TextField(_("NPS comment"), blank=True)
    origin = models.CharField(_("came in by"), max_length=10, choices=Origin.choices, default=Origin.MANUAL)
    verified_on = models.DateField(_("verified"), null=True, blank=True)
    notes = models.TextField(_("notes"), blank=True)
    tags = models.ManyToManyField(Tag, through="ContactTag", related_name="contacts", verbose_name=_("tags"))
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    updated_at = models.DateTimeField(_("updated"), auto_now=True)

    objects: ClassVar[models.Manager["Contact"]] = ContactQuerySet.as_manager()

    class Meta:
        ordering = ["folded_name", "id"]
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")
        indexes = [models.Index(fields=["status"], name="contact_by_status")]
        constraints = [
            models.UniqueConstraint(
                fields=["external_id"], condition=~Q(external_id=""), name="contact_external_id_unique"
            ),
            models.UniqueConstraint(
                fields=["customer", "folded_name"],
                condition=~Q(status="retired") & Q(email=""),
                name="contact_name_once_per_customer",
            ),
            models.CheckConstraint(
                condition=Q(nps_score__isnull=True) | Q(nps_score__range=(0, 10)), name="contact_nps_0_to_10"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class LoyaltyRecord(models.Model):
    """A score that a contact gave, or was imported with, and the class it put them in: the history of their loyalty."""

    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="loyalty_records")
    on = models.DateField(_("date"), db_column="happens_on", null=True, blank=True)
    score = models.PositiveSmallIntegerField(_("score"))
    loyalty = models.CharField(_("loyalty"), max_length=10, choices=Loyalty.choices)
    source = models.CharField(_("source"), max_length=200, unique=True)
    recorded_at = models.DateTimeField(_("recorded"), auto_now_add=True)

    class Meta:
        ordering = ["on", "id"]
        verbose_name = _("loyalty record")
        verbose_name_plural = _("loyalty records")
        constraints = [models.CheckConstraint(condition=Q(score__range=(0, 10)), name="loyalty_score_0_to_10")]

    def __str__(self) -> str:
        return f"{self.score} {self.on}"


class ContactTag(PoolModel):
    """That a contact carries a tag of their own, and when someone last made sure."""

    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="contact_tags", db_index=False)
    tag = models.ForeignKey(Tag, on_delete=models.PROTECT, related_name="contact_tags")
    verified_on = models.DateField(_("verified"))

    class Meta:
        verbose_name = _("contact tag")
        verbose_name_plural = _("contact tags")
        constraints = [models.UniqueConstraint(fields=["contact", "tag"], name="contact_tag_once")]

    def __str__(self) -> str:
        return f"{self.contact_id}:{self.tag_id}"


class Blackout(PoolModel):
    """Days on which a contact must not be asked for anything, both ends included."""

    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="blackouts")
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"))
    reason = models.CharField(_("reason"), max_length=200, blank=True)

    class Meta:
        ordering = ["starts_on"]
        verbose_name = _("blackout")
        verbose_name_plural = _("blackouts")
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="blackout_ends_after_start")
        ]

    def __str__(self) -> str:
        return f"{self.starts_on} – {self.ends_on}"


class Consent(PoolModel):
    """What a contact, or the whole customer, allows: an activity, or one piece of content alone.

    Never edited: superseded by a later one, or revoked.
    """

    contact = models.ForeignKey(
        Contact,
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="consents",
        db_index=False,  # see Meta.indexes
    )
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="consents")
    activity = models.CharField(_("activity or asset"), max_length=12, choices=activities.CHOICES)
    case_study = models.ForeignKey(
        "references.CaseStudy",
        verbose_name=_("only this case study"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="consents",
        db_index=False,  # see Meta.indexes
    )
    testimonial = models.ForeignKey(
        "references.Testimonial",
        verbose_name=_("only this testimonial"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="consents",
        db_index=False,  # see Meta.indexes
    )
    channel = models.CharField(_("channel"), max_length=8, choices=Channel.choices, default=Channel.ANY)
    region = models.ForeignKey(
        Tag,
        verbose_name=_("region"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,  # see Meta.indexes
    )
    is_attributed = models.BooleanField(_("with name"), default=True)
    valid_from = models.DateField(_("from"))
    valid_until = models.DateField(_("until"), null=True, blank=True)
    evidence = models.CharField(_("evidence"), max_length=300, blank=True)
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)
    superseded_by = models.ForeignKey(
        "self",
        verbose_name=_("superseded by"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        db_index=False,  # empty in nearly every row: a planner without statistics would walk all of them by it
    )
    recorded_at = models.DateTimeField(_("recorded"), auto_now_add=True)

    objects: ClassVar[models.Manager["Consent"]] = ConsentQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        indexes = [
            # Nearly no row names a piece, and half of them no person: with an index of the empty ones too, a planner
            # without statistics takes "of no piece" for the narrowest condition and walks the whole table by it.
            models.Index(fields=["contact"], name="consent_of_contact", condition=Q(contact__isnull=False)),
            models.Index(fields=["case_study"], name="consent_of_case_study", condition=Q(case_study__isnull=False)),
            models.Index(fields=["testimonial"], name="consent_of_testimonial", condition=Q(testimonial__isnull=False)),
            models.Index(fields=["region"], name="consent_of_region", condition=Q(region__isnull=False)),
            models.Index(
                fields=["activity", "contact", "customer", "valid_from", "valid_until"],
                name="consent_standing",
                condition=Q(revoked_at__isnull=True, superseded_by__isnull=True),
            ),
            models.Index(
                fields=["customer", "activity"],
                name="consent_standing_by_customer",
                condition=Q(revoked_at__isnull=True, superseded_by__isnull=True),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=F("valid_from")),
                name="consent_ends_after_start",
            ),
            models.CheckConstraint(
                condition=Q(case_study__isnull=True) | Q(testimonial__isnull=True), name="consent_for_one_piece"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.activity} {self.valid_from} – {self.valid_until or '…'}"
