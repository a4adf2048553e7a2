"""Why not: each rule says its code, a sentence with its numbers, until when it stands, and who may overrule it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone
from django.utils.formats import date_format

from matching.eligibility import SENTENCES, Question, explain_refusals, find_next_free
from matching.results import Excluded, Refusal
from matching.search import Corrections, search_references
from references.circumstances import read_circumstances
from references.models import Contact, Customer
from references.policy import ProgramPolicy
from references.rules import NEVER_OVERRIDDEN
from tests.factories import make_blackout, make_consent, make_contact, make_customer, make_engagement, make_tag
from users.models import User

pytestmark = pytest.mark.django_db

BRIEF = "Prospect: Rival Inc. Banking, please."


def day(ahead: int) -> date:
    return timezone.now().date() + timedelta(days=ahead)


def moment(ahead: int) -> datetime:
    return timezone.now() + timedelta(days=ahead)


@dataclass(frozen=True)
class Case:
    """One rule broken: how, and what is to be said of it. `until` and `free` are in days from today."""

    code: str
    build: Callable[[Customer], Contact]
    sentence: str
    until: int | None = None
    free: int | None = None
    may_override: bool = True
    activity: str = "call"
    on: int | None = None


def promoter(customer: Customer, **fields: Any) -> Contact:
    """Someone who agrees and consents to everything that is asked about here."""
    return make_contact(customer, "Pat Promoter", consents=["call", "quote", "speaking"], **fields)


def used(activity: str, status: str, *ahead: int, by_colleague: bool = False) -> Callable[[Customer], Contact]:
    """Someone, or a colleague, with touches on these days, each recorded on its day."""

    def build(customer: Customer) -> Contact:
        contact = promoter(customer)
        owner = make_contact(customer, "Col League") if by_colleague else contact
        for each in ahead:
            make_engagement(owner, activity, status, day(each))
        return contact

    return build


def asked_and_cancelled(customer: Customer) -> Contact:
    contact = promoter(customer)
    for ago in (-10, -5):
        changes = [(moment(ago), "asked"), (moment(ago + 1), "cancelled")]
        make_engagement(contact, "webinar", "cancelled", day(60), recorded_at=moment(ago), changes=changes)
    return contact


def blacked_out(customer: Customer) -> Contact:
    contact = promoter(customer)
    make_blackout(contact, day(6), day(9))
    make_blackout(contact, day(0), day(5))
    return contact


def consenting_later(customer: Customer) -> Contact:
    contact = make_contact(customer, "Pat Promoter")
    make_consent(contact, "call", valid_from=day(-90), valid_until=day(-1))
    make_consent(contact, "call", valid_from=day(20))
    return contact


def tired(customer: Customer) -> Contact:
    """Φ = 1 − 2^(−3.2·2^(−18/45)/1.5) = .67 three days from now."""
    contact = promoter(customer, sensitivity="sensitive")
    make_engagement(contact, "site_visit", on=day(-15))
    return contact


def of_customer(**fields: Any) -> Callable[[Customer], Contact]:
    def build(customer: Customer) -> Contact:
        return promoter(make_customer(tags=list(customer.tags.all()), **fields))

    return build


def is_(**fields: Any) -> Callable[[Customer], Contact]:
    return lambda customer: promoter(customer, **fields)


CASES = [
    Case("opted_out", is_(has_opted_out=True), "Asked not to be contacted.", may_override=False),
    Case(
        "not_referenceable", of_customer(is_referenceable=False), "The customer is not referenceable.",
        may_override=False,
    ),
    Case(
        "no_consent", lambda customer: make_contact(customer), "No consent on that day for: Reference call.",
        may_override=False,
    ),
    Case(
        "no_consent", consenting_later, "No consent on that day for: Reference call.",
        until=20, free=20, may_override=False,
    ),
    Case("not_agreed", is_(activities=["quote"]), "Has not agreed to: Reference call.", may_override=False),
    Case("paused", is_(status="paused"), "Paused for now.", may_override=False),
    Case(
        "paused", lambda customer: promoter(customer, status="paused", paused_until=day(40)), "Paused until {40}.",
        until=40, free=40, may_override=False,
    ),
    Case("blackout", blacked_out, "Not available on that day.", until=10, free=10, may_override=False),
    Case("escalation", of_customer(has_open_escalation=True), "The customer has an open escalation."),
    Case("red_health", of_customer(health="red"), "The customer's health is red."),
    Case(
        "renewal",
        lambda customer: of_customer(renewal_date=day(10), is_renewal_sensitive=True)(customer),
        "The customer's renewal is near and to be kept quiet.", until=41, free=41,
    ),
    Case(
        "fatigue", tired, "Worn out by what was asked lately; rests until fatigue falls below the limit.",
        until=8, free=16,
    ),
    Case("rest", used("call", "completed", -10), "Rests 30 days between engagements.", until=21, free=21),
    Case("rest", used("webinar", "planned", 20), "Rests 30 days between engagements.", until=51, free=51),
    Case(
        "light_rest", used("quote", "completed", -10), "Gave one of these in the last 30 days.",
        until=21, free=21, activity="quote",
    ),
    Case(
        "per_quarter", used("beta", "completed", -80, -40), "Already used 2 times in 90 days (limit 2).",
        until=11, free=11,
    ),
    Case(
        "per_quarter",
        lambda customer: used_once(promoter(customer, max_per_quarter=1)),
        "Already used 1 times in 90 days (limit 1).", until=51, free=51,
    ),
    Case(
        "per_year", used("beta", "completed", -350, -290, -230, -170, -110, -50),
        "Already used 6 times in a year (limit 6).", until=16, free=16,
    ),
    Case(
        "speaking", used("speaking", "completed", -100), "Spoke within the last 180 days.",
        until=81, free=81, activity="speaking",
    ),
    Case(
        "customer_per_quarter", used("beta", "completed", -60, -50, -40, by_colleague=True),
        "The customer was used 3 times in 90 days (limit 3).", until=31, free=31,
    ),
    Case(
        "customer_per_year", used("beta", "completed", *(-30 - 36 * each for each in range(10)), by_colleague=True),
        "The customer was used 10 times in a year (limit 10).", until=12, free=12,
    ),
    Case("asks_per_month", asked_and_cancelled, "Was asked 2 times in 30 days (limit 2).", until=24, free=24),
    Case("ask_outstanding", used("webinar", "asked", 20), "An earlier ask has not been answered yet."),
    Case("declined_recently", used("call", "declined", -5), "Declined this in the last 30 days.", until=29, free=29),
    Case(
        "misses", used("webinar", "no_answer", -60, -40), "Declined or did not answer 2 times running.",
        until=54, free=54,
    ),
    Case(
        "conflict", of_customer(exclusions=["Rival, INC."]), "The prospect is on this customer's exclusion list.",
        may_override=False,
    ),
    Case(
        "lead_time", is_(), "Speaking needs 60 days' notice.", until=60, free=60, activity="speaking", on=20,
    ),
]  # fmt: skip


def used_once(contact: Contact) -> Contact:
    make_engagement(contact, "beta", on=day(-40))
    return contact


def look(
    user: User, *, on: date | None = None, activity: str = "call", **corrected: tuple[str, ...]
) -> tuple[list[int], dict[int, Excluded]]:
    """Candidates' ids, and who is excluded by id."""
    asked = Corrections(**{"added": ("industry:banking",), **corrected})
    found = search_references(user=user, text=BRIEF, activity=activity, on=on, corrections=asked)
    return [each.card.contact_id for each in found.candidates], {each.card.contact_id: each for each in found.excluded}


@pytest.fixture
def bank(db: None) -> Customer:
    return make_customer("Northwind", tags=[make_tag("industry", "Banking")])


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.code}-{case.until}")
def test_rule_says_what_stands_in_the_way_and_until_when(case: Case, bank: Customer, manager: User) -> None:
    contact = case.build(bank)
    candidates, excluded = look(manager, on=None if case.on is None else day(case.on), activity=case.activity)
    assert contact.pk not in candidates
    found = excluded[contact.pk]
    refusal = next(each for each in found.refusals if each.code == case.code)
    sentence = case.sentence.replace("{40}", date_format(day(40), "j M Y"))
    until = None if case.until is None else day(case.until)
    assert refusal == Refusal(case.code, sentence, until, case.may_override)
    assert found.next_free == (None if case.free is None else day(case.free))
    if until is not None:
        free, barred = look(manager, on=until, activity=case.activity)
        assert contact.pk in free or case.code not in {each.code for each in barred[contact.pk].refusals}


@pytest.mark.parametrize("case", [case for case in CASES if case.free], ids=lambda case: f"{case.code}-{case.until}")
def test_next_free_date_is_free_and_the_day_before_is_not(case: Case, bank: Customer, manager: User) -> None:
    contact = case.build(bank)
    free = day(case.free or 0)
    assert contact.pk in look(manager, on=free, activity=case.activity)[0]
    assert contact.pk not in look(manager, on=free - timedelta(days=1), activity=case.activity)[0]


def test_every_rule_is_told_and_tested() -> None:
    """`must_have` and `unwanted` are worded by the brief; whoever is `not_active` is in no search (both below)."""
    assert {case.code for case in CASES} | {"not_active"} == set(SENTENCES)
    assert {case.code for case in CASES if not case.may_override} | {"not_active"} == NEVER_OVERRIDDEN


def test_several_rules_all_speak_and_the_last_to_heal_decides(bank: Customer, manager: User) -> None:
    contact = promoter(bank)
    make_engagement(contact, "call", on=day(-10))
    make_blackout(contact, day(0), day(29))
    bank_renews = make_customer("Other", tags=list(bank.tags.all()), renewal_date=day(70), is_renewal_sensitive=True)
    other = promoter(bank_renews)
    make_engagement(other, "call", on=day(15))
    found = look(manager)[1]
    assert {each.code: each.until for each in found[contact.pk].refusals} == {"blackout": day(30), "rest": day(21)}
    assert found[contact.pk].next_free == day(30)
    assert found[other.pk].next_free == day(101), "its rest ends in the quiet days around the renewal"
    assert other.pk in look(manager, on=day(101))[0]


def test_what_time_does_not_heal_has_no_free_date(bank: Customer, manager: User) -> None:
    """A rest that ends does not open a door that something lasting keeps shut."""
    contact = promoter(bank, has_opted_out=True)
    make_engagement(contact, "call", on=day(-10))
    found = look(manager)[1][contact.pk]
    assert {each.code: each.until for each in found.refusals} == {"opted_out": None, "rest": day(21)}
    assert found.next_free is None


@pytest.mark.parametrize("is_closed_for_good", [True, False])
def test_blackout_without_end_and_consent_that_ends_first_leave_no_free_date(
    bank: Customer, manager: User, is_closed_for_good: bool
) -> None:
    contact = make_contact(bank)
    make_engagement(contact, "call", on=day(-10))
    make_consent(contact, "call", valid_until=None if is_closed_for_good else day(15))
    if is_closed_for_good:
        make_blackout(contact, day(0), date.max)
    found = look(manager)[1][contact.pk]
    expected = {"blackout": None, "rest": day(21)} if is_closed_for_good else {"rest": day(21)}
    assert {each.code: each.until for each in found.refusals} == expected
    assert found.next_free is None


@pytest.mark.parametrize("is_met", [True, False])
def test_demand_bars_whoever_lacks_it_unless_nobody_meets_it(bank: Customer, manager: User, is_met: bool) -> None:
    spain = make_tag("region", "Spain")
    contact = promoter(bank)
    if is_met:
        promoter(make_customer(tags=[spain]))
    candidates, excluded = look(manager, must=("region:spain",))
    if not is_met:
        assert (candidates, excluded) == ([contact.pk], {})
        return
    assert contact.pk not in candidates
    (refusal,) = excluded[contact.pk].refusals
    assert refusal == Refusal("must_have", "The brief insists on Spain.", None, True)
    assert excluded[contact.pk].next_free is None


def test_what_the_brief_excludes_is_never_eased(bank: Customer, manager: User) -> None:
    bank_in_spain = make_customer(tags=[*bank.tags.all(), make_tag("region", "Spain")])
    contact = promoter(bank_in_spain)
    candidates, excluded = look(manager, excluded=("region:spain",))
    assert candidates == []
    assert excluded[contact.pk].refusals == (Refusal("unwanted", "The brief excludes Spain.", None, True),)
    assert excluded[contact.pk].next_free is None


@pytest.mark.parametrize("status", ["known", "nominated", "retired"])
def test_whoever_is_not_in_the_pool_is_in_no_search_but_has_a_reason(
    status: str, bank: Customer, manager: User
) -> None:
    contact = promoter(bank, status=status)
    assert look(manager) == ([], {})
    now = timezone.now()
    question = Question("call", day(3), now, ProgramPolicy())
    circumstances = read_circumstances([contact], "call")[contact.pk]
    (refusal,) = explain_refusals(question, ["not_active"], contact, circumstances, {})
    assert refusal == Refusal("not_active", f"Not in the active pool yet ({status}).", None, False)
    assert find_next_free(question, ["not_active"], circumstances) is None


def test_sentence_for_an_unknown_rule_is_an_error(bank: Customer) -> None:
    contact = promoter(bank)
    question = Question("call", day(3), timezone.now(), ProgramPolicy())
    circumstances = read_circumstances([contact], "call")[contact.pk]
    with pytest.raises(KeyError, match="whim"):
        explain_refusals(question, ["whim"], contact, circumstances, {})
