"""What a skeptical reader of the way of a request found, and what must not come back."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from delivery.models import OutboxMessage
from matching.models import Approval, Match, Request
from matching.services.answering import accept_match, cancel_by_customer, offer_times
from matching.services.approving import approve_match, escalate_approval
from matching.services.closing import release_person, report_outcome
from matching.services.filling import fill_request
from matching.services.meeting import complete_match, schedule_match
from matching.services.requests import cancel_request, edit_request, reopen_request, submit_request
from references.errors import DomainError
from references.models import Customer, Engagement, StateChange
from references.pool.writing import pool_write
from references.services.contacts import change_status
from tests.factories import make_engagement, make_policy
from tests.matching.factories import banking, invite, make_banker, make_request, submit, the_match
from users.models import User

pytestmark = pytest.mark.django_db
NOBODY: dict[str, Any] = {"approvals": [{"approvers": "none"}]}


@pytest.fixture
def mate(rep: User) -> User:
    return User.objects.create_user("mate@example.test", "x", team=rep.team)


def overdue(approval: Approval) -> Approval:
    Approval.objects.filter(pk=approval.pk).update(due_at=timezone.now() - timedelta(minutes=1))
    return approval


def letters() -> list[str]:
    return list(OutboxMessage.objects.filter(kind="mail").order_by("id").values_list("payload__letter", flat=True))


def test_nobody_asks_in_a_managers_name(manager: User, rep: User) -> None:
    make_policy({"approvals": [{"approvers": "manager"}]})
    make_banker()
    draft = make_request(manager)
    submit_request(request=draft, by=rep)
    fill_request(request=draft)
    assert the_match(draft).status == "manager_review"


def test_nobody_asks_for_more_in_a_managers_name(manager: User, rep: User) -> None:
    make_policy({"approvals": [{"approvers": "manager"}]})
    for _ in range(2):
        make_banker()
    request = submit(manager)
    assert the_match(request).status == "invited"
    edit_request(request=request, data={"quantity": 2}, by=rep)
    fill_request(request=request)
    assert the_match(request).status == "manager_review"


def test_nobody_asks_in_the_account_owners_name(rep: User, mate: User) -> None:
    make_banker(owner=rep)
    draft = make_request(rep)
    submit_request(request=draft, by=mate)
    fill_request(request=draft)
    match = the_match(draft)
    assert match.status == "owner_review"
    assert approve_match(match=match, by=rep).status == "invited"


def test_deputy_does_not_decide_on_a_request_of_their_own(rep: User, outsider: User, manager: User) -> None:
    outsider.deputy = rep
    outsider.save()
    make_banker(owner=outsider)
    match = the_match(submit(rep))
    approval = overdue(match.approvals.get())
    assert escalate_approval(approval=approval)
    approval.refresh_from_db()
    assert approval.assignee is None
    with pytest.raises(DomainError) as error:
        approve_match(match=match, by=rep)
    assert error.value.code == "not_allowed"


def test_deputies_of_each_other_end_at_the_managers(rep: User, outsider: User, mate: User) -> None:
    outsider.deputy, mate.deputy = mate, outsider
    outsider.save()
    mate.save()
    make_banker(owner=outsider)
    request = submit(rep)
    approval = the_match(request).approvals.get()
    for _ in range(2):
        assert escalate_approval(approval=overdue(approval))
    approval.refresh_from_db()
    request.refresh_from_db()
    assert approval.assignee is None
    assert "overdue" in request.needs_manager


def test_approval_follows_the_account_to_its_new_owner(rep: User, outsider: User, mate: User) -> None:
    banker = make_banker(owner=outsider)
    match = the_match(submit(rep))
    with pool_write() as touched:
        Customer.objects.filter(pk=banker.customer_id).update(account_owner=mate)
        touched.add(banker.customer_id)
    assert not Approval.objects.waiting_for(outsider).exists()
    assert Approval.objects.waiting_for(mate).get().match == match
    with pytest.raises(DomainError):
        approve_match(match=match, by=outsider)
    assert approve_match(match=match, by=mate).status == "invited"


def expire_hold(match: Match) -> None:
    with pool_write() as touched:
        rows = Engagement.objects.filter(source=f"match:{match.pk}")
        rows.update(hold_expires_at=timezone.now() - timedelta(minutes=1))
        touched.add(match.contact.customer_id)


def test_promoter_who_tired_since_the_hold_needs_a_manager(rep: User, outsider: User, manager: User) -> None:
    make_policy({"approvals": [{"approvers": "owner"}], "fatigue": {"soft": 0.05, "needs_approval": 0.1}})
    banker = make_banker(owner=outsider)
    match = the_match(submit(rep))
    expire_hold(match)
    make_engagement(banker, "webinar", on=timezone.localdate() - timedelta(days=40))
    match = approve_match(match=match, by=outsider)
    assert (match.band, match.status) == ("approval", "manager_review")
    assert approve_match(match=match, by=manager, reason="Only she knows").status == "invited"


def test_late_yes_to_a_request_without_a_day_moves_the_day(rep: User, manager: User) -> None:
    make_banker()
    match = the_match(submit(rep, needed_by=None))
    gone = timezone.localdate() - timedelta(days=3)
    Match.objects.filter(pk=match.pk).update(on=gone)
    expire_hold(match)
    match = approve_match(match=match, by=manager)
    assert match.on > timezone.localdate()
    Match.objects.filter(pk=match.pk).update(on=gone)
    match = accept_match(match=match)
    assert match.status == "accepted"
    assert Engagement.objects.get(pk=match.engagement_id or 0).on == match.on > timezone.localdate()


def test_requester_hears_when_an_agreed_meeting_falls_away(rep: User, manager: User) -> None:
    make_banker()
    match = accept_match(match=invite(rep, manager))
    schedule_match(match=match, at=timezone.now() + timedelta(days=5), by=rep)
    change_status(contact=match.contact, to="retired", has_opted_out=True)
    assert release_person(contact_id=match.contact_id) == 1
    news = OutboxMessage.objects.filter(payload__letter="request_news").latest("id")
    assert (news.payload["news"], news.payload["user"]) == ("cancelled", rep.pk)
    assert "promoter_withdrawn" not in letters()


def test_requester_hears_of_other_times(rep: User, manager: User) -> None:
    make_banker()
    match = accept_match(match=invite(rep, manager))
    for days in (3, 4):
        offer_times(match=match, times=[timezone.now() + timedelta(days=days)])
    assert letters().count("request_news") == 2


def test_each_place_calls_for_a_manager_by_itself(rep: User, manager: User) -> None:
    make_policy(NOBODY)
    make_banker(email="")
    make_banker(email="")
    request = submit(rep, quantity=2)
    assert set(request.manager_calls) == {"1", "2"}
    accept_match(match=request.matches.get(slot=1), by=manager)
    request.refresh_from_db()
    assert set(request.manager_calls) == {"2"}
    assert "ask in person" in request.needs_manager


def test_urgency_is_not_smuggled_in_by_an_edit(rep: User) -> None:
    make_policy({"service": {"rush_per_month": 0}})
    request = submit_request(request=make_request(rep), by=rep)
    with pytest.raises(DomainError) as error:
        edit_request(request=request, data={"urgency": "urgent"}, by=rep)
    assert error.value.code == "rush_budget"


def test_nobody_is_asked_for_a_day_that_has_passed(rep: User, manager: User) -> None:
    for _ in range(2):
        make_banker()
    match = accept_match(match=invite(rep, manager))
    Request.objects.update(needed_by=timezone.localdate() - timedelta(days=1))
    cancel_by_customer(match=match)
    assert fill_request(request=match.request) == []
    match.request.refresh_from_db()
    assert match.request.status == "expired"


def test_time_without_anybody_to_ask_is_not_counted(rep: User, manager: User) -> None:
    banking()
    request = submit(rep)
    assert request.status == "unmet"
    weeks_ago = timezone.now() - timedelta(weeks=3)
    Request.objects.filter(pk=request.pk).update(submitted_at=weeks_ago)
    StateChange.objects.filter(subject=f"request:{request.pk}").update(at=weeks_ago)
    request = reopen_request(request=request, by=manager)
    assert request.due_at is not None
    assert request.due_at > timezone.now()


def test_fewer_wanted_than_done_is_fulfilled(rep: User, manager: User) -> None:
    make_policy(NOBODY)
    for _ in range(2):
        make_banker()
    request = submit(rep, quantity=2)
    first = accept_match(match=request.matches.get(slot=1))
    complete_match(match=first, by=rep)
    second = request.matches.get(slot=2)
    cancelled = accept_match(match=second)
    cancel_by_customer(match=cancelled)
    assert edit_request(request=request, data={"quantity": 1}, by=rep).status == "fulfilled"


def test_outcome_of_a_request_that_is_over_grows_its_version(rep: User) -> None:
    make_banker()
    request = cancel_request(request=submit(rep), by=rep)
    report_outcome(request=request, result="lost", by=rep)
    after = Request.objects.get(pk=request.pk)
    assert after.version > request.version


def test_answer_is_needed_before_the_day_it_is_for(rep: User, manager: User) -> None:
    make_policy({"service": {"answer_hours": 400}})
    make_banker()
    match = invite(rep, manager, needed_by=timezone.localdate() + timedelta(days=4))
    assert match.answer_due_at is not None
    assert timezone.now() < match.answer_due_at <= timezone.now() + timedelta(days=4)
    assert match.answer_due_at.date() <= match.on
