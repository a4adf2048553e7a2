"""Gives drafts to the customer for a look, line by line, and takes the answer: approved, or changes wished."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils import timezone

from delivery.links import issue_link, revoke_links
from delivery.mails import send_later
from references.enums import Actor, Channel, ContactStatus, ContentStatus, LineDecision, ReviewStatus
from references.errors import DomainError
from references.models import Consent, Contact, ContentReview, ReviewLine, StateChange
from references.pool.writing import pool_write
from references.rights import asset_of
from references.services.consents import record_consent
from references.services.content_states import lock_piece, move_content
from references.services.keepers import keepers_of
from references.services.saving import name_subject
from references.services.versions import keep_version
from references.wording import NUMBER, Written, about, split_lines, tell_number, words_of
from users.models import User

REVIEW_LINK = "content"
"""The purpose of signed links by which a customer looks at a draft."""
LETTER_REVIEW = "content_review"
LETTER_ANSWERED = "content_answered"
LIFETIME = timedelta(days=60)
MOST_WORDS = 4_000


@dataclass(frozen=True, slots=True)
class LineAnswer:
    """What a customer says of one line: a `LineDecision`, a comment, better words."""

    decision: str
    comment: str = ""
    suggestion: str = ""


@dataclass(frozen=True, slots=True)
class Allowed:
    """What a customer allows with their approval: the channels (all where `any` is among them), by name, until when."""

    channels: Sequence[str]
    is_attributed: bool = True
    valid_until: date | None = None


def review_subject(review_id: int) -> str:
    """Subject of the link to one look at a draft: "review:12"."""
    return f"review:{review_id}"


def give_to_customer(*, piece: Written, contact: Contact, by: User | None, note: str = "") -> ContentReview:
    """Give a draft to somebody at the customer: its words are kept as shown, and a letter with a signed link goes out.

    `note` says to them what it is for, in the letter and on the page, in up to 300 characters.
    Raises DomainError: wrong_customer, has_opted_out, no_address, nothing_to_read, already_with_customer, not_a_draft.
    """
    with pool_write():
        row = lock_piece(piece)
        _check_given(row, contact)
        version = keep_version(row, by=by)
        review = ContentReview.objects.create(**about(row), version=version, contact=contact, asked_by=by)
        lines = _lines_of(row)
        ReviewLine.objects.bulk_create(
            ReviewLine(review=review, number=number, part=part, text=text)
            for number, (part, text) in enumerate(lines, start=1)
        )
        move_content(row, ContentStatus.WITH_CUSTOMER, by=by, why=note.strip())
        link = issue_link(purpose=REVIEW_LINK, subject=review_subject(review.pk), lifetime=LIFETIME)
        key = f"{LETTER_REVIEW}:{review.pk}"
        send_later(kind=LETTER_REVIEW, key=key, payload={"review": review.pk, "link": str(link.pk)})
    return review


def take_back_review(*, review: ContentReview, by: User | None = None, why: str = "") -> ContentReview:
    """Take a draft back before it was answered, its link closed; raises DomainError(review_over)."""
    with pool_write():
        row = _lock_waiting(review)
        _close(row, ReviewStatus.WITHDRAWN)
        revoke_links(subject=review_subject(row.pk))
        move_content(lock_piece(row.piece), ContentStatus.DRAFT, by=by, why=why or "Taken back.")
    return row


def approve_draft(
    *, review: ContentReview, answers: Mapping[int, LineAnswer], allowed: Allowed, note: str = ""
) -> ContentReview:
    """Approve a draft as shown, for whoever holds its link; the consent for this one piece is recorded with it.

    `answers` are by the number of the line. Raises DomainError: review_over, changes_wished, channel_required,
    until_in_past, and what `record_consent` does.
    """
    with pool_write():
        row = _lock_waiting(review)
        if any(each.decision == LineDecision.CHANGE for each in answers.values()):
            message = "A line is marked to be changed: send the draft back, or mark the line as fine."
            raise DomainError("changes_wished", message)
        _keep_answers(row, answers, otherwise=LineDecision.OK)
        consents = _record(row, allowed)
        _close(row, ReviewStatus.APPROVED, note=note, consent=consents[0])
        piece = lock_piece(row.piece)
        move_content(piece, ContentStatus.APPROVED, actor=Actor.PROMOTER, why=consents[0].evidence)
        _tell(row, piece)
    return row


def wish_changes(*, review: ContentReview, answers: Mapping[int, LineAnswer], note: str = "") -> ContentReview:
    """Send a draft back with what is to be changed; raises DomainError: review_over, changes_required."""
    with pool_write():
        row = _lock_waiting(review)
        is_said = any(each.decision == LineDecision.CHANGE or each.comment.strip() for each in answers.values())
        if not is_said and not note.strip():
            raise DomainError("changes_required", "Please say what is to be changed.", "note")
        _keep_answers(row, answers, otherwise=LineDecision.OPEN)
        _close(row, ReviewStatus.CHANGES, note=note)
        piece = lock_piece(row.piece)
        move_content(piece, ContentStatus.DRAFT, actor=Actor.PROMOTER, why="Changes wished.")
        _tell(row, piece)
    return row


def purpose_of(review: ContentReview) -> str:
    """What whoever asked said it is for; "" for nothing. One query."""
    subject = name_subject(review.piece)
    moves = StateChange.objects.filter(subject=subject, to_status=ContentStatus.WITH_CUSTOMER)
    return moves.filter(at__gte=review.asked_at).order_by("pk").values_list("why", flat=True).first() or ""


def _check_given(row: Written, contact: Contact) -> None:
    if contact.customer_id != row.customer_id:
        raise DomainError("wrong_customer", "The contact works for another customer.", "contact")
    if contact.has_opted_out or contact.status == ContactStatus.RETIRED:
        raise DomainError("has_opted_out", "This person has left or opted out.", "contact")
    if not contact.email:
        raise DomainError("no_address", "No e-mail address of this person is on file.", "contact")
    if row.status == ContentStatus.WITH_CUSTOMER:
        raise DomainError("already_with_customer", "The customer is looking at it already.")
    if row.status != ContentStatus.DRAFT:
        raise DomainError("not_a_draft", "Only a draft is given to the customer. Make a revision, and give that.")
    if not _lines_of(row):
        raise DomainError("nothing_to_read", "There are no words to approve yet.")


def _lines_of(row: Written) -> list[tuple[str, str]]:
    """What is shown: the words line by line, then the numbers."""
    return [*split_lines(words_of(row)), *((NUMBER, tell_number(point)) for point in row.proof_points.all())]


def _lock_waiting(review: ContentReview) -> ContentReview:
    locked = ContentReview.objects.select_for_update(of=("self",), no_key=True)
    row = locked.select_related("case_study", "testimonial", "contact__customer", "version").get(pk=review.pk)
    if row.status != ReviewStatus.WAITING or row.piece.status != ContentStatus.WITH_CUSTOMER:
        raise DomainError("review_over", "This draft was answered, or was taken back.")
    return row


def _close(row: ContentReview, status: str, *, note: str | None = None, consent: Consent | None = None) -> None:
    row.status, row.answered_at, row.consent = status, timezone.now(), consent
    if note is not None:
        row.note = note.strip()[:MOST_WORDS]
    row.save(update_fields=["status", "answered_at", "consent", "note"])


def _keep_answers(row: ContentReview, answers: Mapping[int, LineAnswer], *, otherwise: str) -> None:
    """Keep what was said of each line; a line of which nothing was said is `otherwise`."""
    lines = list(row.lines.all())
    for line in lines:
        given = answers.get(line.number, LineAnswer(""))
        line.decision = given.decision or otherwise
        line.comment = given.comment.strip()[:MOST_WORDS]
        line.suggestion = given.suggestion.strip()[:MOST_WORDS]
    ReviewLine.objects.bulk_update(lines, ["decision", "comment", "suggestion"])


def _record(row: ContentReview, allowed: Allowed) -> list[Consent]:
    """The consents for this one piece: one for all channels, or one for each."""
    if not allowed.channels:
        raise DomainError("channel_required", "Please say where it may be used.", "channels")
    today = timezone.localdate()
    if allowed.valid_until is not None and allowed.valid_until < today:
        raise DomainError("until_in_past", "Please give a day to come.", "valid_until")
    channels = [Channel.ANY.value] if Channel.ANY in allowed.channels else list(dict.fromkeys(allowed.channels))
    return [
        record_consent(
            contact=row.contact,
            activity=asset_of(row.piece),
            piece=row.piece,
            channel=channel,
            is_attributed=allowed.is_attributed,
            valid_until=allowed.valid_until,
            evidence=f"Approved version {row.version.number} on {today.isoformat()}.",
            actor=Actor.PROMOTER,
        )
        for channel in channels
    ]


def _tell(row: ContentReview, piece: Written) -> None:
    """Tell whoever asked, and who keeps the piece, what the customer said."""
    asked = [row.asked_by] if row.asked_by is not None and row.asked_by.is_active else []
    for user in {each.pk: each for each in [*asked, *keepers_of(piece)]}.values():
        key = f"{LETTER_ANSWERED}:{row.pk}:{user.pk}"
        send_later(kind=LETTER_ANSWERED, key=key, payload={"review": row.pk, "user": user.pk})
