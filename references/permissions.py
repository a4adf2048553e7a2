"""Who may do what with the pool; whether it can be done, the services decide."""

from datetime import datetime, timedelta

from references.enums import NominationStatus
from references.models import Contact, ContactGrant, Customer, Engagement, Nomination
from users.enums import Role
from users.models import User

UNDO_WITHIN = timedelta(minutes=10)


def owns(user: User, account_owner_id: int | None) -> bool:
    """Whether the account is this user's own."""
    return user.pk is not None and user.pk == account_owner_id


def may_run_program(user: User) -> bool:
    """Managers and administrators: vocabulary, policy, imports, proposals, any customer and contact."""
    return user.is_active and user.is_manager


def may_edit_customer(user: User, customer: Customer) -> bool:
    """Managers, and the account owner of this customer."""
    return may_run_program(user) or (user.is_active and owns(user, customer.account_owner_id))


def may_edit_contact(user: User, contact: Contact) -> bool:
    """Managers, and the account owner of the contact's customer."""
    return may_edit_customer(user, contact.customer)


def may_see_contact_data(user: User, contact: Contact) -> bool:
    """E-mail and phone: managers, the account owner, and whoever the person said yes to.

    Each look is recorded (see services.disclosures).
    """
    return may_edit_contact(user, contact) or holds_grant(user, contact)


def holds_grant(user: User, contact: Contact) -> bool:
    """Whether this contact was granted to the user (see services.grants) and nobody has taken it back; one query."""
    return user.is_active and ContactGrant.objects.in_force().filter(contact=contact, user=user).exists()


def may_withdraw_touch(user: User, engagement: Engagement, now: datetime) -> bool:
    """A touch logged by mistake: those who may edit the person, and for ten minutes whoever logged it.

    The engagement comes annotated by `with_logged_by()`, its customer loaded.
    """
    return may_edit_contact(user, engagement.contact) or (user.is_active and was_just_logged(user, engagement, now))


def was_just_logged(user: User, engagement: Engagement, now: datetime) -> bool:
    """Whether this user logged the touch, annotated by `with_logged_by()`, within the last ten minutes."""
    is_fresh = now - engagement.recorded_at <= UNDO_WITHIN
    return is_fresh and engagement.logged_by == user.pk  # type: ignore[attr-defined]


def may_log_content(user: User, customer: Customer) -> bool:
    """Stories, quotes: managers and marketers for every customer, account owners for their own."""
    return may_edit_customer(user, customer) or (user.is_active and user.is_marketer)


def may_ask_for_consent(user: User, contact: Contact) -> bool:
    """Whoever logs content of the person's customer: managers, marketers, its account owner."""
    return may_log_content(user, contact.customer)


def may_edit_slots(user: User) -> bool:
    """Speaking slots are kept by marketers and managers."""
    return may_run_program(user) or (user.is_active and user.is_marketer)


def may_keep_wall(user: User) -> bool:
    """Embeds, their counts, and the leads of visitors are kept by marketers and managers."""
    return may_run_program(user) or (user.is_active and user.is_marketer)


def may_move_nomination(user: User, nomination: Nomination) -> bool:
    """Drafts are sent by their authors, the rest is decided by managers; the account owner reads along."""
    if nomination.status == NominationStatus.DRAFT:
        return user.is_active and nomination.nominated_by_id == user.pk
    return may_run_program(user)


def may_administer(user: User) -> bool:
    """Users, keys and Django's admin are the administrator's."""
    return user.is_active and user.role == Role.ADMIN
