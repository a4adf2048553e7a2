"""Real exports of six surveys, read without being told anything, give the scores that were computed beside them."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from surveys.importing import import_responses, inspect_file, name_columns
from surveys.models import Response

DATA = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "nps"
ANSWERS: dict[str, Any] = (
    json.loads((DATA / "nps_answers.json").read_text(encoding="utf-8")) if (DATA / "nps_answers.json").exists() else {}
)
PRESENT = sorted(name for name in ANSWERS if (DATA / name).exists())
COUNTS = ("responses", "promoters", "passives", "detractors", "nps")
pytestmark = pytest.mark.skipif(not PRESENT, reason="the exports are not here")


@pytest.mark.parametrize("name", PRESENT)
def test_columns_are_found(name: str) -> None:
    table, columns = inspect_file(DATA / name)
    found = name_columns(table, columns)
    expected = {"score": "score_column", "day": "date_column", "comment": "comment_column"}
    assert {key: found.get(key) for key in expected} == {key: ANSWERS[name][told] for key, told in expected.items()}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("name", PRESENT)
def test_scores_agree_whole_and_by_segment(name: str) -> None:
    expected = ANSWERS[name]
    report = import_responses(DATA / name, campaign="Wave")
    assert not report.is_refused, report.summarize()
    assert report.rows == expected["rows"]
    assert report.skipped + report.invalid == expected["blank_or_invalid"]
    assert {str(score): report.scores.get(score, 0) for score in range(11)} == expected["histogram"]
    told = _ask()
    assert [told[key] for key in COUNTS] == [expected[key] for key in COUNTS]
    for segment, values in (expected.get("by_segment") or {}).items():
        found = _ask("--by", segment)["segments"]
        wanted = {value: [each[key] for key in COUNTS] for value, each in values.items()}
        assert {value: [each[key] for key in COUNTS] for value, each in found.items()} == wanted, segment
    again = import_responses(DATA / name, campaign="Wave")
    assert (again.created, again.updated, again.unchanged) == (0, 0, expected["responses"])
    assert Response.objects.count() == expected["responses"]


def _ask(*options: str) -> dict[str, Any]:
    out = StringIO()
    call_command("nps", "--campaign", "Wave", "--json", *options, stdout=out)
    found: dict[str, Any] = json.loads(out.getvalue())
    return found
