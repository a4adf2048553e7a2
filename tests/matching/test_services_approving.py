"""Approval: whose turn it is, reasons for the tired, expired holds taken anew, and what nobody decides goes on."""

from datetime import timedelta

import pytest
from django.utils import timezone

from delivery import outbox
from delivery.models import OutboxMessage
from matching.models import Approval, Match
from matching.services.approving import (
    approve_many,
    approve_match,
    escalate_approval,
    reject_many,
    reject_match,
    swap_match,
)
from matching.services.filling import fill_request
from references.errors import DomainError
from references.models import Contact, Engagement
from references.pool.writing import pool_write
from references.services.consents import revoke_consent
from references.services.holds import HoldRefusedError, release_expired_hold
from tests.factories import make_engagement, make_policy
from tests.matching.factories import invite, make_banker, submit, the_match
from users.models import User

pytestmark = pytest.mark.django_db
BOTH = {"approvals": [{"approvers": "both"}]}


def expire_hold(match: Match) -> Engagement:
    with pool_write() as touched:
        row = Engagement.objects.get(source=f"match:{match.pk}")
        Engagement.objects.filter(pk=row.pk).update(hold_expires_at=timezone.now() - timedelta(minutes=1))
        touched.add(match.contact.customer_id)
    row.refresh_from_db()
    return row


def test_owner_then_manager_then_the_promoter(rep: User, manager: User, outsider: User) -> None:
    make_policy(BOTH)
    make_banker(owner=outsider)
    match = the_match(submit(rep))
    assert match.status == "owner_review"
    assert list(Approval.objects.waiting_for(outsider)) == [match.approvals.get(step="owner")]
    with pytest.raises(DomainError) as error:
        approve_match(match=match, by=rep)
    assert error.value.code == "not_allowed"
    match = approve_match(match=match, by=outsider, reason="Good moment")
    assert match.status == "manager_review"
    with pytest.raises(DomainError) as error:
        approve_match(match=match, by=outsider)
    assert error.value.code == "not_allowed"
    match = approve_match(match=match, by=manager)
    assert match.status == "invited"
    assert match.invited_at is not None
    assert match.answer_due_at is not None
    assert match.request.due_at is None  # the clock stands while the customer is awaited
    with pytest.raises(DomainError) as error:
        approve_match(match=match, by=manager)
    assert error.value.code == "not_waiting"


def test_self_service_goes_straight_to_the_promoter(rep: User) -> None:
    make_policy({"approvals": [{"approvers": "none"}]})
    make_banker(owner=None)
    assert the_match(submit(rep)).status == "invited"


def test_owner_who_asks_for_their_own_customer_needs_no_yes_of_their_own(rep: User) -> None:
    make_banker(owner=rep)
    assert the_match(submit(rep)).status == "invited"


def test_tired_promoter_needs_a_manager_with_a_reason(rep: User, manager: User) -> None:
    make_policy({"approvals": [{"approvers": "none"}], "fatigue": {"soft": 0.05, "needs_approval": 0.1}})
    tired = make_banker()
    make_engagement(tired, "quote", on=timezone.localdate() - timedelta(days=31))
    make_engagement(tired, "review", on=timezone.localdate() - timedelta(days=31))
    match = the_match(submit(rep))
    assert (match.status, match.band) == ("manager_review", "approval")
    with pytest.raises(DomainError) as error:
        approve_match(match=match, by=manager)
    assert (error.value.code, error.value.field) == ("reason_required", "reason")
    assert approve_match(match=match, by=manager, reason="Only she knows the topic").status == "invited"


def test_rejection_needs_a_reason_releases_and_the_next_best_is_found(rep: User, manager: User) -> None:
    first, second = make_banker(), make_banker()
    request = submit(rep)
    match = the_match(request)
    with pytest.raises(DomainError) as error:
        reject_match(match=match, by=manager, reason=" ")
    assert error.value.field == "reason"
    reject_match(match=match, by=manager, reason="Renewal talks")
    match.refresh_from_db()
    assert match.engagement is not None
    assert (match.status, match.engagement.status) == ("rejected", "released")
    fill_request(request=request)
    after = the_match(request)
    assert {match.contact, after.contact} == {first, second}
    assert after.chosen_by == "next_best"


def test_swap_puts_the_other_one_forward_in_the_same_slot(rep: User, manager: User) -> None:
    bankers = {make_banker(), make_banker()}
    match = the_match(submit(rep))
    other = (bankers - {match.contact}).pop()
    swapped = swap_match(match=match, by=manager, contact_id=other.pk, reason="She asked for more")
    match.refresh_from_db()
    assert (match.status, swapped.contact, swapped.slot, swapped.chosen_by) == ("withdrawn", other, 1, "manager")


def test_swap_for_somebody_who_cannot_be_held_changes_nothing(rep: User, manager: User) -> None:
    make_banker()
    match = the_match(submit(rep))
    worn = make_banker()
    make_engagement(worn, "call", on=timezone.localdate() - timedelta(days=3))
    with pytest.raises(HoldRefusedError):
        swap_match(match=match, by=manager, contact_id=worn.pk)
    match.refresh_from_db()
    assert match.is_live
    assert match.engagement is not None
    assert match.engagement.status == "held"


def test_stale_decision_is_refused(rep: User, manager: User) -> None:
    make_banker()
    match = the_match(submit(rep))
    with pytest.raises(DomainError) as error:
        approve_match(match=match, by=manager, expected_version=match.version - 1)
    assert error.value.code == "changed_meanwhile"


@pytest.mark.parametrize("is_swept", [True, False])
def test_expired_hold_is_taken_anew_at_the_yes(rep: User, manager: User, is_swept: bool) -> None:
    make_banker()
    match = the_match(submit(rep))
    old = expire_hold(match)
    if is_swept:
        assert release_expired_hold(engagement=old)
    match = approve_match(match=match, by=manager)
    assert match.status == "invited"
    assert match.engagement is not None
    assert (match.engagement.source, match.engagement.status) == (f"match:{match.pk}/2", "asked")


def test_expired_hold_that_somebody_else_took_is_refused_at_the_yes(rep: User, outsider: User, manager: User) -> None:
    make_banker()
    match = the_match(submit(rep))
    expire_hold(match)
    assert the_match(submit(outsider)).contact == match.contact
    with pytest.raises(HoldRefusedError) as error:
        approve_match(match=match, by=manager)
    assert "rest" in error.value.broken


def test_consent_taken_back_since_stops_the_yes(rep: User, manager: User) -> None:
    banker = make_banker()
    match = the_match(submit(rep))
    revoke_consent(consent=banker.consents.get(activity="call"))
    with pytest.raises(HoldRefusedError) as error:
        approve_match(match=match, by=manager)
    assert "no_consent" in error.value.broken
    message = OutboxMessage.objects.get(kind="contact.unavailable")
    assert outbox.deliver(message.pk)
    match.refresh_from_db()
    assert match.status == "withdrawn"


def test_overdue_approval_goes_to_the_deputy_then_to_the_managers(rep: User, outsider: User, manager: User) -> None:
    deputy = User.objects.create_user("deputy@example.test", "x")
    outsider.deputy = deputy
    outsider.save()
    make_banker(owner=outsider)
    match = the_match(submit(rep))
    approval = match.approvals.get()
    assert not escalate_approval(approval=approval)  # not due yet
    for expected in (deputy, None):
        Approval.objects.filter(pk=approval.pk).update(due_at=timezone.now() - timedelta(minutes=1))
        assert escalate_approval(approval=approval)
        approval.refresh_from_db()
        assert approval.assignee == expected
        assert approval.due_at > timezone.now()
    match.request.refresh_from_db()
    assert match.request.needs_manager
    Approval.objects.filter(pk=approval.pk).update(due_at=timezone.now() - timedelta(minutes=1))
    assert not escalate_approval(approval=approval)
    assert list(Approval.objects.waiting_for(manager)) == [approval]
    match = approve_match(match=match, by=manager)
    assert match.request.needs_manager == ""


def test_bulk_decides_each_by_itself(rep: User, manager: User) -> None:
    for _ in range(2):
        make_banker()
    matches = [the_match(submit(rep)) for _ in range(2)]
    approve_match(match=matches[0], by=manager)
    results = approve_many(matches=matches, by=manager)
    assert [(None if error is None else error.code) for _match, error in results] == ["not_waiting", None]
    [(_same, error)] = reject_many(matches=[matches[1]], by=manager, reason="no")
    assert error is not None
    assert error.code == "not_waiting"


def test_invitation_carries_one_link_one_reminder_and_an_end(rep: User, manager: User) -> None:
    make_banker()
    match = invite(rep, manager)
    kinds = dict(OutboxMessage.objects.filter(key__endswith=f":{match.pk}").values_list("kind", "due"))
    assert timezone.now() < kinds["match.remind"] < kinds["match.silence"]
    assert kinds["match.silence"] == match.answer_due_at
    assert Contact.objects.get().email not in str(list(OutboxMessage.objects.values_list("payload", flat=True)))
