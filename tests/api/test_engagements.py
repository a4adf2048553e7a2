"""The ledger by API: read without names, logged by whoever sees the promoter, withdrawn where it never was."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from references.models import Engagement
from tests.api.conftest import client_of, codes, ids, key_of
from tests.factories import make_contact, make_customer, make_engagement
from users.enums import Scope
from users.models import User

URL = "/api/v1/engagements/"


def send(user: User, contact_id: int, key: str = "", **body: Any) -> Any:
    given = {"contact": contact_id, "activity": "call", "on": timezone.localdate().isoformat(), **body}
    headers: dict[str, Any] = {"HTTP_IDEMPOTENCY_KEY": key} if key else {}
    return client_of(user).post(URL, given, format="json", **headers)


def test_outside_use_is_logged_by_whoever_sees_the_promoter(outsider: User) -> None:
    contact = make_contact()
    answer = send(outsider, contact.pk, note="For the Alder deal").json()
    row = Engagement.objects.get(pk=answer["id"])
    assert (row.contact, row.status, row.is_outside, row.note) == (contact, "completed", True, "For the Alder deal")
    assert row.changes.get().by == outsider
    assert (answer["customer"], "note" in answer) == (contact.customer_id, False)


def test_use_sent_twice_with_one_key_is_logged_once(outsider: User) -> None:
    contact = make_contact()
    first, again = (send(outsider, contact.pk, key="k1") for _ in range(2))
    assert first.json()["id"] == again.json()["id"]
    assert send(outsider, contact.pk).json()["id"] != first.json()["id"]


def test_touch_of_the_program_is_logged_by_those_who_keep_the_account(rep: User, outsider: User) -> None:
    contact = make_contact(make_customer(account_owner=rep))
    assert send(outsider, contact.pk, is_outside=False).status_code == 403
    answer = send(rep, contact.pk, is_outside=False).json()
    assert answer["is_outside"] is False
    assert Engagement.objects.get().source.startswith(f"api:{rep.pk}:")


def test_log_refuses_with_stable_codes(outsider: User, rep: User) -> None:
    hidden = make_contact(make_customer(account_owner=rep), status="known")
    assert codes(send(outsider, hidden.pk)) == [("does_not_exist", "contact")]
    assert codes(send(outsider, make_contact().pk, activity="juggling")) == [("invalid_choice", "activity")]
    later = (timezone.localdate() + timedelta(days=9)).isoformat()
    assert codes(send(outsider, make_contact().pk, on=later)) == [("date_ahead", "on")]
    assert not Engagement.objects.exists()


def test_withdraw_by_whoever_logged_it(outsider: User, marketer: User) -> None:
    pk = send(outsider, make_contact().pk).json()["id"]
    response = client_of(marketer).post(f"{URL}{pk}/withdraw/", {"reason": "x"}, format="json")
    assert (response.status_code, codes(response)) == (403, [("not_allowed", None)])
    answer = client_of(outsider).post(f"{URL}{pk}/withdraw/", {"reason": "wrong person"}, format="json")
    assert answer.json()["status"] == "released"
    again = client_of(outsider).post(f"{URL}{pk}/withdraw/", {"reason": "wrong person"}, format="json")
    assert (again.status_code, codes(again)) == (409, [("move_not_allowed", "status")])


def test_withdraw_what_a_request_made_is_refused(manager: User) -> None:
    touch = make_engagement(make_contact(), source="match:1")
    response = client_of(manager).post(f"{URL}{touch.pk}/withdraw/", {"reason": "x"}, format="json")
    assert (response.status_code, codes(response)) == (422, [("not_logged_by_hand", None)])


def test_ledger_of_people_out_of_sight_is_not_found(outsider: User, rep: User) -> None:
    contact = make_contact(make_customer(account_owner=rep), status="known")
    touch = make_engagement(contact)
    assert client_of(outsider).get(f"{URL}{touch.pk}/").status_code == 404
    assert client_of(outsider).post(f"{URL}{touch.pk}/withdraw/", {}, format="json").status_code == 404
    assert ids(client_of(outsider).get(URL).json()) == []
    assert ids(client_of(rep).get(URL).json()) == [touch.pk]


def test_ledger_is_filtered_and_ordered(rep: User) -> None:
    nora, jo = make_contact(), make_contact()
    today = timezone.localdate()
    old = make_engagement(nora, "webinar", on=today - timedelta(days=90), is_outside=True)
    new = make_engagement(jo, "call", "declined", on=today - timedelta(days=3))

    def found(**query: Any) -> list[int]:
        return ids(client_of(rep).get(URL, query).json())

    assert found() == [new.pk, old.pk]
    assert found(ordering="on") == [old.pk, new.pk]
    assert found(contact=nora.pk) == found(customer=nora.customer_id) == found(activity="webinar") == [old.pk]
    assert found(is_outside="true") == found(on_before=today - timedelta(days=30)) == [old.pk]
    assert found(status="declined") == found(on_after=today - timedelta(days=30)) == [new.pk]
    assert found(contact=2**63 - 1) == []


def test_key_needs_the_scope_to_write(rep: User) -> None:
    contact = make_contact()
    given = {"contact": contact.pk, "activity": "call", "on": timezone.localdate().isoformat()}
    assert key_of(rep, Scope.REQUESTS_READ).post(URL, given, format="json").status_code == 403
    assert key_of(rep, Scope.REQUESTS_WRITE).post(URL, given, format="json").status_code == 201
