"""Speaking slots written through the API: made, changed, a speaker held and released, called off."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from references.models import Contact, SpeakingSlot, StateChange
from tests.api.conftest import client_of, codes, key_of
from tests.factories import make_engagement, make_policy, make_slot, make_tag
from tests.matching.factories import banking, make_banker
from users.models import User

pytestmark = pytest.mark.django_db
SLOTS = "/api/v1/speaking-slots/"


@pytest.fixture(autouse=True)
def _no_approvals(db: None) -> None:
    make_policy({"approvals": [{"approvers": "none"}]})


def send(user: User, path: str, body: Any = None, method: str = "post", **headers: str) -> Any:
    return getattr(client_of(user), method)(f"{SLOTS}{path}", body or {}, format="json", headers=headers)


def stage(**fields: Any) -> SpeakingSlot:
    return make_slot("Finance Forum", topic="Core banking", tags=[banking()], **fields)


def speaker(**fields: Any) -> Contact:
    return make_banker(**{"consents": ["speaking"], **fields})


def test_slot_is_made_once_under_a_key_and_changed_as_it_was_seen(marketer: User) -> None:
    make_tag("region", "Germany")
    industry = banking()
    starts = timezone.now().replace(microsecond=0) + timedelta(days=120)
    body = {
        "event": "Retail Days", "starts_at": starts.isoformat(), "time_zone": "Europe/Berlin", "region": "germany",
        "tags": [f"industry:{industry.slug}"],
    }  # fmt: skip
    first, again = (send(marketer, "", body, **{"Idempotency-Key": "retail-1"}) for _ in range(2))
    assert first.status_code == again.status_code == 201
    assert first.json() == again.json()
    assert again["Idempotent-Replay"] == "true"
    made = SpeakingSlot.objects.get()
    assert (made.owner, made.status, made.region and made.region.slug) == (marketer, "open", "germany")
    assert list(made.tags.all()) == [industry]
    assert first["Location"].endswith(f"{SLOTS}{made.pk}/")
    path = f"{made.pk}/"
    assert codes(send(marketer, path, {"place": "Munich"}, "patch")) == [("precondition_required", None)]
    changed = send(marketer, path, {"place": "Munich"}, "patch", **{"If-Match": first["ETag"]})
    assert changed.status_code == 200
    assert (changed.json()["place"], changed.json()["event"]) == ("Munich", "Retail Days")
    late = send(marketer, path, {"place": "Rome"}, "patch", **{"If-Match": first["ETag"]})
    assert (late.status_code, codes(late)) == (412, [("changed_meanwhile", None)])


@pytest.mark.parametrize(
    ("wrong", "status", "code"),
    [
        ({"starts_at": "2030-05-01T09:00:00"}, 400, ("offset_required", "starts_at")),
        ({"region": "atlantis"}, 400, ("unknown_tag", "region")),
        ({"time_zone": "Moon/Base"}, 422, ("unknown_time_zone", "time_zone")),
        ({"deadline": "2030-05-02"}, 422, ("deadline_after_start", "deadline")),
        ({"speaker": 1}, 400, ("unknown_field", "speaker")),
    ],
)
def test_slot_that_makes_no_sense_is_refused(
    wrong: dict[str, Any], status: int, code: tuple[str, str], marketer: User
) -> None:
    response = send(marketer, "", {"event": "X", "starts_at": "2030-05-01T09:00:00Z", **wrong})
    assert (response.status_code, codes(response)) == (status, [code])
    assert not SpeakingSlot.objects.exists()


def test_speaker_is_held_once_and_released(marketer: User) -> None:
    slot, contact, other = stage(), speaker(), speaker()
    path = f"{slot.pk}/hold/"
    first, again = (send(marketer, path, {"speaker": contact.pk}, **{"Idempotency-Key": "h1"}) for _ in range(2))
    assert first.status_code == again.status_code == 201
    row = first.json()
    assert (row["id"], row["status"], row["speaker"]["id"]) == (slot.pk, "held", contact.pk)
    assert row["sourcing"]["request_status"] == "open"
    assert row["sourcing"]["match_status"] == "invited"
    assert again.json() == row
    taken = send(marketer, path, {"speaker": other.pk})
    assert (taken.status_code, codes(taken)) == (409, [("slot_taken", "contact")])
    stale = send(marketer, f"{slot.pk}/release/", {"why": "Rather not."}, **{"If-Match": f'"{slot.pk}-1"'})
    assert stale.status_code == 412
    released = send(marketer, f"{slot.pk}/release/", {"why": "Rather not."}, **{"If-Match": first["ETag"]})
    assert released.status_code == 200
    assert (released.json()["status"], released.json()["speaker"]) == ("open", None)
    assert codes(send(marketer, f"{slot.pk}/release/")) == [("nobody_held", None)]
    assert [change.to_status for change in StateChange.objects.filter(subject=f"speakingslot:{slot.pk}")] == [
        "open", "held",
    ]  # fmt: skip


def test_refused_hold_names_every_rule(marketer: User) -> None:
    tired = speaker()
    make_engagement(tired, "speaking", on=timezone.localdate() - timedelta(days=20))
    response = send(marketer, f"{stage().pk}/hold/", {"speaker": tired.pk})
    assert response.status_code == 409
    assert codes(response) == [("hold_refused", "contact")]
    assert "speaking" in {refusal["code"] for refusal in response.json()["refusals"]}


def test_slot_is_sourced_by_the_ranking_and_called_off(marketer: User) -> None:
    slot, contact = stage(), speaker()
    sourced = send(marketer, f"{slot.pk}/source/")
    assert sourced.status_code == 200
    assert sourced.json()["speaker"]["id"] == contact.pk
    assert codes(send(marketer, f"{slot.pk}/cancel/")) == [("required", "why")]
    cancelled = send(marketer, f"{slot.pk}/cancel/", {"why": "No budget."})
    assert cancelled.json()["status"] == "cancelled"
    assert codes(send(marketer, f"{slot.pk}/cancel/", {"why": "No budget."})) == [("move_not_allowed", "status")]
    assert codes(send(marketer, f"{slot.pk}/deliver/")) != []


@pytest.mark.parametrize("verb", ["hold", "source", "release", "cancel", "deliver"])
def test_only_marketers_and_managers_with_the_scope_move_slots(verb: str, rep: User, marketer: User) -> None:
    slot, contact = stage(), speaker()
    body = {"hold": {"speaker": contact.pk}, "cancel": {"why": "x"}}.get(verb, {})
    refused = send(rep, f"{slot.pk}/{verb}/", body)
    assert (refused.status_code, codes(refused)) == (403, [("not_allowed", None)])
    reading = key_of(marketer, "content:read").post(f"{SLOTS}{slot.pk}/{verb}/", body, format="json")
    assert (reading.status_code, codes(reading)) == (403, [("permission_denied", None)])
    slot.refresh_from_db()
    assert slot.status == "open"


def test_how_the_search_stands_is_for_those_who_look(marketer: User, rep: User) -> None:
    slot, contact = stage(), speaker()
    send(marketer, f"{slot.pk}/hold/", {"speaker": contact.pk})
    assert client_of(marketer).get(f"{SLOTS}{slot.pk}/").json()["sourcing"] is not None
    assert client_of(rep).get(f"{SLOTS}{slot.pk}/").json()["sourcing"] is None
