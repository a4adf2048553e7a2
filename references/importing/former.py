"""Finds the rows that a file means by what a merged row was known by: an old file makes no duplicate anew."""

from collections.abc import Collection

from django.db.models import Q, QuerySet

from references.enums import IdentityKind
from references.importing.among import among
from references.models import FormerIdentity


def former_customers(
    ids: Collection[str], names: Collection[str], domains: Collection[str]
) -> QuerySet[FormerIdentity]:
    """What customers were known by, among these CRM ids, folded names and domains; with the customer."""
    rows = FormerIdentity.objects.filter(customer__isnull=False).select_related("customer")
    if not rows.exists():  # mostly so
        return rows.none()
    return rows.filter(
        _any(IdentityKind.CRM_ID, ids) | _any(IdentityKind.NAME, names) | _any(IdentityKind.DOMAIN, domains)
    )


def former_contacts(ids: Collection[str], emails: Collection[str], names: Collection[str]) -> QuerySet[FormerIdentity]:
    """What contacts were known by, among these CRM ids, addresses in lower case and folded names; with the contact."""
    rows = FormerIdentity.objects.filter(contact__isnull=False).select_related("contact__customer")
    if not rows.exists():
        return rows.none()
    return rows.filter(
        _any(IdentityKind.CRM_ID, ids) | _any(IdentityKind.EMAIL, emails) | _any(IdentityKind.NAME, names)
    )


def _any(kind: str, values: Collection[str]) -> Q:
    return Q(kind=kind, value__in=among(values))
