"""Tells the recovery plays of the demonstration: for some low scores, in each state, measured where they can be."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random

from advocacy.enums import PlayStatus
from advocacy.models import PlayStep, PlayTemplate, RecoveryPlay
from advocacy.services.recovery import result_of
from references.demo import SEED
from references.loyalty import classify_score
from references.models import Contact, StateChange
from references.services.saving import name_subject

MOST = 64
FRESH_DAYS = 45
OUTCOMES = (
    "Called. A named person in support was what was missing; they have one now.",
    "Half a day of training for the whole team; the reports they missed were there all along.",
    "They join the user group next month and bring two colleagues.",
    "The export they complained of works; told them the same day.",
)
GIVEN_UP = "Left three messages and wrote twice. Their new head of operations wants to start over in spring."


@dataclass(frozen=True, slots=True)
class LowScore:
    """An answer that called for a play, and the person's next score where there is one."""

    contact_id: int
    score: int
    on: date
    source: str
    next_score: int | None = None
    next_on: date | None = None


def tell_plays(*, scores: Sequence[LowScore], today: date) -> Mapping[str, int]:
    """Write the plays, inside a `pool_write`; gives how many."""
    rng = Random(f"{SEED}:plays")
    templates = {each.opens_for: each for each in PlayTemplate.objects.exclude(opens_for="")}
    people = Contact.objects.select_related("customer").in_bulk({each.contact_id for each in scores})
    chosen = rng.sample(list(scores), min(MOST, len(scores)))
    plays: list[RecoveryPlay] = []
    busy: set[int] = set()
    for each in sorted(chosen, key=lambda each: (each.on, each.contact_id)):
        play = _make(each, people[each.contact_id], templates, rng, today)
        if play is None or (play.status in {PlayStatus.OPEN, PlayStatus.IN_PROGRESS} and play.contact_id in busy):
            continue
        if play.ended_at is None:
            busy.add(play.contact_id)
        plays.append(play)
    RecoveryPlay.objects.bulk_create(plays)
    for play in plays:
        opened = datetime.combine(play.score_on or today, time(8), tzinfo=UTC)
        RecoveryPlay.objects.filter(pk=play.pk).update(opened_at=opened)
        _tell_history(play, opened)
        _tell_steps(play, rng, opened)
    return {"recovery plays": len(plays)}


def _make(
    low: LowScore, person: Contact, templates: Mapping[str, PlayTemplate], rng: Random, today: date
) -> RecoveryPlay | None:
    template = templates.get(classify_score(low.score))
    if template is None:
        return None
    play = RecoveryPlay(
        contact=person, template=template, kind=template.kind, name=template.name, why=f"Answered {low.score}",
        score=low.score, score_on=low.on, owner=person.customer.account_owner,
        due_on=low.on + timedelta(days=template.due_days), source=f"{low.source}:play",
    )  # fmt: skip
    ended = datetime.combine(low.on + timedelta(days=rng.randint(3, 24)), time(15), tzinfo=UTC)
    if (today - low.on).days > FRESH_DAYS:
        is_lost = rng.random() < 0.15
        play.status = PlayStatus.ABANDONED if is_lost else PlayStatus.DONE
        play.outcome, play.ended_at = GIVEN_UP if is_lost else rng.choice(OUTCOMES), ended
    else:
        play.status = rng.choice((PlayStatus.OPEN, PlayStatus.OPEN, PlayStatus.IN_PROGRESS, PlayStatus.DONE))
        play.due_on = max(play.due_on, today - timedelta(days=rng.randint(-9, 4)))
        if play.status == PlayStatus.DONE:
            last = datetime.combine(today - timedelta(days=1), time(15), tzinfo=UTC)
            play.outcome, play.ended_at = rng.choice(OUTCOMES), min(ended, last)
    if low.next_score is not None and play.status != PlayStatus.ABANDONED:
        play.next_score, play.next_score_on = low.next_score, low.next_on
        play.result = result_of(low.score, low.next_score)
    return play


def _tell_history(play: RecoveryPlay, opened: datetime) -> None:
    moves: list[tuple[str, str, datetime]] = [("", PlayStatus.OPEN, opened)]
    if play.status != PlayStatus.OPEN:
        moves.append((PlayStatus.OPEN, play.status, play.ended_at or opened + timedelta(days=2)))
    for before, after, at in moves:
        change = StateChange.objects.create(
            subject=name_subject(play), from_status=before, to_status=after, by=play.owner if before else None,
            actor="user" if before and play.owner else "system",
            why=play.outcome[:300] if play.ended_at and before else "",
        )  # fmt: skip
        StateChange.objects.filter(pk=change.pk).update(at=at)


def _tell_steps(play: RecoveryPlay, rng: Random, opened: datetime) -> None:
    texts = play.template.steps if play.template else []
    done = {PlayStatus.OPEN: 0, PlayStatus.IN_PROGRESS: rng.randint(1, 2), PlayStatus.DONE: len(texts)}
    count = done.get(PlayStatus(play.status), 1)
    PlayStep.objects.bulk_create(
        PlayStep(
            play=play, position=position, text=text,
            done_at=opened + timedelta(days=position) if position <= count else None,
            done_by=play.owner if position <= count else None,
        )
        for position, text in enumerate(texts, 1)
    )  # fmt: skip
