"""The tags rows give to customers, people and stories, and what they propose."""

from pathlib import Path

import pytest

from references.enums import TagOrigin, TagStatus
from references.importing.record import ImportRow
from references.importing.tagging import Tagger
from references.models import ContactTag, Customer, CustomerTag, Tag
from references.pool.writing import pool_write
from references.services.tag_merging import merge_tag
from references.services.tags import accept_tag, reject_tag
from references.services.vocabulary import load_vocabulary
from tests.factories import make_contact, make_customer, make_tag
from tests.references.importing.files import import_rows

pytestmark = pytest.mark.django_db


def slugs(customer: str = "Acme") -> set[str]:
    return set(Customer.objects.get(name=customer).tags.values_list("slug", flat=True))


def test_unknown_names_are_proposed_once_and_linked(tmp_path: Path) -> None:
    report = import_rows(
        tmp_path, {"customer": "Acme", "products": "Loom"}, {"customer": "Beta", "products": "LOOM|Spindle"}
    )
    assert report.counts["tags"].created == 2
    assert set(Tag.objects.values_list("name", "status")) == {("Loom", "proposed"), ("Spindle", "proposed")}
    assert slugs("Beta") == {"loom", "spindle"}
    assert Tag.objects.get(slug="loom").name == "Loom"  # as first spelled


def test_merged_name_means_its_target_and_a_rejected_one_nothing(tmp_path: Path) -> None:
    weaving, weave, junk = make_tag("product", "Weaving"), make_tag("product", "Weave"), make_tag("product", "Junk")
    merge_tag(source=weave, target=weaving)
    reject_tag(tag=junk)
    report = import_rows(tmp_path, {"customer": "Acme", "products": "weave|junk"})
    assert slugs() == {"weaving"}
    assert report.counts["tags"].created == 0


def test_accepted_proposal_is_found_again(tmp_path: Path) -> None:
    row = {"customer": "Acme", "products": "Loom"}
    import_rows(tmp_path, row)
    accept_tag(tag=Tag.objects.get())
    assert import_rows(tmp_path, row).changes == 0


def test_inferred_tag_that_a_file_states_becomes_a_given_one(tmp_path: Path) -> None:
    tag = make_tag("product", "Loom")
    customer = make_customer("Acme", tags=[tag])
    with pool_write():
        CustomerTag.objects.filter(customer=customer).update(origin=TagOrigin.INFERRED, confidence=60)
    report = import_rows(tmp_path, {"customer": "Acme", "products": "Loom"})
    assert CustomerTag.objects.values_list("origin", "confidence").get() == ("given", 100)
    assert report.counts["customers"].updated == 1


def test_tags_of_a_customer_are_added_never_taken(tmp_path: Path) -> None:
    make_customer("Acme", tags=[make_tag("product", "Spindle")])
    import_rows(tmp_path, {"customer": "Acme", "products": "Loom"})
    assert slugs() == {"loom", "spindle"}


def test_region_is_read_as_a_place_or_proposed_but_a_country_never_is(tmp_path: Path) -> None:
    load_vocabulary()
    import_rows(tmp_path, {"customer": "Acme", "region": "EMEA|West 7", "country": "Atlantis"})
    assert slugs() == {"emea", "west-7"}
    assert Tag.objects.get(slug="west-7").status == TagStatus.PROPOSED
    assert Customer.objects.get().raw_location == "Atlantis"


@pytest.mark.parametrize("written", ["en", "en-US", "English", "ENGLISH"])
def test_language_is_read_by_name_or_code(tmp_path: Path, written: str) -> None:
    load_vocabulary()
    import_rows(tmp_path, {"customer": "Acme", "promoter": "Ana", "languages": written})
    assert list(ContactTag.objects.values_list("tag__slug", flat=True)) == ["english"]


def test_role_read_from_a_title_is_not_added_to_a_role_that_is_known(tmp_path: Path) -> None:
    load_vocabulary()
    make_contact(make_customer("Acme"), "Ana", tags=[Tag.objects.get(facet="role", slug="students")])
    import_rows(tmp_path, {"customer": "Acme", "promoter": "Ana", "title": "CTO"})
    assert list(ContactTag.objects.values_list("tag__slug", flat=True)) == ["students"]


def test_tagger_gives_products_and_solutions_to_the_story_too() -> None:
    loom, care = make_tag("product", "Loom"), make_tag("industry", "Care")
    found = Tagger().find_tags(ImportRow(1, industry=("care",), products=("loom",), story_title="S"))
    assert set(found.customer) == {loom.pk, care.pk}
    assert set(found.content) == {loom.pk}
