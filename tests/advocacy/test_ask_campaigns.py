"""A campaign asks whom a filter of the pool finds, never by score: everybody once, and nobody after it was closed."""

import pytest

from advocacy.audience import read_audience
from advocacy.enums import AskCampaignStatus, AssignmentStatus
from advocacy.models import Ask, AskAssignment, AskCampaign
from advocacy.services.ask_campaigns import close_campaign, preview_campaign, save_campaign, start_campaign
from advocacy.services.asking import withdraw_ask
from delivery.jobs import run_job
from delivery.models import Job, JobStatus
from references.errors import DomainError
from references.models import Tag
from references.services.own_page import pause_self
from tests.factories import make_contact, make_customer, make_tag
from users.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture
def ask() -> Ask:
    return Ask.objects.create(name="Share a post", activity="share", rung=1, text="Share it?", points=10)


@pytest.fixture
def people(db: None) -> None:
    bank = make_customer("Fjordbank", tags=[make_tag("industry", "Banking")])
    shop = make_customer("Kramladen", tags=[make_tag("industry", "Retail")])
    for customer, number in ((bank, 3), (shop, 2)):
        for each in range(number):
            make_contact(
                customer, f"{customer.name} {each}", email=f"p{each}@{customer.name}.example", activities=["share"]
            )


def make(ask: Ask, by: User, **data: object) -> AskCampaign:
    return save_campaign(data={"name": "Spring", "ask": ask, **data}, by=by, creation_key="k")  # type: ignore[typeddict-item]


def start(campaign: AskCampaign, by: User) -> Job:
    job = start_campaign(campaign=campaign, by=by)
    run_job({"job": job.pk})
    job.refresh_from_db()
    return job


@pytest.mark.parametrize(
    "audience, code",
    [
        ("nps_from=9", "gating"),
        ("f=loyalty:promoter", "gating"),
        ("?f=industry:banking&f=sentiment:good", "gating"),
        ("/pool/?score=10", "gating"),
        ("f=health:green", "gating"),
        ("f=shoe:large", "unknown_filter"),
        ("color=red", "unknown_filter"),
    ],
)
def test_nobody_is_picked_by_score_class_or_mood(ask: Ask, marketer: User, audience: str, code: str) -> None:
    with pytest.raises(DomainError) as error:
        make(ask, marketer, audience=audience)
    assert (error.value.code, error.value.field) == (code, "audience")


def test_audience_is_read_as_the_pool_writes_it() -> None:
    audience = read_audience("/pool/?q=risk&f=industry%3Abanking&f=industry:retail&f=status:active&sort=name&page=2")
    assert audience.text == "risk"
    assert audience.keys == ("industry:banking", "industry:retail")
    assert read_audience("").is_everybody


def test_preview_says_who_is_asked_and_who_not(ask: Ask, people: None, marketer: User) -> None:
    bank = make_customer("Fjordbank Two", tags=[Tag.objects.get(slug="banking")])
    make_contact(bank, "Unwilling", email="u@x.example", activities=["quote"])
    make_contact(bank, "Unreachable", email="", activities=["share"])
    pause_self(contact=make_contact(bank, "Resting", email="r@x.example", activities=["share"]))
    found = preview_campaign(make(ask, marketer, audience="f=industry:banking", most_people=2), marketer)
    assert (found.found, len(found.chosen)) == (5, 2)
    assert found.reasons == {"not_agreed": 1, "no_address": 1, "too_many": 1}


def test_everybody_is_asked_once(ask: Ask, people: None, marketer: User) -> None:
    campaign = make(ask, marketer, audience="f=industry:banking")
    job = start(campaign, marketer)
    assert (job.status, job.report["asked"]) == (JobStatus.SUCCEEDED, 3)
    Job.objects.update(status=JobStatus.QUEUED)
    run_job({"job": job.pk})  # a worker died and another does it again
    rows = AskAssignment.objects.filter(campaign=campaign)
    assert rows.count() == 3
    assert {row.asked_by for row in rows} == {marketer}
    campaign.refresh_from_db()
    assert (campaign.status, campaign.left_out) == (AskCampaignStatus.RUNNING, {})


def test_no_more_than_it_says(ask: Ask, people: None, marketer: User) -> None:
    campaign = make(ask, marketer, most_people=4)
    start(campaign, marketer)
    assert AskAssignment.objects.count() == 4
    campaign.refresh_from_db()
    assert campaign.left_out == {"too_many": 1}


def test_a_closed_campaign_asks_nobody_more(ask: Ask, people: None, marketer: User) -> None:
    campaign = make(ask, marketer)
    job = start_campaign(campaign=campaign, by=marketer)
    close_campaign(campaign=campaign, by=marketer)
    run_job({"job": job.pk})
    assert not AskAssignment.objects.exists()
    with pytest.raises(DomainError):
        start_campaign(campaign=campaign, by=marketer)


def test_nobody_to_ask_is_no_campaign(ask: Ask, marketer: User) -> None:
    campaign = make(ask, marketer)
    with pytest.raises(DomainError) as error:
        start_campaign(campaign=campaign, by=marketer)
    assert error.value.code == "nobody_to_ask"
    campaign.refresh_from_db()
    assert campaign.status == AskCampaignStatus.DRAFT


def test_what_has_begun_is_changed_no_more(ask: Ask, people: None, marketer: User) -> None:
    campaign = make(ask, marketer)
    assert make(ask, marketer) == campaign  # once per key
    start(campaign, marketer)
    with pytest.raises(DomainError) as error:
        save_campaign(data={"name": "Autumn"}, by=marketer, campaign=campaign)
    assert error.value.code == "not_a_draft"
    withdraw_ask(assignment=AskAssignment.objects.all()[0], by=marketer, why="A mistake.")
    assert AskAssignment.objects.filter(status=AssignmentStatus.ASKED).count() == 4
