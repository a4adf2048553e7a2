"""Deciding about many unknown words: what each becomes, and that undoing leaves every row as it was."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from delivery.jobs import JobCancelledError
from delivery.models import Job, JobStatus
from references.enums import TagStatus
from references.errors import DomainError
from references.importing.tagging import Tagger
from references.models import ContactTag, CustomerTag, SortedTerm, Tag, TagSorting, TagSynonym
from references.services import sorting as service
from references.services.sorting import plan_sorting, run_sorting_job, start_sorting, undo_sorting
from references.services.tags import accept_tag, set_synonyms
from references.services.unmapped import Unmapped, list_unmapped
from tests.factories import make_case_study, make_contact, make_customer, make_tag
from users.models import User


def by_text() -> dict[str, Unmapped]:
    return {term.text: term for term in list_unmapped()}


def snapshot() -> dict[str, Any]:
    """Every row that sorting writes, keys of carriers aside."""
    return {
        "tags": list(Tag.objects.order_by("pk").values_list("pk", "name", "status", "parent", "merged_into")),
        "synonyms": sorted(TagSynonym.objects.values_list("tag", "text", "folded")),
        "customers": sorted(CustomerTag.objects.values_list("customer", "tag", "origin", "confidence", "verified_on")),
        "contacts": sorted(ContactTag.objects.values_list("contact", "tag", "verified_on")),
    }


def sort(verb: str, *keys: str, **more: Any) -> TagSorting:
    return start_sorting(sorting=plan_sorting(verb=verb, keys=keys, **more))


@pytest.mark.django_db
def test_unknown_words_are_listed_by_use_with_their_rows_counted() -> None:
    new, rare = (make_tag("industry", name, status="proposed") for name in ("Bankng", "Weaving"))
    banking = make_tag("industry", "Banking")
    customers = [make_customer(tags=[new], raw_industry="Bankng") for _ in range(2)]
    make_case_study(customers[0], tags=[new])
    make_contact(make_customer(tags=[rare]), title="Cartographer")
    make_contact(make_customer(tags=[banking], raw_industry="Money"), title="cartographer ")
    found = list_unmapped()
    assert [(term.text, term.total, term.source) for term in found] == [
        ("Bankng", 3, "word"), ("Cartographer", 2, "title"), ("Weaving", 1, "word"),
    ]  # fmt: skip
    assert found[0].uses == {"customers": 2, "stories": 1}
    assert found[0].suggestion is not None
    assert (found[0].suggestion.tag, found[0].suggestion.how) == (banking.pk, "typo")


@pytest.mark.django_db
def test_mapping_retags_and_is_a_synonym_for_the_next_import(manager: User) -> None:
    banking, new = make_tag("industry", "Banking"), make_tag("industry", "Geldhaus", status="proposed")
    customer = make_customer(tags=[new])
    sort("map", f"tag:{new.pk}", target=banking, by=manager)
    assert list(customer.tags.all()) == [banking]
    assert Tagger().names.find("industry", "geldhaus").tags == (banking.pk,)
    assert "Geldhaus" not in by_text()


@pytest.mark.django_db
def test_a_title_is_mapped_with_all_its_spellings() -> None:
    role = make_tag("role", "Geography")
    people = [make_contact(make_customer(), title=title) for title in ("Cartographer", "cartographer", "Pilot")]
    sort("map", by_text()["Cartographer"].key, target=role)
    assert [list(person.tags.all()) for person in people] == [[role], [role], []]
    assert set(by_text()) == {"Pilot"}


@pytest.mark.django_db
def test_a_title_that_the_vocabulary_knows_by_now_is_given_to_those_who_bear_it() -> None:
    role, person = make_tag("role", "Maps"), make_contact(make_customer(), title="Cartographer")
    set_synonyms(tag=role, texts=["cartographer"])
    word, before = by_text()["Cartographer"], snapshot()
    assert word.suggestion is not None
    assert word.suggestion.tag == role.pk
    done = sort("map", word.key)
    assert list(done.terms.values_list("fault", flat=True)) == [""]
    assert list(person.tags.all()) == [role]
    assert undo_sorting(sorting=done) == 1
    assert snapshot() == before


@pytest.mark.django_db
def test_ignored_words_are_not_asked_again_and_kept_ones_stand_below() -> None:
    role = make_tag("role", "Geography")
    make_contact(make_customer(), title="Pilot")
    make_contact(make_customer(), title="Cartographer")
    sort("ignore", by_text()["Pilot"].key)
    sort("below", by_text()["Cartographer"].key, target=role)
    assert by_text() == {}
    kept = Tag.objects.get(name="Cartographer")
    assert (kept.status, kept.parent) == (TagStatus.ACCEPTED, role)


@pytest.mark.django_db
def test_all_sure_ones_are_taken_but_no_kinds_of_another() -> None:
    make_tag("industry", "Retail Banking")
    for name in ("Retail banking services", "Private retail banking", "Weaving"):
        make_customer(tags=[make_tag("industry", name, status="proposed")])
    draft = plan_sorting(verb="map", keys=[], least=0.9)
    assert [row[1] for row in draft.plan] == ["Retail banking services"]


@pytest.mark.django_db
def test_refusals() -> None:
    new = make_tag("industry", "Weaving", status="proposed")
    for given_, code in (
        ({"verb": "burn", "keys": [f"tag:{new.pk}"]}, "unknown_verb"),
        ({"verb": "map", "keys": [f"tag:{new.pk}"]}, "nothing_chosen"),
        ({"verb": "map", "keys": [f"tag:{new.pk}"], "target": make_tag("role", "Weaver")}, "wrong_facet"),
    ):
        with pytest.raises(DomainError) as refusal:
            plan_sorting(**given_)
        assert refusal.value.code == code
    done = sort("ignore", f"tag:{new.pk}")
    with pytest.raises(DomainError):
        start_sorting(sorting=done)


@pytest.mark.django_db
def test_a_word_decided_meanwhile_is_left_with_the_reason() -> None:
    new = make_tag("industry", "Weaving", status="proposed")
    draft = plan_sorting(verb="ignore", keys=[f"tag:{new.pk}"])
    accept_tag(tag=new)
    start_sorting(sorting=draft)
    assert "by now" in SortedTerm.objects.get().fault
    new.refresh_from_db()
    assert new.status == TagStatus.ACCEPTED


@pytest.mark.django_db
def test_undoing_leaves_what_was_decided_again_since() -> None:
    new = make_tag("industry", "Weaving", status="proposed")
    done = sort("ignore", f"tag:{new.pk}")
    accept_tag(tag=new)
    assert undo_sorting(sorting=done) == 0
    assert "again since" in SortedTerm.objects.get().fault


@pytest.mark.django_db
def test_many_words_are_a_job_and_cancelling_takes_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "MOST_AT_ONCE", 1)
    for name in ("Weaving", "Spinning"):
        make_tag("industry", name, status="proposed")
    before = snapshot()
    draft = sort("keep", *(term.key for term in list_unmapped()))
    job = Job.objects.get(pk=draft.job_id or 0)
    calls = iter([None, JobCancelledError()])

    def tell(*_args: Any, **_more: Any) -> None:
        if (error := next(calls)) is not None:
            raise error

    monkeypatch.setattr(service, "report_progress", tell)
    with pytest.raises(JobCancelledError):
        run_sorting_job(job)
    assert snapshot() == before
    assert job.status == JobStatus.QUEUED


class UndoTests(TestCase):
    """Undoing is exact, whatever was carried."""

    @settings(max_examples=10, deadline=None)
    @given(
        verb=st.sampled_from(["map", "keep", "below", "ignore"]),
        carried=st.lists(st.sets(st.sampled_from(["new", "other", "target"])), min_size=1, max_size=4),
        synonyms=st.sets(st.sampled_from(["loom work", "cloth"])),
        titles=st.lists(st.sampled_from(["Pilot", "pilot", "Weaver"]), max_size=3),
    )
    def test_undo_restores_every_row(
        self, verb: str, carried: list[set[str]], synonyms: set[str], titles: list[str]
    ) -> None:
        tags = {
            "new": make_tag("industry", "Weaving", status="proposed"),
            "other": make_tag("industry", "Weavng", status="proposed"),
            "target": make_tag("industry", "Textiles"),
        }
        set_synonyms(tag=tags["new"], texts=synonyms)
        for each in carried:
            make_customer(tags=[tags[name] for name in sorted(each)])
        for title in titles:
            make_contact(make_customer(), title=title)
        role = make_tag("role", "Crafts")
        before = snapshot()
        words = [f"tag:{tags['new'].pk}", f"tag:{tags['other'].pk}"]
        done = [sort(verb, *words, target=tags["target"])]
        if titles:
            done.append(sort(verb, by_text()[titles[0]].key if titles[0] in by_text() else "title:pilot", target=role))
        for each_done in reversed(done):
            undo_sorting(sorting=each_done)
        assert snapshot() == before


@pytest.mark.django_db
def test_a_second_click_on_undo_leaves_no_fault(manager: User) -> None:
    make_tag("industry", "Banking")
    make_customer(tags=[make_tag("industry", "Bankng", status="proposed")])
    done = sort("keep", by_text()["Bankng"].key, by=manager)
    assert undo_sorting(sorting=done) == 1
    with pytest.raises(DomainError, match="nothing to undo"):
        undo_sorting(sorting=done)
    assert list(done.terms.values_list("fault", "is_undone")) == [("", True)]
