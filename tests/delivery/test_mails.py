"""Mails: built when delivered, in both parts, sent again until they are out, and recognizable as the same."""

import smtplib
from email.message import Message
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.core.mail.backends.locmem import EmailBackend
from django.db import transaction
from django.utils import timezone, translation
from pytest_django import Settings

from delivery.mails import (
    Action,
    Attachment,
    Letter,
    Payload,
    compose,
    message_id,
    register_letter,
    registered_letters,
    render_html,
    render_text,
    send_later,
)
from delivery.models import OutboxMessage
from delivery.outbox import deliver
from delivery.trial_letter import build, send_trial
from users.models import User

LETTER = Letter(
    to="nora@fjordbank.example",
    subject="May we ask\nyou?",
    heading="May we ask you for a call?",
    paragraphs=("Dear Nora,", "<Fjordbank> & co. need\nhalf an hour."),
    facts=(("Takes", "30 minutes"), ("Answer by", "4 December")),
    actions=(
        Action("Not now", "https://x.example/p/2/", is_main=False),
        Action("Answer", "https://x.example/p/1/?a=1&b=2"),
    ),
    small_print=("You agreed to calls in May.",),
    attachments=(Attachment("call.ics", b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n", "text/calendar; method=REQUEST"),),
    unsubscribe_url="https://x.example/stop/",
)


class RefusingBackend(EmailBackend):
    """A mail server that takes nothing."""

    def send_messages(self, messages: Any) -> int:
        raise smtplib.SMTPRecipientsRefused({"nora@fjordbank.example": (550, b"no such user")})


class SilentBackend(EmailBackend):
    """A mail server that says nothing and takes nothing."""

    def send_messages(self, messages: Any) -> int:
        return 0


def register(letter: Letter | None = LETTER, **fields: Any) -> list[Payload]:
    """Register the kind "ask" that always builds `letter`; gives the payloads it was built from."""
    seen: list[Payload] = []

    def build(payload: Payload) -> Letter | None:
        seen.append(payload)
        return letter

    register_letter("ask", label="Ask", build=build, sample=lambda: LETTER, **fields)
    return seen


def promise(key: str = "ask:1", **fields: Any) -> OutboxMessage:
    with transaction.atomic():
        return send_later(kind="ask", key=key, **fields)


def try_until_the_end(message: OutboxMessage) -> OutboxMessage:
    for _attempt in range(20):
        OutboxMessage.objects.filter(pk=message.pk).update(due=timezone.now())
        deliver(message.pk)
    message.refresh_from_db()
    return message


def parts_of(sent: EmailMultiAlternatives) -> dict[str, Message]:
    return {part.get_content_type(): part for part in sent.message().walk()}


def bytes_of(part: Message) -> bytes:
    content = part.get_payload(decode=True)
    assert isinstance(content, bytes)
    return content


@pytest.mark.django_db
def test_letter_is_built_when_delivered_and_sent_once() -> None:
    seen = register()
    message = promise(payload={"match": 12})
    assert (message.kind, message.key) == ("mail", "mail:ask:1")
    assert seen == []
    assert [deliver(message.pk), deliver(message.pk)] == [True, False]
    assert seen == [{"match": 12, "letter": "ask", "key": "ask:1"}]
    assert [each.to for each in mail.outbox] == [["nora@fjordbank.example"]]
    assert mail.outbox[0].subject == "May we ask you?"


@pytest.mark.django_db
def test_letter_promised_twice_under_a_key_is_one() -> None:
    register()
    assert promise() == promise()


@pytest.mark.django_db(transaction=True)
def test_letter_is_promised_only_inside_a_transaction() -> None:
    register()
    with pytest.raises(RuntimeError):
        send_later(kind="ask", key="ask:1")


@pytest.mark.django_db
def test_letter_that_is_no_longer_wanted_is_not_sent() -> None:
    register(None)
    message = promise()
    assert deliver(message.pk)
    message.refresh_from_db()
    assert message.delivered_at is not None
    assert mail.outbox == []


@pytest.mark.django_db
def test_letter_sent_again_after_a_crash_is_recognizable(settings: Settings) -> None:
    settings.SITE_URL = "https://refs.example.test:8443"
    register()
    message = promise()
    deliver(message.pk)
    OutboxMessage.objects.update(delivered_at=None)  # the worker died before it could note the delivery
    deliver(message.pk)
    ids = [each.message()["Message-ID"] for each in mail.outbox]
    assert len(ids) == 2
    assert len(set(ids)) == 1
    assert ids[0].endswith("@refs.example.test>")
    deliver(promise("ask:2").pk)
    assert mail.outbox[2].message()["Message-ID"] not in ids


def test_message_id_keeps_to_the_form_of_addresses(settings: Settings) -> None:
    for site, host in {"http://[::1]:8000": "[::1]", "http://127.0.0.1": "127.0.0.1", "": "localhost"}.items():
        settings.SITE_URL = site
        name, _at, at_host = message_id("a key with spaces <and brackets>")[1:-1].partition("@")
        assert (name.isalnum(), at_host) == (True, host)


def test_mail_says_the_same_in_both_parts_and_as_whom() -> None:
    message = compose(LETTER, key="k").message()
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["List-Unsubscribe"] == "<https://x.example/stop/>"
    parts = parts_of(compose(LETTER, key="k"))
    for kind in ("text/plain", "text/html"):
        text = bytes_of(parts[kind]).decode()
        for words in ("May we ask you for a call?", "Dear Nora,", "30 minutes", "4 December", "/p/2/", "in May."):
            assert words in text, (kind, words)


def test_mail_carries_its_attachments() -> None:
    file = parts_of(compose(LETTER, key="k"))["text/calendar"]
    assert file.get_param("method") == "REQUEST"
    assert file.get_filename() == "call.ics"
    assert b"END:VCALENDAR" in bytes_of(file)


def test_html_escapes_what_people_wrote_and_text_does_not() -> None:
    assert "&lt;Fjordbank&gt; &amp; co. need<br>half an hour." in render_html(LETTER)
    assert "<Fjordbank> & co. need\nhalf an hour." in render_text(LETTER)
    assert "https://x.example/p/1/?a=1&b=2" in render_text(LETTER)


def test_html_has_one_button_for_the_main_action() -> None:
    html = render_html(LETTER)
    assert html.count('class="button"') == 1
    assert 'class="button" href="https://x.example/p/1/?a=1&amp;b=2"' in html


def test_short_letter_has_neither_button_nor_headers_it_does_not_need() -> None:
    short = Letter(to="a@b.example", subject="Hello", heading="Hello", paragraphs=("One line.",))
    assert 'class="button"' not in render_html(short)
    assert "List-Unsubscribe" not in compose(short, key="k").message()
    assert render_text(short).split("\n") == ["Hello", "", "One line.", "", "-- ", "RefProgram", "", ""]


def test_layout_speaks_the_letters_language() -> None:
    german = Letter(to="a@b.example", subject="Hallo", heading="Hallo", paragraphs=(), language="de")
    with translation.override("en"):
        assert '<html lang="de">' in render_html(german)
        assert translation.get_language() == "en"


@pytest.mark.django_db
@pytest.mark.parametrize("backend", ["RefusingBackend", "SilentBackend"])
def test_refused_letter_is_tried_again_and_given_up_without_naming_anybody(backend: str, settings: Settings) -> None:
    settings.EMAIL_BACKEND = f"tests.delivery.test_mails.{backend}"
    given_up: list[Payload] = []
    register(give_up=given_up.append)
    message = promise(payload={"match": 12})
    assert not deliver(message.pk)
    message.refresh_from_db()
    assert message.due > timezone.now()
    message = try_until_the_end(message)
    assert message.gave_up_at is not None
    assert message.attempts == 12
    assert "nora" not in message.last_error
    assert given_up == [{"match": 12, "letter": "ask", "key": "ask:1"}]


@pytest.mark.django_db
def test_letter_to_nobody_is_not_taken_for_sent() -> None:
    register(Letter(to="", subject="Hello", heading="Hello", paragraphs=()))
    message = promise()
    assert not deliver(message.pk)
    message.refresh_from_db()
    assert message.last_error == "MailNotSentError: The letter has no address"


@pytest.mark.django_db
def test_letter_of_an_unknown_kind_waits_for_a_version_that_knows_it() -> None:
    message = promise()
    assert not deliver(message.pk)
    message.refresh_from_db()
    assert message.last_error == "UnknownLetterError: No letter is called 'ask'"
    assert try_until_the_end(message).gave_up_at is not None


@pytest.mark.django_db
def test_mail_is_written_into_a_folder_where_settings_say_so(settings: Settings, tmp_path: Path) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = str(tmp_path)
    register()
    deliver(promise().pk)
    written = [each.read_text() for each in tmp_path.iterdir()]
    assert len(written) == 1
    assert message_id("ask:1") in written[0]


@pytest.mark.parametrize("kind", sorted(registered_letters()))
@pytest.mark.parametrize("language", ["en", "de"])
def test_sample_of_every_letter_is_made_without_a_database(kind: str, language: str) -> None:
    with translation.override(language):
        letter = registered_letters()[kind].sample()
    assert letter.heading in render_text(letter)
    assert letter.subject


@pytest.mark.django_db
def test_trial_sends_the_sample_to_whoever_asked(manager: User) -> None:
    register()
    message = send_trial(kind="ask", language="de", to=manager)
    assert manager.email not in str(message.payload)
    assert deliver(message.pk)
    assert mail.outbox[0].to == [manager.email]
    assert LETTER.heading in mail.outbox[0].body
    assert '<html lang="de">' in mail.outbox[0].message().as_string()


@pytest.mark.django_db
def test_trial_is_not_built_for_somebody_who_left(manager: User) -> None:
    payload = {"sample": "trial", "language": "en", "user": manager.pk}
    assert build(payload) is not None
    User.objects.update(is_active=False)
    assert build(payload) is None
    assert build({**payload, "sample": "gone"}) is None
