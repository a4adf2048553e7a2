"""The tables of states are those that the docs draw; nothing is out of reach; and the ledger can follow every match."""

import re
from itertools import pairwise
from pathlib import Path

import pytest
from django.db.models import TextChoices

from advocacy import enums as advocacy_enums
from advocacy import lifecycles as advocacy
from matching.enums import BEFORE_ASKING, LIVE, MatchStatus, RequestStatus, TaskStatus
from matching.lifecycle import MATCH, REQUEST, TASK, ledger_status
from matching.services.states import OVER
from references.enums import ContactStatus, ContentStatus, EngagementStatus, NominationStatus, SlotStatus, TagStatus
from references.lifecycles import CONTACT, CONTENT, ENGAGEMENT, NOMINATION, SLOT, TAG, Lifecycle
from surveys.enums import CampaignStatus, InvitationStatus
from surveys.lifecycles import CAMPAIGN, INVITATION

DOCS = Path(__file__).parents[2] / "docs" / "domain.md"
TABLES: dict[str, tuple[Lifecycle, type[TextChoices]]] = {
    "contact": (CONTACT, ContactStatus),
    "tag": (TAG, TagStatus),
    "content": (CONTENT, ContentStatus),
    "slot": (SLOT, SlotStatus),
    "engagement": (ENGAGEMENT, EngagementStatus),
    "nomination": (NOMINATION, NominationStatus),
    "request": (REQUEST, RequestStatus),
    "match": (MATCH, MatchStatus),
    "task": (TASK, TaskStatus),
    "campaign": (CAMPAIGN, CampaignStatus),
    "survey": (INVITATION, InvitationStatus),
    "assignment": (advocacy.ASSIGNMENT, advocacy_enums.AssignmentStatus),
    "asks": (advocacy.ASK_CAMPAIGN, advocacy_enums.AskCampaignStatus),
    "redemption": (advocacy.REDEMPTION, advocacy_enums.RedemptionStatus),
    "referral": (advocacy.REFERRAL, advocacy_enums.ReferralStatus),
    "play": (advocacy.PLAY, advocacy_enums.PlayStatus),
    "adopters": (advocacy.ADOPTER_PROGRAM, advocacy_enums.ProgramStatus),
    "seat": (advocacy.SEAT, advocacy_enums.SeatStatus),
    "handover": (advocacy.HANDOVER, advocacy_enums.HandoverStatus),
    "flag": (advocacy.FLAG, advocacy_enums.FlagStatus),
}
REVERSIBLE = {
    "tag": {"accepted"},
    "nomination": {"not_approved"},
    "campaign": {"closed"},
    "referral": {"won", "lost"},
    "flag": {"cleared"},
}
"""Where a decision may be taken back."""
Moves = set[tuple[str, str]]


def read_drawings() -> dict[str, str]:
    """What the docs draw of each table, by its noun, remarks in parentheses left out."""
    section = DOCS.read_text(encoding="utf-8").split("## Life cycles")[1]
    block = re.sub(r"\([^)]*\)", "", section.split("```")[1])
    drawings: dict[str, str] = {}
    for line in block.strip("\n").splitlines():
        if not line.startswith(" "):
            noun, line = line.split(maxsplit=1)
            drawings[noun] = ""
        drawings[noun] += " " + line
    return drawings


def read_moves(drawing: str) -> tuple[set[str], Moves]:
    """The beginnings, in brackets, and the moves: chains of → and ⇄ between alternatives, parted by semicolons."""
    begins = set(re.findall(r"\[(\w+)\]", drawing))
    moves: Moves = set()
    for chain in re.sub(r"[\[\]]", "", drawing).split(";"):
        steps = re.split(r"([→⇄])", chain)
        states = [[state.strip() for state in step.split("/")] for step in steps[::2]]
        for (left, right), arrow in zip(pairwise(states), steps[1::2], strict=True):
            moves |= {(each, to) for each in left for to in right}
            if arrow == "⇄":
                moves |= {(each, to) for each in right for to in left}
    return begins, moves


def moves_of(table: Lifecycle) -> Moves:
    return {(status, to) for status, targets in table.moves.items() for to in targets}


def test_docs_draw_every_table() -> None:
    assert read_drawings().keys() == TABLES.keys()


@pytest.mark.parametrize("noun", TABLES)
def test_docs_draw_the_moves_that_there_are_and_no_others(noun: str) -> None:
    table, _statuses = TABLES[noun]
    begins, moves = read_moves(read_drawings()[noun])
    assert moves == moves_of(table)
    assert begins == table.initial


def test_drawings_are_read_as_they_are_meant() -> None:
    begins, moves = read_moves("[a] ⇄ b → [c]; a / b → d / e")
    assert begins == {"a", "c"}
    assert moves == {("a", "b"), ("b", "a"), ("b", "c"), ("a", "d"), ("a", "e"), ("b", "d"), ("b", "e")}


@pytest.mark.parametrize("noun", TABLES)
def test_table_names_every_status_and_no_other_and_reaches_it(noun: str) -> None:
    table, statuses = TABLES[noun]
    assert set(table.moves) == set(statuses.values)
    assert {to for _status, to in moves_of(table)} <= set(statuses.values)
    reached = set(table.initial)
    for _ in statuses.values:
        reached |= {to for status in reached for to in table.moves[status]}
    assert reached == set(statuses.values)


@pytest.mark.parametrize("noun", TABLES)
def test_every_state_comes_to_an_end(noun: str) -> None:
    """From every state some way leads on to one that stays, and no state moves to itself."""
    table, _statuses = TABLES[noun]
    ends = {status for status, targets in table.moves.items() if not targets}
    if noun in REVERSIBLE:
        ends |= REVERSIBLE[noun]
    for _ in table.moves:
        ends |= {status for status, targets in table.moves.items() if targets & ends}
    assert ends == set(table.moves)
    assert not any(status == to for status, to in moves_of(table))


def test_words_for_groups_of_states_follow_the_tables() -> None:
    assert set(LIVE) == {status for status, targets in MATCH.moves.items() if targets}
    assert {status for status in LIVE if "invited" not in _before(status)} == {*BEFORE_ASKING, "invited"}
    assert set(OVER) == {"fulfilled", *(status for status, targets in REQUEST.moves.items() if not targets)}


def _before(status: str) -> set[str]:
    """The states that a match may have been in before this one."""
    before: set[str] = set()
    for _ in MATCH.moves:
        before |= {each for each, to in moves_of(MATCH) if to == status or to in before}
    return before


def test_ledger_can_follow_every_move_of_a_match() -> None:
    """From a hold on, whichever way a match goes, each move means one that the ledger's own table allows."""
    reached: set[tuple[str, str]] = {("proposed", "held")}
    for _ in MATCH.moves:
        for was, before in set(reached):
            for to in MATCH.moves[was]:
                after = ledger_status(to, was) or before
                assert after == before or ENGAGEMENT.may_move(before, after), (was, to, before, after)
                reached.add((to, after))
    ends = {was: after for was, after in reached if not MATCH.moves[was] and was not in {"withdrawn", "cancelled"}}
    assert ends == {
        "completed": "completed", "declined": "declined", "no_answer": "no_answer", "rejected": "released",
        "no_show": "planned",
    }  # fmt: skip
    assert {after for was, after in reached if was in {"withdrawn", "cancelled"}} == {"released", "cancelled"}


def test_whoever_did_not_come_is_told_in_the_ledger_by_the_service() -> None:
    """`ledger_status` leaves a no-show open, since it depends on whose it was; both ways are moves of the ledger."""
    assert ledger_status("no_show", "scheduled") is None
    assert {"no_answer", "cancelled"} <= ENGAGEMENT.moves["planned"]
