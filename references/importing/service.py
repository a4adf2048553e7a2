"""Imports files into the pool: now, or as a job of a worker; with a preview first where wanted."""

import json

from delivery.jobs import start_job
from delivery.models import Job
from references.importing.headings import Mapping
from references.importing.jobs import JOB_KIND
from references.importing.preview import GivenMapping, preview_import
from references.importing.report import ImportPreview, ImportReport
from references.importing.running import OnProgress, import_file
from references.importing.uploads import StoredUpload, delete_upload, find_upload, store_upload
from users.models import User

__all__ = [
    "JOB_KIND",
    "GivenMapping",
    "ImportPreview",
    "ImportReport",
    "OnProgress",
    "StoredUpload",
    "delete_upload",
    "find_upload",
    "import_file",
    "preview_import",
    "start_import",
    "store_upload",
]


def start_import(
    *,
    upload: str,
    mapping: GivenMapping,
    imported_by: User | None,
    dry_run: bool = False,
    skip_bad_rows: bool = False,
    sheet: str = "",
    encoding: str = "",
) -> Job:
    """Queue the import of a stored upload (its token); the job's report is `ImportReport.to_json()`.

    A job that refuses the file keeps the upload for another try, and so does a dry run; else it is deleted in the end.
    Raises ImportRefusedError(gone) where the upload is not there.
    """
    stored = find_upload(upload)
    return start_job(
        kind=JOB_KIND,
        title=f"Import {stored.name}" if not dry_run else f"Try out {stored.name}",
        parameters={
            "upload": upload,
            "mapping": plain_mapping(mapping),
            "dry_run": dry_run,
            "skip_bad_rows": skip_bad_rows,
            "sheet": sheet,
            "encoding": encoding,
        },
        requested_by=imported_by,
    )


def plain_mapping(mapping: GivenMapping) -> dict[str, object] | str | None:
    """The mapping as values for JSON; None stays a guess to be made when the file is read."""
    if isinstance(mapping, Mapping):
        return dict(json.loads(mapping.to_json()))
    return mapping if mapping is None or isinstance(mapping, str) else dict(mapping)
