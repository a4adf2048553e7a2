"""What was used instead of a live call, and the searches that tell when something new fits."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from matching.models.requests import Request
from matching.proof_uses import ProofUseQuerySet
from references import activities
from references.models import CaseStudy, ProofPoint, Testimonial


class ProofUse(models.Model):
    """A salesperson used a quote, a story, a video or a number for a deal, before or instead of asking anybody.

    Which of them saved a call, `proof_uses.py` tells.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="proof_uses")
    request = models.ForeignKey(Request, null=True, blank=True, on_delete=models.SET_NULL, related_name="proof_uses")
    deal = models.CharField(_("deal"), max_length=200, blank=True)
    deal_id = models.CharField(_("deal in the CRM"), max_length=120, blank=True)
    brief = models.TextField(_("brief"), blank=True)
    activity = models.CharField(_("instead of"), max_length=12, choices=activities.CHOICES, default="call")
    case_study = models.ForeignKey(
        CaseStudy, null=True, blank=True, on_delete=models.SET_NULL, related_name="proof_uses"
    )
    testimonial = models.ForeignKey(
        Testimonial, null=True, blank=True, on_delete=models.SET_NULL, related_name="proof_uses"
    )
    proof_point = models.ForeignKey(
        ProofPoint, null=True, blank=True, on_delete=models.SET_NULL, related_name="proof_uses"
    )
    was_enough = models.BooleanField(_("no call was needed"), default=False)
    used_at = models.DateTimeField(_("used"), auto_now_add=True)
    creation_key = models.CharField(_("creation key"), max_length=200, unique=True, editable=False)

    objects: ClassVar["ProofUseQuerySet[ProofUse]"] = ProofUseQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["-id"]
        verbose_name = _("use of proof")
        verbose_name_plural = _("uses of proof")
        indexes = [models.Index(fields=["deal_id"], name="proof_use_by_deal")]

    def __str__(self) -> str:
        return f"{self.deal or self.brief[:40]} {self.used_at:%Y-%m-%d}"


class SavedSearch(models.Model):
    """A list somebody looks at again: which, with which filters; mailed when something new fits."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="saved_searches")
    name = models.CharField(_("name"), max_length=120)
    noun = models.CharField(
        _("what is searched"),
        max_length=12,
        choices=[
            ("speaker", _("Speakers")),
            ("case_study", _("Case studies")),
            ("testimonial", _("Testimonials")),
            ("proof_point", _("Proof points")),
            ("slot", _("Speaking slots")),
        ],
    )
    query = models.CharField(_("filters"), max_length=2_000, blank=True, help_text=_("As in the address of the page"))
    mails = models.BooleanField(_("mail when something new fits"), default=True)
    known = models.JSONField(_("ids that fitted before"), default=list, blank=True, editable=False)
    looked_at = models.DateTimeField(_("last looked"), null=True, blank=True)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    class Meta:
        ordering = ["name", "id"]
        verbose_name = _("saved search")
        verbose_name_plural = _("saved searches")
        constraints = [
            models.UniqueConstraint(fields=["user", "name"], name="saved_search_once_by_name"),
            models.CheckConstraint(condition=~Q(name=""), name="saved_search_has_name"),
        ]

    def __str__(self) -> str:
        return self.name
