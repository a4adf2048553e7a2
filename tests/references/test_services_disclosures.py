"""Giving out contact data: to whom, and that it is on record."""

import pytest

from references.errors import DomainError
from references.models import Disclosure
from references.services.disclosures import ContactData, disclose_contact
from tests.factories import make_contact, make_customer
from users.models import User

pytestmark = pytest.mark.django_db


def test_disclose_contact_to_managers_and_owner_is_recorded(manager: User, rep: User) -> None:
    contact = make_contact(make_customer(account_owner=rep), email="jo@x.example", phone="123")
    for user in (manager, rep):
        given = disclose_contact(user=user, contact=contact, why="to invite them")
        assert given == ContactData("jo@x.example", "123")
        assert Disclosure.objects.filter(user=user, contact=contact, why="to invite them").exists()


def test_disclose_contact_to_others_is_refused(outsider: User, marketer: User) -> None:
    contact = make_contact()
    for user in (outsider, marketer):
        with pytest.raises(DomainError) as refusal:
            disclose_contact(user=user, contact=contact, why="curious")
        assert refusal.value.code == "not_disclosed"
    assert not Disclosure.objects.exists()


def test_disclose_contact_without_a_reason_is_refused(manager: User) -> None:
    with pytest.raises(DomainError) as refusal:
        disclose_contact(user=manager, contact=make_contact(), why=" ")
    assert refusal.value.code == "reason_required"


def test_disclose_contact_to_a_manager_who_has_left_is_refused(manager: User) -> None:
    manager.is_active = False
    with pytest.raises(DomainError):
        disclose_contact(user=manager, contact=make_contact(), why="x")
