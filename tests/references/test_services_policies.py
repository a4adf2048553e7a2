"""Writing the policy: versions, refused where a setting is unknown or out of range."""

import pytest

from delivery.models import OutboxMessage
from references.announcing import POLICY_CHANGED
from references.errors import DomainError
from references.models import NoteKind, PolicyVersion, PoolNote
from references.program import current_policy
from references.services.policies import restore_policy, save_policy
from tests.factories import make_policy
from users.models import User

pytestmark = pytest.mark.django_db


def test_save_policy_makes_the_next_version(manager: User) -> None:
    save_policy(values={"caps": {"per_year": 4}}, by=manager, note="gentler")
    second = save_policy(values={}, by=manager)
    assert (second.version, current_policy().version, current_policy().caps.per_year) == (2, 2, 6)
    assert PolicyVersion.objects.get(version=1).made_by == manager
    assert PoolNote.objects.filter(kind=NoteKind.POLICY).count() == 2


def test_save_policy_is_announced() -> None:
    save_policy(values={"hold_hours": 24})
    assert OutboxMessage.objects.get(kind=POLICY_CHANGED).payload == {"version": 1}


def test_save_policy_refuses_what_does_not_hold() -> None:
    with pytest.raises(DomainError) as refusal:
        save_policy(values={"caps": {"per_decade": 4}})
    assert (refusal.value.code, refusal.value.field) == ("unknown_setting", "caps.per_decade")
    assert not PolicyVersion.objects.exists()


def test_save_policy_over_a_newer_version_is_refused() -> None:
    save_policy(values={}, expected_version=0)
    with pytest.raises(DomainError) as refusal:
        save_policy(values={}, expected_version=0)
    assert refusal.value.code == "changed_meanwhile"


def test_save_policy_keeps_only_what_differs() -> None:
    row = save_policy(values={"caps": {"per_year": 6, "per_quarter": 1}}, note=" less often ")
    assert (row.values, row.note) == ({"caps": {"per_quarter": 1}}, "less often")


def test_restore_policy_saves_an_old_version_as_the_newest(manager: User) -> None:
    save_policy(values={"hold_hours": 24})
    save_policy(values={"hold_hours": 48})
    row = restore_policy(version=1, by=manager, expected_version=2)
    assert (row.version, row.values, row.note, row.made_by) == (3, {"hold_hours": 24}, "Version 1 restored.", manager)
    assert restore_policy(version=0, note="Back to the start").values == {}
    assert current_policy().hold_hours == 72


def test_restore_policy_refuses_what_is_not_there_and_what_holds_no_more() -> None:
    with pytest.raises(DomainError) as refusal:
        restore_policy(version=1)
    assert refusal.value.code == "unknown_version"
    make_policy({"mood": 1})
    with pytest.raises(DomainError) as refusal:
        restore_policy(version=1)
    assert (refusal.value.code, refusal.value.field) == ("unknown_setting", "mood")
    with pytest.raises(DomainError) as refusal:
        restore_policy(version=0, expected_version=0)
    assert refusal.value.code == "changed_meanwhile"
