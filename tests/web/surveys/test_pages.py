"""The pages of campaigns: made, changed, started, closed, opened; their figures; who may; and constant queries."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from references.models import Contact
from surveys.models import Campaign, Invitation, Response
from tests.factories import make_contact, make_customer, make_tag
from tests.web.conftest import LogIn
from users.models import User

FORM = {"rest_days": "90", "reminder_days": "5", "most_reminders": "1", "asks_consent": "on"}


def answer(campaign: Campaign, number: int, score: int = 9, contact: Contact | None = None) -> Response:
    return Response.objects.create(
        campaign=campaign,
        score=score,
        comment=f"Because of {number}",
        channel="email",
        source=f"{campaign.pk}:{number}",
        contact=contact,
    )


def test_marketer_makes_a_draft_once_and_starts_it(marketer: User, log_in: LogIn) -> None:
    make_contact(make_customer("Fjordbank", tags=[make_tag("industry", "Banking")]), email="ada@fjordbank.example")
    client = log_in(marketer)
    said = {**FORM, "name": "Autumn", "key": "k1", "who-industry": "banking", "question_de": "Würden Sie %(subject)s?"}
    first = client.post(reverse("web:survey-add"), said)
    assert client.post(reverse("web:survey-add"), said).headers["Location"] == first.headers["Location"]
    row = Campaign.objects.get()
    assert (row.status, row.audience, row.texts) == (
        "draft",
        "industry=banking",
        {"de": {"question": "Würden Sie %(subject)s?"}},
    )
    page = client.get(reverse("web:survey-start", args=[row.pk])).content.decode()
    assert "Start, and ask 1 person" in page
    client.post(reverse("web:survey-start", args=[row.pk]))
    row.refresh_from_db()
    assert row.status == "running"


def test_start_without_anybody_to_ask_is_refused_in_words(manager: User, log_in: LogIn) -> None:
    row = Campaign.objects.create(name="Nobody", creation_key="n")
    response = log_in(manager).post(reverse("web:survey-start", args=[row.pk]), follow=True)
    assert "Say who is asked" in response.content.decode()


def test_form_says_what_is_wrong_beside_the_field(campaign: Campaign, manager: User, log_in: LogIn) -> None:
    client = log_in(manager)
    response = client.post(reverse("web:survey-add"), {**FORM, "name": "Spring", "key": "k2"})
    assert response.status_code == 422
    assert "already exists" in response.content.decode()
    response = client.post(reverse("web:survey-add"), {**FORM, "name": "New", "sites": "not a site", "key": "k3"})
    assert response.status_code == 422
    assert Campaign.objects.count() == 1


def test_running_campaign_keeps_what_people_were_asked(campaign: Campaign, manager: User, log_in: LogIn) -> None:
    said = {**FORM, "name": "Spring 2", "rest_days": "1", "who-everybody": "on", "question_en": "Would you?"}
    assert log_in(manager).post(reverse("web:survey-edit", args=[campaign.pk]), said).status_code == 302
    campaign.refresh_from_db()
    assert (campaign.name, campaign.rest_days, campaign.audience) == ("Spring 2", 90, "")
    assert campaign.texts == {"en": {"question": "Would you?"}}
    assert campaign.widget_origins == ["https://app.example.com"]


def test_close_and_open_again(campaign: Campaign, manager: User, log_in: LogIn) -> None:
    client = log_in(manager)
    client.post(reverse("web:survey-close", args=[campaign.pk]))
    campaign.refresh_from_db()
    assert campaign.status == "closed"
    client.post(reverse("web:survey-reopen", args=[campaign.pk]), {"closes_on": ""})
    campaign.refresh_from_db()
    assert campaign.status == "running"


def test_audience_is_counted_with_the_reasons(manager: User, log_in: LogIn) -> None:
    bank = make_customer("Fjordbank", tags=[make_tag("industry", "Banking")])
    make_contact(bank, email="ada@fjordbank.example")
    make_contact(bank, email="bo@fjordbank.example", has_opted_out=True)
    client = log_in(manager)
    page = client.get(reverse("web:survey-audience"), {"who-industry": "banking"}).content.decode()
    assert "person is asked" in page
    assert "wants to be asked for nothing" in page
    assert not Campaign.objects.exists()
    assert "Nobody is invited" in client.get(reverse("web:survey-audience")).content.decode()
    wrong = client.get(reverse("web:survey-audience"), {"who-answered_before": "soon"}).content.decode()
    assert "makes no sense" in wrong


def test_score_hides_below_ten_answers_and_shows_its_interval_above(
    campaign: Campaign, rep: User, log_in: LogIn
) -> None:
    for number in range(9):
        answer(campaign, number)
    client, address = log_in(rep), reverse("web:survey", args=[campaign.pk])
    assert "too few answers to tell" in client.get(address).content.decode()
    answer(campaign, 9, score=3)
    page = client.get(address, headers={"HX-Request": "true", "HX-Target": "live"}).content.decode()
    assert "+80" in page
    assert "95 % sure" in page
    assert "<html" not in page


def test_salesperson_sees_scores_of_all_and_comments_of_own_customers_only(
    campaign: Campaign, person: Contact, rep: User, log_in: LogIn
) -> None:
    answer(campaign, 1, contact=person)
    answer(campaign, 2, contact=make_contact(name="Zed Zander"))
    page = log_in(rep).get(reverse("web:survey", args=[campaign.pk])).content.decode()
    assert "Because of 1" in page
    assert "Because of 2" not in page
    assert "survey-widget.js" not in page


def test_marketer_sees_no_names_of_invited_people(invitation: Invitation, marketer: User, log_in: LogIn) -> None:
    page = log_in(marketer).get(reverse("web:survey-invitations", args=[invitation.campaign_id])).content.decode()
    assert "Head of Risk" in page
    assert "Ada Voss" not in page


def test_mail_shows_in_each_language(campaign: Campaign, marketer: User, log_in: LogIn) -> None:
    client, here = log_in(marketer), reverse("web:survey-mail", args=[campaign.pk])
    assert "How likely" in client.get(here).content.decode()
    german = client.get(here, {"language": "de"}).content.decode()
    assert "How likely" not in german
    assert "style-src 'sha256-" in client.get(here + "html/")["Content-Security-Policy"]


def fill_campaigns(number: int) -> None:
    row = Campaign.objects.create(name=f"C{number}", creation_key=f"c{number}", product=make_tag("product"))
    answer(row, number)
    Invitation.objects.create(campaign=row, contact=make_contact(), status="answered")


def fill_people(number: int) -> None:
    row, _made = Campaign.objects.get_or_create(name="One", status="running", creation_key="one")
    contact = make_contact(phone="+47 1")
    Invitation.objects.create(campaign=row, contact=contact, status="sent")
    told = answer(row, number, contact=contact)
    told.topics.create(name=f"Topic {number}")
    told.amendments.create(score=3)


@pytest.mark.parametrize(
    ("fill", "name", "has_survey"),
    [
        (fill_campaigns, "surveys", False),
        (fill_people, "survey-responses", False),
        (fill_people, "survey-invitations", True),
        (fill_people, "survey-interview", True),
        (fill_people, "survey", True),
    ],
)
@pytest.mark.parametrize("role", ["manager", "marketer"])
def test_lists_take_the_same_queries_however_long(
    fill: Callable[[int], None],
    name: str,
    role: str,
    request: pytest.FixtureRequest,
    log_in: LogIn,
    *,
    has_survey: bool,
) -> None:
    client = log_in(request.getfixturevalue(role))
    fill(1)
    address = reverse(f"web:{name}", args=[Campaign.objects.get(name="One").pk] if has_survey else [])
    before = count_queries(client, address)
    for number in range(2, 6):
        fill(number)
    assert count_queries(client, address) == before


def count_queries(client: Client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


def test_few_answers_tell_no_scores(campaign: Campaign, rep: User, log_in: LogIn) -> None:
    address = reverse("web:survey", args=[campaign.pk])
    for number in range(9):
        answer(campaign, number, score=3)
    page = log_in(rep).get(address).content.decode()
    assert "9 detractors" not in page
    assert "Shown from ten answers on" in page
    answer(campaign, 9, score=3)
    assert "10 detractors" in log_in(rep).get(address).content.decode()
