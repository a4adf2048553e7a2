"""Saved searches: what is new, what is mailed, once, and under the rights of whoever saved them."""

from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from delivery.mails import Letter, deliver_letter
from delivery.models import OutboxMessage
from matching.letters.searches import build
from matching.models import SavedSearch
from matching.searches import page_of, read_news
from matching.services.searches import (
    change_search,
    check_search,
    delete_search,
    look_at_search,
    save_search,
)
from matching.tasks import check_saved_searches
from references.errors import DomainError
from references.models import Consent, Tag, Testimonial
from references.services.consents import revoke_consent
from tests.factories import (
    make_case_study,
    make_consent,
    make_contact,
    make_customer,
    make_policy,
    make_proof_point,
    make_slot,
    make_tag,
    make_testimonial,
)
from users.models import User

pytestmark = pytest.mark.django_db


def add_quote(text: str, customer: str) -> Testimonial:
    """A quote of somebody in banking that may be used."""
    banking = Tag.objects.filter(slug="banking").first() or make_tag("industry", "Banking")
    return make_testimonial(make_contact(make_customer(customer, tags=[banking]), consents=["quote"]), text)


@pytest.fixture
def search(marketer: User) -> SavedSearch:
    add_quote("Seen before", "Oldbank")
    return save_search(user=marketer, name="Banking", noun="testimonial", query="industry=banking")


def promised() -> list[dict[str, object]]:
    """The letters promised so far."""
    return [row.payload for row in OutboxMessage.objects.filter(kind="mail").order_by("pk")]


def read(payload: dict[str, object]) -> str:
    letter = build(payload)
    assert isinstance(letter, Letter)
    return f"{letter.subject} {' '.join(letter.paragraphs)}"


def test_what_fits_is_new_until_looked_at(search: SavedSearch, marketer: User) -> None:
    assert read_news(search).new == frozenset()
    fresh = add_quote("We closed in two days", "Fjordbank")
    make_testimonial(make_contact(consents=["quote"]), "Not a bank")
    news = read_news(search)
    assert (news.total, news.new, news.problem) == (2, frozenset({fresh.pk}), "")
    look_at_search(search=search)
    assert read_news(SavedSearch.objects.get()).new == frozenset()


def test_news_are_mailed_once_and_not_again_before_more_comes(search: SavedSearch) -> None:
    assert not check_search(search_id=search.pk)
    add_quote("We closed in two days", "Fjordbank")
    assert check_search(search_id=search.pk)
    assert not check_search(search_id=search.pk)
    assert len(promised()) == 1
    assert len(read_news(SavedSearch.objects.select_related("user").get()).new) == 1, "mailed is not looked at"
    deliver_letter(promised()[0])
    assert mail.outbox[0].to == ["marketer@example.test"]
    assert "1 new for “Banking”" in mail.outbox[0].subject
    assert "We closed in two days" in str(mail.outbox[0].body)
    assert f"/searches/{search.pk}/look/" in str(mail.outbox[0].body)


def test_every_day_each_search_is_looked_at_once(search: SavedSearch, rep: User) -> None:
    quiet = save_search(user=rep, name="Quiet", noun="testimonial", query="", mails=False)
    check_saved_searches()
    check_saved_searches()
    keys = list(OutboxMessage.objects.filter(kind="search.check").values_list("key", flat=True))
    assert keys == [f"search.check:{search.pk}:{timezone.localdate()}"]
    add_quote("We closed in two days", "Fjordbank")
    assert not check_search(search_id=quiet.pk)
    assert not check_search(search_id=0)


def test_letter_tells_what_may_be_used_when_it_goes_out(search: SavedSearch) -> None:
    add_quote("Stays", "Fjordbank")
    add_quote("Goes", "Seabank")
    check_search(search_id=search.pk)
    revoke_consent(consent=Consent.objects.get(customer__name="Seabank"))
    assert "Stays" in read(promised()[0])
    assert "Goes" not in read(promised()[0])
    revoke_consent(consent=Consent.objects.get(customer__name="Fjordbank"))
    assert build(promised()[0]) is None


def test_letter_names_nobody_whom_its_reader_may_not_see(search: SavedSearch) -> None:
    add_quote("Fjordbank never looked back", "Fjordbank")
    check_search(search_id=search.pk)
    assert "Fjordbank" in read(promised()[0])
    make_policy({"show_customer_name": False})
    assert "Fjordbank" not in read(promised()[0])


def test_no_letter_where_it_is_turned_off_or_nobody_reads_it(search: SavedSearch, marketer: User) -> None:
    add_quote("We closed in two days", "Fjordbank")
    check_search(search_id=search.pk)
    change_search(search=search, name="Banks", mails=False)
    assert build(promised()[0]) is None
    change_search(search=search, name="Banks", mails=True)
    User.objects.filter(pk=marketer.pk).update(is_active=False)
    assert build(promised()[0]) is None
    delete_search(search=search)
    assert build(promised()[0]) is None


def test_search_whose_filters_are_no_longer_valid_says_so(search: SavedSearch) -> None:
    SavedSearch.objects.update(query="industry=gone")
    stale = SavedSearch.objects.select_related("user").get()
    assert read_news(stale).problem == "invalid_filters"
    assert not check_search(search_id=stale.pk)
    look_at_search(search=stale)
    assert SavedSearch.objects.get().known == search.known


@pytest.mark.parametrize("noun", ["speaker", "case_study", "testimonial", "proof_point", "slot"])
def test_every_noun_is_followed_and_told(noun: str, marketer: User) -> None:
    search = save_search(user=marketer, name=noun, noun=noun, query="")
    contact = make_contact(make_customer("Fjordbank"), title="Head of Risk", consents=["speaking", "quote"])
    make_consent(contact.customer, "case_study")
    make_testimonial(contact, "A quote")
    make_case_study(contact.customer, "A story")
    make_proof_point(contact.customer, "A number")
    make_slot("A forum", starts_at=timezone.now() + timedelta(days=90))
    assert check_search(search_id=search.pk)
    told = {
        "speaker": "Head of Risk",
        "case_study": "A story",
        "testimonial": "A quote",
        "proof_point": "A number",
        "slot": "A forum",
    }
    assert told[noun] in read(promised()[0])


def test_page_carries_the_filters(search: SavedSearch) -> None:
    assert page_of(search) == "/stories/?industry=banking"
    search.noun = "case_study"
    assert page_of(search) == "/stories/?noun=case_study&industry=banking"


@pytest.mark.parametrize(
    "given,code",
    [
        ({"name": ""}, "blank"),
        ({"name": " Banking "}, "name_taken"),
        ({"noun": "wish"}, "unknown_noun"),
        ({"query": "industry=nope"}, "invalid_filters"),
    ],
)
def test_what_makes_no_sense_is_not_saved(given: dict[str, str], code: str, search: SavedSearch) -> None:
    wanted = {"name": "More", "noun": "testimonial", "query": "", **given}
    with pytest.raises(DomainError) as caught:
        save_search(user=search.user, name=wanted["name"], noun=wanted["noun"], query=wanted["query"])
    assert caught.value.code == code
    assert SavedSearch.objects.count() == 1
