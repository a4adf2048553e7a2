"""Consents on pages: listed, shown with what hangs on them, superseded, revoked, renewed and asked for."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.urls import reverse
from django.utils import timezone

from references.models import Consent, ConsentAsk, Contact, ContentUse, StoredFile
from references.services.consent_asks import ask_consent, decline_ask
from tests.factories import make_consent, make_contact, make_customer, make_tag, make_testimonial
from tests.references.uploads import PDF, upload
from tests.web.conftest import LogIn, read_page
from tests.web.test_query_counts import count_queries
from users.models import User

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def folder(settings: LazySettings, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def nora(rep: User) -> Contact:
    customer = make_customer("Fjordbank", account_owner=rep)
    return make_contact(customer, "Nora Lindqvist", title="CFO", email="nora@fjordbank.example")


def in_days(days: int) -> str:
    return (timezone.localdate() + timedelta(days=days)).isoformat()


def read(log_in: LogIn, user: User, name: str, *args: object, **query: Any) -> str:
    response = log_in(user).get(reverse(f"web:{name}", args=args), query)
    assert response.status_code == 200
    return read_page(response.content.decode()).text


def test_the_list_shows_who_allowed_what_until_when(
    nora: Contact, manager: User, marketer: User, rep: User, outsider: User, log_in: LogIn
) -> None:
    make_consent(nora, "quote", channel="web", region=make_tag("region", "Norway"), valid_until=in_days(40))
    make_consent(nora, "call", is_attributed=False)
    seen = {user.email: read(log_in, user, "consents") for user in (manager, marketer, rep, outsider)}
    assert "Quote Nora Lindqvist Fjordbank Web · Norway with name" in seen[manager.email]
    assert "Reference call Nora Lindqvist" in seen[rep.email]
    assert "Quote Nora Lindqvist" in seen[marketer.email]
    assert "Reference call CFO Fjordbank" in seen[marketer.email]  # who gave it without their name
    assert "No consent is on file" in seen[outsider.email]


def test_the_list_is_narrowed(nora: Contact, manager: User, log_in: LogIn) -> None:
    make_consent(nora, "quote", valid_until=in_days(30))
    make_consent(nora, "video", valid_until=in_days(31))
    make_consent(nora, "review", valid_until=in_days(-1))
    make_consent(nora, "logo", revoked_at=timezone.now())
    make_consent(nora, "press", valid_from=in_days(3))
    newer = make_consent(nora, "share")
    make_consent(nora, "share", channel="web", superseded_by=newer)

    def found(**query: str) -> int:
        page = log_in(manager).get(reverse("web:consents"), query)
        return len(page.context["lines"])

    assert found() == 3
    assert [found(state=state) for state in ("", "in_force", "to_come", "over", "superseded", "revoked")] == [
        7,
        3,
        1,
        1,
        1,
        1,
    ]
    assert [found(ends_within=days) for days in ("7", "30", "90")] == [0, 1, 2]
    assert found(ends_within="30", activity="video") == 0
    assert found(state="", channel="web") == 1
    assert "No consent is like that" in read(log_in, manager, "consents", state="to_come", activity="logo")


def test_lists_take_a_constant_number_of_queries(manager: User, marketer: User, log_in: LogIn) -> None:
    def add() -> None:
        contact = make_contact(make_customer(), email="a@b.example")
        make_consent(contact, "quote", testimonial=make_testimonial(contact))
        ask_consent(contact=contact, activity="video", by=marketer)

    for user in (manager, marketer):
        for address in (reverse("web:consents"), reverse("web:consent-asks")):
            client = log_in(user)
            add()
            with_one = count_queries(client, address)
            add()
            add()
            assert count_queries(client, address) == with_one


def test_the_page_of_a_consent_shows_what_hangs_on_it(
    nora: Contact, manager: User, marketer: User, log_in: LogIn
) -> None:
    quote = make_testimonial(nora, "Nora says it simply works.")
    ContentUse.objects.create(testimonial=quote, place="Home page", since=in_days(-1))
    consent = make_consent(nora, "quote", evidence="Mail of May", is_attributed=False)
    text = read(log_in, manager, "consent", consent.pk)
    for words in ("Nora Lindqvist", "simply works", "ends with it", "Home page", "Mail of May", "without name"):
        assert words in text
    text = read(log_in, marketer, "consent", consent.pk)
    assert "simply works" in text
    assert "Nora" not in text
    assert "Mail of May" not in text


def test_a_consent_out_of_sight_is_not_found(outsider: User, nora: Contact, log_in: LogIn) -> None:
    consent = make_consent(nora, "quote")
    assert log_in(outsider).get(reverse("web:consent", args=[consent.pk])).status_code == 404


def test_a_consent_is_recorded_for_one_piece_with_its_evidence(nora: Contact, manager: User, log_in: LogIn) -> None:
    video = make_testimonial(nora, kind="video")
    given = {
        "activity": "quote",
        "piece": f"testimonial:{video.pk}",
        "channel": "web",
        "is_attributed": "on",
        "valid_from": in_days(0),
        "valid_until": in_days(100),
        "evidence": "Signed",
        "file": upload("signed.pdf", PDF),
    }
    address = reverse("web:consent-add", args=[nora.pk])
    assert log_in(manager).post(address, given).status_code == 302
    row = Consent.objects.get()
    assert (row.testimonial, row.activity, row.contact) == (video, "video", nora)
    assert StoredFile.objects.get(consent=row).name == "signed.pdf"
    assert "signed.pdf" in read(log_in, manager, "consent", row.pk)

    refused = log_in(manager).post(address, {**given, "file": upload("signed.pdf", b"MZ\x00")})
    assert refused.status_code == 422
    assert "plain text" in refused.content.decode()
    assert Consent.objects.count() == 1


def test_a_piece_of_somebody_else_cannot_be_chosen(nora: Contact, manager: User, log_in: LogIn) -> None:
    other = make_testimonial()
    given = {"activity": "quote", "piece": f"testimonial:{other.pk}", "channel": "web", "valid_from": in_days(0)}
    make_testimonial(nora)
    assert log_in(manager).post(reverse("web:consent-add", args=[nora.pk]), given).status_code == 422


def test_a_consent_is_superseded_never_edited(nora: Contact, rep: User, outsider: User, log_in: LogIn) -> None:
    old = make_consent(nora, "quote", channel="any")
    address = reverse("web:consent-supersede", args=[old.pk])
    given = {"channel": "print", "valid_from": in_days(0), "valid_until": in_days(10), "evidence": "By telephone"}
    assert log_in(outsider).post(address, given).status_code == 403
    response = log_in(rep).post(address, given)
    old.refresh_from_db()
    new = old.superseded_by
    assert new is not None
    assert response["Location"] == reverse("web:consent", args=[new.pk])
    assert (old.channel, new.channel, new.is_attributed) == ("any", "print", False)
    assert log_in(rep).post(address, given).status_code == 422


def test_revoking_first_shows_what_ends(nora: Contact, manager: User, log_in: LogIn) -> None:
    quote = make_testimonial(nora)
    ContentUse.objects.create(testimonial=quote, place="Home page", since=in_days(-1))
    consent = make_consent(nora, "quote")
    text = read(log_in, manager, "consent-revoke", consent.pk)
    assert "1 piece ends with it" in text
    assert "1 place noted by hand" in text
    log_in(manager).post(reverse("web:consent-revoke", args=[consent.pk]), {"why": "asked"})
    consent.refresh_from_db()
    quote.refresh_from_db()
    assert consent.revoked_at is not None
    assert quote.status == "recalled"


def test_renewing_takes_one_click(nora: Contact, marketer: User, log_in: LogIn) -> None:
    consent = make_consent(nora, "quote", valid_until=in_days(10))
    page = log_in(marketer).post(reverse("web:consent-renew", args=[consent.pk]), follow=True)
    assert "They are asked to renew it" in page.content.decode()
    ask = ConsentAsk.objects.get()
    assert (ask.contact, ask.activity, ask.asked_by) == (nora, "quote", marketer)
    assert ask.valid_until is not None
    assert "have time to answer" in read(log_in, marketer, "consent", consent.pk)
    again = log_in(marketer).post(reverse("web:consent-renew", args=[consent.pk]), follow=True)
    assert "asked for this already" in again.content.decode()


def test_asking_is_for_whoever_logs_content(
    nora: Contact, marketer: User, outsider: User, rep: User, log_in: LogIn
) -> None:
    address = reverse("web:consent-ask", args=[nora.pk])
    assert log_in(outsider).get(address).status_code == 403
    page = log_in(marketer).get(address, {"activity": "quote"}).content.decode()
    assert "Nora Lindqvist" not in page
    given = {"activity": "quote", "channel": "web", "is_attributed": "on", "valid_until": in_days(100), "why": "A page"}
    assert log_in(marketer).post(address, given).status_code == 302
    again = log_in(rep).post(address, given)
    assert again.status_code == 422
    assert "asked for this already" in again.content.decode()


def test_asks_are_listed_and_taken_back(
    nora: Contact, marketer: User, rep: User, outsider: User, log_in: LogIn
) -> None:
    first = ask_consent(contact=nora, activity="quote", by=marketer)
    decline_ask(ask=ask_consent(contact=nora, activity="video", by=marketer))
    text = read(log_in, marketer, "consent-asks")
    assert "Quote Any channel CFO Fjordbank" in text
    assert "declined" in text
    assert "Nobody was asked yet" in read(log_in, outsider, "consent-asks")
    take_back = reverse("web:consent-ask-take-back", args=[first.pk])
    assert log_in(outsider).post(take_back).status_code == 404
    assert log_in(marketer).post(take_back).status_code == 302
    first.refresh_from_db()
    assert first.answer == "withdrawn"


def test_home_counts_what_ends_soon_and_leads_there(nora: Contact, manager: User, log_in: LogIn) -> None:
    make_consent(nora, "quote", valid_until=in_days(12))
    make_consent(nora, "call", valid_until=in_days(40))
    client = log_in(manager)
    page = client.get(reverse("web:home"))
    [(_label, count, url, _badge)] = [each for each in page.context["tallies"] if "Consents" in each[0]]
    assert count == 1
    assert len(client.get(url).context["lines"]) == 1
