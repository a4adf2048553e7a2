"""Who may do what with requests and matches; whether it can be done, the services decide."""

from matching.enums import ApprovalStep
from matching.models import Approval, Match, RecruitingTask, Request
from references.permissions import may_edit_slots, may_run_program, owns
from users.models import User


def may_edit_request(user: User, request: Request) -> bool:
    """Managers, whoever made it, and their team; a speaker's is any marketer's."""
    if not user.is_active:
        return False
    if request.speaking_slot_id is not None and may_edit_slots(user):
        return True
    is_team = user.team_id is not None and user.team_id == request.owner.team_id
    return may_run_program(user) or request.owner_id == user.pk or is_team


def may_decide(user: User, approval: Approval) -> bool:
    """Managers decide at every step; the owner's step also whoever owns the account now, or the deputy it went to.

    A deputy does not decide on a request of their own.
    """
    if not user.is_active:
        return False
    if may_run_program(user):
        return True
    match = approval.match
    if approval.step != ApprovalStep.OWNER:
        return False
    if approval.escalated_at is not None:
        return approval.assignee_id == user.pk != match.request.owner_id
    return owns(user, match.contact.customer.account_owner_id)


def may_answer_for(user: User, match: Match) -> bool:
    """Record a promoter's answer given by telephone: managers and the account owner."""
    return user.is_active and (may_run_program(user) or owns(user, match.contact.customer.account_owner_id))


def may_work_on_task(user: User, task: RecruitingTask) -> bool:
    """End a recruiting task: managers, and whoever it is given to."""
    return user.is_active and (may_run_program(user) or task.assignee_id == user.pk)


def may_run_meeting(user: User, match: Match) -> bool:
    """Schedule, complete, give the requester's feedback: whoever may edit the request, and the account owner."""
    return may_edit_request(user, match.request) or may_answer_for(user, match)
