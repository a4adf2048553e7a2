"""A promoter's own page: what came of their help, limits, pauses, days off, language, consents, leaving."""

import json
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from matching.services.answering import accept_match
from matching.services.closing import give_feedback, report_outcome
from references.models import Blackout, Consent, Contact, Nomination, StateChange
from tests.factories import make_blackout, make_consent, make_contact, make_engagement
from tests.matching.factories import invite, make_banker
from tests.tables import texts_of_all_tables
from tests.web.conftest import read_page
from tests.web.links import invitation_to, own_page_of
from users.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture
def nora(db: None) -> Contact:
    return make_banker("Nora Lindqvist", title="CFO", email="nora@fjordbank.example", activities=["call", "quote"])


@pytest.fixture
def hub(nora: Contact) -> str:
    return own_page_of(nora)


def text_of(path: str) -> str:
    response = Client().get(path)
    assert response.status_code == 200
    return read_page(response.content.decode()).text


def post(hub: str, act: str, **data: object) -> str:
    """Send a form that is taken; gives the words of the page it leads to."""
    response = Client().post(f"{hub}{act}/", data)
    assert response.status_code == 302, response.content.decode()
    return text_of(response["Location"])


def test_page_tells_what_came_of_their_help(hub: str, nora: Contact, rep: User, manager: User) -> None:
    match = invite(rep, manager)
    assert match.contact == nora
    accept_match(match=match)
    give_feedback(match=match, side="promoter", data={"happened": True, "hours": Decimal(1)})
    report_outcome(request=match.request, result="won", value=Decimal(1000), currency="EUR", by=rep)
    make_engagement(nora, "quote", status="declined", on=timezone.localdate() - timedelta(days=400))
    text = text_of(hub)
    assert "Reference call · Harbor Bank you helped" in text
    assert "Robin Rep · thanked" in text
    assert "They decided for us, and you had a part in it." in text
    assert "Quote you said no" in text
    assert "1000" not in text


def test_page_hides_what_is_only_held(hub: str, nora: Contact) -> None:
    make_engagement(nora, "speaking", status="held")
    make_engagement(nora, "webinar", status="released")
    text = text_of(hub).split("How often, and for what")[0]
    assert "Speaking" not in text
    assert "Webinar" not in text


def test_limits_are_theirs_and_every_change_is_on_record(hub: str, nora: Contact) -> None:
    assert "We keep to it" in post(hub, "limits", max_per_quarter=1, activities=["call", "speaking"])
    nora.refresh_from_db()
    assert (nora.max_per_quarter, nora.activities) == (1, ["call", "speaking"])
    changes = StateChange.objects.filter(subject=f"contact:{nora.pk}", actor="promoter")
    assert len(changes) == 3
    assert any("own limit: as the program → 1 a quarter" in each.why for each in changes)
    post(hub, "limits", max_per_quarter="", activities=[])
    nora.refresh_from_db()
    assert (nora.max_per_quarter, nora.activities) == (None, [])


def test_limits_beyond_reason_are_refused(hub: str) -> None:
    for wrong in ({"max_per_quarter": 21}, {"max_per_quarter": -1}, {"activities": ["dance"]}):
        assert Client().post(f"{hub}limits/", wrong).status_code == 422


def test_pause_and_resume(hub: str, nora: Contact) -> None:
    until = timezone.localdate() + timedelta(days=30)
    assert "Paused." in post(hub, "pause", until=until)
    nora.refresh_from_db()
    assert (nora.status, nora.paused_until) == ("paused", until)
    assert StateChange.objects.get(to_status="paused").actor == "promoter"
    assert "You may ask me again" in text_of(hub)
    post(hub, "pause", until="")
    nora.refresh_from_db()
    assert nora.paused_until is None
    assert "Welcome back!" in post(hub, "resume")
    nora.refresh_from_db()
    assert nora.status == "active"
    post(hub, "resume")


def test_pause_in_the_past_is_refused_beside_its_field(hub: str) -> None:
    response = Client().post(f"{hub}pause/", {"until": "2020-01-01"})
    assert response.status_code == 422
    assert "Please give a day to come." in response.content.decode()


def test_days_off_come_and_go(hub: str, nora: Contact) -> None:
    first = timezone.localdate() + timedelta(days=3)
    assert "Nobody asks you" in post(hub, "days-off", starts_on=first, ends_on=first + timedelta(days=4))
    row = Blackout.objects.get(contact=nora)
    assert "free for asks again" in post(hub, "days-on", id=row.pk)
    assert not Blackout.objects.exists()


def test_days_off_of_others_stay(hub: str) -> None:
    today = timezone.localdate()
    row = make_blackout(make_contact(), today, today)
    for given in (row.pk, "x", "9" * 40, ""):
        post(hub, "days-on", id=given)
    assert Blackout.objects.get() == row


def test_days_off_the_wrong_way_round_are_refused(hub: str) -> None:
    today = timezone.localdate()
    response = Client().post(f"{hub}days-off/", {"starts_on": today + timedelta(days=2), "ends_on": today})
    assert response.status_code == 422
    assert "The last day lies before the first." in response.content.decode()


def test_language_is_spoken_at_once(hub: str, nora: Contact) -> None:
    text = post(hub, "language", spoken="de", time_zone="Europe/Berlin")
    nora.refresh_from_db()
    assert (nora.language, nora.time_zone) == ("de", "Europe/Berlin")
    assert "Guten Tag, Nora Lindqvist" in text
    assert Client().post(f"{hub}language/", {"spoken": "fr", "time_zone": "UTC"}).status_code == 422


def test_consents_are_listed_given_and_taken_back(hub: str, nora: Contact) -> None:
    post(hub, "limits", activities=["call", "quote", "speaking"])
    assert "Your consent is on file" in post(hub, "consent", activity="speaking", channel="event", is_attributed="on")
    row = Consent.objects.get(contact=nora, activity="speaking")
    assert (row.channel, row.is_attributed, row.evidence) == ("event", True, "Given by themselves, on their own page.")
    assert "Speaking Events · with your name · without an end" in text_of(hub)
    asked = Client().post(f"{hub}revoke/", {"id": row.pk})
    assert "Take this consent back?" in asked.content.decode()
    row.refresh_from_db()
    assert row.revoked_at is None  # one tap is not enough
    assert "taken back, from this moment on" in post(hub, "revoke", id=row.pk, sure=1)
    assert Consent.objects.filter(pk=row.pk, revoked_at__isnull=False).exists()
    assert "Taken back: Speaking" in text_of(hub)
    post(hub, "revoke", id=row.pk, sure=1)


def test_consents_of_others_cannot_be_taken_back(hub: str) -> None:
    row = make_consent(make_contact())
    post(hub, "revoke", id=row.pk, sure=1)
    row.refresh_from_db()
    assert row.revoked_at is None


def test_colleague_or_moment_is_suggested_once(hub: str, nora: Contact) -> None:
    key = {"key": "k" * 20}
    for _ in range(2):
        assert "Thank you!" in post(hub, "suggest", person_name="Jo New", moment="Did it all", **key)
    row = Nomination.objects.get()
    assert (row.person_name, row.suggested_by, row.contact, row.via) == ("Jo New", nora, None, "promoter")
    post(hub, "suggest", moment="I closed in two days", key="another")
    assert Nomination.objects.filter(contact=nora).count() == 1
    assert Client().post(f"{hub}suggest/", {"moment": " ", "key": "x"}).status_code == 422


def test_opting_out_keeps_the_record_and_withdraws_the_rest(hub: str, nora: Contact) -> None:
    assert "Nothing was changed" in post(hub, "opt-out")
    assert "We will not ask you again." in post(hub, "opt-out", sure="on")
    nora.refresh_from_db()
    assert (nora.status, nora.has_opted_out, nora.name) == ("retired", True, "Nora Lindqvist")
    text = text_of(hub)
    assert "You have left the program" in text
    assert "How often, and for what" not in text
    post(hub, "opt-out", sure="on")


@pytest.mark.parametrize(
    ("act", "data"),
    [
        ("limits", {"activities": ["call"]}),
        ("pause", {"until": ""}),
        ("consent", {"activity": "call", "channel": "any"}),
    ],
)
def test_nothing_is_agreed_to_after_leaving(hub: str, act: str, data: dict[str, object]) -> None:
    post(hub, "opt-out", sure="on")
    response = Client().post(f"{hub}{act}/", data)
    assert response.status_code == 422
    assert "You have left the program." in response.content.decode()


def test_export_is_a_file_of_ones_own(hub: str, nora: Contact) -> None:
    make_contact(nora.customer, "Olaf Other", email="olaf@fjordbank.example")
    assert Client().get(f"{hub}export/").status_code == 302
    response = Client().post(f"{hub}export/")
    assert response["Content-Disposition"] == 'attachment; filename="my-data.json"'
    assert "no-store" in response["Cache-Control"]
    told = json.loads(response.content)
    assert told["person"]["email"] == nora.email
    assert "Olaf" not in response.content.decode()


def test_export_tells_what_was_asked_and_said(nora: Contact, rep: User, manager: User) -> None:
    match = invite(rep, manager)
    Client().post(f"{invitation_to(match)}decline/", {"reason": "other", "note": "My own words"})
    told = json.loads(Client().post(f"{own_page_of(nora)}export/").content)
    (ask,) = told["requests"]["asks"]
    assert (ask["status"], ask["decline_note"], ask["asked_by"]) == ("declined", "My own words", "Robin Rep")
    assert ask["terms"]


def test_erasing_needs_the_word(hub: str, nora: Contact) -> None:
    for word in ("", "yes", "ERASER"):
        assert Client().post(f"{hub}erase/", {"word": word}).status_code == 422
    nora.refresh_from_db()
    assert nora.name == "Nora Lindqvist"


@pytest.mark.parametrize(("language", "word"), [("en", "erase"), ("de", " LÖSCHEN ")])
def test_erasing_is_for_good_and_closes_the_link(hub: str, nora: Contact, language: str, word: str) -> None:
    response = Client().post(f"{hub}erase/?language={language}", {"word": word})
    assert response.status_code == 200
    nora.refresh_from_db()
    assert (nora.name, nora.email, nora.has_opted_out) == ("Erased person", "", True)
    assert Client().get(hub).status_code == 410
    found = [where for where, text in texts_of_all_tables() if "Lindqvist" in text or "nora@" in text]
    assert found == []


def test_somebody_not_asked_yet_has_nothing_to_pause(db: None) -> None:
    hub = own_page_of(make_contact(status="known"))
    assert "Change the pause" not in text_of(hub)
    assert Client().post(f"{hub}pause/", {"until": ""}).status_code == 422


def queries_of(path: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert Client().get(path).status_code == 200
    return len(queries)


def test_page_takes_a_constant_number_of_queries(hub: str, nora: Contact) -> None:
    def add() -> None:
        for days in (100, 200, 300):
            make_engagement(nora, on=timezone.localdate() - timedelta(days=days))
            make_consent(nora, "quote")
            make_blackout(nora, timezone.localdate(), timezone.localdate())

    add()
    with_some = queries_of(hub)
    add()
    assert queries_of(hub) == with_some
