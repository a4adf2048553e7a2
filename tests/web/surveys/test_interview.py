"""The telephone form: whom it offers to whom, what it records, and that every look at a number is kept."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from references.enums import EngagementStatus
from references.models import Contact, Disclosure, Engagement
from references.pool.writing import pool_write
from surveys.models import Campaign, Invitation, Response, SurveyOptOut
from tests.factories import make_contact
from tests.web.conftest import LogIn
from users.models import User


def address(invitation: Invitation, name: str = "survey-call") -> str:
    return reverse(f"web:{name}", args=[invitation.campaign_id, invitation.pk])


def test_owner_and_manager_are_offered_the_person_others_are_not(
    invitation: Invitation, rep: User, manager: User, marketer: User, outsider: User, log_in: LogIn
) -> None:
    listed = reverse("web:survey-interview", args=[invitation.campaign_id])
    seen = {user.email: "Ada Voss" in log_in(user).get(listed).content.decode() for user in (rep, manager, marketer)}
    assert seen == {rep.email: True, manager.email: True, marketer.email: False}
    assert log_in(outsider).get(address(invitation)).status_code == 404
    assert log_in(outsider).post(address(invitation, "survey-phone")).status_code == 404


def test_number_shows_only_on_request_and_the_look_is_recorded(
    invitation: Invitation, rep: User, person: Contact, log_in: LogIn
) -> None:
    client = log_in(rep)
    assert person.phone not in client.get(address(invitation)).content.decode()
    assert not Disclosure.objects.exists()
    assert person.phone in client.post(address(invitation, "survey-phone")).content.decode()
    look = Disclosure.objects.get()
    assert (look.contact, look.user) == (person, rep)
    assert "Spring" in look.why


def test_answer_is_recorded_with_its_interviewer_and_leads_to_the_next_person(
    invitation: Invitation, campaign: Campaign, person: Contact, rep: User, log_in: LogIn
) -> None:
    other = make_contact(person.customer, "Bo Lind", phone="+47 555 0142")
    following = Invitation.objects.create(campaign=campaign, contact=other, channel="phone")
    said = {"act": "answered", "score": "10", "comment": "Fast.", "language": "de"}
    response = log_in(rep).post(address(invitation), said)
    assert response.headers["Location"] == address(following)
    row = Response.objects.get()
    assert (row.score, row.comment, row.channel, row.interviewer, row.language) == (10, "Fast.", "phone", rep, "de")
    invitation.refresh_from_db()
    assert (invitation.status, row.invitation) == ("answered", invitation)


def test_answer_without_a_score_is_asked_for_again(invitation: Invitation, rep: User, log_in: LogIn) -> None:
    response = log_in(rep).post(address(invitation), {"act": "answered", "comment": "Hm", "language": "en"})
    assert response.status_code == 422
    assert "Choose a number first." in response.content.decode()
    assert not Response.objects.exists()


def test_missed_call_comes_back_on_its_day(invitation: Invitation, rep: User, log_in: LogIn) -> None:
    client, later = log_in(rep), timezone.localdate() + timedelta(days=3)
    client.post(address(invitation), {"act": "missed", "again_on": later.isoformat(), "note": "In a meeting"})
    invitation.refresh_from_db()
    assert (invitation.calls, invitation.call_again_on, invitation.status) == (1, later, "sent")
    listed = reverse("web:survey-interview", args=[invitation.campaign_id])
    assert "Ada Voss" not in client.get(listed).content.decode()
    assert "In a meeting" in client.get(listed, {"due": ""}).content.decode()


def test_missed_call_without_a_day_needs_a_word(invitation: Invitation, rep: User, log_in: LogIn) -> None:
    client = log_in(rep)
    assert client.post(address(invitation), {"act": "missed"}).status_code == 422
    client.post(address(invitation), {"act": "missed", "gives_up": "on"})
    invitation.refresh_from_db()
    assert invitation.status == "no_answer"
    assert Engagement.objects.get(contact=invitation.contact).status == EngagementStatus.NO_ANSWER


@pytest.mark.parametrize("opts_out", [True, False])
def test_refusal_ends_it_and_may_end_all_surveys(
    invitation: Invitation, person: Contact, rep: User, log_in: LogIn, *, opts_out: bool
) -> None:
    log_in(rep).post(address(invitation), {"act": "refused", **({"opts_out": "on"} if opts_out else {})})
    invitation.refresh_from_db()
    assert invitation.status == "no_answer"
    assert Engagement.objects.get(contact=person).status == EngagementStatus.DECLINED
    assert SurveyOptOut.objects.filter(contact=person).exists() == opts_out


def test_person_who_has_answered_meanwhile_is_not_called(invitation: Invitation, rep: User, log_in: LogIn) -> None:
    Invitation.objects.update(status="answered")
    response = log_in(rep).get(address(invitation))
    assert response.headers["Location"] == reverse("web:survey-interview", args=[invitation.campaign_id])


def test_nobody_is_called_who_opted_out_has_no_number_or_a_quiet_day(
    invitation: Invitation, person: Contact, rep: User, log_in: LogIn
) -> None:
    listed, client = reverse("web:survey-interview", args=[invitation.campaign_id]), log_in(rep)
    today = timezone.localdate()
    assert "Ada Voss" in client.get(listed).content.decode()
    with pool_write():
        person.blackouts.create(starts_on=today, ends_on=today)
    assert "Ada Voss" not in client.get(listed).content.decode()
    with pool_write() as touched:
        touched.add(person.customer_id)
        person.blackouts.all().delete()
        Contact.objects.update(phone="")
    assert "Ada Voss" not in client.get(listed, {"due": ""}).content.decode()
    with pool_write() as touched:
        touched.add(person.customer_id)
        Contact.objects.update(phone="+47 1")
    SurveyOptOut.objects.create(contact=person)
    assert "Ada Voss" not in client.get(listed, {"due": ""}).content.decode()
