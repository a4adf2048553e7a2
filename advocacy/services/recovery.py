"""Writes recovery plays: opened by a low score or by hand, followed step by step, measured by the next score."""

from datetime import date, timedelta
from typing import cast

from django.db import transaction
from django.utils import timezone

from advocacy.enums import PlayKind, PlayResult, PlayStatus
from advocacy.lifecycles import PLAY
from advocacy.models import PlayStep, PlayTemplate, RecoveryPlay
from references.enums import Loyalty
from references.errors import DomainError
from references.loyalty import classify_score
from references.models import Contact
from references.services.saving import record_change, save_checked
from users.models import User

FALLBACK_STEPS = ("Call them and listen.", "Agree on what is done about it.", "Tell them what was done.")
FALLBACK_DAYS = 7


@transaction.atomic
def open_play(
    *,
    contact: Contact,
    source: str,
    template: PlayTemplate | None = None,
    why: str = "",
    score: int | None = None,
    score_on: date | None = None,
    owner: User | None = None,
    due_on: date | None = None,
    by: User | None = None,
) -> RecoveryPlay:
    """Begin to win somebody back, once per `source`; who has an open play keeps that one, which notes the newer score.

    The owner is the account owner unless given. Raises DomainError: has_opted_out, or a field's own code.
    """
    person = Contact.objects.select_for_update(of=("self",), no_key=True).select_related("customer").get(pk=contact.pk)
    there = (
        RecoveryPlay.objects.filter(source=source).first() or RecoveryPlay.objects.open().filter(contact=person).first()
    )
    if there is not None:
        return there
    if person.has_opted_out:
        raise DomainError("has_opted_out", "This person has left or opted out.", "contact")
    days = template.due_days if template else FALLBACK_DAYS
    row = RecoveryPlay(
        contact=person,
        template=template,
        kind=template.kind if template else PlayKind.CALL,
        name=template.name if template else str(PlayKind.CALL.label),
        why=why[:300],
        score=score,
        score_on=score_on,
        owner=owner or person.customer.account_owner,
        due_on=due_on or timezone.localdate() + timedelta(days=days),
        source=source,
    )
    save_checked(row)
    steps = cast("list[str]", template.steps) if template and template.steps else FALLBACK_STEPS
    PlayStep.objects.bulk_create(
        PlayStep(play=row, position=position, text=text[:300]) for position, text in enumerate(steps, 1)
    )
    record_change(subject=row, before="", after=row.status, by=by, why=why)
    return row


def open_for_score(*, contact: Contact, score: int, on: date | None, source: str, why: str) -> RecoveryPlay | None:
    """Open the play that the class of a score asks for; None for a promoter, and where no template opens by itself."""
    loyalty = classify_score(score)
    template = PlayTemplate.objects.filter(opens_for=loyalty, is_active=True).first()
    if loyalty == Loyalty.PROMOTER or template is None:
        return None
    return open_play(contact=contact, source=source, template=template, why=why, score=score, score_on=on)


@transaction.atomic
def measure_plays(*, contact: Contact, score: int, on: date | None) -> int:
    """Let a new score be the measure of the plays that began with an older one and wait for it; gives how many."""
    waiting = RecoveryPlay.objects.select_for_update(no_key=True).filter(contact=contact, next_score=None)
    count = 0
    for row in waiting.exclude(status=PlayStatus.ABANDONED):
        if on is None or (row.score_on is not None and on <= row.score_on):
            continue
        row.next_score, row.next_score_on = score, on
        row.result = result_of(row.score, score)
        row.save(update_fields=["next_score", "next_score_on", "result"])
        count += 1
    return count


def result_of(before: int | None, after: int) -> str:
    """What a next score says of a play."""
    if classify_score(after) == Loyalty.PROMOTER:
        return PlayResult.RECOVERED
    if before is None or after == before:
        return PlayResult.SAME
    return PlayResult.BETTER if after > before else PlayResult.WORSE


@transaction.atomic
def move_play(*, play: RecoveryPlay, to: str, by: User | None = None, outcome: str = "") -> RecoveryPlay:
    """Move a play along its table; the only writer of its status.

    Raises DomainError: move_not_allowed, outcome_required for one that is done or given up.
    """
    row = RecoveryPlay.objects.select_for_update(no_key=True).get(pk=play.pk)
    before = row.status
    PLAY.require_move(before, to)
    if to in {PlayStatus.DONE, PlayStatus.ABANDONED} and not (outcome.strip() or row.outcome):
        raise DomainError("outcome_required", "Say what came of it.", "outcome")
    row.status, row.outcome = to, outcome.strip() or row.outcome
    row.ended_at = timezone.now() if to in {PlayStatus.DONE, PlayStatus.ABANDONED} else None
    save_checked(row, update_fields=["status", "outcome", "ended_at"])
    record_change(subject=row, before=before, after=to, by=by, why=outcome)
    play.refresh_from_db()
    return play


@transaction.atomic
def tick_step(*, step: PlayStep, is_done: bool, by: User) -> PlayStep:
    """Note that a step was done, or was not; the first one done sets the play in progress.

    Raises DomainError(play_over) once the play has ended.
    """
    play = RecoveryPlay.objects.select_for_update(no_key=True).get(pk=step.play_id)
    if play.status not in {PlayStatus.OPEN, PlayStatus.IN_PROGRESS}:
        raise DomainError("play_over", "This play has ended.")
    step.done_at, step.done_by = (timezone.now(), by) if is_done else (None, None)
    step.save(update_fields=["done_at", "done_by"])
    if is_done and play.status == PlayStatus.OPEN:
        move_play(play=play, to=PlayStatus.IN_PROGRESS, by=by)
    return step
