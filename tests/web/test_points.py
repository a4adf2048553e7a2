"""The pages of points and rewards: what each sees, and what managers do there."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from advocacy.models import GiftRule, Level, PointsAccount, PointsEntry, PointsRule, Redemption, Reward
from advocacy.services.points import award_stage, set_leaderboard
from advocacy.services.redemptions import redeem_reward
from references.models import Contact
from tests.factories import make_contact, make_customer, make_tag
from tests.web.conftest import LogIn
from users.models import User

pytestmark = pytest.mark.django_db


def give(contact: Contact, worth: int) -> None:
    award_stage(contact=contact, source=f"t:{contact.pk}", activity="call", points=worth, stage="confirmed")


def test_manager_sees_names_and_marketers_only_what_they_do(
    promoter: Contact, manager: User, marketer: User, rep: User, log_in: LogIn
) -> None:
    give(promoter, 100)
    pages = [reverse("web:points"), reverse("web:points-person", args=[promoter.pk])]
    for page in pages:
        assert "Nora Lindqvist" in log_in(manager).get(page).content.decode()
        assert "Nora" not in log_in(marketer).get(page).content.decode()
    assert "Nobody has points yet" in log_in(rep).get(pages[0]).content.decode()
    assert log_in(rep).get(pages[1]).status_code == 404


def test_profile_carries_points_for_those_who_may(promoter: Contact, manager: User, log_in: LogIn) -> None:
    Level.objects.create(name="Champion", from_points=50)
    give(promoter, 100)
    client, address = log_in(manager), reverse("web:points-person", args=[promoter.pk])
    assert address in client.get(reverse("web:profile", args=[promoter.pk])).content.decode()
    part = client.get(address, headers={"HX-Request": "true", "HX-Target": "points"}).content.decode()
    assert "Champion" in part
    assert "<h1" not in part


def test_points_by_hand_are_booked_once_per_form(promoter: Contact, manager: User, log_in: LogIn) -> None:
    client, address = log_in(manager), reverse("web:points-adjust", args=[promoter.pk])
    sent = {"amount": "25", "why": "Helped at the fair", "creation_key": "k"}
    for _ in range(2):
        assert client.post(address, sent).status_code == 302
    assert client.post(address, {**sent, "amount": "-30", "creation_key": "l"}).status_code == 422
    entry = PointsEntry.objects.get()
    assert (entry.amount, entry.note, entry.by) == (25, "Helped at the fair", manager)


def test_queue_decides_on_many_at_once(promoter: Contact, manager: User, log_in: LogIn) -> None:
    give(promoter, 500)
    reward = Reward.objects.create(name="Lunch", kind="lunch", cost=100, stock=5)
    rows = [redeem_reward(contact=promoter, reward=reward, creation_key=str(each)) for each in range(3)]
    client, address = log_in(manager), reverse("web:redemptions-move")
    picked = [row.pk for row in rows]
    said = client.post(address, {"pick": picked[:2], "to": "rejected", "why": ""}, follow=True).content.decode()
    assert "Say why" in said
    client.post(address, {"pick": picked[:1], "to": "rejected", "why": "Sorry"})
    client.post(address, {"pick": picked[1:], "to": "approved"})
    client.post(address, {"pick": picked, "to": "fulfilled"})
    assert list(Redemption.objects.order_by("pk").values_list("status", flat=True)) == [
        "rejected",
        "fulfilled",
        "fulfilled",
    ]
    assert PointsAccount.objects.get().balance == 300


def test_worth_is_set_and_a_survey_has_none(manager: User, log_in: LogIn) -> None:
    client, address = log_in(manager), reverse("web:points-worth")
    client.post(address, {"call": "120", "survey": "50"})
    assert list(PointsRule.objects.values_list("activity", "points")) == [("call", 120)]
    client.post(address, {"call": ""})
    assert not PointsRule.objects.exists()
    shares = {"share_accepted": 50, "share_scheduled": 10, "share_done": 10, "share_confirmed": 10}
    assert client.post(reverse("web:points-shares"), {**shares, "points_expire_months": 0}).status_code == 422


def test_leaderboard_shows_who_asked_for_it_by_the_name_they_chose(rep: User, log_in: LogIn) -> None:
    europe = make_tag("region", "Europe")
    norway = make_tag("region", "Norway", parent=europe)
    there = [make_contact(make_customer(tags=[norway]), f"Secret{each}") for each in range(3)]
    for person, worth in zip(there, (100, 100, 300), strict=True):
        give(person, worth)
    for person, alias in zip(there[:2], ("Polar bear", ""), strict=True):
        set_leaderboard(contact=person, is_on=True, alias=alias)
    address = reverse("web:points-leaderboard")
    for query in ({}, {"group": "region:europe"}):
        text = log_in(rep).get(address, query).content.decode()
        assert "Polar bear" in text
        assert "Somebody who gives no name" in text
        assert "Secret" not in text
        assert "300" not in text
        assert text.count('<td class="number end">1</td>') == 2
    make_tag("region", "Africa")
    assert "Polar bear" not in log_in(rep).get(address, {"group": "region:africa"}).content.decode()


def test_gift_rule_is_written_for_an_employer_by_name(promoter: Contact, manager: User, log_in: LogIn) -> None:
    client, address = log_in(manager), reverse("web:gift-rule-add")
    assert client.post(address, {"employer": "Nobody", "is_forbidden": "on"}).status_code == 422
    assert client.post(address, {"employer": "fjordbank"}).status_code == 422
    assert client.post(address, {"employer": "fjordbank", "forbidden_kinds": ["swag"]}).status_code == 302
    row = GiftRule.objects.get()
    assert (row.customer, row.forbidden_kinds) == (promoter.customer, ["swag"])


@pytest.mark.parametrize("name", ["points", "redemptions", "levels", "badges", "rewards"])
def test_lists_take_as_many_queries_for_many_rows(name: str, manager: User, log_in: LogIn) -> None:
    client, reward = log_in(manager), Reward.objects.create(name="Lunch", kind="lunch", cost=1, needs_approval=False)
    counts = []
    for round_ in range(2):
        for each in range(1 + 3 * round_):
            person = make_contact()
            give(person, 100)
            redeem_reward(contact=person, reward=reward, creation_key=f"{round_}:{each}")
        client.get(reverse(f"web:{name}"))
        with CaptureQueriesContext(connection) as seen:
            client.get(reverse(f"web:{name}"))
        counts.append(len(seen))
    assert counts[0] == counts[1]
