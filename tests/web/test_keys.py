"""API keys on pages: made with a secret shown once, replaced without a gap, ended at once."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from rest_framework.test import APIClient

from tests.conftest import make_user
from tests.web.conftest import LogIn, read_page
from users.enums import Role
from users.models import ApiKey, User
from users.services import create_api_key
from web.account.keys import tell_moment

LIST = "/settings/keys/"


@pytest.fixture
def client(rep: User, log_in: LogIn) -> Client:
    return log_in(rep)


def make(user: User, name: str = "CRM", days: int = 100) -> tuple[ApiKey, str]:
    expires = timezone.now() + timedelta(days=days)
    return create_api_key(user=user, name=name, scopes=["pool:read"], expires=expires)


def calls(secret: str) -> int:
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {secret}")
    return client.get("/api/v1/tags/").status_code


def secret_on(page: str) -> str:
    return next(str(each["data-copy"]) for each in read_page(page).all("button") if each.get("data-copy"))


def test_key_is_made_and_its_secret_shown_this_once(client: Client, rep: User) -> None:
    response = client.post(f"{LIST}add/", {"name": "CRM", "scopes": ["pool:read"], "days": "90"})
    secret = secret_on(response.content.decode())
    assert calls(secret) == 200
    key = ApiKey.objects.get()
    assert (key.user, key.name, key.scopes) == (rep, "CRM", ["pool:read"])
    assert key.expiry is not None
    assert (key.expiry - timezone.now()).days == 89
    assert "no-store" in response["Cache-Control"]
    listed = client.get(LIST).content.decode()
    assert key.token_key in listed
    assert secret not in listed


def test_key_may_only_what_its_user_can_use(client: Client, manager: User, log_in: LogIn) -> None:
    response = client.post(f"{LIST}add/", {"name": "CRM", "scopes": ["policy:write"], "days": "90"})
    assert response.status_code == 422
    assert not ApiKey.objects.exists()
    response = log_in(manager).post(f"{LIST}add/", {"name": "CRM", "scopes": ["policy:write"], "days": ""})
    assert response.status_code == 200
    assert ApiKey.objects.get().expiry is None


def test_replaced_key_works_on_for_a_while(client: Client, rep: User) -> None:
    old, old_secret = make(rep)
    response = client.post(reverse("web:api-key-replace", args=[old.token_key]), {"hours": "24"})
    new_secret = secret_on(response.content.decode())
    assert (calls(old_secret), calls(new_secret)) == (200, 200)
    ApiKey.objects.filter(pk=old.pk).update(expiry=timezone.now())
    assert (calls(old_secret), calls(new_secret)) == (401, 200)
    response = client.post(reverse("web:api-key-replace", args=[old.token_key]), {"hours": "24"})
    assert response.status_code == 422


def test_key_is_ended_after_asking(client: Client, rep: User) -> None:
    key, secret = make(rep)
    address = reverse("web:api-key-end", args=[key.token_key])
    assert "CRM" in client.get(address).content.decode()
    assert calls(secret) == 200
    assert client.post(address).status_code == 302
    assert calls(secret) == 401


def test_administrator_sees_and_ends_everybodys_and_replaces_only_their_own(rep: User, log_in: LogIn) -> None:
    key, _secret = make(rep)
    admin = log_in(make_user(Role.ADMIN, "admin@example.test"))
    assert "Robin Rep" in admin.get(LIST).content.decode()
    assert admin.post(reverse("web:api-key-replace", args=[key.token_key]), {"hours": "24"}).status_code == 404
    assert admin.post(reverse("web:api-key-end", args=[key.token_key])).status_code == 302
    key.refresh_from_db()
    assert key.expiry is not None
    assert key.expiry <= timezone.now()


def test_others_see_their_own_alone(client: Client, manager: User) -> None:
    key, _secret = make(manager, "Secret plans")
    assert "Secret plans" not in client.get(f"{LIST}?state=all").content.decode()
    for name in ("api-key-replace", "api-key-end"):
        assert client.post(reverse(f"web:{name}", args=[key.token_key]), {"hours": "24"}).status_code == 404


def test_list_is_narrowed_by_state_and_word(client: Client, rep: User) -> None:
    make(rep, "CRM")
    ended, _secret = make(rep, "Script")
    ApiKey.objects.filter(pk=ended.pk).update(expiry=timezone.now())

    def shown(query: str = "") -> list[str]:
        return [key.name for key, *_rest in client.get(LIST + query).context["lines"]]

    assert shown() == ["CRM"]
    assert shown("?state=ended") == ["Script"]
    assert set(shown("?state=all")) == {"CRM", "Script"}
    assert shown("?state=all&search=scr") == ["Script"]
    assert shown(f"?state=all&search={ended.token_key}") == ["Script"]


def test_page_says_how_many_calls_are_allowed(client: Client) -> None:
    assert "600 calls a minute" in read_page(client.get(LIST).content.decode()).text


def test_last_use_is_told_as_people_say_it() -> None:
    now = datetime(2027, 3, 4, 23, 30, tzinfo=ZoneInfo("UTC"))
    with timezone.override("Europe/Berlin"):  # where the 5th has begun
        assert tell_moment(None, now) == "never"
        assert tell_moment(now - timedelta(minutes=10), now) == "today 00:20"
        assert tell_moment(now - timedelta(hours=2), now) == "yesterday 22:30"
        assert tell_moment(now - timedelta(days=9), now) == "24 Feb 00:30"
        assert tell_moment(now - timedelta(days=400), now) == "29 Jan 2026 00:30"
