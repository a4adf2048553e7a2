"""Nominations on pages: brought in with one click, read by those they concern, decided by managers."""

from django.test import Client
from django.urls import reverse

from references.models import Contact, Nomination
from references.services.customers import save_customer
from tests.factories import make_contact, make_customer, make_nomination, make_policy
from tests.web.conftest import LogIn, read_page
from tests.web.test_contract import require_nothing_inline
from users.models import User

LIST = "/nominations/"


def text_of(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return read_page(response.content.decode()).text


def page_of(row: Nomination) -> str:
    return reverse("web:nomination", args=[row.pk])


def test_promoter_is_nominated_from_the_profile_without_being_named(
    promoter: Contact, rep: User, log_in: LogIn
) -> None:
    client = log_in(rep)
    profile = read_page(client.get(reverse("web:profile", args=[promoter.pk])).content.decode())
    (address,) = {each["href"] for each in profile.all("a") if "nominations/add" in (each["href"] or "")}
    assert address is not None
    page = read_page(client.get(address).content.decode())
    assert "Nominate CFO" in page.text
    assert "Nora" not in page.text
    key = next(each["value"] for each in page.all("input") if each.get("name") == "key")
    given = {"moment": "Praised us on stage", "activities": ["speaking"], "key": key, "act": "send"}
    responses = [client.post(address, given) for _ in range(2)]
    row = Nomination.objects.get()
    assert [each["Location"] for each in responses] == [page_of(row)] * 2
    assert (row.contact, row.status, row.nominated_by, row.via) == (promoter, "new", rep, "page")
    assert "Nora" not in text_of(client, page_of(row)) + text_of(client, LIST)


def test_someone_new_is_nominated_at_a_customer(promoter: Contact, marketer: User, log_in: LogIn) -> None:
    client = log_in(marketer)
    assert "Fjordbank" in text_of(client, "/nominations/add/?q=fjord")
    assert "No customer you see" in text_of(client, "/nominations/add/?q=nobody")
    address = f"/nominations/add/?customer={promoter.customer_id}"
    given = {"person_name": "Aksel Dahl", "person_email": "aksel@fjordbank.example", "moment": "Wrote us a thank-you"}
    client.post(address, given)
    row = Nomination.objects.get()
    assert (row.customer, row.contact, row.person_email) == (promoter.customer, None, "aksel@fjordbank.example")


def test_somebody_at_the_customer_is_chosen_by_what_they_do(promoter: Contact, rep: User, log_in: LogIn) -> None:
    client, address = log_in(rep), f"/nominations/add/?customer={promoter.customer_id}"
    html = client.get(address).content.decode()
    assert "Nora" not in html
    assert "CFO" in read_page(html).text
    client.post(address, {"contact": promoter.pk, "moment": "Praised us"})
    assert Nomination.objects.get().contact == promoter


def test_nomination_without_a_person_is_refused_beside_the_name(promoter: Contact, rep: User, log_in: LogIn) -> None:
    address = f"/nominations/add/?customer={promoter.customer_id}"
    response = log_in(rep).post(address, {"moment": "Praised us"})
    assert response.status_code == 422
    assert "Say whom the moment speaks for." in response.content.decode()
    assert not Nomination.objects.exists()


def test_people_and_customers_out_of_sight_cannot_be_nominated(rep: User, log_in: LogIn) -> None:
    hidden = make_contact(make_customer(is_referenceable=False), status="known")
    client = log_in(rep)
    for query in (f"contact={hidden.pk}", f"customer={hidden.customer_id}", "contact=999999"):
        assert client.get(f"/nominations/add/?{query}").status_code == 404


def test_customer_whose_name_is_withheld_is_neither_found_nor_told(
    promoter: Contact, rep: User, manager: User, log_in: LogIn
) -> None:
    make_policy({"show_customer_name": False})
    addresses = ("/nominations/add/?q=fjord", f"/nominations/add/?customer={promoter.customer_id}")
    client = log_in(rep)
    assert "Fjordbank" not in text_of(client, addresses[0])
    assert client.get(addresses[1]).status_code == 404
    assert client.get(f"/nominations/add/?contact={promoter.pk}").status_code == 200
    assert ["Fjordbank" in text_of(log_in(manager), each) for each in addresses] == [True, True]


def test_draft_is_its_authors_until_it_is_sent(promoter: Contact, rep: User, manager: User, log_in: LogIn) -> None:
    client, keeper = log_in(rep), log_in(manager)
    address = f"/nominations/add/?contact={promoter.pk}"
    client.post(address, {"moment": "Praised us", "act": "draft"})
    row = Nomination.objects.get()
    assert row.status == "draft"
    assert keeper.get(page_of(row)).status_code == 404
    client.post(reverse("web:nomination-edit", args=[row.pk]), {"moment": "Praised us twice"})
    client.post(page_of(row), {"act": "submit"})
    row.refresh_from_db()
    assert (row.moment, row.status) == ("Praised us twice", "new")
    assert "Praised us twice" in text_of(keeper, page_of(row))
    assert client.get(reverse("web:nomination-edit", args=[row.pk])).status_code == 403
    assert client.post(reverse("web:nomination-discard", args=[row.pk])).status_code == 403


def test_draft_keeps_its_address_and_is_thrown_away(rep: User, log_in: LogIn) -> None:
    row = make_nomination(by=rep, status="draft", person_email="jo@x.example")
    client, address = log_in(rep), reverse("web:nomination-edit", args=[row.pk])
    assert "jo@x.example" not in client.get(address).content.decode()
    client.post(address, {"person_name": "Jo Newer", "moment": "Praised us"})
    row.refresh_from_db()
    assert (row.person_name, row.person_email) == ("Jo Newer", "jo@x.example")
    client.post(reverse("web:nomination-discard", args=[row.pk]))
    assert not Nomination.objects.exists()


def test_manager_takes_up_declines_with_a_note_and_approves(rep: User, manager: User, log_in: LogIn) -> None:
    row = make_nomination(by=rep, person_email="jo@x.example")
    client = log_in(manager)
    require_nothing_inline(read_page(client.get(page_of(row)).content.decode()), "nomination")
    client.post(page_of(row), {"act": "start"})
    refused = client.post(page_of(row), {"act": "decline", "note": " "})
    assert refused.status_code == 422
    assert "Say why" in refused.content.decode()
    client.post(page_of(row), {"act": "decline", "note": "Too early"})
    assert "Too early" in text_of(log_in(rep), page_of(row))
    client.post(page_of(row), {"act": "start"})
    client.post(page_of(row), {"act": "approve", "activate": "on"})
    row.refresh_from_db()
    assert row.contact is not None
    assert (row.status, row.contact.status, row.contact.email) == ("approved", "active", "jo@x.example")
    assert client.post(page_of(row), {"act": "approve"}).status_code == 422


def test_address_of_someone_new_is_shown_to_nobody(rep: User, manager: User, log_in: LogIn) -> None:
    row = make_nomination(by=rep, person_email="jo@x.example")
    for user in (rep, manager):
        client = log_in(user)
        for address in (page_of(row), LIST):
            assert "jo@x.example" not in client.get(address).content.decode()


def test_manager_learns_the_domain_of_an_address_and_whether_it_is_the_customers(
    promoter: Contact, rep: User, manager: User, log_in: LogIn
) -> None:
    pages = [
        page_of(make_nomination(customer=promoter.customer, by=rep, person_email=f"aksel@{domain}"))
        for domain in ("evil.example", "fjordbank.example", "eu.fjordbank.example")
    ]
    told = [text_of(log_in(manager), page) for page in pages]
    assert ["an address at " in each for each in told] == [True] * 3
    assert ["not the customer's domain" in each for each in told] == [True, False, False]
    assert "evil.example" in told[0]
    assert "evil.example" not in text_of(log_in(rep), pages[0])


def test_account_owner_reads_along_but_does_not_decide(
    promoter: Contact, rep: User, outsider: User, marketer: User, log_in: LogIn
) -> None:
    save_customer(customer=promoter.customer, data={"account_owner": rep})
    row = make_nomination(promoter, by=outsider)
    client = log_in(rep)
    assert "Nora Lindqvist" in text_of(client, LIST)
    assert "Approve" not in text_of(client, page_of(row))
    assert client.post(page_of(row), {"act": "approve"}).status_code == 403
    assert log_in(marketer).get(page_of(row)).status_code == 404


def test_list_is_filtered_by_tab_word_author_and_customer(rep: User, manager: User, log_in: LogIn) -> None:
    first = make_nomination(by=rep, moment="Praised the ledger")
    make_nomination(by=manager, moment="Came on stage", status="approved", via="promoter")
    client = log_in(manager)
    for query, praised, came in (
        ("", True, True),
        ("?status=new", True, False),
        ("?status=approved", False, True),
        ("?search=ledger", True, False),
        (f"?nominated_by={rep.pk}", True, False),
        ("?via=promoter", False, True),
        (f"?customer={first.customer_id}", True, False),
        ("?customer=abc&status=nonsense", True, True),
        ("?customer=999999", False, False),
    ):
        text = text_of(client, LIST + query)
        assert ("Praised the ledger" in text, "Came on stage" in text) == (praised, came), query
    assert "Customer " + first.customer.name in text_of(client, f"{LIST}?customer={first.customer_id}")


def test_list_names_no_hidden_customer(promoter: Contact, rep: User, log_in: LogIn) -> None:
    save_customer(customer=promoter.customer, data={"is_named": False})
    row = make_nomination(promoter, by=rep)
    client = log_in(rep)
    for address in (LIST, page_of(row), f"{LIST}?customer={promoter.customer_id}", f"{LIST}?contact={promoter.pk}"):
        assert "fjordbank" not in client.get(address).content.decode().lower()


def test_list_has_pages(rep: User, log_in: LogIn) -> None:
    for number in range(26):
        make_nomination(by=rep, moment=f"Moment {number}.")
    client = log_in(rep)
    assert "Page 1 of 2" in text_of(client, LIST)
    second = text_of(client, f"{LIST}?page=2")
    assert "Moment 0." in second
    assert "Moment 1." not in second
