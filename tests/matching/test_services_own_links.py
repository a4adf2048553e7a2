"""The link to one's own page goes to the address on file, and to nobody else."""

import pytest

from delivery.models import OutboxMessage, SignedLink
from matching.services.own_links import MOST_PEOPLE, mail_own_link, mail_own_links_to
from references.services.erasing import erase_contact
from tests.factories import make_contact

pytestmark = pytest.mark.django_db


def test_link_is_promised_without_the_address() -> None:
    contact = make_contact(email="nora@bank.example")
    assert mail_own_link(contact=contact)
    link = SignedLink.objects.get()
    assert (link.purpose, link.subject) == ("hub", f"contact:{contact.pk}")
    message = OutboxMessage.objects.get()
    assert message.payload["link"] == str(link.pk)
    assert "nora" not in f"{message.payload}{message.key}"


def test_somebody_without_an_address_gets_none() -> None:
    assert not mail_own_link(contact=make_contact(email=""))
    assert mail_own_links_to(address="") == 0
    assert not SignedLink.objects.exists()


def test_address_is_found_however_it_is_written() -> None:
    make_contact(email="nora@bank.example")
    assert mail_own_links_to(address=" Nora@Bank.example ") == 1
    assert mail_own_links_to(address="other@bank.example") == 0


def test_those_who_left_can_still_take_their_data(db: None) -> None:
    make_contact(email="nora@bank.example", status="retired", has_opted_out=True)
    assert mail_own_links_to(address="nora@bank.example") == 1


def test_one_address_mails_few_people_at_once() -> None:
    for _ in range(MOST_PEOPLE + 2):
        make_contact(email="shared@bank.example", status="retired")
    assert mail_own_links_to(address="shared@bank.example") == MOST_PEOPLE


def test_erased_person_has_no_address_left() -> None:
    erase_contact(contact=make_contact(email="nora@bank.example"))
    assert mail_own_links_to(address="nora@bank.example") == 0
