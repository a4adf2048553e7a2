"""Advocacy by API: asks, points, referrals, plays and moments move as on the pages, and name nobody they should not."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from advocacy.models import Ask, AskAssignment, Handover, PointsEntry, RecoveryPlay, Redemption, Referral
from references.models import Contact
from tests.api.conftest import client_of, codes, ids, key_of
from tests.api.loyalty import make_advocated
from tests.factories import make_contact, make_customer, make_engagement
from users.enums import Scope
from users.models import User


@pytest.fixture
def nora(rep: User) -> Contact:
    customer = make_customer("Fjordbank", account_owner=rep)
    return make_contact(customer, "Nora Lindqvist", email="nora@fjord.example", consents=["quote"])


def post(user: User, path: str, body: dict[str, Any] | None = None) -> Any:
    return client_of(user).post(f"/api/v1/{path}", body or {}, format="json")


def test_rows_of_others_are_not_found_and_name_nobody_to_marketers(
    nora: Contact, rep: User, outsider: User, marketer: User, manager: User
) -> None:
    rows = make_advocated(nora, None)
    hidden = [
        "ask-assignment", "points-account", "points-entry", "redemption", "referral", "recovery-play", "adopter-seat",
        "moment",
    ]  # fmt: skip
    for noun in hidden:
        path = f"/api/v1/{noun.replace('entry', 'entrie')}s/{rows[f'{noun}-detail']}/"
        assert client_of(outsider).get(path).status_code == 404, noun
        seen = client_of(rep).get(path)
        assert (seen.status_code, b"Nora Lindqvist" in seen.content) == (200, True), noun
        as_marketer = client_of(marketer).get(path)
        assert as_marketer.status_code == (404 if noun == "recovery-play" else 200), noun
        assert b"Lindqvist" not in as_marketer.content, noun


def test_somebody_is_asked_once_and_it_is_confirmed(nora: Contact, rep: User, marketer: User, outsider: User) -> None:
    ask = Ask.objects.create(name="Share", activity="share", rung=1, text="Share it?", points=100)
    body = {"contact": nora.pk, "ask": ask.pk}
    assert post(outsider, "ask-assignments/", body).status_code == 403
    made = post(rep, "ask-assignments/", body)
    assert (made.status_code, made.json()["status"]) == (201, "asked")
    assert post(rep, "ask-assignments/", body).status_code in {409, 422}
    url = f"ask-assignments/{made.json()['id']}/"
    assert post(rep, f"{url}note/", {"status": "done", "evidence": "Here"}).json()["status"] == "done"
    assert post(rep, f"{url}confirm/").status_code == 403
    assert post(marketer, f"{url}confirm/", {"led_to": "A deal"}).json()["status"] == "confirmed"
    assert AskAssignment.objects.get().status == "confirmed"
    account = client_of(marketer).get("/api/v1/points-accounts/").json()["results"][0]
    assert (account["lifetime"], account["person"]["is_named"]) == (100, False)


def test_suggestions_say_why_and_pick_nobody_by_score(nora: Contact, rep: User, outsider: User) -> None:
    Ask.objects.create(name="Share", activity="share", rung=1, text="Share it?")
    answer = client_of(rep).get("/api/v1/ask-suggestions/").json()
    assert [each["person"]["contact"] for each in answer["suggestions"]] == [nora.pk]
    assert client_of(outsider).get("/api/v1/ask-suggestions/").json()["suggestions"] == []
    gated = client_of(rep).get("/api/v1/ask-suggestions/", {"audience": "f=loyalty:promoter"})
    assert (gated.status_code, codes(gated)[0][0]) == (422, "gating")


def test_points_by_hand_are_given_once_by_managers(nora: Contact, rep: User, manager: User) -> None:
    body = {"contact": nora.pk, "amount": 50, "why": "Helped at the fair"}
    assert post(rep, "points-entries/", body).status_code == 403
    for _ in range(2):
        response = client_of(manager).post("/api/v1/points-entries/", body, format="json", HTTP_IDEMPOTENCY_KEY="k")
        assert response.status_code == 201
    assert PointsEntry.objects.get().amount == 50
    assert codes(post(manager, "points-entries/", body | {"amount": -51})) == [("not_enough_points", "amount")]


def test_redemption_is_decided_by_managers(nora: Contact, rep: User, manager: User) -> None:
    reward = make_advocated(nora, None)["reward-detail"]
    Redemption.objects.all().delete()
    post(manager, "points-entries/", {"contact": nora.pk, "amount": 100, "why": "For the test"})
    made = post(manager, "redemptions/", {"contact": nora.pk, "reward": reward})
    assert (made.status_code, made.json()["status"]) == (201, "requested")
    url = f"redemptions/{made.json()['id']}/"
    assert post(rep, f"{url}approve/").status_code == 403
    assert post(manager, f"{url}approve/").json()["status"] == "approved"
    assert post(manager, f"{url}fulfil/").json()["status"] == "fulfilled"
    assert post(manager, f"{url}cancel/", {"why": "no"}).status_code == 409


def test_referral_goes_from_lead_to_deal_and_guards_the_lead(
    nora: Contact, rep: User, marketer: User, outsider: User
) -> None:
    body = {"referrer": nora.pk, "name": "Lea Lead", "company": "Leadership Ltd", "email": "lea@lead.example"}
    assert post(outsider, "referrals/", body).status_code == 403
    made = post(marketer, "referrals/", body)
    assert made.status_code == 201
    assert b"lea@lead.example" not in made.content
    url = f"referrals/{made.json()['id']}/"
    reader = key_of(marketer, Scope.ADVOCACY_READ)
    assert reader.post(f"/api/v1/{url}contact-data/", {"why": "call"}, format="json").status_code == 403
    both = key_of(marketer, Scope.ADVOCACY_READ, Scope.CONTACTS_READ)
    seen = both.post(f"/api/v1/{url}contact-data/", {"why": "call"}, format="json")
    assert seen.json() == {"email": "lea@lead.example", "phone": ""}
    assert post(marketer, f"{url}qualify/").json()["status"] == "qualified"
    won = post(marketer, f"{url}win/", {"value": "84000", "currency": "EUR", "deal_id": "006"})
    assert (won.json()["status"], won.json()["value"], won.json()["counts"]) == ("won", "84000.00", True)
    chains = client_of(rep).get("/api/v1/referrals/chains/").json()
    assert [(each["label"], each["depth"]) for each in chains["branches"]] == [("Fjordbank", 0), ("Leadership Ltd", 1)]
    Referral.objects.update(owner=None)
    assert client_of(rep).get(f"/api/v1/{url}").json()["lead_name"] is None


def test_play_is_opened_ticked_and_ended(nora: Contact, rep: User, marketer: User) -> None:
    assert post(marketer, "recovery-plays/", {"contact": nora.pk}).status_code == 403
    made = post(rep, "recovery-plays/", {"contact": nora.pk, "why": "Fell"}).json()
    url = f"recovery-plays/{made['id']}/"
    ticked = post(rep, f"{url}step/", {"step": made["steps"][0]["id"]}).json()
    assert (ticked["status"], ticked["steps"][0]["done_at"] is None) == ("in_progress", False)
    assert codes(post(rep, f"{url}move/", {"status": "done"})) == [("outcome_required", "outcome")]
    assert post(rep, f"{url}move/", {"status": "done", "outcome": "Well"}).json()["status"] == "done"
    assert RecoveryPlay.objects.get().outcome == "Well"


def test_moment_is_handed_over_and_answered(nora: Contact, rep: User, marketer: User) -> None:
    nomination = Handover.objects.get(pk=make_advocated(nora, rep)["moment-detail"]).nomination
    Handover.objects.all().delete()
    made = post(rep, "moments/", {"nomination": nomination.pk, "note": "A quote"})
    assert made.status_code == 201
    url = f"moments/{made.json()['id']}/"
    assert post(rep, f"{url}move/", {"status": "taken"}).status_code == 403
    assert post(marketer, f"{url}move/", {"status": "taken"}).json()["taken_by"] == marketer.pk
    assert codes(post(marketer, f"{url}move/", {"status": "declined"})) == [("reply_required", "reply")]


def test_quiet_advocates_are_listed_in_constant_queries(rep: User, outsider: User, marketer: User) -> None:
    def quiet(name: str) -> Contact:
        contact = make_contact(make_customer(account_owner=rep), name)
        make_engagement(contact, on=timezone.localdate() - timedelta(days=400), status="completed")
        return contact

    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            client_of(marketer).get("/api/v1/quiet-advocates/")
        return len(queries)

    first = quiet("One Quiet")
    count()
    once = count()
    others = [quiet("Two Quiet"), quiet("Three Quiet")]
    assert count() == once
    assert ids(client_of(rep).get("/api/v1/quiet-advocates/").json()) == [each.pk for each in (first, *others)]
    assert ids(client_of(outsider).get("/api/v1/quiet-advocates/").json()) == []


def test_segments_and_leaderboard_are_read(rep: User, nora: Contact) -> None:
    make_advocated(nora, rep)
    assert client_of(rep).get("/api/v1/leaderboard/").json()["lines"][0]["points"] == 150
    assert set(client_of(rep).get("/api/v1/customer-segments/").json()["counts"]) == set()
    wrong = client_of(rep).get("/api/v1/customer-segments/", {"money": "EUR"})
    assert codes(wrong) == [("unknown_parameter", "money")]
