"""Mails on pages: each as it looks, in a frame where nothing but its own style can act."""

import base64
import hashlib
import re

import pytest
from django.core import mail
from django.test import Client

from delivery.mails import registered_letters
from delivery.models import OutboxMessage
from delivery.outbox import deliver
from tests.web.conftest import LogIn, read_page
from users.models import User


@pytest.fixture
def client(manager: User, log_in: LogIn) -> Client:
    return log_in(manager)


def test_list_has_every_letter(client: Client) -> None:
    links = {each["href"] for each in read_page(client.get("/setup/mails/").content.decode()).all("a")}
    assert links >= {f"/setup/mails/{kind}/" for kind in registered_letters()}


@pytest.mark.parametrize("kind", sorted(registered_letters()))
@pytest.mark.parametrize("language", ["en", "de"])
def test_letter_is_shown_in_both_parts(kind: str, language: str, client: Client) -> None:
    response = client.get(f"/setup/mails/{kind}/?language={language}")
    page = read_page(response.content.decode())
    (frame,) = page.all("iframe")
    assert frame["src"] == f"/setup/mails/{kind}/html/?language={language}"
    assert "sandbox" in frame
    assert not frame["sandbox"]
    assert response.context["sample"].heading in page.text
    assert f'<html lang="{language}">' in client.get(str(frame["src"])).content.decode()


def test_letter_in_a_language_we_do_not_speak_is_english(client: Client) -> None:
    assert client.get("/setup/mails/trial/?language=xx").context["language"] == "en"


def test_letter_may_be_framed_by_us_alone_and_only_its_own_style_acts(client: Client) -> None:
    response = client.get("/setup/mails/trial/html/")
    policy = response["Content-Security-Policy"]
    style = re.search(r"<style>(.*?)</style>", response.content.decode(), re.DOTALL)
    assert style is not None
    digest = base64.b64encode(hashlib.sha256(style.group(1).encode()).digest()).decode()
    assert f"default-src 'none'; style-src 'sha256-{digest}';" in policy
    assert "frame-ancestors 'self'" in policy
    assert policy.endswith("sandbox")
    assert response["X-Frame-Options"] == "SAMEORIGIN"
    assert 'style="' not in response.content.decode()


@pytest.mark.parametrize("path", ["", "html/"])
def test_letter_that_nobody_writes_is_not_found(path: str, client: Client) -> None:
    assert client.get(f"/setup/mails/nothing/{path}").status_code == 404
    assert client.post("/setup/mails/nothing/trial/").status_code == 404


def test_sample_is_sent_to_whoever_asks(client: Client, manager: User) -> None:
    response = client.post("/setup/mails/trial/trial/", {"language": "de"})
    assert response["Location"] == "/setup/mails/trial/?language=de"
    assert deliver(OutboxMessage.objects.get().pk)
    assert [each.to for each in mail.outbox] == [[manager.email]]
