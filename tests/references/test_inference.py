"""Tags are read from stories: surer with every mention, never in place of given ones, and gone with the words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from references.enums import TagOrigin
from references.inference import BODY, KEPT, MOST_SURE, TITLE, Passage, infer_tags
from references.lexicon import Lexicon
from references.models import CaseStudy, Customer, CustomerTag, Tag
from references.pool.writing import pool_write
from references.services.inference import infer_all, promise_inference
from references.services.saving import set_tags
from references.vocabulary import Vocabulary, VocabularyTag
from tests.factories import make_case_study, make_customer, make_tag, make_testimonial

LEXICON = Lexicon(
    Vocabulary(
        (
            VocabularyTag(1, "industry", "banking", "Banking", (), ("bank", "lender")),
            VocabularyTag(2, "solution", "fraud-detection", "Fraud detection", (), ("stop fraud",)),
            VocabularyTag(3, "region", "norway", "Norway", (), ("Norwegian",)),
            VocabularyTag(4, "role", "finance", "Finance", (), ("CFO",)),
        )
    )
)


def test_infer_tags_grows_surer_with_mentions() -> None:
    once = infer_tags([Passage("A lender grew.", BODY)], LEXICON)
    often = infer_tags([Passage("A lender grew. The bank and the lender.", BODY)], LEXICON)
    titled = infer_tags([Passage("A lender grew.", TITLE)], LEXICON)

    assert 0 < once[1] < titled[1] < often[1] <= 100 * MOST_SURE


def test_infer_tags_keeps_topics_only() -> None:
    text = "The CFO of a Norwegian bank wanted to stop fraud."
    assert set(infer_tags([Passage(text, BODY)], LEXICON)) == {1, 2, 3}


@given(st.lists(st.text(max_size=60), max_size=4))
def test_infer_tags_is_bounded_and_deterministic(texts: list[str]) -> None:
    passages = [Passage(f"{text} bank", BODY) for text in texts]
    found = infer_tags(passages, LEXICON)
    assert found == infer_tags(passages, LEXICON)
    assert all(0 < confidence <= 95 for confidence in found.values())
    assert len(found) <= sum(KEPT.values())


@pytest.fixture
def banking(db: None) -> Tag:
    return make_tag("industry", "Banking", synonyms=["bank"])


def carried(customer: Customer) -> dict[int, str]:
    return dict(CustomerTag.objects.filter(customer=customer).values_list("tag_id", "origin"))


def test_infer_all_follows_the_stories(banking: Tag) -> None:
    customer = make_customer("Nimbus Holdings")
    story = make_case_study(customer, title="How a bank moved on")
    assert infer_all() == 1
    assert carried(customer) == {banking.pk: TagOrigin.INFERRED}
    assert infer_all() == 0, "the same words change nothing"

    with pool_write() as touched:
        CaseStudy.objects.filter(pk=story.pk).update(title="How they moved on")
        touched.add(customer.pk)
    assert infer_all([customer.pk]) == 1
    assert carried(customer) == {}


def test_infer_all_leaves_given_tags_alone(banking: Tag) -> None:
    customer = make_customer("Nimbus Holdings", tags=[banking])
    make_case_study(customer, title="How a bank moved on")
    assert infer_all() == 0
    row = CustomerTag.objects.get(customer=customer)
    assert (row.origin, row.confidence) == (TagOrigin.GIVEN, 100)


def test_infer_all_reads_quotes_and_names(banking: Tag) -> None:
    named = make_customer("Bank of Nimbus")
    quoting = make_testimonial(text="As a bank we like it.").customer
    infer_all()
    assert carried(named) == carried(quoting) == {banking.pk: TagOrigin.INFERRED}


def test_set_tags_gives_what_was_inferred_and_keeps_the_rest(banking: Tag) -> None:
    other = make_tag("industry", "Brewing", synonyms=["brewery"])
    customer = make_customer("Brewery Bank")
    infer_all()
    with pool_write() as touched:
        set_tags(CustomerTag, customer, [banking])
        touched.add(customer.pk)
    assert carried(customer) == {banking.pk: TagOrigin.GIVEN, other.pk: TagOrigin.INFERRED}


@pytest.mark.django_db(transaction=True)
def test_promise_is_kept_by_the_worker() -> None:
    banking = make_tag("industry", "Banking", synonyms=["bank"])
    customer = make_customer("Bank of Nimbus")
    with pool_write():
        promise_inference([customer.pk])
    assert carried(customer) == {banking.pk: TagOrigin.INFERRED}


def test_promises_for_all_within_a_minute_are_one(db: None) -> None:
    with pool_write():
        messages = {promise_inference(None).pk for _ in range(5)}
    assert len(messages) <= 2, "five changes to the vocabulary, one reading (two across the turn of a minute)"
