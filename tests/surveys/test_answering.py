"""What follows from an answer: history and class, nomination, recovery, a pause, the ledger."""

from datetime import timedelta

import pytest
from django.utils import timezone

from advocacy.models import PlayTemplate, PointsEntry, PointsRule, RecoveryPlay
from references.enums import ContactStatus, EngagementStatus, Loyalty, NominationStatus
from references.errors import DomainError
from references.models import Contact, Engagement, LoyaltyRecord, Nomination
from references.services.tag_merging import merge_tag
from surveys.enums import CampaignStatus, InvitationStatus
from surveys.models import Amendment, Campaign, Invitation, Response
from surveys.services.answering import amend_response, record_response
from surveys.services.calling import refuse_call
from tests.factories import make_contact, make_tag
from users.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture
def campaign() -> Campaign:
    return Campaign.objects.create(name="Spring", status=CampaignStatus.RUNNING, creation_key="spring")


@pytest.fixture
def known() -> Contact:
    return make_contact(name="Ada Known", loyalty=Loyalty.UNKNOWN, status=ContactStatus.KNOWN)


@pytest.mark.parametrize("score", [9, 10])
def test_high_score_nominates_a_known_person(campaign: Campaign, known: Contact, score: int) -> None:
    record_response(
        campaign=campaign, score=score, source="a", channel="email", contact=known, comment="They saved our quarter."
    )
    known.refresh_from_db()
    assert (known.status, known.nps_score, known.loyalty) == (ContactStatus.NOMINATED, score, Loyalty.PROMOTER)
    nomination = Nomination.objects.get(contact=known)
    assert nomination.status == NominationStatus.NEW
    assert "They saved our quarter." in nomination.moment


@pytest.mark.parametrize(("score", "loyalty"), [(8, Loyalty.PASSIVE), (6, Loyalty.DETRACTOR), (0, Loyalty.DETRACTOR)])
def test_lower_score_opens_the_play_of_its_class(
    campaign: Campaign, known: Contact, score: int, loyalty: Loyalty
) -> None:
    template = PlayTemplate.objects.create(
        name=f"Win back {loyalty}", kind="call", steps=["Call", "Write"], opens_for=loyalty
    )
    record_response(campaign=campaign, score=score, source="a", channel="email", contact=known)
    play = RecoveryPlay.objects.get(contact=known)
    assert (play.template, play.score, play.status) == (template, score, "open")
    assert [step.text for step in play.steps.all()] == ["Call", "Write"]
    assert not Nomination.objects.exists()


def test_fall_out_of_promoters_pauses_references(campaign: Campaign) -> None:
    person = make_contact(name="Pia Promoter", status=ContactStatus.ACTIVE, nps_score=9, loyalty=Loyalty.PROMOTER)
    record_response(campaign=campaign, score=7, source="a", channel="email", contact=person)
    person.refresh_from_db()
    assert person.status == ContactStatus.PAUSED
    assert person.paused_until == timezone.localdate() + timedelta(days=90)


def test_same_class_pauses_nobody(campaign: Campaign) -> None:
    person = make_contact(name="Pia Promoter", status=ContactStatus.ACTIVE, nps_score=10, loyalty=Loyalty.PROMOTER)
    record_response(campaign=campaign, score=9, source="a", channel="email", contact=person)
    person.refresh_from_db()
    assert person.status == ContactStatus.ACTIVE


def test_answer_is_recorded_once_per_source_and_amended_when_it_changes(campaign: Campaign, known: Contact) -> None:
    first = record_response(campaign=campaign, score=9, source="a", channel="email", contact=known)
    again = record_response(campaign=campaign, score=9, source="a", channel="email", contact=known)
    assert again == first
    record_response(campaign=campaign, score=4, source="a", channel="email", contact=known, comment="No.")
    assert Response.objects.count() == 1
    assert Amendment.objects.get().score == 9
    assert LoyaltyRecord.objects.get(source=f"response:{first.pk}").score == 4
    known.refresh_from_db()
    assert known.loyalty == Loyalty.DETRACTOR


def test_older_answer_leaves_the_present_class(campaign: Campaign) -> None:
    today = timezone.localdate()
    person = make_contact(name="Pia", status=ContactStatus.KNOWN, nps_score=9, loyalty=Loyalty.PROMOTER, nps_on=today)
    old = today - timedelta(days=400)
    record_response(campaign=campaign, score=2, source="a", channel="import", contact=person, answered_on=old)
    person.refresh_from_db()
    assert (person.nps_score, person.loyalty) == (9, Loyalty.PROMOTER)
    assert LoyaltyRecord.objects.filter(contact=person, score=2).exists()


def test_invited_answer_completes_the_ledger_and_earns_no_points(campaign: Campaign, known: Contact) -> None:
    PointsRule.objects.create(activity="call", points=100)
    invitation = Invitation.objects.create(campaign=campaign, contact=known, status=InvitationStatus.SENT)
    record_response(campaign=campaign, score=10, source="a", channel="email", contact=known, invitation=invitation)
    invitation.refresh_from_db()
    assert invitation.status == InvitationStatus.ANSWERED
    touch = Engagement.objects.get(contact=known)
    assert (touch.activity, touch.status, touch.source) == ("survey", EngagementStatus.COMPLETED, invitation.source)
    assert not PointsEntry.objects.exists()


def test_closed_campaign_takes_no_answer_and_no_amendment(campaign: Campaign, known: Contact) -> None:
    row = record_response(campaign=campaign, score=9, source="a", channel="email", contact=known)
    Campaign.objects.update(status=CampaignStatus.CLOSED)
    campaign.refresh_from_db()
    with pytest.raises(DomainError, match="takes no answers"):
        record_response(campaign=campaign, score=9, source="b", channel="email")
    with pytest.raises(DomainError, match="takes no answers"):
        amend_response(response=row, score=3, comment="")


def test_next_score_measures_a_play(campaign: Campaign, known: Contact) -> None:
    PlayTemplate.objects.create(name="Win back", kind="call", opens_for=Loyalty.DETRACTOR)
    then = timezone.localdate() - timedelta(days=30)
    record_response(campaign=campaign, score=3, source="a", channel="email", contact=known, answered_on=then)
    record_response(campaign=campaign, score=9, source="b", channel="phone", contact=known)
    play = RecoveryPlay.objects.get()
    assert (play.score, play.next_score, play.result) == (3, 9, "recovered")


def test_answer_amended_to_a_nine_leaves_no_play_to_win_back_a_promoter(campaign: Campaign, known: Contact) -> None:
    PlayTemplate.objects.create(name="Call", kind="call", steps=["Call"], opens_for="detractor")
    row = record_response(campaign=campaign, score=4, source="a", channel="email", contact=known)
    amend_response(response=row, score=9, comment="I had mixed up the ends of the scale.")
    play = RecoveryPlay.objects.get(contact=known)
    assert (play.status, play.next_score) == ("abandoned", None)
    assert Nomination.objects.filter(contact=known).count() == 1
    amend_response(response=row, score=5, comment="No, I had not.")
    play.refresh_from_db()
    assert (play.status, play.score) == ("open", 5)
    assert RecoveryPlay.objects.count() == 1


def test_who_declined_on_the_telephone_may_answer_by_mail_all_the_same(
    campaign: Campaign, known: Contact, manager: User
) -> None:
    invitation = Invitation.objects.create(campaign=campaign, contact=known, status=InvitationStatus.SENT)
    refuse_call(invitation=invitation, by=manager)
    record_response(campaign=campaign, score=9, source="a", channel="email", contact=known, invitation=invitation)
    invitation.refresh_from_db()
    assert invitation.status == InvitationStatus.ANSWERED
    touched = Engagement.objects.filter(contact=known).order_by("id").values_list("status", flat=True)
    assert list(touched) == [EngagementStatus.DECLINED, EngagementStatus.COMPLETED]


def test_answer_that_comes_in_another_way_is_that_of_the_invitation(campaign: Campaign, known: Contact) -> None:
    invitation = Invitation.objects.create(campaign=campaign, contact=known, status=InvitationStatus.SENT)
    first = record_response(campaign=campaign, score=8, source="api:1", channel="api", contact=known)
    invitation.refresh_from_db()
    assert (invitation.status, first.invitation) == (InvitationStatus.ANSWERED, invitation)
    again = record_response(
        campaign=campaign, score=9, source="link", channel="email", contact=known, invitation=invitation
    )
    assert (again, again.score, Response.objects.count()) == (first, 9, 1)


def test_skipped_person_answers_without_their_invitation(campaign: Campaign, known: Contact) -> None:
    Invitation.objects.create(campaign=campaign, contact=known, status=InvitationStatus.SKIPPED)
    row = record_response(campaign=campaign, score=8, source="api:1", channel="api", contact=known)
    assert row.invitation is None


def test_nobody_wins_back_who_has_left(campaign: Campaign) -> None:
    PlayTemplate.objects.create(name="Win back", kind="call", opens_for=Loyalty.DETRACTOR)
    gone = make_contact(name="Gone Person", status=ContactStatus.RETIRED)
    record_response(campaign=campaign, score=2, source="a", channel="email", contact=gone)
    assert not RecoveryPlay.objects.exists()


def test_merged_product_is_one_product_in_answers(campaign: Campaign) -> None:
    old, new = make_tag("product", "Larkspur"), make_tag("product", "Larkspur Cloud")
    Campaign.objects.filter(pk=campaign.pk).update(product=old)
    campaign.refresh_from_db()
    row = record_response(campaign=campaign, score=9, source="a", channel="widget")
    merge_tag(source=old, target=new)
    row.refresh_from_db()
    campaign.refresh_from_db()
    assert (row.product, campaign.product) == (new, new)
