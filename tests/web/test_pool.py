"""The pool list, customers, stories and the command box, as each role sees them."""

from django.urls import reverse

from references.models import CaseStudy, Contact, Testimonial
from references.services.consents import revoke_consent
from references.services.customers import save_customer
from tests.factories import (
    make_consent,
    make_contact,
    make_customer,
    make_policy,
    make_proof_point,
    make_testimonial,
)
from tests.web.conftest import LogIn, read_page
from users.models import User


def test_pool_names_people_to_managers_only(promoter: Contact, manager: User, rep: User, log_in: LogIn) -> None:
    assert "Nora Lindqvist" in log_in(manager).get("/pool/").content.decode()
    for look in ("table", "cards"):
        html = log_in(rep).get(f"/pool/?look={look}").content.decode()
        assert "Nora" not in html
        assert "nora@" not in html
        assert "Fjordbank" in html


def test_pool_links_facets_that_narrow_it(promoter: Contact, rep: User, log_in: LogIn) -> None:
    make_contact(make_customer("Elsewhere"))
    client = log_in(rep)
    links = [
        each["href"] or "" for each in read_page(client.get("/pool/").content.decode()).all("a") if each.get("href")
    ]
    narrowing = next(link for link in links if "f=industry%3Abanking" in link)
    page = read_page(client.get(narrowing).content.decode())
    assert "1 promoter" in page.text
    assert "Elsewhere" not in page.text


def test_pool_page_past_the_end_is_friendly(promoter: Contact, rep: User, log_in: LogIn) -> None:
    assert log_in(rep).get("/pool/?page=7&sort=nonsense&f=bad").status_code == 200


def test_empty_pool_says_what_to_do_next(manager: User, log_in: LogIn) -> None:
    page = read_page(log_in(manager).get("/pool/").content.decode())
    assert "The pool is empty" in page.text
    assert reverse("web:import") in [each.get("href") for each in page.all("a")]


def test_customers_that_may_not_be_named_are_out_of_sight(promoter: Contact, rep: User, log_in: LogIn) -> None:
    save_customer(customer=promoter.customer, data={"is_named": False})
    client = log_in(rep)
    assert "Fjordbank" not in client.get("/customers/").content.decode()
    assert client.get(reverse("web:customer", args=[promoter.customer_id])).status_code == 404
    assert "fjordbank" not in client.get("/jump/?q=fjord").content.decode().lower().replace("“fjord”", "")


def test_customer_hides_its_people_and_money_from_salespeople(promoter: Contact, rep: User, log_in: LogIn) -> None:
    save_customer(customer=promoter.customer, data={"annual_value": 125_000, "currency": "EUR", "health": "yellow"})  # type: ignore[typeddict-item]
    html = log_in(rep).get(reverse("web:customer", args=[promoter.customer_id])).content.decode()
    for kept in ("Nora", "125", "Yellow"):
        assert kept not in html, kept


def test_numbers_without_consent_are_for_whoever_keeps_content(
    promoter: Contact, rep: User, marketer: User, log_in: LogIn
) -> None:
    for consent in promoter.customer.consents.all():
        revoke_consent(consent=consent)
    make_proof_point(promoter.customer, "Hours to onboard")
    addresses = [reverse("web:customer", args=[promoter.customer_id]), reverse("web:profile", args=[promoter.pk])]
    for address in addresses:
        assert "Hours to onboard" not in log_in(rep).get(address).content.decode()
        html = log_in(marketer).get(address).content.decode()
        assert "Hours to onboard" in html
        assert "no consent: internal only" in html
    make_consent(promoter.customer, "case_study")
    for address in addresses:
        html = log_in(rep).get(address).content.decode()
        assert "Hours to onboard" in html
        assert "internal only" not in html


def test_customers_are_out_of_sight_where_the_policy_names_none(promoter: Contact, rep: User, log_in: LogIn) -> None:
    make_policy({"show_customer_name": False})
    client = log_in(rep)
    assert "Fjordbank" not in client.get("/customers/").content.decode()
    assert client.get(reverse("web:customer", args=[promoter.customer_id])).status_code == 404


def test_story_is_gone_for_salespeople_once_its_consent_is_revoked(
    promoter: Contact, rep: User, manager: User, log_in: LogIn
) -> None:
    story = CaseStudy.objects.all()[0]
    address = reverse("web:story", args=["case_study", story.pk])
    assert log_in(rep).get(address).status_code == 200
    revoke_consent(consent=promoter.customer.consents.get(activity="case_study"))
    assert log_in(rep).get(address).status_code == 404
    assert "Not to be used now" in log_in(manager).get(address).content.decode()


def test_quote_withholds_names_where_the_customer_may_not_be_named(promoter: Contact, rep: User, log_in: LogIn) -> None:
    save_customer(customer=promoter.customer, data={"is_named": False})
    quote = Testimonial.objects.all()[0]
    html = log_in(rep).get(reverse("web:story", args=["testimonial", quote.pk])).content.decode()
    assert "We closed in two days." in html
    for kept in ("Nora", "Fjordbank", "fjordbank"):
        assert kept not in html


def test_jump_finds_customers_stories_and_people(promoter: Contact, manager: User, log_in: LogIn) -> None:
    client = log_in(manager)
    assert reverse("web:customer", args=[promoter.customer_id]) in client.get("/jump/?q=fjord").content.decode()
    assert reverse("web:profile", args=[promoter.pk]) in client.get("/jump/?q=lindqvist").content.decode()
    assert "Closing the books" in client.get("/jump/?q=closing", headers={"HX-Request": "true"}).content.decode()


def test_jump_does_not_find_people_by_name_for_salespeople(promoter: Contact, rep: User, log_in: LogIn) -> None:
    assert reverse("web:profile", args=[promoter.pk]) not in log_in(rep).get("/jump/?q=lindqvist").content.decode()


def test_quote_without_rights_names_nobody_to_a_marketer(promoter: Contact, marketer: User, log_in: LogIn) -> None:
    for consent in promoter.consents.filter(activity="quote"):
        revoke_consent(consent=consent)
    quote, client = Testimonial.objects.all()[0], log_in(marketer)
    html = client.get(reverse("web:story", args=["testimonial", quote.pk])).content.decode()
    assert "We closed in two days." in html
    assert "Nora" not in html
    assert client.get(reverse("web:testimonial-edit", args=[promoter.customer_id, quote.pk])).status_code == 403


def test_content_form_names_nobody_to_a_marketer(promoter: Contact, marketer: User, log_in: LogIn) -> None:
    html = log_in(marketer).get(reverse("web:testimonial-add", args=[promoter.customer_id])).content.decode()
    assert "CFO" in html
    assert "Nora" not in html


def test_nameless_quote_is_not_told_beside_the_customers_name(
    promoter: Contact, rep: User, manager: User, log_in: LogIn
) -> None:
    make_testimonial(promoter, "Nobody knows that we said so.", kind="review")
    make_consent(promoter, "review", is_attributed=False)
    for user, is_told in ((rep, False), (manager, True)):
        client = log_in(user)
        for address in (f"/customers/{promoter.customer_id}/", f"/pool/{promoter.pk}/"):
            assert ("Nobody knows that we said so." in client.get(address).content.decode()) is is_told


def test_quote_for_anonymous_use_is_shown_without_names(promoter: Contact, rep: User, log_in: LogIn) -> None:
    for consent in promoter.consents.filter(activity="quote"):
        revoke_consent(consent=consent)
    make_consent(promoter, "quote", is_attributed=False)
    quote = Testimonial.objects.all()[0]
    page = read_page(log_in(rep).get(reverse("web:story", args=["testimonial", quote.pk])).content.decode())
    assert "To be used without names." in page.text
    assert "Nora" not in page.text
    assert "Fjordbank" not in page.text
