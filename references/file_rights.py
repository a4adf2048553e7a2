"""Who may read an uploaded file: decided from the rights of the day, each time it is asked for."""

import uuid
from datetime import date
from typing import cast

from django.db.models import Q
from django.utils import timezone

from references.blinding import may_see_customer_name, may_see_name
from references.enums import Channel, ContactStatus, ContentStatus, FileKind
from references.models import CaseStudy, Customer, StoredFile, Testimonial
from references.permissions import may_edit_customer, may_log_content
from references.program import current_policy
from references.rights import Use, usable_case_studies, usable_testimonials
from users.models import User

LOGO_USE = "logo"
"""The activity whose consent lets a logo be shown."""


def find_file(file_id: uuid.UUID) -> StoredFile | None:
    """A file with everything its rights are read from; None where there is none."""
    rows = StoredFile.objects.select_related(
        "case_study__customer", "case_study__contact", "testimonial__customer", "testimonial__contact",
        "customer", "consent__customer",
    )  # fmt: skip
    return rows.filter(pk=file_id).first()


def may_read_file(user: User, file: StoredFile) -> bool:
    """Whether `user` may read a file, as `find_file` gives it, today.

    Evidence: managers and the account owner. A logo: whoever logs content of the customer, others while it may be
    used and they may see the customer's name. A file of a piece names people: whoever may see the name, or uploaded
    it, and everybody who may see the customer's while the piece may be used with names.
    """
    if file.consent is not None:
        return may_edit_customer(user, file.consent.customer)
    if file.customer is not None:
        if may_log_content(user, file.customer):
            return True
        return _is_logo_usable(file.customer) and may_see_customer_name(user, file.customer, current_policy())
    return _is_own(user, file) or _may_read_piece(user, file_piece(file))


def may_remove_file(user: User, file: StoredFile) -> bool:
    """Of what they may read, those who log content of its customer; evidence stays."""
    return file.kind != FileKind.EVIDENCE and may_log_content(user, customer_of(file))


def readable_files(user: User, owner: CaseStudy | Testimonial | Customer) -> list[StoredFile]:
    """The files of one piece of content, or of one customer, that `user` may read; three queries at most."""
    noun = {CaseStudy: "case_study", Testimonial: "testimonial", Customer: "customer"}[type(owner)]
    files = list(StoredFile.objects.filter(**{noun: owner}))
    for file in files:
        setattr(file, noun, owner)
    if not files or isinstance(owner, Customer):
        return [file for file in files if may_read_file(user, file)]
    sees_all = _may_read_piece(user, owner)
    return [file for file in files if sees_all or _is_own(user, file)]


def public_picture(file_id: uuid.UUID, *, on: date | None = None) -> StoredFile | None:
    """A logo or a picture that anybody on the web may see today; None where no right covers that.

    A logo needs the customer's consent for `logo` on the web, a picture that its piece is published and may be used
    there, with names.
    """
    file = find_file(file_id)
    use = Use(on=on or timezone.localdate(), channel=Channel.WEB)
    if file is None or file.kind not in {FileKind.LOGO, FileKind.PICTURE}:
        return None
    if file.customer is not None:
        return file if _is_logo_usable(file.customer, use) else None
    piece = _usable(file_piece(file), use)
    is_public = piece is not None and piece.status == ContentStatus.PUBLISHED and _may_be_named(piece)
    return file if is_public else None


def public_logo(customer_id: int, *, on: date | None = None) -> StoredFile | None:
    """The logo of a customer that anybody on the web may see today."""
    file = StoredFile.objects.filter(customer=customer_id, kind=FileKind.LOGO).last()
    return None if file is None else public_picture(file.pk, on=on)


def customer_of(file: StoredFile) -> Customer:
    """Whose it is."""
    if file.customer is not None:
        return file.customer
    return file.consent.customer if file.consent is not None else file_piece(file).customer


def file_piece(file: StoredFile) -> CaseStudy | Testimonial:
    """The piece of content that a file belongs to."""
    piece = file.case_study or file.testimonial
    assert piece is not None  # noqa: S101 - the constraint of the row, the other owners are asked for before
    return piece


def _is_own(user: User, file: StoredFile) -> bool:
    return file.uploaded_by_id == user.pk and may_log_content(user, customer_of(file))


def _may_read_piece(user: User, piece: CaseStudy | Testimonial) -> bool:
    if may_see_name(user, piece.customer.account_owner_id):
        return True
    usable = _usable(piece, Use(on=timezone.localdate()))
    return (
        usable is not None and _may_be_named(usable) and may_see_customer_name(user, piece.customer, current_policy())
    )


def _usable(piece: CaseStudy | Testimonial, use: Use) -> CaseStudy | Testimonial | None:
    if isinstance(piece, CaseStudy):
        return usable_case_studies(CaseStudy.objects.filter(pk=piece.pk), use).first()
    return usable_testimonials(Testimonial.objects.filter(pk=piece.pk), use).first()


def _may_be_named(piece: CaseStudy | Testimonial) -> bool:
    return bool(cast("CaseStudy", piece).may_be_named)  # type: ignore[attr-defined]  # annotated


def _is_logo_usable(customer: Customer, use: Use | None = None) -> bool:
    """Whether the customer, or somebody there who has not left, lets the logo be used, with the name it bears."""
    if not (customer.is_referenceable and customer.is_named):
        return False
    use = use or Use(on=timezone.localdate())
    here = Q(contact__isnull=True) | Q(contact__has_opted_out=False) & ~Q(contact__status=ContactStatus.RETIRED)
    consents = use.consents([LOGO_USE]).filter(here, customer=customer).general()
    nameless = consents.filter(is_attributed=False)
    return consents.exists() and not nameless.exists()
