"""Words find pieces by the index, as far as names may be shown; the index counts what the database would."""

from datetime import timedelta

import pytest
from django.test import RequestFactory
from django.utils import timezone

from references.filters import CaseStudyFilter, ProofPointFilter, TestimonialFilter
from references.models import CaseStudy, ProofPoint, Testimonial
from references.pool.writing import pool_write
from tests.factories import (
    make_case_study,
    make_consent,
    make_contact,
    make_customer,
    make_policy,
    make_proof_point,
    make_tag,
    make_testimonial,
)
from users.models import User

pytestmark = pytest.mark.django_db


def quotes(search: str) -> set[int]:
    found = TestimonialFilter({"search": search}, queryset=Testimonial.objects.all()).qs
    return set(found.values_list("pk", flat=True))


def test_every_word_must_occur_by_its_stem() -> None:
    contact = make_contact(consents=("quote",))
    both = make_testimonial(contact, "Closing the books takes two days, audited.")
    one = make_testimonial(contact, "The books are closed.")
    assert quotes("book") == {both.pk, one.pk}
    assert quotes("books audit") == {both.pk}
    assert quotes("audited ledgers") == set()


def test_beginning_of_a_word_finds_where_no_word_is_like_it() -> None:
    quote = make_testimonial(make_contact(consents=("quote",)), "Reconciliation is a matter of minutes.")
    assert quotes("recon") == {quote.pk}
    assert quotes("rq") == set()


def test_word_that_says_nothing_leaves_the_others_to_decide() -> None:
    quote = make_testimonial(make_contact(consents=("quote",)), "It closes.")
    assert quotes("the closing") == {quote.pk}


def test_tags_are_found_by_part_of_their_name() -> None:
    tag = make_tag("product", "Ledgerline")
    quote = make_testimonial(make_contact(consents=("quote",)), tags=[tag])
    assert quotes("ledgerl") == {quote.pk}


@pytest.mark.parametrize("word", ["Aldermoor", "alder", "Ingrid"])
def test_withheld_name_finds_nothing(word: str) -> None:
    contact = make_contact(make_customer("Aldermoor Bank"), name="Ingrid Sole")
    quote = make_testimonial(contact, "Aldermoor closes in two days, says Ingrid.")
    make_consent(contact, "quote", is_attributed=False)
    assert quotes("closes") == {quote.pk}
    assert quotes(word) == quotes(f"closes {word}") == set()


@pytest.mark.parametrize("word", ["Aldermoor", "alder", "Ingrid"])
def test_name_that_may_be_shown_finds(word: str) -> None:
    contact = make_contact(make_customer("Aldermoor Bank"), name="Ingrid Sole", consents=("quote",))
    quote = make_testimonial(contact, "It closes in two days.")
    make_testimonial(make_contact(consents=("quote",)), "It closes in two days.")
    assert quotes(word) == quotes(f"{word} closes") == {quote.pk}


def test_name_that_the_policy_hides_finds_nothing(rep: User, manager: User) -> None:
    make_policy({"show_customer_name": False})
    contact = make_contact(make_customer("Aldermoor Bank"), name="Ingrid Sole", consents=("quote",))
    quote = make_testimonial(contact, "It closes in two days.")

    def found_by(user: User, words: str) -> list[int]:
        request = RequestFactory().get("/")
        request.user = user
        filters = TestimonialFilter({"search": words}, queryset=Testimonial.objects.all(), request=request)
        return [row.pk for row in filters.qs]

    assert found_by(rep, "Aldermoor") == found_by(rep, "Ingrid") == []
    assert found_by(rep, "closes") == found_by(manager, "Aldermoor") == [quote.pk]


def test_stories_are_found_by_title_and_text() -> None:
    customer = make_customer()
    make_consent(customer, "case_study")
    story = make_case_study(customer, "Faster audits", results="Twelve ledgers merged")

    def stories(search: str) -> set[int]:
        found = CaseStudyFilter({"search": search}, queryset=CaseStudy.objects.all()).qs
        return set(found.values_list("pk", flat=True))

    assert stories("audit") == stories("ledger merged") == {story.pk}
    assert stories("quarterly") == set()


def test_index_counts_what_the_database_would() -> None:
    contact = make_contact(consents=("quote",))
    make_testimonial(contact)
    make_testimonial(contact, expires_on=timezone.localdate() - timedelta(days=1))
    make_testimonial(contact, status="draft")
    make_testimonial(make_contact())
    found = TestimonialFilter({}, queryset=Testimonial.objects.all())
    assert found.known_count == found.qs.count() == 1
    for asked in ({"channel": "web"}, {"search": "x"}, {"kind": ["quote"]}, {"published_from": "2020-01-01"}):
        assert TestimonialFilter(asked, queryset=Testimonial.objects.all()).known_count is None
    assert TestimonialFilter({"on": "nonsense"}, queryset=Testimonial.objects.all()).known_count is None


@pytest.mark.parametrize(
    "word", ["Acme's", "acme’s", "Acmes", "(Acme)", "acme.", "Acme-Werk", "creme", "Crèmes", "academies", "Lindqvists"]
)
def test_withheld_name_finds_nothing_however_it_is_written(word: str) -> None:
    for name in ("Acme Werk", "Crème Haus", "Academy Skyscraping"):
        contact = make_contact(make_customer(name), name="Nora Lindqvist")
        make_testimonial(contact, f"{name} closes in two days, says Nora Lindqvist.")
        make_consent(contact, "quote", is_attributed=False)
    assert len(quotes("closes")) == 3
    assert quotes(word) == quotes(f"closes {word}") == set()


def test_speaker_known_by_words_alone_is_not_found_by_them() -> None:
    customer = make_customer()
    make_consent(customer, "quote", is_attributed=False)
    with pool_write() as touched:
        quote = Testimonial.objects.create(
            customer=customer, text="It closes, says Otto Steiner.", said_by="Otto Steiner", status="published"
        )
        touched.add(customer.pk)
    assert quotes("closes") == {quote.pk}
    assert quotes("Steiner") == set()


@pytest.mark.parametrize("word", ["Acme's", "(Acme)", "acme."])
def test_number_is_not_found_by_a_withheld_name_however_it_is_written(word: str) -> None:
    customer = make_customer("Acme Werk")
    make_consent(customer, "case_study", is_attributed=False)
    point = make_proof_point(customer, metric="Acme's cost (Acme), of acme. alone")
    for field in ("search", "metric"):
        for words, found in (("cost", [point.pk]), (word, [])):
            rows = ProofPointFilter({field: words}, queryset=ProofPoint.objects.all()).qs
            assert list(rows.values_list("pk", flat=True)) == found, (field, words)
