"""Writes recovery plays: opened by a low score or by hand, followed step by step, measured by the next score."""

from datetime import date, timedelta
from typing import cast

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from advocacy.enums import PlayKind, PlayResult, PlayStatus
from advocacy.lifecycles import PLAY
from advocacy.models import PlayStep, PlayTemplate, RecoveryPlay
from advocacy.querysets import OPEN_PLAYS
from delivery.mails import send_later
from references.blinding import may_see_person
from references.enums import Loyalty
from references.errors import DomainError
from references.loyalty import classify_score
from references.models import Contact, StateChange
from references.services.saving import name_subject, record_change, save_checked
from users.models import User

LETTER_OPENED = "recovery_opened"
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

    The owner is the account owner unless given, and hears of it by letter. Raises DomainError: has_opted_out,
    owner_may_not_see, or a field's own code.
    """
    person = Contact.objects.select_for_update(of=("self",), no_key=True).select_related("customer").get(pk=contact.pk)
    there = (
        RecoveryPlay.objects.filter(source=source).first() or RecoveryPlay.objects.open().filter(contact=person).first()
    )
    if there is not None:
        return there
    if person.has_opted_out:
        raise DomainError("has_opted_out", "This person has left or opted out.", "contact")
    require_owner(owner, person)
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
    change = record_change(subject=row, before="", after=row.status, by=by, why=why)
    tell_owner(row, by=by, key=change.pk)
    return row


def require_owner(owner: User | None, contact: Contact) -> None:
    """Raise DomainError(owner_may_not_see) for somebody who may not know whom they would win back."""
    if owner is not None and not may_see_person(owner, contact):
        raise DomainError("owner_may_not_see", _("Only managers and the account owner know who this is."), "owner")


def tell_owner(row: RecoveryPlay, *, by: User | None, key: int) -> None:
    """Promise the owner a letter that a play is theirs, unless they took it themselves."""
    if row.owner_id is not None and (by is None or by.pk != row.owner_id):
        send_later(kind=LETTER_OPENED, key=f"recovery-opened:{row.pk}:{key}", payload={"play": row.pk})


def open_for_score(*, contact: Contact, score: int, on: date | None, source: str, why: str) -> RecoveryPlay | None:
    """Open the play that the class of a score asks for; None for a promoter, and where no template opens by itself."""
    loyalty = classify_score(score)
    template = PlayTemplate.objects.filter(opens_for=loyalty, is_active=True).first()
    if loyalty == Loyalty.PROMOTER or template is None:
        return None
    return open_play(contact=contact, source=source, template=template, why=why, score=score, score_on=on)


@transaction.atomic
def measure_plays(*, contact: Contact, score: int, on: date | None) -> int:
    """Let a new score be the measure of the plays that began with an older one and wait for it; gives how many.

    What a score of the same day measured is measured again: the answer was amended.
    """
    rows = RecoveryPlay.objects.select_for_update(no_key=True).filter(contact=contact)
    waiting = rows.filter(Q(next_score=None) | Q(next_score_on=on)) if on else rows.filter(next_score=None)
    count = 0
    for row in waiting.exclude(status=PlayStatus.ABANDONED):
        if on is None or (row.score_on is not None and on <= row.score_on):
            continue
        row.next_score, row.next_score_on = score, on
        row.result = result_of(row.score, score)
        row.save(update_fields=["next_score", "next_score_on", "result"])
        count += 1
    return count


@transaction.atomic
def follow_amendment(*, source: str, score: int) -> None:
    """Let the play that an answer opened follow what the answer says now, its person locked by the caller.

    Raised to nine or ten before anything was done, there is nobody to win back: the play is given up, and opens again
    should the answer fall again. Once a step is done the play goes on whatever the answer becomes, for an answer
    changed under way is no measure of it: the next survey is.
    """
    row = RecoveryPlay.objects.select_for_update(no_key=True).filter(source=source).first()
    if row is None or (row.score == score and row.status in OPEN_PLAYS):
        return
    words = _("The answer was amended from %(before)s to %(after)s.") % {"before": row.score, "after": score}
    is_promoter = classify_score(score) == Loyalty.PROMOTER
    if row.status in OPEN_PLAYS:
        if is_promoter and not row.steps.filter(done_at__isnull=False).exists():
            move_play(play=row, to=PlayStatus.ABANDONED, outcome=words)
            return
        record_change(subject=row, before=row.status, after=row.status, by=None, why=words)
    elif is_promoter or not _was_given_up_by_itself(row):
        return
    else:
        move_play(play=row, to=PlayStatus.OPEN)
    if not is_promoter:
        RecoveryPlay.objects.filter(pk=row.pk).update(score=score)


def _was_given_up_by_itself(row: RecoveryPlay) -> bool:
    """Whether an amended answer, and nobody of us, gave a play up, and the person has no other by now."""
    last = StateChange.objects.filter(subject=name_subject(row)).order_by("-pk").first()
    is_ours = last is not None and last.to_status == PlayStatus.ABANDONED and last.by_id is None
    return is_ours and not RecoveryPlay.objects.open().filter(contact=row.contact_id).exists()


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
    row.status, row.outcome = to, "" if to == PlayStatus.OPEN else outcome.strip() or row.outcome
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
