"""The columns of exports nobody has seen: found by heading and value, refused where two are as good."""

import csv
from pathlib import Path

import pytest

from references.importing.errors import ImportRefusedError
from references.importing.readers import open_table
from surveys.columns import Columns, GivenColumns, count_label_rows, guess_columns, observe
from tests.surveys.exports import ALL, QUALTRICS, SURVEY_MONKEY

Rows = list[list[str]]


def find(headings: list[str], rows: Rows, given: GivenColumns | None = None) -> Columns:
    facts, labels = observe(headings, rows)
    return guess_columns(facts, labels, given)


def name(headings: list[str], place: int | None) -> str | None:
    return None if place is None else headings[place]


@pytest.mark.parametrize(
    ("tool", "score", "day", "comment", "person"),
    [
        ("delighted", "Score", "Created At", "Comment", {"name": "Name", "email": "Email"}),
        (
            "survey_monkey",
            "How likely is it that you would recommend Halvenor to a friend or colleague?",
            "End Date",
            "What is the main reason for your score?",
            {"email": "Email Address", "first_name": "First Name", "last_name": "Last Name"},
        ),
        (
            "typeform",
            "How likely are you to recommend Halvenor to a friend?",
            "Submit Date (UTC)",
            "What could we do better to earn a higher score?",
            {},
        ),
        (
            "qualtrics",
            "On a scale from 0-10, how likely are you to recommend Halvenor?",
            "End Date",
            "Why did you give that score?",
            {
                "email": "Recipient Email",
                "external_id": "External Data Reference",
                "first_name": "Recipient First Name",
                "last_name": "Recipient Last Name",
            },
        ),
        (
            "google_forms",
            "How likely are you to recommend us to a colleague? (0–10)",
            "Timestamp",
            "Any other comments?",
            {"email": "Email Address"},
        ),
        (
            "zendesk",
            "Rating",
            "Responded at",
            "Comment",
            {"name": "Name", "email": "Email", "customer": "Organization"},
        ),
        (
            "hubspot",
            "Rating",
            "Submission Date",
            "Follow up response",
            {
                "email": "Email",
                "external_id": "Contact ID",
                "first_name": "First Name",
                "last_name": "Last Name",
                "customer": "Company Name",
            },
        ),
        ("ask_nicely", "Answer", "Responded", "Comment", {"name": "Name", "email": "Email"}),
        (
            "retently",
            "NPS Score",
            "Survey date",
            "Feedback",
            {
                "email": "Customer Email",
                "first_name": "First name",
                "last_name": "Last name",
                "customer": "Company",
            },
        ),
    ],
)
def test_columns_of_survey_tools(
    tool: str, score: str, day: str, comment: str, person: dict[str, str], tmp_path: Path
) -> None:
    headings, rows = ALL[tool]
    path = tmp_path / f"{tool}.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([headings, *rows])
    table = open_table(path)
    found = find(list(table.headings), [row for _, row in table.rows()])
    at = list(table.headings)
    places = {
        each: getattr(found, each) for each in ("email", "external_id", "name", "first_name", "last_name", "customer")
    }
    assert (name(at, found.score), name(at, found.day), name(at, found.comment)) == (score, day, comment)
    assert {each: name(at, place) for each, place in places.items() if place is not None} == person


@pytest.mark.parametrize(
    "heading",
    ["nps", "NPS score", "NPS", "npsScore", "nps_rating", "Score", "rating", "Likelihood.to.recommend",
     "Likely-To-Recommend", "recommendation_score", "likelihood to recommend", "Likely to recommend", "Answer",
     "Net Promoter Score", "How likely are you to recommend us?", "Would you recommend us to a friend?",
     "Q4. How likely are you to recommend Halvenor to a friend or colleague?", "Survey rating", "NPS (0-10)",
     "On a scale of 0 to 10, how would you rate us?",
     "Wie wahrscheinlich ist es, dass Sie uns weiterempfehlen?",
     "¿Qué tan probable es que recomiende Halvenor a un amigo?",
     "Quelle est la probabilité que vous recommandiez Halvenor ?"],
)  # fmt: skip
def test_score_is_found_by_its_heading(heading: str) -> None:
    assert find(["age", heading, "visits"], [["3", "9", "1"], ["5", "6", "2"], ["8", "", "9"]]).score == 1


@pytest.mark.parametrize(
    "heading",
    ["Age", "Flights.Per.Year", "Loyalty", "Price.Sensitivity", "Column2", "Satisfaction score", "CSAT", "Lead score",
     "Health Score", "Times recommended", "How many people have you recommended us to?", "NPS group", "Previous score",
     "Number of employees", "NPS reason", "Customer effort score", "id", "quarter", "Day.of.Month", "Total score count",
     "How satisfied are you with our support?", ""],
)  # fmt: skip
def test_other_numbers_are_never_the_score(heading: str) -> None:
    with pytest.raises(ImportRefusedError) as refused:
        find([heading, "city"], [["3", "x"], ["9", "y"], ["10", "z"]])
    assert refused.value.code == "no_score"


def test_refusal_names_the_columns_that_could_be_meant() -> None:
    with pytest.raises(ImportRefusedError, match=r"hold numbers from 0 to 10: Loyalty.*The columns are: city, Loyalty"):
        find(["city", "Loyalty"], [["x", "3"], ["y", "9"]])


def test_two_columns_as_good_are_refused_and_named() -> None:
    headings = ["Likelihood to recommend product", "Likelihood to recommend service"]
    with pytest.raises(ImportRefusedError, match="product” and “Likelihood to recommend service") as refused:
        find(headings, [["3", "4"], ["9", "10"]])
    assert refused.value.code == "ambiguous_score"
    assert find(headings, [["3", "4"]], GivenColumns(score="likelihood-to-recommend SERVICE")).score == 1


def test_a_column_with_a_slip_is_not_passed_over_for_one_without() -> None:
    with pytest.raises(ImportRefusedError) as refused:
        find(["score", "rating"], [["9", "1"], ["11", "2"], ["3", "3"]])
    assert refused.value.code == "ambiguous_score"
    assert find(["score", "rating"], [["87", "1"], ["64", "2"], ["3", "3"]]).score == 1


def test_better_heading_wins_over_a_weaker_one() -> None:
    assert find(["rating", "score", "nps_score"], [["3", "4", "9"]]).score == 2
    assert find(["score", "recommend"], [["3", "9"]]).score == 1


def test_a_question_answered_in_words_is_not_the_score() -> None:
    assert find(["Would you recommend us?", "Score"], [["Yes", "9"], ["No", "3"]]).score == 1
    assert find(["NPS Group", "NPS"], [["Promoter", "9"], ["Detractor", "3"]]).score == 1


def test_stars_are_no_score_unless_named() -> None:
    stars: Rows = [[str(1 + number % 5), "x"] for number in range(40)]
    with pytest.raises(ImportRefusedError):
        find(["rating", "city"], stars)
    with pytest.raises(ImportRefusedError) as refused:
        find(["NPS", "city"], stars)
    assert refused.value.code == "other_scale"
    assert find(["rating", "city"], stars, GivenColumns(score="rating")).score == 0


def test_a_few_low_answers_are_a_score_all_the_same() -> None:
    assert find(["NPS"], [["1"], ["5"], ["3"]]).score == 0


def test_impossible_values_do_not_hide_the_score_but_numbers_of_another_kind_do() -> None:
    assert find(["nps"], [["9"], ["11"], ["abc"], ["4"]]).score == 0
    with pytest.raises(ImportRefusedError):
        find(["score"], [["87"], ["64"], ["9"]])


def test_given_column_must_be_there_and_hold_scores() -> None:
    with pytest.raises(ImportRefusedError) as missing:
        find(["nps", "city"], [["9", "x"]], GivenColumns(score="stars"))
    assert missing.value.code == "no_column"
    with pytest.raises(ImportRefusedError) as wrong:
        find(["nps", "city"], [["9", "x"]], GivenColumns(score="city"))
    assert wrong.value.code == "no_score"


@pytest.mark.parametrize(
    ("heading", "is_taken"),
    [
        ("survey_date", True),
        ("response_date", True),
        ("Flight.date", True),
        ("Answered on", True),
        ("Submitted At", True),
        ("Date", True),
        ("Timestamp", True),
        ("Date of birth", False),
        ("renewal_date", False),
        ("Sent at", False),
        ("Signup date", False),
        ("last_login_date", False),
        ("Contract end date", False),
        ("version", False),
    ],
)
def test_day_is_only_that_of_the_answer(heading: str, is_taken: bool) -> None:
    found = find(["nps", heading], [["9", "2026-01-31"], ["3", "2026-02-11"]])
    assert (found.day == 1) is is_taken


def test_day_must_hold_days() -> None:
    assert find(["nps", "response date"], [["9", "yesterday"], ["3", "2026-02-11"]]).day is None


def test_day_first_is_told_by_the_column_itself() -> None:
    assert find(["nps", "date", "born"], [["9", "3/4/26", "1/31/80"], ["3", "23/4/26", "2/28/81"]]).day_first
    assert not find(["nps", "date"], [["9", "3/4/26"], ["3", "4/23/26"]]).day_first


def test_label_rows_are_told_from_answers() -> None:
    assert count_label_rows(QUALTRICS[1]) == 2
    assert count_label_rows(SURVEY_MONKEY[1]) == 1
    assert count_label_rows([["9", "Response"], ["3", "x"]]) == 0
    assert count_label_rows([["9", "fine"]]) == 0
    assert count_label_rows([]) == 0


def test_attributes_are_few_valued_and_tell_nobody() -> None:
    headings = ["nps", "plan", "Email", "phone", "IP Address", "id", "essay", "quarter", "2026", ""]
    rows = [
        ["9", "pro" if number % 2 else "", f"p{number}@x.test", "1", "1", str(number), "x" * 120, "4", "a", "b"]
        for number in range(80)
    ]
    assert find(headings, rows).attributes == (("plan", 1), ("quarter", 7), ("column 2026", 8))


def test_attributes_of_a_longer_label_row_have_its_name() -> None:
    found = find(*SURVEY_MONKEY)
    assert [name for name, _ in found.attributes][-2:] == ["Which team are you in?", "Other (please specify)"]


@pytest.mark.parametrize(("values", "is_kept"), [(60, True), (61, False)])
def test_attribute_of_too_many_values_is_not_kept(values: int, is_kept: bool) -> None:
    rows = [["9", f"v{number % values}"] for number in range(400)]
    assert bool(find(["nps", "city"], rows).attributes) is is_kept
