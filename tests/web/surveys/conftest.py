"""What the tests of survey pages share: a campaign that runs, and somebody at a customer of the rep who was invited."""

import pytest

from references.models import Contact
from surveys.models import Campaign, Invitation
from tests.factories import make_contact, make_customer
from users.models import User


@pytest.fixture
def campaign(db: None) -> Campaign:
    return Campaign.objects.create(
        name="Spring", status="running", creation_key="spring", widget_origins=["https://app.example.com"]
    )


@pytest.fixture
def person(rep: User) -> Contact:
    """Ada, whom the rep's customer Fjordbank employs."""
    customer = make_customer("Fjordbank", account_owner=rep)
    return make_contact(customer, "Ada Voss", title="Head of Risk", email="ada@fjordbank.example", phone="+47 555 0199")


@pytest.fixture
def invitation(campaign: Campaign, person: Contact) -> Invitation:
    return Invitation.objects.create(campaign=campaign, contact=person, status="sent")
