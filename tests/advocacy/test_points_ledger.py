"""The points ledger under any sequence of acts: the sums are the entries', nothing is given or taken twice."""

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import transaction
from django.db.models import Sum
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from advocacy.enums import EntryKind, Stage
from advocacy.models import AdvocacySettings, PointsAccount, PointsEntry
from advocacy.points_rules import spendable
from advocacy.services import points
from references.errors import DomainError
from references.models import Contact
from tests.factories import make_contact
from users.models import User

pytestmark = pytest.mark.django_db

KEYS = ("a", "b", "c")
ACTS = st.one_of(
    st.tuples(st.just("award"), st.sampled_from(KEYS), st.integers(0, 400), st.sampled_from(Stage.values)),
    st.tuples(st.just("reverse"), st.sampled_from(KEYS)),
    st.tuples(st.just("spend"), st.sampled_from(KEYS), st.integers(1, 400)),
    st.tuples(st.just("refund"), st.sampled_from(KEYS)),
    st.tuples(st.just("adjust"), st.sampled_from(KEYS), st.integers(-200, 200)),
    st.tuples(st.just("wait"), st.integers(1, 500)),
    st.tuples(st.just("term"), st.sampled_from([0, 6, 24])),
    st.tuples(st.just("shares"), st.sampled_from([(10, 10, 50, 30), (100, 0, 0, 0), (0, 0, 0, 100), (33, 33, 33, 1)])),
    st.tuples(st.just("expire")),
)


@pytest.fixture
def person() -> Contact:
    return make_contact(name="Pia Promoter")


class Ledger:
    """One account on which acts are tried, with a plain memory of what must have come of them."""

    def __init__(self, contact: Contact, by: User, clock: "Clock") -> None:
        self.contact, self.by, self.clock = contact, by, clock
        self.promised: dict[str, int] = defaultdict(int)

    def do(self, act: tuple[Any, ...]) -> None:
        name, *given = act
        before = PointsEntry.objects.count()
        try:
            with transaction.atomic():
                getattr(self, name)(*given)
        except DomainError as error:
            require_expected(error)
            assert PointsEntry.objects.count() == before
        if name not in {"wait", "term", "shares"}:
            once = PointsEntry.objects.count()
            with transaction.atomic():
                self.again(name, given)
            assert PointsEntry.objects.count() == once

    def again(self, name: str, given: list[Any]) -> None:
        """The same act a second time writes nothing; what was refused is refused."""
        try:
            getattr(self, name)(*given)
        except DomainError as error:
            require_expected(error)
            transaction.set_rollback(True)

    def award(self, key: str, worth: int, stage: str) -> None:
        points.award_stage(contact=self.contact, source=f"t:{key}", activity="call", points=worth, stage=stage)
        self.promised[key] = max(self.promised[key], worth)

    def reverse(self, key: str) -> None:
        points.reverse_source(contact=self.contact, source=f"t:{key}", by=self.by)

    def spend(self, key: str, amount: int) -> None:
        points.spend_points(account=points.lock_account(self.contact), amount=amount, source=f"redemption:{key}")

    def refund(self, key: str) -> None:
        spent = PointsEntry.objects.filter(source=f"redemption:{key}").first()
        if spent is not None:
            points.refund_points(account=points.lock_account(self.contact), spent=spent)

    def adjust(self, key: str, amount: int) -> None:
        points.adjust_points(contact=self.contact, amount=amount, why="A correction", creation_key=key, by=self.by)

    def expire(self) -> None:
        points.expire_points(account=points.lock_account(self.contact), today=timezone.localdate())

    def wait(self, days: int) -> None:
        self.clock.today += timedelta(days=days)

    def term(self, months: int) -> None:
        AdvocacySettings.objects.update_or_create(pk=1, defaults={"points_expire_months": months})

    def shares(self, parts: tuple[int, ...]) -> None:
        names = ("share_accepted", "share_scheduled", "share_done", "share_confirmed")
        AdvocacySettings.objects.update_or_create(pk=1, defaults=dict(zip(names, parts, strict=True)))

    def check(self) -> None:
        account = PointsAccount.objects.filter(contact=self.contact).first()
        if account is None:
            assert not PointsEntry.objects.exists()
            return
        entries = list(account.entries.order_by("pk"))
        assert account.balance == sum(entry.amount for entry in entries) >= 0
        assert account.lifetime == lifetime_of(entries)
        lots, gone = points.read_lots(account)
        assert sum(lot.amount for lot in lots) - gone == account.balance
        assert spendable(lots, gone, self.clock.today) <= account.balance
        for key, worth in self.promised.items():
            paid = account.entries.filter(source__startswith=f"t:{key}:").aggregate(sum=Sum("amount"))["sum"] or 0
            assert paid <= worth


def require_expected(error: DomainError) -> None:
    """A refusal that random acts may meet."""
    assert error.code in {"not_enough_points", "nothing_to_adjust"}


def lifetime_of(entries: list[PointsEntry]) -> int:
    """What counts for the level, added up entry by entry: earned and adjusted, less what was taken back."""
    total = 0
    for entry in entries:
        if entry.kind in {EntryKind.EARNED, EntryKind.ADJUSTED}:
            total = max(0, total + entry.amount)
        elif entry.reverses is not None:
            assert entry.shortfall - entry.amount == entry.reverses.amount
            total = max(0, total - entry.reverses.amount)
    return total


class Clock:
    """The day that it is for the services."""

    today = date(2030, 1, 15)


@contextmanager
def running(clock: Clock) -> Iterator[None]:
    """Let the calendar of the points be `clock`'s, the times of new entries too."""
    patch = pytest.MonkeyPatch()
    kept, now = timezone.localdate, timezone.now
    patch.setattr(timezone, "localdate", lambda value=None: clock.today if value is None else kept(value))
    patch.setattr(timezone, "now", lambda: now().replace(year=clock.today.year, month=clock.today.month, day=15))
    try:
        yield
    finally:
        patch.undo()


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=st.lists(ACTS, max_size=12))
def test_any_sequence_of_acts_keeps_the_sums_right(person: Contact, manager: User, acts: list[tuple[Any, ...]]) -> None:
    clock = Clock()
    with transaction.atomic(), running(clock):
        ledger = Ledger(person, manager, clock)
        for act in acts:
            ledger.do(act)
            ledger.check()
        transaction.set_rollback(True)


def give(contact: Contact, worth: int, source: str, on: date | None = None) -> None:
    points.award_stage(contact=contact, source=source, activity="call", points=worth, stage=Stage.CONFIRMED, on=on)


@transaction.atomic
def expire(contact: Contact, days: int) -> int:
    """What a night so many days ahead takes off."""
    account = points.lock_account(contact)
    entry = points.expire_points(account=account, today=timezone.localdate() + timedelta(days=days))
    return 0 if entry is None else -entry.amount


def test_points_for_a_deed_of_long_ago_live_as_long_as_others() -> None:
    person = make_contact()
    give(person, 100, "t:1")
    assert expire(person, 800) == 100
    give(person, 50, "t:2", on=timezone.localdate() - timedelta(days=900))
    assert expire(person, 1) == 0
    assert PointsAccount.objects.get().balance == 50


def test_lapsed_points_are_taken_off_once_though_older_ones_never_lapse() -> None:
    person = make_contact()
    AdvocacySettings.objects.create(pk=1, points_expire_months=0)
    give(person, 100, "t:1")
    AdvocacySettings.objects.update(points_expire_months=6)
    give(person, 100, "t:2")
    assert [expire(person, days) for days in (100, 300, 301, 9_000)] == [0, 100, 0, 0]
    assert PointsAccount.objects.get().balance == 100


@transaction.atomic
def spend(contact: Contact, amount: int, source: str) -> PointsEntry:
    return points.spend_points(account=points.lock_account(contact), amount=amount, source=source)


def test_what_was_taken_back_is_not_the_spending_of_older_points(manager: User) -> None:
    person = make_contact()
    AdvocacySettings.objects.create(pk=1, points_expire_months=6)
    give(person, 100, "t:1")
    AdvocacySettings.objects.update(points_expire_months=24)
    give(person, 100, "t:2")
    points.reverse_source(contact=person, source="t:2", by=manager)
    assert expire(person, 300) == 100


def test_what_is_spent_already_is_noted_as_a_shortfall(manager: User) -> None:
    person = make_contact()
    give(person, 100, "t:1")
    spend(person, 70, "redemption:1")
    points.reverse_source(contact=person, source="t:1", by=manager, note="The review was deleted.")
    account = PointsAccount.objects.get()
    assert (account.balance, account.lifetime) == (0, 0)
    assert account.entries.filter(kind=EntryKind.REVERSED).aggregate(sum=Sum("shortfall"))["sum"] == 70


def test_what_has_lapsed_is_not_taken_back_out_of_other_points(manager: User) -> None:
    person = make_contact()
    give(person, 100, "t:1")
    PointsEntry.objects.update(expires_on=timezone.localdate() - timedelta(days=1))
    give(person, 40, "t:2")
    assert expire(person, 0) == 100
    points.reverse_source(contact=person, source="t:1", by=manager)
    account = PointsAccount.objects.get()
    assert (account.balance, account.lifetime) == (40, 40)
    assert sum(lot.amount for lot in points.read_lots(account)[0]) - points.read_lots(account)[1] == 40


def test_lapsed_points_cannot_be_spent_though_nobody_took_them_off() -> None:
    person = make_contact()
    give(person, 100, "t:1")
    PointsEntry.objects.update(expires_on=timezone.localdate() - timedelta(days=1))
    with pytest.raises(DomainError, match="There are 0 points"):
        spend(person, 1, "redemption:1")


def test_shares_that_change_between_two_stages_never_give_more_than_the_ask_is_worth() -> None:
    person = make_contact()
    AdvocacySettings.objects.create(pk=1, share_accepted=90, share_scheduled=0, share_done=0, share_confirmed=10)
    points.award_stage(contact=person, source="t:1", activity="call", points=100, stage=Stage.ACCEPTED)
    AdvocacySettings.objects.update(share_accepted=0, share_done=90)
    points.award_stage(contact=person, source="t:1", activity="call", points=100, stage=Stage.CONFIRMED)
    assert PointsAccount.objects.get().balance == 100


def test_hand_made_change_says_why_and_is_made_once(manager: User) -> None:
    person = make_contact()

    def adjust(amount: int, why: str, key: str = "k") -> PointsEntry:
        return points.adjust_points(contact=person, amount=amount, why=why, creation_key=key, by=manager)

    for amount, why, code in (
        (5, " ", "why_required"),
        (0, "A gift", "nothing_to_adjust"),
        (-1, "x", "not_enough_points"),
    ):
        with pytest.raises(DomainError) as refusal:
            adjust(amount, why)
        assert refusal.value.code == code
    assert adjust(20, "A gift") == adjust(20, "A gift")
    adjust(-5, "Too much", "other")
    account = PointsAccount.objects.get()
    assert (account.balance, account.lifetime) == (15, 15)
