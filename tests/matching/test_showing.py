"""What a viewer sees of a match before and after the yes, and what comes next on a request."""

from dataclasses import replace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from matching.models import Feedback, Match, Request
from matching.preparation import prepare
from matching.services.answering import accept_match
from matching.services.approving import approve_match, reject_match
from matching.services.requests import comment_request
from matching.showing import ShownMatch, load_matches, next_step_of, show_match, show_matches
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


SAID = "Nora Lindqvist leaves next month, call +47 555 0100 or (0)555-0100, or write to NORA@fjord.test"


def words_of(shown: ShownMatch) -> str:
    """Everything on a shown match that somebody wrote by hand."""
    approvals = [text for each in shown.approvals for text in (each.why, each.reason)]
    comments = [each.comment for each in shown.feedback]
    return " ".join([*approvals, *comments, shown.override_reason, shown.meeting, shown.decline_note])


def told(words: str) -> set[str]:
    return {part for part in ("Nora", "Lindqvist", "NORA@", "555 0100", "555-0100") if part in words}


def write_everywhere(match: Match) -> None:
    """Put a name, an address and a number into every free text of a match."""
    Match.objects.filter(pk=match.pk).update(override_reason=SAID, meeting=SAID, decline_note=SAID)
    match.approvals.update(reason=SAID, why=SAID)
    for side in ("requester", "promoter"):
        Feedback.objects.update_or_create(match=match, side=side, defaults={"comment": SAID})


@pytest.fixture
def written(rep: User, manager: User, outsider: User) -> Match:
    make_banker("Nora Lindqvist", owner=outsider, email="nora@fjord.test", phone="+47 555 0100")
    match = invite(rep, manager)
    write_everywhere(match)
    return match


def test_no_free_text_tells_more_than_its_viewer_may_know(
    written: Match, rep: User, manager: User, outsider: User
) -> None:
    mate = User.objects.create_user("mate@example.test", "x", team=rep.team)
    watcher = User.objects.create_user("watcher@example.test", "x")
    for user in (rep, mate, watcher):
        assert told(words_of(shown_to(user, written))) == set(), user
    accept_match(match=written)
    for user in (mate, watcher):
        assert told(words_of(shown_to(user, written))) == set(), user
    for user in (rep, manager, outsider):
        shown = shown_to(user, written)
        assert shown.meeting == SAID
        assert told(words_of(replace(shown, meeting=""))) == {"Nora", "Lindqvist"}, user


def test_words_of_the_promoter_are_for_those_who_know_them(written: Match, rep: User, manager: User) -> None:
    words = {each.side: each.comment for each in shown_to(rep, written).feedback}
    assert words["promoter"] == ""
    assert words["requester"].startswith("… leaves next month, call … or …")
    words = {each.side: each.comment for each in shown_to(manager, written).feedback}
    assert words["promoter"].startswith("Nora Lindqvist leaves next month")


def test_other_addresses_and_numbers_go_for_those_who_do_not_know_the_person(
    written: Match, rep: User, manager: User
) -> None:
    written.approvals.update(reason="Try private@mail.test or +44 20 7946 0000", why="")
    [approval] = shown_to(rep, written).approvals
    assert approval.reason == "Try [address] or [number]"
    [approval] = shown_to(manager, written).approvals
    assert approval.reason == "Try private@mail.test or +44 20 7946 0000"


def test_words_about_one_match_do_not_name_another_of_the_request(rep: User, manager: User) -> None:
    make_banker("Nora Lindqvist")
    make_banker("Olga Petrova")
    request = submit(rep, quantity=2)
    first, second = request.matches.order_by("slot")
    other = second.contact.name.split()[0]
    reject_match(match=first, by=manager, reason=f"{other} knows more")
    assert show_match(rep, first).approvals[0].reason == "… knows more"
    assert show_match(manager, first).approvals[0].reason == f"{other} knows more"


def test_whoever_was_put_forward_twice_is_known_by_the_yes(rep: User, manager: User) -> None:
    nora = make_banker("Nora Lindqvist")
    match = invite(rep, manager)
    given = {"slot": 1, "activity": "call", "on": match.on, "status": "withdrawn"}
    Match.objects.create(request=match.request, contact=nora, **given)
    match.approvals.update(reason="Nora it is")
    assert show_match(rep, match).approvals[0].reason == "… it is"
    accept_match(match=match)
    assert show_match(rep, match).approvals[0].reason == "Nora it is"


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
