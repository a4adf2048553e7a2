"""Keeps the files of pieces of content, of customers and of consents: written with their row, gone with it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import Storage
from django.db import transaction
from django.db.models.signals import post_delete
from django.utils import timezone

from references.enums import FileKind
from references.errors import DomainError
from references.models import CaseStudy, Consent, Customer, StoredFile, Testimonial
from references.models.library import upload_path
from references.pool.writing import pool_write
from references.uploaded import Inspected, Upload, inspect_upload
from users.models import User

Owner = CaseStudy | Testimonial | Customer | Consent
KINDS_OF: dict[type[Any], tuple[str, ...]] = {
    CaseStudy: (FileKind.PDF, FileKind.SLIDES, FileKind.PICTURE),
    Testimonial: (FileKind.PDF, FileKind.SLIDES, FileKind.PICTURE),
    Customer: (FileKind.LOGO,),
    Consent: (FileKind.EVIDENCE,),
}
MOST_FILES = 20
_COLUMNS: dict[type[Any], str] = {
    CaseStudy: "case_study", Testimonial: "testimonial", Customer: "customer", Consent: "consent",
}  # fmt: skip
_ORPHANED_AFTER = timedelta(days=1)


def save_file(*, owner: Owner, kind: str, upload: Upload, by: User | None = None) -> StoredFile:
    """Keep an uploaded file of a piece of content, a customer (its logo, in place of the one before) or a consent.

    Raises DomainError: wrong_kind, too_many_files, and what `inspect_upload` does.
    """
    _require_kind(owner, kind)
    found = inspect_upload(upload, kind)
    with _written(found) as name, transaction.atomic():
        return _add_row(owner, found, name, by)


def record_with_evidence(*, upload: Upload, record: Callable[[], Consent], by: User | None = None) -> Consent:
    """Write a consent by `record` and keep its evidence in the same transaction: both, or neither.

    Raises DomainError as `record` and `inspect_upload` do.
    """
    found = inspect_upload(upload, FileKind.EVIDENCE)
    with _written(found) as name, pool_write():
        consent = record()
        _add_row(consent, found, name, by)
    return consent


def remove_file(*, file: StoredFile) -> None:
    """Delete a file for good. Raises DomainError(evidence_stays): what a consent rests on is kept."""
    if file.kind == FileKind.EVIDENCE:
        raise DomainError("evidence_stays", "The evidence of a consent is kept as long as the consent itself.")
    with transaction.atomic():
        file.delete()


def sweep_orphans() -> int:
    """Delete what a crash left behind: files older than a day without a row; gives how many."""
    storage = _storage()
    known = set(StoredFile.objects.values_list("content", flat=True))
    limit = timezone.now() - _ORPHANED_AFTER
    orphans = [each for each in stored_names(storage) if each not in known]
    old = [each for each in orphans if storage.get_modified_time(each) < limit]
    for each in old:
        storage.delete(each)
    return len(old)


def stored_names(storage: Storage | None = None) -> Iterator[str]:
    """The names of all files that are kept, with a row or without."""
    storage = storage or _storage()
    for kind in FileKind.values:
        if not storage.exists(kind):
            continue
        for folder in storage.listdir(kind)[0]:
            yield from (f"{kind}/{folder}/{name}" for name in storage.listdir(f"{kind}/{folder}")[1])


def watch_deletions() -> None:
    """Let files go with their rows, however those are deleted: once that is committed."""
    post_delete.connect(_forget_content, sender=StoredFile, dispatch_uid="references.services.files")


def _require_kind(owner: Owner, kind: str) -> None:
    allowed = KINDS_OF[type(owner)]
    if kind not in allowed:
        labels = ", ".join(str(FileKind(each).label) for each in allowed)
        raise DomainError("wrong_kind", f"Here belongs: {labels}.", "kind")


@contextmanager
def _written(found: Inspected) -> Iterator[str]:
    """The file on its place while its row is written; gone again where that fails."""
    storage = _storage()
    name = storage.save(upload_path(StoredFile(kind=found.kind), found.name), ContentFile(found.content))
    try:
        yield name
    except BaseException:
        storage.delete(name)
        raise


def _add_row(owner: Owner, found: Inspected, name: str, by: User | None) -> StoredFile:
    column = {_COLUMNS[type(owner)]: owner}
    siblings = StoredFile.objects.filter(**column)
    if found.kind == FileKind.LOGO:
        siblings.delete()
    elif siblings.count() >= MOST_FILES:
        raise DomainError("too_many_files", f"There are {MOST_FILES} files already: remove one first.", "file")
    return StoredFile.objects.create(
        kind=found.kind,
        name=found.name,
        content=name,
        content_type=found.content_type,
        size=len(found.content),
        sha256=found.sha256,
        width=found.width,
        height=found.height,
        uploaded_by=by,
        **column,
    )


def _forget_content(instance: StoredFile, **_more: object) -> None:
    storage, name = instance.content.storage, str(instance.content.name)
    transaction.on_commit(lambda: storage.delete(name))


def _storage() -> Storage:
    return StoredFile._meta.get_field("content").storage
