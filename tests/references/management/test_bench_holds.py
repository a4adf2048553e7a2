"""`manage.py bench_holds`: a small contest of real processes, its control, and how both exit."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[3]
POSTGRES = os.environ.get("DATABASE_URL", "")
DATABASES = ["sqlite", pytest.param("postgres", marks=pytest.mark.services)]


@pytest.fixture(params=DATABASES)
def database(request: pytest.FixtureRequest) -> str:
    if request.param == "postgres" and not POSTGRES.startswith("postgres"):
        pytest.skip("needs DATABASE_URL to name PostgreSQL")
    return POSTGRES if request.param == "postgres" else "sqlite"


def compete(*options: str) -> tuple[int, str]:
    """Run the command; gives its exit code and what it printed."""
    line = [sys.executable, "manage.py", "bench_holds", *options]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST")}
    done = subprocess.run(line, cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=120)
    return done.returncode, done.stdout + done.stderr


def test_contest_breaks_nothing_and_its_control_does(database: str) -> None:
    small = ("--people", "3", "--salespeople", "6", "--rounds", "3", "--database", database)
    code, printed = compete(*small, "--json")
    assert code == 0, printed
    found: dict[str, Any] = json.loads(printed)
    assert found["attempts"] == 6 * 3 * 3
    assert found["taken"] + found["refused"] == found["attempts"]
    assert found["taken"] > 0
    assert found["refused"] > 0
    assert (found["caps_broken"], found["lost"], found["doubled"], found["errors"]) == ({}, 0, 0, {})

    code, printed = compete(*small, "--no-lock")
    assert code == 0, printed
    assert "control: caps broken 0" not in printed
    assert "control: caps broken" in printed


def test_database_out_of_reach_is_said() -> None:
    code, printed = compete("--database", "postgres://postgres@127.0.0.1:1/postgres")
    assert code == 2
    assert "cannot be used" in printed
