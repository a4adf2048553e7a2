"""Keeps the words of every piece of content as they were saved, numbered, and guards those a customer approved."""

from references.enums import ContentStatus, ReviewStatus
from references.errors import DomainError
from references.models import ContentReview, ContentVersion
from references.wording import Written, about, words_of
from users.models import User


def keep_version(row: Written, *, by: User | None = None) -> ContentVersion:
    """The version of a piece's words as they stand, under its number; made where it is not kept yet."""
    kept, _is_new = ContentVersion.objects.get_or_create(
        **about(row), number=row.version, defaults={"values": words_of(row), "made_by": by}
    )
    return kept


def require_changeable(row: Written) -> None:
    """Raise DomainError unless the words may change: content_with_customer, content_fixed."""
    if row.status == ContentStatus.WITH_CUSTOMER:
        message = "The customer is looking at these words. Take the draft back first, then change them."
        raise DomainError("content_with_customer", message)
    if is_fixed(row):
        message = "The customer approved these words, so they stay as they are. Make a revision, and give that."
        raise DomainError("content_fixed", message)


def is_fixed(row: Written) -> bool:
    """Whether a customer approved a version of this piece."""
    return ContentReview.objects.filter(**about(row), status=ReviewStatus.APPROVED).exists()
