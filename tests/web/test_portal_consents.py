"""Asks for a consent behind a link and on one's own page, and consents taken back after one more question."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from references.models import Consent, ConsentAsk, Contact
from references.services.consent_asks import ask_consent, take_back_ask
from references.services.own_page import opt_out
from tests.factories import make_consent, make_contact, make_customer, make_slot, make_testimonial
from tests.web.conftest import read_page
from tests.web.links import consent_asked, own_page_of
from users.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture
def nora(db: None) -> Contact:
    return make_contact(make_customer("Fjordbank"), "Nora Lindqvist", email="nora@fjordbank.example")


@pytest.fixture
def ask(nora: Contact, marketer: User) -> ConsentAsk:
    quote = make_testimonial(nora, "We closed the books in two days.")
    return ask_consent(
        contact=nora, activity="quote", piece=quote, channel="any", valid_until=in_days(400), why="A page", by=marketer
    )


def in_days(days: int) -> date:
    return timezone.localdate() + timedelta(days=days)


def text_of(path: str, status: int = 200) -> str:
    response = Client().get(path)
    assert response.status_code == status
    return read_page(response.content.decode()).text


def post(path: str, act: str, **data: Any) -> str:
    response = Client().post(f"{path}{act}/", data)
    assert response.status_code == 302, response.content.decode()
    return text_of(response["Location"])


def test_the_page_says_what_is_asked(ask: ConsentAsk) -> None:
    text = text_of(consent_asked(ask))
    for words in ("Nora Lindqvist, may we?", "Quote", "We closed the books", "Any channel", "with your name", "A page"):
        assert words in text
    assert "Mara Marketer" in text


def test_given_as_asked(ask: ConsentAsk, nora: Contact) -> None:
    path = consent_asked(ask)
    text = post(path, "consent-give", as_asked=1)
    assert "Your consent is on file" in text
    assert "Thank you for your consent" in text
    row = Consent.objects.get()
    assert (row.contact, row.channel, row.is_attributed, row.valid_until) == (nora, "any", True, in_days(400))
    assert row.testimonial == ask.testimonial
    assert "Thank you for your consent" in text_of(path)
    post(path, "consent-decline")
    assert Consent.objects.count() == 1


def test_less_is_given_and_more_is_not_taken(ask: ConsentAsk) -> None:
    path = consent_asked(ask)
    more = Client().post(f"{path}consent-give/", {"channel": "web", "valid_until": in_days(500).isoformat()})
    assert more.status_code == 422
    assert "longer" not in more.content.decode()
    assert "more than we asked for" in more.content.decode()
    nonsense = Client().post(f"{path}consent-give/", {"channel": "nonsense"})
    assert nonsense.status_code == 422
    assert not Consent.objects.exists()
    post(path, "consent-give", channel="web", valid_until=in_days(9).isoformat())
    row = Consent.objects.get()
    assert (row.channel, row.is_attributed, row.valid_until) == ("web", False, in_days(9))


def test_no_is_fine(ask: ConsentAsk) -> None:
    assert "You said no, and that is fine" in post(consent_asked(ask), "consent-decline")
    assert not Consent.objects.exists()


def test_an_ask_that_was_taken_back_is_over(ask: ConsentAsk) -> None:
    path = consent_asked(ask)
    ConsentAsk.objects.filter(pk=ask.pk).update(answer="withdrawn")
    assert "no longer needed" in text_of(path, 410)


def test_a_closed_link_speaks_their_language(ask: ConsentAsk, nora: Contact) -> None:
    path = consent_asked(ask)
    take_back_ask(ask=ask)
    assert "This link is closed" in text_of(path, 410)


def test_who_has_left_is_asked_no_more(ask: ConsentAsk, nora: Contact) -> None:
    path, hub = consent_asked(ask), own_page_of(nora)
    opt_out(contact=nora)
    text_of(path, 410)
    assert "May we?" not in text_of(hub)
    Client().post(f"{hub}consent-give/", {"ask": ask.pk, "as_asked": 1})
    assert not Consent.objects.exists()


def test_the_ask_waits_on_their_own_page(ask: ConsentAsk, nora: Contact) -> None:
    hub = own_page_of(nora)
    assert "May we? Quote · Any channel" in text_of(hub)
    assert "We closed the books" in text_of(f"{hub}?ask={ask.pk}")
    text = post(hub, "consent-give", ask=ask.pk, as_asked=1)
    assert "Your consent is on file" in text
    assert "May we?" not in text
    assert "“We closed the books in two days.”" in text


def test_the_ask_of_somebody_else_is_not_theirs(ask: ConsentAsk) -> None:
    hub = own_page_of(make_contact(name="Olaf Other"))
    assert "We closed the books" not in text_of(f"{hub}?ask={ask.pk}")
    assert Client().post(f"{hub}consent-give/", {"ask": ask.pk, "as_asked": 1}).status_code == 404
    assert Client().post(f"{hub}consent-decline/", {"ask": "nonsense"}).status_code == 404
    assert not Consent.objects.exists()


def test_taking_back_first_says_what_ends(nora: Contact) -> None:
    make_testimonial(nora, "It simply works for us.")
    make_slot("Payments Forum", speaker=nora, status="confirmed")
    hub = own_page_of(nora)
    for activity, words in (("quote", "It simply works"), ("speaking", "Payments Forum"), ("call", "Nothing is used")):
        row = make_consent(nora, activity)
        response = Client().post(f"{hub}revoke/", {"id": row.pk})
        assert response.status_code == 200
        assert words in read_page(response.content.decode()).text
        row.refresh_from_db()
        assert row.revoked_at is None
        assert "taken back, from this moment on" in post(hub, "revoke", id=row.pk, sure=1)
        row.refresh_from_db()
        assert row.revoked_at is not None


def test_german_is_spoken(ask: ConsentAsk, nora: Contact) -> None:
    hub = own_page_of(nora)
    assert "dürfen wir?" in text_of(f"{consent_asked(ask)}?language=de")
    row = make_consent(nora, "call")
    response = Client().post(f"{hub}revoke/?language=de", {"id": row.pk})
    assert "Diese Einwilligung zurücknehmen?" in response.content.decode()
