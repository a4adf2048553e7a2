"""An ask from asked to confirmed: the ledger and the points follow, stage by stage."""

import pytest

from advocacy.enums import AssignmentStatus, EntryKind
from advocacy.models import Ask, PointsAccount, PointsEntry
from advocacy.services.assignments import assign_ask, move_assignment
from references.enums import ContactStatus, EngagementStatus
from references.errors import DomainError
from references.models import Contact, Engagement
from tests.factories import make_contact

pytestmark = pytest.mark.django_db


@pytest.fixture
def ask() -> Ask:
    return Ask.objects.create(name="Quote", activity="quote", rung=2, text="A sentence?", points=100)


@pytest.fixture
def person() -> Contact:
    return make_contact(name="Pia Promoter", status=ContactStatus.ACTIVE)


def test_points_come_stage_by_stage_and_the_ledger_follows(ask: Ask, person: Contact) -> None:
    row = assign_ask(contact=person, ask=ask, creation_key="k")
    touch = Engagement.objects.get(source=row.source)
    assert touch.status == EngagementStatus.ASKED
    move_assignment(assignment=row, to=AssignmentStatus.ACCEPTED)
    assert PointsAccount.objects.get().balance == 10
    move_assignment(assignment=row, to=AssignmentStatus.DONE)
    assert PointsAccount.objects.get().balance == 70
    move_assignment(assignment=row, to=AssignmentStatus.CONFIRMED)
    account = PointsAccount.objects.get()
    assert (account.balance, account.lifetime) == (100, 100)
    touch.refresh_from_db()
    assert touch.status == EngagementStatus.COMPLETED


def test_withdrawn_ask_takes_back_what_it_earned(ask: Ask, person: Contact) -> None:
    row = assign_ask(contact=person, ask=ask, creation_key="k")
    move_assignment(assignment=row, to=AssignmentStatus.DONE)
    move_assignment(assignment=row, to=AssignmentStatus.WITHDRAWN, why="The post was deleted.")
    account = PointsAccount.objects.get()
    assert (account.balance, account.lifetime) == (0, 0)
    assert PointsEntry.objects.filter(kind=EntryKind.REVERSED).count() == 3
    assert Engagement.objects.get(source=row.source).status != EngagementStatus.COMPLETED


def test_person_is_asked_once_at_a_time(ask: Ask, person: Contact) -> None:
    first = assign_ask(contact=person, ask=ask, creation_key="k")
    assert assign_ask(contact=person, ask=ask, creation_key="k") == first
    with pytest.raises(DomainError) as refusal:
        assign_ask(contact=person, ask=ask, creation_key="other")
    assert refusal.value.code == "already_asked"


def test_evidence_is_required_where_the_ask_says_so(ask: Ask, person: Contact) -> None:
    Ask.objects.update(needs_evidence=True)
    row = assign_ask(contact=person, ask=ask, creation_key="k")
    with pytest.raises(DomainError) as refusal:
        move_assignment(assignment=row, to=AssignmentStatus.DONE)
    assert refusal.value.code == "evidence_required"
    move_assignment(assignment=row, to=AssignmentStatus.DONE, evidence_url="https://example.test/post")
