"""The index is exactly fresh in every process: the six rules, each on connections of its own."""

import contextlib
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.db import connections, transaction

from references.models import Contact, PoolNote, PoolRevision, Tag
from references.pool.conditions import conditions_of
from references.pool.index import PoolIndex
from references.pool.relevance import plan_query, score_text
from references.pool.segment import Segment
from references.pool.snapshot import Snapshot
from references.pool.writing import pool_write, renew_epoch
from references.services.sorting import plan_sorting, start_sorting, undo_sorting
from references.services.tag_merging import merge_tag
from references.services.tags import rename_tag, reparent_tag, set_synonyms
from references.services.vocabulary import load_vocabulary
from tests.factories import (
    make_case_study,
    make_consent,
    make_contact,
    make_customer,
    make_engagement,
    make_policy,
    make_tag,
    make_testimonial,
)

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "pool"])
NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _own_connection(settings: Any) -> Iterator[None]:
    """Read on the alias "pool", as the product does."""
    settings.POOL_DATABASE = "pool"
    yield
    connections["pool"].close()


def ids(snapshot: Snapshot) -> set[int]:
    return {
        int(each)
        for view in snapshot.views
        for each, live in zip(view.segment.people_docs.ids, view.people.is_live, strict=True)
        if live
    }


def in_thread(work: Callable[[], Any]) -> Any:
    """Run `work` on connections of its own, as another process would."""
    result: list[Any] = []

    def run() -> None:
        try:
            result.append(work())
        finally:
            connections.close_all()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    return result[0]


def test_current_sees_every_committed_change() -> None:
    pool = PoolIndex()
    first = make_contact()
    assert ids(pool.current()) == {first.pk}
    second = make_contact()
    assert ids(pool.current()) == {first.pk, second.pk}
    with pool_write() as touched:
        Contact.objects.filter(pk=first.pk).update(status="retired")
        touched.add(first.customer_id)
    assert ids(pool.current()) == {second.pk}


def test_current_does_not_see_an_open_transaction() -> None:
    """Rule 2: the reader has a connection of its own, so what may roll back is never read."""
    pool = PoolIndex()
    contact = make_contact()
    customer = make_customer()
    with pool_write() as touched:
        Contact.objects.create(customer=customer, name="Later", folded_name="later", status="active")
        touched.add(customer.pk)
        assert in_thread(lambda: ids(pool.current())) == {contact.pk}
    assert len(ids(pool.current())) == 2


def test_current_after_a_rolled_back_write_is_unchanged() -> None:
    pool = PoolIndex()
    contact = make_contact()
    number = pool.current().number
    fail_after(lambda: make_contact(contact.customer))
    assert pool.current().number == number


def test_current_after_a_new_epoch_or_a_counter_gone_back_reads_everything() -> None:
    """Rule 3: a restore shows in the epoch; a cursor ahead of the counter reloads too."""
    pool = PoolIndex()
    contact = make_contact()
    old = pool.current()
    with transaction.atomic():
        renew_epoch()
    assert pool.current().epoch != old.epoch
    PoolRevision.objects.filter(pk=1).update(value=0)
    with connections["default"].cursor() as cursor:
        cursor.execute("UPDATE references_contact SET status = 'retired' WHERE id = %s", [contact.pk])
    assert ids(pool.current()) == set()


def test_current_with_notes_missing_reads_everything() -> None:
    pool = PoolIndex()
    first = make_contact()
    pool.current()
    second, third = make_contact(), make_contact()
    PoolNote.objects.filter(object_id=second.customer_id).delete()
    assert ids(pool.current()) == {first.pk, second.pk, third.pk}


def test_held_slot_frees_itself_when_time_passes_without_a_write() -> None:
    """Rule 4: instants are kept, never booleans, so an expired hold counts nothing whether swept or not."""
    contact = make_contact(consents=["call"])
    make_engagement(
        contact, "call", "held", date(2026, 3, 20), recorded_at=NOW, hold_expires_at=NOW + timedelta(hours=1)
    )
    snapshot = PoolIndex().current()
    segment = snapshot.views[0].segment

    def is_free(now: datetime) -> bool:
        return bool(conditions_of(segment, "call", date(2026, 3, 21), now=now, policy=snapshot.policy).free()[0])

    assert not is_free(NOW)
    assert not is_free(NOW + timedelta(minutes=59))
    assert is_free(NOW + timedelta(hours=1))


def test_consent_pause_and_blackout_end_when_time_passes_without_a_write() -> None:
    contact = make_contact()
    make_consent(contact, "call", valid_from=date(2026, 1, 1), valid_until=date(2026, 3, 10))
    segment = PoolIndex().current().views[0].segment
    policy = PoolIndex().current().policy

    def broken(on: date) -> set[str]:
        found = conditions_of(segment, "call", on, now=NOW, policy=policy)
        return {code for code, mask in found.broken.items() if mask[0]}

    assert broken(date(2026, 3, 10)) == set()
    assert broken(date(2026, 3, 11)) == {"no_consent"}


def fail_after(write: Callable[[], Any]) -> None:
    """Do `write` inside a pool write that then fails."""
    with contextlib.suppress(ZeroDivisionError), pool_write():
        write()
        raise ZeroDivisionError


def make_pool(seed: int) -> list[Any]:
    """Make a small pool in which words, tags and touches repeat; gives its contacts."""
    tags = [make_tag("industry", f"Industry {seed} {place}") for place in range(3)]
    contacts = []
    for place in range(6):
        customer = make_customer(tags=tags[: place % 3 + 1], notes="cloud billing " * (place + 1))
        contact = make_contact(customer, title=f"Director {place}", consents=["call", "quote"])
        make_testimonial(contact, text=f"Saved {place} weeks of billing work, truly.")
        make_case_study(customer, title="Billing in the cloud", results="Twice as fast " * place)
        make_engagement(contact, "call", on=date(2026, 1, 1 + place))
        contacts.append(contact)
    return contacts


def figures(snapshot: Snapshot) -> dict[str, Any]:
    """Everything that ranking reads, by contact, whatever segment it lies in."""
    query = plan_query(snapshot, "people", ["cloud", "bill", "save", "industri"])
    found: dict[str, Any] = {
        "statistics": snapshot.text_statistics("people"),
        "content": snapshot.text_statistics("content"),
        "terms": query,
        "tags": {key: count for key, count in snapshot.tag_counts.items() if count},
        "acceptance": snapshot.acceptance,
    }
    for view in snapshot.views:
        text = score_text(query, snapshot, view.people)
        found_conditions = conditions_of(view.segment, "call", date(2026, 3, 9), now=NOW, policy=snapshot.policy)
        for row in np.flatnonzero(view.people.is_live).tolist():
            found[f"person {view.segment.people_docs.ids[row]}"] = (
                float(text[row]),
                float(found_conditions.phi[row]),
                sorted(code for code, mask in found_conditions.broken.items() if mask[row]),
            )
    return found


def test_incremental_equals_rebuilt_to_the_last_bit() -> None:
    """Rule 5: statistics come from integer counts."""
    pool = PoolIndex()
    contacts = make_pool(1)
    pool.current()
    for place, contact in enumerate([*contacts, *contacts[:4]]):
        with pool_write() as touched:
            Contact.objects.filter(pk=contact.pk).update(notes="renewed " * place)
            touched.add(contact.customer_id)
        make_engagement(contact, "webinar", on=date(2026, 2, 1 + place))
        pool.current()
    make_pool(2)

    stepwise, rebuilt = pool.current(), PoolIndex().current()

    assert len(stepwise.views) > 1
    assert len(rebuilt.views) == 1
    assert figures(stepwise) == figures(rebuilt)


def test_whatever_is_done_to_a_tag_reaches_who_carries_it() -> None:
    """Rule 5 for the vocabulary: the names of tags are words that people are found by."""
    pool = PoolIndex()
    banking = make_tag("industry", "Cloud billing", slug="retail-banking", status="proposed")
    other = make_tag("industry", "Bill savers")
    make_contact(make_customer(tags=[banking]), consents=["call"])
    make_contact(make_customer(tags=[other]), consents=["call"])

    def sort_and_undo() -> None:
        new = make_tag("industry", "Clouds", status="proposed")
        make_contact(make_customer(tags=[new]), consents=["call"])
        pool.current()
        done = start_sorting(sorting=plan_sorting(verb="map", keys=[f"tag:{new.pk}"], target=other))
        assert figures(pool.current()) == figures(PoolIndex().current())
        undo_sorting(sorting=done)

    acts: list[Callable[[], Any]] = [
        load_vocabulary,  # accepts the proposed tag, under the name it has there
        lambda: rename_tag(tag=other, name="Cloud industries"),
        lambda: set_synonyms(tag=other, texts=["save bills"]),
        lambda: reparent_tag(tag=other, parent=Tag.objects.get(slug="banking", facet="industry")),
        sort_and_undo,
        lambda: merge_tag(source=other, target=banking),
    ]
    for act in acts:
        before = figures(pool.current())
        act()
        assert figures(pool.current()) == figures(PoolIndex().current())
        if act is load_vocabulary:
            assert figures(pool.current())["terms"] != before["terms"]


def test_old_snapshot_keeps_answering_as_it_was() -> None:
    """Rule 6: snapshots are swapped, not mutated."""
    pool = PoolIndex()
    contacts = make_pool(3)
    old = pool.current()
    before = figures(old)
    for contact in contacts:
        make_engagement(contact, "call", on=date(2026, 2, 20))
        pool.current()
    assert figures(old) == before
    assert figures(pool.current()) != before


def test_image_on_disk_is_mapped_and_carried_on(settings: Any, tmp_path: Path) -> None:
    """Rule 6: the base is an image that processes share; notes since carry a newcomer on."""
    settings.POOL_IMAGE_DIR, settings.POOL_IMAGE_MIN_PEOPLE = tmp_path, 1
    contacts = make_pool(4)
    built = PoolIndex().current()
    assert isinstance(built.views[0].segment.people_docs.ids.base, np.memmap)
    make_engagement(contacts[0], "call", on=date(2026, 2, 20))

    opened = PoolIndex().current()

    assert len(opened.views) == 2, "the image and what changed since, not a rebuild"
    settings.POOL_IMAGE_DIR = None
    assert figures(opened) == figures(PoolIndex().current())


def test_damaged_image_is_built_anew(settings: Any, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    settings.POOL_IMAGE_DIR, settings.POOL_IMAGE_MIN_PEOPLE = tmp_path, 1
    make_pool(5)
    PoolIndex().current()
    (image,) = [folder for folder in tmp_path.iterdir() if folder.is_dir()]
    (image / "people.status.npy").write_bytes(b"")
    with pytest.raises(EOFError):
        Segment.load(image)

    assert len(ids(PoolIndex().current())) == 6
    assert "cannot be read" in caplog.text


@pytest.mark.services
def test_interleaved_writers_and_readers_miss_nothing() -> None:
    """Rule 1: numbers come in commit order, so whatever is committed before a question is in its answer."""
    if connections["default"].vendor != "postgresql":
        pytest.skip("needs DATABASE_URL to name PostgreSQL")
    committed: set[int] = set()
    missing: list[set[int]] = []
    lock, done = threading.Lock(), threading.Event()

    def write(count: int) -> None:
        try:
            for _ in range(count):
                contact = make_contact()
                with lock:
                    committed.add(contact.pk)
        finally:
            connections.close_all()

    def read() -> None:
        pool = PoolIndex()
        try:
            while not done.is_set():
                with lock:
                    expected = set(committed)
                seen = ids(pool.current())
                if expected - seen:
                    missing.append(expected - seen)
        finally:
            connections.close_all()

    writers = [threading.Thread(target=write, args=(25,)) for _ in range(4)]
    readers = [threading.Thread(target=read) for _ in range(2)]
    for thread in (*readers, *writers):
        thread.start()
    for thread in writers:
        thread.join()
    done.set()
    for thread in readers:
        thread.join()

    assert missing == []
    assert ids(PoolIndex().current()) == committed
    assert len(committed) == 100


def test_hidden_customers_names_leave_the_words_when_the_policy_hides_them() -> None:
    """A change of policy reads everything anew, since it says whose names the words may hold."""
    pool = PoolIndex()
    customer = make_customer("Zyxware")
    make_contact(customer, title="Engineer")
    make_case_study(customer, title="How Zyxware grew")

    def holds(stem: str) -> bool:
        return any(len(view.people.word(stem)[0]) for view in pool.current().views)

    assert holds("zyxwar")
    make_policy({"show_customer_name": False})
    assert not holds("zyxwar")
    assert holds("grew")


def test_image_holds_no_more_than_the_columns_however_much_was_asked_of_them(tmp_path: Path) -> None:
    make_contact(make_customer("Oakmere"), tags=[make_tag("role", "CFO")])
    snapshot = PoolIndex().current()
    segment = snapshot.views[0].segment
    segment.save(tmp_path / "fresh")
    figures(snapshot)
    assert segment.people_rows
    assert len(segment.answers[0]) == 1
    words = segment.people_docs.length_totals.tolist()
    segment.save(tmp_path / "used")
    names = [sorted(path.name for path in (tmp_path / each).iterdir()) for each in ("fresh", "used")]
    assert names[0] == names[1]
    assert Segment.load(tmp_path / "used").people_docs.length_totals.tolist() == words
