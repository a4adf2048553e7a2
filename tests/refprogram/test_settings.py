"""Settings: all of them documented, safe by default, and the databases tuned as promised."""

import os
import re
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection, connections
from pytest_django import Settings

ROOT = Path(__file__).resolve().parents[2]
_READ = re.compile(r"""env\.\w+\(\s*"([A-Z_]+)\"""")
_READ_BY_SERVER = re.compile(r"""environ\.get\("([A-Z_]+)\"""")
_DOCUMENTED = re.compile(r"^\| `([A-Z_]+)`", re.MULTILINE)


def ask_settings(expression: str, folder: Path, **environment: str) -> str:
    """Give `expression` as a fresh process with only these settings prints it."""
    code = f"from django.conf import settings; print({expression})"
    clean = {"PATH": os.environ["PATH"], "DJANGO_SETTINGS_MODULE": "refprogram.settings", "VAR_DIR": str(folder)}
    line = [sys.executable, "-c", code]
    result = subprocess.run(line, cwd=ROOT, env={**clean, **environment}, capture_output=True, text=True, check=True)
    return result.stdout.strip()


def test_every_setting_is_documented_and_every_documented_one_exists() -> None:
    read = set(_READ.findall((ROOT / "refprogram/settings.py").read_text()))
    read |= set(_READ_BY_SERVER.findall((ROOT / "refprogram/serve.py").read_text()))
    documented = set(_DOCUMENTED.findall((ROOT / "docs/operations.md").read_text()))
    assert len(read) > 15
    assert read == documented


def test_settings_are_safe_by_default(tmp_path: Path) -> None:
    names = "DEBUG SESSION_COOKIE_SECURE CSRF_COOKIE_SECURE SECURE_SSL_REDIRECT SESSION_COOKIE_HTTPONLY AXES_ENABLED"
    values = ask_settings(f"[getattr(settings, name, True) for name in '{names}'.split()]", tmp_path)
    assert values == "[False, True, True, True, True, True]"


def test_secret_key_is_made_once_and_kept_from_others(tmp_path: Path) -> None:
    first = ask_settings("settings.SECRET_KEY", tmp_path)
    second = ask_settings("settings.SECRET_KEY", tmp_path)
    assert first == second
    assert len(first) >= 50
    assert stat.S_IMODE((tmp_path / "secret_key").stat().st_mode) == 0o600


def test_secret_key_from_the_environment_is_not_kept(tmp_path: Path) -> None:
    assert ask_settings("settings.SECRET_KEY", tmp_path, SECRET_KEY="given") == "given"
    assert not (tmp_path / "secret_key").exists()


def test_broker_options_follow_the_broker(tmp_path: Path) -> None:
    ask = "sorted(settings.CELERY_BROKER_TRANSPORT_OPTIONS)"
    assert "data_folder_in" in ask_settings(ask, tmp_path)
    assert "visibility_timeout" in ask_settings(ask, tmp_path, CELERY_BROKER_URL="redis://localhost")
    assert "data_folder_in" not in ask_settings(ask, tmp_path, CELERY_BROKER_URL="amqp://localhost")


def test_mail_goes_where_settings_say(tmp_path: Path) -> None:
    ask = "settings.EMAIL_BACKEND, settings.EMAIL_FILE_PATH, settings.ANYMAIL"
    console = "django.core.mail.backends.console.EmailBackend"
    assert ask_settings(ask, tmp_path).split()[0] == console
    assert f"{tmp_path}/mails" in ask_settings(ask, tmp_path, EMAIL_URL="filemail:///mails")
    assert "/srv/mails" in ask_settings(ask, tmp_path, EMAIL_URL="filemail:////srv/mails").split()
    provider = {"EMAIL_BACKEND": "anymail.backends.postmark.EmailBackend", "ANYMAIL_POSTMARK_SERVER_TOKEN": "t"}
    given = "anymail.backends.postmark.EmailBackend", "{'POSTMARK_SERVER_TOKEN': 't'}"
    answer = ask_settings(ask, tmp_path, **provider)
    assert all(each in answer for each in given)


@pytest.mark.django_db
def test_sqlite_is_tuned_for_several_processes(settings: Settings) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("DATABASE_URL names another database")
    found = {}
    with connection.cursor() as cursor:
        for pragma in ("journal_mode", "synchronous", "busy_timeout", "foreign_keys"):
            found[pragma] = cursor.execute(f"PRAGMA {pragma}").fetchone()[0]
    assert found == {"journal_mode": "wal", "synchronous": 1, "busy_timeout": 20_000, "foreign_keys": 1}
    assert settings.DATABASES["default"]["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
    assert settings.DATABASES["pool"]["OPTIONS"]["transaction_mode"] == "DEFERRED"


@pytest.mark.django_db(transaction=True, databases=["default", "pool"])
def test_pool_database_on_postgresql_reads_one_snapshot_and_cannot_write() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("DATABASE_URL names another database")
    with connections["pool"].cursor() as cursor:
        for setting, value in (("transaction_isolation", "repeatable read"), ("transaction_read_only", "on")):
            cursor.execute(f"SHOW {setting}")
            assert cursor.fetchone() == (value,)
