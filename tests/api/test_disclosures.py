"""Who saw whose contact data, by API: all of it for managers, their own looks for others."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from references.models import Disclosure
from tests.api.conftest import client_of, ids
from tests.factories import make_contact, make_customer, make_disclosure
from users.models import User

URL = "/api/v1/disclosures/"


def test_each_look_is_listed_with_who_when_and_why(rep: User, manager: User) -> None:
    contact = make_contact(make_customer(account_owner=rep), "Nora Lindqvist", email="nora@x.example")
    asked = client_of(rep).post(f"/api/v1/promoters/{contact.pk}/contact-data/", {"why": "invite"}, format="json")
    assert asked.status_code == 200
    response = client_of(manager).get(URL)
    (row,) = response.json()["results"]
    assert (row["contact"], row["user"], row["user_name"], row["why"]) == (contact.pk, rep.pk, "Robin Rep", "invite")
    assert b"Nora" not in response.content
    assert b"nora@" not in response.content


def test_others_see_their_own_looks(rep: User, outsider: User, manager: User) -> None:
    theirs, other = make_disclosure(user=rep), make_disclosure(user=outsider)
    assert ids(client_of(rep).get(URL).json()) == [theirs.pk]
    assert client_of(rep).get(f"{URL}{other.pk}/").status_code == 404
    assert ids(client_of(manager).get(URL).json()) == [other.pk, theirs.pk]


def test_looks_are_found_by_user_person_and_day(rep: User, outsider: User, manager: User) -> None:
    old, new = make_disclosure(user=rep), make_disclosure(user=outsider)
    Disclosure.objects.filter(pk=old.pk).update(at=timezone.now() - timedelta(days=40))
    day = timezone.localdate() - timedelta(days=30)

    def found(**query: Any) -> list[int]:
        return ids(client_of(manager).get(URL, query).json())

    assert found(user=rep.pk) == found(contact=old.contact_id) == found(on_before=day) == [old.pk]
    assert found(on_after=day) == [new.pk]
    assert found(ordering="at") == [old.pk, new.pk]


def test_no_look_is_changed_or_deleted(manager: User) -> None:
    look = make_disclosure(user=manager)
    client = client_of(manager)
    for method in ("put", "patch", "delete"):
        assert getattr(client, method)(f"{URL}{look.pk}/").status_code == 405
    assert Disclosure.objects.get() == look
