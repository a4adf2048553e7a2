"""The fixed word lists of surveys."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class CampaignStatus(models.TextChoices):
    DRAFT = "draft", _("draft")
    RUNNING = "running", _("running")
    CLOSED = "closed", _("closed")


class InvitationStatus(models.TextChoices):
    """Where one invitation stands."""

    WAITING = "waiting", _("waiting to be sent")
    SENT = "sent", _("sent")
    ANSWERED = "answered", _("answered")
    NO_ANSWER = "no_answer", _("no answer")
    FAILED = "failed", _("could not be delivered")
    SKIPPED = "skipped", _("not asked")


class AnswerChannel(models.TextChoices):
    """By which way an answer came in."""

    EMAIL = "email", _("E-mail link")
    WIDGET = "widget", _("In the product")
    PHONE = "phone", _("Telephone")
    IMPORT = "import", _("Import")
    API = "api", _("API")


class InvitationChannel(models.TextChoices):
    EMAIL = "email", _("E-mail")
    PHONE = "phone", _("Telephone")


class BenchmarkKind(models.TextChoices):
    MARKET = "market", _("Market")
    COMPETITOR = "competitor", _("Competitor")
