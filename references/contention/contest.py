"""Runs a contest for holds on the empty database of this process, and adds up what was told and what was found."""

import multiprocessing
import secrets
from collections import Counter
from dataclasses import dataclass, field
from datetime import date

from django.db import connection, connections
from django.utils import timezone

from references.activities import CODES
from references.contention.audit import count_broken, read_statuses
from references.contention.prepared import sell
from references.contention.salesperson import PATIENCE, Told, Work
from references.enums import ContactStatus
from references.models import Consent, Contact, Customer
from references.pool.writing import pool_write
from references.program import current_policy
from references.services.policies import save_policy
from references.text import fold_name

PEOPLE_PER_CUSTOMER = 3
LONG_AGO = date(2020, 1, 1)
WIDE = {"caps": {"asks_per_month": 100_000}, "fatigue": {"scale_normal": 10_000.0}}
"""Asks a month and fatigue are set wide: they would stop everybody after the first day, before the other caps bind."""


@dataclass
class Outcome:
    """What a contest came to. `lost` successes are not in the ledger as they were told, `doubled` are there twice."""

    database: str
    salespeople: int
    people: int
    rounds: int
    seed: int
    locks: bool
    attempts: int = 0
    taken: int = 0
    refused: int = 0
    refused_by: dict[str, int] = field(default_factory=dict)
    moves: dict[str, int] = field(default_factory=dict)
    caps_broken: dict[str, int] = field(default_factory=dict)
    lost: int = 0
    doubled: int = 0
    errors: dict[str, int] = field(default_factory=dict)
    seconds: float = 0.0

    @property
    def is_as_it_should_be(self) -> bool:
        """Whether no cap is broken, and nothing lost, doubled or failed; of the control, whether caps are broken."""
        if not self.locks:
            return bool(self.caps_broken)
        return self.attempts > 0 and not (self.caps_broken or self.lost or self.doubled or self.errors)


def run_contest(*, people: int, salespeople: int, rounds: int, locks: bool, seed: int | None = None) -> Outcome:
    """Make `people` promoters, let as many processes as `salespeople` go at them at once, and audit the ledger.

    Raises RuntimeError where the database holds promoters already.
    """
    if Contact.objects.exists():
        raise RuntimeError("A contest needs an empty database of its own.")
    seed = secrets.randbits(32) if seed is None else seed
    name = f"{connection.display_name} {'.'.join(map(str, connection.get_database_version()))}"
    outcome = Outcome(name, salespeople, people, rounds, seed, locks)
    contact_ids = _make_people(people)
    connections.close_all()
    told = _let_them_sell([Work(each, contact_ids, rounds, seed, locks) for each in range(salespeople)])
    _add_up(outcome, told)
    outcome.caps_broken = count_broken(current_policy().caps, timezone.now())
    _compare(outcome, told)
    return outcome


def _make_people(count: int) -> list[int]:
    """Active promoters who agree to everything, three at each customer, so that customers' caps bind too."""
    save_policy(values=WIDE, note="Asks and fatigue set wide, so that the other caps bind.")
    made = []
    with pool_write() as touched:
        for number in range(count):
            if number % PEOPLE_PER_CUSTOMER == 0:
                name = f"Customer {number}"
                customer = Customer.objects.create(name=name, folded_name=fold_name(name))
            name = f"Person {number}"
            contact = Contact.objects.create(
                customer=customer, name=name, folded_name=fold_name(name), status=ContactStatus.ACTIVE,
                activities=list(CODES),
            )  # fmt: skip
            Consent.objects.bulk_create(
                Consent(contact=contact, customer=customer, activity=code, valid_from=LONG_AGO) for code in CODES
            )
            made.append(contact.pk)
            touched.add(customer.pk)
    return made


def _let_them_sell(works: list[Work]) -> list[Told]:
    """One process each, started by a fresh server that shares no connection with this one; all begin together."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["references.contention.prepared"])
    start, told = context.Barrier(len(works)), context.SimpleQueue()
    processes = [context.Process(target=sell, args=(work, start, told)) for work in works]
    for process in processes:
        process.start()
    results = [told.get() for _ in processes]
    for process in processes:
        process.join(PATIENCE)
    return results


def _add_up(outcome: Outcome, told: list[Told]) -> None:
    refused: Counter[str] = Counter()
    moves: Counter[str] = Counter()
    errors: Counter[str] = Counter()
    for each in told:
        outcome.attempts += each.attempts
        outcome.taken += len(each.rows)
        refused.update(each.refused)
        moves.update(each.moves)
        errors.update(each.errors)
    outcome.refused = outcome.attempts - outcome.taken
    outcome.refused_by, outcome.moves, outcome.errors = dict(refused.most_common()), dict(moves), dict(errors)
    outcome.seconds = max(each.ended for each in told) - min(each.began for each in told)


def _compare(outcome: Outcome, told: list[Told]) -> None:
    """What was told as done, against what stands in the ledger."""
    found = read_statuses()
    claimed = {source: row for each in told for source, row in each.rows.items()}
    outcome.lost = sum(found.get(source) != row for source, row in claimed.items())
    rows = [row for row, _status in claimed.values()]
    repeated = sum(each.repeats_differ for each in told)
    outcome.doubled = repeated + len(rows) - len(set(rows)) + len(found.keys() - claimed.keys())
