"""Merging tags: nothing that carried one is lost, and the merged row stays as history."""

from datetime import date

import pytest

from references.enums import TagStatus
from references.errors import DomainError
from references.models import Consent, NoteKind, PoolNote, StateChange, Tag, TagContainment, TagLanguage
from references.pool.writing import pool_write
from references.services.tag_merging import merge_tag
from references.services.tags import find_tag
from tests.factories import (
    make_case_study,
    make_consent,
    make_contact,
    make_customer,
    make_slot,
    make_tag,
    make_testimonial,
)
from users.models import User

pytestmark = pytest.mark.django_db


def test_merge_tag_moves_every_row_that_carried_it(manager: User) -> None:
    old, new = make_tag("industry", "Bankwesen", synonyms=["Geldhaus"]), make_tag("industry", "Banking")
    customer = make_customer(tags=[old])
    contact = make_contact(customer, tags=[old])
    story, quote, slot = (
        make_case_study(customer, tags=[old]),
        make_testimonial(contact, tags=[old]),
        make_slot(tags=[old]),
    )
    PoolNote.objects.all().delete()
    merge_tag(source=old, target=new, by=manager, why="same thing")
    for row in (customer, contact, story, quote, slot):
        assert list(row.tags.all()) == [new]
    old.refresh_from_db()
    assert (old.status, old.merged_into) == (TagStatus.MERGED, new)
    assert set(new.synonyms.values_list("folded", flat=True)) == {"geldhaus", "bankwesen"}
    change = StateChange.objects.get(subject=f"tag:{old.pk}")
    assert (change.by, change.why) == (manager, "same thing")
    assert set(PoolNote.objects.values_list("kind", "object_id")) == {
        (NoteKind.CUSTOMER, customer.pk),
        (NoteKind.VOCABULARY, 0),
    }
    assert find_tag(facet="industry", name="Bankwesen") == new


@pytest.mark.parametrize(
    "old_age, new_age", [(date(2025, 1, 1), date(2023, 1, 1)), (date(2023, 1, 1), date(2025, 1, 1))]
)
def test_merge_tag_carried_beside_its_target_keeps_the_newer_date(old_age: date, new_age: date) -> None:
    old, new = make_tag(), make_tag()
    both = make_customer(tags=[old, new], verified_on=new_age)
    with pool_write() as touched:
        both.customer_tags.filter(tag=old).update(verified_on=old_age)
        touched.add(both.pk)
    merge_tag(source=old, target=new)
    assert both.customer_tags.get().verified_on == date(2025, 1, 1)


def test_merge_tag_moves_regions_of_consents_and_slots() -> None:
    old, new = make_tag("region", "Deutschland"), make_tag("region", "Germany")
    consent = make_consent(make_contact(), region=old)
    slot = make_slot(region=old)
    merge_tag(source=old, target=new)
    assert Consent.objects.get(pk=consent.pk).region == new
    slot.refresh_from_db()
    assert slot.region == new


def test_merge_tag_moves_children_containment_and_languages() -> None:
    german, world, dach = make_tag("language", "German"), make_tag("region", "World"), make_tag("region", "DACH")
    old = make_tag("region", "Deutschland", parent=world, also_in=[dach], languages=[german])
    new = make_tag("region", "Germany", languages=[german])
    child = make_tag("region", "Berlin", parent=old)
    inside = make_tag("region", "Baltic Coast", also_in=[old])
    merge_tag(source=old, target=new)
    child.refresh_from_db()
    assert child.parent == new
    assert set(TagContainment.objects.values_list("tag", "container")) == {(new.pk, dach.pk), (inside.pk, new.pk)}
    assert TagLanguage.objects.get().region == new


def test_merge_tag_into_its_own_child_lifts_the_child() -> None:
    top = make_tag()
    old = make_tag(parent=top)
    new = make_tag(parent=old)
    sibling = make_tag(parent=old)
    merge_tag(source=old, target=new)
    sibling.refresh_from_db()
    assert (new.parent, sibling.parent) == (top, new)


def test_merge_tag_into_a_grandchild_is_refused() -> None:
    old = make_tag()
    below = make_tag(parent=make_tag(parent=old))
    with pytest.raises(DomainError) as refusal:
        merge_tag(source=old, target=below)
    assert refusal.value.code == "target_below"
    assert not Tag.objects.filter(status=TagStatus.MERGED).exists()


def test_merge_tag_leaves_no_cycle_by_containment() -> None:
    old, new = make_tag("region", "A"), make_tag("region", "B")
    child = make_tag("region", "C", parent=old)
    with pool_write() as touched:
        TagContainment.objects.create(tag=new, container=child)
        touched.add(vocabulary=True)
    merge_tag(source=old, target=new)
    child.refresh_from_db()
    assert child.parent == new
    assert not TagContainment.objects.filter(tag=new, container=child).exists()


def test_merge_tag_refuses() -> None:
    tag = make_tag("industry")
    target = make_tag("industry")
    merged = make_tag("industry", status="merged", merged_into=tag)
    for source, into, code in (
        (tag, tag, "merge_with_itself"),
        (tag, make_tag("region"), "wrong_facet"),
        (tag, merged, "tag_gone"),
        (tag, make_tag("industry", status="rejected"), "tag_gone"),
        (merged, target, "move_not_allowed"),
    ):
        with pytest.raises(DomainError) as refusal:
            merge_tag(source=source, target=into)
        assert refusal.value.code == code


def test_merge_tag_again_reaches_the_last_target() -> None:
    first, second, third = make_tag("industry", "First"), make_tag("industry", "Second"), make_tag("industry", "Third")
    merge_tag(source=first, target=second)
    merge_tag(source=second, target=third)
    assert find_tag(facet="industry", name="First") == third
    assert set(third.synonyms.values_list("folded", flat=True)) == {"first", "second"}
