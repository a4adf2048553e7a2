"""Reference calls earn their points stage by stage, whatever was said of them; and points move nobody in a ranking."""

import ast
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from advocacy.models import PointsAccount, PointsEntry, PointsRule
from advocacy.services.points import adjust_points
from delivery.models import OutboxMessage
from delivery.outbox import deliver
from matching.enums import Side
from matching.models import Match
from matching.search import search_references
from matching.services.closing import give_feedback
from matching.services.meeting import complete_match, schedule_match
from references.announcing import TOUCH_MOVED
from references.pool.index import forget_snapshot
from references.program import current_policy
from references.services.holds import Ask, judge
from tests.factories import make_engagement
from tests.matching.factories import BRIEF, make_banker, schedule
from users.models import User

pytestmark = pytest.mark.django_db

ROOT = Path(__file__).resolve().parents[2]
BLIND = (
    "references/pool", "references/fatigue.py", "references/caps.py", "references/availability.py",
    "references/circumstances.py", "references/services/holds.py", "matching/ranking.py", "matching/eligibility.py",
    "matching/search.py", "matching/proposing.py", "matching/similarity.py", "matching/need.py", "matching/reasons.py",
)  # fmt: skip
"""What decides who is proposed, in which order, and who may be asked."""


@pytest.fixture
def met(rep: User, manager: User) -> Match:
    PointsRule.objects.create(activity="call", points=100)
    make_banker("Ada Voss")
    return schedule(rep, manager)


def balance() -> int:
    return sum(PointsAccount.objects.values_list("balance", flat=True))


def test_a_fixed_date_earns_its_stage_once(met: Match, rep: User) -> None:
    assert balance() == 20
    schedule_match(match=met, at=timezone.now() + timedelta(days=5), by=rep)
    assert balance() == 20


@pytest.mark.parametrize("said", [{"helpful": 1, "again": False}, {"helpful": 5, "again": True}])
def test_feedback_earns_the_last_stage_whatever_it_says(met: Match, said: dict[str, Any]) -> None:
    give_feedback(match=met, side=Side.PROMOTER, data={"happened": True, **said})  # type: ignore[typeddict-item]
    assert balance() == 100
    assert {entry.source.rpartition(":")[2] for entry in PointsEntry.objects.all()} == {
        "accepted", "scheduled", "done", "confirmed",
    }  # fmt: skip


def test_the_requester_s_word_confirms_it_too_and_once(met: Match, rep: User) -> None:
    complete_match(match=met, by=rep, on=timezone.localdate())
    deliver_touches()
    assert balance() == 70
    for side in (Side.REQUESTER, Side.PROMOTER):
        give_feedback(match=met, side=side, data={"happened": True})
    deliver_touches()
    assert balance() == 100


def test_what_did_not_take_place_earns_nothing_more(met: Match, rep: User) -> None:
    give_feedback(match=met, side=Side.REQUESTER, data={"happened": False}, by=rep)
    assert balance() == 20
    deliver_touches()
    assert balance() == 0  # and what it had earned is taken back


def test_points_change_neither_the_ranking_nor_who_may_be_asked(rep: User, manager: User) -> None:
    people = [make_banker(f"Banker {number}") for number in range(6)]
    before = ranked(rep)
    assert len(before) == 6
    for number, person in enumerate(people):
        adjust_points(contact=person, amount=10 ** (number + 1), why="A test", creation_key=str(number), by=manager)
    assert ranked(rep) == before


def test_points_lift_no_cap(manager: User) -> None:
    rich, poor = make_banker("Rich"), make_banker("Poor")
    adjust_points(contact=rich, amount=100_000, why="A test", creation_key="k", by=manager)
    today = timezone.localdate()
    for person in (rich, poor):
        make_engagement(person, "call", on=today - timedelta(days=1))
    first, second = (
        judge(each, Ask("call", today + timedelta(days=4)), now=timezone.now(), policy=current_policy())
        for each in (rich, poor)
    )
    assert first == second
    assert first.broken  # somebody who was just asked rests


def test_what_ranks_knows_nothing_of_advocacy() -> None:
    for path in sources():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [each.name for each in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            assert not [each for each in names if each.split(".")[0] == "advocacy"], path


def sources() -> Iterator[Path]:
    for name in BLIND:
        path = ROOT / name
        assert path.exists(), name
        yield from path.rglob("*.py") if path.is_dir() else [path]


def ranked(user: User) -> list[tuple[int, float]]:
    """Who is found for the brief, in which order, with which score."""
    forget_snapshot()
    found = search_references(user=user, text=BRIEF, activity="call")
    return [(each.card.contact_id, each.score) for each in found.candidates]


def deliver_touches() -> None:
    """Let the points follow the ledger."""
    waiting = OutboxMessage.objects.filter(kind=TOUCH_MOVED, delivered_at=None)
    for message_id in list(waiting.values_list("pk", flat=True)):
        deliver(message_id)
