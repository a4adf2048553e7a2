"""Redeeming: who may have what, nothing is overdrawn, and what is refused comes back."""

import threading
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from django.db import IntegrityError, connections, transaction
from django.db.models import Sum
from django.utils import timezone, translation

from advocacy.enums import EntryKind, RedemptionStatus
from advocacy.letters import rewards as letters
from advocacy.models import GiftRule, Level, PointsAccount, PointsEntry, Redemption, Reward
from advocacy.points_rules import next_to_lapse
from advocacy.services.points import award_stage, read_lots, set_leaderboard
from advocacy.services.redemptions import LETTER_PERSON, LETTER_QUEUE, move_redemption, redeem_reward
from delivery.models import OutboxMessage
from references.enums import Actor, ContactStatus
from references.errors import DomainError
from references.models import Contact
from references.pool.writing import pool_write
from references.services.contacts import change_status
from tests.factories import make_contact, make_customer, make_tag
from tests.matching.test_contention import codes_of, do_at_once
from users.models import User


def give(contact: Contact, worth: int, source: str = "t:1") -> None:
    award_stage(contact=contact, source=source, activity="call", points=worth, stage="confirmed")


def make_reward(**fields: Any) -> Reward:
    given = {"name": "Lunch", "kind": "lunch", "cost": 100, "needs_approval": False, **fields}
    return Reward.objects.create(**given)


def refusal(call: Callable[[], object]) -> str:
    with pytest.raises(DomainError) as refused:
        call()
    return refused.value.code


@pytest.fixture
def person(db: None) -> Contact:
    contact = make_contact(name="Pia Promoter", email="pia@customer.example", language="de")
    give(contact, 500)
    return contact


def balance(person: Contact) -> int:
    return PointsAccount.objects.get(contact=person).balance


def test_reward_without_approval_is_theirs_at_once(person: Contact) -> None:
    row = redeem_reward(contact=person, reward=make_reward(stock=2), creation_key="k", wish=" In May ")
    assert (row.status, row.wish, row.cost) == (RedemptionStatus.APPROVED, "In May", 100)
    assert (balance(person), Reward.objects.get().stock) == (400, 1)
    assert PointsEntry.objects.get(kind=EntryKind.SPENT).source == row.source
    assert redeem_reward(contact=person, reward=row.reward, creation_key="k") == row
    assert (balance(person), Redemption.objects.count()) == (400, 1)


def test_what_is_rejected_or_called_off_comes_back(person: Contact, manager: User) -> None:
    reward = make_reward(stock=1, needs_approval=True)
    row = redeem_reward(contact=person, reward=reward, creation_key="k")
    assert row.status == RedemptionStatus.REQUESTED
    assert refusal(lambda: redeem_reward(contact=person, reward=reward, creation_key="other")) == "out_of_stock"
    assert refusal(lambda: move_redemption(redemption=row, to="rejected", by=manager)) == "why_required"
    move_redemption(redemption=row, to="rejected", by=manager, why="Not in your country")
    reward.refresh_from_db()
    assert (balance(person), reward.stock, row.note) == (500, 1, "Not in your country")
    assert refusal(lambda: move_redemption(redemption=row, to="approved", by=manager)) == "move_not_allowed"
    again = redeem_reward(contact=person, reward=reward, creation_key="again")
    for to in ("approved", "cancelled"):
        move_redemption(redemption=again, to=to, by=manager)
    reward.refresh_from_db()
    assert (balance(person), reward.stock) == (500, 1)
    assert PointsAccount.objects.get().lifetime == 500


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"is_active": False}, "not_in_use"),
        ({"cost": 501}, "not_enough_points"),
        ({"stock": 0}, "out_of_stock"),
        ({"per_person": 0}, "taken_often_enough"),
    ],
)
def test_what_cannot_be_had_is_refused_and_nothing_moves(person: Contact, fields: dict[str, Any], code: str) -> None:
    reward = make_reward(**fields)
    assert refusal(lambda: redeem_reward(contact=person, reward=reward, creation_key="k")) == code
    assert (balance(person), Redemption.objects.count(), OutboxMessage.objects.count()) == (500, 0, 0)


def test_level_counts_by_lifetime_and_a_person_takes_only_so_many(person: Contact) -> None:
    high = Level.objects.create(name="Champion", from_points=501)
    reward = make_reward(from_level=high, per_person=1)
    assert refusal(lambda: redeem_reward(contact=person, reward=reward, creation_key="k")) == "level_too_low"
    give(person, 1, "t:2")
    redeem_reward(contact=person, reward=reward, creation_key="k")
    assert refusal(lambda: redeem_reward(contact=person, reward=reward, creation_key="2")) == "taken_often_enough"


def test_who_retired_redeems_nothing_either(person: Contact) -> None:
    change_status(contact=person, to=ContactStatus.RETIRED)
    code = refusal(lambda: redeem_reward(contact=person, reward=make_reward(), creation_key="k"))
    assert (code, balance(person)) == ("has_opted_out", 500)


def test_calling_off_ones_own_wish_makes_no_points_live_longer(person: Contact, manager: User) -> None:
    today, reward = timezone.localdate(), make_reward(needs_approval=True, cost=500)
    PointsEntry.objects.update(expires_on=today)

    def lapse_after(to: str, key: str, by: User | None, actor: str) -> tuple[date, int] | None:
        row = redeem_reward(contact=person, reward=reward, creation_key=key)
        move_redemption(redemption=row, to=to, by=by, actor=actor, why="No.")
        return next_to_lapse(*read_lots(PointsAccount.objects.get()), today)

    assert lapse_after("cancelled", "k", None, Actor.PROMOTER) == (today, 500)
    renewed = lapse_after("rejected", "l", manager, Actor.USER)  # ours: they live a term anew
    assert renewed is not None
    assert renewed[0] > today
    assert balance(person) == 500


def test_who_left_redeems_nothing(person: Contact) -> None:
    with pool_write():
        Contact.objects.filter(pk=person.pk).update(has_opted_out=True)
    assert refusal(lambda: redeem_reward(contact=person, reward=make_reward(), creation_key="k")) == "has_opted_out"


@pytest.mark.django_db
def test_rule_of_a_region_holds_for_the_countries_in_it(manager: User) -> None:
    europe = make_tag("region", "Europe")
    norway = make_tag("region", "Norway", parent=europe)
    there = make_contact(make_customer("Fjordbank", tags=[norway]))
    here = make_contact(make_customer("Elsewhere"))
    for each in (there, here):
        give(each, 500, f"t:{each.pk}")
    GiftRule.objects.create(region=europe, most_per_gift=Decimal(50), currency="EUR", why="Public hands.")
    dear = make_reward(value=Decimal("50.01"), currency="EUR")
    with pytest.raises(DomainError, match=r"50\.00 EUR at most\. Public hands\."):
        redeem_reward(contact=there, reward=dear, creation_key="k")
    redeem_reward(contact=here, reward=dear, creation_key="k2")
    Reward.objects.update(value=Decimal(50))
    redeem_reward(contact=there, reward=dear, creation_key="k3")


def test_limit_of_a_year_counts_what_waits_and_not_what_was_refused(person: Contact, manager: User) -> None:
    GiftRule.objects.create(most_per_year=Decimal(100), currency="EUR")
    reward = make_reward(value=Decimal(60), currency="EUR", needs_approval=True)
    row = redeem_reward(contact=person, reward=reward, creation_key="k")
    second = partial(redeem_reward, contact=person, reward=reward, creation_key="2")
    assert refusal(second) == "gift_not_allowed"
    move_redemption(redemption=row, to="rejected", by=manager, why="No")
    move_redemption(redemption=second(), to="approved", by=manager)
    Redemption.objects.update(requested_at=timezone.now() - timedelta(days=367))
    redeem_reward(contact=person, reward=reward, creation_key="3")


def test_employers_word_is_wanted_even_where_no_approval_is(person: Contact, manager: User) -> None:
    GiftRule.objects.create(customer=person.customer, needs_employer=True)
    row = redeem_reward(contact=person, reward=make_reward(), creation_key="k")
    assert row.status == RedemptionStatus.REQUESTED
    assert refusal(lambda: move_redemption(redemption=row, to="approved", by=manager)) == "employer_required"
    move_redemption(redemption=row, to="approved", by=manager, employer_agreed=True)
    move_redemption(redemption=row, to="fulfilled", by=manager)
    assert (row.status, row.decided_by) == (RedemptionStatus.FULFILLED, manager)


def test_rule_made_in_between_holds_at_the_approval(person: Contact, manager: User) -> None:
    row = redeem_reward(contact=person, reward=make_reward(needs_approval=True), creation_key="k")
    GiftRule.objects.create(customer=person.customer, is_forbidden=True)
    assert refusal(lambda: move_redemption(redemption=row, to="approved", by=manager)) == "gift_not_allowed"


def test_letters_tell_the_person_in_their_language_and_every_manager(person: Contact, manager: User) -> None:
    row = redeem_reward(contact=person, reward=make_reward(needs_approval=True), creation_key="k")
    payloads = {each.payload["letter"]: each.payload for each in OutboxMessage.objects.filter(kind="mail")}
    assert "pia@" not in str(payloads)
    told, asked = (
        letters.read_person(payloads[LETTER_PERSON]),
        letters.read_queue(payloads[LETTER_QUEUE]),
    )
    assert told is not None
    assert asked is not None
    assert (told.to, told.balance, asked.to) == ("pia@customer.example", 400, manager.email)
    with translation.override(told.language):
        assert letters.write_person(told).heading == "Pia, Ihre Prämie: Lunch"
    assert "Pia Promoter" in str(letters.write_queue(asked).facts)
    move_redemption(redemption=row, to="rejected", by=manager, why="Not in your country")
    assert letters.read_queue(payloads[LETTER_QUEUE]) is None
    last = OutboxMessage.objects.get(key=f"mail:redemption:{row.pk}:rejected")
    no = letters.read_person(last.payload)
    assert no is not None
    assert "Not in your country" in str(letters.write_person(no).paragraphs)


REDEEMERS = 32


@pytest.mark.django_db(transaction=True)
def test_many_who_spend_one_balance_never_overdraw_it() -> None:
    person, reward = make_contact(), make_reward(cost=100)
    give(person, 750)
    tries = [partial(redeem_reward, contact=person, reward=reward, creation_key=str(each)) for each in range(REDEEMERS)]
    codes = codes_of(do_at_once(*tries))
    assert (codes.count("done"), codes.count("not_enough_points")) == (7, REDEEMERS - 7)
    account = PointsAccount.objects.get()
    assert account.balance == account.entries.aggregate(sum=Sum("amount"))["sum"] == 50
    assert Redemption.objects.count() == 7


@pytest.mark.django_db(transaction=True)
def test_last_pieces_are_given_once_each() -> None:
    reward, people = make_reward(stock=3), [make_contact() for _ in range(REDEEMERS)]
    for each in people:
        give(each, 100, f"t:{each.pk}")
    tries = [partial(redeem_reward, contact=each, reward=reward, creation_key=str(each.pk)) for each in people]
    codes = codes_of(do_at_once(*tries))
    assert (codes.count("done"), codes.count("out_of_stock")) == (3, REDEEMERS - 3)
    assert (Reward.objects.get().stock, PointsEntry.objects.filter(kind=EntryKind.SPENT).count()) == (0, 3)
    assert PointsAccount.objects.filter(balance=0).count() == 3


@pytest.mark.django_db(transaction=True)
def test_one_key_at_once_is_one_redemption() -> None:
    person, reward = make_contact(), make_reward()
    give(person, 750)
    found = do_at_once(*[partial(redeem_reward, contact=person, reward=reward, creation_key="k")] * 8)
    assert codes_of(found) == ["done"] * 8
    assert (len({row.pk for row in found}), balance(person)) == (1, 650)


@pytest.mark.django_db(transaction=True)
def test_refusal_at_once_gives_back_once(manager: User) -> None:
    person, reward = make_contact(), make_reward(needs_approval=True, stock=1)
    give(person, 100)
    row = redeem_reward(contact=person, reward=reward, creation_key="k")
    moves = [
        partial(move_redemption, redemption=Redemption.objects.get(), to="rejected", by=manager, why="No")
        for _ in range(8)
    ]
    codes = codes_of(do_at_once(*moves))
    assert (codes.count("done"), codes.count("move_not_allowed")) == (1, 7)
    reward.refresh_from_db()
    row.refresh_from_db()
    assert (balance(person), reward.stock, row.status) == (100, 1, "rejected")


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_the_same_crowd_does_overdraw() -> None:
    """The control: whoever reads, thinks, and writes without a lock spends one balance many times over."""
    person = make_contact()
    give(person, 750)
    all_have_read = threading.Barrier(8)

    def spend_carelessly(number: int) -> None:
        account = PointsAccount.objects.get(contact=person)
        all_have_read.wait()
        assert account.balance >= 100
        with transaction.atomic():
            PointsEntry.objects.create(account=account, amount=-100, kind=EntryKind.SPENT, source=f"careless:{number}")
            PointsAccount.objects.filter(pk=account.pk).update(balance=account.balance - 100)

    assert codes_of(do_at_once(*[partial(spend_carelessly, each) for each in range(8)])) == ["done"] * 8
    account = PointsAccount.objects.get()
    assert account.entries.aggregate(sum=Sum("amount"))["sum"] == -50
    assert account.balance == 650


@pytest.mark.django_db
def test_database_itself_refuses_a_debt() -> None:
    person = make_contact()
    give(person, 10)
    with pytest.raises(IntegrityError), transaction.atomic():
        PointsAccount.objects.update(balance=-1)
    set_leaderboard(contact=person, is_on=True, alias=" Pia ")
    assert PointsAccount.objects.get().alias == "Pia"
    assert connections["default"].vendor in {"sqlite", "postgresql"}
