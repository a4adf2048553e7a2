"""The find page: the box, what was understood, people, stories, not now."""

from datetime import timedelta

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from references.models import Contact
from tests.factories import make_engagement
from tests.web.conftest import LogIn, read_page
from users.models import User
from web.find.state import TEXT_LIMIT


def find(client: Client, query: str, **headers: str) -> str:
    response = client.get(f"/?{query}", headers=headers)
    assert response.status_code == 200
    return response.content.decode()


def test_find_starts_with_one_box_and_examples(rep: User, log_in: LogIn) -> None:
    page = read_page(find(log_in(rep), ""))
    assert len(page.all("textarea")) == 1
    assert len([each for each in page.all("a") if "card-link" in (each.get("class") or "")]) == 3


def test_find_names_everyone_for_a_manager(promoter: Contact, manager: User, log_in: LogIn) -> None:
    page = read_page(find(log_in(manager), "q=a+bank+with+Ledger"))
    assert "Nora Lindqvist" in page.text
    assert "Fjordbank" in page.text


def test_find_blinds_the_person_for_a_salesperson(promoter: Contact, rep: User, log_in: LogIn) -> None:
    html = find(log_in(rep), "q=a+bank+with+Ledger")
    assert "CFO · Banking" in html
    assert "Nora" not in html
    assert "nora@" not in html
    assert "Fjordbank" in html


def test_find_blinds_the_customer_that_may_not_be_named(promoter: Contact, rep: User, log_in: LogIn) -> None:
    from references.services.customers import save_customer

    save_customer(customer=promoter.customer, data={"is_named": False})
    for tab in ("people", "stories", "not-now"):
        assert "fjordbank" not in find(log_in(rep), f"q=a+bank+with+Ledger&tab={tab}").lower()


def test_find_shows_every_term_with_its_words(promoter: Contact, rep: User, log_in: LogIn) -> None:
    page = read_page(find(log_in(rep), "q=a+bank+with+Ledger"))
    assert "Industry" in page.text
    assert "Banking: exact" in page.text
    assert [each for each in page.all("rect") if "gain" in (each.get("class") or "")]


def test_chips_offer_to_require_exclude_and_drop(promoter: Contact, rep: User, log_in: LogIn) -> None:
    client = log_in(rep)
    page = read_page(find(client, "q=a+bank"))
    links = [each["href"] or "" for each in page.all("a") if each.get("href")]
    for name in ("must", "not"):
        assert [link for link in links if f"{name}=industry%3Abanking" in link], name
    assert [each for each in page.all("button") if each.get("value") == "industry:banking"]
    (form,) = [each["action"] or "" for each in page.all("form") if "/find/drop/" in (each.get("action") or "")]
    left = client.post(form, {"key": "industry:banking", "words": "bank"})
    assert left.status_code == 302
    assert "drop=industry%3Abanking" in left["Location"]


def test_what_a_user_required_can_be_softened_again(promoter: Contact, rep: User, log_in: LogIn) -> None:
    client = log_in(rep)
    assert "Wished for, not required" not in find(client, "q=a+bank")
    assert "Wished for, not required" in find(client, "q=a+bank&must=industry:banking")


def test_an_excluded_tag_leaves_nobody_and_says_so_kindly(promoter: Contact, rep: User, log_in: LogIn) -> None:
    page = read_page(find(log_in(rep), "q=Ledger&not=industry:banking"))
    assert "Nobody fits all of that today" in page.text
    assert "drop what I required" in page.text


def test_not_now_says_the_rule_and_when_it_ends(promoter: Contact, rep: User, log_in: LogIn) -> None:
    make_engagement(promoter, "call", on=timezone.localdate() - timedelta(days=3))
    page = read_page(find(log_in(rep), "q=a+bank+with+Ledger&tab=not-now"))
    assert "30 days" in page.text
    assert "from" in page.text.partition("30 days")[2]


def test_stories_show_what_may_be_used(promoter: Contact, rep: User, log_in: LogIn) -> None:
    page = read_page(find(log_in(rep), "q=a+bank+with+Ledger&tab=stories"))
    assert "in two days" in page.text  # the story or the quote: one for each customer


def test_htmx_gets_the_answer_alone_and_the_clean_address(promoter: Contact, rep: User, log_in: LogIn) -> None:
    response = log_in(rep).get(
        "/?q=a+bank&was=00000000&must=industry:banking", headers={"HX-Request": "true", "HX-Target": "answer"}
    )
    page = read_page(response.content.decode())
    assert not page.all("html")
    assert response["HX-Push-Url"] == "/?q=a+bank"
    assert "HX-Request" in response["Vary"]


def test_a_page_restored_from_history_is_whole(promoter: Contact, rep: User, log_in: LogIn) -> None:
    headers = {"HX-Request": "true", "HX-Target": "answer", "HX-History-Restore-Request": "true"}
    assert read_page(find(log_in(rep), "q=a+bank", **headers)).all("html")


def test_tags_to_add_are_found_by_synonym(promoter: Contact, rep: User, log_in: LogIn) -> None:
    html = log_in(rep).get(reverse("web:find-tags"), {"q": "Ledger", "tag": "bank"}).content.decode()
    assert "Banking" in html
    assert "add=industry%3Abanking" in html


def test_a_tag_added_to_nothing_is_a_search(promoter: Contact, rep: User, log_in: LogIn) -> None:
    assert "CFO · Banking" in find(log_in(rep), "add=industry:banking")


def test_box_takes_no_more_than_is_read(client: Client, rep: User) -> None:
    client.force_login(rep)
    assert f'maxlength="{TEXT_LIMIT}"' in client.get("/").content.decode()
