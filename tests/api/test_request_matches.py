"""The matches of a request by API: put forward, decided, answered for, met and judged, each by whom it is for."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from delivery.models import IdempotencyKey
from matching.models import Match
from matching.services.requests import cancel_request
from references.models import Contact, Disclosure, Engagement
from tests.api.conftest import client_of, codes, key_of
from tests.factories import make_engagement, make_policy
from tests.matching.factories import invite, make_banker, make_request, submit, the_match
from users.enums import Scope
from users.models import User


def url(match: Match, verb: str = "") -> str:
    return f"/api/v1/requests/{match.request_id}/matches/{match.pk}/{verb}"


def act(user: User, match: Match, verb: str, body: Any = None, **headers: str) -> Any:
    return client_of(user).post(url(match, f"{verb}/"), body, format="json", headers=headers)


def refused(response: Any, status: int, *expected: tuple[str, str | None]) -> None:
    assert (response.status_code, codes(response)) == (status, list(expected)), response.content


def in_days(days: int) -> str:
    return (timezone.now() + timedelta(days=days)).isoformat()


@pytest.fixture
def waiting(rep: User) -> Match:
    """Two bankers, one of whom waits for the manager's yes."""
    make_banker("Nora Lindqvist", phone="+47 555 0100")
    make_banker("Olga Petrova")
    return the_match(submit(rep))


@pytest.fixture
def invited(rep: User, manager: User) -> Match:
    make_banker("Nora Lindqvist", email="nora@fjord.test", phone="+47 555 0100")
    make_banker("Olga Petrova")
    return invite(rep, manager)


def test_way_of_a_match_from_approval_to_feedback(waiting: Match, rep: User, manager: User) -> None:
    response = act(manager, waiting, "approve", {"reason": "Fits"})
    assert (response.status_code, response.json()["status"]) == (200, "invited")
    assert response["ETag"] == f'"{waiting.pk}-{response.json()["version"]}"'
    assert response.json()["approvals"][0]["decided_by"] == "Mina Manager"
    answer = act(manager, waiting, "accept", {"times": [in_days(9)]}).json()
    assert (answer["status"], len(answer["offered_times"])) == ("accepted", 1)
    answer = act(rep, waiting, "schedule", {"at": in_days(9), "meeting": "https://meet.test/1"}).json()
    assert (answer["status"], answer["meeting"], answer["minutes"]) == ("scheduled", "https://meet.test/1", 30)
    answer = act(rep, waiting, "complete", {"effort_hours": "0.75"}).json()
    assert answer["status"] == "completed"
    assert str(Engagement.objects.get(contact=waiting.contact, status="completed").effort_hours) == "0.75"
    act(rep, waiting, "feedback", {"helpful": 5, "again": True, "comment": "Great"})
    answer = act(manager, waiting, "feedback", {"side": "promoter", "helpful": 4, "hours": "1"}).json()
    assert [(each["side"], each["helpful"]) for each in answer["feedback"]] == [("requester", 5), ("promoter", 4)]
    told = client_of(rep).get(f"/api/v1/requests/{waiting.request_id}/").json()
    assert (told["status"], told["next_step"]["code"]) == ("fulfilled", "outcome")


@pytest.mark.parametrize(("verb", "body"), [("reject", {"reason": "On leave"}), ("decline", {"reason": "no_time"})])
def test_no_puts_the_next_best_forward(verb: str, body: dict[str, str], waiting: Match, manager: User) -> None:
    if verb == "decline":
        act(manager, waiting, "approve")
    answer = act(manager, waiting, verb, body).json()
    assert answer["status"] == {"reject": "rejected", "decline": "declined"}[verb]
    (after,) = Match.objects.exclude(pk=waiting.pk)
    assert (after.slot, after.chosen_by, after.is_live) == (waiting.slot, "next_best", True)


def test_swap_answers_with_the_new_match(waiting: Match, manager: User, rep: User) -> None:
    other = Contact.objects.exclude(pk=waiting.contact_id).get()
    refused(act(rep, waiting, "swap", {"contact": other.pk}), 403, ("not_allowed", None))
    response = act(manager, waiting, "swap", {"contact": other.pk, "reason": "Closer"})
    answer = response.json()
    assert (response.status_code, answer["contact"], answer["slot"]) == (201, other.pk, waiting.slot)
    assert client_of(manager).get(url(waiting)).json()["status"] == "withdrawn"
    refused(act(manager, waiting, "swap", {"contact": other.pk}), 409, ("asked_already", None))
    refused(act(manager, waiting, "swap", {"contact": 10**30}), 400, ("does_not_exist", "contact"))


def test_managers_put_somebody_forward_by_hand(rep: User, manager: User) -> None:
    first = make_banker()
    row = submit(rep, quantity=2)
    path = f"/api/v1/requests/{row.pk}/matches/"
    second = make_banker()
    assert codes(client_of(rep).post(path, {"contact": second.pk}, format="json")) == [("not_allowed", None)]
    response = client_of(manager).post(path, {"contact": second.pk}, format="json")
    assert (response.status_code, response.json()["contact"]) == (201, second.pk)
    assert (response.json()["slot"], response.json()["chosen_by"]) == (2, "manager")
    refused(client_of(manager).post(path, {"contact": make_banker().pk}, format="json"), 409, ("no_empty_slot", "slot"))
    full = client_of(manager).post(path, {"contact": make_banker().pk, "slot": 1}, format="json")
    refused(full, 409, ("slot_taken", "slot"))
    listed = client_of(rep).get(path).json()
    assert [each["contact"] for each in listed["results"]] == [first.pk, second.pk]
    assert client_of(rep).get(path, {"status": "completed"}).json()["count"] == 0


def test_refused_hold_says_every_rule_in_sentences(rep: User, manager: User) -> None:
    tired = make_banker()
    make_engagement(tired, "call")
    make_banker()
    match = the_match(submit(rep))
    response = act(manager, match, "swap", {"contact": tired.pk})
    refused(response, 409, ("hold_refused", "contact"))
    (refusal,) = response.json()["refusals"]
    assert (refusal["code"], refusal["may_override"]) == ("rest", True)
    assert refusal["sentence"].startswith("Rests 30 days")
    assert refusal["until"] > str(timezone.localdate())


def test_hold_that_may_never_be_overridden_is_told_so(rep: User, manager: User) -> None:
    paused = make_banker(status="paused")
    make_banker()
    match = the_match(submit(rep))
    response = act(manager, match, "swap", {"contact": paused.pk, "override_reason": "Please"})
    refused(response, 409, ("hold_refused", "contact"))
    assert {"paused"} <= {each["code"] for each in response.json()["refusals"]}
    assert not any(each["may_override"] for each in response.json()["refusals"] if each["code"] == "paused")


def test_override_needs_a_reason_and_is_told(rep: User, manager: User) -> None:
    tired = make_banker()
    make_engagement(tired, "call")
    make_banker()
    match = the_match(submit(rep))
    answer = act(manager, match, "swap", {"contact": tired.pk, "override_reason": "They offered"}).json()
    assert (answer["overridden"], answer["override_reason"]) == (["rest"], "They offered")


def test_day_without_room_is_refused_with_the_rules(invited: Match, rep: User, manager: User) -> None:
    act(manager, invited, "accept")
    day = timezone.localdate() + timedelta(days=40)
    make_engagement(invited.contact, "call", status="planned", on=day)
    response = act(rep, invited, "schedule", {"at": in_days(41)})
    refused(response, 409, ("hold_refused", "contact"))
    assert "rest" in {each["code"] for each in response.json()["refusals"]}


def test_version_is_checked_where_it_is_given(waiting: Match, manager: User) -> None:
    old = f'"{waiting.pk}-{waiting.version - 1}"'
    for verb, body in (
        ("approve", {}),
        ("reject", {"reason": "x"}),
        ("swap", {"contact": waiting.contact_id}),
        ("accept", {}),
        ("decline", {"reason": "no_time"}),
        ("schedule", {"at": in_days(3)}),
        ("complete", {}),
        ("no-show", {"side": "promoter"}),
        ("cancel", {}),
        ("feedback", {}),
    ):
        refused(act(manager, waiting, verb, body, **{"If-Match": old}), 412, ("changed_meanwhile", None))
    tag = client_of(manager).get(url(waiting))["ETag"]
    assert act(manager, waiting, "approve", **{"If-Match": tag}).status_code == 200


def test_verbs_out_of_turn_are_conflicts(waiting: Match, manager: User) -> None:
    for verb, body, error in (
        ("accept", {}, ("not_waiting", None)),
        ("decline", {"reason": "no_time"}, ("not_waiting", None)),
        ("schedule", {"at": in_days(3)}, ("not_accepted", None)),
        ("complete", {}, ("not_accepted", None)),
        ("feedback", {}, ("not_accepted", None)),
        ("no-show", {"side": "promoter"}, ("move_not_allowed", "status")),
    ):
        refused(act(manager, waiting, verb, body), 409, error)
    cancel_request(request=waiting.request, by=manager)
    refused(act(manager, waiting, "approve"), 409, ("not_waiting", None))


@pytest.mark.parametrize(
    ("verb", "body", "error"),
    [
        ("reject", {}, ("required", "reason")),
        ("reject", {"reason": " "}, ("blank", "reason")),
        ("approve", {"resaon": "x"}, ("unknown_field", "resaon")),
        ("swap", {}, ("required", "contact")),
        ("swap", {"contact": "Infinity"}, ("invalid", "contact")),
        ("swap", {"contact": True}, ("invalid", "contact")),
        ("accept", {"times": ["soon"]}, ("invalid", "times.0")),
        ("decline", {"reason": "bored"}, ("invalid_choice", "reason")),
        ("decline", {"reason": "not_now", "not_before": "9999-12-31"}, ("far_date", "not_before")),
        ("schedule", {"at": "2030-05-14"}, ("offset_required", "at")),
        ("schedule", {"at": "2030-05-14T10:00:00"}, ("offset_required", "at")),
        ("schedule", {"at": "9999-12-31T23:59:00-12:00"}, ("overflow", "at")),
        ("schedule", {"at": "2030-05-14T10:00:00Z", "minutes": 4}, ("min_value", "minutes")),
        ("no-show", {"side": "both"}, ("invalid_choice", "side")),
        ("feedback", {"helpful": 6}, ("max_value", "helpful")),
        ("feedback", {"hours": "1000"}, ("max_whole_digits", "hours")),
    ],
)
def test_wrong_body_is_refused(verb: str, body: Any, error: tuple[str, str], waiting: Match, manager: User) -> None:
    refused(act(manager, waiting, verb, body), 400, error)


def test_times_must_be_ahead_and_near(invited: Match, rep: User, manager: User) -> None:
    refused(act(manager, invited, "accept", {"times": [in_days(-1)]}), 422, ("time_over", "times"))
    refused(act(manager, invited, "accept", {"times": ["9999-12-31T23:59:00Z"]}), 422, ("far_date", "times"))
    act(manager, invited, "accept")
    refused(act(rep, invited, "schedule", {"at": "9999-12-31T23:59:00Z"}), 422, ("far_date", "at"))


def test_yes_taken_back_and_no_show_look_for_the_next_best(invited: Match, rep: User, manager: User) -> None:
    act(manager, invited, "accept")
    refused(act(rep, invited, "cancel"), 403, ("not_allowed", None))
    assert act(manager, invited, "cancel", {"why": "Ill"}).json()["status"] == "cancelled"
    second = Match.objects.exclude(pk=invited.pk).get()
    act(manager, second, "approve")
    act(manager, second, "accept")
    act(rep, second, "schedule", {"at": in_days(9)})
    assert act(rep, second, "no-show", {"side": "requester", "why": "They forgot"}).json()["status"] == "no_show"


def test_contact_data_is_given_after_the_yes_and_each_look_recorded(invited: Match, rep: User, manager: User) -> None:
    body = {"why": "to prepare the call"}
    refused(act(rep, invited, "contact-data", body), 403, ("not_disclosed", None))
    act(manager, invited, "accept")
    assert act(rep, invited, "contact-data", body).json() == {"email": "nora@fjord.test", "phone": "+47 555 0100"}
    look = Disclosure.objects.get()
    assert (look.user, look.contact, look.why) == (rep, invited.contact, "to prepare the call")
    refused(act(rep, invited, "contact-data", {}), 400, ("required", "why"))
    refused(act(rep, invited, "contact-data", {**body, "x": 1}), 400, ("unknown_field", "x"))
    reader = key_of(rep, Scope.REQUESTS_READ, Scope.REQUESTS_WRITE)
    assert reader.post(url(invited, "contact-data/"), body, format="json").status_code == 403
    both = key_of(rep, Scope.REQUESTS_READ, Scope.CONTACTS_READ)
    assert both.post(url(invited, "contact-data/"), body, format="json").status_code == 200
    act(manager, invited, "cancel")
    refused(act(rep, invited, "contact-data", body), 403, ("not_disclosed", None))
    assert Disclosure.objects.count() == 2


def test_contact_data_is_not_kept_for_repeats(invited: Match, manager: User) -> None:
    headers = {"Idempotency-Key": "k"}
    for _ in range(2):
        response = act(manager, invited, "contact-data", {"why": "x"}, **headers)
        assert "Idempotent-Replay" not in response
    assert Disclosure.objects.count() == 2


def test_calendar_file_is_for_those_who_meet(invited: Match, rep: User, manager: User, outsider: User) -> None:
    invited.request.watchers.add(outsider)
    act(manager, invited, "accept")
    client = client_of(rep)
    refused(client.get(url(invited, "calendar/")), 409, ("not_scheduled", None))
    act(rep, invited, "schedule", {"at": in_days(9), "meeting": "Ring +47 555 0100"})
    answer = client.get(url(invited, "calendar/"), headers={"Accept": "text/calendar"})
    assert answer["Content-Type"].startswith("text/calendar")
    text = answer.content.decode()
    assert "BEGIN:VEVENT" in text
    assert "Reference call: Harbor Bank" in text
    assert "555 0100" in text
    refused(client_of(outsider).get(url(invited, "calendar/")), 403, ("not_allowed", None))
    mate = User.objects.create_user("mate@example.test", "x", team=rep.team)
    assert "555 0100" not in client_of(mate).get(url(invited, "calendar/")).content.decode()


def test_match_belongs_to_its_request_alone(waiting: Match, rep: User, manager: User) -> None:
    other = make_request(rep)
    path = f"/api/v1/requests/{other.pk}/matches/{waiting.pk}/"
    assert client_of(manager).get(path).status_code == 404
    assert client_of(manager).post(f"{path}approve/", {}, format="json").status_code == 404
    assert client_of(manager).get(f"/api/v1/requests/{10**30}/matches/{10**30}/").status_code == 404


def test_repeat_under_one_key_decides_once(waiting: Match, manager: User) -> None:
    first, again = (act(manager, waiting, "reject", {"reason": "x"}, **{"Idempotency-Key": "k"}) for _ in range(2))
    assert (first.status_code, again.status_code, again["Idempotent-Replay"]) == (200, 200, "true")
    assert Match.objects.count() == 2


def test_repeat_after_a_yes_was_taken_back_names_nobody(invited: Match, rep: User, manager: User) -> None:
    act(manager, invited, "accept")
    headers = {"Idempotency-Key": "k"}
    body = {"at": in_days(9), "meeting": "Ring Nora"}
    assert "Nora" in act(rep, invited, "schedule", body, **headers).content.decode()
    act(manager, invited, "cancel")
    again = act(rep, invited, "schedule", body, **headers)
    assert (again.status_code, again["Idempotent-Replay"], again.json()["status"]) == (200, "true", "cancelled")
    assert "Nora" not in again.content.decode()
    assert "Nora" not in str(list(IdempotencyKey.objects.values_list("answer", flat=True)))


def test_tired_promoter_needs_a_reason(rep: User, manager: User) -> None:
    make_policy({"fatigue": {"soft": 0.01, "needs_approval": 0.02, "stop": 0.99}})
    contact = make_banker()
    make_engagement(contact, "call", on=timezone.localdate() - timedelta(days=60))
    match = the_match(submit(rep))
    assert match.band == "approval"
    refused(act(manager, match, "approve"), 422, ("reason_required", "reason"))
    assert act(manager, match, "approve", {"reason": "Offered"}).status_code == 200
