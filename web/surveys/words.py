"""What codes of surveys are called on pages."""

from django.utils.translation import gettext_lazy as _

WHY_NOT = {
    "opted_out": _("wants to be asked for nothing"),
    "no_surveys": _("wants no surveys"),
    "days_off": _("wants quiet these days"),
    "paused_self": _("has paused"),
    "rested": _("was asked by a survey lately"),
    "open_invitation": _("is being asked by another survey"),
    "no_address": _("has neither e-mail nor telephone on file"),
    "not_sampled": _("not in the sample"),
    "not_reached": _("not reached before the survey closed"),
}
SCORE_CLASSES = {"promoter": _("promoter"), "passive": _("passive"), "detractor": _("detractor")}
EVENTS = {"draft": _("Made"), "running": _("Started"), "closed": _("Closed")}


def say_why_not(code: str) -> str:
    """Why somebody was not asked, in words; the code itself where it is unknown."""
    return str(WHY_NOT.get(code, code.replace("_", " ")))
