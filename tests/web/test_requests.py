"""The list of requests and the page of one: who sees what, what happens next, and every act on it."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from delivery.models import OutboxMessage
from matching.kinds import LETTER_OUTCOME
from matching.models import Feedback, Match, Outcome, Request
from matching.services.answering import accept_match
from matching.services.meeting import complete_match
from references.models import CaseStudy, Disclosure
from tests.factories import make_case_study, make_consent
from tests.matching.factories import accept, invite, make_banker, make_request, schedule, submit, the_match
from tests.web.conftest import LogIn, read_page
from users.models import User

pytestmark = pytest.mark.django_db(transaction=True)


def page_of(client: Client, row: Request) -> str:
    response = client.get(reverse("web:request", args=[row.pk]))
    assert response.status_code == 200
    return response.content.decode()


def send(client: Client, name: str, pk: int, **data: object) -> list[str]:
    """Post to an act and give the notices that follow it."""
    response = client.post(reverse(f"web:{name}", args=[pk]), data)
    assert response.status_code == 302, response.content.decode()[:2000]
    return [str(each) for each in get_messages(client.get(response.headers["Location"]).wsgi_request)]


def test_list_shows_ones_own_at_first_and_people_without_names(rep: User, manager: User, log_in: LogIn) -> None:
    make_banker("Nora Lindqvist", title="Head of Risk")
    make_banker("Owen Marsh", title="CFO")
    submit(rep, deal="Rep's deal")
    submit(manager, deal="Manager's deal")
    client = log_in(rep)
    mine = read_page(client.get("/requests/").content.decode()).text
    assert ("Rep's deal" in mine, "Manager's deal" in mine) == (True, False)
    everything = read_page(log_in(manager).get("/requests/").content.decode()).text
    assert ("Rep's deal" in everything, "Manager's deal" in everything) == (True, True)
    assert "Head of Risk" in everything
    assert "Nora" not in everything


def test_list_is_filtered_by_whose_and_by_state(rep: User, manager: User, outsider: User, log_in: LogIn) -> None:
    make_request(rep, deal="A draft deal")
    watched = make_request(manager, deal="A watched deal")
    make_request(outsider, deal="Not theirs")
    watched.watchers.add(rep)
    client = log_in(rep)

    def found(query: str) -> set[str]:
        text = client.get(f"/requests/?{query}").content.decode()
        return {deal for deal in ("A draft deal", "A watched deal", "Not theirs") if deal in text}

    assert found("whose=watched") == {"A watched deal"}
    assert found("whose=team") == {"A draft deal", "A watched deal"}
    assert found("whose=all&search=watched") == {"A watched deal"}
    assert found("status=open") == set()
    assert found("whose=all&status=draft&ordering=-deal_value") == {"A draft deal", "A watched deal"}
    assert found("status=nonsense&ordering=nonsense&page=999") <= {"A draft deal"}


def test_empty_list_leads_to_the_find_page(rep: User, log_in: LogIn) -> None:
    assert "No requests here yet" in log_in(rep).get("/requests/").content.decode()


def test_other_peoples_requests_are_not_found(rep: User, outsider: User, log_in: LogIn) -> None:
    make_banker("Nora Lindqvist")
    match = the_match(submit(rep))
    client = log_in(outsider)
    by_request = ["request", "request-edit", "request-cancel"]
    assert {client.get(reverse(f"web:{name}", args=[match.request_id])).status_code for name in by_request} == {404}
    acts = ["request-copy", "request-submit", "request-comment", "request-watch", "request-outcome"]
    assert {client.post(reverse(f"web:{name}", args=[match.request_id])).status_code for name in acts} == {404}
    of_match = ["match-approve", "match-reject", "match-accept", "match-schedule", "match-how", "match-contact"]
    assert {client.post(reverse(f"web:{name}", args=[match.pk])).status_code for name in of_match} == {404}


def test_watcher_sees_but_changes_nothing(rep: User, outsider: User, log_in: LogIn) -> None:
    make_banker("Nora Lindqvist")
    row = submit(rep)
    row.watchers.add(outsider)
    client = log_in(outsider)
    assert "Cancel…" not in page_of(client, row)
    acts = ["request-submit", "request-reopen", "request-outcome", "request-meanwhile"]
    assert {client.post(reverse(f"web:{name}", args=[row.pk])).status_code for name in acts} == {403}
    match = the_match(row)
    of_match = ["match-approve", "match-accept", "match-decline", "match-schedule", "match-how", "match-contact"]
    assert {client.post(reverse(f"web:{name}", args=[match.pk])).status_code for name in of_match} == {403}


def test_page_says_what_happens_next_and_who_decides(rep: User, manager: User, log_in: LogIn) -> None:
    make_banker("Nora Lindqvist", owner=manager)
    text = read_page(page_of(log_in(rep), submit(rep))).text
    assert "Mina Manager decides, for the customer’s account" in text
    assert "the customer is asked by mail at once" in text
    assert "Put forward, chosen by the ranking" in text


def test_draft_is_sent_from_its_page(rep: User, log_in: LogIn) -> None:
    make_banker("Nora Lindqvist")
    row = make_request(rep)
    send(log_in(rep), "request-submit", row.pk, version=row.version)
    row.refresh_from_db()
    assert (row.status, row.matches.count()) == ("open", 1)


def test_cancelling_asks_first_and_says_what_it_does(rep: User, manager: User, log_in: LogIn) -> None:
    make_banker("Nora Lindqvist")
    match = invite(rep, manager)
    client, address = log_in(rep), reverse("web:request-cancel", args=[match.request_id])
    assert "1 of them has been asked" in client.get(address).content.decode()
    match.refresh_from_db()
    assert match.status == "invited"
    client.post(address, {"why": "The deal is off."})
    match.refresh_from_db()
    assert (match.status, match.request.status) == ("withdrawn", "cancelled")


def test_cancelling_what_somebody_changed_meanwhile_is_refused(rep: User, log_in: LogIn) -> None:
    row = make_request(rep)
    told = send(log_in(rep), "request-cancel", row.pk, version=row.version + 1)
    row.refresh_from_db()
    assert (row.status, "meanwhile" in told[0]) == ("draft", True)


def test_unmet_request_is_tried_again(rep: User, log_in: LogIn) -> None:
    row = submit(rep)
    assert row.status == "unmet"
    client = log_in(rep)
    assert "Still nobody" in " ".join(send(client, "request-reopen", row.pk))
    make_banker("Nora Lindqvist")
    send(client, "request-reopen", row.pk)
    row.refresh_from_db()
    assert (row.status, row.matches.count()) == ("open", 1)


def test_comment_is_said_once_and_an_empty_one_is_refused(rep: User, log_in: LogIn) -> None:
    row, client = make_request(rep), log_in(rep)
    for _ in range(2):
        send(client, "request-comment", row.pk, text="Any news?", key="once")
    assert row.comments.count() == 1
    assert "Any news?" in page_of(client, row)
    assert client.post(reverse("web:request-comment", args=[row.pk]), {"text": " "}).status_code == 422


def test_watching_is_turned_on_and_off(rep: User, log_in: LogIn) -> None:
    row, client = make_request(rep), log_in(rep)
    send(client, "request-watch", row.pk, watch="yes")
    assert list(row.watchers.all()) == [rep]
    send(client, "request-watch", row.pk, watch="no")
    assert not row.watchers.exists()


def test_story_serves_meanwhile_and_is_noted_once(rep: User, log_in: LogIn) -> None:
    contact = make_banker("Nora Lindqvist", customer_name="Fjordbank")
    make_consent(contact.customer, "case_study")
    story = make_case_study(contact.customer, "Closing in two days", tags=list(contact.customer.tags.all()))
    row, client = submit(rep), log_in(rep)
    assert "Use this meanwhile" in page_of(client, row)
    found = client.get("/", {"q": row.brief, "tab": "stories", "request": str(row.pk)}).content.decode()
    assert reverse("web:request-meanwhile", args=[row.pk]) in found
    for _ in range(2):
        send(client, "request-meanwhile", row.pk, kind="case_study", story=story.pk)
    row.refresh_from_db()
    assert [(used["kind"], used["title"]) for used in row.content_used] == [("case_study", "Closing in two days")]
    assert "Use this meanwhile" not in page_of(client, row)


def test_story_that_may_not_be_used_is_not_found(rep: User, log_in: LogIn) -> None:
    contact = make_banker("Nora Lindqvist")
    story: CaseStudy = make_case_study(contact.customer, "Without consent", status="draft")
    address, client = reverse("web:request-meanwhile", args=[submit(rep).pk]), log_in(rep)
    for number in (story.pk, "", "x", "9" * 30):
        assert client.post(address, {"kind": "case_study", "story": number}).status_code == 404


def test_time_offered_is_set_by_one_click(rep: User, manager: User, log_in: LogIn) -> None:
    make_banker("Nora Lindqvist")
    match, client = accept(rep, manager), log_in(rep)
    page = read_page(page_of(client, match.request))
    named = [each for each in page.all("input") if each.get("name") == f"schedule-{match.pk}-at"]
    offered = [each["value"] for each in named if each["type"] == "hidden"]
    assert (len(named), len(offered)) == (3, 2)
    data = {f"schedule-{match.pk}-at": offered[0], f"schedule-{match.pk}-minutes": 30}
    send(client, "match-schedule", match.pk, **data)
    match.refresh_from_db()
    assert match.status == "scheduled"
    assert match.scheduled_at is not None
    assert f"{match.scheduled_at:%Y-%m-%dT%H:%M}" == offered[0]


def test_time_that_is_over_is_refused_beside_its_field(rep: User, manager: User, log_in: LogIn) -> None:
    make_banker("Nora Lindqvist")
    match = accept(rep, manager)
    data = {f"schedule-{match.pk}-at": "2020-01-01T10:00", f"schedule-{match.pk}-minutes": 30}
    response = log_in(rep).post(reverse("web:match-schedule", args=[match.pk]), data)
    assert response.status_code == 422
    assert "That time is over already" in response.content.decode()


def test_requester_says_how_it_went(rep: User, manager: User, log_in: LogIn) -> None:
    make_banker("Nora Lindqvist")
    match, client = schedule(rep, manager), log_in(rep)
    names = {"happened": "yes", "helpful": 5, "hours": "0.5", "again": "yes", "comment": "It moved them."}
    send(client, "match-how", match.pk, **{f"how-{match.pk}-{name}": value for name, value in names.items()})
    match.refresh_from_db()
    row = Feedback.objects.get(match=match)
    assert (match.status, row.helpful, row.hours, row.again) == ("completed", 5, Decimal("0.5"), True)
    assert "It moved them." in page_of(client, match.request)


@pytest.mark.parametrize(("answer", "ledger"), [("requester", "cancelled"), ("promoter", "no_answer")])
def test_meeting_that_fell_through_is_noted(answer: str, ledger: str, rep: User, manager: User, log_in: LogIn) -> None:
    make_banker("Nora Lindqvist")
    make_banker("Owen Marsh")
    match = schedule(rep, manager)
    send(log_in(rep), "match-how", match.pk, **{f"how-{match.pk}-happened": answer})
    match.refresh_from_db()
    assert match.engagement is not None
    assert (match.status, match.engagement.status) == ("no_show", ledger)
    assert match.request.matches.live().count() == 1


def test_outcome_closes_the_request(rep: User, manager: User, log_in: LogIn) -> None:
    make_banker("Nora Lindqvist")
    match = schedule(rep, manager)
    complete_match(match=match, by=rep)
    client = log_in(rep)
    missing = client.post(reverse("web:request-outcome", args=[match.request_id]), {"value": "5"})
    assert missing.status_code == 422
    send(client, "request-outcome", match.request_id, result="won", value="5000", currency="eur")
    outcome = Outcome.objects.get()
    assert (outcome.result, outcome.currency, outcome.request.status) == ("won", "EUR", "closed")
    assert OutboxMessage.objects.filter(key=f"mail:{LETTER_OUTCOME}:{match.pk}").exists()


def test_answer_by_telephone_is_recorded_by_who_may(rep: User, manager: User, log_in: LogIn) -> None:
    make_banker("Nora Lindqvist")
    match = invite(rep, manager)
    assert "They answered by telephone" not in page_of(log_in(rep), match.request)
    client = log_in(manager)
    assert "They answered by telephone" in page_of(client, match.request)
    send(client, "match-accept", match.pk, version=match.version)
    match.refresh_from_db()
    assert match.status == "accepted"
    send(client, "match-take-back", match.pk, why="Ill")
    match.refresh_from_db()
    assert match.status == "cancelled"


def test_no_by_telephone_asks_the_next_best(rep: User, manager: User, log_in: LogIn) -> None:
    make_banker("Nora Lindqvist")
    make_banker("Owen Marsh")
    match = invite(rep, manager)
    day = timezone.localdate() + timedelta(days=60)
    names = {"reason": "not_now", "not_before": day, "note": "After the audit"}
    send(log_in(manager), "match-decline", match.pk, **{f"decline-{match.pk}-{name}": v for name, v in names.items()})
    match.refresh_from_db()
    assert (match.status, match.request.matches.live().count()) == ("declined", 1)


def test_what_somebody_decided_meanwhile_is_said(rep: User, manager: User, log_in: LogIn) -> None:
    make_banker("Nora Lindqvist")
    match = invite(rep, manager)
    accept_match(match=match)
    response = log_in(manager).post(reverse("web:match-accept", args=[match.pk]), {"version": match.version})
    assert response.status_code == 422
    assert "Somebody has changed this meanwhile" in response.content.decode()


def test_contact_data_is_shown_after_the_yes_and_recorded(rep: User, manager: User, log_in: LogIn) -> None:
    contact = make_banker("Nora Lindqvist", email="nora@fjordbank.example", phone="+47 555 0100")
    match, client = accept(rep, manager), log_in(rep)
    page = page_of(client, match.request)
    assert ("Nora Lindqvist" in page, "nora@" in page, "555 0100" in page) == (True, False, False)
    address = reverse("web:match-contact", args=[match.pk])
    assert "Say why" in " ".join(send(client, "match-contact", match.pk, why=""))
    assert not Disclosure.objects.exists()
    response = client.post(address, {"why": "Arrange the call"})
    assert "nora@fjordbank.example" in response.content.decode()
    assert "no-store" in response.headers["Cache-Control"]
    assert [(each.user, each.contact, each.why) for each in Disclosure.objects.all()] == [
        (rep, contact, "Arrange the call")
    ]


def test_papers_are_for_what_was_agreed(rep: User, manager: User, log_in: LogIn) -> None:
    make_banker("Nora Lindqvist")
    match, client = invite(rep, manager, questions="How long did it take?"), log_in(rep)
    papers = [
        reverse(f"web:{name}", args=[match.request_id, match.pk]) for name in ("match-preparation", "match-calendar")
    ]
    assert {client.get(address).status_code for address in papers} == {404}
    accept_match(match=match)
    assert [client.get(address).status_code for address in papers] == [200, 404]
    Match.objects.filter(pk=match.pk).update(status="scheduled", scheduled_at=timezone.now())
    sheet, calendar = (client.get(address) for address in papers)
    assert "How long did it take?" in sheet.content.decode()
    assert b"BEGIN:VEVENT" in calendar.content
    assert calendar.headers["Content-Type"].startswith("text/calendar")
    assert b"@customer.test" not in calendar.content


def test_command_box_finds_requests_that_one_sees(rep: User, outsider: User, log_in: LogIn) -> None:
    make_request(rep, deal="Harbor Bank, core")
    assert "Harbor Bank, core" in log_in(rep).get("/jump/?q=harbor").content.decode()
    assert "Harbor Bank, core" not in log_in(outsider).get("/jump/?q=harbor").content.decode()


def test_find_page_leads_to_a_request(rep: User, manager: User, log_in: LogIn) -> None:
    contact = make_banker("Nora Lindqvist")
    page = read_page(log_in(rep).get("/?q=A+bank&must=industry:banking").content.decode())
    asked = [each["href"] or "" for each in page.all("a") if (each.get("href") or "").startswith("/requests/new/")]
    assert asked == [f"/requests/new/?q=A+bank&must=industry%3Abanking&was={was(asked[0])}&contact={contact.pk}"]
    ticks = [each for each in page.all("input") if each.get("name") == "contact"]
    assert [(each["form"], each["value"]) for each in ticks] == [("pick", str(contact.pk))]


def was(address: str) -> str:
    return address.partition("was=")[2].partition("&")[0]


@pytest.mark.parametrize("value", ["\0", "x" * 20_000, "9" * 40, "<script>", "2026-13-99T99:99"])
def test_acts_take_nonsense_without_falling_over(value: str, rep: User, manager: User, log_in: LogIn) -> None:
    make_banker("Nora Lindqvist")
    match, client = schedule(rep, manager), log_in(manager)
    client.raise_request_exception = True
    names = (
        "reason",
        "why",
        "text",
        "key",
        "version",
        "value",
        "result",
        "contact",
        "override_reason",
        "next",
        "story",
    )
    nonsense = dict.fromkeys(names, value)
    for kind in ("schedule", "how", "answer", "decline"):
        nonsense |= {f"{kind}-{match.pk}-{name}": value for name in ("at", "minutes", "happened", "reason", "note")}
    by_request = ["copy", "submit", "reopen", "comment", "watch", "outcome", "edit", "propose"]
    found = {client.post(reverse(f"web:request-{name}", args=[match.request_id]), nonsense).status_code
             for name in by_request}  # fmt: skip
    of_match = ["approve", "reject", "swap", "accept", "decline", "schedule", "how", "contact", "take-back"]
    found |= {client.post(reverse(f"web:match-{name}", args=[match.pk]), nonsense).status_code for name in of_match}
    found |= {client.post("/requests/new/", nonsense).status_code, client.post("/requests/queue/decide/").status_code}
    assert found <= {200, 302, 422}
