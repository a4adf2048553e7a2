"""The command that makes a key."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from users.authentication import ApiKeyAuthentication
from users.models import ApiKey, User


def run(*arguments: str) -> tuple[str, str]:
    out, err = StringIO(), StringIO()
    call_command("create_api_key", *arguments, stdout=out, stderr=err)
    return out.getvalue().strip(), err.getvalue()


def test_command_prints_a_secret_that_logs_in(marketer: User) -> None:
    secret, words = run("MARKETER@example.test", "--name", "Site")
    user, key = ApiKeyAuthentication().authenticate_credentials(secret.encode())
    assert user == marketer
    assert key.scopes == ["content:read", "pool:read"]
    assert 364 <= (key.expiry - timezone.now()).days <= 365
    assert "Site" in words
    assert secret not in words


def test_command_takes_scopes_and_no_end(marketer: User) -> None:
    run(marketer.email, "--scope", "contacts:read", "--days", "0")
    key = ApiKey.objects.get()
    assert key.scopes == ["contacts:read"]
    assert key.expiry is None


@pytest.mark.parametrize("arguments", [("nobody@example.test",), ("marketer@example.test", "--days", "-1")])
def test_command_refuses_in_words(arguments: tuple[str, ...], marketer: User) -> None:
    with pytest.raises(CommandError):
        run(*arguments)
    assert not ApiKey.objects.exists()
