"""Tags: the words by which customers and contacts are found, with parents and synonyms."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from references.enums import Facet, TagStatus
from references.models.base import PoolModel
from references.querysets import TagQuerySet


class Tag(PoolModel):
    """One word of one facet. `also_in` holds further parents, for regions that overlap (DACH, EMEA)."""

    facet = models.CharField(_("facet"), max_length=12, choices=Facet.choices)
    slug = models.CharField(_("slug"), max_length=120)
    name = models.CharField(_("name"), max_length=200)
    parent = models.ForeignKey(
        "self", verbose_name=_("parent"), null=True, blank=True, on_delete=models.PROTECT, related_name="children"
    )
    also_in = models.ManyToManyField(
        "self",
        through="TagContainment",
        verbose_name=_("also in"),
        blank=True,
        symmetrical=False,
        through_fields=("tag", "container"),
        related_name="also_contains",
    )
    languages = models.ManyToManyField(
        "self",
        through="TagLanguage",
        verbose_name=_("languages spoken"),
        blank=True,
        symmetrical=False,
        through_fields=("region", "language"),
        related_name="spoken_in",
    )
    status = models.CharField(_("status"), max_length=10, choices=TagStatus.choices, default=TagStatus.ACCEPTED)
    merged_into = models.ForeignKey(
        "self", verbose_name=_("merged into"), null=True, blank=True, on_delete=models.PROTECT, related_name="merged"
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    objects: ClassVar[models.Manager["Tag"]] = TagQuerySet.as_manager()

    class Meta:
        ordering = ["facet", "name"]
        verbose_name = _("tag")
        verbose_name_plural = _("tags")
        constraints = [
            models.UniqueConstraint(fields=["facet", "slug"], name="tag_slug_once_per_facet"),
            models.CheckConstraint(
                condition=Q(status="merged", merged_into__isnull=False)
                | (~Q(status="merged") & Q(merged_into__isnull=True)),
                name="tag_merged_names_target",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class TagContainment(PoolModel):
    """That a tag lies in another one beside its parent: Germany in DACH."""

    tag = models.ForeignKey(Tag, on_delete=models.CASCADE, related_name="containments")
    container = models.ForeignKey(Tag, on_delete=models.CASCADE, related_name="contained")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tag", "container"], name="tag_containment_once")]

    def __str__(self) -> str:
        return f"{self.tag_id} in {self.container_id}"


class TagLanguage(PoolModel):
    """That a language is spoken in a region."""

    region = models.ForeignKey(Tag, on_delete=models.CASCADE, related_name="region_languages")
    language = models.ForeignKey(Tag, on_delete=models.CASCADE, related_name="language_regions")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["region", "language"], name="tag_language_once")]

    def __str__(self) -> str:
        return f"{self.language_id} in {self.region_id}"


class TagSynonym(PoolModel):
    """Another word for a tag. A leading "=" asks for the exact case ("=US")."""

    tag = models.ForeignKey(Tag, on_delete=models.CASCADE, related_name="synonyms", verbose_name=_("tag"))
    text = models.CharField(_("text"), max_length=200)
    folded = models.CharField(_("folded"), max_length=200, editable=False)

    class Meta:
        ordering = ["folded"]
        verbose_name = _("synonym")
        verbose_name_plural = _("synonyms")
        constraints = [models.UniqueConstraint(fields=["tag", "text"], name="synonym_once_per_tag")]

    def __str__(self) -> str:
        return self.text


class SynonymProposal(models.Model):
    """Words by which people meant a tag when they corrected a reading; a manager makes them a synonym, or not.

    With `is_misreading` it is the other way round: the words were read as the tag, and people took that reading out.
    """

    tag = models.ForeignKey(Tag, on_delete=models.CASCADE, related_name="synonym_proposals", verbose_name=_("tag"))
    text = models.CharField(_("text"), max_length=200)
    folded = models.CharField(_("folded"), max_length=200, editable=False)
    times = models.PositiveIntegerField(_("times"), default=1)
    is_misreading = models.BooleanField(_("reads wrongly"), default=False)
    is_rejected = models.BooleanField(_("rejected"), default=False)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    class Meta:
        ordering = ["-times", "folded"]
        verbose_name = _("synonym proposal")
        verbose_name_plural = _("synonym proposals")
        constraints = [
            models.UniqueConstraint(fields=["tag", "folded", "is_misreading"], name="synonym_proposal_once_per_tag")
        ]

    def __str__(self) -> str:
        return self.text
