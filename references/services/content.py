"""Writes what promoters have given: case studies and testimonials, logged as they stand, each wording kept."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, TypedDict, TypeVar

from references.enums import ContentStatus
from references.errors import DomainError
from references.lifecycles import CONTENT
from references.models import CaseStudy, CaseStudyTag, Contact, Customer, Tag, Testimonial, TestimonialTag
from references.pool.writing import pool_write
from references.services.content_states import lock_piece, tell_content
from references.services.inference import promise_inference
from references.services.saving import assign, record_change, save_checked, set_tags
from references.services.versions import keep_version, require_changeable
from references.wording import words_of
from users.models import User

ContentT = TypeVar("ContentT", CaseStudy, Testimonial)


class CaseStudyData(TypedDict, total=False):
    """The fields of a case study; its status is given once, when it is logged."""

    title: str
    challenge: str
    solution_text: str
    results: str
    language: str
    url: str
    published_on: date | None
    expires_on: date | None
    owner: User | None
    external_id: str


class TestimonialData(TypedDict, total=False):
    """The fields of a testimonial; its status is given once, when it is logged."""

    kind: str
    text: str
    said_by: str
    said_by_title: str
    transcript: str
    review_site: str
    language: str
    url: str
    published_on: date | None
    expires_on: date | None
    owner: User | None
    external_id: str


def save_case_study(
    *,
    case_study: CaseStudy | None = None,
    customer: Customer,
    contact: Contact | None = None,
    data: CaseStudyData,
    tags: Iterable[Tag] | None = None,
    status: str = ContentStatus.DRAFT,
    by: User | None = None,
) -> CaseStudy:
    """Log or change a story; `status` holds for a new one. Rights come from consents alone.

    Changed words are a new version. Raises DomainError: wrong_customer, title_required, not_initial,
    duplicate_content, content_with_customer, content_fixed, or a field's own code.
    """
    row = case_study or CaseStudy(customer=customer, status=status)
    assign(row, data, CaseStudyData.__annotations__)
    if not row.title.strip():
        raise DomainError("title_required", "A case study needs a title.", "title")
    return _save(row, CaseStudyTag, customer, contact, tags, by)


def save_testimonial(
    *,
    testimonial: Testimonial | None = None,
    customer: Customer,
    contact: Contact | None = None,
    data: TestimonialData,
    tags: Iterable[Tag] | None = None,
    status: str = ContentStatus.DRAFT,
    by: User | None = None,
) -> Testimonial:
    """Log or change a quote, video or review; a known contact lends their name and title where none are given.

    Changed words are a new version. Raises DomainError: wrong_customer, text_required, not_initial,
    duplicate_content, content_with_customer, content_fixed, or a field's own code.
    """
    row = testimonial or Testimonial(customer=customer, status=status)
    assign(row, data, TestimonialData.__annotations__)
    if not row.text.strip():
        raise DomainError("text_required", "A testimonial needs its text.", "text")
    if contact is not None:
        row.said_by = row.said_by or contact.name
        row.said_by_title = row.said_by_title or contact.title
    return _save(row, TestimonialTag, customer, contact, tags, by)


def _save(
    row: ContentT,
    through: type[CaseStudyTag] | type[TestimonialTag],
    customer: Customer,
    contact: Contact | None,
    tags: Iterable[Tag] | None,
    by: User | None,
) -> ContentT:
    with pool_write() as touched:
        _check(row, customer, contact)
        row.contact = contact
        is_new = row.pk is None
        if is_new:
            CONTENT.require_initial(row.status)
        else:
            _keep_words(row, by)
        save_checked(row)
        keep_version(row, by=by)
        if is_new:
            record_change(subject=row, before="", after=row.status, by=by)
        if tags is not None:
            set_tags(through, row, tags)
        if is_new:
            tell_content(row)
        touched.add(customer.pk)
        promise_inference([customer.pk])
    return row


def _keep_words(row: CaseStudy | Testimonial, by: User | None) -> None:
    """Give changed words a number of their own, the ones before being kept; what others moved meanwhile stays."""
    stored = lock_piece(row)
    row.status, row.version = stored.status, stored.version
    if words_of(row) == words_of(stored):
        return
    require_changeable(stored)
    keep_version(stored)
    row.version = stored.version + 1


def _check(row: CaseStudy | Testimonial, customer: Customer, contact: Contact | None) -> None:
    if row.customer_id != customer.pk:
        raise DomainError("wrong_customer", "This content belongs to another customer.", "customer")
    if contact is not None and contact.customer_id != customer.pk:
        raise DomainError("wrong_customer", "The contact works for another customer.", "contact")
    if row.external_id:
        others: Mapping[str, Any] = {"external_id": row.external_id}
        if type(row)._default_manager.exclude(pk=row.pk).filter(**others).exists():
            raise DomainError("duplicate_content", "Content with this external id is here already.", "external_id")
