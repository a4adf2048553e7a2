"""One salesperson of a contest: a process that takes holds, moves some of them on, and remembers what it was told."""

import random
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from multiprocessing.queues import SimpleQueue
from multiprocessing.synchronize import Barrier

from django.db import DatabaseError, connection
from django.utils import timezone

from references.enums import EngagementStatus
from references.models import Contact, Engagement
from references.pool.writing import pool_write
from references.program import current_policy
from references.services.holds import (
    Ask,
    HoldRefusedError,
    judge,
    require_allowed,
    require_no_open_ask,
    require_room,
    take_hold,
    write_hold,
)
from references.services.ledger import change_engagement_status

ACTIVITIES = ("call", "call", "call", "group_call", "review", "referral", "press", "speaking")
DAYS_AHEAD = (2, 400)
HOLD_FOR = timedelta(hours=1)
PAUSE = 0.02
PATIENCE = 120


@dataclass
class Told:
    """What one salesperson was told: the last status of each hold by source, refusals by rule, and errors."""

    attempts: int = 0
    rows: dict[str, tuple[int, str]] = field(default_factory=dict)
    moves: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    repeats_differ: int = 0
    errors: list[str] = field(default_factory=list)
    began: float = 0.0
    ended: float = 0.0


@dataclass(frozen=True, slots=True)
class Work:
    """What a salesperson is to do: rounds over all these promoters, with or without the lock."""

    number: int
    people: Sequence[int]
    rounds: int
    seed: int
    locks: bool


def sell(work: Work, start: Barrier, told: "SimpleQueue[Told]") -> None:
    """Wait for all others, try every promoter once a round, and tell what came of it; the body of a process."""
    mine = Told()
    try:
        connection.ensure_connection()
        start.wait(PATIENCE)
        mine.began = time.time()
        _sell(work, mine)
    except Exception as error:
        mine.errors.append(f"{type(error).__name__}: {error}")
    mine.ended = time.time()
    connection.close()
    told.put(mine)


def _sell(work: Work, mine: Told) -> None:
    dice = random.Random(f"{work.seed}:{work.number}")
    for number in range(work.rounds):
        for contact_id in dice.sample(list(work.people), k=len(work.people)):
            source = f"contest:{work.number}:{number}:{contact_id}"
            try:
                _try(work, contact_id, source, dice, mine)
            except DatabaseError as error:
                mine.errors.append(f"{type(error).__name__}: {error}")


def _try(work: Work, contact_id: int, source: str, dice: random.Random, mine: Told) -> None:
    """Take a hold, now and then by a call that is repeated; then move it on, give it back, or keep it."""
    ask = Ask(dice.choice(ACTIVITIES), timezone.localdate() + timedelta(days=dice.randint(*DAYS_AHEAD)))
    contact = Contact.objects.select_related("customer").get(pk=contact_id)
    mine.attempts += 1
    try:
        row = _take(contact, ask, source, dice, locks=work.locks)
        mine.rows[source] = (row.pk, row.status)
        if work.locks:
            again = _take(contact, ask, source, dice, locks=True) if dice.random() < 0.1 else row
            mine.repeats_differ += again.pk != row.pk
            _move_on(row, contact, ask, dice, mine)
    except HoldRefusedError as error:
        mine.refused.update(list(error.broken))


def _take(contact: Contact, ask: Ask, source: str, dice: random.Random, *, locks: bool) -> Engagement:
    expires_at = timezone.now() + HOLD_FOR
    if locks:
        return take_hold(contact=contact, ask=ask, source=source, expires_at=expires_at)[0]
    require_allowed(judge(contact, ask, now=timezone.now(), policy=current_policy()), ())
    time.sleep(dice.uniform(0, PAUSE))
    return write_hold(contact=contact, ask=ask, source=source, expires_at=expires_at)


def _move_on(row: Engagement, contact: Contact, ask: Ask, dice: random.Random, mine: Told) -> None:
    """Three of ten are given back, three are asked and mostly say yes, the rest stay held."""
    fate = dice.random()
    own = Ask(ask.activity, ask.on, frozenset({row.source}))
    if fate < 0.3:
        _note(mine, change_engagement_status(engagement=row, to=EngagementStatus.RELEASED))
    elif fate < 0.6 and _ask(row, contact, own, mine):
        _answer(row, contact, own, mine, says_yes=dice.random() < 0.8)


def _ask(row: Engagement, contact: Contact, own: Ask, mine: Told) -> bool:
    try:
        with pool_write():
            require_no_open_ask(contact=contact, ask=own)
            asked = change_engagement_status(engagement=row, to=EngagementStatus.ASKED)
    except HoldRefusedError:
        mine.moves["not asked"] += 1
        return False
    _note(mine, asked)
    return True


def _answer(row: Engagement, contact: Contact, own: Ask, mine: Told, *, says_yes: bool) -> None:
    """For a yes the caps are counted again; where there is no room any more, it is off."""
    to = EngagementStatus.PLANNED if says_yes else EngagementStatus.CANCELLED
    try:
        with pool_write():
            if says_yes:
                require_room(contact=contact, ask=own)
            answered = change_engagement_status(engagement=row, to=to)
    except HoldRefusedError:
        answered = change_engagement_status(engagement=row, to=EngagementStatus.CANCELLED)
    _note(mine, answered)


def _note(mine: Told, row: Engagement) -> None:
    """What has been committed."""
    mine.rows[row.source] = (row.pk, row.status)
    mine.moves[row.status] += 1
