"""What page tests share: logged-in clients, a promoter of whom everything is known, and a reader of pages."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from html.parser import HTMLParser

import pytest
from django.test import Client
from django.utils import timezone

from references.models import Contact
from tests.factories import (
    make_case_study,
    make_consent,
    make_contact,
    make_customer,
    make_engagement,
    make_tag,
    make_testimonial,
)
from tests.web.browsing import browser, open_window, visit
from users.models import User

LogIn = Callable[[User], Client]

__all__ = ["browser", "open_window", "visit"]  # fixtures


@pytest.fixture
def log_in() -> LogIn:
    """A client of its own for each user."""

    def make(user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return make


@pytest.fixture
def promoter(db: None) -> Contact:
    """Nora, CFO at a bank that may be named, with consents, a ledger, a story and a quote."""
    banking, ledger = make_tag("industry", "Banking", synonyms=["bank", "banks"]), make_tag("product", "Ledger")
    customer = make_customer(
        "Fjordbank",
        tags=[banking, ledger, make_tag("region", "Norway")],
        domain="fjordbank.example",
        size_band="10001+",
    )
    contact = make_contact(
        customer,
        "Nora Lindqvist",
        title="CFO",
        seniority="c_level",
        tags=[make_tag("role", "Finance")],
        email="nora@fjordbank.example",
        phone="+47 555 0100",
        nps_score=9,
        nps_comment="They answer within the hour.",
        consents=["call", "quote", "speaking"],
    )
    today = timezone.localdate()
    make_engagement(contact, "call", on=today - timedelta(days=60), note="Spoke with a prospect")
    make_case_study(customer, "Closing the books in two days", tags=[banking, ledger])
    make_consent(customer, "case_study")
    make_testimonial(contact, "We closed in two days.", tags=[banking])
    return contact


@dataclass
class Page:
    """A page as its tests see it: elements with their attributes, and the text between them."""

    elements: list[tuple[str, dict[str, str | None]]] = field(default_factory=list)
    text: str = ""

    def all(self, tag: str) -> list[dict[str, str | None]]:
        """The attributes of every element of one kind."""
        return [attributes for name, attributes in self.elements if name == tag]


def read_page(html: str) -> Page:
    """Parse a page."""
    page, parts = Page(), []

    class Reader(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            page.elements.append((tag, dict(attrs)))

        def handle_data(self, data: str) -> None:
            parts.append(data)

    Reader().feed(html)
    page.text = " ".join(" ".join(parts).split())
    return page
