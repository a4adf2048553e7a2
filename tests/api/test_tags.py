"""Tags: the accepted ones for everybody, proposals for managers."""

from collections.abc import Callable
from typing import Any

from references.enums import TagStatus
from tests.api.conftest import ids
from tests.factories import make_tag
from users.models import User

Get = Callable[..., Any]


def test_tag_tells_its_place_and_its_words(get: Get) -> None:
    europe, german = make_tag("region", "Europe"), make_tag("language", "German")
    dach = make_tag("region", "DACH", parent=europe)
    austria = make_tag("region", "Austria", parent=europe, also_in=[dach], languages=[german], synonyms=["Österreich"])
    assert get(f"tags/{austria.pk}/") == {
        "id": austria.pk,
        "facet": "region",
        "slug": "austria",
        "name": "Austria",
        "parent": "europe",
        "also_in": ["dach"],
        "languages": ["german"],
        "synonyms": ["Österreich"],
        "status": "accepted",
    }


def test_proposals_are_for_managers(get: Get, manager: User) -> None:
    accepted = make_tag(name="A")
    proposed = make_tag(name="B", status=TagStatus.PROPOSED)
    make_tag(name="C", status=TagStatus.REJECTED)
    make_tag(name="D", status=TagStatus.MERGED, merged_into=accepted)
    assert ids(get("tags/")) == [accepted.pk]
    assert ids(get("tags/", manager)) == [accepted.pk, proposed.pk]


def test_tags_are_found_by_facet_parent_and_words(get: Get) -> None:
    parent = make_tag("industry", "Finance")
    child = make_tag("industry", "Banking", parent=parent, synonyms=["lender", "lending house"])
    product = make_tag("product", "Ledger")
    assert ids(get("tags/", facet="product")) == [product.pk]
    assert ids(get("tags/", facet=["product", "industry"])) == [child.pk, parent.pk, product.pk]
    assert ids(get("tags/", parent="finance")) == [child.pk]
    assert ids(get("tags/", search="lend")) == [child.pk]
    assert ids(get("tags/", search="anc")) == [parent.pk]
    assert ids(get("tags/", ordering="-name")) == [product.pk, parent.pk, child.pk]
