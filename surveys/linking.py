"""Knows the people of the pool by what an export tells of them: e-mail, CRM id, or customer and name."""

from collections.abc import Iterable

from references.enums import ContactStatus
from references.models import Contact
from surveys.reading import Who


def find_people(people: Iterable[Who]) -> dict[Who, Contact]:
    """Find the contacts among `people`, their customers loaded; three queries at most. Who left is nobody.

    The e-mail address counts before the CRM id, and that before customer and name; two of one name are nobody.
    """
    asked = {who for who in people if who.is_told}
    if not asked:
        return {}
    present = Contact.objects.exclude(status=ContactStatus.RETIRED).select_related("customer").order_by("id")
    by_email, by_id, by_name = {}, {}, {}
    if emails := {who.email for who in asked if who.email}:
        by_email = {each.email.lower(): each for each in present.filter(email__in=emails)}
    if ids := {who.external_id for who in asked if who.external_id}:
        by_id = {each.external_id: each for each in present.filter(external_id__in=ids)}
    if names := {who.name for who in asked if who.name and who.customer}:
        by_name = _index_names(present.filter(folded_name__in=names))
    found = {
        who: by_email.get(who.email) or by_id.get(who.external_id) or by_name.get((who.customer, who.name))
        for who in asked
    }
    return {who: contact for who, contact in found.items() if contact is not None}


def _index_names(contacts: Iterable[Contact]) -> dict[tuple[str, str], Contact]:
    found: dict[tuple[str, str], Contact] = {}
    twice = set()
    for each in contacts:
        key = (each.customer.folded_name, each.folded_name)
        twice.update({key} & found.keys())
        found[key] = each
    return {key: each for key, each in found.items() if key not in twice}
