"""Loading the starter vocabulary: complete, once, and never over a manager's edits."""

import pytest
from django.core.management import call_command

from references.enums import TagStatus
from references.models import PoolRevision, Tag, TagContainment, TagSynonym
from references.pool.writing import pool_write
from references.services.tag_merging import merge_tag
from references.services.tags import propose_tag, rename_tag, reparent_tag, set_synonyms
from references.services.vocabulary import ensure_vocabulary, load_vocabulary
from references.starter import load_starter

pytestmark = pytest.mark.django_db


def test_load_vocabulary_brings_every_starter_tag() -> None:
    rows = load_starter()
    assert load_vocabulary() == len(rows)
    tags = {(tag.facet, tag.slug): tag for tag in Tag.objects.select_related("parent")}
    assert set(tags) == {(row.facet, row.slug) for row in rows}
    for row in rows:
        parent = tags[row.facet, row.slug].parent
        assert (parent.slug if parent else "") == row.parent
    assert TagSynonym.objects.count() == sum(len(row.synonyms) for row in rows)
    assert TagContainment.objects.count() == sum(len(row.also_in) for row in rows)


def test_load_vocabulary_twice_changes_nothing() -> None:
    load_vocabulary()
    before = (Tag.objects.count(), TagSynonym.objects.count(), PoolRevision.objects.get().value)
    assert load_vocabulary() == 0
    assert (Tag.objects.count(), TagSynonym.objects.count(), PoolRevision.objects.get().value) == before


def test_load_vocabulary_leaves_a_managers_edits_alone() -> None:
    load_vocabulary()
    banking, insurance = Tag.objects.get(slug="banking"), Tag.objects.get(slug="insurance")
    rename_tag(tag=banking, name="Money houses")
    reparent_tag(tag=banking, parent=None)
    set_synonyms(tag=insurance, texts=["cover"])
    merge_tag(source=Tag.objects.get(slug="reinsurance"), target=insurance)
    assert load_vocabulary() == 0
    banking.refresh_from_db()
    assert (banking.name, banking.parent) == ("Money houses", None)
    assert {each.folded for each in insurance.synonyms.all()} >= {"cover", "reinsurance"}
    assert Tag.objects.get(slug="reinsurance").status == TagStatus.MERGED


def test_load_vocabulary_accepts_what_an_import_proposed() -> None:
    proposed = propose_tag(facet="industry", name="Retail Banking")
    load_vocabulary()
    proposed.refresh_from_db()
    assert proposed.status == TagStatus.ACCEPTED
    assert proposed.parent is not None
    assert proposed.parent.slug == "banking"


def test_load_vocabulary_new_tags_lie_below_what_their_parent_was_merged_into() -> None:
    load_vocabulary()
    with pool_write() as touched:
        Tag.objects.filter(slug="retail-banking").delete()
        touched.add(vocabulary=True)
    merge_tag(source=Tag.objects.get(slug="banking"), target=Tag.objects.get(facet="industry", slug="insurance"))
    assert load_vocabulary() == 1
    parent = Tag.objects.get(slug="retail-banking").parent
    assert parent is not None
    assert parent.slug == "insurance"


def test_load_vocabulary_command(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("load_vocabulary")
    call_command("load_vocabulary")
    first, second = capsys.readouterr().out.splitlines()
    assert "tags added" in first
    assert "complete" in second


def test_ensure_vocabulary_loads_into_an_empty_program_only() -> None:
    assert ensure_vocabulary() > 1_000
    assert ensure_vocabulary() == 0
    with pool_write() as touched:
        Tag.objects.filter(slug="denmark").update(name="Danmark")
        touched.add(vocabulary=True)
    assert ensure_vocabulary() == 0
    assert Tag.objects.get(slug="denmark").name == "Danmark"
