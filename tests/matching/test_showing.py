"""What a viewer sees of a match before and after the yes, and what comes next on a request."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from matching.models import Match, Request
from matching.preparation import prepare
from matching.services.answering import accept_match
from matching.services.approving import approve_match
from matching.services.requests import comment_request
from matching.showing import ShownMatch, load_matches, next_step_of, show_matches
from matching.timeline import read_timeline
from references.program import current_policy
from tests.factories import make_consent, make_policy, make_proof_point, make_testimonial
from tests.matching.factories import banking, invite, make_banker, make_request, submit, the_match
from users.models import User

pytestmark = pytest.mark.django_db


def shown_to(user: User, match: Match) -> ShownMatch:
    return show_matches(user, load_matches(Match.objects.filter(pk=match.pk)), current_policy())[0]


@pytest.fixture
def invited(rep: User, manager: User, outsider: User) -> Match:
    make_banker("Nora Lindqvist", owner=outsider, title="CFO", customer_name="Fjordbank")
    return invite(rep, manager)


def test_before_the_yes_only_managers_and_the_owner_see_who_it_is(
    invited: Match, rep: User, manager: User, outsider: User
) -> None:
    for user, sees in ((rep, False), (manager, True), (outsider, True)):
        shown = shown_to(user, invited)
        assert bool(shown.person) is sees, user
        assert ("Nora" in shown.who) is sees
        assert shown.may_see_contact_data is sees
    assert shown_to(rep, invited).who.startswith("CFO · Banking")


def test_customer_name_before_the_yes_is_the_policys_to_allow(invited: Match, rep: User) -> None:
    assert shown_to(rep, invited).customer == "Fjordbank"
    make_policy({"show_customer_name": False})
    shown = shown_to(rep, invited)
    assert shown.customer == ""
    assert "Fjordbank" not in repr(shown.who)


def test_after_the_yes_the_requester_alone_sees_the_person(invited: Match, rep: User) -> None:
    teammate = User.objects.create_user("mate@example.test", "x", team=rep.team)
    accept_match(match=invited)
    assert shown_to(rep, invited).person == "Nora Lindqvist"
    assert shown_to(teammate, invited).person == ""


def test_flags_say_what_a_viewer_can_do_now(rep: User, manager: User, outsider: User) -> None:
    make_banker(owner=outsider)
    match = the_match(submit(rep))
    flags = {user.email: shown_to(user, match) for user in (rep, manager, outsider)}
    assert [flags[user.email].may_decide for user in (rep, manager, outsider)] == [False, True, True]
    assert [flags[user.email].may_swap for user in (rep, manager, outsider)] == [False, True, True]
    waits = flags[rep.email].waits_for
    assert waits is not None
    assert (waits.step, waits.assignee) == ("owner", outsider)
    approve_match(match=match, by=outsider)
    assert [shown_to(user, match).may_answer for user in (rep, manager, outsider)] == [False, True, True]


def test_showing_takes_a_constant_number_of_queries(rep: User) -> None:
    make_policy({"approvals": [{"approvers": "both"}]})
    for _ in range(3):
        make_banker()

    def count(request: Request) -> int:
        with CaptureQueriesContext(connection) as queries:
            show_matches(rep, load_matches(request.matches.all()), current_policy())
        return len(queries)

    assert count(submit(rep)) == count(submit(rep, quantity=2))


def test_next_step_follows_the_way_of_a_request(rep: User, manager: User, outsider: User) -> None:
    banking()

    def step_of(request: Request) -> str:
        shown = show_matches(rep, load_matches(request.matches.all()), current_policy())
        return next_step_of(request, shown).code

    assert step_of(make_request(rep)) == "draft"
    assert step_of(submit(rep)) == "unmet"
    make_banker(owner=outsider)
    request = submit(rep)
    assert step_of(request) == "owner_review"
    match = the_match(request)
    approve_match(match=match, by=outsider)
    assert step_of(request) == "customer"
    accept_match(match=match)
    assert step_of(request) == "schedule"


def test_time_line_tells_every_move_with_who_and_never_a_name(invited: Match, rep: User, manager: User) -> None:
    comment_request(request=invited.request, author=rep, text="Please hurry")
    accept_match(match=invited)
    events = read_timeline(invited.request, [invited])
    moves = [(event.kind, event.to, event.actor) for event in events]
    assert moves == [
        ("request", "draft", "user"),
        ("request", "open", "user"),
        ("match", "proposed", "user"),
        ("match", "owner_review", "user"),
        ("match", "approved", "user"),
        ("match", "invited", "user"),
        ("comment", "", "user"),
        ("match", "accepted", "promoter"),
    ]
    assert events[4].actor_name == "Mina Manager"
    assert "Nora" not in repr(events)


def test_preparation_sheet_says_what_the_prospect_asks_and_hides_the_rest(rep: User, manager: User) -> None:
    nora = make_banker("Nora Lindqvist", title="CFO", customer_name="Fjordbank")
    make_proof_point(nora.customer, "Days to close", "2")
    make_consent(nora.customer, "case_study")
    make_testimonial(nora, "Simply works")
    match = invite(rep, manager, questions="- How long did it take?\n- Who had to agree?")
    sheet = prepare(shown_to(rep, match))
    assert sheet.questions == ("How long did it take?", "Who had to agree?")
    assert (sheet.customer, sheet.proof) == ("Fjordbank", (("Days to close", "", "2"),))
    assert sheet.title == ""
    assert "Nora" not in repr(sheet)
    make_policy({"show_customer_name": False})
    assert prepare(shown_to(rep, match)).proof == ()
    accept_match(match=match)
    assert prepare(shown_to(rep, match)).who == "Nora Lindqvist"
