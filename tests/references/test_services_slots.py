"""Writing speaking slots."""

from datetime import UTC, date, datetime

import pytest

from references.errors import DomainError
from references.services.slots import SlotData, save_slot
from tests.factories import make_contact, make_slot, make_tag

pytestmark = pytest.mark.django_db
START = datetime(2027, 5, 4, 9, tzinfo=UTC)


def test_save_slot_opens_and_changes() -> None:
    region, tag = make_tag("region", "Nordics"), make_tag()
    slot = save_slot(data={"event": "Cloud Days", "starts_at": START, "region": region}, tags=[tag])
    assert (slot.status, list(slot.tags.all())) == ("open", [tag])
    assert save_slot(slot=slot, data={"place": "Oslo"}).place == "Oslo"


@pytest.mark.parametrize(
    "data, code",
    [
        ({"event": " ", "starts_at": START}, "event_required"),
        ({"event": "E"}, "start_required"),
        ({"event": "E", "starts_at": START, "deadline": date(2027, 5, 5)}, "deadline_after_start"),
        ({"event": "E", "starts_at": START, "time_zone": "Mars"}, "unknown_time_zone"),
        ({"event": "E", "starts_at": START, "status": "held"}, "unknown_field"),
    ],
)
def test_save_slot_refuses(data: SlotData, code: str) -> None:
    with pytest.raises(DomainError) as refusal:
        save_slot(data=data)
    assert refusal.value.code == code


def test_deadline_is_a_day_where_the_slot_takes_place() -> None:
    data: SlotData = {"event": "E", "starts_at": datetime(2027, 5, 5, 23, tzinfo=UTC), "deadline": date(2027, 5, 6)}
    assert save_slot(data={**data, "time_zone": "Asia/Tokyo"}).pk  # May 6 there
    with pytest.raises(DomainError):
        save_slot(data={**data, "time_zone": "America/New_York"})


def test_save_slot_region_must_be_one() -> None:
    with pytest.raises(DomainError) as refusal:
        save_slot(data={"event": "E", "starts_at": START, "region": make_tag("industry")})
    assert refusal.value.code == "not_a_region"


def test_save_slot_that_is_over_is_refused() -> None:
    slot = make_slot(status="delivered", speaker=make_contact())
    with pytest.raises(DomainError) as refusal:
        save_slot(slot=slot, data={"place": "Oslo"})
    assert refusal.value.code == "slot_over"
