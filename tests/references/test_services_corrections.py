"""What people correct on customers and people is proposed to the manager, and never applied by itself."""

import pytest

from references.models import SynonymProposal, TagSynonym
from references.services.contacts import save_contact
from references.services.customers import save_customer
from references.services.synonym_proposals import accept_proposal
from tests.factories import make_contact, make_customer, make_tag

pytestmark = pytest.mark.django_db


def proposed() -> list[tuple[str, str, bool]]:
    """Words, tag, and whether they read wrongly."""
    return list(SynonymProposal.objects.order_by("pk").values_list("text", "tag__name", "is_misreading"))


def test_a_tag_given_where_nothing_was_read_is_what_the_words_mean() -> None:
    banking, germany = make_tag("industry", "Banking"), make_tag("region", "Germany")
    customer = make_customer(raw_industry="Geldhaus", raw_location="Rhine valley")
    save_customer(customer=customer, data={}, tags=[banking, germany])
    assert proposed() == [("Geldhaus", "Banking", False), ("Rhine valley", "Germany", False)]
    assert not TagSynonym.objects.exists()


def test_a_tag_given_instead_of_another_tells_of_both() -> None:
    rail = make_tag("industry", "Rail", synonyms=["Trains"])
    fitness = make_tag("industry", "Fitness")
    customer = make_customer(tags=[rail], raw_industry="Personal trains")
    save_customer(customer=customer, data={}, tags=[fitness])
    assert proposed() == [("Personal trains", "Fitness", False)]
    other = make_customer(tags=[rail], raw_industry="trains")
    save_customer(customer=other, data={}, tags=[fitness])
    assert proposed()[1:] == [("Trains", "Rail", True)]  # Fitness could not go by what Rail goes by


@pytest.mark.parametrize("raw", ["", "Geldhaus | Loom", "Other", "https://geldhaus.example", "Banking"])
def test_words_that_say_nothing_of_a_tag_teach_nothing(raw: str) -> None:
    banking = make_tag("industry", "Banking")
    save_customer(customer=make_customer(raw_industry=raw), data={}, tags=[banking])
    assert proposed() == []


def test_several_tags_or_one_beside_another_teach_nothing() -> None:
    banking, retail = make_tag("industry", "Banking"), make_tag("industry", "Retail")
    save_customer(customer=make_customer(raw_industry="Geldhaus"), data={}, tags=[banking, retail])
    beside = make_customer(tags=[banking], raw_industry="Geldhaus")
    save_customer(customer=beside, data={}, tags=[banking, retail])
    save_customer(customer=beside, data={"notes": "Same tags."}, tags=[banking, retail])
    save_customer(data={"name": "New", "raw_industry": "Geldhaus"}, tags=[banking])
    assert proposed() == []


def test_the_title_of_a_person_teaches_too() -> None:
    role = make_tag("role", "Human resources")
    person = make_contact(make_customer(), title="Chief happiness person")
    save_contact(contact=person, customer=person.customer, data={}, tags=[role])
    assert proposed() == [("Chief happiness person", "Human resources", False)]


def test_accepting_a_word_that_waits_itself_merges_it() -> None:
    banking = make_tag("industry", "Banking")
    new = make_tag("industry", "Geldhaus", status="proposed")
    customer, other = (make_customer(tags=[new], raw_industry="Geldhaus") for _ in range(2))
    save_customer(customer=customer, data={}, tags=[banking])
    assert list(other.tags.all()) == [new]
    accept_proposal(proposal=SynonymProposal.objects.get())
    assert list(other.tags.all()) == [banking]
    assert TagSynonym.objects.get().text == "Geldhaus"
    assert proposed() == []
