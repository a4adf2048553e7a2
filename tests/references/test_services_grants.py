"""Grants of contact data: given once per cause, taken back together, and every look still on record."""

import pytest

from references.blinding import may_see_granted_person, may_see_person
from references.errors import DomainError
from references.models import ContactGrant, Disclosure
from references.permissions import may_see_contact_data
from references.services.disclosures import ContactData, disclose_contact
from references.services.grants import grant_contact, revoke_grants
from tests.factories import make_contact
from users.models import User

pytestmark = pytest.mark.django_db


def refused(user: User, contact: object) -> str:
    with pytest.raises(DomainError) as refusal:
        disclose_contact(user=user, contact=contact, why="to invite them")  # type: ignore[arg-type]
    return refusal.value.code


def test_contact_data_is_given_while_a_grant_is_in_force(outsider: User) -> None:
    contact = make_contact(email="jo@x.example", phone="123")
    assert refused(outsider, contact) == "not_disclosed"
    grant_contact(contact=contact, user=outsider, source="match:1")
    assert not Disclosure.objects.exists()
    given = disclose_contact(user=outsider, contact=contact, why="to set up the call")
    assert given == ContactData("jo@x.example", "123")
    assert Disclosure.objects.get().why == "to set up the call"
    assert revoke_grants(source="match:1") == 1
    assert refused(outsider, contact) == "not_disclosed"
    assert Disclosure.objects.count() == 1


def test_grant_is_for_one_user_and_one_contact(outsider: User, marketer: User) -> None:
    contact, colleague = make_contact(), make_contact()
    grant_contact(contact=contact, user=outsider, source="match:1")
    assert may_see_contact_data(outsider, contact)
    assert not may_see_contact_data(outsider, colleague)
    assert not may_see_contact_data(marketer, contact)
    outsider.is_active = False
    assert not may_see_contact_data(outsider, contact)


def test_grant_shows_the_name_on_single_pages_only(outsider: User) -> None:
    contact = make_contact()
    assert not may_see_granted_person(outsider, contact)
    grant_contact(contact=contact, user=outsider, source="match:1")
    assert may_see_granted_person(outsider, contact)
    assert not may_see_person(outsider, contact)


def test_grant_twice_for_one_cause_is_one_row_in_force(outsider: User) -> None:
    contact = make_contact()
    first = grant_contact(contact=contact, user=outsider, source="match:1")
    assert grant_contact(contact=contact, user=outsider, source="match:1") == first
    revoke_grants(source="match:1")
    again = grant_contact(contact=contact, user=outsider, source="match:1")
    assert (again, again.revoked_at) == (first, None)
    assert ContactGrant.objects.count() == 1


def test_revoke_grants_of_one_cause_leaves_the_others(outsider: User, rep: User) -> None:
    contact = make_contact()
    for user, source in ((outsider, "match:1"), (rep, "match:1"), (outsider, "match:2")):
        grant_contact(contact=contact, user=user, source=source)
    assert revoke_grants(source="match:1") == 2
    assert revoke_grants(source="match:1") == 0
    assert may_see_contact_data(outsider, contact)
    assert not may_see_contact_data(rep, contact)
