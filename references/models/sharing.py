"""What marketers and salespeople put together: a basket of references, and hand-outs made of it."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from references import activities
from references.enums import Channel
from references.models.contacts import Contact
from references.models.content import CaseStudy, Testimonial
from references.models.customers import ProofPoint
from references.querysets import HandoutQuerySet


class Picked(models.Model):
    """One reference that somebody picked: a person, a case study, a testimonial or a proof point."""

    contact = models.ForeignKey(Contact, null=True, blank=True, on_delete=models.CASCADE, related_name="%(class)s_set")
    case_study = models.ForeignKey(
        CaseStudy, null=True, blank=True, on_delete=models.CASCADE, related_name="%(class)s_set"
    )
    testimonial = models.ForeignKey(
        Testimonial, null=True, blank=True, on_delete=models.CASCADE, related_name="%(class)s_set"
    )
    proof_point = models.ForeignKey(
        ProofPoint, null=True, blank=True, on_delete=models.CASCADE, related_name="%(class)s_set"
    )
    activity = models.CharField(
        _("what for"), max_length=12, choices=activities.CHOICES, blank=True, help_text=_("Of a person only")
    )

    class Meta:
        abstract = True


def one_thing(name: str) -> models.CheckConstraint:
    """The constraint that exactly one thing was picked."""
    nouns = ("contact", "case_study", "testimonial", "proof_point")
    one = Q()
    for noun in nouns:
        one |= Q(**{f"{each}__isnull": each != noun for each in nouns})
    return models.CheckConstraint(condition=one, name=name)


class BasketItem(Picked):
    """Something a user has put into their basket."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="basket")
    added_at = models.DateTimeField(_("added"), auto_now_add=True)

    class Meta:
        ordering = ["id"]
        verbose_name = _("item of a basket")
        verbose_name_plural = _("items of baskets")
        constraints = [
            one_thing("basket_item_is_one_thing"),
            *(
                models.UniqueConstraint(fields=["user", noun], name=f"basket_{noun}_once")
                for noun in ("contact", "case_study", "testimonial", "proof_point")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.pk}"


class Handout(models.Model):
    """One page of chosen references for somebody outside, by an expiring link and as a PDF.

    What may be shown of each reference is decided when the page is read, never when it was put together.
    """

    title = models.CharField(_("title"), max_length=200)
    intro = models.TextField(_("introduction"), blank=True)
    channel = models.CharField(_("channel"), max_length=8, choices=Channel.choices, default=Channel.SALES)
    is_blinded = models.BooleanField(_("without names"), default=False)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="handouts")
    made_at = models.DateTimeField(_("made"), default=timezone.now)
    views = models.PositiveIntegerField(_("views"), default=0)

    objects: ClassVar[models.Manager["Handout"]] = HandoutQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        verbose_name = _("hand-out")
        verbose_name_plural = _("hand-outs")

    def __str__(self) -> str:
        return self.title


class HandoutItem(Picked):
    """One reference on a hand-out."""

    handout = models.ForeignKey(Handout, on_delete=models.CASCADE, related_name="items")
    place = models.PositiveSmallIntegerField(_("place"))

    class Meta:
        ordering = ["place", "id"]
        verbose_name = _("item of a hand-out")
        verbose_name_plural = _("items of hand-outs")
        constraints = [one_thing("handout_item_is_one_thing")]

    def __str__(self) -> str:
        return f"{self.handout_id}: {self.place}"
