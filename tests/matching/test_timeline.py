"""What people wrote in a time line names nobody whom its reader may not see."""

import pytest

from matching.models import Match
from matching.services.approving import reject_match
from matching.services.requests import comment_request
from matching.showing import load_matches, show_matches
from matching.timeline import blind_events, read_timeline
from references.program import current_policy
from tests.factories import make_policy
from tests.matching.factories import make_banker, submit, the_match
from users.models import User

pytestmark = pytest.mark.django_db


def texts(user: User, match: Match) -> str:
    matches = load_matches(Match.objects.filter(request=match.request_id))
    shown = show_matches(user, matches, current_policy())
    return " ".join(event.text for event in blind_events(read_timeline(match.request, matches), shown))


def test_words_of_others_name_nobody_that_a_reader_may_not_see(rep: User, manager: User) -> None:
    make_banker("Nora Lindqvist", customer_name="Fjordbank", email="nora@fjord.test", phone="+47 555 01 00")
    match = the_match(submit(rep))
    reject_match(match=match, by=manager, reason="Nora is on leave, ask Fjordbank in May")
    comment_request(request=match.request, author=manager, text="Lindqvist would be back then")
    assert "Nora is on leave, ask Fjordbank in May" in texts(manager, match)
    assert "… is on leave, ask Fjordbank in May" in texts(rep, match)
    assert "… would be back then" in texts(rep, match)
    make_policy({"show_customer_name": False})
    assert "… is on leave, ask … in May" in texts(rep, match)
    assert "Fjordbank" in texts(manager, match)


def test_words_of_others_hold_no_contact_data(rep: User, manager: User) -> None:
    make_banker("Nora Lindqvist", email="nora@fjord.test", phone="+47 555 01 00")
    match = the_match(submit(rep))
    comment_request(request=match.request, author=manager, text="Write to NORA@fjord.test or ring +47 555 01 00")
    for user in (rep, manager):
        assert "Write to … or ring …" in texts(user, match)
