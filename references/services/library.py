"""Carries content through the rest of its life: published, revised, ended; and keeps the list of where it is used."""

from datetime import date
from typing import Any, cast

from django.db import transaction
from django.utils import timezone

from delivery.mails import send_later
from references.enums import Channel, ContentStatus, ReviewStatus
from references.errors import DomainError
from references.models import CaseStudyTag, ContentReview, ContentUse, ProofPoint, ReviewLine, TestimonialTag
from references.pool.writing import pool_write
from references.querysets import ContentQuerySet
from references.rights_standing import is_covered
from references.services.content_states import lock_piece, move_content
from references.services.inference import promise_inference
from references.services.keepers import keepers_of
from references.services.saving import record_change, save_checked
from references.services.versions import keep_version, require_changeable
from references.where_used import uses_of
from references.wording import PARTS, Written, about, noun_of, replace_line, rows_of, words_of
from users.models import User

LETTER_ENDED = "content_ended"
COPIED = ("customer", "contact", "owner", "language", "url", "expires_on")
MORE_COPIED = {"case_study": (), "testimonial": ("kind", "review_site")}
ENDED = (ContentStatus.EXPIRED, ContentStatus.RECALLED)
UNFINISHED = (ContentStatus.DRAFT, ContentStatus.WITH_CUSTOMER, ContentStatus.APPROVED)


def publish_content(*, piece: Written, by: User) -> Written:
    """Publish what is approved; what it replaces is recalled with it.

    Raises DomainError: move_not_allowed, not_usable, no_consent.
    """
    with pool_write():
        row, today = lock_piece(piece), timezone.localdate()
        rows = cast("ContentQuerySet[Any]", rows_of(noun_of(row)))
        if row.status == ContentStatus.APPROVED and not rows.standing(on=today).filter(pk=row.pk).exists():
            message = "Nobody would see it: its last day is over, its customer is no reference, or its person left."
            raise DomainError("not_usable", message)
        if row.status == ContentStatus.APPROVED and not is_covered(row, today):
            message = "No consent in force covers it: ask for one first, then publish."
            raise DomainError("no_consent", message)
        move_content(row, ContentStatus.PUBLISHED, by=by)
        if row.replaces is not None:
            old = lock_piece(cast(Written, row.replaces))
            if old.status in {ContentStatus.APPROVED, ContentStatus.PUBLISHED}:
                end_content(piece=old, to=ContentStatus.RECALLED, why="Replaced by its revision.", by=by)
    return row


def recall_content(*, piece: Written, why: str, by: User) -> Written:
    """Take approved or published content out of use; raises DomainError: why_required, move_not_allowed."""
    if not why.strip():
        raise DomainError("why_required", "Please say why: whoever takes it down will ask.", "why")
    return end_content(piece=piece, to=ContentStatus.RECALLED, why=why.strip(), by=by)


def end_content(*, piece: Written, to: str, why: str, by: User | None = None, actor: str = "") -> Written:
    """Expire or recall a piece; those who keep it get the list of where it is used, but for the one who did it.

    Raises DomainError(move_not_allowed).
    """
    with pool_write():
        row = lock_piece(piece)
        move_content(row, to, by=by, why=why, actor=actor)
        for user in keepers_of(row):
            if user != by or uses_of(row).filter(ended_at__isnull=True).exists():
                key = f"{LETTER_ENDED}:{noun_of(row)}:{row.pk}:{user.pk}"
                send_later(kind=LETTER_ENDED, key=key, payload={noun_of(row): row.pk, "user": user.pk})
    return row


def revise_content(*, piece: Written, by: User) -> Written:
    """Make a new draft of what is no draft any more, with its words, tags and numbers; published, it takes its place.

    Raises DomainError: still_draft, revision_exists.
    """
    with pool_write() as touched:
        old = lock_piece(piece)
        if old.status in {ContentStatus.DRAFT, ContentStatus.WITH_CUSTOMER}:
            raise DomainError("still_draft", "It is still a draft: change its words as they stand.")
        if old.revisions.filter(status__in=UNFINISHED).exists():
            raise DomainError("revision_exists", "There is a revision already; finish that one first.")
        names = (*COPIED, *PARTS[noun_of(old)], *MORE_COPIED[noun_of(old)])
        values: dict[str, Any] = {name: getattr(old, name) for name in names}
        new = type(old)(**values, replaces_id=old.pk, version=old.version + 1)
        if new.expires_on is not None and new.expires_on < timezone.localdate():
            new.expires_on = None
        save_checked(new)
        keep_version(new, by=by)
        record_change(subject=new, before="", after=new.status, by=by, why=f"Revision of {old.pk}.")
        _copy_tags(old, new)
        _copy_numbers(old, new)
        touched.add(new.customer_id)
        promise_inference([new.customer_id])
    return new


def apply_suggestions(*, review: ContentReview, by: User, number: int | None = None) -> int:
    """Take over the customer's better words, of one line or of every line that still reads as shown; gives how many.

    Raises DomainError: review_waits, no_suggestion, line_gone, content_with_customer, content_fixed.
    """
    with pool_write() as touched:
        row = lock_piece(review.piece)
        require_changeable(row)
        if review.status != ReviewStatus.CHANGES:
            raise DomainError("review_waits", "There are no wishes to take over.")
        lines = list(review.lines.exclude(suggestion="").filter(**({} if number is None else {"number": number})))
        if not lines:
            raise DomainError("no_suggestion", "They suggested no words for this.")
        keep_version(row)
        applied = sum(_apply(row, line) for line in lines)
        if not applied:
            raise DomainError("line_gone", "These lines have been changed since; look at the words as they are now.")
        row.version += 1
        save_checked(row)
        keep_version(row, by=by)
        touched.add(row.customer_id)
        promise_inference([row.customer_id])
    return applied


@transaction.atomic
def add_use(
    *, piece: Written, place: str, url: str = "", channel: str = Channel.WEB, since: date | None = None, by: User
) -> ContentUse:
    """Note where a piece is used; raises DomainError: not_usable for one that is over, or a field's own code."""
    if piece.status in ENDED:
        raise DomainError("not_usable", "It must not be used any more.")
    use = ContentUse(
        **about(piece), place=place.strip(), url=url, channel=channel, since=since or timezone.localdate(), noted_by=by
    )
    save_checked(use)
    return use


@transaction.atomic
def end_use(*, use: ContentUse) -> ContentUse:
    """Note that it was taken down; a second time changes nothing."""
    row = ContentUse.objects.select_for_update(of=("self",), no_key=True).get(pk=use.pk)
    if row.ended_at is None:
        row.ended_at = timezone.now()
        row.save(update_fields=["ended_at"])
    return row


def _apply(row: Written, line: ReviewLine) -> bool:
    """Write one line anew where it still reads as it was shown."""
    if line.part not in words_of(row):
        return False
    text = replace_line(str(getattr(row, line.part)), line.text, line.suggestion)
    if text is None:
        return False
    setattr(row, line.part, text)
    return True


def _copy_tags(old: Written, new: Written) -> None:
    through = CaseStudyTag if noun_of(old) == "case_study" else TestimonialTag
    kept = through._default_manager.filter(**about(old)).values_list("tag_id", flat=True)
    through._default_manager.bulk_create(through(**about(new), tag_id=tag_id) for tag_id in kept)


def _copy_numbers(old: Written, new: Written) -> None:
    names = ("customer", "metric", "before", "after", "unit", "amount", "currency", "how_measured", "measured_on")
    ProofPoint.objects.bulk_create(
        ProofPoint(**about(new), **{name: getattr(point, name) for name in names})
        for point in old.proof_points.select_related("customer")
    )
