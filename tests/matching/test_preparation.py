"""What is taken along to a meeting tells each viewer no more than they may know."""

from datetime import UTC, datetime, timedelta

import pytest

from matching.calendar_file import Meeting, write_calendar
from matching.models import Match
from matching.preparation import meeting_of, prepare
from matching.services.meeting import schedule_match
from matching.showing import show_match
from tests.matching.factories import accept, make_banker
from users.models import Team, User

pytestmark = pytest.mark.django_db


@pytest.fixture
def accepted(rep: User, manager: User) -> Match:
    make_banker("Nora Lindqvist", owner=manager, email="nora@fjord.test", phone="+47 555 0100")
    return accept(rep, manager, questions="How long did it take?")


def test_meeting_of_a_match_follows_it_and_is_none_without_a_time(accepted: Match, rep: User) -> None:
    assert meeting_of(show_match(rep, accepted)) is None
    at = datetime.now(UTC).replace(microsecond=0) + timedelta(days=11)
    match = schedule_match(match=accepted, at=at, minutes=45, meeting="https://meet.example/1", by=rep)
    meeting = meeting_of(show_match(rep, match))
    assert meeting == Meeting(
        match_id=match.pk,
        version=match.version,
        title="Reference call: Harbor Bank",
        starts_at=at,
        minutes=45,
        place="https://meet.example/1",
        notes="How long did it take?",
    )
    assert b"Nora" not in write_calendar(meeting, stamp=at)
    moved = meeting_of(show_match(rep, schedule_match(match=match, at=at + timedelta(hours=1), by=rep)))
    assert moved is not None
    assert moved.version > meeting.version


def test_place_is_told_in_full_to_those_who_see_the_person(
    accepted: Match, rep: User, manager: User, team: Team
) -> None:
    mate = User.objects.create_user("mate@example.test", "x", team=team)
    watcher = User.objects.create_user("watcher@example.test", "x")
    place = "Room 5 at Nora's, ring +47 555 0100"
    match = schedule_match(match=accepted, at=datetime.now(UTC) + timedelta(days=11), meeting=place, by=rep)
    told = {rep: place, manager: place, mate: "Room 5 at …, ring …", watcher: ""}
    for user, words in told.items():
        shown = show_match(user, match)
        meeting = meeting_of(shown)
        assert meeting is not None
        assert (meeting.place, prepare(shown).meeting) == (words, words), user
