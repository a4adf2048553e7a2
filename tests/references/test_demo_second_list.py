"""The second list of the demonstration: both pages of what waits for a manager have something to show."""

from datetime import date

import pytest

from references.demo.second_list import load_second_list
from references.models import Contact, Customer, DuplicatePair, SynonymProposal
from references.services.merging import preview_merge
from references.services.unmapped import list_unmapped
from references.services.vocabulary import load_vocabulary
from tests.factories import make_contact, make_customer, make_tag

pytestmark = pytest.mark.django_db
TODAY = date(2026, 3, 2)


@pytest.fixture
def program() -> None:
    """Some customers of the program, with a promoter each."""
    load_vocabulary()
    role = make_tag("role", "Loom keeping")
    for number, name in enumerate(("Valdora Bank", "Torendane Mills", "Quonell Rail", "Zelagate Foods"), 1):
        stem = name.split()[0].lower()
        customer = make_customer(name, domain=f"{stem}.example", external_id=f"demo:customer-{number:04d}")
        email = f"promoter@{stem}.example"
        person = f"Astrid {name.split()[0]}"
        make_contact(customer, person, email=email, external_id=f"demo:contact-{number:04d}", tags=[role])


def test_second_list_brings_likely_duplicates_of_both_kinds(program: None) -> None:
    told = load_second_list(today=TODAY)
    pairs = DuplicatePair.objects.open()
    assert told["likely duplicates"] == pairs.count()
    for kind in ("customer", "contact"):
        assert pairs.filter(kind=kind).count() >= 3
    assert {code for pair in pairs for code, _number in pair.reasons} >= {"same_domain", "same_name", "initials"}
    first = pairs.filter(kind="customer")[0]
    assert preview_merge(kind="customer", kept=first.first, gone=first.second).blocked == ""


def test_second_list_brings_new_words_of_every_source_some_with_a_suggestion(program: None) -> None:
    told = load_second_list(today=TODAY)
    words = list_unmapped()
    assert told["new words"] == len(words)
    assert {word.source for word in words} == {"word", "title", "location"}
    assert any(word.confidence >= 0.9 for word in words)
    assert any(word.suggestion is None for word in words)
    assert set(SynonymProposal.objects.values_list("is_misreading", flat=True)) == {True, False}
    assert not Contact.objects.exclude(email="").exclude(email__endswith=".example").exists()
    assert not Customer.objects.exclude(domain="").exclude(domain__endswith=".example").exists()


def test_second_list_is_loaded_once_and_not_into_another_pool() -> None:
    load_vocabulary()
    make_contact()
    assert load_second_list(today=TODAY) == {}
    customer = make_customer("Valdora Bank", domain="valdora.example", external_id="demo:customer-0001")
    make_contact(customer, "Astrid Alm", email="a@valdora.example", external_id="demo:contact-0001")
    assert load_second_list(today=TODAY)["customers of a second list"] > 7
    before = Customer.objects.count()
    assert load_second_list(today=TODAY) == {}
    assert Customer.objects.count() == before
