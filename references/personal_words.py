"""By which words a person is known, and texts without them."""

import re
from dataclasses import dataclass

from references.blinding import HIDDEN, hide_full_name, hide_names
from references.models import Contact

ERASED_NAME = "Erased person"


@dataclass(frozen=True, slots=True)
class Person:
    """The name and addresses of somebody, as texts may mention them."""

    name: str
    email: str
    phone: str

    def hide(self, text: str) -> str:
        """`text` without any telling word of the name: for what is about this person."""
        return hide_names(self.hide_addresses(text), [self.name])

    def hide_in_full(self, text: str) -> str:
        """`text` without the whole name and the addresses: for what is about others, who may share a word of it."""
        return hide_full_name(self.hide_addresses(text), self.name)

    def hide_addresses(self, text: str) -> str:
        """`text` without the e-mail address and the telephone number, however that one is spaced."""
        if self.email:
            text = re.sub(re.escape(self.email), HIDDEN, text, flags=re.IGNORECASE)
        digits = re.sub(r"\D", "", self.phone)
        return re.sub(r"\+?\(?" + r"[\s()./-]*".join(digits), HIDDEN, text) if len(digits) >= 6 else text


def person_of(contact: Contact) -> Person:
    """The words by which a contact is known now."""
    return Person(contact.name, contact.email, contact.phone)


def is_erased(contact: Contact) -> bool:
    """Whether there is nobody left in this row."""
    return contact.name == ERASED_NAME and contact.has_opted_out
