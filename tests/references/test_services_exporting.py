"""The export of one person: everything held about them, nothing about others."""

import json

import pytest
from django.core.serializers.json import DjangoJSONEncoder
from django.utils import timezone

from references.models import Contact
from references.services.disclosures import disclose_contact
from references.services.exporting import export_contact
from references.services.nominations import nominate
from tests.factories import make_blackout, make_contact, make_customer, make_engagement, make_tag, make_testimonial
from users.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture
def nora(manager: User) -> Contact:
    customer = make_customer("Fjordbank", account_owner=manager)
    contact = make_contact(
        customer, "Nora Lindqvist", email="nora@fjordbank.example", phone="+47 555 0100", consents=["call"],
        tags=[make_tag("role", "Finance")], notes="Likes mornings",
    )  # fmt: skip
    make_engagement(contact, note="Spoke well")
    make_blackout(contact, timezone.localdate(), timezone.localdate())
    make_testimonial(contact, "It simply works.")
    nominate(
        customer=customer, person_name="Jo New", moment="A colleague", by=None, suggested_by=contact, creation_key="1"
    )
    disclose_contact(user=manager, contact=contact, why="to invite her")
    return contact


def test_export_holds_everything_about_the_person(nora: Contact) -> None:
    told = export_contact(nora)
    person = told["person"]
    assert (person["name"], person["email"], person["phone"]) == (nora.name, nora.email, nora.phone)
    assert (person["company"], person["account_owner"], person["notes"]) == (
        "Fjordbank", "Mina Manager", "Likes mornings"
    )  # fmt: skip
    assert told["tags"][0]["tag"] == "Finance"
    assert [each["activity"] for each in told["consents"]] == ["call"]
    assert [each["note"] for each in told["engagements"]] == ["Spoke well"]
    assert [each["text"] for each in told["testimonials"]] == ["It simply works."]
    assert [each["person_name"] for each in told["suggested"]] == ["Jo New"]
    assert [(each["who"], each["why"]) for each in told["who_saw_contact_data"]] == [("Mina Manager", "to invite her")]
    assert len(told["days_off"]) == 1


def test_export_is_plain_json(nora: Contact) -> None:
    told = json.loads(json.dumps(export_contact(nora), cls=DjangoJSONEncoder))
    assert told["person"]["name"] == "Nora Lindqvist"


def test_export_tells_nothing_of_others(nora: Contact) -> None:
    other = make_contact(nora.customer, "Olaf Other", email="olaf@fjordbank.example", consents=["quote"])
    make_engagement(other, note="Olaf's own")
    make_testimonial(other, "Said by Olaf")
    assert "laf" not in json.dumps(export_contact(nora), cls=DjangoJSONEncoder)
