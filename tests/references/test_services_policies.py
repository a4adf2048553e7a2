"""Writing the policy: versions, refused where a setting is unknown or out of range."""

import pytest

from references.errors import DomainError
from references.models import NoteKind, PolicyVersion, PoolNote
from references.program import current_policy
from references.services.policies import save_policy
from users.models import User

pytestmark = pytest.mark.django_db


def test_save_policy_makes_the_next_version(manager: User) -> None:
    save_policy(values={"caps": {"per_year": 4}}, by=manager, note="gentler")
    second = save_policy(values={}, by=manager)
    assert (second.version, current_policy().version, current_policy().caps.per_year) == (2, 2, 6)
    assert PolicyVersion.objects.get(version=1).made_by == manager
    assert PoolNote.objects.filter(kind=NoteKind.POLICY).count() == 2


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
