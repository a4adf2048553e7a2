"""The public wall: embeds on other sites, counts that know nobody, and the leads that came of it."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from references.enums import ContentNoun, Look, PublicEvent


class Embed(models.Model):
    """A wall, or one card, that another site shows: what it holds, how it looks, and which sites may frame it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(_("name"), max_length=120)
    filters = models.JSONField(_("what it shows"), default=dict, blank=True)
    piece_noun = models.CharField(_("one piece only"), max_length=12, choices=ContentNoun.choices, blank=True)
    piece_id = models.PositiveBigIntegerField(_("id of the piece"), null=True, blank=True)
    most = models.PositiveSmallIntegerField(_("how many"), default=12)
    theme = models.CharField(_("look"), max_length=6, default=Look.SYSTEM, choices=Look.choices)
    sites = models.JSONField(
        _("sites"), default=list, blank=True, help_text=_("Origins that may show it; empty for every site")
    )
    has_lead_form = models.BooleanField(_("with a form for visitors"), default=False)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField(_("made"), auto_now_add=True)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)

    class Meta:
        ordering = ["-made_at"]
        verbose_name = _("embed")
        verbose_name_plural = _("embeds")

    def __str__(self) -> str:
        return self.name


class PublicCount(models.Model):
    """How often something was seen or clicked in one place on one day. No visitor is told from another."""

    day = models.DateField(_("day"))
    event = models.CharField(_("event"), max_length=5, choices=PublicEvent.choices)
    place = models.CharField(_("where"), max_length=32, blank=True, help_text=_("Id of an embed; empty for the wall"))
    noun = models.CharField(_("kind"), max_length=12, choices=ContentNoun.choices, blank=True)
    piece_id = models.PositiveBigIntegerField(_("id of the piece"), default=0)
    count = models.PositiveIntegerField(_("count"), default=0)

    class Meta:
        ordering = ["-day", "id"]
        verbose_name = _("public count")
        verbose_name_plural = _("public counts")
        constraints = [
            models.UniqueConstraint(fields=["day", "event", "place", "noun", "piece_id"], name="public_count_once")
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.event} {self.count}"


class Lead(models.Model):
    """A visitor of the wall who wants to hear from us, and agreed to it."""

    name = models.CharField(_("name"), max_length=200)
    email = models.EmailField(_("e-mail"))
    company = models.CharField(_("company"), max_length=200, blank=True)
    message = models.TextField(_("message"), blank=True)
    agreed_to = models.TextField(_("what they agreed to"))
    agreed_at = models.DateTimeField(_("agreed"))
    embed = models.ForeignKey(Embed, null=True, blank=True, on_delete=models.SET_NULL, related_name="leads")
    noun = models.CharField(_("kind"), max_length=12, choices=ContentNoun.choices, blank=True)
    piece_id = models.PositiveBigIntegerField(_("id of the piece"), default=0)
    creation_key = models.CharField(_("creation key"), max_length=64, unique=True, editable=False)
    handed_over_at = models.DateTimeField(_("handed over"), null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        verbose_name = _("lead")
        verbose_name_plural = _("leads")

    def __str__(self) -> str:
        return self.name
