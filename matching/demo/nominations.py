"""Tells the nominations of the demonstration: at least one in each state, from salespeople and from a promoter."""

from dataclasses import dataclass
from datetime import timedelta

from matching.demo.stage import Stage
from references.demo import PREFIX
from references.enums import ContactStatus, NominationVia
from references.models import Contact, Nomination, StateChange
from references.services.nominations import move_nomination, nominate
from references.services.saving import name_subject


@dataclass(frozen=True)
class Moment:
    """One nomination to be: by whom, how long ago, what was seen, and the states it came through."""

    by: str
    ago: int
    words: str
    activities: tuple[str, ...]
    way: tuple[str, ...]
    new_person: str = ""
    new_title: str = ""
    note: str = ""


MOMENTS: tuple[Moment, ...] = (
    Moment("sales", 1, "Told our whole team on the review call that they would never go back.", ("call",), ("draft",)),
    Moment("owen", 2, "Wrote to our CEO, unasked, how smoothly the quarter closed.", ("quote", "call"), ("new",)),
    Moment("ravi", 4, "Praised the migration team on stage at a meet-up in front of two hundred people.",
           ("speaking", "webinar"), ("new",), new_person="Dana Whitlow", new_title="Platform Lead"),
    Moment("petra", 9, "Renewed early and asked whether they may show our dashboard to their sister company.",
           ("referral", "call"), ("new", "in_progress")),
    Moment("sofie", 23, "Sent us numbers of the first year: half the incidents, a third less spend.",
           ("case_study", "quote"), ("new", "in_progress", "approved")),
    Moment("tomas", 37, "Their head of operations answers every beginner's question in the forum.", ("call", "review"),
           ("new", "approved"), new_person="Nadine Okoro", new_title="Head of Operations"),
    Moment("sales", 51, "Said at dinner that the price is fine after all.", ("quote",),
           ("new", "in_progress", "not_approved"), note="A dinner remark is no moment: let us wait for a result."),
)  # fmt: skip


def tell_nominations(stage: Stage) -> int:
    """Write the nominations by the services that pages use, then date them back; gives how many."""
    known = Contact.objects.filter(
        external_id__startswith=PREFIX, status=ContactStatus.KNOWN, has_opted_out=False, nps_score__gte=8
    )
    people = list(known.select_related("customer").order_by("external_id")[: len(MOMENTS)])
    for number, (moment, person) in enumerate(zip(MOMENTS, people, strict=True), 1):
        _tell(stage, moment, person, f"{PREFIX}nomination-{number}")
    return len(MOMENTS)


def _tell(stage: Stage, moment: Moment, person: Contact, key: str) -> None:
    row = nominate(
        customer=person.customer,
        contact=None if moment.new_person else person,
        person_name=moment.new_person,
        person_title=moment.new_title,
        moment=moment.words,
        activities=moment.activities,
        by=stage.users[moment.by],
        via=NominationVia.PAGE,
        creation_key=key,
        status=moment.way[0],
    )
    for status in moment.way[1:]:
        note = moment.note if status == "not_approved" else ""
        row = move_nomination(nomination=row, to=status, by=stage.users["manager"], note=note)
    _date_back(stage, row, moment.ago)


def _date_back(stage: Stage, row: Nomination, ago: int) -> None:
    at = made = stage.sent_at(ago)
    for change in StateChange.objects.filter(subject=name_subject(row)).order_by("pk"):
        stage.past.date(change, at=at)
        at = min(at + timedelta(hours=26), stage.now)
    last = {"decided_at": at} if row.decided_at else {}
    stage.past.date(row, created_at=made, updated_at=at, **last)
