"""Numbers on the pages of a customer: usable ones, all of them for whoever keeps content, never against a name."""

from django.utils import timezone

from references.models import Contact
from references.proof_lines import NumberLine, read_numbers
from references.services.customers import save_customer
from tests.factories import make_case_study, make_consent, make_contact, make_customer, make_proof_point
from users.models import User


def read(user: User, contact: Contact, *, names_customer: bool = True, hidden: str = "") -> tuple[NumberLine, ...]:
    customer = contact.customer
    today = timezone.localdate()
    return read_numbers(user, customer, on=today, names_customer=names_customer, hidden=[hidden])


def make_spoken(**consent: bool) -> Contact:
    """A person whose story holds a number that names them and the customer."""
    contact = make_contact(make_customer("Zephyrine Works", domain="zephyrine.example"), "Quillon Vantreight")
    story = make_case_study(contact.customer, contact=contact)
    make_proof_point(contact.customer, "Costs of Zephyrine, says Vantreight", case_study=story)
    make_consent(contact, "case_study", **consent)
    return contact


def test_number_that_may_carry_no_name_is_not_told_beside_it(db: None, outsider: User, marketer: User) -> None:
    contact = make_spoken(is_attributed=False)
    assert read(outsider, contact) == ()
    (line,) = read(outsider, contact, names_customer=False)
    assert (line.metric, line.is_usable, line.is_named) == ("Costs of …, says …", True, False)
    (kept,) = read(marketer, contact, hidden=contact.name)
    assert (kept.metric, kept.is_usable, kept.is_named) == ("Costs of Zephyrine, says …", True, False)


def test_number_with_consent_is_told_as_it_is(db: None, outsider: User) -> None:
    (line,) = read(outsider, make_spoken())
    assert (line.metric, line.is_usable, line.is_named) == ("Costs of Zephyrine, says Vantreight", True, True)


def test_owner_sees_all_of_their_customer(db: None, outsider: User, rep: User) -> None:
    contact = make_contact(make_customer(account_owner=rep))
    make_proof_point(contact.customer)
    assert [line.is_usable for line in read(rep, contact)] == [False]
    assert read(outsider, contact) == ()
    save_customer(customer=contact.customer, data={"account_owner": outsider})
    assert read(rep, contact) == ()
