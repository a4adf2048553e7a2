"""Versions grow with whatever changes of a request: its matches, their approvals and what is said of them."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from matching.models import Approval, Match
from matching.services.answering import accept_match, offer_times
from matching.services.approving import escalate_approval
from matching.services.closing import give_feedback
from matching.services.meeting import schedule_match
from tests.matching.factories import invite, make_banker, submit
from users.models import User

pytestmark = pytest.mark.django_db


def versions(match: Match) -> tuple[int, int]:
    """Of the match and of its request, as stored."""
    match = Match.objects.select_related("request").get(pk=match.pk)
    return match.version, match.request.version


def grew(match: Match, change: Callable[[], object]) -> tuple[bool, bool]:
    """Whether the version of the match, and that of its request, has grown by a change."""
    before = versions(match)
    change()
    after = versions(match)
    return after[0] > before[0], after[1] > before[1]


def test_versions_grow_with_a_meeting_that_moves_and_with_times_and_feedback(rep: User, manager: User) -> None:
    make_banker()
    match = invite(rep, manager)
    soon = timezone.now() + timedelta(days=11)
    assert grew(match, lambda: accept_match(match=match)) == (True, True)
    assert grew(match, lambda: offer_times(match=match, times=[soon])) == (True, True)
    assert grew(match, lambda: schedule_match(match=match, at=soon)) == (True, True)
    assert grew(match, lambda: schedule_match(match=match, at=soon, meeting="https://meet.test/1")) == (True, True)
    assert grew(match, lambda: give_feedback(match=match, side="requester", data={"helpful": 5})) == (True, True)
    assert grew(match, lambda: give_feedback(match=match, side="promoter", data={"helpful": 5})) == (True, True)
    assert grew(match, lambda: give_feedback(match=match, side="promoter", data={"helpful": 1})) == (False, False)


def test_request_version_grows_when_an_approval_is_handed_on(rep: User, manager: User, outsider: User) -> None:
    outsider.deputy = manager
    outsider.save()
    make_banker(owner=outsider)
    request = submit(rep)
    Approval.objects.update(due_at=timezone.now() - timedelta(minutes=1))
    assert escalate_approval(approval=Approval.objects.get(step="owner"))
    version = request.version
    request.refresh_from_db()
    assert request.version > version
