"""Who may do what in advocacy; whether it can be done, the services decide."""

from advocacy.models import AskAssignment, Referral
from references.enums import NominationStatus
from references.models import Contact, Nomination
from references.permissions import may_log_content
from users.models import User


def may_keep_asks(user: User) -> bool:
    """Asks, review sites and campaigns are kept, and evidence is checked, by managers and marketers."""
    return user.is_active and (user.is_manager or user.is_marketer)


def may_put_asks(user: User, contact: Contact) -> bool:
    """Managers and marketers ask anybody, account owners the people of their own customers (customer loaded)."""
    return may_log_content(user, contact.customer)


def may_withdraw_ask(user: User, assignment: AskAssignment) -> bool:
    """Whoever keeps asks, and whoever put this one."""
    return may_keep_asks(user) or (user.is_active and assignment.asked_by_id == user.pk)


def may_refer_for(user: User, contact: Contact) -> bool:
    """Note a referral of somebody: managers and marketers, and the account owner (customer loaded)."""
    return may_log_content(user, contact.customer)


def may_work_on_referral(user: User, referral: Referral) -> bool:
    """Qualify, win and lose it: managers, marketers and its owner."""
    return user.is_active and (user.is_manager or user.is_marketer or referral.owner_id == user.pk)


def may_see_lead(user: User, referral: Referral) -> bool:
    """The lead's name and data: whoever works on it. The referrer's account owner sees the company alone."""
    return may_work_on_referral(user, referral)


def may_settle_referral(user: User) -> bool:
    """Let one count in spite of a check, and judge fraud flags: managers."""
    return user.is_active and user.is_manager


def may_hand_over(user: User, nomination: Nomination) -> bool:
    """Hand a moment to marketing: its author, the account owner, managers (customer loaded); never a draft."""
    if nomination.status == NominationStatus.DRAFT:
        return False
    is_theirs = user.pk in {nomination.nominated_by_id, nomination.customer.account_owner_id}
    return user.is_active and (user.is_manager or is_theirs)


def may_take_moments(user: User) -> bool:
    """Marketing's queue of moments: marketers and managers."""
    return user.is_active and (user.is_manager or user.is_marketer)


def may_keep_rewards(user: User) -> bool:
    """Points by hand, levels, badges, rewards, gift rules and who is given what: managers."""
    return user.is_active and user.is_manager
