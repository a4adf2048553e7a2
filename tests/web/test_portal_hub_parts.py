"""The parts of a promoter's own page: one card of what waits, points and rewards, referring, and constant queries."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from advocacy.models import (
    Ask,
    Badge,
    BadgeAward,
    GiftRule,
    Level,
    PointsAccount,
    PointsEntry,
    PointsRule,
    Redemption,
    Referral,
    Reward,
)
from advocacy.purposes import REFER_NAMED_LINK, REFER_UNNAMED_LINK
from advocacy.services.asking import confirm_ask, put_ask
from advocacy.services.assignments import assign_ask
from advocacy.services.points import award_stage, set_leaderboard
from advocacy.services.referral_links import find_personal_link, link_url
from advocacy.services.referrals import LeadData, move_referral, refer
from delivery.models import SignedLink
from references.models import Contact
from references.services import own_page
from references.services.reviews import give_to_customer
from surveys.services.survey_links import give_links
from tests.factories import make_contact, make_engagement, make_testimonial
from tests.matching.factories import invite as invite_match
from tests.matching.factories import make_banker
from tests.surveys.factories import invite, make_campaign
from tests.tables import all_rows
from tests.web.conftest import read_page
from tests.web.links import own_page_of
from users.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture
def nora(db: None) -> Contact:
    activities = ["call", "quote", "share", "referral"]
    return make_banker("Nora Lindqvist", title="CFO", email="nora@fjordbank.example", activities=activities)


@pytest.fixture
def hub(nora: Contact) -> str:
    return own_page_of(nora)


def text_of(path: str) -> str:
    response = Client().get(path)
    assert response.status_code == 200
    return read_page(response.content.decode()).text


def post(hub: str, act: str, **data: object) -> str:
    response = Client().post(f"{hub}{act}/", data)
    assert response.status_code == 302, response.content.decode()
    return text_of(response["Location"])


def give(person: Contact, points: int, source: str = "t:1") -> None:
    award_stage(contact=person, source=source, activity="call", points=points, stage="confirmed")


def test_one_card_holds_all_that_waits(hub: str, nora: Contact, rep: User, manager: User) -> None:
    share = Ask.objects.create(name="Share a post", activity="share", rung=1, text="Share it?", minutes=2)
    row = put_ask(contact=nora, ask=share, creation_key="k", by=manager)
    quote = make_testimonial(nora, "We closed the books in a day.", status="draft")
    review = give_to_customer(piece=quote, contact=nora, by=manager)
    invitation = invite(make_campaign(audience="everybody=true"), nora)
    give_links(invitation)
    invitation.status = "sent"
    invitation.save()
    text = text_of(hub)
    assert text.count("Can you help?") == 1
    for words in ("Share a post", "Is it right like this?", "We closed the books", "How are we doing?"):
        assert words in text
    assert "We closed the books in a day." in text_of(f"{hub}?review={review.pk}")
    assert "Share it?" in text_of(f"{hub}?assignment={row.pk}")
    assert "You said yes" in post(hub, "ask-accept", assignment=row.pk)
    assert "Thank you! We look at it" in post(hub, "ask-done", assignment=row.pk)
    row.refresh_from_db()
    confirm_ask(assignment=row, by=manager, led_to="Two people called us.")
    assert "What it led to: Two people called us." in text_of(hub)


def test_drafts_are_answered_from_ones_own_page(hub: str, nora: Contact, manager: User) -> None:
    quote = make_testimonial(nora, "We closed the books in a day.", status="draft")
    review = give_to_customer(piece=quote, contact=nora, by=manager)
    other = own_page_of(make_contact(name="Olaf Other"))
    assert "We closed the books" not in text_of(f"{other}?review={review.pk}")
    for act in ("content-approve", "content-changes"):
        assert Client().post(f"{other}{act}/", {"review": review.pk, "note": "x"}).status_code == 404
    text = post(hub, "content-approve", review=review.pk, channels=["web"], named="yes")
    assert "We use it only where you said." in text
    assert "Is it right like this?" not in text


def test_points_lead_to_a_level_and_a_reward(hub: str, nora: Contact) -> None:
    assert "Your points" not in text_of(hub)
    PointsRule.objects.create(activity="call", points=100)
    Level.objects.create(name="Bronze", from_points=100, perk="A seat at the dinner.")
    Level.objects.create(name="Silver", from_points=500)
    Reward.objects.create(name="Warm socks", kind="swag", cost=150)
    before = all_rows()
    assert "0 points to spend" in text_of(hub)
    assert all_rows() == before
    give(nora, 120)
    badge = Badge.objects.create(name="First call", rule="first_act", about="Took a call")
    BadgeAward.objects.create(account=PointsAccount.objects.get(), badge=badge)
    text = text_of(hub)
    for words in (
        "120 points to spend Bronze", "A seat at the dinner.", "380 points to Silver", "30 points to “Warm socks”",
        "First call Took a call", "30 points are missing",
    ):  # fmt: skip
        assert words in text, words


def test_points_become_a_reward_and_come_back(hub: str, nora: Contact) -> None:
    give(nora, 200)
    reward = Reward.objects.create(name="Warm socks", kind="swag", cost=150, needs_approval=True)
    for _time in range(2):
        text = post(hub, "redeem", reward=reward.pk, key="k", wish="Size 43")
    row = Redemption.objects.get()
    assert (row.wish, row.status, PointsAccount.objects.get().balance) == ("Size 43", "requested", 50)
    assert "we look at it" in text
    assert Client().post(f"{hub}redeem/", {"reward": reward.pk, "key": "other"}).status_code == 422
    other = own_page_of(make_contact(name="Olaf Other"))
    post(other, "redeem-cancel", id=row.pk)
    assert Redemption.objects.get().status == "requested"
    assert "Your points are back." in post(hub, "redeem-cancel", id=row.pk)
    assert PointsAccount.objects.get(contact=nora).balance == 200
    assert Client().post(f"{hub}redeem/", {"reward": "9" * 30, "key": "x"}).status_code == 404


def test_rewards_that_cannot_be_had_say_why(hub: str, nora: Contact) -> None:
    give(nora, 900)
    gold = Level.objects.create(name="Gold", from_points=5_000)
    Reward.objects.create(name="Dinner", kind="lunch", cost=10, from_level=gold)
    Reward.objects.create(name="Mug", kind="swag", cost=10, stock=0)
    Reward.objects.create(name="Voucher", kind="discount", cost=10)
    Reward.objects.create(name="Old thing", kind="other", cost=10, is_active=False)
    GiftRule.objects.create(forbidden_kinds=["discount"], why="Public servants.")
    text = text_of(hub)
    assert "From the level Gold" in text
    assert "There is none left at the moment." in text
    assert "The rules of your country or your employer do not allow this." in text
    assert "Public servants" not in text
    assert "Old thing" not in text


def test_board_is_by_choice_and_by_chosen_names(hub: str, nora: Contact) -> None:
    give(nora, 100)
    olaf = make_contact(name="Olaf Other")
    give(olaf, 300, "t:2")
    set_leaderboard(contact=olaf, is_on=True, alias="North star")
    assert "North star" not in text_of(hub)
    text = post(hub, "leaderboard", is_on="on", alias="Quiet one")
    assert "You are in place 2." in text
    assert "North star 300" in text
    assert "Quiet one you 100" in text
    assert "Olaf" not in text
    assert "North star" not in post(hub, "leaderboard", alias="Quiet one")


def test_people_are_referred_with_their_leave(hub: str, nora: Contact) -> None:
    PointsRule.objects.create(activity="referral", points=100)
    lead = {"name": "Otto Frei", "company": "Osterholm", "email": "otto@osterholm.example", "key": "k"}
    response = Client().post(f"{hub}refer/", lead)
    assert response.status_code == 422
    assert "Ask them first" in response.content.decode()
    assert not Referral.objects.exists()
    for _time in range(2):
        text = post(hub, "refer", **lead, agreed="on")
    row = Referral.objects.get()
    assert (row.referrer, row.via, row.lead_agreed) == (nora, "hub", True)
    assert "Osterholm we look at it Otto Frei" in text
    assert "10 points" in text
    move_referral(referral=row, to="disqualified", why="A fib")
    text = text_of(hub)
    assert "Osterholm we could not follow it up" in text
    assert "A fib" not in text


def test_too_many_referrals_are_for_tomorrow(hub: str, nora: Contact, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("advocacy.services.referrals.MOST_A_DAY", 1)
    refer(referrer=nora, lead=LeadData(name="A", company="B"), creation_key="1")
    response = Client().post(f"{hub}refer/", {"name": "C", "company": "D", "key": "2"})
    assert response.status_code == 422
    assert "Please go on tomorrow." in response.content.decode()


def test_personal_link_is_made_named_and_closed(hub: str, nora: Contact) -> None:
    assert "Make my link" in text_of(hub)
    post(hub, "refer-link")
    link = find_personal_link(nora)
    assert link is not None
    assert link.purpose == REFER_UNNAMED_LINK
    assert link_url(link) in Client().get(hub).content.decode()
    assert "Do not show my first name there" in post(hub, "refer-name", shown=1)
    assert SignedLink.objects.get(pk=link.pk).purpose == REFER_NAMED_LINK
    post(hub, "refer-name", shown=0)
    assert SignedLink.objects.get(pk=link.pk).purpose == REFER_UNNAMED_LINK
    assert "Nobody comes through this link any more." in post(hub, "refer-close")
    assert find_personal_link(nora) is None


def test_page_tells_no_score_and_no_class(hub: str, nora: Contact) -> None:
    text = text_of(hub)
    for word in ("NPS", "score", "Detractor", "detractor", "passive"):
        assert word not in text


def test_whoever_has_left_is_asked_nothing_and_keeps_their_rights(hub: str, nora: Contact) -> None:
    give(nora, 100)
    own_page.opt_out(contact=nora)
    text = text_of(hub)
    for words in ("Your points", "Refer somebody", "Can you help?", "Your settings"):
        assert words not in text
    assert "Erase me" in text
    assert Client().post(f"{hub}refer/", {"name": "A", "company": "B", "key": "k"}).status_code == 422
    assert Client().post(f"{hub}refer-link/").status_code == 422


def test_page_takes_the_same_number_of_queries(hub: str, nora: Contact, rep: User, manager: User) -> None:
    def fill(number: int) -> None:
        share = Ask.objects.create(name=f"Share {number}", activity="share", rung=1, text="Share?", points=10)
        assign_ask(contact=nora, ask=share, creation_key=f"k{number}", by=manager)
        make_engagement(nora, "quote", status="completed", on=timezone.localdate() - timedelta(days=400 + number))
        reward = Reward.objects.create(name=f"Mug {number}", kind="swag", cost=10)
        Redemption.objects.create(
            account=PointsAccount.objects.get(contact=nora), reward=reward, cost=10, creation_key=f"r{number}"
        )
        refer(referrer=nora, lead=LeadData(name="A", company=f"Firm {number}"), creation_key=f"f{number}")

    def count() -> int:
        Client().get(hub)
        with CaptureQueriesContext(connection) as queries:
            Client().get(hub)
        return len(queries)

    give(nora, 500)
    GiftRule.objects.create(is_forbidden=True)
    set_leaderboard(contact=nora, is_on=True, alias="N")
    invite_match(rep, manager)
    fill(1)
    before = count()
    fill(2)
    fill(3)
    assert count() == before <= 60
    assert PointsEntry.objects.exists()
