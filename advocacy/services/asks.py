"""Writes the asks of the ladder and the review sites they lead to."""

from typing import TypedDict

from django.db import transaction

from advocacy.models import Ask, ReviewSite
from advocacy.program import current_settings
from references.activities import BY_CODE
from references.errors import DomainError
from references.services.saving import assign, save_checked

REVIEW = "review"
_ASK_FIELDS = (
    "name", "activity", "rung", "text", "url", "review_site", "minutes", "points", "cool_down_days", "needs_evidence",
    "disclosure", "is_active",
)  # fmt: skip
_SITE_FIELDS = ("name", "url", "is_active")


class AskData(TypedDict, total=False):
    """The fields of an ask; the rung is its activity's own where none is given."""

    name: str
    activity: str
    rung: int | None
    text: str
    url: str
    review_site: ReviewSite | None
    minutes: int
    points: int
    cool_down_days: int
    needs_evidence: bool
    disclosure: str
    is_active: bool


class SiteData(TypedDict, total=False):
    """The fields of a review site."""

    name: str
    url: str
    is_active: bool


@transaction.atomic
def save_ask(*, data: AskData, ask: Ask | None = None) -> Ask:
    """Add an ask, or change one; what people were promised before stays as it was promised.

    Raises DomainError: activity_is_fixed once somebody was asked, points_for_survey, site_for_review_only,
    disclosure_required, or a field's own code.
    """
    row = Ask() if ask is None else Ask.objects.select_for_update(no_key=True).get(pk=ask.pk)
    before = row.activity
    assign(row, data, _ASK_FIELDS)
    if row.pk and row.activity != before and row.assignments.exists():
        raise DomainError("activity_is_fixed", "People were asked for this already: make another ask.", "activity")
    if row.activity in BY_CODE and data.get("rung") is None and (row.rung is None or row.activity != before):
        row.rung = BY_CODE[row.activity].rung
    _check(row)
    save_checked(row)
    return row


@transaction.atomic
def save_site(*, data: SiteData, site: ReviewSite | None = None) -> ReviewSite:
    """Add a review site, or change one; raises DomainError with a field's own code."""
    row = ReviewSite() if site is None else ReviewSite.objects.select_for_update(no_key=True).get(pk=site.pk)
    assign(row, data, _SITE_FIELDS)
    save_checked(row)
    return row


def _check(row: Ask) -> None:
    if row.activity == "survey" and row.points:
        raise DomainError("points_for_survey", "Answering a survey earns no points: a score is not for sale.", "points")
    if row.activity != REVIEW and row.review_site is not None:
        raise DomainError("site_for_review_only", "Only a review is written on a review site.", "review_site")
    if row.activity == REVIEW and row.points and not row.disclosure.strip():
        row.disclosure = current_settings().review_disclosure
        if not row.disclosure:
            message = "A review that earns points says so: write what is disclosed."
            raise DomainError("disclosure_required", message, "disclosure")
