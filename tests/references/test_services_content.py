"""Writing stories and testimonials."""

import pytest

from references.errors import DomainError
from references.models import StateChange
from references.services.content import save_case_study, save_testimonial
from tests.factories import make_contact, make_customer, make_tag

pytestmark = pytest.mark.django_db


def test_save_case_study_new_and_changed() -> None:
    contact, tag = make_contact(), make_tag()
    story = save_case_study(
        customer=contact.customer, contact=contact, data={"title": "Ten times faster"}, tags=[tag], status="published"
    )
    assert (story.status, story.contact, list(story.tags.all())) == ("published", contact, [tag])
    assert StateChange.objects.get(subject=f"casestudy:{story.pk}").to_status == "published"
    save_case_study(case_study=story, customer=contact.customer, data={"results": "Better"})
    story.refresh_from_db()
    assert (story.results, story.contact, story.status, story.tags.count()) == ("Better", None, "published", 1)


def test_save_case_study_refuses() -> None:
    customer = make_customer()
    story = save_case_study(customer=customer, data={"title": "A", "external_id": "s1"})
    with pytest.raises(DomainError) as refusal:
        save_case_study(customer=customer, data={"title": " "})
    assert refusal.value.code == "title_required"
    with pytest.raises(DomainError) as refusal:
        save_case_study(customer=customer, data={"title": "B"}, status="expired")
    assert refusal.value.code == "not_initial"
    with pytest.raises(DomainError) as refusal:
        save_case_study(customer=customer, data={"title": "B", "external_id": "s1"})
    assert refusal.value.code == "duplicate_content"
    with pytest.raises(DomainError) as refusal:
        save_case_study(customer=customer, contact=make_contact(), data={"title": "B"})
    assert refusal.value.code == "wrong_customer"
    with pytest.raises(DomainError) as refusal:
        save_case_study(case_study=story, customer=make_customer(), data={})
    assert refusal.value.code == "wrong_customer"


def test_save_testimonial_takes_name_and_title_of_its_contact() -> None:
    contact = make_contact(name="Jo Ek", title="CFO")
    quote = save_testimonial(customer=contact.customer, contact=contact, data={"text": "Good."})
    assert (quote.said_by, quote.said_by_title, quote.status) == ("Jo Ek", "CFO", "draft")
    with pytest.raises(DomainError) as refusal:
        save_testimonial(customer=contact.customer, data={"text": ""})
    assert refusal.value.code == "text_required"
