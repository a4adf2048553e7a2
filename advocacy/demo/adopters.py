"""Tells the early-adopter programs of the demonstration: one that ran, one that recruits."""

from collections.abc import Mapping
from datetime import timedelta

from advocacy.demo.stage import Stage
from advocacy.enums import ProgramStatus, SeatStatus
from advocacy.models import AdopterFeedback, AdopterProgram, AdopterSeat
from advocacy.services.adopters import (
    ProgramData,
    agree_to_seat,
    give_feedback,
    invite_adopter,
    move_program,
    move_seat,
    save_program,
)
from references.demo import PREFIX
from references.models import Tag

AGREEMENT = (
    "You try what is not finished yet, on a copy of your data. You tell us what you find, at least once a month. "
    "You do not speak of it in public before the launch. We fix what stops you within two working days, and you may "
    "leave at any time."
)
FOUND = (
    "Matching of intercompany postings worked at once; the report is hard to read on a small screen.",
    "Two imports broke on our old account numbers. Both were fixed the next day.",
    "We moved our real close to it in the third week.",
    "Needs a way to undo a whole batch.",
)


def tell_programs(stage: Stage) -> Mapping[str, int]:
    """Write both programs through the services that pages use; gives how many seats were offered."""
    products = list(Tag.objects.filter(facet="product", status="accepted").order_by("slug")[:2])
    ended = _begin(stage, "Intercompany, first look", products[0] if products else None, 6, starts=-150, ends=-30)
    _run(stage, ended)
    fresh = _begin(stage, "Forecasts, early access", products[-1] if products else None, 8, starts=14, ends=120)
    for number, person in enumerate(stage.people[84:90]):
        seat = invite_adopter(program=fresh, contact=person, by=stage.users["marketer"])
        if number < 3:
            agree_to_seat(seat=seat, version=fresh.agreement_version)
        elif number == 3:
            move_seat(seat=seat, to=SeatStatus.DECLINED, actor="promoter", why="No time before the audit.")
    return {"seats of early adopters": AdopterSeat.objects.filter(program__in=(ended, fresh)).count()}


def _begin(stage: Stage, name: str, product: Tag | None, seats: int, *, starts: int, ends: int) -> AdopterProgram:
    data: ProgramData = {
        "name": name, "product": product, "seats": seats, "agreement": AGREEMENT, "from_rung": 1,
        "about": "Try it before everybody else, and shape it.", "starts_on": stage.today + timedelta(days=starts),
        "ends_on": stage.today + timedelta(days=ends),
    }  # fmt: skip
    row = save_program(data=data, creation_key=f"{PREFIX}adopters:{name}", by=stage.users["marketer"])
    return move_program(program=row, to=ProgramStatus.RECRUITING, by=stage.users["marketer"])


def _run(stage: Stage, program: AdopterProgram) -> None:
    marketer = stage.users["marketer"]
    seats = []
    for person in stage.people[76:82]:
        seat = invite_adopter(program=program, contact=person, by=marketer)
        seats.append(agree_to_seat(seat=seat, version=program.agreement_version))
    move_program(program=program, to=ProgramStatus.RUNNING, by=marketer)
    for number, seat in enumerate(seats):
        if number < len(FOUND):
            said = give_feedback(seat=seat, text=FOUND[number], creation_key=f"{PREFIX}feedback:{seat.pk}")
            AdopterFeedback.objects.filter(pk=said.pk).update(at=stage.at(100 - 15 * number))
        to = SeatStatus.DROPPED if number == 5 else SeatStatus.FINISHED
        move_seat(seat=seat, to=to, by=marketer, adopted=None if number == 5 else number != 4)
        stage.date_back(seat, 160, invited_at=160, agreed_at=152, ended_at=30)
    move_program(program=program, to=ProgramStatus.CLOSED, by=marketer, outcome="Four of six use it; two references.")
