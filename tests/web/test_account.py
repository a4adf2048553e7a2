"""Logging in and out, the first start, the lock, and light or dark."""

import pytest
from django.conf import LazySettings
from django.test import Client

from tests.web.conftest import LogIn, read_page
from users.enums import Role
from users.models import User

WELCOME = {"name": "Ada", "email": "ada@example.test", "password": "three unusual words"}


@pytest.mark.django_db
def test_every_page_leads_a_fresh_installation_to_the_first_start() -> None:
    for address in ("/", "/pool/", "/setup/import/", "/login/"):
        assert Client().get(address, follow=True).redirect_chain[-1][0] == "/welcome/", address


@pytest.mark.django_db
def test_welcome_makes_the_administrator_and_logs_in() -> None:
    client = Client()
    response = client.post("/welcome/", WELCOME)
    assert response["Location"] == "/setup/import/"
    user = User.objects.get()
    assert (user.role, user.email, user.is_superuser) == (Role.ADMIN, "ada@example.test", True)
    assert client.get("/").status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize("password", ["short", "123456789012345", "ada@example.test"])
def test_welcome_refuses_weak_passwords(password: str) -> None:
    response = Client().post("/welcome/", {**WELCOME, "password": password})
    assert response.status_code == 200
    assert not User.objects.exists()


def test_welcome_is_over_once_someone_exists(rep: User) -> None:
    assert Client().get("/welcome/")["Location"] == "/login/"
    assert Client().post("/welcome/", WELCOME)["Location"] == "/login/"
    assert User.objects.count() == 1


def test_login_goes_on_to_the_page_asked_for(rep: User) -> None:
    response = Client().post("/login/", {"username": "REP@example.test", "password": "correct horse", "next": "/pool/"})
    assert response["Location"] == "/pool/"


def test_login_never_goes_on_to_another_site(rep: User) -> None:
    given = {"username": rep.email, "password": "correct horse", "next": "https://evil.test/"}
    assert Client().post("/login/", given)["Location"] == "/"


def test_login_says_what_is_wrong(rep: User) -> None:
    page = read_page(Client().post("/login/", {"username": rep.email, "password": "no"}).content.decode())
    assert "do not go together" in page.text


def test_a_session_that_ended_takes_the_whole_page_to_log_in_and_back(rep: User) -> None:
    headers = {"HX-Request": "true", "HX-Target": "answer", "HX-Current-URL": "http://testserver/?q=a+bank"}
    response = Client().get("/?q=a+bank&tab=stories", headers=headers, follow=True)
    assert response["HX-Redirect"] == "/login/?next=%2F%3Fq%3Da%2Bbank"
    assert response.content == b""


def test_login_locks_after_too_many_attempts(rep: User, settings: LazySettings) -> None:
    settings.AXES_ENABLED = True
    client = Client()
    wrong = {"username": rep.email, "password": "no"}
    answers = [client.post("/login/", wrong) for _ in range(settings.AXES_FAILURE_LIMIT + 1)]
    assert answers[0].status_code == 200
    assert answers[-1].status_code == 429
    assert "Too many attempts" in answers[-1].content.decode()
    right = client.post("/login/", {"username": rep.email, "password": "correct horse"})
    assert right.status_code == 429


def test_logout_is_by_post_only(rep: User, log_in: LogIn) -> None:
    client = log_in(rep)
    assert client.get("/logout/").status_code == 405
    assert client.get("/").status_code == 200
    client.post("/logout/")
    assert client.get("/").status_code == 302


def test_theme_is_kept_in_a_cookie_and_shown(rep: User, log_in: LogIn) -> None:
    client = log_in(rep)
    assert client.post("/theme/", {"theme": "dark", "next": "/pool/"})["Location"] == "/pool/"
    assert read_page(client.get("/").content.decode()).all("html")[0]["data-bs-theme"] == "dark"
    client.post("/theme/", {"theme": "system"})
    assert "data-bs-theme" not in read_page(client.get("/").content.decode()).all("html")[0]


def test_theme_goes_back_to_this_site_only(rep: User, log_in: LogIn) -> None:
    assert log_in(rep).post("/theme/", {"theme": "dark", "next": "//evil.test/"})["Location"] == "/"


def test_unknown_page_is_told_kindly(rep: User, log_in: LogIn) -> None:
    response = log_in(rep).get("/no/such/page/")
    assert response.status_code == 404
    assert "There is nothing here" in response.content.decode()


def test_settings_are_ones_own(rep: User, manager: User, log_in: LogIn) -> None:
    client = log_in(rep)
    saved = {"name": "Robin R.", "time_zone": "Europe/Oslo", "deputy": manager.pk}
    assert client.post("/settings/", saved).status_code == 302
    rep.refresh_from_db()
    assert (rep.name, rep.time_zone, rep.deputy) == ("Robin R.", "Europe/Oslo", manager)
    assert "selected>Europe/Oslo" in client.get("/settings/").content.decode()


def test_settings_refuse_an_unknown_zone_and_oneself_as_deputy(rep: User, log_in: LogIn) -> None:
    client = log_in(rep)
    assert client.post("/settings/", {"name": "", "time_zone": "Mars/Olympus"}).status_code == 422
    assert client.post("/settings/", {"name": "", "time_zone": "UTC", "deputy": rep.pk}).status_code == 422
    rep.refresh_from_db()
    assert rep.deputy is None
