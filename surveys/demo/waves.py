"""Makes the answers of the demonstration: each wave a little better than the one before."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from random import Random

from references.demo import PREFIX, SEED
from references.enums import EngagementStatus
from references.loyalty import classify_score
from references.models import Contact, Engagement, EngagementChange, LoyaltyRecord
from surveys.demo.texts import CALL_NOTES, COMMENTS
from surveys.enums import AnswerChannel, CampaignStatus, InvitationChannel, InvitationStatus
from surveys.models import Campaign, Invitation, Response


@dataclass(frozen=True, slots=True)
class Wave:
    """One campaign: how long ago it opened and closed, how many were asked, who answers, and how far scores lie below.

    `shift` is the chance that a score is one to three lower than the person's present one.
    """

    slug: str
    opened_ago: int
    closed_ago: int | None
    asked: int
    answers: float
    shift: float


WAVES = (
    Wave("first", 410, 380, 430, 0.62, 0.55),
    Wave("second", 220, 190, 450, 0.66, 0.36),
    Wave("third", 40, 19, 470, 0.68, 0.0),
    Wave("running", 6, None, 130, 0.38, 0.1),
)


@dataclass
class Told:
    """The rows of one wave before they are saved, and what somebody said about which topic."""

    wave: Wave
    campaign: Campaign
    invitations: list[Invitation] = field(default_factory=list)
    responses: list[Response] = field(default_factory=list)
    topics: list[tuple[Response, str]] = field(default_factory=list)


def tell_wave(wave: Wave, people: list[Contact], today: date, owner_id: int) -> Told:
    """Make a wave's campaign, invitations and answers; nothing is saved. The same for the same day and people."""
    rng = Random(f"{SEED}:survey {wave.slug}")
    opened = today - timedelta(days=wave.opened_ago)
    closed = None if wave.closed_ago is None else today - timedelta(days=wave.closed_ago)
    campaign = Campaign(
        name=f"Customer survey {opened:%B %Y}",
        status=CampaignStatus.RUNNING if closed is None else CampaignStatus.CLOSED,
        audience="",
        rest_days=90,
        opens_on=opened,
        closes_on=closed or today + timedelta(days=21),
        started_at=_at(opened, 8),
        closed_at=None if closed is None else _at(closed, 20),
        owner_id=owner_id,
        creation_key=f"{PREFIX}survey-{wave.slug}",
        shows_review_sites=closed is None,
    )
    told = Told(wave, campaign)
    for person in rng.sample(people, min(wave.asked, len(people))):
        _ask(told, person, rng, opened, today)
    return told


def ledger_of(told: Told) -> Iterator[tuple[Engagement, list[EngagementChange]]]:
    """The touches of a wave's saved invitations: asked, and what became of it."""
    answered = {each.invitation_id: each for each in told.responses}
    ends = {
        InvitationStatus.ANSWERED: EngagementStatus.COMPLETED,
        InvitationStatus.NO_ANSWER: EngagementStatus.NO_ANSWER,
    }
    for row in told.invitations:
        if row.sent_at is None:
            continue
        status = ends.get(InvitationStatus(row.status), EngagementStatus.ASKED)
        said = answered.get(row.pk)
        on = said.answered_on if said is not None else row.sent_at.date()
        assert on is not None  # noqa: S101 - every answer of the demonstration has its day
        touch = Engagement(
            contact_id=row.contact_id, activity="survey", status=status, on=on, recorded_at=row.sent_at,
            source=row.source,
        )  # fmt: skip
        changes = [EngagementChange(engagement=touch, at=row.sent_at, status=EngagementStatus.ASKED)]
        if status != EngagementStatus.ASKED:
            changes.append(EngagementChange(engagement=touch, at=_at(on, 12), status=status))
        yield touch, changes


def records_of(told: Told) -> Iterator[LoyaltyRecord]:
    """The history that saved answers write."""
    for row in told.responses:
        if row.contact_id is not None:
            yield LoyaltyRecord(
                contact_id=row.contact_id, on=row.answered_on, score=row.score, loyalty=classify_score(row.score),
                source=f"response:{row.pk}",
            )  # fmt: skip


def _ask(told: Told, person: Contact, rng: Random, opened: date, today: date) -> None:
    wave, is_over = told.wave, told.wave.closed_ago is not None
    by_phone = not is_over and rng.random() < 0.14
    row = Invitation(
        campaign=told.campaign,
        contact=person,
        channel=InvitationChannel.PHONE if by_phone else InvitationChannel.EMAIL,
        status=InvitationStatus.NO_ANSWER if is_over else InvitationStatus.SENT,
        sent_at=_at(opened, 8 + rng.randrange(3), rng.randrange(60)),
    )
    told.invitations.append(row)
    if not is_over and rng.random() < 0.07:
        row.status, row.sent_at, row.skipped_because = InvitationStatus.SKIPPED, None, "rested"
        return
    if rng.random() < wave.answers:
        row.status = InvitationStatus.ANSWERED
        _answer(told, row, person, rng, opened, today)
    elif by_phone:
        row.calls = rng.randint(0, 2)
        row.call_note = rng.choice(CALL_NOTES) if row.calls else ""
        row.call_again_on = today + timedelta(days=rng.randint(0, 3)) if row.calls else None
    elif rng.random() < 0.5:
        row.reminders, row.reminded_at = 1, _at(min(opened + timedelta(days=5), today), 9)


def _answer(told: Told, row: Invitation, person: Contact, rng: Random, opened: date, today: date) -> None:
    score = person.nps_score if person.nps_score is not None else rng.choice((5, 7, 8, 9))
    if rng.random() < told.wave.shift:
        score = max(0, score - rng.randint(1, 3))
    on = min(opened + timedelta(days=int(rng.triangular(0, 18, 1))), today)
    loyalty = classify_score(score)
    comment, topic = rng.choice(COMMENTS[loyalty]) if rng.random() < 0.46 else ("", "")
    is_phone = row.channel == InvitationChannel.PHONE
    said = Response(
        campaign=told.campaign,
        contact=person,
        invitation=row,
        score=score,
        comment=comment,
        channel=AnswerChannel.PHONE if is_phone else AnswerChannel.EMAIL,
        language=person.language or "en",
        answered_on=on,
        source=f"{PREFIX}{told.wave.slug}:{person.pk}",
        recorded_at=_at(on, 9 + rng.randrange(8), rng.randrange(60)),
        is_settled=True,
    )
    told.responses.append(said)
    if topic:
        told.topics.append((said, topic))


def _at(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute), tzinfo=UTC)
