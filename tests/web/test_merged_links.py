"""Links in mails that were sent before two people became one: each leads to who stays, or says kindly that it ended."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from advocacy.models import Ask
from advocacy.services.assignments import assign_ask
from delivery.links import link_path
from delivery.models import OutboxMessage, SignedLink
from matching.models import Match
from matching.services.own_links import mail_own_link
from references.models import ConsentAsk, Contact, Merge
from references.services.consent_asks import ask_consent
from references.services.merging import merge_rows, undo_merge
from references.services.reviews import REVIEW_LINK, give_to_customer, review_subject
from surveys.models import Invitation, Response, SurveyOptOut
from surveys.purposes import SURVEY_STOP
from surveys.services.inviting import invite_campaign
from tests.delivery.hooking import deliver_all
from tests.factories import make_case_study, make_contact
from tests.matching.factories import invite, make_banker
from tests.surveys.factories import make_campaign, survey_of
from tests.web.conftest import read_page
from tests.web.links import ask_put, consent_asked, invitation_to, own_page_of
from users.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture
def gone(db: None) -> Contact:
    return make_banker("Nora Lindqvist", title="CFO", email="nora@fjordbank.example", activities=["call", "quote"])


@pytest.fixture
def kept(gone: Contact) -> Contact:
    return make_contact(gone.customer, "Nora Lindquist", email="n.l@fjordbank.example", status="known")


def merge(kept: Contact, gone: Contact, by: User) -> Merge:
    return merge_rows(kind="contact", kept=kept.pk, gone=gone.pk, by=by)


def text_of(path: str, status: int = 200) -> str:
    response = Client().get(path)
    assert response.status_code == status, response.content.decode()
    return read_page(response.content.decode()).text


def post(path: str, act: str, **data: Any) -> str:
    response = Client().post(f"{path}{act}/", data)
    assert response.status_code == 302, response.content.decode()
    return text_of(response["Location"])


def paths_of(gone: Contact, rep: User, manager: User) -> dict[str, str]:
    """The path of a link of every kind that a promoter may have in a mail."""
    match = invite(rep, manager)
    assert match.contact_id == gone.pk
    offer = Ask.objects.create(name="Quote us", activity="quote", rung=2, text="A sentence?")
    review = give_to_customer(piece=make_case_study(gone.customer, status="draft"), contact=gone, by=manager)
    campaign = make_campaign("Spring", subject_name="Larkspur")
    invite_campaign(campaign_id=campaign.pk)
    invitation = Invitation.objects.get(contact=gone)
    reading = SignedLink.objects.get(purpose=REVIEW_LINK, subject=review_subject(review.pk))
    asked = ask_consent(contact=gone, activity="webinar", by=manager)
    assigned = assign_ask(contact=gone, ask=offer, creation_key="merged", by=manager)
    return {
        "own page": own_page_of(gone),
        "invitation": invitation_to(match),
        "draft": link_path(reading),
        "consent": consent_asked(asked),
        "ask": ask_put(assigned),
        "survey": survey_of(invitation),
        "end of surveys": survey_of(invitation, SURVEY_STOP),
    }


def test_links_of_every_kind_lead_to_who_stays(gone: Contact, rep: User, manager: User) -> None:
    kept = make_contact(gone.customer, "Nora Lindquist", email="", status="known")
    paths = paths_of(gone, rep, manager)
    merge(kept, gone, manager)
    for path in paths.values():
        text_of(path)
    assert Match.objects.get().contact_id == kept.pk
    assert ConsentAsk.objects.get().contact_id == kept.pk
    post(paths["survey"], "survey-answer", score=9)
    assert Response.objects.get().contact_id == kept.pk
    post(paths["own page"], "limits", max_per_quarter="1")
    kept.refresh_from_db()
    assert kept.max_per_quarter == 1


def test_both_were_invited_to_one_survey_and_either_link_answers_and_ends(
    gone: Contact, kept: Contact, manager: User
) -> None:
    campaign = make_campaign("Spring", subject_name="Larkspur")
    invite_campaign(campaign_id=campaign.pk)
    old = Invitation.objects.get(contact=gone)
    survey, stop = survey_of(old), survey_of(old, SURVEY_STOP)
    done = merge(kept, gone, manager)
    assert Invitation.objects.get().pk != old.pk
    post(survey, "survey-answer", score=9)
    answered = Response.objects.get()
    assert (answered.contact_id, answered.invitation) == (kept.pk, Invitation.objects.get())
    assert Client().post(stop, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert SurveyOptOut.objects.get().contact_id == kept.pk
    SurveyOptOut.objects.all().delete()
    undo_merge(merge=done, by=manager)
    text_of(stop)
    assert SignedLink.objects.filter(subject=f"invitation:{old.pk}").count() == 2


def test_links_that_were_over_say_so_kindly_after_a_merge(gone: Contact, rep: User, manager: User) -> None:
    kept = make_contact(gone.customer, "Nora Lindquist", email="", status="known")
    paths = paths_of(gone, rep, manager)
    SignedLink.objects.update(expires_at=timezone.now() - timedelta(days=1))
    merge(kept, gone, manager)
    for path in paths.values():
        text_of(path, 410)


def test_a_link_to_somebody_who_is_no_more_says_so_kindly(gone: Contact, kept: Contact, manager: User) -> None:
    path = own_page_of(gone)
    merge(kept, gone, manager)
    SignedLink.objects.filter(subject=f"contact:{kept.pk}").update(subject=f"contact:{gone.pk}")
    text_of(path, 410)


def test_a_letter_that_waits_goes_to_who_stays(
    gone: Contact, kept: Contact, manager: User, mailoutbox: list[Any]
) -> None:
    mail_own_link(contact=gone)
    merge(kept, gone, manager)
    assert all(deliver_all())
    assert [mail.to for mail in mailoutbox] == [["n.l@fjordbank.example"]]
    assert not OutboxMessage.objects.open().exists()
