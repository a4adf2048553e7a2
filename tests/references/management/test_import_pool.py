"""`manage.py import_pool`: what it prints, and how it exits."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from django.core.management import CommandError, call_command

from references.models import Customer
from tests.references.importing.files import write_csv

ROOT = Path(__file__).parents[3]


def run(*arguments: object) -> int:
    """Run the command here; gives what it exits with."""
    try:
        call_command("import_pool", *map(str, arguments))
    except SystemExit as exit_:
        return int(str(exit_.code))
    except CommandError as error:
        return error.returncode
    return 0


@pytest.mark.django_db
def test_command_imports_files(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    one = write_csv(tmp_path, {"customer": "Acme"}, name="one.csv")
    two = write_csv(tmp_path, {"customer": "Beta"}, name="two.csv")
    assert run(one, two) == 0
    assert Customer.objects.count() == 2
    assert "one.csv: 1 rows read: created 1 customers." in capsys.readouterr().out


@pytest.mark.django_db
def test_command_tries_out(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(write_csv(tmp_path, {"customer": "Acme"}), "--dry-run") == 0
    assert "would have created 1 customers" in capsys.readouterr().out
    assert not Customer.objects.exists()


@pytest.mark.django_db
def test_command_lists_every_bad_row_and_exits_with_two(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = write_csv(tmp_path, {"customer": "Acme", "nps": "12"}, {"customer": "", "nps": "1"})
    assert run(path) == 2
    told = capsys.readouterr().err
    assert "line 2, nps: “12”" in told
    assert "line 3, customer:" in told
    assert "refused" in told
    assert not Customer.objects.exists()


@pytest.mark.django_db
def test_command_leaves_bad_rows_out_when_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = write_csv(tmp_path, {"customer": "Acme", "nps": "12"}, {"customer": "Beta", "nps": "1"})
    assert run(path, "--skip-bad-rows") == 0
    assert "1 bad rows were left out" in capsys.readouterr().out
    assert Customer.objects.get().name == "Beta"


@pytest.mark.django_db
def test_command_prints_one_json_object_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = write_csv(tmp_path, {"customer": "Acme"})
    assert run(path, tmp_path / "none.csv", "--json") == 2
    good, bad = map(json.loads, capsys.readouterr().out.splitlines())
    assert (good["imported"], good["counts"]["customers"]["created"], good["refusal"]) == (True, 1, None)
    assert (bad["imported"], bad["refusal"]["code"]) == (False, "missing")


@pytest.mark.django_db
def test_command_applies_a_mapping_file(tmp_path: Path) -> None:
    path = write_csv(tmp_path, {"Firm": "Acme"})
    mapping = tmp_path / "mapping.json"
    mapping.write_text('{"Firm": "customer"}')
    assert run(path, "--mapping", mapping) == 0
    assert run(path, "--mapping", tmp_path / "none.json") == 2
    mapping.write_text("{")
    assert run(path, "--mapping", mapping) == 2


@pytest.mark.parametrize("state", ["unmigrated", "unreachable"])
def test_command_tells_of_a_database_it_cannot_use(tmp_path: Path, state: str) -> None:
    path = write_csv(tmp_path, {"customer": "Acme", "email": "ana@acme.test"})
    database = tmp_path / "no" / "folder" / "db.sqlite3" if state == "unreachable" else tmp_path / "db.sqlite3"
    environment: dict[str, Any] = {**os.environ, "DATABASE_URL": f"sqlite:///{database}"}
    done = subprocess.run(
        [sys.executable, "manage.py", "import_pool", str(path)],
        cwd=ROOT, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 2
    assert "The database cannot be used" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.django_db
def test_command_imports_lists_of_customers_before_those_they_join(tmp_path: Path) -> None:
    people = write_csv(tmp_path, {"FirstName": "Ana", "Email": "ana@acme.test", "AccountId": "001"}, name="people.csv")
    accounts = write_csv(tmp_path, {"Id": "001", "Name": "Acme", "Industry": "Energy"}, name="accounts.csv")
    assert run(people, tmp_path / "none.csv") == 2
    assert run(people, accounts) == 0
    assert Customer.objects.get().contacts.get().email == "ana@acme.test"


@pytest.mark.django_db(transaction=True)
def test_command_takes_an_encoding(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "pool.csv"
    path.write_bytes("customer;country\nIşık;Türkiye\n".encode("cp1254"))
    assert run(path, "--encoding", "cp1254") == 0
    assert Customer.objects.get().name == "Işık"
    assert run(path, "--encoding", "no-such") == 2
    assert "cannot be read as no-such" in capsys.readouterr().err


@pytest.mark.django_db(transaction=True)
def test_command_takes_a_sheet(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "pool.xlsx"
    workbook = xlsxwriter.Workbook(str(path))
    for name, customer in (("One", "Acme"), ("Two", "Beta")):
        sheet = workbook.add_worksheet(name)
        sheet.write_column(0, 0, ["customer", customer])
    workbook.close()
    assert run(path, "--sheet", "Two") == 0
    assert Customer.objects.get().name == "Beta"
    assert run(path, "--sheet", "Three") == 2
    assert "It has “One”, “Two”." in capsys.readouterr().err
