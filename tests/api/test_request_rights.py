"""Who sees what of a request by API, before and after the yes: a table of people and endpoints."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.db import transaction
from django.utils import timezone
from rest_framework.test import APIClient

from matching.models import Match, Outcome
from matching.services.answering import accept_match, decline_match
from matching.services.meeting import schedule_match
from references.pool.index import forget_snapshot
from tests.api.conftest import client_of, key_of
from tests.conftest import make_user
from tests.factories import make_policy
from tests.matching.factories import invite, make_banker
from users.enums import Role, Scope
from users.models import Team, User

PERSON, CUSTOMER, EMAIL, PHONE = "Lindqvist", "Fjordbank", "nora@fjord.test", "+47 555 0100"
PEOPLE = ["requester", "teammate", "watcher", "owner", "marketer", "manager", "outsider"]
SEES = {"requester", "teammate", "watcher", "owner", "manager"}
"""Who sees the request at all: for the others it does not exist."""
KNOWS = {"owner", "manager"}
"""Who knows the person whatever was answered: the account owner and managers."""
VERBS: dict[str, tuple[dict[str, Any], set[str]]] = {
    "approve": ({}, {"owner", "manager"}),
    "reject": ({"reason": "x"}, {"owner", "manager"}),
    "swap": ({"contact": 0}, {"owner", "manager"}),
    "accept": ({}, KNOWS),
    "decline": ({"reason": "no_time"}, KNOWS),
    "cancel": ({}, KNOWS),
    "schedule": ({"at": "2031-05-14T10:00:00Z"}, {"requester", "teammate", "owner", "manager"}),
    "complete": ({}, {"requester", "teammate", "owner", "manager"}),
    "no-show": ({"side": "promoter"}, {"requester", "teammate", "owner", "manager"}),
    "feedback": ({}, {"requester", "teammate", "owner", "manager"}),
}
"""Whom a verb lets in; the present state may still stand against it."""
REQUEST_VERBS: dict[str, tuple[dict[str, Any], set[str]]] = {
    "submit": ({}, {"requester", "teammate", "manager"}),
    "reopen": ({}, {"requester", "teammate", "manager"}),
    "outcome": ({"result": "won"}, {"requester", "teammate", "manager"}),
    "comments": ({"text": "x"}, SEES),
    "duplicate": ({}, SEES),
    "watch": ({}, SEES),
    "matches": ({"contact": 0}, {"manager"}),
    "cancel": ({}, {"requester", "teammate", "manager"}),
}


@dataclass
class Cast:
    """A match that waits for an answer, and everybody who might ask about it."""

    match: Match
    users: dict[str, User]

    @contextmanager
    def undone(self) -> Iterator["Cast"]:
        """The same match and people, read anew; whatever is done to them meanwhile is taken back."""
        block = transaction.atomic()
        block._from_testcase = True  # type: ignore[attr-defined]  # a durable block may begin inside, as in any test
        try:
            with block:
                yield Cast(Match.objects.get(pk=self.match.pk), self.users)
                transaction.set_rollback(True)
        finally:
            forget_snapshot()
            cache.clear()

    @property
    def path(self) -> str:
        return f"/api/v1/requests/{self.match.request_id}/"

    @property
    def match_path(self) -> str:
        return f"{self.path}matches/{self.match.pk}/"

    def client(self, who: str) -> APIClient:
        return client_of(self.users[who])


@pytest.fixture
def cast(rep: User, manager: User, marketer: User, outsider: User, team: Team) -> Cast:
    owner = make_user(Role.SALES, "owner@example.test", name="Otto Owner")
    watcher = make_user(Role.SALES, "watcher@example.test", name="Wim Watcher")
    mate = make_user(Role.SALES, "mate@example.test", name="Mo Mate", team=team)
    make_banker("Nora Lindqvist", owner=owner, customer_name=CUSTOMER, email=EMAIL, phone=PHONE, title="CFO")
    match = invite(rep, manager)
    match.request.watchers.add(watcher)
    users = {
        "requester": rep, "teammate": mate, "watcher": watcher, "owner": owner, "marketer": marketer,
        "manager": manager, "outsider": outsider,
    }  # fmt: skip
    return Cast(match, users)


def reads(cast: Cast) -> list[str]:
    return [
        "/api/v1/requests/", cast.path, f"{cast.path}matches/", cast.match_path, f"{cast.path}candidates/",
        "/api/v1/approvals/", "/api/v1/unmet-demands/", "/api/v1/recruiting-tasks/",
    ]  # fmt: skip


def read_all(cast: Cast, who: str) -> str:
    """Everything that somebody can read about the request, in one text."""
    client = cast.client(who)
    answers = [client.get(path) for path in reads(cast)]
    return "\n".join(answer.content.decode() for answer in answers if answer.status_code == 200)


def look(cast: Cast, who: str) -> Any:
    return cast.client(who).post(f"{cast.match_path}contact-data/", {"why": "to prepare"}, format="json")


def test_request_exists_for_those_concerned_alone(cast: Cast, subtests: pytest.Subtests) -> None:
    for who in PEOPLE:
        with subtests.test(who=who):
            expected = 200 if who in SEES else 404
            for path in (cast.path, f"{cast.path}matches/", cast.match_path, f"{cast.path}candidates/"):
                assert cast.client(who).get(path).status_code == expected, path
            listed = cast.client(who).get("/api/v1/requests/").json()["count"]
            assert listed == (1 if who in SEES else 0)


@pytest.mark.parametrize("is_named", [True, False])
@pytest.mark.parametrize("state", ["invited", "accepted", "declined"])
def test_names_are_for_those_who_may_know(state: str, is_named: bool, cast: Cast, subtests: pytest.Subtests) -> None:
    make_policy({"show_customer_name": is_named})
    if state == "accepted":
        accept_match(match=cast.match)
    if state == "declined":
        accept = decline_match(match=cast.match, reason="other", note=f"Write to {EMAIL}, ring {PHONE}. {PERSON}")
        assert accept.status == "declined"
    for who in PEOPLE:
        with subtests.test(who=who):
            text = read_all(cast, who)
            knows = who in KNOWS or (who == "requester" and state == "accepted")
            assert (PERSON in text) is knows
            assert (CUSTOMER in text) is (who in SEES and (knows or is_named))
            assert EMAIL not in text
            assert PHONE not in text


@pytest.mark.parametrize("state", ["invited", "scheduled"])
def test_what_people_wrote_names_nobody_to_those_who_may_not_know(
    state: str, cast: Cast, subtests: pytest.Subtests
) -> None:
    match, said = cast.match, f"{PERSON} leaves, call {PHONE} or write to {EMAIL}"
    if state == "scheduled":
        accept_match(match=match)
        schedule_match(match=match, at=timezone.now() + timedelta(days=5), meeting=PERSON, by=cast.users["requester"])
    Match.objects.update(override_reason=said)
    match.approvals.update(reason=said, why=said)
    match.feedback.create(side="requester", comment=said)
    match.request.comments.create(author=cast.users["manager"], text=said)
    Outcome.objects.create(request=match.request, result="won", note=said)
    for who in PEOPLE:
        with subtests.test(who=who):
            text = read_all(cast, who)
            assert (PERSON in text) is (who in KNOWS or (who == "requester" and state == "scheduled"))
            assert EMAIL not in text
            assert PHONE not in text
            if who in SEES:
                outcome = cast.client(who).get(cast.path).json()["outcome"]
                assert outcome["note"].endswith("leaves, call … or write to …")


def test_contact_data_is_for_whom_the_promoter_said_yes_to(cast: Cast, subtests: pytest.Subtests) -> None:
    for who in PEOPLE:
        with subtests.test(who=who), cast.undone() as anew:
            require_contact_data_after_the_yes(who, anew)


def require_contact_data_after_the_yes(who: str, cast: Cast) -> None:
    before = 200 if who in KNOWS else 403 if who in SEES else 404
    assert look(cast, who).status_code == before
    accept_match(match=cast.match)
    after = look(cast, who)
    assert after.status_code == (200 if who == "requester" else before)
    assert (EMAIL in after.content.decode()) is (after.status_code == 200)


@pytest.mark.parametrize("who", PEOPLE)
def test_verbs_of_a_match_let_in_whom_they_are_for(who: str, cast: Cast, subtests: pytest.Subtests) -> None:
    for verb in VERBS:
        with subtests.test(verb=verb), cast.undone() as anew:
            require_verb_of_a_match(who, verb, anew)


def require_verb_of_a_match(who: str, verb: str, cast: Cast) -> None:
    body, allowed = VERBS[verb]
    if verb in {"approve", "reject", "swap"}:
        Match.objects.update(status="owner_review")
        cast.match.approvals.update_or_create(
            step="owner",
            defaults={"assignee": cast.users["owner"], "status": "pending", "due_at": cast.match.created_at},
        )
    if verb in {"schedule", "complete", "feedback", "no-show"}:
        accept_match(match=cast.match)
    if "contact" in body:
        body = {"contact": make_banker().pk}
    answer = cast.client(who).post(f"{cast.match_path}{verb}/", body, format="json")
    if who not in SEES:
        assert answer.status_code == 404
    elif who in allowed:
        assert answer.status_code in {200, 201, 409}, answer.content
    else:
        assert answer.status_code == 403
        assert answer.json()["errors"][0]["code"] == "not_allowed"
    assert EMAIL not in answer.content.decode()
    assert PHONE not in answer.content.decode()


@pytest.mark.parametrize("who", PEOPLE)
def test_verbs_of_a_request_let_in_whom_they_are_for(who: str, cast: Cast, subtests: pytest.Subtests) -> None:
    for verb in REQUEST_VERBS:
        with subtests.test(verb=verb), cast.undone() as anew:
            require_verb_of_a_request(who, verb, anew)


def require_verb_of_a_request(who: str, verb: str, cast: Cast) -> None:
    body, allowed = REQUEST_VERBS[verb]
    if "contact" in body:
        body = {"contact": make_banker().pk}
    answer = cast.client(who).post(f"{cast.path}{verb}/", body, format="json")
    if who not in SEES:
        assert answer.status_code == 404
    elif who in allowed:
        assert answer.status_code in {200, 201, 409}, answer.content
    else:
        assert answer.status_code == 403
        assert answer.json()["errors"][0]["code"] == "not_allowed"


def test_key_without_the_scope_reads_nothing(cast: Cast, subtests: pytest.Subtests) -> None:
    for scope in set(Scope.values) - {Scope.REQUESTS_READ}:
        with subtests.test(scope=scope):
            client = key_of(cast.users["manager"], scope)
            assert {client.get(path).status_code for path in reads(cast)} == {403}
            assert client.post(f"{cast.match_path}contact-data/", {"why": "x"}, format="json").status_code == 403


def test_approvals_wait_for_those_who_decide(cast: Cast) -> None:
    Match.objects.update(status="owner_review")
    due = cast.match.created_at
    values = {"assignee": cast.users["owner"], "status": "pending", "due_at": due}
    cast.match.approvals.update_or_create(step="owner", defaults=values)
    waiting = {who: cast.client(who).get("/api/v1/approvals/").json()["count"] for who in PEOPLE}
    assert waiting == {who: int(who == "owner") for who in PEOPLE}
    Match.objects.update(status="manager_review")
    cast.match.approvals.update_or_create(step="manager", defaults={"status": "pending", "due_at": due})
    waiting = {who: cast.client(who).get("/api/v1/approvals/").json()["count"] for who in PEOPLE}
    assert waiting == {who: int(who == "manager") for who in PEOPLE}
