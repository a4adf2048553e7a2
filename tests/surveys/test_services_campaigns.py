"""The way of a campaign: made once, changed as far as its status allows, started, closed and opened again."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from delivery.models import OutboxMessage
from references.errors import DomainError
from references.models import StateChange
from surveys.enums import CampaignStatus
from surveys.models import Campaign
from surveys.services.campaigns import (
    CampaignData,
    close_campaign,
    close_ended_campaigns,
    invite_rest,
    reopen_campaign,
    save_campaign,
    start_campaign,
)
from surveys.services.survey_links import find_link
from tests.factories import make_tag
from tests.surveys.factories import invite, make_campaign, make_known
from users.models import User

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()


def draft(by: User | None = None, **data: Any) -> Campaign:
    given: CampaignData = {"name": "Spring", "audience": "everybody=true", **data}  # type: ignore[typeddict-item]
    return save_campaign(data=given, by=by, creation_key="key")


def refused(code: str, field: str | None = None) -> "pytest.RaisesExc[DomainError]":
    return pytest.raises(DomainError, check=lambda error: (error.code, error.field) == (code, field or error.field))


def test_draft_is_made_once_per_key(manager: User) -> None:
    first = draft(manager)
    assert draft(manager) == first
    assert (first.status, first.owner) == (CampaignStatus.DRAFT, manager)
    with refused("key_taken"):
        draft(manager, name="Autumn")
    assert StateChange.objects.filter(subject=f"campaign:{first.pk}").count() == 1


@pytest.mark.parametrize(
    ("data", "code", "field"),
    [
        ({"texts": {"fr": {"question": "?"}}}, "unknown_language", "texts"),
        ({"texts": {"en": {"answer": "?"}}}, "unknown_text", "texts"),
        ({"texts": {"en": {"why": "?" * 1_001}}}, "text_too_long", "texts"),
        ({"audience": "industy=banking"}, "bad_audience", "audience"),
        ({"audience": "industry=nothing"}, "bad_audience", "audience"),
        ({"widget_origins": ["example.com"]}, "bad_site", "widget_origins"),
        ({"most_reminders": 4}, "max_value", "most_reminders"),
        ({"sample_size": 0}, "min_value", "sample_size"),
        ({"name": ""}, "blank", "name"),
        ({"status": "running"}, "unknown_field", "status"),
    ],
)
def test_settings_that_are_wrong_are_refused(data: dict[str, Any], code: str, field: str, manager: User) -> None:
    with refused(code, field):
        draft(manager, **data)


def test_product_must_be_one(manager: User) -> None:
    with refused("not_a_product", "product"):
        draft(manager, product=make_tag("industry", "Banking"))


def test_salespeople_run_no_surveys(rep: User, marketer: User) -> None:
    with refused("not_allowed"):
        draft(rep)
    with refused("not_allowed"):
        start_campaign(campaign=draft(marketer), by=rep)


def test_empty_words_and_slashes_are_cleaned(manager: User) -> None:
    row = draft(
        manager, texts={"en": {"why": " Why? ", "thanks": ""}, "de": {}}, widget_origins=["https://App.example.com/"]
    )
    assert row.texts == {"en": {"why": "Why?"}}
    assert row.widget_origins == ["https://app.example.com"]


def test_only_words_and_the_last_day_change_while_it_runs(manager: User) -> None:
    person = make_known()
    row = start_campaign(campaign=draft(manager), by=manager)
    link = find_link(invite(row, person))
    assert link is not None
    last = TODAY + timedelta(days=200)
    save_campaign(
        campaign=row, data={"texts": {"en": {"why": "Why?"}}, "closes_on": last, "audience": row.audience}, by=manager
    )
    with refused("not_editable", "audience"):
        save_campaign(campaign=row, data={"audience": "tier=key"}, by=manager)
    link.refresh_from_db()
    assert link.expires_at.date() == last + timedelta(days=1)


def test_start_promises_invitations_on_the_day(manager: User) -> None:
    opens = TODAY + timedelta(days=3)
    row = start_campaign(campaign=draft(manager, opens_on=opens), by=manager)
    promise = OutboxMessage.objects.get(kind="survey.invite")
    assert (promise.payload, promise.due.date()) == ({"campaign": row.pk}, opens)
    with refused("move_not_allowed"):
        start_campaign(campaign=row, by=manager)


def test_start_needs_somebody_to_ask_and_days_to_come(manager: User) -> None:
    row = draft(manager, audience="")
    with refused("audience_required", "audience"):
        start_campaign(campaign=row, by=manager)
    save_campaign(campaign=row, data={"widget_origins": ["https://app.example.com"]}, by=manager)
    save_campaign(campaign=row, data={"closes_on": TODAY - timedelta(days=1)}, by=manager)
    with refused("closes_over", "closes_on"):
        start_campaign(campaign=row, by=manager)
    save_campaign(campaign=row, data={"closes_on": TODAY}, by=manager)
    assert start_campaign(campaign=row, by=manager).status == CampaignStatus.RUNNING


def test_closed_by_itself_and_opened_again(manager: User) -> None:
    row = make_campaign(closes_on=TODAY - timedelta(days=1))
    kept = make_campaign(closes_on=TODAY)
    assert close_ended_campaigns() == 1
    row.refresh_from_db()
    kept.refresh_from_db()
    assert (row.status, kept.status) == (CampaignStatus.CLOSED, CampaignStatus.RUNNING)
    with refused("closes_over"):
        reopen_campaign(campaign=row, by=manager, closes_on=TODAY - timedelta(days=1))
    reopen_campaign(campaign=row, by=manager, closes_on=TODAY)
    assert (row.status, row.closed_at) == (CampaignStatus.RUNNING, None)
    close_campaign(campaign=row, by=manager)
    with refused("move_not_allowed"):
        close_campaign(campaign=row, by=manager)
    with refused("not_running"):
        invite_rest(campaign=row, by=manager, key="a")
