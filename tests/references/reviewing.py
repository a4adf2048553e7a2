"""Drafts and looks at them, for tests of the life of content."""

from typing import Any

from references.models import CaseStudy, Contact, ContentReview
from references.services.content import save_case_study
from references.services.reviews import Allowed, give_to_customer
from tests.factories import make_contact, make_customer
from users.models import User

TITLE = "Closing the books in two days"
EVERYWHERE = Allowed(channels=["any"])


def make_reader(**fields: Any) -> Contact:
    """Nora, who can be written to."""
    return make_contact(make_customer("Fjordbank"), "Nora Lindqvist", email="nora@fjordbank.example", **fields)


def make_draft(contact: Contact, by: User, **data: str) -> CaseStudy:
    """A story in draft, of three lines."""
    words = {"title": TITLE, "challenge": "It took ten days.\n\nNobody knew why.", **data}
    return save_case_study(customer=contact.customer, contact=contact, data=words, by=by)  # type: ignore[arg-type]


def make_review(by: User, **data: str) -> ContentReview:
    """A draft that Nora looks at."""
    contact = make_reader()
    return give_to_customer(piece=make_draft(contact, by, **data), contact=contact, by=by, note="For our web page")
