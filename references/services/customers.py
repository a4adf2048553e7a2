"""Writes customers: the organization, its tags and its proof points."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import TypedDict

from references.enums import TagOrigin
from references.errors import DomainError
from references.models import CaseStudy, Customer, CustomerTag, ProofPoint, Tag, Testimonial
from references.pool.writing import pool_write
from references.removals import DELETED
from references.services.content_states import lock_piece
from references.services.corrections import learn_from_tags
from references.services.inference import promise_inference
from references.services.saving import assign, record_change, save_checked, set_tags
from references.services.versions import require_changeable
from references.text import fold_name
from users.models import User


class CustomerData(TypedDict, total=False):
    """The fields of a customer that a form or a request may set."""

    name: str
    domain: str
    external_id: str
    size_band: str
    tier: str
    health: str
    account_owner: User | None
    is_referenceable: bool
    is_named: bool
    has_open_escalation: bool
    renewal_date: date | None
    is_renewal_sensitive: bool
    annual_value: Decimal | None
    lifetime_value: Decimal | None
    currency: str
    exclusions: list[str]
    raw_industry: str
    raw_location: str
    notes: str


class ProofPointData(TypedDict, total=False):
    """The fields of a proof point."""

    metric: str
    before: str
    after: str
    unit: str
    amount: Decimal | None
    currency: str
    how_measured: str
    measured_on: date | None


def save_customer(
    *,
    customer: Customer | None = None,
    data: CustomerData,
    tags: Iterable[Tag] | None = None,
    verified_on: date | None = None,
) -> Customer:
    """Make or change a customer; `tags`, where given, become exactly its tags (see `set_tags` for `verified_on`).

    Other tags than before are proposed as what the words that were imported mean (see `corrections`). Raises
    DomainError: name_required, duplicate_customer, currency_required, tag_rejected, or a field's own code.
    """
    with pool_write() as touched:
        row = customer or Customer()
        assign(row, data, CustomerData.__annotations__)
        row.folded_name = fold_name(row.name)
        row.currency = row.currency.strip().upper()
        row.domain = row.domain.strip().lower()
        _check(row)
        save_checked(row)
        if tags is not None:
            before = _given_tags(row)
            set_tags(CustomerTag, row, tags, verified_on=verified_on)
            if customer is not None:
                learn_from_tags(row=row, before=before, after=_given_tags(row))
        touched.add(row.pk)
        promise_inference([row.pk])
    return row


def save_proof_point(
    *,
    customer: Customer,
    point: ProofPoint | None = None,
    piece: CaseStudy | Testimonial | None = None,
    data: ProofPointData,
) -> ProofPoint:
    """Make or change a number the customer reports, a new one of a piece of content where one is given.

    Raises DomainError: wrong_customer, currency_required, content_with_customer, content_fixed, or a field's own code.
    """
    with pool_write() as touched:
        row = point or ProofPoint(customer=customer)
        if point is None and piece is not None:
            row.case_study = piece if isinstance(piece, CaseStudy) else None
            row.testimonial = piece if isinstance(piece, Testimonial) else None
        if piece is not None and piece.customer_id != customer.pk:
            raise DomainError("wrong_customer", "This content belongs to another customer.", "piece")
        if row.customer_id != customer.pk:
            raise DomainError("wrong_customer", "The proof point belongs to another customer.", "customer")
        _require_changeable(row)
        assign(row, data, ProofPointData.__annotations__)
        row.currency = row.currency.strip().upper()
        if row.amount is not None and not row.currency:
            raise DomainError("currency_required", "An amount needs its currency.", "currency")
        save_checked(row)
        touched.add(customer.pk)
    return row


def delete_proof_point(*, point: ProofPoint, by: User | None) -> None:
    """Remove a proof point; that it is gone stays on record, for whoever keeps a copy (see `references.removals`).

    Raises DomainError: content_with_customer, content_fixed.
    """
    with pool_write() as touched:
        _require_changeable(point)
        touched.add(point.customer_id)
        record_change(subject=point, before="", after=DELETED, by=by)
        point.delete()


def _given_tags(row: Customer) -> list[Tag]:
    return list(Tag.objects.filter(customer_tags__customer=row, customer_tags__origin=TagOrigin.GIVEN))


def _require_changeable(point: ProofPoint) -> None:
    """A number that the customer looks at, or approved, stays as it was shown."""
    piece = point.case_study or point.testimonial
    if piece is not None:
        require_changeable(lock_piece(piece))


def _check(row: Customer) -> None:
    if not row.folded_name:
        raise DomainError("name_required", "A customer needs a name.", "name")
    if Customer.objects.exclude(pk=row.pk).filter(folded_name=row.folded_name).exists():
        raise DomainError("duplicate_customer", f"There is a customer named '{row.name}' already.", "name")
    if (row.annual_value is not None or row.lifetime_value is not None) and not row.currency:
        raise DomainError("currency_required", "A value needs its currency.", "currency")
