"""The tables of states: nothing out of reach, nothing unnamed."""

import pytest

from references.enums import ContactStatus, ContentStatus, EngagementStatus, NominationStatus, SlotStatus, TagStatus
from references.errors import DomainError
from references.lifecycles import CONTACT, CONTENT, ENGAGEMENT, NOMINATION, SLOT, TAG, Lifecycle

TABLES = [
    (CONTACT, ContactStatus),
    (CONTENT, ContentStatus),
    (ENGAGEMENT, EngagementStatus),
    (NOMINATION, NominationStatus),
    (SLOT, SlotStatus),
    (TAG, TagStatus),
]


@pytest.mark.parametrize("table, statuses", TABLES)
def test_table_names_every_status_and_reaches_it(table: Lifecycle, statuses: type[ContactStatus]) -> None:
    assert set(table.moves) == set(statuses.values)
    reached = set(table.initial)
    for _ in statuses.values:
        reached |= {to for status in reached for to in table.moves[status]}
    assert reached == set(statuses.values)


@pytest.mark.parametrize("table, statuses", TABLES)
def test_table_has_no_move_to_itself(table: Lifecycle, statuses: type[ContactStatus]) -> None:
    assert not any(table.may_move(status, status) for status in statuses.values)


def test_unknown_statuses_are_refused() -> None:
    with pytest.raises(DomainError) as refusal:
        CONTACT.require_move("asleep", "active")
    assert (refusal.value.code, refusal.value.field) == ("move_not_allowed", "status")
    with pytest.raises(DomainError) as refusal:
        CONTACT.require_initial("asleep")
    assert refusal.value.code == "not_initial"
