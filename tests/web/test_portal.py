"""The doors behind signed links: who gets in, what stays shut, what nobody keeps, and that looking changes nothing."""

import logging
from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from delivery.links import link_token
from delivery.models import OutboxMessage, SignedLink
from delivery.outbox import deliver
from matching.models import Match
from matching.services.answering import accept_match
from matching.services.own_links import LIFETIME
from references.models import Contact
from references.services.consent_asks import ask_consent
from references.services.contacts import save_contact
from refprogram.logs import RedactingFormatter
from surveys.models import Invitation
from surveys.purposes import SURVEY_STOP
from surveys.services.answering import record_response
from tests.matching.factories import invite, make_banker, submit, the_match
from tests.surveys.factories import invite as invite_to_survey
from tests.surveys.factories import make_campaign, survey_of
from tests.tables import all_rows
from tests.web.conftest import read_page
from tests.web.links import approval_by, consent_asked, feedback_on, invitation_to, own_page_of
from users.models import User
from web.portal import views
from web.portal.gate import PER_LINK
from web.portal.visit import ACT_NAMES

pytestmark = pytest.mark.django_db
ACTS = sorted(ACT_NAMES)


@pytest.fixture
def nora(db: None) -> Contact:
    return make_banker("Nora Lindqvist", title="CFO", phone="+47 555 0100")


@pytest.fixture
def match(nora: Contact, rep: User, manager: User) -> Match:
    """A match whose promoter, Nora, has been asked."""
    return invite(rep, manager)


def answer_survey(nora: Contact) -> tuple[Invitation, Invitation]:
    """Somebody's survey that waits, and one that they answered with a nine."""
    waiting = invite_to_survey(make_campaign(rest_days=0), nora)
    Invitation.objects.filter(pk=waiting.pk).update(status="no_answer")
    answered = invite_to_survey(make_campaign(rest_days=0), nora)
    record_response(campaign=answered.campaign, score=9, source="s", channel="email", contact=nora, invitation=answered)
    return waiting, answered


@pytest.fixture
def doors(nora: Contact, match: Match, rep: User, manager: User) -> dict[str, str]:
    """A link of every purpose, and the address where one asks for one."""
    make_banker("Olaf Other")
    done = invite(rep, manager)
    accept_match(match=done)
    make_banker("Lars Last")
    waiting = the_match(submit(rep))
    assert waiting.status in {"owner_review", "manager_review"}
    asked = ask_consent(contact=nora, activity="share", channel="web", by=rep)
    survey, answered = answer_survey(nora)
    return {
        "consent": consent_asked(asked),
        "hub, one ask for a consent": own_page_of(nora) + f"?ask={asked.pk}",
        "own link": "/p/",
        "invitation": invitation_to(match),
        "feedback": feedback_on(done),
        "approval": approval_by(manager, waiting.approvals.get()),
        "hub": own_page_of(nora),
        "hub, one ask": own_page_of(nora) + f"?match={match.pk}",
        "survey": survey_of(survey),
        "survey, answered": survey_of(answered),
        "no more surveys": survey_of(survey, SURVEY_STOP).removesuffix("unsubscribe/"),
        "unknown": "/p/nothing/",
    }


@pytest.mark.parametrize("method", ["get", "head"])
def test_looking_changes_nothing(doors: dict[str, str], method: str) -> None:
    client = Client()
    before = all_rows()
    for path in doors.values():
        door, _mark, query = path.partition("?")
        for ending in ("", "meeting.ics", *(f"{act}/" for act in ACTS)):
            if door != "/p/" or not ending:
                getattr(client, method)(f"{door}{ending}?{query}")
    assert all_rows() == before


def test_looking_brings_no_session_and_no_cookie_but_the_forms(doors: dict[str, str]) -> None:
    for path in doors.values():
        client = Client()
        client.get(path)
        assert set(client.cookies) <= {"csrftoken"}, path


def test_pages_are_not_kept_indexed_or_passed_on(doors: dict[str, str]) -> None:
    for name, path in doors.items():
        response = Client().get(path)
        assert response.status_code == (404 if name == "unknown" else 200), name
        assert response["Referrer-Policy"] == "no-referrer"
        assert "no-store" in response["Cache-Control"]
        assert "noindex" in response["X-Robots-Tag"]
        assert "default-src 'self'" in response["Content-Security-Policy"]


def test_pages_have_one_first_heading_and_nothing_inline(doors: dict[str, str]) -> None:
    for name, path in doors.items():
        page = read_page(Client().get(path).content.decode())
        assert len(page.all("h1")) == 1, name
        for tag, attributes in page.elements:
            assert tag != "style"
            assert "style" not in attributes, (name, tag)
            assert not [each for each in attributes if each.startswith("on")], (name, tag)
            assert tag != "script" or attributes.get("src"), name
        ids = [attributes["id"] for _tag, attributes in page.elements if "id" in attributes]
        assert len(ids) == len(set(ids)), name


def test_forms_without_their_token_are_refused(match: Match) -> None:
    client = Client(enforce_csrf_checks=True)
    path = invitation_to(match)
    client.get(path)
    response = client.post(f"{path}decline/", {"reason": "no_time"}, headers={"origin": "null"})
    assert response.status_code == 403
    assert "Nothing was changed." in response.content.decode()
    match.refresh_from_db()
    assert match.status == "invited"


def test_forms_of_other_sites_are_refused(match: Match) -> None:
    client = Client(enforce_csrf_checks=True)
    path = invitation_to(match)
    client.get(path)
    given = {"reason": "no_time", "csrfmiddlewaretoken": client.cookies["csrftoken"].value}
    assert client.post(f"{path}decline/", given, headers={"origin": "https://evil.test"}).status_code == 403


def test_forms_of_a_page_that_tells_no_referrer_are_taken(match: Match) -> None:
    client = Client(enforce_csrf_checks=True)
    path = invitation_to(match)
    client.get(path)
    given = {"reason": "no_time", "csrfmiddlewaretoken": client.cookies["csrftoken"].value}
    assert client.post(f"{path}decline/", given, headers={"origin": "null"}, secure=True).status_code == 302


def test_forged_links_open_nothing(match: Match, nora: Contact) -> None:
    for path in (invitation_to(match), own_page_of(nora)):
        forged = path[:-2] + ("A" if path[-2] != "A" else "B") + "/"
        assert Client().get(forged).status_code == 404
        assert Client().post(f"{forged}decline/", {"reason": "no_time"}).status_code == 404
        assert "Nora" not in Client().get(forged).content.decode()


def test_expired_links_say_what_to_do(match: Match, nora: Contact) -> None:
    for path in (invitation_to(match), own_page_of(nora)):
        SignedLink.objects.update(expires_at=timezone.now())
        for response in (Client().get(path), Client().post(f"{path}accept/"), Client().get(f"{path}meeting.ics")):
            assert response.status_code == 410
            assert "/p/?language=en" in response.content.decode()
            assert "Nora" not in response.content.decode()


def test_revoked_links_are_gone(nora: Contact) -> None:
    path = own_page_of(nora)
    SignedLink.objects.update(revoked_at=timezone.now())
    assert Client().get(path).status_code == 410
    assert Client().post(f"{path}opt-out/").status_code == 410
    nora.refresh_from_db()
    assert not nora.has_opted_out


def test_acts_are_all_named() -> None:
    assert {act for acts in views.ACTS.values() for act in acts} == set(ACT_NAMES)


@pytest.mark.parametrize("purpose", ["invitation", "feedback", "approval"])
def test_action_link_reaches_nothing_of_ones_own(doors: dict[str, str], purpose: str) -> None:
    own = set(views.ACTS["hub"]) - set(views.ACTS[purpose])
    assert {"erase", "export", "opt-out", "limits", "consent", "revoke", "pause"} <= own
    before = all_rows()
    for act in own:
        response = Client().post(f"{doors[purpose]}{act}/", {"word": "ERASE", "until": ""})
        assert response.status_code == 404, act
    assert all_rows() == before


def test_promoters_cannot_decide_and_approvers_cannot_answer(doors: dict[str, str]) -> None:
    for purpose in ("invitation", "feedback", "hub"):
        for act in ("approve", "reject"):
            assert Client().post(f"{doors[purpose]}{act}/", {"reason": "x"}).status_code == 404
    for act in ("accept", "decline", "feedback", "page"):
        assert Client().post(f"{doors['approval']}{act}/", {"reason": "no_time"}).status_code == 404


def test_promoter_pages_name_nobody_but_who_asks(doors: dict[str, str], nora: Contact, manager: User) -> None:
    for name in ("invitation", "hub", "hub, one ask"):
        html = Client().get(doors[name]).content.decode()
        for kept in ("Olaf", "Lars", "Mina", nora.email, "555 0100", "rep@example.test", manager.email):
            assert kept not in html, (name, kept)


def test_promoters_of_others_cannot_be_chosen(match: Match, rep: User) -> None:
    other = make_banker("Olaf Other")
    path = own_page_of(other)
    for given in (str(match.pk), "9" * 18, "9" * 40, "-1", "x", "²"):
        assert Client().get(path, {"match": given}).status_code == 200
        assert "Harbor Bank" not in Client().get(path, {"match": given}).content.decode()
        assert Client().post(f"{path}accept/", {"match": given}).status_code == 404
    match.refresh_from_db()
    assert match.status == "invited"


def test_one_link_is_slowed_down_and_others_are_not(
    match: Match, nora: Contact, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("web.portal.gate.time", lambda: 1_000_000.0)
    path = invitation_to(match)
    codes = [Client(REMOTE_ADDR=f"10.0.0.{n}").get(path).status_code for n in range(PER_LINK + 1)]
    assert codes == [200] * PER_LINK + [429]
    response = Client(REMOTE_ADDR="10.0.1.1").get(path)
    assert response["Retry-After"] == "60"
    assert response["Referrer-Policy"] == "no-referrer"
    assert Client(REMOTE_ADDR="10.0.1.1").get(own_page_of(nora)).status_code == 200


def test_one_caller_is_slowed_down(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("web.portal.gate.time", lambda: 1_000_000.0)
    monkeypatch.setattr("web.portal.gate.PER_ADDRESS", 3)
    codes = [Client(REMOTE_ADDR="10.0.0.1").get(f"/p/guess{n}/").status_code for n in range(5)]
    assert codes == [404, 404, 404, 429, 429]
    assert Client(REMOTE_ADDR="10.0.0.2").get("/p/guess/").status_code == 404


def test_logs_hold_neither_tokens_nor_contact_data(
    match: Match, caplog: pytest.LogCaptureFixture, nora: Contact
) -> None:
    link = SignedLink.objects.get(purpose="invitation")
    token = link_token(link)
    client = Client(enforce_csrf_checks=True)
    with caplog.at_level(logging.INFO):
        client.post(f"/p/{token}/decline/", {"note": nora.email})
        client.get(f"/p/{token}/nothing/")
        SignedLink.objects.update(revoked_at=timezone.now())
        client.get(f"/p/{token}/")
        client.post("/p/", {"email": nora.email})
    lines = "\n".join(RedactingFormatter().format(record) for record in caplog.records)
    assert "/p/[link]/" in lines
    assert token not in lines
    assert nora.email not in lines


def ask_for_link(address: str, caller: str = "127.0.0.1") -> tuple[int, str]:
    response = Client(REMOTE_ADDR=caller).post("/p/", {"email": address})
    return response.status_code, read_page(response.content.decode()).text.replace(address, "")


def test_answer_is_the_same_for_every_address(nora: Contact) -> None:
    assert ask_for_link(nora.email) == ask_for_link("nobody@nowhere.test")
    (message,) = OutboxMessage.objects.filter(kind="mail", key__startswith="mail:promoter_hub")
    assert nora.email not in str(message.payload)
    assert deliver(message.pk)
    assert [each.to for each in mail.outbox] == [[nora.email]]
    assert link_token(SignedLink.objects.get(purpose="hub")) in mail.outbox[0].body


def test_link_to_ones_own_page_is_good_for_half_an_hour(nora: Contact) -> None:
    ask_for_link(nora.email.upper())
    link = SignedLink.objects.get(purpose="hub")
    assert timedelta(minutes=30) == LIFETIME
    assert timedelta(minutes=29) < link.expires_at - timezone.now() <= LIFETIME


def test_repeats_within_a_minute_are_one_mail(nora: Contact, monkeypatch: pytest.MonkeyPatch) -> None:
    now = timezone.now().replace(second=1)
    monkeypatch.setattr(timezone, "now", lambda: now)
    for _ in range(3):
        ask_for_link(nora.email)
    assert OutboxMessage.objects.filter(key__startswith="mail:promoter_hub").count() == 1
    assert SignedLink.objects.filter(purpose="hub").count() == 1


def test_many_links_to_one_address_are_not_sent(nora: Contact, monkeypatch: pytest.MonkeyPatch) -> None:
    start = timezone.now()
    monkeypatch.setattr("web.portal.gate.time", lambda: 1_000_000.0)
    for minute in range(6):
        monkeypatch.setattr(timezone, "now", lambda minute=minute: start + timedelta(minutes=minute))
        assert ask_for_link(nora.email, f"10.0.0.{minute}")[0] == 200
    assert SignedLink.objects.filter(purpose="hub").count() == 3


def test_no_address_at_all_is_asked_for_again() -> None:
    assert ask_for_link("not an address")[0] == 422


@pytest.mark.parametrize("purpose", ["invitation", "feedback"])
def test_action_link_mails_the_link_to_the_rest(doors: dict[str, str], purpose: str) -> None:
    response = Client().post(f"{doors[purpose]}page/", follow=True)
    assert "is on its way" in response.content.decode()
    assert OutboxMessage.objects.filter(key__startswith="mail:promoter_hub:").count() == 1


def test_page_speaks_the_promoters_language(match: Match, nora: Contact) -> None:
    save_contact(contact=nora, customer=nora.customer, data={"language": "de"})
    html = Client().get(invitation_to(match), headers={"accept-language": "en"}).content.decode()
    assert '<html lang="de">' in html
    assert "können Sie helfen?" in html
    assert "Referenzgespräch" in html


def test_language_can_be_chosen_and_stays_chosen(match: Match, nora: Contact) -> None:
    path = own_page_of(nora)
    page = read_page(Client().get(path, {"language": "de"}).content.decode())
    assert "Guten Tag, Nora Lindqvist" in page.text
    assert all("language=de" in str(each["action"]) for each in page.all("form"))
    response = Client().post(f"{path}pause/?language=de", {"until": "2020-01-01"})
    assert "Bitte geben Sie einen künftigen Tag an." in response.content.decode()
    assert "language=de" in Client().post(f"{path}resume/?language=de")["Location"]


def test_closed_link_speaks_the_browsers_language() -> None:
    html = Client().get("/p/nothing/", headers={"accept-language": "de-AT,de;q=0.9"}).content.decode()
    assert "Dieser Link führt nirgendwohin" in html
    assert '<html lang="en">' in Client().get("/p/", {"language": "xx"}).content.decode()


def test_pages_of_those_who_log_in_stay_english(manager: User) -> None:
    client = Client(headers={"accept-language": "de"})
    client.force_login(manager)
    html = client.get("/").content.decode()
    assert '<html lang="en">' in html
    assert "Find a reference" in html
