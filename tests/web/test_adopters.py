"""Early-adopter programs on pages: who suits and why not, invited, agreed behind the link, heard, ended, and gained."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from advocacy.enums import ProgramStatus, SeatStatus
from advocacy.models import AdopterFeedback, AdopterProgram, AdopterSeat, PointsAccount, PointsRule
from advocacy.purposes import SEAT_LINK, seat_subject
from advocacy.services.adopters import invite_adopter, move_program, save_program
from delivery.links import issue_link, link_path
from delivery.mails import deliver_letter
from delivery.models import OutboxMessage
from references.models import Contact, Engagement, Tag
from references.pool.writing import pool_write
from tests.factories import make_consent, make_contact, make_customer, make_engagement, make_tag
from tests.web.conftest import LogIn, read_page
from tests.web.links import own_page_of
from tests.web.test_query_counts import count_queries
from users.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture
def ledger() -> Tag:
    return make_tag("product", "Ledger")


@pytest.fixture
def program(manager: User, ledger: Tag) -> AdopterProgram:
    today = timezone.localdate()
    row = save_program(
        data={
            "name": "Ledger 5", "seats": 2, "agreement": "Be kind.\nTell us all.", "starts_on": today,
            "product": ledger,
            "ends_on": today + timedelta(days=50), "about": "Eight weeks.", "from_rung": 2,
        },
        creation_key="p",
        by=manager,
    )  # fmt: skip
    return move_program(program=row, to=ProgramStatus.RECRUITING, by=manager)


def make_user_of(ledger: Tag, name: str, *, acts: str = "quote", **fields: Any) -> Contact:
    customer = make_customer(f"Works of {name[::-1]}", tags=[ledger], **fields)
    person = make_contact(
        customer, name, title="CFO", email=f"{name.split()[0].lower()}@x.example", activities=["beta"]
    )
    if acts:
        make_engagement(person, acts, status="completed", on=timezone.localdate() - timedelta(days=300))
    return person


@pytest.fixture
def nora(ledger: Tag, rep: User) -> Contact:
    return make_user_of(ledger, "Nora Lindqvist", account_owner=rep)


def text_of(client: Client, address: str, status: int = 200) -> str:
    response = client.get(address)
    assert response.status_code == status, address
    return read_page(response.content.decode()).text


def post(client: Client, view: str, pk: int, **data: object) -> str:
    response = client.post(reverse(f"web:{view}", args=[pk]), data)
    assert response.status_code == 302, response.content.decode()
    return text_of(client, response["Location"])


def seat_page(seat: AdopterSeat) -> str:
    return link_path(issue_link(purpose=SEAT_LINK, subject=seat_subject(seat.pk), lifetime=timedelta(minutes=30)))


def test_program_goes_from_the_form_to_its_end(manager: User, log_in: LogIn, ledger: Tag) -> None:
    client = log_in(manager)
    assert "No programs yet" in text_of(client, reverse("web:adopters"))
    today = timezone.localdate()
    data = {
        "name": "Ledger 6", "seats": 3, "from_rung": 0, "starts_on": today, "ends_on": today + timedelta(days=9),
        "agreement": "Fair play.", "product": ledger.pk, "key": "k",
    }  # fmt: skip
    assert client.post(reverse("web:adopter-add"), {**data, "ends_on": today - timedelta(days=1)}).status_code == 422
    assert client.post(reverse("web:adopter-add"), data).status_code == 302
    row = AdopterProgram.objects.get()
    assert "People can be invited now" in post(client, "adopter-move", row.pk, to="recruiting")
    assert "It has begun" in post(client, "adopter-move", row.pk, to="running")
    assert "Say what came of the program" in post(client, "adopter-move", row.pk, to="closed")
    assert "It is over" in post(client, "adopter-move", row.pk, to="closed", outcome="Three bugs.")
    assert "Three bugs." in text_of(client, reverse("web:adopter-program", args=[row.pk]))
    assert client.post(reverse("web:adopter-edit", args=[row.pk]), {"outcome": "Four bugs."}).status_code == 302
    row.refresh_from_db()
    assert (row.outcome, row.name, row.agreement_version) == ("Four bugs.", "Ledger 6", 1)


def test_candidates_use_the_product_have_done_enough_and_say_why_not(
    program: AdopterProgram, nora: Contact, ledger: Tag, manager: User, log_in: LogIn
) -> None:
    make_user_of(ledger, "Fred First", acts="")
    with pool_write():
        Contact.objects.filter(pk=make_user_of(ledger, "Sofie Shy").pk).update(activities=["call"])
    make_contact(make_customer("Elsewhere"), "Else Where", activities=["beta"])
    client, address = log_in(manager), reverse("web:adopter-candidates", args=[program.pk])
    fit, unfit = text_of(client, address), text_of(client, f"{address}?not=1")
    assert "Nora Lindqvist" in fit
    assert "They use Ledger." in fit
    assert "They have reached rung 2 of the ladder." in fit
    assert "Fred" not in fit and "Sofie" not in fit and "Else" not in fit + unfit  # noqa: PT018
    assert "They have reached rung 0; this begins at rung 2." in unfit
    assert "They have not agreed to be asked for this." in unfit


def test_only_who_suits_is_invited_and_gets_the_letter(
    program: AdopterProgram, nora: Contact, ledger: Tag, manager: User, log_in: LogIn
) -> None:  # fmt: skip
    fred = make_user_of(ledger, "Fred First", acts="")
    client = log_in(manager)
    text = post(client, "adopter-invite", program.pk, contact=[nora.pk, fred.pk])
    assert "1 person is invited" in text
    assert "this begins at rung 2" in text
    seat = AdopterSeat.objects.get()
    assert seat.contact == nora
    assert "Tick at least one" in post(client, "adopter-invite", program.pk)
    assert "Nora" not in text_of(client, reverse("web:adopter-candidates", args=[program.pk]))


def test_letter_says_what_it_is_and_leads_to_the_terms(
    program: AdopterProgram, nora: Contact, manager: User, mailoutbox: list[mail.EmailMessage]
) -> None:
    with pool_write():
        Contact.objects.filter(pk=nora.pk).update(language="de")
    invite_adopter(program=program, contact=nora, by=manager)
    deliver_letter(OutboxMessage.objects.get(payload__letter="advocacy_seat").payload)
    (letter,) = mailoutbox
    assert letter.to == [nora.email]
    assert "Nora, möchten Sie es vor anderen ausprobieren?" in letter.subject
    assert "Eight weeks." in letter.body


def test_person_reads_agrees_and_says_what_they_found(program: AdopterProgram, nora: Contact, manager: User) -> None:
    PointsRule.objects.create(activity="beta", points=100)
    seat = invite_adopter(program=program, contact=nora, by=manager)
    client, path = Client(), seat_page(seat)
    assert "Be kind. Tell us all." in text_of(client, path)
    assert client.post(f"{path}seat-agree/", {"version": 1}).status_code == 422
    response = client.post(f"{path}seat-agree/", {"version": 1, "agrees": "on"})
    assert "Welcome! The seat is yours." in text_of(client, response["Location"])
    for _time in range(2):
        response = client.post(f"{path}seat-feedback/", {"text": "Closing is twice as fast.", "key": "k"})
    assert "Closing is twice as fast." in text_of(client, response["Location"])
    seat.refresh_from_db()
    assert (seat.status, seat.agreed_version, AdopterFeedback.objects.count()) == (SeatStatus.AGREED, 1, 1)
    assert Engagement.objects.get(source=seat.source).status == "planned"
    assert PointsAccount.objects.get().balance == 10
    response = client.post(f"{path}seat-leave/", {"why": "No time"})
    assert "You take part no more" in text_of(client, response["Location"])
    assert client.post(f"{path}seat-agree/", {"version": 1, "agrees": "on"}).status_code == 422


def test_changed_terms_are_read_again(program: AdopterProgram, nora: Contact, manager: User) -> None:
    seat = invite_adopter(program=program, contact=nora, by=manager)
    save_program(program=program, data={"agreement": "Be very kind."})
    response = Client().post(f"{seat_page(seat)}seat-agree/", {"version": 1, "agrees": "on"})
    page = read_page(response.content.decode())
    assert response.status_code == 422
    assert "The terms were changed meanwhile" in page.text
    assert "Be very kind." in page.text
    assert [each["value"] for each in page.all("input") if each.get("name") == "version"] == ["2"]


def test_seat_stands_on_ones_own_page_and_on_nobody_elses(
    program: AdopterProgram, nora: Contact, ledger: Tag, manager: User
) -> None:
    seat = invite_adopter(program=program, contact=nora, by=manager)
    hub, other = own_page_of(nora), own_page_of(make_user_of(ledger, "Olaf Other"))
    assert "Would you try it before others" in text_of(Client(), hub)
    assert "Be kind." in text_of(Client(), f"{hub}?seat={seat.pk}")
    assert Client().get(f"{other}?seat={seat.pk}").status_code == 404
    for act in ("seat-agree", "seat-decline", "seat-feedback", "seat-leave"):
        given = {"seat": seat.pk, "version": 1, "agrees": "on", "text": "x", "key": "k"}
        assert Client().post(f"{other}{act}/", given).status_code == 404
    response = Client().post(f"{hub}seat-decline/", {"seat": seat.pk})
    assert "You said no, and that is fine" in text_of(Client(), response["Location"])


def test_staff_end_a_seat_and_see_what_it_brought(
    program: AdopterProgram, nora: Contact, manager: User, log_in: LogIn
) -> None:
    seat = invite_adopter(program=program, contact=nora, by=manager)
    client = log_in(manager)
    assert "That is not possible" in post(client, "adopter-seat-move", seat.pk, to="agreed")
    Client().post(f"{seat_page(seat)}seat-agree/", {"version": 1, "agrees": "on"})
    post(client, "adopter-move", program.pk, to="running")
    assert "Noted." in post(client, "adopter-seat-feedback", seat.pk, text="Nora Lindqvist likes it.", key="k")
    assert "Say whether they use it now" in post(client, "adopter-seat-move", seat.pk, to="finished")
    post(client, "adopter-seat-move", seat.pk, to="finished", adopted="yes", outcome="Rolled out.")
    make_consent(nora, "call", valid_from=timezone.localdate())
    make_engagement(nora, "call", status="completed", on=timezone.localdate())
    text = text_of(client, reverse("web:adopter-program", args=[program.pk]))
    assert "Consents 1 Done for others 1 Stories and quotes 0" in text
    assert "Consent: Reference call" in text
    assert "Use it now 1" in text


def test_names_are_for_those_who_may_know_them(
    program: AdopterProgram, nora: Contact, manager: User, marketer: User, rep: User, outsider: User, log_in: LogIn
) -> None:
    seat = invite_adopter(program=program, contact=nora, by=manager)
    Client().post(f"{seat_page(seat)}seat-agree/", {"version": 1, "agrees": "on"})
    post(log_in(manager), "adopter-seat-feedback", seat.pk, text="Nora Lindqvist likes it.", key="k")
    program_page, page = reverse("web:adopter-program", args=[program.pk]), reverse("web:adopter-seat", args=[seat.pk])
    for user, knows in ((manager, True), (rep, True), (marketer, False)):
        for address in (program_page, page):
            assert ("Nora" in text_of(log_in(user), address)) is knows, (user, address)
    assert "likes it" not in text_of(log_in(outsider), program_page)
    assert log_in(outsider).get(page).status_code == 404
    assert "nora@x.example" not in text_of(log_in(manager), page)


def test_lists_take_the_same_number_of_queries(
    program: AdopterProgram, nora: Contact, ledger: Tag, manager: User, log_in: LogIn
) -> None:
    client = log_in(manager)
    AdopterProgram.objects.filter(pk=program.pk).update(seats=50)
    addresses = [
        reverse("web:adopters"),
        reverse("web:adopter-program", args=[program.pk]),
        reverse("web:adopter-candidates", args=[program.pk]),
    ]

    def fill(number: int) -> None:
        make_user_of(ledger, f"Cara{number} Candidate")
        seat = invite_adopter(program=program, contact=make_user_of(ledger, f"Ina{number} Invited"), by=manager)
        AdopterSeat.objects.filter(pk=seat.pk).update(status=SeatStatus.ACTIVE)
        AdopterFeedback.objects.create(seat=seat, text="Fine.", creation_key=f"f{number}")
        make_consent(seat.contact, "call")

    fill(1)
    before = [count_queries(client, address) for address in addresses]
    fill(2)
    fill(3)
    assert [count_queries(client, address) for address in addresses] == before
