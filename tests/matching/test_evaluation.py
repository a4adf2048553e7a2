"""Figures of merit by hand, their bounds by properties, and the command on a small pool."""

import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import strategies as st

from matching.evaluation import compare, measure, ndcg, score_brief
from tests.factories import make_case_study, make_contact, make_customer


def test_ndcg_by_hand() -> None:
    gained = 7 / 1 + 0 + 3 / 2
    best = 7 / 1 + 3 / 1.5849625 + 1 / 2
    assert ndcg([3, 0, 2], [3, 2, 1], 5) == pytest.approx(gained / best)


def test_score_brief_counts_what_is_good() -> None:
    score = score_brief("P1", ["x", "b", "a"], {"a": 3, "b": 2, "c": 1}, 1.0)
    assert (score.first_is_good, score.reciprocal_rank, score.recall) == (0.0, 0.5, 1.0)


def test_score_brief_without_relevant_answers_is_refused() -> None:
    with pytest.raises(ValueError, match="no relevant answer"):
        score_brief("P1", ["a"], {"a": 0}, 1.0)


@given(st.lists(st.integers(0, 3), max_size=8), st.lists(st.integers(0, 3), min_size=1, max_size=8))
def test_ndcg_is_bounded_and_best_in_the_best_order(found: list[int], grades: list[int]) -> None:
    best = sorted(grades, reverse=True)
    assert ndcg(best, grades, 5) == pytest.approx(1.0 if any(grades) else 0.0)
    assert ndcg(sorted(found, reverse=True), found, 5) >= ndcg(found, found, 5) - 1e-12


def test_measure_holds_the_mean_and_repeats() -> None:
    figure = measure([0.2, 0.4, 0.9, 0.5])
    assert figure.mean == pytest.approx(0.5)
    assert figure.low < figure.mean < figure.high
    assert figure == measure([0.2, 0.4, 0.9, 0.5])


def test_compare_pairs_the_briefs_both_answered() -> None:
    assert compare({"a": 0.5, "b": 0.9}, {"a": 0.4, "c": 0.1}).mean == pytest.approx(0.1)


@pytest.mark.django_db
def test_command_prints_figures_of_both_rankers(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    right = make_customer("Right")
    make_case_study(right, title="Lighthouses that never sleep")
    make_contact(right, consents=["call"])
    make_contact(make_customer("Wrong"), consents=["call"])
    briefs, kept = tmp_path / "briefs.json", tmp_path / "kept.json"
    briefs.write_text(json.dumps([{"id": "P1", "text": "lighthouses", "relevant": {"Right": 3}}]))

    call_command("evaluate_matching", "--briefs", str(briefs), "--ranker", "bm25f", "--save", str(kept))
    call_command("evaluate_matching", "--briefs", str(briefs), "--compare", str(kept))

    printed = capsys.readouterr().out
    assert printed.count("NDCG@5     1.000") == 2
    assert "change of NDCG@5  +0.000" in printed


def test_command_names_the_entry_at_fault(tmp_path: Path) -> None:
    path = tmp_path / "briefs.json"
    path.write_text('[{"id": 1}]')
    with pytest.raises(CommandError, match="entry 1"):
        call_command("evaluate_matching", "--briefs", str(path))
