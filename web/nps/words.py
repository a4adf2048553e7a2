"""The words of scores: bands, points, verdicts."""

from django.utils.translation import gettext_lazy as _

from surveys.reports import ABOVE, BELOW, LEVEL_WITH
from surveys.scores import EXCELLENT, GOOD, GREAT, NEEDS_IMPROVEMENT

BAND_WORDS = {
    NEEDS_IMPROVEMENT: _("needs improvement"),
    GOOD: _("good"),
    GREAT: _("great"),
    EXCELLENT: _("excellent"),
}
VERDICTS = {
    ABOVE: _("we are above it"),
    BELOW: _("we are below it"),
    LEVEL_WITH: _("no clear difference"),
}
VERDICT_BADGES = {ABOVE: "fresh", BELOW: "stop", LEVEL_WITH: "quiet"}
