"""Whom a campaign would ask: by filter and list, with a reason for everybody who is left out, and a stable sample."""

from datetime import timedelta

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from references.enums import ContactStatus, EngagementStatus, Loyalty
from references.services.own_page import opt_out, pause_self
from surveys.models import Invitation, SurveyOptOut
from surveys.people_filter import read_people, unknown_names
from surveys.services.audience import find_audience, judge_one, pick_sample
from tests.factories import make_blackout, make_contact, make_customer, make_engagement, make_tag
from tests.surveys.factories import make_campaign, make_known

TODAY = timezone.localdate()


@given(st.sets(st.integers(1, 10_000), max_size=200), st.integers(1, 250), st.integers(1, 2**31 - 1))
def test_sample_is_stable_and_has_its_size(ids: set[int], size: int, seed: int) -> None:
    drawn = pick_sample(ids, size, seed)
    assert drawn == pick_sample(sorted(ids, reverse=True), size, seed)
    assert len(drawn) == min(size, len(ids))
    assert set(drawn) <= ids
    assert pick_sample(ids, None, seed) == sorted(ids)


@given(st.sets(st.integers(1, 10_000), min_size=5, max_size=200), st.integers(1, 5), st.integers(1, 1_000))
def test_rest_of_a_sample_is_drawn_as_before(ids: set[int], sent: int, seed: int) -> None:
    drawn = pick_sample(ids, 5, seed)
    gone = set(sorted(drawn)[:sent])
    assert set(pick_sample(ids - gone, 5 - sent, seed)) == set(drawn) - gone


def test_each_reason_is_told(db: None) -> None:
    fine = make_known("Fine Person")
    silent = make_known("No Surveys")
    SurveyOptOut.objects.create(contact=silent)
    resting = make_known("Rested Person")
    make_engagement(resting, "survey", EngagementStatus.NO_ANSWER, TODAY - timedelta(days=89))
    ready = make_known("Ready Person")
    make_engagement(ready, "survey", EngagementStatus.COMPLETED, TODAY - timedelta(days=90))
    elsewhere = make_known("Asked Elsewhere")
    Invitation.objects.create(campaign=make_campaign("Other"), contact=elsewhere, status="sent")
    away = make_known("Away Person")
    make_blackout(away, TODAY, TODAY + timedelta(days=3))
    nowhere = make_known("No Address", email="")
    called = make_known("Only Telephone", email="", phone="+47 1234 5678")
    pausing = make_contact(name="Pausing Promoter", email="p@p.example")
    pause_self(contact=pausing)
    paused = make_contact(name="Paused By Us", email="u@u.example", status=ContactStatus.PAUSED)
    left = make_contact(name="Opted Out", email="o@o.example")
    opt_out(contact=left)

    found = find_audience(make_campaign())
    assert set(found.mailed) == {fine.pk, ready.pk, paused.pk}
    assert found.called == (called.pk,)
    assert found.skipped == {
        silent.pk: "no_surveys",
        resting.pk: "rested",
        elsewhere.pk: "open_invitation",
        away.pk: "days_off",
        nowhere.pk: "no_address",
        pausing.pk: "paused_self",
    }
    assert found.found == 10
    assert found.reasons["rested"] == 1
    for each in (pausing, left):
        each.refresh_from_db()
    assert [judge_one(each) for each in (fine, silent, away, pausing, left)] == [
        "", "no_surveys", "days_off", "paused_self", "opted_out",
    ]  # fmt: skip


def test_sample_leaves_some_out(db: None) -> None:
    for number in range(9):
        make_known(f"Person {number}")
    found = find_audience(make_campaign(sample_size=4))
    assert (found.asked, found.left_out, found.reasons) == (4, 5, {"not_sampled": 5})


def test_without_an_audience_only_the_list_is_asked(db: None) -> None:
    listed = make_known("Listed Person")
    make_known("Somebody Else")
    campaign = make_campaign(audience="")
    Invitation.objects.create(campaign=campaign, contact=listed)
    assert find_audience(campaign).mailed == (listed.pk,)


def test_filters_find_people_of_every_class(db: None) -> None:
    nordics, banking = make_tag("region", "Nordics"), make_tag("industry", "Banking")
    norway = make_tag("region", "Norway", parent=nordics)
    make_tag("size", "51-200", slug="51-200")
    make_tag("seniority", "Director")
    bank = make_customer("Fjordbank", tags=[norway, banking], tier="key", size_band="51-200", health="red")
    sad = make_known("Sad Person", customer=bank, loyalty=Loyalty.DETRACTOR, seniority="director")
    other = make_known("Other Person")
    for audience in (
        "industry=banking", "region=nordics", "tier=key", "health=red", "size=51-200", "loyalty=detractor",
        "seniority=director", "industry=banking&tier=key",
    ):  # fmt: skip
        assert list(read_people(audience).qs) == [sad], audience
    assert set(read_people("status=known").qs) == {sad, other}
    assert not read_people("status=retired").form.is_valid()
    assert not read_people("industry=nothing").qs.exists()
    make_engagement(sad, "survey", EngagementStatus.COMPLETED, TODAY)
    assert list(read_people(f"not_surveyed_since={TODAY}").qs) == [other]


def test_unknown_filters_are_told() -> None:
    assert unknown_names("industy=banking&tier=key&x=") == ["industy"]


@pytest.mark.parametrize("count", [1, 12])
def test_judging_takes_the_same_queries_for_many(
    db: None, count: int, django_assert_max_num_queries: "pytest.FixtureRequest"
) -> None:
    for number in range(count):
        make_known(f"Person {number}")
    campaign = make_campaign()
    with django_assert_max_num_queries(12):  # type: ignore[operator]
        assert find_audience(campaign).asked == count
