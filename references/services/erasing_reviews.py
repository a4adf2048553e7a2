"""What looks at drafts hold of one person: erased with them, and given to them on demand."""

from typing import Any

from delivery.links import revoke_links
from references.enums import ReviewStatus
from references.models import CaseStudy, Contact, ContentReview, ContentVersion, ReviewLine, Testimonial
from references.personal_words import Person
from references.services.erasing import hide_in, register_eraser
from references.services.exporting import list_rows, register_exporter
from references.services.reviews import review_subject, take_back_review
from users.models import User


def register_personal_reviews() -> None:
    """Let persons be erased from looks at drafts, and told what they said there."""
    register_eraser(erase_from_reviews)
    register_exporter("looks_at_drafts", export_reviews)


def erase_from_reviews(contact: Contact, person: Person, by: User | None) -> None:
    """Take back what waits for them, empty what they said of drafts, and hide them in every kept wording."""
    own = ContentReview.objects.filter(contact=contact)
    for review in own.filter(status=ReviewStatus.WAITING):
        take_back_review(review=review, by=by, why="Erased.")
    for pk in own.values_list("pk", flat=True):
        revoke_links(subject=review_subject(pk))
    own.update(note="")
    ReviewLine.objects.filter(review__contact=contact).update(comment="", suggestion="")
    for column, noun in (("case_study", CaseStudy), ("testimonial", Testimonial)):
        theirs = noun._default_manager.filter(customer=contact.customer_id).values("pk")
        lines = ReviewLine.objects.filter(**{f"review__{column}__in": theirs})
        hide_in(lines, ["text", "comment", "suggestion"], person.hide_in_full)
        hide_in(ContentReview.objects.filter(**{f"{column}__in": theirs}), ["note"], person.hide_in_full)
        versions = ContentVersion.objects.filter(**{f"{column}__in": theirs})
        hide_in(versions.exclude(**{f"{column}__contact": contact}), ["values"], person.hide_in_full)
        _hide_own(versions.filter(**{f"{column}__contact": contact}), person)
        hide_in(ReviewLine.objects.filter(**{f"review__{column}__contact": contact}), ["text"], person.hide)


def _hide_own(versions: Any, person: Person) -> None:
    """In what they said themselves, any telling word of their name goes, and who they are."""
    hide_in(versions, ["values"], person.hide)
    for row in versions:
        values = {**row.values, **{part: "" for part in ("said_by", "said_by_title") if part in row.values}}
        if values != row.values:
            versions.filter(pk=row.pk).update(values=values)


def export_reviews(contact: Contact) -> dict[str, Any]:
    """The drafts a person was given, what they said of each line, and what they answered."""
    own = ContentReview.objects.filter(contact=contact).order_by("id")
    lines = ReviewLine.objects.filter(review__in=own).order_by("review", "number")
    return {
        "looks": list_rows(own, "id", "status", "note", "asked_at", "answered_at", version="version__number"),
        "lines": list_rows(lines, "number", "part", "text", "decision", "comment", "suggestion", look="review"),
    }
