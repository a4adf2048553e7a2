"""Before a yes no page names the person to the requester; after it only the owner sees them, contact data by button."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from matching.models import Feedback, Match, Outcome
from matching.services.answering import accept_match, cancel_by_customer
from matching.services.approving import reject_match
from matching.services.meeting import schedule_match
from matching.services.requests import comment_request
from matching.showing import show_match
from references.models import Contact
from tests.factories import make_policy
from tests.matching.factories import invite, make_banker, submit, the_match
from tests.web.conftest import LogIn
from users.models import Team, User

pytestmark = pytest.mark.django_db(transaction=True)
SECRETS = ("Nora", "Lindqvist", "nora@", "555 0100")


@pytest.fixture
def nora(db: None) -> Contact:
    return make_banker(
        "Nora Lindqvist",
        customer_name="Fjordbank",
        title="Head of Risk, Nora Lindqvist",
        email="nora@fjordbank.example",
        phone="+47 555 0100",
    )


@pytest.fixture
def teammate(team: Team) -> User:
    return User.objects.create_user("mate@example.test", "correct horse", name="Tess Teammate", team=team)


def pages(match: Match) -> Iterator[str]:
    """Every page of requests that shows this match to its requester, or would."""
    yield from ("/requests/", "/requests/?whose=all&search=Harbor", "/requests/queue/", "/jump/?q=harbor")
    yield f"/requests/new/?q=A+bank&contact={match.contact_id}"
    for name in ("request", "request-edit", "request-cancel", "request-propose"):
        yield reverse(f"web:{name}", args=[match.request_id])
    yield reverse("web:match-swap", args=[match.pk])
    for name in ("match-preparation", "match-calendar"):
        yield reverse(f"web:{name}", args=[match.request_id, match.pk])


def told(client: Client, match: Match) -> set[str]:
    """Which secrets the pages of this match tell."""
    html = " ".join(client.get(address).content.decode() for address in pages(match))
    html += client.post(reverse("web:request-comment", args=[match.request_id]), {"text": ""}).content.decode()
    assert "Harbor Bank" in html
    return {secret for secret in SECRETS if secret in html}


def test_requester_learns_no_name_before_the_yes(nora: Contact, rep: User, manager: User, log_in: LogIn) -> None:
    client = log_in(rep)
    match = the_match(submit(rep))
    assert told(client, match) == set()
    assert client.post(reverse("web:match-contact", args=[match.pk]), {"why": "x"}).status_code == 403


def test_requester_learns_no_name_while_the_customer_is_asked(
    nora: Contact, rep: User, manager: User, log_in: LogIn
) -> None:
    match = invite(rep, manager)
    client = log_in(rep)
    assert told(client, match) == set()
    assert client.post(reverse("web:match-contact", args=[match.pk]), {"why": "x"}).status_code == 403


def test_customers_name_is_hidden_where_the_policy_says_so(
    nora: Contact, rep: User, manager: User, log_in: LogIn
) -> None:
    make_policy({"show_customer_name": False})
    match = invite(rep, manager)
    client = log_in(rep)
    assert not [address for address in pages(match) if "Fjordbank" in client.get(address).content.decode()]


def test_owner_alone_sees_the_person_after_the_yes(
    nora: Contact, rep: User, teammate: User, manager: User, log_in: LogIn
) -> None:
    match = accept_match(match=invite(rep, manager))
    assert told(log_in(rep), match) == {"Nora", "Lindqvist"}
    assert told(log_in(teammate), match) == set()
    assert log_in(teammate).post(reverse("web:match-contact", args=[match.pk]), {"why": "x"}).status_code == 403


def test_name_is_hidden_again_once_the_yes_is_taken_back(
    nora: Contact, rep: User, manager: User, log_in: LogIn
) -> None:
    match = cancel_by_customer(match=accept_match(match=invite(rep, manager)))
    assert told(log_in(rep), match) == set()


SAID = "Nora Lindqvist leaves next month, call +47 555 0100 or nora@fjordbank.example"


def write_everywhere(match: Match, author: User) -> None:
    """Put a name, an address and a number into every free text of a request."""
    Match.objects.filter(pk=match.pk).update(override_codes=["rest"], override_reason=SAID, decline_note=SAID)
    match.approvals.update(reason=SAID, why=SAID)
    Feedback.objects.create(match=match, side="requester", comment=SAID)
    Feedback.objects.create(match=match, side="promoter", comment=SAID)
    comment_request(request=match.request, author=author, text=SAID)
    Outcome.objects.create(request=match.request, result="won", note=SAID)


def test_reason_of_a_no_tells_the_requester_no_name(
    nora: Contact, rep: User, teammate: User, manager: User, log_in: LogIn
) -> None:
    match = the_match(submit(rep))
    reject_match(match=match, by=manager, reason=SAID)
    assert told(log_in(manager), match) == {"Nora", "Lindqvist"}
    for user in (rep, teammate):
        client = log_in(user)
        assert told(client, match) == set()
        page = client.get(reverse("web:request", args=[match.request_id])).content.decode()
        assert page.count("… leaves next month, call … or …") == 2  # among those tried, and in the time line


def test_no_free_text_tells_who_it_is_before_the_yes(
    nora: Contact, rep: User, teammate: User, manager: User, log_in: LogIn
) -> None:
    match = invite(rep, manager)
    write_everywhere(match, manager)
    match.request.watchers.add(watcher := User.objects.create_user("watcher@example.test", "x"))
    for user in (rep, teammate, watcher):
        assert told(log_in(user), match) == set(), user
    page = log_in(rep).get(reverse("web:request", args=[match.request_id])).content.decode()
    assert page.count("… leaves next month, call … or …") >= 5


def test_free_texts_name_the_person_to_nobody_but_the_owner_after_the_yes(
    nora: Contact, rep: User, teammate: User, manager: User, log_in: LogIn
) -> None:
    match = accept_match(match=invite(rep, manager))
    schedule_match(match=match, at=timezone.now() + timedelta(days=5), meeting=SAID, by=rep)
    write_everywhere(match, manager)
    match.request.watchers.add(watcher := User.objects.create_user("watcher@example.test", "x"))
    for user in (teammate, watcher):
        assert told(log_in(user), match) == set(), user
    assert told(log_in(rep), match) == {"Nora", "Lindqvist", "nora@", "555 0100"}  # as the place says


def test_moving_the_time_keeps_the_place_that_the_mover_sees_blinded(
    nora: Contact, rep: User, teammate: User, manager: User, log_in: LogIn
) -> None:
    match = accept_match(match=invite(rep, manager))
    match = schedule_match(match=match, at=timezone.now() + timedelta(days=5), meeting=SAID, by=rep)
    at = timezone.localtime() + timedelta(days=6)
    name = f"schedule-{match.pk}"
    data = {f"{name}-at": f"{at:%Y-%m-%dT%H:%M}", f"{name}-minutes": 45, "version": match.version}
    seen = show_match(teammate, match).meeting
    client, address = log_in(teammate), reverse("web:match-schedule", args=[match.pk])
    client.post(address, {**data, f"{name}-meeting": seen})
    match.refresh_from_db()
    assert (match.minutes, match.meeting) == (45, SAID)
    client.post(address, {**data, "version": match.version, f"{name}-meeting": "Room 5"})
    match.refresh_from_db()
    assert match.meeting == "Room 5"


def test_manager_sees_names_but_contact_data_only_by_the_button(
    nora: Contact, rep: User, manager: User, log_in: LogIn
) -> None:
    match = accept_match(match=invite(rep, manager))
    assert told(log_in(manager), match) == {"Nora", "Lindqvist"}
