"""The score by API: of everybody, with how sure it is, and none of a group that is too small."""

import pytest

from surveys.models import Benchmark
from tests.api.conftest import client_of, codes
from tests.surveys.rows import make_campaign, make_responses
from users.models import User

URL = "/api/v1/nps/"


def test_score_comes_with_interval_chances_distribution_and_benchmarks(rep: User) -> None:
    survey = make_campaign()
    make_responses(survey, [10] * 20 + [8] * 10 + [3] * 10)
    for day, nps in (("2026-01-01", "90"), ("2025-01-01", "0")):
        Benchmark.objects.create(name="Market", kind="market", nps=nps, on=day)
    answer = client_of(rep).get(URL, {"campaign": survey.pk}).json()
    score = answer["score"]
    assert (score["nps"], score["score_band"], score["sample"]) == (25.0, "good", "reliable")
    assert score["interval"]["low"] < 25 < score["interval"]["high"]
    assert sum(answer["chances"].values()) == pytest.approx(1)
    assert (answer["distribution"]["10"], answer["distribution"]["0"]) == (20, 0)
    assert [(each["points"], each["verdict"]) for each in answer["benchmarks"]] == [(-65.0, "below")]


def test_few_answers_show_no_score(manager: User) -> None:
    make_responses(make_campaign(), [10] * 9)
    answer = client_of(manager).get(URL).json()
    assert answer["score"] == {
        "responses": 9, "promoters": None, "passives": None, "detractors": None, "nps": None, "score_band": None,
        "interval": None, "sample": "hidden",
    }  # fmt: skip
    assert (answer["distribution"], answer["chances"]) == (None, None)


def test_segments_are_of_an_attribute_and_trend_of_months(rep: User) -> None:
    survey = make_campaign()
    make_responses(survey, [10] * 12, attributes={"plan": "Pro"}, answered_on="2026-03-02")
    make_responses(survey, [2] * 12, attributes={"plan": "Free"}, answered_on="2026-04-02")
    make_responses(survey, [2] * 3, attributes={"plan": "Trial"}, answered_on=None)
    answer = client_of(rep).get(f"{URL}segments/", {"by": "plan"}).json()
    assert [(each["value"], each["score"]["nps"]) for each in answer["segments"]] == [
        ("Free", -100.0), ("Pro", 100.0), ("Trial", None),
    ]  # fmt: skip
    assert answer["segments"][0]["difference"]["is_significant"] is True
    trend = client_of(rep).get(f"{URL}trend/").json()
    assert [(each["period"], each["score"]["nps"]) for each in trend["periods"]] == [
        ("2026-03", 100.0), ("2026-04", -100.0),
    ]  # fmt: skip
    assert trend["undated"] == 3


@pytest.mark.parametrize(
    "path, query, status, code",
    [
        ("", {"contact": "1"}, 400, "unknown_parameter"),
        ("", {"campaign": "x"}, 400, "invalid"),
        ("trend/", {"unit": "day"}, 400, "invalid_choice"),
        ("segments/", {"by": "mood"}, 422, "unknown_segment"),
    ],
)
def test_question_that_makes_no_sense_is_refused(
    rep: User, path: str, query: dict[str, str], status: int, code: str
) -> None:
    response = client_of(rep).get(URL + path, query)
    assert (response.status_code, codes(response)[0][0]) == (status, code)
