"""Writers of many kinds, and readers meanwhile: nothing is missed, nothing is seen by half, and no order matters."""

import contextlib
import json
import os
import random
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connections
from django.utils import timezone

from references.importing.running import import_file
from references.models import Contact, Tag
from references.pool.index import PoolIndex
from references.pool.snapshot import Snapshot
from references.pool.writing import pool_write
from references.services.contacts import save_contact
from references.services.holds import Ask, take_hold
from references.services.tag_merging import merge_tag
from references.services.tags import rename_tag
from tests.factories import (
    make_consent,
    make_contact,
    make_customer,
    make_engagement,
    make_policy,
    make_tag,
    make_testimonial,
)
from tests.references.importing.files import write_csv
from tests.references.pool.test_index import figures

ROOT = Path(__file__).parents[3]
WATCHERS, ROUNDS, ROWS = 3, 8, 5
Look = dict[str, Any]


@pytest.fixture
def _needs_postgresql(db: None) -> None:
    if connections["default"].vendor != "postgresql":
        pytest.skip("needs DATABASE_URL to name PostgreSQL")


class Watcher:
    """A process that looks at the pool of this test until it is told to stop."""

    def __init__(self, on: date, tags: list[int], var: Path) -> None:
        known = connections["default"].settings_dict
        access = f"{known['USER']}:{known['PASSWORD']}@{known['HOST']}:{known['PORT']}"
        kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST")}
        environment = kept | {
            "DATABASE_URL": f"postgres://{access}/{known['NAME']}",
            "DJANGO_SETTINGS_MODULE": "refprogram.settings",
            "VAR_DIR": str(var),
        }
        line = [sys.executable, "-m", "tests.references.pool.watching"]
        self.process = subprocess.Popen(
            line, cwd=ROOT, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps({"on": on.isoformat(), "tags": tags}) + "\n")
        self.process.stdin.flush()
        self.looks: list[Look] = []
        self.reader = threading.Thread(target=self._read)

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.looks.append(json.loads(line))

    def start(self) -> None:
        """Wait until it looks."""
        assert self.process.stdout is not None
        assert self.process.stdout.readline() == "ready\n"
        self.reader.start()

    def stop(self) -> list[Look]:
        """Let it look once more, and give all it saw, in order."""
        assert self.process.stdin is not None
        self.process.stdin.close()
        self.reader.join()
        assert self.process.wait() == 0
        return self.looks

    def close(self) -> None:
        """End it, whatever became of the test."""
        self.process.kill()
        self.process.wait()
        if self.reader.is_alive():
            self.reader.join()
        for stream in (self.process.stdin, self.process.stdout):
            assert stream is not None
            stream.close()


@pytest.fixture
def watch(tmp_path: Path) -> Iterator[Callable[[date, list[int]], list[Watcher]]]:
    started: list[Watcher] = []

    def start(on: date, tags: list[int]) -> list[Watcher]:
        started.extend(Watcher(on, tags, tmp_path / f"var{number}") for number in range(WATCHERS))
        for each in started:
            each.start()
        return started

    yield start
    for each in started:
        each.close()


class Pool:
    """What the writers write to, and when each of their writes was committed, by the clock of the host."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.on = timezone.localdate() + timedelta(days=30)
        self.pair = [make_contact(max_per_quarter=0), make_contact(max_per_quarter=0)]
        self.held = [make_contact(consents=["call"]) for _ in range(ROUNDS)]
        self.tags = [(make_tag(), make_tag()) for _ in range(ROUNDS)]
        self.carriers = [[make_contact(make_customer(tags=[old])).pk for _ in range(3)] for old, _ in self.tags]
        self.committed: dict[str, list[float]] = {"edit": [], "import": [], "hold": [], "merge": []}
        self.imported: list[set[int]] = []

    def edit(self, number: int) -> None:
        """Two pages saved in one transaction: the pair's own limit rises by one."""
        with pool_write():
            for each in self.pair:
                contact = Contact.objects.get(pk=each.pk)
                save_contact(contact=contact, customer=contact.customer, data={"max_per_quarter": number + 1})

    def import_(self, number: int) -> None:
        """A file of new people at customers of their own."""
        rows = [
            {
                "customer": f"Imported {number} {row}",
                "promoter": f"Pat {number} {row}",
                "email": f"p{number}{row}@x.test",
            }
            for row in range(ROWS)
        ]
        report = import_file(write_csv(self.folder, *rows, name=f"{number}.csv"))
        assert report.refusal is None, (report.refusal, report.problems)

    def hold(self, number: int) -> None:
        until = timezone.now() + timedelta(days=1)
        take_hold(contact=self.held[number], ask=Ask("call", self.on), source=f"t:{number}", expires_at=until)

    def merge(self, number: int) -> None:
        old, new = (Tag.objects.get(pk=each.pk) for each in self.tags[number])
        merge_tag(source=old, target=new)

    def write_at_once(self) -> None:
        """Let each kind of writer do its rounds on a connection of its own; raises what any of them raised."""
        writers = {"edit": self.edit, "import": self.import_, "hold": self.hold, "merge": self.merge}
        errors: list[Exception] = []

        def run(kind: str, write: Callable[[int], None]) -> None:
            try:
                for number in range(ROUNDS):
                    write(number)
                    self.committed[kind].append(time.monotonic())
            except Exception as error:
                errors.append(error)
            finally:
                connections.close_all()

        threads = [threading.Thread(target=run, args=each) for each in writers.items()]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert errors == []
        for number in range(ROUNDS):
            names = [f"Pat {number} {row}" for row in range(ROWS)]
            self.imported.append(set(Contact.objects.filter(name__in=names).values_list("pk", flat=True)))

    def done_before(self, kind: str, moment: float) -> int:
        """How many writes of a kind were committed before a moment."""
        return sum(at < moment for at in self.committed[kind])

    def check(self, look: Look) -> None:
        """Nothing by half, and nothing missed that was committed before the look began."""
        limits = {int(key): value for key, value in look["limits"].items()}
        began = look["began"]
        first, second = (limits[each.pk] for each in self.pair)
        assert first == second, "two pages of one transaction"
        assert first >= self.done_before("edit", began)
        found = [len(each & set(limits)) for each in self.imported]
        assert set(found) <= {0, ROWS}, "a file is there as a whole or not at all"
        assert found.count(ROWS) >= self.done_before("import", began)
        resting = [each.pk in look["rest"] for each in self.held]
        assert sum(resting) >= self.done_before("hold", began)
        merged = [self._is_merged(look, number) for number in range(ROUNDS)]
        assert sum(merged) >= self.done_before("merge", began)

    def _is_merged(self, look: Look, number: int) -> bool:
        """Whether the carriers have moved; they, and the vocabulary, move together."""
        (old, new), carriers = self.tags[number], sorted(self.carriers[number])
        on_old, on_new = (sorted(look["tags"].get(str(each.pk), [])) for each in (old, new))
        is_merged = old.pk not in look["known_tags"]
        assert (on_old, on_new) == (([], carriers) if is_merged else (carriers, []))
        return is_merged


@pytest.mark.services
@pytest.mark.usefixtures("_needs_postgresql")
@pytest.mark.django_db(transaction=True)
def test_processes_that_search_see_all_that_is_committed_and_no_half_of_a_write(
    watch: Callable[[date, list[int]], list[Watcher]], tmp_path: Path
) -> None:
    """Imports, page edits, holds and merges of tags at once, seen from several processes."""
    pool = Pool(tmp_path)
    watchers = watch(pool.on, [each.pk for pair in pool.tags for each in pair])
    pool.write_at_once()
    looks = [watcher.stop() for watcher in watchers]
    for seen in looks:
        numbers = [look["number"] for look in seen]
        assert numbers == sorted(numbers), "nobody goes back in time"
        assert len(set(numbers)) > 2, "the watcher looked between the writes"
        for look in seen:
            pool.check(look)
        last = seen[-1]
        assert [pool.done_before(kind, last["began"]) for kind in pool.committed] == [ROUNDS] * 4


class Dice:
    """Draws one write after another on a small pool."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.tags = [make_tag("industry", f"Industry {place}") for place in range(4)]
        self.contacts = [self._make_contact() for _ in range(6)]

    def _make_contact(self) -> Contact:
        notes = "cloud billing " * self.random.randint(0, 3)
        customer = make_customer(tags=self.random.sample(self.tags, 2), notes=notes)
        return make_contact(customer, title=f"Director {len(notes)}", consents=["call"])

    def write(self) -> None:
        """Do one write of any kind, or one that fails at its end."""
        contact = Contact.objects.get(pk=self.random.choice(self.contacts).pk)
        writes: list[Callable[[Contact], object]] = [
            self._touch, self._touch, self._edit, self._join, self._quote, self._consent, self._retire, self._merge,
            self._rename, self._govern, self._fail,
        ]  # fmt: skip
        self.random.choice(writes)(contact)

    def _touch(self, contact: Contact) -> None:
        on = date(2026, 1, 1) + timedelta(days=self.random.randint(0, 120))
        statuses = ["completed", "planned", "declined", "held", "no_answer", "released"]
        make_engagement(contact, self.random.choice(["call", "survey", "webinar"]), self.random.choice(statuses), on)

    def _edit(self, contact: Contact) -> None:
        save_contact(contact=contact, customer=contact.customer, data={"notes": "saved " * self.random.randint(0, 4)})

    def _join(self, contact: Contact) -> None:
        self.contacts.append(make_contact(contact.customer, tags=[self.random.choice(self.tags)], consents=["call"]))
        self.contacts.append(self._make_contact())

    def _quote(self, contact: Contact) -> None:
        make_testimonial(contact, text="Saved weeks of billing work. " * self.random.randint(1, 3))

    def _consent(self, contact: Contact) -> None:
        make_consent(contact, self.random.choice(["call", "quote", "webinar"]), valid_until=date(2026, 3, 20))

    def _retire(self, contact: Contact) -> None:
        with pool_write() as touched:
            Contact.objects.filter(pk=contact.pk).update(status=self.random.choice(["retired", "active"]))
            touched.add(contact.customer_id)

    def _merge(self, _: Contact) -> None:
        old = self.tags.pop(self.random.randrange(len(self.tags)))
        self.tags.append(make_tag("industry"))
        merge_tag(source=Tag.objects.get(pk=old.pk), target=self.random.choice(self.tags))

    def _rename(self, _: Contact) -> None:
        tag = Tag.objects.get(pk=self.random.choice(self.tags).pk)
        rename_tag(tag=tag, name=f"{tag.name} cloud {self.random.randint(0, 10**6)}")

    def _govern(self, _: Contact) -> None:
        make_policy({"show_customer_name": self.random.random() < 0.5})

    def _fail(self, contact: Contact) -> None:
        with contextlib.suppress(ZeroDivisionError), pool_write():
            make_engagement(contact, "call", on=date(2026, 3, 1))
            raise ZeroDivisionError


@pytest.mark.django_db(transaction=True, databases=["default", "pool"])
@pytest.mark.parametrize("seed", range(3))
def test_any_order_of_writes_and_questions_leaves_the_index_as_if_built_anew(seed: int) -> None:
    """To the last bit, whatever was written before, and however many writes lie between two questions."""
    dice, pool = Dice(seed), PoolIndex()
    most = 0
    for step in range(24):
        dice.write()
        if dice.random.random() < 0.6:
            most = max(most, len(pool.current().views))
        if step % 8 == 7:
            stepwise, rebuilt = pool.current(), PoolIndex().current()
            assert len(rebuilt.views) == 1
            assert all_figures(stepwise, dice.tags) == all_figures(rebuilt, dice.tags)
    assert most > 1, "changes were laid over what was there"


def all_figures(snapshot: Snapshot, tags: Iterable[Tag]) -> dict[str, Any]:
    """What ranking reads of everyone, who carries which tag, and what the vocabulary calls it."""
    found = figures(snapshot)
    for tag in tags:
        carriers: list[int] = []
        for view in snapshot.views:
            rows = view.people.tags.at(tag.pk)[0]
            carriers += view.segment.people_docs.ids[rows[view.people.is_live[rows]]].tolist()
        found[f"tag {tag.pk}"] = (snapshot.vocabulary.get(tag.pk).name, sorted(carriers))
    return found
