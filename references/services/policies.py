"""Writes the program's policy: every change is a new version, and the newest rules."""

from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction

from references.announcing import announce_policy
from references.errors import DomainError
from references.models import PolicyVersion
from references.policy_values import differing_values
from references.pool.writing import pool_write
from references.program import merge_policy
from users.models import User

LONGEST_NOTE = 300


def save_policy(
    *, values: Mapping[str, Any], by: User | None = None, note: str = "", expected_version: int | None = None
) -> PolicyVersion:
    """Save what differs from the defaults as the next version; `expected_version` is the one the editor started from.

    In the same transaction it is announced, so that due times of open requests follow.
    Raises DomainError: unknown_setting, wrong_setting (with the setting as `field`), changed_meanwhile.
    """
    kept = differing_values(merge_policy(values))
    with pool_write() as touched:
        newest = PolicyVersion.objects.order_by("-version").values_list("version", flat=True).first() or 0
        if expected_version is not None and expected_version != newest:
            raise DomainError("changed_meanwhile", f"Someone has saved version {newest} meanwhile.")
        row = PolicyVersion(version=newest + 1, values=kept, note=note.strip()[:LONGEST_NOTE], made_by=by)
        try:
            with transaction.atomic():
                row.save()
        except IntegrityError as error:
            raise DomainError("changed_meanwhile", f"Someone has saved version {newest + 1} meanwhile.") from error
        touched.add(policy=True)
        announce_policy(row.version)
    return row


def restore_policy(
    *, version: int, by: User | None = None, note: str = "", expected_version: int | None = None
) -> PolicyVersion:
    """Save the values of an old version as the newest; 0 stands for the shipped defaults.

    Raises DomainError: unknown_version; unknown_setting or wrong_setting where the program has moved on and the old
    values no longer hold; changed_meanwhile.
    """
    return save_policy(
        values=values_of_version(version),
        by=by,
        note=note.strip() or f"Version {version} restored.",
        expected_version=expected_version,
    )


def values_of_version(version: int) -> dict[str, Any]:
    """What a version keeps; nothing for 0, the shipped defaults. Raises DomainError(unknown_version)."""
    if version == 0:
        return {}
    found = PolicyVersion.objects.filter(version=version).values_list("values", flat=True).first()
    if found is None:
        raise DomainError("unknown_version", f"There is no version {version} of the policy.")
    return dict(found)
