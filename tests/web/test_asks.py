"""Asks on pages: the ladder, whom to ask next, campaigns, and what became of each; names as blinding allows."""

import pytest
from django.test import Client
from django.urls import reverse

from advocacy.enums import AskCampaignStatus, AssignmentStatus
from advocacy.models import Ask, AskAssignment, AskCampaign, ReviewSite
from advocacy.services.asking import answer_ask, put_ask
from delivery.jobs import run_job
from delivery.models import Job
from references.models import Contact
from tests.factories import make_contact, make_customer, make_tag
from tests.web.conftest import LogIn, read_page
from tests.web.test_query_counts import count_queries
from users.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture
def ask() -> Ask:
    return Ask.objects.create(name="Share a post", activity="share", rung=1, text="Share it?", points=100)


@pytest.fixture
def pia(rep: User) -> Contact:
    customer = make_customer("Fjordbank", tags=[make_tag("industry", "Banking")], account_owner=rep)
    return make_contact(customer, "Pia Promoter", title="CFO", email="pia@fjordbank.example", activities=["share"])


def text_of(client: Client, address: str, status: int = 200) -> str:
    response = client.get(address)
    assert response.status_code == status, address
    return read_page(response.content.decode()).text


def post(client: Client, view: str, *args: object, **data: object) -> str:
    response = client.post(reverse(f"web:{view}", args=args), data)
    assert response.status_code == 302, response.content.decode()
    return text_of(client, response["Location"])


def test_an_empty_ladder_offers_the_starter(manager: User, rep: User, log_in: LogIn) -> None:
    client = log_in(manager)
    assert "Load the starter" in text_of(client, reverse("web:asks"))
    assert "Load the starter" not in text_of(log_in(rep), reverse("web:asks"))
    text = post(client, "advocacy-starter")
    assert Ask.objects.filter(rung=7).exists()
    assert "Take a reference call" in text


def test_the_ladder_counts_people_and_what_came_of_asks(ask: Ask, pia: Contact, manager: User, log_in: LogIn) -> None:
    row = put_ask(contact=pia, ask=ask, creation_key="k", by=manager)
    make_contact(name="No Mail Yet", activities=["share"], email="other@x.example")
    answer_ask(assignment=row, to=AssignmentStatus.DONE)
    text = text_of(log_in(manager), reverse("web:asks"))
    assert "2 active promoters stand on the ladder" in text
    assert "1 asked, 1 did it" in text
    assert "1 of 1 settled did it" in text


def test_asks_are_added_and_changed(manager: User, log_in: LogIn) -> None:
    client = log_in(manager)
    data = {
        "name": "Quote us",
        "activity": "quote",
        "text": "A sentence?",
        "minutes": 5,
        "points": 10,
        "cool_down_days": 90,
    }
    post(client, "ask-add", **data, is_active="on")
    row = Ask.objects.get()
    assert row.rung == 2
    post(client, "ask-edit", row.pk, **data | {"points": 20, "url": "form.example"}, is_active="on")
    row.refresh_from_db()
    assert (row.points, row.url) == (20, "https://form.example")
    refused = client.post(reverse("web:ask-add"), {**data, "name": "Review", "activity": "review"})
    assert refused.status_code == 422
    assert "write what is disclosed" in refused.content.decode()


def test_review_sites_are_kept(marketer: User, log_in: LogIn) -> None:
    client = log_in(marketer)
    assert "No review sites yet" in text_of(client, reverse("web:review-sites"))
    assert "Ratewell" in post(client, "review-site-add", name="Ratewell", url="ratewell.example/us", is_active="on")
    assert ReviewSite.objects.get().url == "https://ratewell.example/us"


def test_next_asks_are_put_by_one_click_and_once(ask: Ask, pia: Contact, marketer: User, log_in: LogIn) -> None:
    client = log_in(marketer)
    text = text_of(client, reverse("web:ask-suggestions"))
    assert "Share a post" in text
    assert "CFO" in text
    assert "Pia" not in text
    data = {"one": f"{pia.pk}:{ask.pk}", "key": "abc", "note": "Hello"}
    assert "1 ask is on its way" in post(client, "ask-put", **data)
    post(client, "ask-put", **data)
    row = AskAssignment.objects.get()
    assert (row.asked_by, row.note) == (marketer, "Hello")
    assert "Nobody can be asked today" in text_of(client, reverse("web:ask-suggestions"))
    assert "have not answered" in text_of(client, reverse("web:ask-person", args=[pia.pk]))


def test_next_asks_are_put_in_bulk_with_what_was_refused(ask: Ask, pia: Contact, manager: User, log_in: LogIn) -> None:
    other = make_contact(name="Otto", email="", activities=["share"])
    text = post(log_in(manager), "ask-put", pick=[f"{pia.pk}:{ask.pk}", f"{other.pk}:{ask.pk}"], key="abc")
    assert "1 ask is on its way" in text
    assert "no e-mail address on file" in text


def test_account_owners_ask_their_own_people_and_others_nobody(
    ask: Ask, pia: Contact, rep: User, outsider: User, log_in: LogIn
) -> None:
    assert "Pia Promoter" in text_of(log_in(rep), reverse("web:ask-suggestions"))
    client = log_in(outsider)
    assert "Share a post" not in text_of(client, reverse("web:ask-suggestions")).replace("1 · Share a post", "")
    assert client.post(reverse("web:ask-put"), {"one": f"{pia.pk}:{ask.pk}"}).status_code == 403
    assert client.get(reverse("web:ask-person", args=[pia.pk])).status_code == 403
    post(log_in(rep), "ask-put", one=f"{pia.pk}:{ask.pk}", key="abc")
    row = AskAssignment.objects.get()
    assert client.get(reverse("web:assignment", args=[row.pk])).status_code == 404
    assert client.post(reverse("web:assignment-move", args=[row.pk]), {"to": "withdrawn"}).status_code == 404
    assert "Pia Promoter" in text_of(log_in(rep), reverse("web:assignment", args=[row.pk]))


def test_a_filter_by_score_is_refused_and_narrows_nothing(ask: Ask, pia: Contact, manager: User, log_in: LogIn) -> None:
    text = text_of(log_in(manager), reverse("web:ask-suggestions") + "?f=loyalty:promoter")
    assert "gating" in text
    assert "Pia Promoter" in text


def test_a_campaign_from_draft_to_closed(ask: Ask, pia: Contact, marketer: User, log_in: LogIn) -> None:
    client = log_in(marketer)
    data = {"name": "Spring", "ask": ask.pk, "most_people": 10, "key": "abc"}
    refused = client.post(reverse("web:ask-campaign-add"), {**data, "audience": "f=loyalty:promoter"})
    assert refused.status_code == 422
    assert "gating" in refused.content.decode()
    make_contact(name="Otto", email="", activities=["share"])
    text = post(client, "ask-campaign-add", **data, audience=reverse("web:pool") + "?q=")
    assert "1 person would be asked" in text
    assert "no e-mail address on file" in text
    assert "Pia" not in text
    row = AskCampaign.objects.get()
    text = post(client, "ask-campaign-start", row.pk)
    assert "It has begun" in text
    assert "Letters are on their way" in text
    run_job({"job": Job.objects.get().pk})
    text = text_of(client, reverse("web:ask-campaign", args=[row.pk]))
    assert "1 still to answer" in text
    assert "Spring" in text_of(client, reverse("web:ask-campaigns"))
    assert "Closed" in post(client, "ask-campaign-close", row.pk)
    row.refresh_from_db()
    assert row.status == AskCampaignStatus.CLOSED


def test_evidence_is_sent_back_and_confirmed(ask: Ask, pia: Contact, marketer: User, log_in: LogIn) -> None:
    row = put_ask(contact=pia, ask=ask, creation_key="k", by=marketer)
    answer_ask(assignment=row, to=AssignmentStatus.DONE, evidence="I, Pia Promoter, did it.")
    client = log_in(marketer)
    text = text_of(client, reverse("web:assignment", args=[row.pk]))
    assert "did it" in text
    assert "Pia" not in text
    assert "Say what is missing" in post(client, "assignment-move", row.pk, to="back")
    post(client, "assignment-move", row.pk, to="back", why="Which post?")
    assert "That is not possible any more" in post(client, "assignment-move", row.pk, to="confirmed")
    post(client, "assignment-move", row.pk, to="done", evidence_url="social.example/1")
    post(client, "assignment-move", row.pk, to="confirmed", why="Two calls.")
    row.refresh_from_db()
    assert (row.status, row.evidence_url) == (AssignmentStatus.CONFIRMED, "https://social.example/1")


def test_evidence_is_confirmed_in_bulk(ask: Ask, pia: Contact, marketer: User, log_in: LogIn) -> None:
    row = put_ask(contact=pia, ask=ask, creation_key="k", by=marketer)
    answer_ask(assignment=row, to=AssignmentStatus.DONE, evidence="Done.")
    client = log_in(marketer)
    assert "1 ask moved" in post(client, "assignments-move", pick=[row.pk], to="confirmed", why="Two calls.")
    assert "not possible" in post(client, "assignments-move", pick=[row.pk], to="confirmed")
    assert "1 ask moved" in post(client, "assignments-move", pick=[row.pk], to="withdrawn", why="A copy.")


def test_nobody_confirms_the_evidence_of_their_own_customers_people(
    ask: Ask, pia: Contact, rep: User, log_in: LogIn
) -> None:
    row = put_ask(contact=pia, ask=ask, creation_key="k", by=rep)
    answer_ask(assignment=row, to=AssignmentStatus.DONE, evidence="Done.")
    response = log_in(rep).post(reverse("web:assignment-move", args=[row.pk]), {"to": "confirmed"})
    assert response.status_code == 403


@pytest.mark.parametrize("name", ["asks", "ask-suggestions", "ask-campaigns", "assignments"])
def test_lists_take_the_same_number_of_queries(name: str, ask: Ask, manager: User, log_in: LogIn) -> None:
    def add(number: int) -> None:
        each = Ask.objects.create(name=f"Ask {number}", activity="share", rung=1, text="Share it?")
        person = make_contact(
            make_customer(f"Company {number}"), f"Person {number}", email=f"p{number}@x.example", activities=["share"]
        )
        make_contact(
            make_customer(f"Other {number}"), f"Other {number}", email=f"o{number}@x.example", activities=["share"]
        )
        put_ask(contact=person, ask=each, creation_key=f"k{number}", by=manager)
        AskCampaign.objects.create(name=f"Campaign {number}", ask=each, creation_key=f"c{number}", owner=manager)

    client, address = log_in(manager), reverse(f"web:{name}")
    add(1)
    few = count_queries(client, address)
    add(2)
    add(3)
    assert count_queries(client, address) == few


def test_the_profile_leads_to_the_asks(ask: Ask, pia: Contact, manager: User, outsider: User, log_in: LogIn) -> None:
    address = reverse("web:profile", args=[pia.pk])
    assert reverse("web:ask-person", args=[pia.pk]) in log_in(manager).get(address).content.decode()
    assert reverse("web:ask-person", args=[pia.pk]) not in log_in(outsider).get(address).content.decode()
    part = log_in(manager).get(
        reverse("web:ask-person", args=[pia.pk]), headers={"HX-Request": "true", "HX-Target": "asks"}
    )
    assert "<html" not in part.content.decode()
    assert "Share a post" in part.content.decode()
