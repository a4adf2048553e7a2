"""The command that ends keys."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from rest_framework.exceptions import AuthenticationFailed

from users.authentication import ApiKeyAuthentication
from users.models import User
from users.services import create_api_key


def works(secret: str) -> bool:
    try:
        ApiKeyAuthentication().authenticate_credentials(secret.encode())
    except AuthenticationFailed:
        return False
    return True


def run(*arguments: str) -> str:
    out = StringIO()
    call_command("revoke_api_key", *arguments, stdout=out)
    return out.getvalue()


@pytest.mark.parametrize("length", [8, 15, 100])
def test_key_named_by_how_it_starts_is_ended_and_no_other(length: int, rep: User) -> None:
    secrets = [create_api_key(user=rep, name=name, scopes=["pool:read"])[1] for name in ("One", "Two")]
    assert "One" in run(secrets[0][:length])
    assert [works(secret) for secret in secrets] == [False, True]


def test_all_keys_of_a_user_are_ended(rep: User, outsider: User) -> None:
    theirs = [create_api_key(user=rep, name="x", scopes=["pool:read"])[1] for _ in range(2)]
    other = create_api_key(user=outsider, name="x", scopes=["pool:read"])[1]
    run("--all-of", "REP@example.test")
    assert [works(secret) for secret in (*theirs, other)] == [False, False, True]


@pytest.mark.parametrize("arguments", [("rp_",), ("rp_nothing",), ("--all-of", "nobody@example.test"), ()])
def test_command_refuses_in_words(arguments: tuple[str, ...], rep: User) -> None:
    secret = create_api_key(user=rep, name="x", scopes=["pool:read"])[1]
    with pytest.raises(CommandError):
        run(*arguments)
    assert works(secret)
