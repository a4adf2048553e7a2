"""An ask of the ladder behind its link: looking records nothing, and each answer is taken once."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from advocacy.enums import AssignmentStatus
from advocacy.models import Ask, AskAssignment, ReviewSite
from advocacy.services.asking import confirm_ask, put_ask, send_back_ask, withdraw_ask
from references.models import Contact, StateChange
from references.services.own_page import opt_out
from tests.factories import make_contact, make_customer
from tests.web.conftest import read_page
from tests.web.links import ask_put, own_page_of
from users.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture
def pia(db: None) -> Contact:
    return make_contact(
        make_customer("Fjordbank"), "Pia Promoter", email="pia@fjordbank.example", activities=["share", "review"]
    )


@pytest.fixture
def row(pia: Contact, marketer: User) -> AskAssignment:
    ask = Ask.objects.create(
        name="Share a post", activity="share", rung=1, text="Share it?", points=100, needs_evidence=True,
        disclosure="I got points.", url="https://social.example/",
    )  # fmt: skip
    return put_ask(contact=pia, ask=ask, creation_key="k", by=marketer, note="You know the post.")


def text_of(path: str, status: int = 200) -> str:
    response = Client().get(path)
    assert response.status_code == status
    return read_page(response.content.decode()).text


def post(path: str, act: str, **data: object) -> str:
    response = Client().post(f"{path}{act}/", data)
    assert response.status_code == 302, response.content.decode()
    return text_of(response["Location"])


def status_of(row: AskAssignment) -> str:
    row.refresh_from_db()
    return row.status


def test_the_page_says_what_is_asked_and_looking_records_nothing(row: AskAssignment) -> None:
    path, before = ask_put(row), StateChange.objects.count()
    text = text_of(path)
    for words in (
        "Pia Promoter, may we ask you", "Share it?", "You know the post.", "100, for taking part", "I got points.",
        "Mara Marketer", "https://social.example/",
    ):  # fmt: skip
        assert words in text
    for act in ("ask-accept", "ask-plan", "ask-done", "ask-decline", "ask-later"):
        assert Client().get(f"{path}{act}/").status_code == 302
    assert (status_of(row), StateChange.objects.count()) == (AssignmentStatus.ASKED, before)


def test_yes_then_done_with_evidence(row: AskAssignment) -> None:
    path = ask_put(row)
    assert "You said yes: thank you!" in post(path, "ask-accept")
    bare = Client().post(f"{path}ask-done/", {})
    assert bare.status_code == 422
    assert "Please give a link, or a word on what you did." in bare.content.decode()
    assert "tell you what it led to" in post(path, "ask-done", evidence_url="social.example/1", evidence="Here.")
    assert (status_of(row), row.evidence_url) == (AssignmentStatus.DONE, "https://social.example/1")
    assert Client().post(f"{path}ask-accept/").status_code == 422


def test_planned_for_a_day_to_come(row: AskAssignment) -> None:
    path, day = ask_put(row), timezone.localdate() + timedelta(days=9)
    assert Client().post(f"{path}ask-plan/", {"scheduled_on": "2001-01-01"}).status_code == 422
    assert "Planned for" in post(path, "ask-plan", scheduled_on=day.isoformat())
    assert (status_of(row), row.scheduled_on) == (AssignmentStatus.SCHEDULED, day)
    assert "You took this back" in post(path, "ask-decline", why="I am ill.")
    assert status_of(row) == AssignmentStatus.CANCELLED


def test_no_and_not_now_are_fine(row: AskAssignment) -> None:
    assert "You said no, and that is fine" in post(ask_put(row), "ask-later")
    assert (status_of(row), row.decline_reason) == (AssignmentStatus.DECLINED, "Not now.")


def test_sent_back_says_what_is_missing_and_thanks_what_it_led_to(row: AskAssignment, manager: User) -> None:
    path = ask_put(row)
    post(path, "ask-done", evidence="I did.")
    send_back_ask(assignment=row, by=manager, why="Please add the link.")
    text = text_of(path)
    assert "One thing is missing" in text
    assert "Please add the link." in text
    post(path, "ask-done", evidence_url="https://social.example/1")
    confirm_ask(assignment=row, by=manager, led_to="Two prospects called.")
    assert "Two prospects called." in text_of(path)


def test_what_is_over_is_over(row: AskAssignment, pia: Contact, manager: User) -> None:
    path = ask_put(row)
    withdraw_ask(assignment=row, by=manager, why="A mistake.")
    assert Client().get(path).status_code == 410
    opt_out(contact=pia)
    assert Client().get(ask_put(row)).status_code == 410


def test_the_page_speaks_german(row: AskAssignment) -> None:
    text = text_of(f"{ask_put(row)}?language=de")
    assert "Pia Promoter, dürfen wir Sie um etwas bitten?" in text
    assert "100, fürs Mitmachen" in text


def test_where_a_review_is_written_is_the_site_alone_while_it_is_in_use(pia: Contact) -> None:
    site = ReviewSite.objects.create(name="Ratewell", url="https://ratewell.example/us")
    Ask.objects.create(name="Share", activity="share", rung=2, text="Share?")
    ask = Ask.objects.create(name="Review us", activity="review", rung=1, text="Review?", review_site=site)
    row = put_ask(contact=pia, ask=ask, creation_key="r")
    assert "https://ratewell.example/us" in Client().get(ask_put(row)).content.decode()


def test_nobody_answers_for_somebody_else(row: AskAssignment) -> None:
    other = own_page_of(make_contact(name="Otto Other", email="otto@x.example"))
    response = Client().post(f"{other}ask-accept/", {"assignment": row.pk})
    assert response.status_code == 404
    assert status_of(row) == AssignmentStatus.ASKED
