"""Speaking slots: how they are found."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

from tests.api.conftest import ids
from tests.factories import make_slot, make_tag

Get = Callable[..., Any]


def test_slots_are_found_by_day_status_place_and_words(get: Get) -> None:
    europe = make_tag("region", "Europe")
    france = make_tag("region", "France", parent=europe)
    make_tag("language", "french", slug="french")
    early = make_slot("Spring Summit", starts_at=datetime(2030, 3, 1, 9, tzinfo=UTC), region=france, language="fr")
    late = make_slot(
        "Autumn Days", starts_at=datetime(2030, 10, 1, 9, tzinfo=UTC), deadline=date(2030, 8, 1), status="held"
    )
    assert ids(get("speaking-slots/")) == [early.pk, late.pk]
    assert ids(get("speaking-slots/", ordering="-starts_at")) == [late.pk, early.pk]
    for query in ({"starts_until": "2030-03-01"}, {"status": "open"}, {"region": "europe"}, {"language": "french"}):
        assert ids(get("speaking-slots/", **query)) == [early.pk], query
    for query in ({"starts_from": "2030-03-02"}, {"deadline_from": "2030-08-01"}, {"search": "autumn"}):
        assert ids(get("speaking-slots/", **query)) == [late.pk], query
    assert get(f"speaking-slots/{early.pk}/")["region"] == "france"
