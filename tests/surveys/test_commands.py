"""The two commands: what they print, and how they end."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from surveys.models import Campaign, Response
from tests.surveys.rows import make_campaign, make_responses

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def wave(tmp_path: Path) -> Path:
    path = tmp_path / "wave.csv"
    path.write_text("score,rating,date,why\n9,1,2026-01-02,Good\n11,2,2026-01-03,\n3,3,2026-01-04,Slow\n")
    return path


def run(*arguments: str) -> str:
    out = StringIO()
    call_command(*arguments, stdout=out)
    return out.getvalue()


def test_import_responses_refuses_what_it_cannot_tell_and_exits_with_one(
    wave: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        run("import_responses", str(wave), "--campaign", "Spring")
    assert ended.value.code == 1
    assert "refused: “score” and “rating” could each be the score." in capsys.readouterr().err
    assert not Campaign.objects.exists()


def test_import_responses_with_columns_named_tells_each_bad_row(wave: Path) -> None:
    told = run("import_responses", str(wave), "--campaign", "Spring", "--score", "score", "--comment", "why")
    assert "wave.csv, line 3, score: “11” lies outside 0 to 10; expected: a whole number from 0 to 10" in told
    assert "score from “score”, day from “date”, comment from “why”" in told
    assert "3 rows read: 2 answers imported, 1 with no valid score, left out." in told
    assert Response.objects.filter(campaign__name="Spring", comment="Slow", score=3).exists()


def test_import_responses_tells_only_so_many_bad_rows(tmp_path: Path) -> None:
    path = tmp_path / "wave.csv"
    path.write_text("nps\n" + "9\n" * 40 + "99\n" * 25)
    told = run("import_responses", str(path), "--campaign", "Spring")
    assert told.count("“99”") == 20
    assert "and 5 more like these" in told


def test_import_responses_dry_run_in_json(wave: Path) -> None:
    told = json.loads(
        run("import_responses", str(wave), "--campaign", "Spring", "--score", "score", "--dry-run", "--json")
    )
    assert (told["created"], told["invalid"], told["dry_run"], told["imported"]) == (2, 1, True, False)
    assert told["columns"]["score"] == "score"
    assert not Response.objects.exists()


def test_import_responses_of_a_missing_file_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        run("import_responses", "nowhere.csv", "--campaign", "Spring")
    assert "There is no file nowhere.csv." in capsys.readouterr().err


def test_nps_of_a_campaign_in_json() -> None:
    campaign = make_campaign("Spring")
    make_responses(campaign, [9] * 24 + [8] * 12 + [0] * 4, attributes={"plan": "pro"})
    make_responses(make_campaign("Other"), [0])
    told: dict[str, Any] = json.loads(run("nps", "--campaign", "Spring", "--by", "plan", "--json"))
    whole = {
        "responses": 40,
        "promoters": 24,
        "passives": 12,
        "detractors": 4,
        "nps": 50.0,
        "interval": [26.05, 67.63],
    }
    assert told == {**whole, "segments": {"pro": whole}}


def test_nps_of_a_campaign_without_answers() -> None:
    make_campaign("Spring")
    told = json.loads(run("nps", "--campaign", "Spring", "--json"))
    assert (told["responses"], told["nps"], told["interval"]) == (0, None, None)
    assert "Spring" in run("nps", "--campaign", "Spring")


def test_nps_as_a_table() -> None:
    campaign = make_campaign("Spring")
    make_responses(campaign, [9] * 24 + [8] * 12 + [0] * 4, attributes={"plan": "pro"})
    make_responses(campaign, [9] * 5, attributes={"plan": "new"})
    lines = run("nps", "--campaign", "Spring", "--by", "plan").splitlines()
    assert lines[2].split() == ["new", "5", "5", "0", "0", "100.00", "13", "…", "100", "too", "few", "to", "say"]
    assert lines[3].split() == ["pro", "40", "24", "12", "4", "50.00", "26", "…", "68"]


def test_nps_of_nothing_known_says_what_there_is() -> None:
    with pytest.raises(CommandError, match="no campaign “Spring”"):
        run("nps", "--campaign", "Spring")
    make_responses(make_campaign("Spring"), [9], attributes={"plan": "pro"})
    with pytest.raises(CommandError, match="Its attributes: plan"):
        run("nps", "--campaign", "Spring", "--by", "color")
