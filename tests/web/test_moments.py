"""Moments on pages: handed over with one click, seen by those they concern, taken up by marketing."""

import pytest
from django.test import Client
from django.urls import reverse

from advocacy.models import Ask, AskAssignment, Handover
from references.models import Contact, Nomination
from tests.factories import make_contact, make_customer, make_nomination
from tests.web.conftest import LogIn, read_page
from users.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture
def moment(rep: User) -> Nomination:
    customer = make_customer("Fjordbank", account_owner=rep)
    person = make_contact(customer, "Pia Promoter", title="CFO", email="pia@fjordbank.example", consents=["quote"])
    return make_nomination(person, by=rep, moment="Pia Promoter praised us on stage.")


def text(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return read_page(response.content.decode()).text


def test_a_moment_goes_from_its_page_to_marketing_and_back(
    moment: Nomination, rep: User, marketer: User, log_in: LogIn
) -> None:
    ask = Ask.objects.create(name="Write a quote", activity="quote", rung=1, text="A sentence?", points=10)
    mine, theirs = log_in(rep), log_in(marketer)
    assert "Hand to marketing" in text(mine, reverse("web:nomination", args=[moment.pk]))
    hand = reverse("web:moment-hand-over", args=[moment.pk])
    responses = [mine.post(hand, {"note": "A quote?"}) for _ in range(2)]
    row = Handover.objects.get()
    assert {each["Location"] for each in responses} == {reverse("web:moment", args=[row.pk])}
    queue = text(theirs, reverse("web:moments"))
    assert ("CFO" in queue, "Pia" in queue) == (True, False)
    page = text(theirs, reverse("web:moment", args=[row.pk]))
    assert ("praised us on stage" in page, "Pia" in page) == (True, False)
    assert theirs.post(reverse("web:moment-move", args=[row.pk]), {"to": "declined"}).status_code == 422
    assert theirs.post(reverse("web:moment-ask", args=[row.pk]), {"ask": ask.pk}).status_code == 302
    assert AskAssignment.objects.get().nomination == moment
    assert "They were asked: Write a quote" in text(mine, reverse("web:moment", args=[row.pk]))
    assert "See what came of it" in text(mine, reverse("web:nomination", args=[moment.pk]))


def test_moments_of_a_customer_stand_on_its_page_with_the_button(
    moment: Nomination, rep: User, outsider: User, log_in: LogIn
) -> None:
    address = reverse("web:customer", args=[moment.customer_id])
    assert "Hand to marketing" in text(log_in(rep), address)
    assert "praised us" not in text(log_in(outsider), address)
    log_in(rep).post(reverse("web:moment-hand-over", args=[moment.pk]))
    assert "with marketing" in text(log_in(rep), address)


def test_others_neither_see_nor_hand_over(moment: Nomination, outsider: User, rep: User, log_in: LogIn) -> None:
    client = log_in(outsider)
    assert client.post(reverse("web:moment-hand-over", args=[moment.pk])).status_code == 404
    log_in(rep).post(reverse("web:moment-hand-over", args=[moment.pk]))
    assert client.get(reverse("web:moment", args=[Handover.objects.get().pk])).status_code == 404
    assert "No moment waits" in text(client, reverse("web:moments"))


def test_somebody_not_in_the_pool_is_not_asked_yet(rep: User, marketer: User, manager: User, log_in: LogIn) -> None:
    ask = Ask.objects.create(name="Write a quote", activity="quote", rung=1, text="A sentence?")
    row = make_nomination(customer=make_customer(account_owner=rep), by=rep, moment="Jo New praised us.")
    log_in(rep).post(reverse("web:moment-hand-over", args=[row.pk]))
    handover = Handover.objects.get()
    page = text(log_in(marketer), reverse("web:moment", args=[handover.pk]))
    assert "They are not in the pool yet" in page
    assert "Jo New" not in page + text(log_in(marketer), reverse("web:moments"))
    assert "Jo New" in text(log_in(rep), reverse("web:moment", args=[handover.pk]))
    assert log_in(marketer).post(reverse("web:moment-ask", args=[handover.pk]), {"ask": ask.pk}).status_code == 422


def test_referrals_of_a_person_stand_on_their_profile(
    moment: Nomination, rep: User, outsider: User, log_in: LogIn
) -> None:
    assert isinstance(moment.contact, Contact)
    address = reverse("web:profile", args=[moment.contact.pk])
    assert "They have brought nobody yet." in text(log_in(rep), address)
    assert "They have brought nobody yet." not in text(log_in(outsider), address)
