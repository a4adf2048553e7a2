"""The only writer of the state of case studies and testimonials: along the table, with who and why, and an event."""

from typing import Any, TypeVar

from django.utils import timezone

from delivery.webhooks import emit
from references.enums import ContentStatus
from references.events import (
    CONTENT_APPROVED,
    CONTENT_EXPIRED,
    CONTENT_PUBLISHED,
    CONTENT_RECALLED,
    describe_content,
    subject_of,
)
from references.lifecycles import CONTENT
from references.models import CaseStudy, Testimonial
from references.pool.writing import pool_write
from references.services.saving import record_change
from users.models import User

EVENT_OF = {
    ContentStatus.APPROVED: CONTENT_APPROVED,
    ContentStatus.PUBLISHED: CONTENT_PUBLISHED,
    ContentStatus.EXPIRED: CONTENT_EXPIRED,
    ContentStatus.RECALLED: CONTENT_RECALLED,
}
PieceT = TypeVar("PieceT", bound=CaseStudy | Testimonial)


def lock_piece(row: PieceT) -> PieceT:
    """Lock a piece for the rest of the transaction and give it as it stands, its customer and person loaded."""
    locked: Any = type(row)._default_manager.select_for_update(of=("self",), no_key=True)
    found: PieceT = locked.select_related("customer", "contact", "owner").get(pk=row.pk)
    return found


def move_content(
    row: CaseStudy | Testimonial, to: str, *, by: User | None = None, why: str = "", actor: str = "", **fields: Any
) -> None:
    """Move a locked piece along its table, with further fields; raises DomainError(move_not_allowed)."""
    before = row.status
    CONTENT.require_move(before, to)
    with pool_write() as touched:
        row.status = to
        if to == ContentStatus.PUBLISHED and row.published_on is None:
            fields.setdefault("published_on", timezone.localdate())
        for name, value in fields.items():
            setattr(row, name, value)
        row.save(update_fields=["status", *fields, "updated_at"])
        record_change(subject=row, before=before, after=to, by=by, why=why, actor=actor)
        tell_content(row)
        touched.add(row.customer_id)


def tell_content(row: CaseStudy | Testimonial) -> None:
    """Tell subscribers where a piece stands now, once each time it gets there."""
    event = EVENT_OF.get(ContentStatus(row.status))
    if event is not None:
        emit(event, subject=subject_of(row), data=describe_content(row))
