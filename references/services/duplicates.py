"""Finds likely duplicates in the pool and keeps them: all of it, or what an import touched; and notes decisions."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from itertools import chain, islice
from typing import Any

from django.db.models import Q
from django.utils import timezone

from delivery.jobs import report_progress, start_job
from delivery.models import Job
from references.duplicates.finding import find_firms, find_persons
from references.duplicates.judging import Firm, Likely, Person
from references.enums import DuplicateKind, DuplicateStatus, Facet
from references.errors import DomainError
from references.importing.contacts import _MAILBOX
from references.importing.customers import is_own_domain
from references.models import Contact, Customer, CustomerTag, DuplicatePair, Tag, TagContainment
from references.personal_words import ERASED_NAME
from users.models import User

JOB_KIND = "duplicates"
MOST_KEPT = 20_000  # pairs of one kind, the likeliest: more than anybody looks at
_BATCH = 500
_LEAST_DIGITS = 7


def start_search(*, by: User | None) -> Job:
    """Queue a search of the whole pool."""
    return start_job(kind=JOB_KIND, title="Likely duplicates", parameters={}, requested_by=by)


def run_search_job(job: Job) -> dict[str, Any]:
    """Search the whole pool as a job; gives how many likely duplicates are open."""
    report_progress(job, done=0, total=2, step="customers")
    new = search_customers()
    report_progress(job, done=1, total=2, step="contacts")
    new += search_contacts()
    return {"duplicates": {"new": new, "open": DuplicatePair.objects.open().count()}}


def search_all() -> int:
    """Search the whole pool; gives how many pairs are new."""
    return search_customers() + search_contacts()


def search_touched(customers: Collection[int]) -> int:
    """Search for what may be the same as these customers or their people; gives how many such pairs are open."""
    people = set(Contact.objects.filter(customer__in=list(customers)).values_list("pk", flat=True))
    search_customers(customers)
    search_contacts(people)
    pairs = DuplicatePair.objects.open().values_list("kind", "first", "second")
    mine = {DuplicateKind.CUSTOMER.value: set(customers), DuplicateKind.CONTACT.value: people}
    return sum(first in mine[kind] or second in mine[kind] for kind, first, second in pairs.iterator())


def search_customers(among: Collection[int] | None = None) -> int:
    """Search the customers, or what may be the same as some of them; gives how many pairs are new."""
    return _keep(DuplicateKind.CUSTOMER, find_firms(_read_firms(), among), among)


def search_contacts(among: Collection[int] | None = None) -> int:
    """Search the contacts, or what may be the same as some of them; gives how many pairs are new."""
    return _keep(DuplicateKind.CONTACT, find_persons(_read_persons(), among), among)


def search_colleagues(customer: int) -> int:
    """Search the people of one customer against each other, after it was merged; gives how many pairs are new."""
    return _keep(DuplicateKind.CONTACT, find_persons(_read_persons(customer), None), frozenset())


def dismiss_pair(*, pair: DuplicatePair, by: User) -> DuplicatePair:
    """Note that two rows are not the same: they are not put forward again. Raises DomainError(pair_decided)."""
    changed = DuplicatePair.objects.open().filter(pk=pair.pk)
    if not changed.update(status=DuplicateStatus.DISMISSED, decided_by=by, decided_at=timezone.now()):
        raise DomainError("pair_decided", "Somebody has decided this already.")
    pair.refresh_from_db()
    return pair


def reopen_pair(*, pair: DuplicatePair) -> DuplicatePair:
    """Put two rows forward again; raises DomainError(pair_decided) unless they were said to differ."""
    changed = DuplicatePair.objects.filter(pk=pair.pk, status=DuplicateStatus.DISMISSED)
    if not changed.update(status=DuplicateStatus.OPEN, decided_by=None, decided_at=None):
        raise DomainError("pair_decided", "Somebody has decided this already.")
    pair.refresh_from_db()
    return pair


def _keep(kind: str, found: Iterable[Likely], among: Collection[int] | None) -> int:
    """Keep what is new, tell what is known anew, and drop open pairs that are alike no more; decisions stay."""
    likely = {(each.first, each.second): each for each in islice(found, MOST_KEPT)}
    known = {(pair.first, pair.second): pair for pair in DuplicatePair.objects.filter(kind=kind)}
    stale = [pair.pk for key, pair in known.items() if _is_stale(pair, key in likely, among)]
    for start in range(0, len(stale), _BATCH):
        DuplicatePair.objects.open().filter(pk__in=stale[start : start + _BATCH]).delete()
    changed = []
    for key, each in likely.items():
        pair = known.get(key)
        reasons = [list(reason) for reason in each.reasons]
        if pair is not None and (pair.score, pair.reasons) != (each.score, reasons):
            pair.score, pair.reasons = each.score, reasons
            changed.append(pair)
    DuplicatePair.objects.bulk_update(changed, ["score", "reasons"], batch_size=_BATCH)
    new = [each for key, each in likely.items() if key not in known]
    rows = (
        DuplicatePair(kind=kind, first=each.first, second=each.second, score=each.score, reasons=each.reasons)
        for each in new
    )
    DuplicatePair.objects.bulk_create(rows, batch_size=_BATCH, ignore_conflicts=True)  # two searches may meet
    return len(new)


def _is_stale(pair: DuplicatePair, is_likely: bool, among: Collection[int] | None) -> bool:
    was_searched = among is None or pair.first in among or pair.second in among
    return pair.status == DuplicateStatus.OPEN and was_searched and not is_likely


def _read_firms() -> list[Firm]:
    around = _read_places()
    places: defaultdict[int, set[int]] = defaultdict(set)
    tagged = CustomerTag.objects.filter(tag__facet=Facet.REGION).values_list("customer_id", "tag_id")
    for customer_id, tag_id in tagged.iterator():
        places[customer_id].add(tag_id)
    rows = Customer.objects.order_by("pk").values_list("pk", "folded_name", "domain")
    return [
        Firm(
            pk,
            folded,
            domain if is_own_domain(domain) else "",
            frozenset(places[pk]) if pk in places else frozenset(),
            frozenset(chain.from_iterable(around[tag] for tag in places[pk])) if pk in places else frozenset(),
        )
        for pk, folded, domain in rows.iterator()
    ]


def _read_persons(at: int | None = None) -> list[Person]:
    """The people of the pool, or those at one customer."""
    rows = Contact.objects.exclude(Q(name=ERASED_NAME) | Q(folded_name="")).order_by("pk")
    rows = rows if at is None else rows.filter(customer=at)
    columns = ("pk", "folded_name", "customer_id", "email", "phone", "customer__domain")
    return [
        Person(pk, folded, customer, fold_email(email), _fold_phone(phone), domain if is_own_domain(domain) else "")
        for pk, folded, customer, email, phone, domain in rows.values_list(*columns).iterator()
    ]


def fold_email(email: str) -> str:
    """An address without case and what follows a plus sign; "" for a mailbox that many read."""
    local, _at, host = email.lower().partition("@")
    folded = f"{local.partition('+')[0]}@{host}" if host else ""
    return "" if _MAILBOX.match(folded) else folded


def _fold_phone(phone: str) -> str:
    """The last digits of a number, by which +49 30 … and 030 … are one; "" for an extension."""
    digits = "".join(char for char in phone if char.isdigit())
    return digits[-9:] if len(digits) >= _LEAST_DIGITS else ""


def _read_places() -> dict[int, set[int]]:
    """Every region with all it lies within, itself included."""
    regions = Tag.objects.filter(facet=Facet.REGION)
    above: defaultdict[int, set[int]] = defaultdict(set)
    for pk, parent in regions.values_list("pk", "parent_id"):
        above[pk] |= {parent} if parent else set()
    for tag, container in TagContainment.objects.filter(tag__facet=Facet.REGION).values_list("tag_id", "container_id"):
        above[tag].add(container)
    around = {}
    for pk in list(above):
        reached, waiting = {pk}, [pk]
        while waiting:
            fresh = above[waiting.pop()] - reached
            reached |= fresh
            waiting += fresh
        around[pk] = reached
    return around
