"""What promoters have given: case studies, testimonials, and the slots at which they speak."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from references import activities
from references.enums import ContentStatus, SlotStatus, TestimonialKind
from references.models.base import PoolModel
from references.models.contacts import Contact
from references.models.customers import Customer
from references.models.tags import Tag
from references.querysets import ContentQuerySet, SlotQuerySet


class Content(PoolModel):
    """What stories and testimonials share: whose it is, its tags, its state. Rights are read from consents."""

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="%(class)s_set")
    contact = models.ForeignKey(Contact, null=True, blank=True, on_delete=models.SET_NULL, related_name="%(class)s_set")
    external_id = models.CharField(_("external id"), max_length=200, blank=True, db_index=True)
    status = models.CharField(_("status"), max_length=14, choices=ContentStatus.choices, default=ContentStatus.DRAFT)
    language = models.CharField(_("language"), max_length=8, default="en")
    url = models.URLField(_("link"), max_length=500, blank=True)
    published_on = models.DateField(_("published"), null=True, blank=True)
    expires_on = models.DateField(
        _("expires"), null=True, blank=True, help_text=_("The last day on which it is used, whatever consents allow")
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("owner"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("Who hears when its rights change"),
    )
    replaces = models.ForeignKey(
        "self", verbose_name=_("replaces"), null=True, blank=True, on_delete=models.SET_NULL, related_name="revisions"
    )
    version = models.PositiveIntegerField(_("version"), default=1)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    updated_at = models.DateTimeField(_("updated"), auto_now=True)

    class Meta:
        abstract = True


class CaseStudy(Content):
    """A customer's story: the challenge, what was done, what came of it."""

    title = models.CharField(_("title"), max_length=300)
    challenge = models.TextField(_("challenge"), blank=True)
    solution_text = models.TextField(_("solution"), blank=True)
    results = models.TextField(_("results"), blank=True)
    tags = models.ManyToManyField(
        Tag, through="CaseStudyTag", blank=True, related_name="case_studies", verbose_name=_("tags")
    )

    objects: ClassVar[models.Manager["CaseStudy"]] = ContentQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        verbose_name = _("case study")
        verbose_name_plural = _("case studies")
        indexes = [models.Index(fields=["-published_on", "id"], name="case_study_newest")]

    def __str__(self) -> str:
        return self.title


class Testimonial(Content):
    """A quote, a video, a review or a recorded webinar of one person."""

    kind = models.CharField(_("kind"), max_length=8, choices=TestimonialKind.choices, default=TestimonialKind.QUOTE)
    text = models.TextField(_("text"))
    said_by = models.CharField(_("said by"), max_length=200, blank=True)
    said_by_title = models.CharField(_("their title"), max_length=200, blank=True)
    transcript = models.TextField(_("transcript"), blank=True)
    review_site = models.CharField(_("review site"), max_length=80, blank=True)
    tags = models.ManyToManyField(
        Tag, through="TestimonialTag", blank=True, related_name="testimonials", verbose_name=_("tags")
    )

    objects: ClassVar[models.Manager["Testimonial"]] = ContentQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        verbose_name = _("testimonial")
        verbose_name_plural = _("testimonials")
        indexes = [models.Index(fields=["-published_on", "id"], name="testimonial_newest")]

    def __str__(self) -> str:
        return self.text[:80]


class SpeakingSlot(PoolModel):
    """A place on a stage, a panel or a microphone, or an interview, for which a speaker is wanted."""

    activity = models.CharField(
        _("what the speaker does"), max_length=12, choices=activities.CHOICES, default="speaking"
    )
    event = models.CharField(_("event"), max_length=200)
    topic = models.CharField(_("topic"), max_length=300, blank=True)
    starts_at = models.DateTimeField(_("starts"))
    minutes = models.PositiveSmallIntegerField(_("minutes"), default=45)
    time_zone = models.CharField(_("time zone"), max_length=64, default="UTC")
    place = models.CharField(_("place"), max_length=200, blank=True)
    region = models.ForeignKey(
        Tag, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("region")
    )
    format = models.CharField(_("format"), max_length=80, blank=True)
    audience = models.CharField(_("audience"), max_length=200, blank=True)
    language = models.CharField(_("language"), max_length=8, default="en")
    deadline = models.DateField(_("deadline"), null=True, blank=True)
    travel = models.CharField(_("travel"), max_length=300, blank=True, help_text=_("Who pays, and what is arranged"))
    url = models.URLField(_("link"), max_length=500, blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("owner"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="owned_slots",
    )
    status = models.CharField(_("status"), max_length=10, choices=SlotStatus.choices, default=SlotStatus.OPEN)
    speaker = models.ForeignKey(Contact, null=True, blank=True, on_delete=models.SET_NULL, related_name="slots")
    external_id = models.CharField(_("external id"), max_length=200, blank=True, db_index=True)
    tags = models.ManyToManyField(Tag, through="SlotTag", blank=True, related_name="slots", verbose_name=_("tags"))
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)
    updated_at = models.DateTimeField(_("updated"), auto_now=True)

    objects: ClassVar[models.Manager["SpeakingSlot"]] = SlotQuerySet.as_manager()

    class Meta:
        ordering = ["starts_at", "id"]
        verbose_name = _("speaking slot")
        verbose_name_plural = _("speaking slots")

    def __str__(self) -> str:
        return f"{self.event} {self.starts_at:%Y-%m-%d}"

    @property
    def version(self) -> int:
        """Another number after every change."""
        return round(self.updated_at.timestamp() * 1_000_000)


class CaseStudyTag(PoolModel):
    """That a case study carries a tag."""

    case_study = models.ForeignKey(CaseStudy, on_delete=models.CASCADE, related_name="case_study_tags")
    tag = models.ForeignKey(Tag, on_delete=models.PROTECT, related_name="case_study_tags")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case_study", "tag"], name="case_study_tag_once")]

    def __str__(self) -> str:
        return f"{self.case_study_id}:{self.tag_id}"


class TestimonialTag(PoolModel):
    """That a testimonial carries a tag."""

    testimonial = models.ForeignKey(Testimonial, on_delete=models.CASCADE, related_name="testimonial_tags")
    tag = models.ForeignKey(Tag, on_delete=models.PROTECT, related_name="testimonial_tags")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["testimonial", "tag"], name="testimonial_tag_once")]

    def __str__(self) -> str:
        return f"{self.testimonial_id}:{self.tag_id}"


class SlotTag(PoolModel):
    """That a slot carries a tag."""

    slot = models.ForeignKey(SpeakingSlot, on_delete=models.CASCADE, related_name="slot_tags")
    tag = models.ForeignKey(Tag, on_delete=models.PROTECT, related_name="slot_tags")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["slot", "tag"], name="slot_tag_once")]

    def __str__(self) -> str:
        return f"{self.slot_id}:{self.tag_id}"
