"""Puts the surveys of the demonstration into the database: once, in one write, without a mail to anybody."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from advocacy.demo.recovery import LowScore, tell_plays
from advocacy.services.starting import load_starter
from references.demo import PREFIX
from references.demo.cast import make_users
from references.enums import Loyalty
from references.loyalty import classify_score
from references.models import Contact, Engagement, EngagementChange, LoyaltyRecord
from references.pool.writing import pool_write
from surveys.demo.texts import BENCHMARKS, TOPICS
from surveys.demo.waves import WAVES, Told, ledger_of, records_of, tell_wave
from surveys.models import Benchmark, Campaign, Invitation, Response, Topic

_BATCH = 1_000


def load_surveys(*, today: date) -> Mapping[str, int]:
    """Write the waves, their answers and the plays they opened, unless they are there; gives the rows per kind."""
    if Campaign.objects.filter(creation_key__startswith=PREFIX).exists():
        return {}
    with pool_write() as touched:
        load_starter()
        logins, _owners = make_users()
        people = list(
            Contact.objects.filter(external_id__startswith=PREFIX, has_opted_out=False)
            .exclude(status="retired")
            .order_by("external_id")
        )
        told = [tell_wave(wave, people, today, logins[1].pk) for wave in WAVES]
        for each in told:
            _save_wave(each)
        _set_scores(told)
        _save_benchmarks(today)
        answers = [row for each in told[1:] for row in each.responses]
        plays = tell_plays(scores=_low_scores(answers), today=today)
        touched.add(everything=True)
        return {"survey campaigns": len(told), "survey answers": sum(len(each.responses) for each in told), **plays}


def _save_wave(told: Told) -> None:
    told.campaign.save()
    Invitation.objects.bulk_create(told.invitations, batch_size=_BATCH)
    Response.objects.bulk_create(told.responses, batch_size=_BATCH)
    topics = {name: Topic.objects.get_or_create(name=name)[0] for name in TOPICS}
    through = Response.topics.through
    through._default_manager.bulk_create(
        [through(response=row, topic=topics[name]) for row, name in told.topics], batch_size=_BATCH
    )
    touches = list(ledger_of(told))
    Engagement.objects.bulk_create([touch for touch, _changes in touches], batch_size=_BATCH)
    changes = [change for _touch, each in touches for change in each]
    EngagementChange.objects.bulk_create(changes, batch_size=_BATCH)
    LoyaltyRecord.objects.bulk_create(records_of(told), batch_size=_BATCH)


def _set_scores(told: Sequence[Told]) -> None:
    """The last answer of each person is their present score, unless an import told a later one."""
    last: dict[int, Response] = {row.contact_id: row for each in told for row in each.responses if row.contact_id}
    people = list(Contact.objects.filter(pk__in=last))
    for person in people:
        row = last[person.pk]
        person.nps_score, person.nps_on = row.score, row.answered_on
        person.nps_comment = row.comment or person.nps_comment
        person.loyalty = classify_score(row.score)
    Contact.objects.bulk_update(people, ["nps_score", "nps_on", "nps_comment", "loyalty"], batch_size=500)


def _low_scores(answers: Sequence[Response]) -> list[LowScore]:
    """Answers that called for a play, each with the person's next score where there is one."""
    by_person: dict[int, list[tuple[date, Response]]] = {}
    for row in answers:
        if row.contact_id is not None and row.answered_on is not None:
            by_person.setdefault(row.contact_id, []).append((row.answered_on, row))
    found = []
    for contact_id, rows in by_person.items():
        rows.sort(key=lambda each: (each[0], each[1].pk))
        for number, (on, row) in enumerate(rows):
            later = rows[number + 1] if number + 1 < len(rows) else None
            if classify_score(row.score) != Loyalty.PROMOTER:
                found.append(
                    LowScore(
                        contact_id, row.score, on, f"response:{row.pk}",
                        next_score=None if later is None else later[1].score,
                        next_on=None if later is None else later[0],
                    )
                )  # fmt: skip
    return found


def _save_benchmarks(today: date) -> None:
    Benchmark.objects.bulk_create(
        Benchmark(name=name, kind=kind, nps=nps, on=today - timedelta(days=150), origin=origin)
        for name, kind, nps, origin in BENCHMARKS
    )
