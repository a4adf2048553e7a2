"""Writes the program's policy: every change is a new version, and the newest rules."""

from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction

from references.errors import DomainError
from references.models import PolicyVersion
from references.pool.writing import pool_write
from references.program import merge_policy
from users.models import User


def save_policy(
    *, values: Mapping[str, Any], by: User | None = None, note: str = "", expected_version: int | None = None
) -> PolicyVersion:
    """Save what differs from the defaults as the next version; `expected_version` is the one the editor started from.

    Raises DomainError: unknown_setting, wrong_setting (with the setting as `field`), changed_meanwhile.
    """
    merge_policy(values)
    with pool_write() as touched:
        newest = PolicyVersion.objects.order_by("-version").values_list("version", flat=True).first() or 0
        if expected_version is not None and expected_version != newest:
            raise DomainError("changed_meanwhile", f"Someone has saved version {newest} meanwhile.")
        row = PolicyVersion(version=newest + 1, values=dict(values), note=note[:300], made_by=by)
        try:
            with transaction.atomic():
                row.save()
        except IntegrityError as error:
            raise DomainError("changed_meanwhile", f"Someone has saved version {newest + 1} meanwhile.") from error
        touched.add(policy=True)
    return row
