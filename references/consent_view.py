"""How consents are told to somebody who logs in: whose one is, as far as they may know, and how it stands."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from references.blinding import headline, hide_names, may_see_customer_name, may_see_name
from references.models import Consent, Contact, Customer
from references.policy import ProgramPolicy
from references.wording import name_of
from users.models import User

STATES = ("in_force", "to_come", "over", "superseded", "revoked")


@dataclass(frozen=True, slots=True)
class Whose:
    """Whose something is: the person, or "" for a whole customer, and the customer, "" where neither may be known.

    `hidden` are the names that must not show in any text about it.
    """

    who: str
    customer: str
    sees_person: bool
    hidden: tuple[str, ...]

    def hide(self, text: str) -> str:
        """A text without the names that must not show."""
        return hide_names(text, self.hidden)


def state_of(consent: Consent, on: date) -> str:
    """How a consent stands on a day: one of `STATES`."""
    if consent.revoked_at is not None:
        return "revoked"
    if consent.superseded_by_id is not None:
        return "superseded"
    if consent.valid_until is not None and consent.valid_until < on:
        return "over"
    return "in_force" if consent.valid_from <= on else "to_come"


def whose_consent(user: User, consent: Consent, policy: ProgramPolicy, on: date) -> Whose:
    """Whose a consent is, its contact and customer loaded; with names where it stands and lets the person be named."""
    is_attributed = consent.is_attributed and state_of(consent, on) == "in_force"
    return tell_whose(user, consent.contact, consent.customer, policy, is_attributed=is_attributed)


def tell_whose(
    user: User, contact: Contact | None, customer: Customer, policy: ProgramPolicy, *, is_attributed: bool = False
) -> Whose:
    """Whose something of a contact, or of a whole customer, is; no query."""
    sees_customer = may_see_customer_name(user, customer, policy)
    sees_person = contact is None or may_see_name(user, customer.account_owner_id, is_attributed=is_attributed)
    hidden = [] if sees_customer else [customer.name, customer.domain]
    if contact is not None and not sees_person:
        hidden.append(contact.name)
    who = ""
    if contact is not None:
        who = contact.name if sees_person else _describe(contact, hidden)
    return Whose(who, customer.name if sees_customer else "", sees_person, tuple(each for each in hidden if each))


def piece_name(consent: Consent, whose: Whose) -> str:
    """The one piece that a consent is limited to, "" for none; its piece loaded."""
    piece = consent.case_study or consent.testimonial
    return "" if piece is None else whose.hide(name_of(piece))


def _describe(contact: Contact, hidden: list[str]) -> str:
    return headline(title=contact.title, seniority=contact.seniority, hidden=[contact.name, *hidden]) or _("Someone")
