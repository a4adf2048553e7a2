"""Equal inputs, equal output: whatever order a process gives its sets, and whatever database the pool came from."""

import hashlib
import os
import subprocess
import sys
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import pytest

from references.activities import CODES
from references.days import day_number
from references.models import Customer, Tag
from references.pool.features import TagFeature
from references.pool.index import current_snapshot
from tests.factories import make_contact, make_customer, make_engagement, make_tag
from tests.matching.answers import answers
from tests.matching.pools import FRESH, TODAY, customer, need_of, person, rank, reading, snapshot_of, tag, touch

ROOT = Path(__file__).parents[2]


def _digest_in_process(seed: str) -> str:
    line = [sys.executable, "-m", "tests.matching.answers"]
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST")}
    environment = kept | {"PYTHONHASHSEED": seed, "DJANGO_SETTINGS_MODULE": "refprogram.settings"}
    return subprocess.run(line, cwd=ROOT, env=environment, capture_output=True, text=True, check=True).stdout.strip()


def test_processes_with_other_hash_seeds_answer_alike_to_the_last_bit() -> None:
    here = answers()
    assert len(here) > 200
    assert len(set(here)) > 150, "the answers differ among themselves"
    expected = f"{len(here)} {hashlib.sha256(chr(10).join(here).encode()).hexdigest()}"
    assert {_digest_in_process(seed) for seed in ("0", "1", "31337")} == {expected}


FINANCE = tag(9001, "finance")
BANKING, INSURANCE = tag(9003, "banking", "industry", 9001), tag(9002, "insurance", "industry", 9001)
OLD = TODAY - timedelta(days=800)
LEDGER = {
    701: [("call", "completed", 12), ("survey", "declined", 40)],
    703: [("case_study", "completed", 200)],
    704: [("call", "declined", 5), ("webinar", "planned", -20)],
}


def _fill_database() -> None:
    """Make three customers with four people, a ledger and tags, in an order that is not that of their ids."""
    finance = make_tag("industry", "Finance", id=FINANCE.id)
    banking = make_tag("industry", "Banking", id=BANKING.id, parent=finance)
    insurance = make_tag("industry", "Insurance", id=INSURANCE.id, parent=finance)
    make_customer("C", id=503, size_band="201-1000", tags=[insurance], verified_on=TODAY)
    make_customer("A", id=501, size_band="1-50", tags=[banking], verified_on=TODAY)
    make_customer("B", id=502, tags=[finance, insurance], verified_on=TODAY)
    _make_person(704, 503)
    _make_person(703, 501)
    _make_person(701, 501, seniority="vp")
    _make_person(702, 502, banking)


def _make_person(number: int, customer_id: int, *own: Tag, seniority: str = "") -> None:
    contact = make_contact(
        Customer.objects.get(pk=customer_id), f"Person {number}", id=number, tags=own, verified_on=OLD, consents=CODES,
        seniority=seniority,
    )  # fmt: skip
    for activity, status, ago in LEDGER.get(number, ()):
        on = TODAY - timedelta(days=ago)
        make_engagement(
            contact, activity, status, on, recorded_at=datetime.combine(min(on, TODAY), time(12), tzinfo=UTC)
        )


@pytest.mark.django_db
def test_pool_read_from_a_database_ranks_as_the_same_pool_made_in_memory() -> None:
    """Whichever database the tests run on has to give the figures of no database at all, to the last bit."""
    _fill_database()
    events = {
        number: [touch(number, activity, status, TODAY - timedelta(days=ago)) for activity, status, ago in rows]
        for number, rows in LEDGER.items()
    }
    first = [person(701, [BANKING.id], seniority="vp"), person(703, [BANKING.id])]
    own = {FINANCE.id: FRESH, INSURANCE.id: FRESH, BANKING.id: TagFeature(day_number(OLD))}
    customers = [
        customer(501, *first, size="1-50", events=[*events[703], *events[701]]),
        customer(502, person(702, own)),
        customer(503, person(704, [INSURANCE.id]), size="201-1000", events=events[704]),
    ]
    need = need_of(reading(BANKING), reading(INSURANCE, stress=2.0))
    expected = rank(snapshot_of([FINANCE, BANKING, INSURANCE], customers), need)
    assert sorted(expected) == [701, 702, 703, 704]
    assert len({row.score for row in expected.values()}) == 4
    assert rank(current_snapshot(), need) == expected
