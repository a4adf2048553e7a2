"""Requests by API: opened from a deal, changed by one at a time, sent, called off, and closed by a CRM."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from delivery.models import OutboxMessage
from matching.kinds import LETTER_OUTCOME
from matching.models import Match, Outcome, Request
from references.models import Contact
from tests.api.conftest import client_of, codes, ids, key_of
from tests.matching.factories import BRIEF, banking, invite, make_banker, make_request, submit, the_match
from users.enums import Scope
from users.models import Team, User

URL = "/api/v1/requests/"
DEAL: dict[str, Any] = {"deal": "Harbor Bank", "deal_id": "CRM-1", "brief": BRIEF, "prospects": ["Harbor Bank"]}


def send(user: User, path: str = "", body: Any = None, method: str = "post", **headers: str) -> Any:
    return getattr(client_of(user), method)(f"{URL}{path}", body, format="json", headers=headers)


def refused(response: Any, status: int, *expected: tuple[str, str | None]) -> None:
    assert (response.status_code, codes(response)) == (status, list(expected)), response.content


def test_request_from_a_deal_is_sent_and_filled_at_once(rep: User) -> None:
    contact = make_banker("Nora Lindqvist")
    response = send(rep, body={**DEAL, "deal_value": "250000.00", "currency": "eur"})
    answer = response.json()
    assert response.status_code == 201
    assert response["Location"] == f"http://testserver{URL}{answer['id']}/"
    assert response["ETag"] == f'"{answer["id"]}-{answer["version"]}"'
    assert (answer["status"], answer["currency"], answer["via"], answer["activity"]) == ("open", "EUR", "api", "call")
    assert answer["owner"] == {"id": rep.pk, "name": "Robin Rep", "email": "rep@example.test"}
    assert answer["segment"] == {"industry": ["Banking"]}
    assert [match["contact"] for match in answer["matches"]] == [contact.pk]
    assert answer["next_step"]["code"] == answer["matches"][0]["status"] == "manager_review"
    assert [event["to"] for event in answer["timeline"]][:2] == ["draft", "open"]
    assert "Nora" not in response.content.decode()


def test_draft_stays_until_it_is_submitted(rep: User) -> None:
    contact = make_banker()
    make_banker()
    answer = send(rep, body={**DEAL, "submit": False}).json()
    assert (answer["status"], answer["matches"], answer["next_step"]["code"]) == ("draft", [], "draft")
    answer = send(rep, f"{answer['id']}/submit/", {"contacts": [contact.pk]}).json()
    assert [(match["contact"], match["chosen_by"]) for match in answer["matches"]] == [(contact.pk, "requester")]
    refused(send(rep, f"{answer['id']}/submit/"), 409, ("move_not_allowed", "status"))


def test_draft_keeps_whom_to_ask_first(rep: User) -> None:
    first, second = make_banker(), make_banker()
    kept = send(rep, body={**DEAL, "submit": False, "contacts": [first.pk]}).json()
    assert kept["contacts"] == [first.pk]
    path, anyhow = f"{kept['id']}/", {"If-Match": "*"}
    assert send(rep, path, {"contacts": [second.pk]}, "patch", **anyhow).json()["contacts"] == [second.pk]
    refused(send(rep, path, {"contacts": [999]}, "patch", **anyhow), 400, ("does_not_exist", "contacts"))
    (match,) = send(rep, f"{path}submit/").json()["matches"]
    assert (match["contact"], match["chosen_by"]) == (second.pk, "requester")


def test_people_to_ask_first_must_be_visible(rep: User) -> None:
    hidden = make_banker(status="known")
    refused(send(rep, body={**DEAL, "contacts": [hidden.pk]}), 400, ("does_not_exist", "contacts"))
    refused(send(rep, body={**DEAL, "contacts": [10**30]}), 400, ("max_value", "contacts.0"))
    assert not Request.objects.exists()


def test_request_that_cannot_be_sent_is_not_kept(rep: User) -> None:
    make_banker()
    for number in range(5):
        assert send(rep, body={**DEAL, "deal_id": str(number), "urgency": "urgent"}).status_code == 201
    refused(send(rep, body={**DEAL, "urgency": "urgent"}), 422, ("rush_budget", "urgency"))
    assert Request.objects.count() == 5


@pytest.mark.parametrize(
    ("body", "status", "error"),
    [
        ({}, 422, ("deal_required", "deal")),
        ({"brief": BRIEF, "deel": "x"}, 400, ("unknown_field", "deel")),
        ({"brief": BRIEF, "corrections": {"add": []}}, 400, ("unknown_field", "corrections.add")),
        ({"brief": BRIEF, "corrections": {"added": ["industry:no-such"]}}, 400, ("unknown_tag", "corrections.added")),
        ({"deal": "x\x00"}, 400, ("null_characters_not_allowed", "deal")),
        ({"deal": "x" * 201}, 400, ("max_length", "deal")),
        ({"deal": "x", "deal_value": "1"}, 422, ("currency_required", "currency")),
        ({"deal": "x", "deal_value": "1e40", "currency": "USD"}, 400, ("max_digits", "deal_value")),
        ({"deal": "x", "deal_value": -1, "currency": "USD"}, 400, ("min_value", "deal_value")),
        ({"deal": "x", "currency": "US"}, 400, ("invalid", "currency")),
        ({"deal": "x", "needed_by": "2001-01-01"}, 400, ("past_date", "needed_by")),
        ({"deal": "x", "needed_by": "9999-12-31"}, 400, ("far_date", "needed_by")),
        ({"deal": "x", "quantity": 11}, 400, ("max_value", "quantity")),
        ({"deal": "x", "activity": "juggling"}, 400, ("invalid_choice", "activity")),
        ({"deal": "x", "activity": "call", "prospects": ["a", "b"]}, 422, ("several_prospects", "prospects")),
        ({"deal": "x", "prospects": ["a"] * 21, "activity": "group_call"}, 400, ("max_length", "prospects")),
        ([], 400, ("invalid", "non_field_errors")),
        ("x", 400, ("invalid", "non_field_errors")),
    ],
)
def test_wrong_body_is_refused_with_a_stable_code(
    body: Any, status: int, error: tuple[str, str | None], rep: User
) -> None:
    banking()
    refused(send(rep, body=body), status, error)
    assert not Request.objects.exists()


def test_one_key_opens_one_request(rep: User) -> None:
    make_banker()
    first, again = (send(rep, body=DEAL, **{"Idempotency-Key": "k1"}) for _ in range(2))
    assert (first.json(), again["Idempotent-Replay"]) == (again.json(), "true")
    assert again["ETag"] == first["ETag"]
    assert Request.objects.count() == Match.objects.count() == 1


def test_same_deal_with_the_same_brief_is_opened_once_while_it_goes_on(rep: User, outsider: User) -> None:
    make_banker()
    first = send(rep, body=DEAL).json()
    response = send(rep, body={**DEAL, "brief": f"  {BRIEF}\n"})
    refused(response, 409, ("duplicate_request", "deal_id"))
    assert response.json()["request"] == first["id"]
    assert send(rep, body={**DEAL, "brief": "A bank wants a quote"}).status_code == 201
    assert send(rep, body={**DEAL, "deal_id": "CRM-2"}).status_code == 201
    assert send(rep, body={**DEAL, "allow_duplicate": True}).status_code == 201
    assert send(outsider, body=DEAL).status_code == 201, "what one does not see is not told of"
    for row in Request.objects.filter(owner=rep):
        send(rep, f"{row.pk}/cancel/")
    assert send(rep, body=DEAL).status_code == 201


def test_deals_without_an_id_are_never_the_same(rep: User) -> None:
    for _ in range(2):
        assert send(rep, body={"deal": "x", "submit": False}).status_code == 201


def test_managers_open_requests_for_others(rep: User, manager: User, outsider: User) -> None:
    answer = send(manager, body={**DEAL, "owner_email": "REP@example.test"}).json()
    assert answer["owner"]["id"] == rep.pk
    assert answer["timeline"][0]["actor_name"] == "Mina Manager"
    assert send(rep, body={"deal": "x", "owner_email": rep.email}).json()["owner"]["id"] == rep.pk
    outsider.is_active = False
    outsider.save()
    for user, email in ((rep, manager.email), (manager, outsider.email), (manager, "nobody@example.test")):
        refused(send(user, body={"deal": "x", "owner_email": email}), 422, ("unknown_owner", "owner_email"))


def test_change_asks_for_the_version_that_was_read(rep: User, manager: User) -> None:
    row = make_request(rep)
    path = f"{row.pk}/"
    refused(send(rep, path, {"deal": "New"}, "patch"), 428, ("precondition_required", None))
    tag = client_of(rep).get(f"{URL}{path}")["ETag"]
    response = send(rep, path, {"deal": "New", "deal_value": "5", "currency": "USD"}, "patch", **{"If-Match": tag})
    assert (response.status_code, response.json()["deal"], response.json()["brief"]) == (200, "New", BRIEF)
    assert response["ETag"] != tag
    stale = send(manager, path, {"deal": "Newer"}, "patch", **{"If-Match": tag})
    refused(stale, 412, ("changed_meanwhile", None))
    refused(send(rep, path, {}, "patch", **{"If-Match": f"W/{response['ETag']}"}), 412, ("changed_meanwhile", None))
    either = f"{tag}, {response['ETag']}"
    assert send(rep, path, {"deal": "Newer"}, "patch", **{"If-Match": either}).json()["deal"] == "Newer"
    assert send(rep, path, {"deal": "Newest"}, "patch", **{"If-Match": "*"}).json()["deal"] == "Newest"


def test_open_request_may_want_more_and_nothing_else(rep: User) -> None:
    make_banker()
    make_banker()
    row = submit(rep)
    version = {"If-Match": "*"}
    answer = send(rep, f"{row.pk}/", {"quantity": 2, "why": "They insist"}, "patch", **version).json()
    assert len(answer["matches"]) == 2
    refused(send(rep, f"{row.pk}/", {"activity": "quote"}, "patch", **version), 409, ("asked_already", "activity"))
    send(rep, f"{row.pk}/cancel/", {"why": "Lost interest"})
    refused(send(rep, f"{row.pk}/", {"why": "x"}, "patch", **version), 409, ("request_over", None))


def test_current_version_is_not_sent_again(rep: User, manager: User) -> None:
    make_banker()
    row = submit(rep)
    client = client_of(rep)
    tag = client.get(f"{URL}{row.pk}/")["ETag"]
    known = client.get(f"{URL}{row.pk}/", headers={"If-None-Match": f'"x", W/{tag}'})
    assert (known.status_code, known.content, known["ETag"]) == (304, b"", tag)
    send(manager, f"{row.pk}/matches/{the_match(row).pk}/reject/", {"reason": "No"})
    assert client.get(f"{URL}{row.pk}/", headers={"If-None-Match": tag}).status_code == 200


def test_verbs_take_a_version_too(rep: User) -> None:
    row = make_request(rep)
    stale = {"If-Match": f'"{row.pk}-99"'}
    for verb in ("submit", "cancel"):
        refused(send(rep, f"{row.pk}/{verb}/", **stale), 412, ("changed_meanwhile", None))
    assert send(rep, f"{row.pk}/cancel/", **{"If-Match": f'"{row.pk}-{row.version}"'}).json()["status"] == "cancelled"


def test_unmet_request_is_tried_again(rep: User) -> None:
    row = submit(rep)
    assert row.status == "unmet"
    contact = make_banker()
    answer = send(rep, f"{row.pk}/reopen/", {"why": "Somebody new"}).json()
    assert (answer["status"], [match["contact"] for match in answer["matches"]]) == ("open", [contact.pk])
    refused(send(rep, f"{row.pk}/reopen/"), 409, ("move_not_allowed", "status"))


def test_copy_is_a_draft_of_whoever_copies(rep: User, manager: User) -> None:
    row = make_request(rep, urgency="urgent")
    response = send(manager, f"{row.pk}/duplicate/", **{"Idempotency-Key": "k"})
    answer = response.json()
    assert (response.status_code, answer["status"], answer["duplicate_of"]) == (201, "draft", row.pk)
    assert (answer["owner"]["id"], answer["urgency"]) == (manager.pk, "normal")
    assert send(manager, f"{row.pk}/duplicate/", **{"Idempotency-Key": "k"}).json()["id"] == answer["id"]


def test_comments_stand_in_the_time_line(rep: User, manager: User) -> None:
    row = make_request(rep)
    response = send(manager, f"{row.pk}/comments/", {"text": "Ask for the CFO"})
    assert (response.status_code, response.json()["author_name"]) == (201, "Mina Manager")
    told = send(rep, f"{row.pk}/", method="get").json()["timeline"][-1]
    assert (told["kind"], told["text"], told["actor_name"]) == ("comment", "Ask for the CFO", "Mina Manager")
    refused(send(manager, f"{row.pk}/comments/", {"text": " "}), 400, ("blank", "text"))


def test_watching_and_no_longer(rep: User, manager: User, outsider: User) -> None:
    row = make_request(rep)
    assert send(outsider, f"{row.pk}/watch/").status_code == 404
    assert send(manager, f"{row.pk}/watch/").json() == {"is_watching": True}
    assert ids(client_of(manager).get(URL, {"watched": "true"}).json()) == [row.pk]
    row.watchers.add(outsider)
    assert send(outsider, f"{row.pk}/unwatch/").json() == {"is_watching": False}
    assert send(outsider, f"{row.pk}/", method="get").status_code == 404


def test_those_who_only_see_a_request_do_not_change_it(rep: User, outsider: User) -> None:
    row = make_request(rep)
    row.watchers.add(outsider)
    assert send(outsider, f"{row.pk}/", method="get").json()["can_edit"] is False
    for verb, body in (("submit", {}), ("cancel", {}), ("reopen", {}), ("outcome", {"result": "won"})):
        refused(send(outsider, f"{row.pk}/{verb}/", body), 403, ("not_allowed", None))
    refused(send(outsider, f"{row.pk}/", {}, "patch", **{"If-Match": "*"}), 403, ("not_allowed", None))
    row.refresh_from_db()
    assert row.status == "draft"


def test_team_changes_each_others_requests(rep: User, outsider: User) -> None:
    outsider.team = rep.team
    outsider.save()
    banking()
    draft, sent = make_request(rep), submit(rep)
    assert send(outsider, f"{draft.pk}/cancel/").status_code == 404
    assert send(outsider, f"{sent.pk}/cancel/").json()["status"] == "cancelled"


def test_outcome_closes_one_request_and_tells_the_promoter(rep: User, manager: User) -> None:
    make_banker()
    match = invite(rep, manager)
    for verb in ("accept", "complete"):
        assert send(manager, f"{match.request_id}/matches/{match.pk}/{verb}/").status_code == 200
    body = {"result": "won", "value": "240000", "currency": "EUR", "note": "Signed"}
    answer = send(rep, f"{match.request_id}/outcome/", body).json()
    assert answer["status"] == "closed"
    assert {key: answer["outcome"][key] for key in ("result", "value", "via")} == {
        "result": "won", "value": "240000.00", "via": "api",
    }  # fmt: skip
    assert OutboxMessage.objects.filter(kind="mail", payload__letter=LETTER_OUTCOME).count() == 1
    assert send(rep, f"{match.request_id}/outcome/", body).status_code == 200
    refused(send(rep, f"{match.request_id}/outcome/", {"result": "lost"}), 409, ("reported_already", "result"))
    refused(
        send(rep, f"{match.request_id}/outcome/", {"result": "won", "value": 1}), 422, ("currency_required", "currency")
    )


def test_outcome_of_a_deal_closes_each_request_one_may_change(rep: User, manager: User, outsider: User) -> None:
    make_banker()
    first = submit(rep, deal_id="CRM-1")
    second = submit(outsider, deal_id="CRM-1")
    draft, other = make_request(rep, deal_id="CRM-1"), submit(rep, deal_id="CRM-2")
    body = {"deal_id": "CRM-1", "result": "lost"}
    answer = send(rep, "outcome/", body).json()
    assert answer == {"deal_id": "CRM-1", "closed": [{"id": first.pk, "status": "cancelled"}], "refused": []}
    answer = send(manager, "outcome/", {**body, "result": "won"}).json()
    assert answer["closed"] == [{"id": second.pk, "status": "cancelled"}]
    assert [(row["id"], row["code"]) for row in answer["refused"]] == [(first.pk, "reported_already")]
    assert set(Outcome.objects.values_list("request", flat=True)) == {first.pk, second.pk}
    assert {row.status for row in (draft, other)} <= {"draft", "open", "unmet"}


def test_outcome_of_a_deal_that_nobody_asked_for_is_nothing_to_do(rep: User) -> None:
    assert send(rep, "outcome/", {"deal_id": "CRM-9", "result": "won"}).json() == {
        "deal_id": "CRM-9", "closed": [], "refused": [],
    }  # fmt: skip
    refused(send(rep, "outcome/", {"deal_id": "CRM-9", "result": "drawn"}), 400, ("invalid_choice", "result"))
    submit(rep, deal_id="CRM-9")
    body = {"deal_id": "CRM-9", "result": "won", "value": "5"}
    refused(send(rep, "outcome/", body), 422, ("currency_required", "currency"))


def test_key_that_reads_does_not_write(rep: User) -> None:
    row = make_request(rep)
    reader = key_of(rep, Scope.REQUESTS_READ)
    assert reader.get(f"{URL}{row.pk}/").status_code == 200
    for path in ("", f"{row.pk}/cancel/", f"{row.pk}/matches/", "outcome/"):
        assert reader.post(f"{URL}{path}", {}, format="json").status_code == 403
    assert reader.patch(f"{URL}{row.pk}/", {}, format="json").status_code == 403
    writer = key_of(rep, Scope.REQUESTS_WRITE)
    assert writer.post(f"{URL}{row.pk}/cancel/", {}, format="json").status_code == 200
    assert writer.get(f"{URL}{row.pk}/").status_code == 403


def test_list_is_filtered_like_the_page(rep: User, manager: User, outsider: User, get: Callable[..., Any]) -> None:
    mine = make_request(rep, deal="Acme", deal_id="CRM-7", deal_value=10, currency="USD")
    theirs = make_request(outsider, deal="Globex", urgency="urgent")
    assert ids(get("requests/", manager)) == [theirs.pk, mine.pk]
    assert ids(get("requests/", rep)) == ids(get("requests/", manager, deal_id="CRM-7")) == [mine.pk]
    assert (
        ids(get("requests/", manager, owner=rep.pk, search="acm"))
        == ids(get("requests/", rep, owner="me"))
        == [mine.pk]
    )
    assert ids(get("requests/", manager, urgency="urgent", ordering="created_at")) == [theirs.pk]
    future = (timezone.now() + timedelta(days=1)).isoformat()
    assert ids(get("requests/", manager, updated_since=future)) == []
    response = client_of(manager).get(URL, {"stat": "open"})
    refused(response, 400, ("unknown_parameter", "stat"))


def test_list_tells_what_comes_next(rep: User, get: Callable[..., Any]) -> None:
    make_banker()
    submit(rep)
    make_request(rep)
    assert [row["next_step"]["code"] for row in get("requests/", rep)["results"]] == ["draft", "manager_review"]


def test_nobody_in_the_team_of_nobody(outsider: User, db: None) -> None:
    Team.objects.create(name="South")
    assert client_of(outsider).get(URL, {"team": "mine"}).json()["count"] == 0


def test_candidates_are_ranked_and_blinded_for_whoever_asks(rep: User, manager: User) -> None:
    first, second = make_banker("Nora Lindqvist"), make_banker("Olga Petrova")
    barred = make_banker("Paul Quint", status="paused")
    row = submit(manager)
    row.watchers.add(rep)
    asked: int = the_match(row).contact_id
    left: Contact = second if asked == first.pk else first
    path = f"{URL}{row.pk}/candidates/"
    answer = client_of(manager).get(path).json()
    assert [each["promoter"]["id"] for each in answer["candidates"]] == [left.pk]
    assert answer["candidates"][0]["promoter"]["name"] == left.name
    assert [each["promoter"]["id"] for each in answer["excluded"]] == [barred.pk]
    blinded = client_of(rep).get(path)
    assert blinded.json()["candidates"][0]["promoter"]["name"] is None
    for name in ("Nora", "Olga", "Quint"):
        assert name not in blinded.content.decode()
    refused(client_of(rep).get(path, {"limits": 1}), 400, ("unknown_parameter", "limits"))
    assert key_of(rep, Scope.REQUESTS_READ).get(path).status_code == 403
    assert key_of(rep, Scope.REQUESTS_READ, Scope.POOL_READ).get(path).status_code == 200
