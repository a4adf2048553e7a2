"""The forms that log customers, people, consents, stories, quotes, slots and touches."""

from datetime import timedelta

from django.forms import SelectMultiple
from django.test.html import parse_html
from django.urls import reverse
from django.utils import timezone

from references.enums import ContactStatus
from references.models import CaseStudy, Consent, Contact, Customer, Engagement, Tag, Testimonial
from references.services.customers import save_customer
from tests.factories import make_tag
from tests.web.conftest import LogIn, read_page
from users.models import User
from web.pool.forms import CustomerForm

TODAY = timezone.localdate


def test_customer_is_added_with_tags(manager: User, log_in: LogIn) -> None:
    tag = make_tag("industry", "Banking")
    given = {
        "name": "Alder Bank", "tier": "key", "health": "green", "is_referenceable": "on", "is_named": "on",
        "tags": [tag.pk], "exclusions": "Rival One\n\n Rival Two ",
    }  # fmt: skip
    response = log_in(manager).post("/customers/add/", given)
    customer = Customer.objects.get()
    assert response["Location"] == reverse("web:customer", args=[customer.pk])
    assert list(customer.tags.all()) == [tag]
    assert customer.exclusions == ["Rival One", "Rival Two"]


def test_tags_are_offered_as_any_list_is(promoter: Contact) -> None:
    make_tag("industry", "Arts & <Crafts>")
    make_tag("product", 'Pay "Later"')
    field = CustomerForm(instance=promoter.customer)["tags"]
    html, widget = str(field), field.field.widget
    widget.__class__ = SelectMultiple
    assert parse_html(html) == parse_html(str(field))
    assert html.count(" selected") == promoter.customer.customer_tags.count() > 0


def test_customer_twice_is_refused_beside_its_name(promoter: Contact, manager: User, log_in: LogIn) -> None:
    given = {"name": "FJORDBANK", "tier": "key", "health": "green"}
    response = log_in(manager).post("/customers/add/", given)
    assert response.status_code == 422
    assert "There is a customer named" in response.content.decode()
    assert Customer.objects.count() == 1


def test_customer_value_needs_a_currency(promoter: Contact, manager: User, log_in: LogIn) -> None:
    given = {"name": "Fjordbank", "tier": "key", "health": "green", "annual_value": "100"}
    response = log_in(manager).post(reverse("web:customer-edit", args=[promoter.customer_id]), given)
    assert response.status_code == 422
    assert "currency" in response.content.decode()


def test_account_owner_edits_their_customer(promoter: Contact, rep: User, log_in: LogIn) -> None:
    save_customer(customer=promoter.customer, data={"account_owner": rep})
    address = reverse("web:customer-edit", args=[promoter.customer_id])
    given = {"name": "Fjordbank", "tier": "key", "health": "red", "account_owner": rep.pk}
    assert log_in(rep).post(address, given).status_code == 302
    promoter.customer.refresh_from_db()
    assert promoter.customer.health == "red"


def test_person_is_added_active(promoter: Contact, manager: User, log_in: LogIn) -> None:
    given = {
        "name": "Aksel Dahl", "title": "COO", "email": "aksel@fjordbank.example", "sensitivity": "normal",
        "status": "active", "activities": ["call", "quote"], "nps_score": "10",
    }  # fmt: skip
    log_in(manager).post(reverse("web:contact-add", args=[promoter.customer_id]), given)
    added = Contact.objects.get(name="Aksel Dahl")
    assert (added.status, added.activities, added.loyalty) == (ContactStatus.ACTIVE, ["call", "quote"], "promoter")


def test_editing_a_person_shows_no_contact_data_and_keeps_it(promoter: Contact, manager: User, log_in: LogIn) -> None:
    client, address = log_in(manager), reverse("web:contact-edit", args=[promoter.pk])
    assert "nora@" not in client.get(address).content.decode()
    given = {"name": "Nora Lindqvist", "title": "Group CFO", "sensitivity": "normal", "activities": ["call"]}
    assert client.post(address, given).status_code == 302
    promoter.refresh_from_db()
    assert (promoter.title, promoter.email, promoter.phone) == (
        "Group CFO",
        "nora@fjordbank.example",
        "+47 555 0100",
    )


def test_person_without_a_name_is_refused(promoter: Contact, manager: User, log_in: LogIn) -> None:
    given = {"name": "", "sensitivity": "normal", "status": "active"}
    response = log_in(manager).post(reverse("web:contact-add", args=[promoter.customer_id]), given)
    assert response.status_code == 422
    assert [each for each in read_page(response.content.decode()).all("input") if each.get("aria-invalid") == "true"]


def test_status_moves_along_its_table_only(promoter: Contact, manager: User, log_in: LogIn) -> None:
    client, address = log_in(manager), reverse("web:contact-status", args=[promoter.pk])
    assert client.post(address, {"to": "nominated"}).status_code == 422
    past = TODAY() - timedelta(days=1)
    assert client.post(address, {"to": "paused", "paused_until": past}).status_code == 422
    assert client.post(address, {"to": "paused", "why": "on leave"}).status_code == 302
    promoter.refresh_from_db()
    assert promoter.status == ContactStatus.PAUSED


def test_consent_is_recorded_and_revoked(promoter: Contact, manager: User, log_in: LogIn) -> None:
    client = log_in(manager)
    given = {"activity": "webinar", "channel": "web", "valid_from": TODAY(), "evidence": "mail of May"}
    client.post(reverse("web:consent-add", args=[promoter.pk]), given)
    consent = Consent.objects.get(activity="webinar")
    assert (consent.contact, consent.is_attributed, consent.evidence) == (promoter, False, "mail of May")
    client.post(reverse("web:consent-revoke", args=[consent.pk]), {"why": "asked to stop"})
    consent.refresh_from_db()
    assert consent.revoked_at is not None
    assert client.post(reverse("web:consent-revoke", args=[consent.pk]), {"why": ""}).status_code == 422


def test_consent_that_ends_before_it_starts_is_refused(promoter: Contact, manager: User, log_in: LogIn) -> None:
    given = {"activity": "call", "channel": "any", "valid_from": "2027-01-02", "valid_until": "2027-01-01"}
    assert log_in(manager).post(reverse("web:consent-add", args=[promoter.pk]), given).status_code == 422


def test_consent_of_the_whole_customer(promoter: Contact, manager: User, log_in: LogIn) -> None:
    given = {"activity": "logo", "channel": "web", "valid_from": TODAY(), "is_whole_customer": "on"}
    log_in(manager).post(reverse("web:consent-add", args=[promoter.pk]), given)
    assert Consent.objects.get(activity="logo").contact is None


def test_touch_sent_twice_is_logged_once(promoter: Contact, manager: User, log_in: LogIn) -> None:
    client, address = log_in(manager), reverse("web:engagement-add", args=[promoter.pk])
    boxes = read_page(client.get(address).content.decode()).all("input")
    key = next(each["value"] for each in boxes if each.get("name") == "key")
    given = {"activity": "webinar", "status": "completed", "on": TODAY(), "is_outside": "on", "key": key}
    assert [client.post(address, given).status_code for _ in range(2)] == [302, 302]
    row = Engagement.objects.get(activity="webinar")
    assert (row.contact, row.is_outside, row.source) == (promoter, True, f"page:{key}")


def test_story_and_quote_are_logged_by_a_marketer(promoter: Contact, marketer: User, log_in: LogIn) -> None:
    client = log_in(marketer)
    story = {"title": "A new story", "status": "draft", "language": "en", "url": "https://example.test/s"}
    client.post(reverse("web:case-study-add", args=[promoter.customer_id]), story)
    assert CaseStudy.objects.get(title="A new story").customer_id == promoter.customer_id
    quote = {"kind": "quote", "text": "A new quote", "status": "approved", "language": "en", "contact": promoter.pk}
    client.post(reverse("web:testimonial-add", args=[promoter.customer_id]), quote)
    assert Testimonial.objects.get(text="A new quote").said_by == "Nora Lindqvist"


def test_story_is_changed_in_place(promoter: Contact, manager: User, log_in: LogIn) -> None:
    story = CaseStudy.objects.get()
    address = reverse("web:case-study-edit", args=[promoter.customer_id, story.pk])
    tag = Tag.objects.get(facet="product")
    given = {"title": "Closing the books faster", "language": "en", "tags": [tag.pk]}
    log_in(manager).post(address, given)
    story.refresh_from_db()
    assert (story.title, list(story.tags.all()), story.status) == ("Closing the books faster", [tag], "published")
