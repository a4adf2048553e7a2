"""What users correct becomes a proposal, counted, that a manager makes a synonym or not."""

import pytest

from references.errors import DomainError
from references.models import SynonymProposal, TagSynonym
from references.services.synonym_proposals import accept_proposal, propose_synonym, reject_proposal
from tests.factories import make_tag

pytestmark = pytest.mark.django_db


def test_same_words_again_are_counted() -> None:
    tag = make_tag("industry", "Banking", synonyms=["lender"])
    propose_synonym(tag=tag, text="money house")
    row = propose_synonym(tag=tag, text=" Money  HOUSE ")
    assert row is not None
    assert (row.text, row.times, SynonymProposal.objects.count()) == ("money house", 2, 1)


@pytest.mark.parametrize("text", ["banking", "Lenders", "the", "", "x" * 81])
def test_words_that_say_nothing_new_are_no_proposal(text: str) -> None:
    tag = make_tag("industry", "Banking", synonyms=["lender"])
    assert propose_synonym(tag=tag, text=text) is None


def test_accepting_makes_a_synonym_beside_the_others() -> None:
    tag = make_tag("industry", "Banking", synonyms=["lender"])
    row = propose_synonym(tag=tag, text="money house")
    assert row is not None
    accept_proposal(proposal=row)
    assert set(TagSynonym.objects.values_list("text", flat=True)) == {"lender", "money house"}
    assert not SynonymProposal.objects.exists()


def test_accepting_what_another_tag_goes_by_is_refused() -> None:
    tag = make_tag("industry", "Banking")
    row = propose_synonym(tag=tag, text="money house")
    make_tag("industry", "Insurance", synonyms=["money house"])
    assert row is not None
    with pytest.raises(DomainError, match="Another tag"):
        accept_proposal(proposal=row)
    assert SynonymProposal.objects.filter(pk=row.pk).exists()


def test_rejected_words_stay_rejected() -> None:
    tag = make_tag("industry", "Banking")
    row = propose_synonym(tag=tag, text="money house")
    assert row is not None
    reject_proposal(proposal=row)
    again = propose_synonym(tag=tag, text="money house")
    assert again is not None
    assert again.is_rejected
