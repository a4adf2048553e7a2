"""What happens to pieces of content: their versions, the customer's look at a draft, files, and where they are used."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from references import activities
from references.enums import AskAnswer, Channel, FileKind, LineDecision, ReviewStatus
from references.models.contacts import Consent, Contact
from references.models.content import CaseStudy, Testimonial
from references.models.customers import Customer, ProofPoint
from references.models.tags import Tag


class OfPiece(models.Model):
    """A row about one piece of content: a case study or a testimonial."""

    case_study = models.ForeignKey(
        CaseStudy, null=True, blank=True, on_delete=models.CASCADE, related_name="%(class)s_set"
    )
    testimonial = models.ForeignKey(
        Testimonial, null=True, blank=True, on_delete=models.CASCADE, related_name="%(class)s_set"
    )

    class Meta:
        abstract = True

    @property
    def piece(self) -> CaseStudy | Testimonial:
        """The piece it is about."""
        found = self.case_study or self.testimonial
        assert found is not None  # noqa: S101  a constraint of every subclass
        return found


def of_one_piece(name: str) -> models.CheckConstraint:
    """The constraint that a row is about exactly one piece."""
    one = Q(case_study__isnull=False, testimonial__isnull=True) | Q(case_study__isnull=True, testimonial__isnull=False)
    return models.CheckConstraint(condition=one, name=name)


class ContentVersion(OfPiece):
    """The words of a piece as they were saved: what a customer approved can be read for good."""

    number = models.PositiveIntegerField(_("version"))
    values = models.JSONField(_("words"), default=dict)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    made_at = models.DateTimeField(_("made"), default=timezone.now)

    class Meta:
        ordering = ["-number"]
        verbose_name = _("version of content")
        verbose_name_plural = _("versions of content")
        constraints = [
            of_one_piece("content_version_of_one_piece"),
            models.UniqueConstraint(fields=["case_study", "number"], name="case_study_version_once"),
            models.UniqueConstraint(fields=["testimonial", "number"], name="testimonial_version_once"),
        ]

    def __str__(self) -> str:
        return f"v{self.number}"


class ContentReview(OfPiece):
    """A draft that was given to somebody at the customer, and what they said."""

    version = models.ForeignKey(ContentVersion, on_delete=models.CASCADE, related_name="reviews")
    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="content_reviews")
    status = models.CharField(_("status"), max_length=10, choices=ReviewStatus.choices, default=ReviewStatus.WAITING)
    note = models.TextField(_("what they said"), blank=True)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    asked_at = models.DateTimeField(_("asked"), default=timezone.now)
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)
    consent = models.ForeignKey(Consent, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering = ["-id"]
        verbose_name = _("customer's look at a draft")
        verbose_name_plural = _("customers' looks at drafts")
        constraints = [
            of_one_piece("content_review_of_one_piece"),
            models.UniqueConstraint(
                fields=["case_study"], condition=Q(status=ReviewStatus.WAITING), name="case_study_one_review_waits"
            ),
            models.UniqueConstraint(
                fields=["testimonial"], condition=Q(status=ReviewStatus.WAITING), name="testimonial_one_review_waits"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.contact_id} {self.status}"


class ReviewLine(models.Model):
    """One line of a draft as it was shown: fine, or to be changed, with a comment and better words."""

    review = models.ForeignKey(ContentReview, on_delete=models.CASCADE, related_name="lines")
    number = models.PositiveSmallIntegerField(_("line"))
    part = models.CharField(_("part"), max_length=20)
    text = models.TextField(_("text"))
    decision = models.CharField(
        _("decision"), max_length=6, choices=LineDecision.choices, default=LineDecision.OPEN, blank=True
    )
    comment = models.TextField(_("comment"), blank=True)
    suggestion = models.TextField(_("better words"), blank=True)

    class Meta:
        ordering = ["number"]
        verbose_name = _("line of a draft")
        verbose_name_plural = _("lines of drafts")
        constraints = [models.UniqueConstraint(fields=["review", "number"], name="review_line_once")]

    def __str__(self) -> str:
        return self.text[:60]


class ContentUse(models.Model):
    """A place where something given by a customer is used: a page, a deck, an advertisement."""

    case_study = models.ForeignKey(CaseStudy, null=True, blank=True, on_delete=models.CASCADE, related_name="uses")
    testimonial = models.ForeignKey(Testimonial, null=True, blank=True, on_delete=models.CASCADE, related_name="uses")
    proof_point = models.ForeignKey(ProofPoint, null=True, blank=True, on_delete=models.CASCADE, related_name="uses")
    place = models.CharField(_("where"), max_length=200)
    url = models.URLField(_("link"), max_length=500, blank=True)
    channel = models.CharField(_("channel"), max_length=8, choices=Channel.choices, default=Channel.WEB)
    noted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    since = models.DateField(_("since"))
    ended_at = models.DateTimeField(_("taken down"), null=True, blank=True)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    class Meta:
        ordering = ["-id"]
        verbose_name = _("use of content")
        verbose_name_plural = _("uses of content")

    def __str__(self) -> str:
        return self.place


def upload_path(row: "StoredFile", _name: str) -> str:
    """Where a file is kept: by a random name, which tells nothing and guesses nothing."""
    name = uuid.uuid4().hex
    return f"{row.kind}/{name[:2]}/{name}"


class StoredFile(models.Model):
    """An uploaded file of one piece of content, one customer (a logo) or one consent (its evidence).

    `content_type` is what was found in it, not what it was called; pictures are kept as they were encoded anew.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(_("kind"), max_length=10, choices=FileKind.choices)
    case_study = models.ForeignKey(CaseStudy, null=True, blank=True, on_delete=models.CASCADE, related_name="files")
    testimonial = models.ForeignKey(Testimonial, null=True, blank=True, on_delete=models.CASCADE, related_name="files")
    customer = models.ForeignKey(Customer, null=True, blank=True, on_delete=models.CASCADE, related_name="files")
    consent = models.ForeignKey(Consent, null=True, blank=True, on_delete=models.CASCADE, related_name="files")
    name = models.CharField(_("name"), max_length=200)
    content = models.FileField(_("content"), upload_to=upload_path, max_length=200)
    content_type = models.CharField(_("type"), max_length=120)
    size = models.PositiveBigIntegerField(_("bytes"))
    sha256 = models.CharField("SHA-256", max_length=64)
    width = models.PositiveIntegerField(_("width"), null=True, blank=True)
    height = models.PositiveIntegerField(_("height"), null=True, blank=True)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    uploaded_at = models.DateTimeField(_("uploaded"), auto_now_add=True)

    OWNERS: ClassVar[tuple[str, ...]] = ("case_study", "testimonial", "customer", "consent")

    class Meta:
        ordering = ["uploaded_at"]
        verbose_name = _("file")
        verbose_name_plural = _("files")
        constraints = [
            models.CheckConstraint(
                condition=Q(case_study__isnull=False, testimonial=None, customer=None, consent=None)
                | Q(case_study=None, testimonial__isnull=False, customer=None, consent=None)
                | Q(case_study=None, testimonial=None, customer__isnull=False, consent=None)
                | Q(case_study=None, testimonial=None, customer=None, consent__isnull=False),
                name="file_has_one_owner",
            )
        ]

    def __str__(self) -> str:
        return self.name


class ConsentAsk(models.Model):
    """A wish for a consent that a promoter was asked, on their own page, and their answer."""

    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="consent_asks")
    activity = models.CharField(_("activity or asset"), max_length=12, choices=activities.CHOICES)
    case_study = models.ForeignKey(CaseStudy, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    testimonial = models.ForeignKey(Testimonial, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    channel = models.CharField(_("channel"), max_length=8, choices=Channel.choices, default=Channel.ANY)
    region = models.ForeignKey(Tag, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    is_attributed = models.BooleanField(_("with name"), default=True)
    valid_until = models.DateField(_("until"), null=True, blank=True)
    why = models.TextField(_("what for"), blank=True)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    asked_at = models.DateTimeField(_("asked"), default=timezone.now)
    answer = models.CharField(
        _("answer"), max_length=10, choices=AskAnswer.choices, default=AskAnswer.WAITING, blank=True
    )
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)
    consent = models.ForeignKey(Consent, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering = ["-id"]
        verbose_name = _("ask for a consent")
        verbose_name_plural = _("asks for consents")
        constraints = [
            models.CheckConstraint(
                condition=Q(case_study__isnull=True) | Q(testimonial__isnull=True), name="consent_ask_for_one_piece"
            )
        ]

    def __str__(self) -> str:
        return f"{self.activity} {self.contact_id}"
