"""Writing the vocabulary: proposals, synonyms, parents without cycles."""

import pytest

from references.enums import TagStatus
from references.errors import DomainError
from references.models import NoteKind, PoolNote, StateChange, Tag
from references.services.tags import (
    accept_tag,
    create_tag,
    find_tag,
    propose_tag,
    reject_tag,
    rename_tag,
    reparent_tag,
    set_containers,
    set_synonyms,
)
from tests.factories import make_customer, make_tag
from users.models import User

pytestmark = pytest.mark.django_db


def test_create_tag_with_family_and_synonyms(manager: User) -> None:
    europe, dach = make_tag("region", "Europe"), make_tag("region", "DACH")
    germany = create_tag(
        facet="region", name=" Germany ", parent=europe, also_in=[dach], synonyms=["German", "=DE"], by=manager
    )
    assert (germany.slug, germany.name, germany.parent) == ("germany", "Germany", europe)
    assert list(germany.also_in.all()) == [dach]
    assert list(germany.synonyms.values_list("text", "folded")) == [("=DE", "de"), ("German", "german")]
    assert StateChange.objects.get(subject=f"tag:{germany.pk}").by == manager
    assert PoolNote.objects.filter(kind=NoteKind.VOCABULARY).exists()


@pytest.mark.parametrize(
    "arguments, code",
    [
        ({"facet": "color", "name": "Red"}, "unknown_facet"),
        ({"facet": "industry", "name": "!"}, "name_required"),
        ({"facet": "industry", "name": "banking"}, "duplicate_tag"),
        ({"facet": "industry", "name": "Finance", "synonyms": ["Banks"]}, "duplicate_synonym"),
        ({"facet": "industry", "name": "Finance", "synonyms": ["banking"]}, "duplicate_synonym"),
        ({"facet": "industry", "name": "Finance", "status": "merged"}, "not_initial"),
    ],
)
def test_create_tag_refuses(arguments: dict[str, str], code: str) -> None:
    make_tag("industry", "Banking", synonyms=["banks"])
    with pytest.raises(DomainError) as refusal:
        create_tag(**arguments)  # type: ignore[arg-type]
    assert refusal.value.code == code
    assert Tag.objects.count() == 1


def test_create_tag_below_another_facet_is_refused() -> None:
    with pytest.raises(DomainError) as refusal:
        create_tag(facet="industry", name="Banking", parent=make_tag("region"))
    assert refusal.value.code == "wrong_facet"


@pytest.mark.parametrize("name", ["Banking", "BANKING ", "banks", "Bänks", "banking"])
def test_propose_tag_finds_what_is_there(name: str) -> None:
    banking = make_tag("industry", "Banking", synonyms=["Banks"])
    assert propose_tag(facet="industry", name=name) == banking


def test_propose_tag_follows_merges_and_minds_facets() -> None:
    target = make_tag("industry", "Banking")
    make_tag("industry", "Bankwesen", status="merged", merged_into=target)
    assert propose_tag(facet="industry", name="Bankwesen") == target
    assert propose_tag(facet="solution", name="Banking").status == TagStatus.PROPOSED


def test_propose_tag_that_was_rejected_is_refused() -> None:
    reject_tag(tag=propose_tag(facet="industry", name="Stuff"))
    with pytest.raises(DomainError) as refusal:
        propose_tag(facet="industry", name="stuff")
    assert refusal.value.code == "tag_rejected"


def test_accept_tag_touches_its_carriers() -> None:
    tag = propose_tag(facet="industry", name="New")
    customer = make_customer(tags=[tag])
    PoolNote.objects.all().delete()
    assert accept_tag(tag=tag).status == TagStatus.ACCEPTED
    assert PoolNote.objects.filter(kind=NoteKind.CUSTOMER, object_id=customer.pk).exists()
    with pytest.raises(DomainError) as refusal:
        accept_tag(tag=tag)
    assert refusal.value.code == "move_not_allowed"


def test_reject_tag_with_children_is_refused() -> None:
    parent = make_tag()
    make_tag(parent=parent)
    with pytest.raises(DomainError) as refusal:
        reject_tag(tag=parent)
    assert refusal.value.code == "has_children"


def test_rename_tag_keeps_the_old_name_as_synonym() -> None:
    tag = make_tag("industry", "Banking")
    make_tag("industry", "Insurance")
    rename_tag(tag=tag, name="Banks")
    assert find_tag(facet="industry", name="banking") == tag
    assert find_tag(facet="industry", name="banks") == tag
    with pytest.raises(DomainError) as refusal:
        rename_tag(tag=tag, name="insurance")
    assert refusal.value.code == "duplicate_tag"


def test_set_synonyms_become_exactly_those_given() -> None:
    tag = make_tag(synonyms=["old", "kept"])
    set_synonyms(tag=tag, texts=["kept", " ~two  words ", "", "="])
    assert list(tag.synonyms.values_list("text", "folded")) == [("kept", "kept"), ("~two words", "two words")]


def test_reparent_tag_refuses_cycles() -> None:
    top = make_tag("region", "World")
    middle = make_tag("region", "Europe", parent=top)
    group = make_tag("region", "Nordics", also_in=[middle])
    low = make_tag("region", "Norway", parent=group)
    for parent in (top, middle, group, low):
        with pytest.raises(DomainError) as refusal:
            reparent_tag(tag=top, parent=parent)
        assert refusal.value.code == "cycle"
    assert reparent_tag(tag=low, parent=middle).parent == middle
    assert reparent_tag(tag=low, parent=None).parent is None


def test_reparent_tag_below_a_merged_one_is_refused() -> None:
    gone = make_tag(status="rejected")
    with pytest.raises(DomainError) as refusal:
        reparent_tag(tag=make_tag(), parent=gone)
    assert refusal.value.code == "tag_gone"


def test_set_containers_become_exactly_those_given_and_never_a_cycle() -> None:
    europe, dach, eu = make_tag("region", "Europe"), make_tag("region", "DACH"), make_tag("region", "EU")
    germany = make_tag("region", "Germany", parent=europe, also_in=[dach])
    set_containers(tag=germany, containers=[eu])
    assert list(germany.also_in.all()) == [eu]
    with pytest.raises(DomainError) as refusal:
        set_containers(tag=eu, containers=[germany])
    assert refusal.value.code == "cycle"
