"""`manage.py match`: the answer as text and as JSON lines, briefs from a file, and plain words for what is wrong."""

import io
import json
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from matching.management.commands.match import Command
from references.models import Contact
from tests.factories import make_case_study, make_consent, make_contact, make_customer, make_engagement, make_tag
from users.models import User

BRIEF = "A bank for a reference call"


def match(*arguments: str) -> str:
    out = io.StringIO()
    call_command("match", *arguments, stdout=out)
    return out.getvalue()


def lines(*arguments: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in match(*arguments).splitlines()]


def refused(*arguments: str) -> str:
    with pytest.raises(CommandError) as caught:
        match(*arguments)
    assert caught.value.returncode == 2
    return str(caught.value)


def timeless(answers: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{key: value for key, value in answer.items() if key != "elapsed_ms"} for answer in answers]


@pytest.fixture
def pool(db: None) -> list[Contact]:
    """Two at one bank, one at another, one who is resting; and a story."""
    banking = make_tag("industry", "Banking", synonyms=["bank"])
    first, second, third = (make_customer(name, tags=[banking]) for name in ("Älpha Bank", "Beta Bank", "Rested Bank"))
    people = [make_contact(customer, f"Person {place}", title="CISO", consents=["call"])
              for place, customer in enumerate((first, first, second, third))]  # fmt: skip
    make_engagement(people[3], "call")
    make_consent(first, "case_study")
    make_case_study(first, "Banking on it")
    return people


def test_text_says_who_why_who_not_and_what_else(pool: list[Contact]) -> None:
    shown = match(BRIEF)
    assert "Understood: industry: Banking" in shown
    assert " 1. Person 0, Älpha Bank (CISO · Banking)" in shown
    assert "      Industry: Banking: exact, +" in shown
    assert (
        "Not now (1):\n  - Person 3, Rested Bank (CISO · Banking): Rests 30 days between engagements. Free again"
        in shown
    )
    assert "To use meanwhile (1):\n  - case study, Älpha Bank: Banking on it" in shown


def test_text_for_an_empty_pool_says_so(db: None) -> None:
    assert "Nobody in the pool may be asked for this now." in match(BRIEF)


def test_json_is_one_line_with_the_promised_keys(pool: list[Contact]) -> None:
    (answer,) = lines(BRIEF, "--json")
    assert {"id", "need", "results", "excluded", "content", "elapsed_ms"} <= answer.keys()
    assert answer["id"] is None
    assert answer["need"]["text"] == BRIEF
    assert answer["elapsed_ms"] > 0
    first = answer["results"][0]
    assert (first["customer"], first["promoter"]) == ("Älpha Bank", "Person 0")
    assert isinstance(first["score"], float)
    assert first["reasons"][0].startswith("Industry: Banking: exact, +")
    (excluded,) = answer["excluded"]
    assert (excluded["customer"], excluded["promoter"]) == ("Rested Bank", "Person 3")
    assert {why["code"] for why in excluded["why_not"]} >= {"rest"}
    assert excluded["next_free"] >= excluded["why_not"][0]["until"]
    (content,) = answer["content"]
    assert (content["kind"], content["customer"], content["title"]) == ("case_study", "Älpha Bank", "Banking on it")


def test_different_customers_come_first(pool: list[Contact]) -> None:
    (answer,) = lines(BRIEF, "--json")
    customers = [each["customer"] for each in answer["results"]]
    assert customers[:2] == ["Älpha Bank", "Beta Bank"]
    assert len(set(customers)) == len(customers)
    assert answer["results"][0]["score"] >= answer["results"][1]["score"]


def write(path: Path, value: Any) -> str:
    path.write_text(value if isinstance(value, str) else json.dumps(value), encoding="utf-8")
    return str(path)


def test_briefs_answer_in_order_and_only_the_text_is_read(pool: list[Contact], tmp_path: Path) -> None:
    plain: list[dict[str, Any]] = [
        {"id": "b-1", "text": BRIEF},
        {"id": 7, "text": "Anyone at all"},
        {"text": "A webinar with a bank"},
    ]
    hinted = [
        {**plain[0], "expect": ["Beta Bank"], "industry": "health", "activity": "speaking", "on": "2020-01-01"},
        {**plain[1], "relevant": {"Beta Bank": 3}},
        {**plain[2], "need": {"readings": []}, "limit": 0},
    ]
    found = lines("--briefs", write(tmp_path / "plain.json", plain))
    assert [answer["id"] for answer in found] == ["b-1", 7, 3], "an entry without an id goes by its place"
    assert [answer["activity"] for answer in found] == ["call", "call", "webinar"]
    assert timeless(lines("--briefs", write(tmp_path / "hinted.json", hinted))) == timeless(found)
    assert timeless(lines("--briefs", write(tmp_path / "bom.json", "\ufeff" + json.dumps(plain)))) == timeless(found)
    assert timeless(lines(BRIEF, "--json"))[0] | {"id": "b-1"} == timeless(found)[0]


def test_no_briefs_give_no_lines(tmp_path: Path) -> None:
    assert match("--briefs", write(tmp_path / "none.json", [])) == ""


def test_limit_is_for_each_kind(pool: list[Contact]) -> None:
    (answer,) = lines(BRIEF, "--json", "--limit", "1")
    assert [len(answer[key]) for key in ("results", "excluded", "content")] == [1, 1, 1]
    assert answer["totals"] == {"results": 2, "excluded": 1, "content": 1}


def test_activity_overrules_the_text(pool: list[Contact]) -> None:
    (answer,) = lines(BRIEF, "--json", "--activity", "site_visit")
    assert answer["activity"] == "site_visit"
    assert answer["results"] == []


def test_as_somebody_shows_what_they_may_see(pool: list[Contact], rep: User) -> None:
    (answer,) = lines(BRIEF, "--json", "--as", "REP@example.test")
    assert answer["results"][0]["customer"] == "Älpha Bank"
    assert answer["results"][0]["promoter"] is None
    assert "Person" not in json.dumps(answer)
    assert " 1. Älpha Bank (CISO · Banking)" in match(BRIEF, "--as", rep.email)


def test_text_comes_from_standard_input(pool: list[Contact], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(BRIEF))
    assert timeless(lines("-", "--json")) == timeless(lines(BRIEF, "--json"))
    monkeypatch.setattr(sys, "stdin", io.StringIO(" \n"))
    assert refused("-") == "text: say in a few words who is needed."


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((), "Give either a text or --briefs FILE."),
        (("text", "--briefs", "x.json"), "Give either a text or --briefs FILE."),
        (("  ",), "text: say in a few words who is needed."),
        (("text", "--limit", "0"), "--limit: give a whole number from 1 up."),
        (("text", "--as", "nobody@example.test"), "--as: no user has the address nobody@example.test."),
    ],
)
def test_wrong_arguments_are_refused(arguments: tuple[str, ...], message: str, db: None) -> None:
    assert refused(*arguments) == message


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ("[{]", "{path} is not JSON: "),
        ("", "{path} is not JSON: "),
        ({"id": 1, "text": "x"}, '{path}: a list of {{"id", "text"}} is wanted.'),
        ([{"id": 1, "text": "x"}, {"id": 2}], '{path}, entry 2: an object with a "text" is wanted.'),
        ([{"text": 5}], '{path}, entry 1: an object with a "text" is wanted.'),
        (["x"], '{path}, entry 1: an object with a "text" is wanted.'),
    ],
)
def test_bad_files_are_refused_before_anything_is_printed(written: Any, message: str, tmp_path: Path) -> None:
    path = tmp_path / "briefs.json"
    write(path, written)
    assert refused("--briefs", str(path)).startswith(message.format(path=path))


def test_files_that_cannot_be_read_are_refused(tmp_path: Path) -> None:
    missing = tmp_path / "missing.json"
    assert refused("--briefs", str(missing)) == f"{missing}: No such file or directory"
    assert refused("--briefs", str(tmp_path)) == f"{tmp_path}: Is a directory"
    latin = tmp_path / "latin.json"
    latin.write_bytes('[{"text": "Zürich"}]'.encode("latin-1"))
    assert refused("--briefs", str(latin)).startswith(f"{latin} is not JSON: ")


def test_command_line_ends_with_code_2_and_no_traceback(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        Command().run_from_argv(["manage.py", "match", "--briefs", str(tmp_path / "missing.json")])
    assert ended.value.code == 2
    shown = capsys.readouterr()
    assert (shown.out, shown.err) == ("", f"CommandError: {tmp_path / 'missing.json'}: No such file or directory\n")
