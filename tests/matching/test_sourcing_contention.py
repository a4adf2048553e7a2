"""Two who hold for one slot at once, and a slot that is called off meanwhile: one of them wins."""

from functools import partial

import pytest

from matching.enums import LIVE
from matching.models import Match, Request
from matching.services.sourcing import cancel_slot, hold_speaker
from references.models import Engagement
from tests.factories import make_policy, make_slot
from tests.matching.factories import banking, make_banker
from tests.matching.test_contention import codes_of, do_at_once
from users.models import User

pytestmark = pytest.mark.django_db(transaction=True)


def test_two_holds_on_one_slot_at_once_are_one(marketer: User, manager: User) -> None:
    make_policy({"approvals": [{"approvers": "none"}]})
    people = [make_banker(consents=["speaking"]) for _ in range(3)]
    slot = make_slot("Finance Forum", tags=[banking()], topic="Banking")
    found = do_at_once(*[partial(hold_speaker, slot=slot, contact=each, by=marketer) for each in people])
    codes = codes_of(found)
    assert codes.count("done") == 1
    assert set(codes) <= {"done", "slot_taken", "slot_not_open"}
    slot.refresh_from_db()
    assert (slot.status, Request.objects.count(), Engagement.objects.count()) == ("held", 1, 1)
    assert slot.speaker_id == Engagement.objects.get().contact_id


def test_slot_called_off_while_it_is_held_holds_nobody(marketer: User, manager: User) -> None:
    nora, slot = make_banker(consents=["speaking"]), make_slot("Finance Forum", tags=[banking()], topic="Banking")
    found = do_at_once(
        partial(hold_speaker, slot=slot, contact=nora, by=marketer),
        partial(cancel_slot, slot=slot, by=manager, why="No hall"),
    )
    slot.refresh_from_db()
    if codes_of(found)[1] == "changed_meanwhile":  # the hold came between, and whoever calls off is told so
        assert (codes_of(found)[0], slot.status) == ("done", "held")
        return
    assert (codes_of(found)[1], slot.status) == ("done", "cancelled")
    assert not Match.objects.filter(status__in=LIVE).exists()
    assert not Engagement.objects.filter(status__in=["held", "asked", "planned"]).exists()
