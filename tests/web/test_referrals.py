"""Referrals on pages: who sees whom, what can be done, and the public link by which leads come."""

from decimal import Decimal
from time import time

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from advocacy.enums import FlagStatus, ReferralStatus
from advocacy.models import FraudFlag, Referral
from advocacy.services.referral_links import personal_link, show_name
from advocacy.services.referrals import LeadData, Won, move_referral, refer
from delivery.links import link_token
from delivery.mails import registered_letters
from delivery.models import OutboxMessage, SignedLink
from references.models import Contact, Customer
from references.personal_words import ERASED_NAME
from tests.factories import make_contact, make_customer
from tests.web.conftest import LogIn, read_page
from users.models import User
from web.wall.lead_form import make_token

pytestmark = pytest.mark.django_db


@pytest.fixture
def person(rep: User) -> Contact:
    customer = make_customer("Fjordbank", domain="fjordbank.example", account_owner=rep)
    return make_contact(customer, "Pia Promoter", title="CFO", email="pia@fjordbank.example")


def made(person: Contact, number: int = 1, **fields: object) -> Referral:
    given = {"name": f"Otto {number}", "company": f"Osterholm {number}", "email": f"otto@osterholm{number}.example"}
    lead = LeadData(**{**given, **fields})  # type: ignore[arg-type]
    return refer(referrer=person, lead=lead, creation_key=f"test:{number}")


def text(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200, response.content[:200]
    return read_page(response.content.decode()).text


def test_lists_name_the_lead_to_those_who_work_on_it_and_its_address_to_nobody(
    person: Contact, rep: User, marketer: User, outsider: User, manager: User, log_in: LogIn
) -> None:
    row = made(person)
    Referral.objects.filter(pk=row.pk).update(owner=outsider)
    address = reverse("web:referrals")
    seen = {user.email: text(log_in(user), address) for user in (rep, marketer, outsider, manager)}
    assert all("Osterholm 1" in each and "@osterholm1" not in each for each in seen.values())
    assert [("Otto 1" in seen[each.email]) for each in (rep, marketer, outsider, manager)] == [False, True, True, True]
    assert [("Pia Promoter" in seen[each.email]) for each in (rep, marketer, outsider, manager)] == [
        True, False, False, True,
    ]  # fmt: skip


def test_others_referrals_are_not_found(person: Contact, outsider: User, log_in: LogIn) -> None:
    row, client = made(person), log_in(outsider)
    assert "Osterholm" not in text(client, reverse("web:referrals"))
    assert client.get(reverse("web:referral", args=[row.pk])).status_code == 404
    for name in ("referral-move", "referral-settle", "referral-owner", "referral-contact", "referral-forget"):
        assert client.post(reverse(f"web:{name}", args=[row.pk]), {"to": "won"}).status_code == 404, name


def test_a_rep_who_owns_the_account_but_not_the_lead_only_looks(
    person: Contact, rep: User, marketer: User, log_in: LogIn
) -> None:
    row = made(person)
    Referral.objects.filter(pk=row.pk).update(owner=marketer)
    client = log_in(rep)
    page = text(client, reverse("web:referral", args=[row.pk]))
    assert "Otto" not in page
    assert client.post(reverse("web:referral-move", args=[row.pk]), {"to": "qualified"}).status_code == 403
    assert client.post(reverse("web:referral-contact", args=[row.pk]), {"why": "x"}).status_code == 403


def test_a_referral_goes_from_new_to_won_on_its_page(person: Contact, manager: User, log_in: LogIn) -> None:
    row, client = made(person), log_in(manager)
    address = reverse("web:referral-move", args=[row.pk])
    assert client.post(address, {"to": "qualified"}).status_code == 302
    assert client.post(address, {"to": "won", "value": "12000"}).status_code == 422  # in which currency?
    sent = {"to": "won", "value": "12000", "currency": "EUR", "became": "Osterholm 1"}
    assert client.post(address, sent).status_code == 302
    row.refresh_from_db()
    assert (row.status, row.value, row.became) == ("won", Decimal(12_000), Customer.objects.get(name="Osterholm 1"))
    assert "Osterholm 1" in text(client, reverse("web:referral", args=[row.pk]))
    assert client.post(address, {"to": "lost"}).status_code == 422  # why?
    assert client.post(address, {"to": "nonsense", "why": "x"}).status_code == 422


def test_contact_data_are_shown_once_asked_for_with_a_reason(person: Contact, rep: User, log_in: LogIn) -> None:
    row, client = made(person), log_in(rep)
    page = reverse("web:referral", args=[row.pk])
    assert "otto@osterholm1.example" not in text(client, page)
    response = client.post(reverse("web:referral-contact", args=[row.pk]), {"why": "To call them"})
    assert "otto@osterholm1.example" in response.content.decode()
    assert "no-store" in response["Cache-Control"]
    assert "To call them" in text(client, page)
    assert client.post(reverse("web:referral-contact", args=[row.pk]), {"why": " "}).status_code == 302


def test_totals_chains_and_values_are_told_by_currency(person: Contact, manager: User, log_in: LogIn) -> None:
    first, second = made(person, 1), made(person, 2)
    won = Won(value=Decimal(10_000), currency="EUR", new_customer="Ost")
    move_referral(referral=first, to="won", by=manager, won=won)
    move_referral(referral=second, to="won", by=manager, won=Won(value=Decimal(500), currency="USD"))
    third = made(make_contact(Customer.objects.get(name="Ost")), 3)
    client = log_in(manager)
    assert "EUR 10,000 · USD 500" in text(client, reverse("web:referrals"))
    chains = text(client, reverse("web:referral-chains"))
    assert chains.index("Fjordbank") < chains.index("Ost ") < chains.index(third.company)
    assert "brought 2, 3 with all that followed" in chains
    assert "EUR 3,000 · USD 150" in text(client, reverse("web:referral-values"))


def test_a_duplicate_is_told_and_a_manager_lets_it_count(person: Contact, manager: User, log_in: LogIn) -> None:
    made(person, 1)
    again = refer(referrer=make_contact(), lead=LeadData(name="Otto 1", company="Osterholm 1"), creation_key="2")
    client = log_in(manager)
    page = text(client, reverse("web:referral", args=[again.pk]))
    assert "This person at this company was referred before." in page
    assert "does not count" in page
    client.post(reverse("web:referral-settle", args=[again.pk]), {"why": "Another Otto."})
    assert "counts all the same" in text(client, reverse("web:referral", args=[again.pk]))


def test_flags_are_decided_on_their_board(person: Contact, manager: User, log_in: LogIn) -> None:
    for number in range(3):
        made(person, number, email=f"n{number}@osterholm.example")
    flag, client = FraudFlag.objects.get(), log_in(manager)
    assert "Many leads of one company" in text(client, reverse("web:fraud-flags"))
    decide = reverse("web:fraud-flag-decide", args=[flag.pk])
    client.post(decide, {"to": "cleared", "note": ""})
    flag.refresh_from_db()
    assert flag.status == FlagStatus.OPEN
    client.post(decide, {"to": "cleared", "note": "A family business."})
    flag.refresh_from_db()
    assert flag.status == FlagStatus.CLEARED
    assert "Nothing looks wrong" in text(client, reverse("web:fraud-flags"))
    assert "A family business." in text(client, reverse("web:fraud-flags") + "?status=cleared")


def test_a_referral_is_noted_and_a_link_made_by_the_account_owner(
    person: Contact, rep: User, outsider: User, log_in: LogIn
) -> None:
    client, sent = log_in(rep), {"lead_name": "Uma", "company": "Umber", "key": "a"}
    add, link = reverse("web:referral-add", args=[person.pk]), reverse("web:referral-link", args=[person.pk])
    assert [client.post(add, sent).status_code, client.post(add, sent).status_code] == [302, 302]
    assert Referral.objects.get().via == "page"
    assert "They have none yet" in text(client, link)
    client.post(link, {"act": "make"})
    assert f"/r/{link_token(SignedLink.objects.get())}/" in client.get(link).content.decode()
    client.post(link, {"act": "close"})
    assert "They have none yet" in text(client, link)
    assert [log_in(outsider).get(each).status_code for each in (add, link)] == [403, 403]


def sent_by_lead(**fields: str) -> dict[str, str]:
    given = {"name": "Uma", "email": "uma@umber.example", "company": "Umber", "note": "A ledger", "agrees": "on"}
    return {**given, **fields}


def shown_a_minute_ago() -> str:
    return make_token(shown_at=int(time()) - 60)


def test_somebody_comes_by_the_link_and_is_told_of_nobody(person: Contact, client: Client) -> None:
    link = personal_link(contact=person)
    address = reverse("web:refer", args=[link_token(link)])
    page = text(client, address)
    assert "A customer of ours recommends" in page
    assert "Pia" not in page
    assert "Fjordbank" not in page
    show_name(contact=person, is_shown=True)
    assert "Pia recommends" in text(client, address)
    assert "Promoter" not in text(client, address)
    response = client.post(address, sent_by_lead(token=shown_a_minute_ago()))
    assert response.status_code == 302
    row = Referral.objects.get()
    assert (row.via, row.lead_agreed, row.referrer) == ("link", True, person)
    assert "Thank you!" in text(client, response["Location"])


def test_the_link_speaks_german(person: Contact, client: Client) -> None:
    address = reverse("web:refer", args=[link_token(personal_link(contact=person))])
    page = client.get(address, {"language": "de"}).content.decode()
    assert 'lang="de"' in page
    assert "empfiehlt" in page


@pytest.mark.parametrize(
    "fields", [{"agrees": ""}, {"nickname": "bot"}, {"token": "forged"}, {"name": ""}, {"email": "no address"}]
)
def test_nothing_is_kept_of_what_is_refused(person: Contact, client: Client, fields: dict[str, str]) -> None:
    address = reverse("web:refer", args=[link_token(personal_link(contact=person))])
    response = client.post(address, sent_by_lead(**{"token": shown_a_minute_ago(), **fields}))
    assert response.status_code == 422
    assert not Referral.objects.exists()


def test_the_link_takes_ten_forms_an_hour_from_one_caller_and_none_without_its_cookie(person: Contact) -> None:
    address = reverse("web:refer", args=[link_token(personal_link(contact=person))])
    client = Client()
    for number in range(12):
        client.post(address, sent_by_lead(token=shown_a_minute_ago(), email=f"n{number}@umber.example"))
    assert Referral.objects.count() == 10
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(address, sent_by_lead(token=shown_a_minute_ago())).status_code == 403


def test_links_that_open_nothing_say_so(person: Contact, client: Client) -> None:
    token = link_token(personal_link(contact=person))
    SignedLink.objects.update(revoked_at="2026-01-01T00:00:00Z")
    assert client.get(reverse("web:refer", args=[token])).status_code == 410
    assert client.get(reverse("web:refer", args=["nonsense"])).status_code == 404
    assert client.get(reverse("web:refer-lead", args=[token])).status_code == 404


def test_a_lead_sees_what_is_kept_and_has_it_erased(person: Contact, client: Client) -> None:
    row = made(person, agreed=True)
    address = reverse("web:refer-lead", args=[link_token(SignedLink.objects.get(purpose="lead"))])
    assert "otto@osterholm1.example" in text(client, address)
    row.refresh_from_db()
    assert row.lead_name == "Otto 1"  # looking changes nothing
    assert client.post(address).status_code == 200
    row.refresh_from_db()
    assert (row.lead_name, row.lead_email, row.status) == (ERASED_NAME, "", ReferralStatus.LOST)
    assert client.get(address).status_code == 410


def test_letters_tell_the_referrer_how_it_ended_and_never_for_how_much(person: Contact, manager: User) -> None:
    row = made(person, agreed=True)
    move_referral(referral=row, to="won", by=manager, won=Won(value=Decimal(77_000), currency="EUR"))
    kinds = registered_letters()
    built = {}
    for message in OutboxMessage.objects.filter(kind="mail"):
        letter = kinds[message.payload["letter"]].build(message.payload)
        assert letter is not None
        built[message.payload["letter"]] = letter
    ended, lead = built["advocacy_referral_ended"], built["advocacy_referral_lead"]
    assert ended.to == person.email
    assert "Osterholm 1" in " ".join(ended.paragraphs)
    assert "77" not in str(ended)
    assert lead.to == "otto@osterholm1.example"
    assert "Pia" not in str(lead)
    assert "Fjordbank" not in str(lead)
    assert not mail.outbox


@pytest.mark.parametrize("name", ["referrals", "referral-chains", "referral-values", "fraud-flags"])
def test_lists_take_the_same_number_of_queries(person: Contact, manager: User, log_in: LogIn, name: str) -> None:
    client, counts = log_in(manager), []
    for number in (1, 2, 3, 4):
        row = made(make_contact() if number > 1 else person, number, email=f"x{number}@mailinator.com")
        won = Won(value=Decimal(1), currency="EUR", new_customer=f"N{number}")
        move_referral(referral=row, to="won", by=manager, won=won)
        client.get(reverse(f"web:{name}"))
        with CaptureQueriesContext(connection) as queries:
            assert client.get(reverse(f"web:{name}")).status_code == 200
        counts.append(len(queries))
    assert len(set(counts[1:])) == 1, counts
