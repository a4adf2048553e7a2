"""Filling: the best who can be held, the requester's own choice, the next best after a no, and unmet demand."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from delivery.models import OutboxMessage
from matching.models import RecruitingTask, Request, UnmetDemand
from matching.services.answering import decline_match
from matching.services.filling import fill_request, propose_person
from matching.services.requests import reopen_request, submit_request
from references.errors import DomainError
from references.models import Engagement, StateChange
from references.services.holds import HoldRefusedError
from tests.factories import make_blackout, make_engagement, make_policy
from tests.matching.factories import banking, invite, make_banker, make_request, submit, the_match
from users.models import User

pytestmark = pytest.mark.django_db


def test_best_is_held_with_frozen_reasons_and_reproducible_state(rep: User) -> None:
    rested = make_banker()
    tired = make_banker()
    make_engagement(tired, "quote", on=timezone.localdate() - timedelta(days=40))
    row = submit(rep)
    match = the_match(row)
    assert match.contact == rested
    assert (row.best_contact, row.best_was_available, row.best_refusals) == (rested, True, [])
    assert match.pool_revision == row.pool_revision != ""
    assert (match.rank, match.probability, match.chosen_by) == (1, 1.0, "ranking")
    assert rested.name not in match.headline
    row_in_ledger = Engagement.objects.get(source=f"match:{match.pk}")
    assert row_in_ledger.hold_expires_at is not None
    assert row_in_ledger.hold_expires_at > timezone.now() + timedelta(hours=71)


def test_unavailable_best_is_logged_with_what_stood_against_them(rep: User) -> None:
    worn = make_banker()
    make_engagement(worn, "call", on=timezone.localdate() - timedelta(days=5))
    row = submit(rep)
    assert (row.best_contact, row.best_was_available) == (worn, False)
    assert "rest" in row.best_refusals


def test_filling_twice_proposes_once(rep: User) -> None:
    make_banker()
    make_banker()
    row = submit(rep)
    fill_request(request=row)
    fill_request(request=row)
    assert row.matches.count() == 1


def test_several_slots_ask_different_customers(rep: User) -> None:
    for _ in range(3):
        make_banker()
    row = submit(rep, quantity=2)
    matches = row.matches.order_by("slot")
    assert [match.slot for match in matches] == [1, 2]
    assert len({match.contact.customer_id for match in matches}) == 2


def test_own_choice_comes_first(rep: User) -> None:
    make_banker()
    chosen = make_banker()
    row = submit(rep, chosen=[chosen.pk])
    match = the_match(row)
    assert (match.contact, match.chosen_by) == (chosen, "requester")


def test_choice_that_was_taken_meanwhile_is_told_and_the_next_best_found(rep: User, outsider: User) -> None:
    wanted, other = make_banker(), make_banker()
    submit(outsider, chosen=[wanted.pk])
    row = submit(rep, chosen=[wanted.pk])
    assert the_match(row).contact == other
    told = StateChange.objects.filter(subject=f"request:{row.pk}", from_status="open", to_status="open").get()
    assert "cannot be asked now" in told.why


def test_two_requests_never_hold_the_same_last_person(rep: User, outsider: User) -> None:
    make_banker()
    first, second = submit(rep), submit(outsider)
    assert (first.status, second.status) == ("open", "unmet")


def test_prospect_on_the_exclusion_list_is_a_conflict(rep: User, manager: User) -> None:
    banker = make_banker(customer_exclusions=["Harbor Bank"])
    row = submit(rep)
    assert row.status == "unmet"
    reopen_request(request=row, by=manager)
    row.refresh_from_db()
    with pytest.raises(HoldRefusedError) as error:
        propose_person(request=row, contact_id=banker.pk, by=manager, override_reason="They know each other")
    assert "conflict" in error.value.broken


def test_nobody_becomes_unmet_demand_with_value_segment_and_nearest_people(rep: User, manager: User) -> None:
    worn = make_banker("Nora")
    make_engagement(worn, "call", on=timezone.localdate() - timedelta(days=5))
    row = submit(rep, deal_value=400_000, currency="USD")
    demand = UnmetDemand.objects.get(request=row)
    assert (row.status, demand.missing, demand.currency) == ("unmet", 1, "USD")
    assert demand.deal_value == Decimal(400_000)
    assert demand.segment == {"industry": ["Banking"]}
    assert demand.label == "Reference call · Banking"
    candidate = demand.task.candidates.get()
    assert candidate.contact == worn
    assert "rest" in {lack["code"] for lack in candidate.lacks}
    assert candidate.free_from is not None
    letters = OutboxMessage.objects.filter(kind="mail").values_list("payload__letter", flat=True)
    assert sorted(letters) == ["request_needs_manager", "request_news"]


def test_demand_met_after_all_closes_its_task(rep: User, manager: User) -> None:
    banking()
    row = submit(rep)
    make_banker()
    row = reopen_request(request=row, by=manager)
    fill_request(request=row)
    row.refresh_from_db()
    assert row.status == "open"
    assert UnmetDemand.objects.get().met_at is not None
    assert RecruitingTask.objects.get().status == "done"


def test_three_people_are_asked_for_a_slot_before_a_manager_is_needed(rep: User, manager: User) -> None:
    make_policy({"approvals": [{"approvers": "none"}]})
    for _ in range(4):
        make_banker()
    row = submit(rep)
    for _ in range(3):
        decline_match(match=the_match(row), reason="no_time")
        fill_request(request=row)
    row.refresh_from_db()
    assert row.matches.filter(status="declined").count() == 3
    assert not row.matches.live().exists()
    assert "3 people have been asked" in row.needs_manager
    assert row.status == "open"
    match = propose_person(request=row, contact_id=_untried(row), by=manager)
    row.refresh_from_db()
    assert (match.status, match.chosen_by, row.needs_manager) == ("invited", "manager", "")


def _untried(row: Request) -> int:
    from references.models import Contact

    return Contact.objects.exclude(pk__in=row.matches.values("contact")).get().pk


def test_manager_overrides_a_cap_with_a_reason_that_is_kept(rep: User, manager: User) -> None:
    worn = make_banker()
    make_engagement(worn, "call", on=timezone.localdate() - timedelta(days=20))
    row = submit(rep)
    reopen_request(request=row, by=manager)
    row.refresh_from_db()
    with pytest.raises(HoldRefusedError):
        propose_person(request=row, contact_id=worn.pk, by=manager)
    match = propose_person(request=row, contact_id=worn.pk, by=manager, override_reason="She offered it herself")
    assert "rest" in match.override_codes
    assert (match.override_reason, match.overridden_by) == ("She offered it herself", manager)


def test_salesperson_overrides_nothing(rep: User, manager: User) -> None:
    worn = make_banker()
    make_engagement(worn, "call", on=timezone.localdate() - timedelta(days=20))
    row = submit(rep)
    reopen_request(request=row, by=manager)
    row.refresh_from_db()
    with pytest.raises(DomainError) as error:
        propose_person(request=row, contact_id=worn.pk, by=rep, override_reason="I want her")
    assert error.value.code == "not_allowed"


NEVER: list[Any] = ["no_consent", "blackout", "opted_out"]


@pytest.mark.parametrize("rule", NEVER)
def test_nobody_overrides_the_persons_own_word(rep: User, manager: User, rule: str) -> None:
    fields: dict[str, Any] = {"consents": []} if rule == "no_consent" else {}
    fields |= {"has_opted_out": True} if rule == "opted_out" else {}
    person = make_banker(**fields)
    if rule == "blackout":
        make_blackout(person, timezone.localdate(), timezone.localdate() + timedelta(days=60))
    row = submit(rep)
    reopen_request(request=row, by=manager)
    row.refresh_from_db()
    with pytest.raises(DomainError) as error:
        propose_person(request=row, contact_id=person.pk, by=manager, override_reason="Please")
    assert error.value.code in {"hold_refused", "not_in_pool"}
    assert not row.matches.exists()


def test_submitted_filling_survives_without_the_caller(rep: User) -> None:
    """What the web process would have done at once, the worker does from the outbox."""
    from delivery import outbox

    chosen = make_banker()
    make_banker()
    row = submit_request(request=make_request(rep), by=rep, chosen=[chosen.pk])
    message = OutboxMessage.objects.get(kind="request.fill")
    assert outbox.deliver(message.pk)
    assert the_match(row).contact == chosen


def test_draw_of_somebody_new_is_repeatable_and_its_probability_kept(rep: User) -> None:
    used = make_banker()
    make_engagement(used, "review", on=timezone.localdate() - timedelta(days=300))
    make_policy({"ranking": {"explore_points": 100.0}})
    for _ in range(3):
        make_banker()
    row = submit(rep, quantity=2)
    last = row.matches.get(slot=2)
    assert last.chosen_by == "exploration"
    assert last.probability == pytest.approx(1 / 2)  # three are new, and one of them was the best of slot 1


def test_refused_invitation_without_address_calls_a_manager(rep: User, manager: User) -> None:
    make_banker(email="")
    match = invite(rep, manager)
    match.request.refresh_from_db()
    assert match.status == "invited"
    assert "ask in person" in match.request.needs_manager
    letters = set(OutboxMessage.objects.filter(kind="mail").values_list("payload__letter", flat=True))
    assert "invitation" not in letters
