"""Deciding from the mail: as one's own user, blinded as that user is, once, and only while it is theirs."""

import pytest
from django.test import Client

from matching.models import Approval, Match
from matching.services.approving import approve_match
from references.models import Engagement
from references.services.contacts import change_status
from references.services.ledger import change_engagement_status
from tests.matching.factories import make_banker, submit, the_match
from tests.web.conftest import read_page
from tests.web.links import approval_by
from users.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture
def approval(rep: User, manager: User) -> Approval:
    """A manager's step for Nora, with Olaf as the next best."""
    make_banker("Nora Lindqvist", title="CFO")
    make_banker("Olaf Other", title="CIO")
    match = the_match(submit(rep))
    assert match.status == "manager_review"
    return match.approvals.get(step="manager")


def test_page_shows_the_match_as_the_approver_may_see_it(approval: Approval, manager: User) -> None:
    text = read_page(Client().get(approval_by(manager, approval)).content.decode()).text
    assert f"May we ask {approval.match.contact.name}?" in text
    assert "Robin Rep needs a reference for Harbor Bank." in text
    assert "You decide as Mina Manager." in text
    assert approval.match.contact.email not in text


def test_yes_asks_the_promoter_in_the_approvers_name(approval: Approval, manager: User) -> None:
    response = Client().post(f"{approval_by(manager, approval)}approve/", {"version": approval.match.version})
    assert response.status_code == 200
    assert "You said yes." in response.content.decode()
    approval.refresh_from_db()
    assert (approval.status, approval.decided_by) == ("approved", manager)
    assert Match.objects.get(pk=approval.match_id).status == "invited"


def test_no_needs_a_reason_and_puts_the_next_best_forward(approval: Approval, manager: User) -> None:
    path = approval_by(manager, approval)
    response = Client().post(f"{path}reject/", {"reason": " "})
    assert response.status_code == 422
    assert "Please give a reason." in response.content.decode()
    Client().post(f"{path}reject/", {"reason": "They are on leave"})
    first, second = Match.objects.order_by("pk")
    assert (first.status, second.status) == ("rejected", "manager_review")
    assert first.contact_id != second.contact_id


def test_second_decision_is_told_that_it_is_decided(approval: Approval, manager: User) -> None:
    boss = User.objects.create_user("boss@example.test", "x", role="manager")
    Client().post(f"{approval_by(boss, approval)}approve/")
    path = approval_by(manager, approval)
    for response in (Client().get(path), Client().post(f"{path}reject/", {"reason": "too late"})):
        assert response.status_code == 410
        assert "This has been decided" in response.content.decode()
    assert Match.objects.get().status == "invited"


def test_ones_own_decision_is_said_once_more_to_a_second_click(approval: Approval, manager: User) -> None:
    path = approval_by(manager, approval)
    Client().post(f"{path}approve/")
    for response in (Client().get(path), Client().post(f"{path}approve/")):
        assert response.status_code == 200
        assert "You said yes." in response.content.decode()
    assert Match.objects.get().status == "invited"


def test_match_that_changed_meanwhile_is_looked_at_again(approval: Approval, manager: User) -> None:
    response = Client().post(f"{approval_by(manager, approval)}approve/", {"version": approval.match.version + 1})
    assert response.status_code == 422
    assert "Something has changed meanwhile." in response.content.decode()
    assert Match.objects.get().status == "manager_review"


def test_tired_promoter_needs_a_reason(approval: Approval, manager: User) -> None:
    Match.objects.update(band="approval")
    path = approval_by(manager, approval)
    assert "This promoter is tired" in Client().get(path).content.decode()
    assert Client().post(f"{path}approve/").status_code == 422
    assert Client().post(f"{path}approve/", {"reason": "the only one"}).status_code == 200


@pytest.mark.parametrize("change", [{"is_active": False}, {"role": "sales"}])
def test_user_who_may_not_decide_any_more_is_refused(
    approval: Approval, manager: User, change: dict[str, object]
) -> None:
    path = approval_by(manager, approval)
    User.objects.filter(pk=manager.pk).update(**change)
    for response in (Client().get(path), Client().post(f"{path}approve/")):
        assert response.status_code == 410
        assert "Nora" not in response.content.decode()
    approval.refresh_from_db()
    assert approval.status == "pending"


def test_place_that_somebody_else_took_is_explained(approval: Approval, manager: User) -> None:
    path = approval_by(manager, approval)
    row = Engagement.objects.get(source=f"match:{approval.match_id}")
    change_engagement_status(engagement=row, to="released")
    change_status(contact=approval.match.contact, to="paused")
    response = Client().post(f"{path}approve/")
    assert response.status_code == 422
    text = read_page(response.content.decode()).text
    assert "This person cannot be asked any more" in text
    assert "Paused" in text


def test_account_owner_decides_on_their_own_customer(rep: User, outsider: User) -> None:
    make_banker("Nora Lindqvist", title="CFO", owner=outsider)
    match = the_match(submit(rep))
    approval = match.approvals.get(step="owner")
    text = read_page(Client().get(approval_by(outsider, approval)).content.decode()).text
    assert "May we ask Nora Lindqvist?" in text
    other = approval_by(rep, approval)
    assert Client().get(other).status_code == 410
    approve_match(match=match, by=outsider)
    assert "You said yes." in Client().get(approval_by(outsider, approval)).content.decode()
