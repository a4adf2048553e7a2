"""Django's admin of users: made by e-mail address, made inactive rather than deleted, keys withdrawn."""

import pytest
from django.test import Client
from django.urls import reverse

from users.models import ApiKey, User
from users.services import create_api_key


@pytest.fixture
def browser(db: None) -> Client:
    client = Client()
    administrator = User.objects.create_superuser("ada@example.test", "correct horse")
    client.force_login(administrator, backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_user_is_added_by_address(browser: Client) -> None:
    address = reverse("admin:users_user_add")
    assert browser.get(address).status_code == 200
    data = {
        "email": "new@example.test",
        "name": "Nell New",
        "role": "manager",
        "team": "",
        "usable_password": "true",
        "password1": "unlikely horse staple",
        "password2": "unlikely horse staple",
    }
    assert browser.post(address, data).status_code == 302
    user = User.objects.get(email="new@example.test")
    assert user.role == "manager"
    assert user.check_password("unlikely horse staple")
    assert browser.get(reverse("admin:users_user_change", args=[user.pk])).status_code == 200


def test_user_is_not_deleted(browser: Client, rep: User) -> None:
    browser.post(reverse("admin:users_user_changelist"), {"action": "delete_selected", "_selected_action": [rep.pk]})
    assert User.objects.filter(pk=rep.pk).exists()


def test_key_is_seen_without_its_hash_and_withdrawn(browser: Client, rep: User) -> None:
    key, _ = create_api_key(user=rep, name="script", scopes=["pool:read"])
    page = browser.get(reverse("admin:users_apikey_change", args=[key.pk]))
    assert page.status_code == 200
    assert key.digest not in page.content.decode().replace(f"/{key.digest}/", "")
    browser.post(reverse("admin:users_apikey_delete", args=[key.pk]), {"post": "yes"})
    assert not ApiKey.objects.exists()
