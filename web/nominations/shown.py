"""How a nomination is told to one viewer: the person and the customer named only where the viewer may see the names."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from references.blinding import headline, may_see_customer_name, may_see_person
from references.models import Contact, Customer, Nomination
from references.permissions import may_run_program
from references.policy import ProgramPolicy
from users.models import User

STATUS_COLORS = {"new": "accent", "in_progress": "soft", "approved": "fresh", "not_approved": "stop"}


@dataclass(frozen=True, slots=True)
class NominationLine:
    """A nomination for one viewer; `customer_name` is None where they may not see it, `title` without names."""

    row: Nomination
    who: str
    title: str
    customer_name: str | None
    color: str


def tell(row: Nomination, user: User, policy: ProgramPolicy) -> NominationLine:
    """Tell of a nomination whose contact and customer are loaded; no query."""
    sees_customer = may_see_customer_name(user, row.customer, policy)
    return NominationLine(
        row=row,
        who=row.person_name if row.contact is None else tell_person(row.contact, user, sees_customer=sees_customer),
        title=row.person_title if row.contact is None else "",
        customer_name=row.customer.name if sees_customer else None,
        color=STATUS_COLORS.get(row.status, "quiet"),
    )


@dataclass(frozen=True, slots=True)
class GivenAddress:
    """The e-mail address of someone new, by its domain alone; `is_foreign` where that is not the customer's."""

    domain: str
    is_foreign: bool


def tell_address(row: Nomination, user: User) -> GivenAddress | None:
    """What managers learn of an address before they approve: whoever approves decides where the person is reached."""
    if not may_run_program(user) or row.contact is not None or not row.person_email:
        return None
    domain, own = row.person_email.rpartition("@")[2].lower(), row.customer.domain.lower()
    return GivenAddress(domain, is_foreign=bool(own) and domain != own and not domain.endswith(f".{own}"))


def tell_person(contact: Contact, user: User, *, sees_customer: bool) -> str:
    """A person by name for those who may see it, else by what they do."""
    if may_see_person(user, contact):
        return contact.name
    hidden = [contact.name, *(() if sees_customer else hidden_names(contact.customer))]
    return headline(title=contact.title, seniority=contact.seniority, hidden=hidden) or _("Someone")


def hidden_names(customer: Customer) -> tuple[str, ...]:
    """What must not show of a customer whose name is withheld."""
    return (customer.name, customer.domain)
