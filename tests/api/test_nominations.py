"""Nominations by API: brought in once, seen by those they concern, decided by managers."""

from typing import Any

from references.models import Nomination
from tests.api.conftest import client_of, codes, ids, key_of
from tests.factories import make_contact, make_customer, make_nomination
from users.enums import Scope
from users.models import User

URL = "/api/v1/nominations/"


def send(user: User, body: dict[str, Any], key: str = "") -> Any:
    headers: dict[str, Any] = {"HTTP_IDEMPOTENCY_KEY": key} if key else {}
    return client_of(user).post(URL, {"moment": "Praised us on stage", **body}, format="json", **headers)


def test_nominate_someone_new_keeps_the_address_to_itself(rep: User) -> None:
    customer = make_customer()
    body = {"customer": customer.pk, "person_name": "Jo Ek", "person_email": "jo@x.example", "activities": ["call"]}
    response = send(rep, body)
    assert response.status_code == 201
    row = Nomination.objects.get(pk=response.json()["id"])
    assert (row.status, row.via, row.nominated_by, row.person_email) == ("new", "api", rep, "jo@x.example")
    assert "jo@x.example" not in response.content.decode()


def test_nominate_a_promoter_needs_no_customer(rep: User) -> None:
    contact = make_contact()
    answer = send(rep, {"contact": contact.pk}).json()
    assert (answer["contact"], answer["customer"], answer["person_name"]) == (contact.pk, contact.customer_id, "")


def test_nominate_with_one_key_is_done_once(rep: User, marketer: User) -> None:
    contact = make_contact()
    first, again = (send(rep, {"contact": contact.pk}, key="k1") for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    assert again["Idempotent-Replay"] == "true"
    assert send(rep, {"contact": contact.pk}).json()["id"] != first.json()["id"]
    assert send(marketer, {"contact": contact.pk}, key="k1").json()["id"] != first.json()["id"]


def test_nominate_refuses_with_stable_codes(rep: User, outsider: User) -> None:
    hidden = make_contact(make_customer(account_owner=outsider), status="known")
    customer = make_customer()
    for body, status, code in (
        ({"person_name": "Jo"}, 422, ("customer_required", "customer")),
        ({"customer": customer.pk}, 422, ("who_required", "person_name")),
        ({"contact": hidden.pk}, 400, ("does_not_exist", "contact")),
        ({"contact": make_contact().pk, "customer": customer.pk}, 422, ("wrong_customer", "contact")),
        ({"customer": customer.pk, "person_name": "Jo", "activities": ["juggling"]}, 400, ("invalid_choice", None)),
        ({"customer": customer.pk, "person_name": "Jo", "moment": ""}, 400, ("blank", "moment")),
    ):
        response = send(rep, body)
        assert response.status_code == status, response.content
        assert codes(response)[0][0] == code[0]
        assert code[1] is None or codes(response)[0][1] == code[1]
    assert not Nomination.objects.exists()


def test_nominations_are_seen_by_author_owner_and_managers(
    rep: User, outsider: User, marketer: User, manager: User
) -> None:
    customer = make_customer(account_owner=rep)
    sent, draft = (make_nomination(customer=customer, by=outsider, status=status) for status in ("new", "draft"))
    seen = {user: set(ids(client_of(user).get(URL).json())) for user in (rep, outsider, marketer, manager)}
    assert seen == {rep: {sent.pk}, outsider: {sent.pk, draft.pk}, marketer: set(), manager: {sent.pk}}
    assert client_of(marketer).get(f"{URL}{sent.pk}/").status_code == 404
    assert client_of(marketer).post(f"{URL}{sent.pk}/approve/").status_code == 404
    assert client_of(manager).post(f"{URL}{draft.pk}/approve/").status_code == 404


def test_draft_is_submitted_by_its_author(rep: User) -> None:
    pk = send(rep, {"contact": make_contact().pk, "is_draft": True}).json()["id"]
    assert client_of(rep).post(f"{URL}{pk}/submit/").json()["status"] == "new"
    response = client_of(rep).post(f"{URL}{pk}/submit/")
    assert (response.status_code, codes(response)) == (403, [("not_allowed", None)])


def test_managers_take_up_approve_and_decline(rep: User, manager: User) -> None:
    client, row = client_of(manager), make_nomination(by=rep)
    assert client.post(f"{URL}{row.pk}/start/").json()["status"] == "in_progress"
    response = client.post(f"{URL}{row.pk}/decline/", {"note": ""}, format="json")
    assert (response.status_code, codes(response)) == (422, [("note_required", "note")])
    assert client.post(f"{URL}{row.pk}/decline/", {"note": "Too early"}, format="json").json()["note"] == "Too early"
    response = client.post(f"{URL}{row.pk}/approve/")
    assert (response.status_code, codes(response)) == (409, [("move_not_allowed", "status")])
    client.post(f"{URL}{row.pk}/start/")
    answer = client.post(f"{URL}{row.pk}/approve/", {"activate": True}, format="json").json()
    row.refresh_from_db()
    assert row.contact is not None
    assert (answer["status"], answer["contact"], row.contact.status) == ("approved", row.contact.pk, "active")


def test_others_decide_nothing(rep: User) -> None:
    row = make_nomination(customer=make_customer(account_owner=rep), by=rep)
    for verb in ("start", "approve", "decline"):
        response = client_of(rep).post(f"{URL}{row.pk}/{verb}/", {"note": "x"}, format="json")
        assert (response.status_code, codes(response)) == (403, [("not_allowed", None)])


def test_key_that_reads_may_not_write(rep: User) -> None:
    client, contact = key_of(rep, Scope.REQUESTS_READ), make_contact()
    assert client.get(URL).status_code == 200
    response = client.post(URL, {"contact": contact.pk, "moment": "x"}, format="json")
    assert response.status_code == 403
    assert "requests:write" in response.json()["errors"][0]["detail"]
    writer = key_of(rep, Scope.REQUESTS_WRITE)
    assert writer.post(URL, {"contact": contact.pk, "moment": "x"}, format="json").status_code == 201


def test_nominations_are_filtered_and_ordered(rep: User, manager: User) -> None:
    bank, mill = make_customer("Alder Bank"), make_customer("Mill", is_named=False)
    first = make_nomination(customer=bank, by=rep, moment="Praised the ledger")
    second = make_nomination(customer=mill, by=manager, status="in_progress", person_name="Kim Oh", via="promoter")

    def found(user: User = manager, **query: Any) -> list[int]:
        return ids(client_of(user).get(URL, query).json())

    assert found() == [second.pk, first.pk]
    assert found(ordering="created_at") == [first.pk, second.pk]
    assert found(status="in_progress") == found(customer=mill.pk) == found(nominated_by=manager.pk) == [second.pk]
    assert found(via="promoter") == found(search="kim") == found(search="mill") == [second.pk]
    assert found(search="alder ledger") == found(rep, search="alder") == [first.pk]
    assert found(customer=999_999) == []


def test_hidden_name_of_a_customer_finds_nothing(rep: User) -> None:
    make_nomination(customer=make_customer("Mill", is_named=False), by=rep)
    assert ids(client_of(rep).get(URL, {"search": "mill"}).json()) == []
    assert len(ids(client_of(rep).get(URL).json())) == 1
