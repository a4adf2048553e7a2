"""Figures of merit by hand, their bounds by properties, and the command on a small pool."""

import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import strategies as st

from matching.evaluation import compare, measure, ndcg, score_brief, sum_up
from matching.rankers import rank_by_product, rank_by_words
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


def test_sum_up_tells_the_share_with_an_eligible_fit_only_where_it_was_judged() -> None:
    judged = [score_brief(str(place), ["a"], {"a": 3}, 1.0, place < 3) for place in range(4)]
    assert sum_up(judged).eligible_fit == pytest.approx(0.75)
    assert sum_up([score_brief("P1", ["a"], {"a": 3}, 1.0)]).eligible_fit is None


@pytest.fixture
def lighthouses() -> None:
    """Two customers that tell of lighthouses, the first more often and at length, and one that does not."""
    told = {
        "Often": "Lighthouses by lighthouses. " + "Ships pass in the night and nobody sleeps. " * 20,
        "Briefly": "Lighthouses shine.",
        "Never": "Nothing of the kind.",
    }
    for name, text in told.items():
        customer = make_customer(name)
        make_case_study(customer, title="A story", challenge=text)
        make_contact(customer, consents=["call"])


@pytest.mark.django_db
@pytest.mark.usefixtures("lighthouses")
def test_plain_words_favor_the_short_text_and_say_nothing_of_eligibility() -> None:
    ranked = rank_by_words("lighthouses")
    assert (ranked.names[:2], ranked.has_eligible_fit) == (["Briefly", "Often"], None)


@pytest.mark.django_db
def test_nobody_who_may_be_asked_is_no_eligible_fit() -> None:
    customer = make_customer("Silent")
    make_case_study(customer, title="Lighthouses that never sleep")
    make_contact(customer)
    assert rank_by_product("lighthouses").has_eligible_fit is False
    make_contact(customer, consents=["call"])
    assert rank_by_product("lighthouses").has_eligible_fit is True


@pytest.mark.django_db
@pytest.mark.usefixtures("lighthouses")
def test_command_compares_the_rankers_and_names_whom_the_pool_lacks(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    briefs = tmp_path / "briefs.json"
    briefs.write_text(json.dumps([{"id": "P1", "text": "lighthouses", "relevant": {"OFTEN": 3, "Elsewhere": 2}}]))

    call_command("evaluate_matching", "--briefs", str(briefs), "--ranker", "all", "--json")
    report = json.loads(capsys.readouterr().out)
    assert {"product", "bm25f", "bm25"} <= report["rankers"].keys()
    assert {(each["of"], each["less"]) for each in report["comparisons"]} >= {("product", "bm25")}
    assert report["unknown"] == {"P1": ["Elsewhere"]}
    assert report["rankers"]["product"]["eligible_fit"] == 1.0

    call_command("evaluate_matching", "--briefs", str(briefs), "--ranker", "bm25", "--ranker", "bm25f")
    printed = capsys.readouterr()
    assert "1 briefs by bm25f" in printed.out
    assert "NDCG@5 of bm25 − bm25f" in printed.out
    assert "P1: not in the pool, so nobody can find them: Elsewhere" in printed.err


@pytest.mark.django_db
def test_command_refuses_figures_of_other_briefs(tmp_path: Path) -> None:
    briefs, kept = tmp_path / "briefs.json", tmp_path / "kept.json"
    briefs.write_text(json.dumps([{"id": "P1", "text": "lighthouses", "relevant": {"Right": 3}}]))
    kept.write_text(json.dumps([{"brief": "P2", "ndcg": 0.5}]))
    with pytest.raises(CommandError, match="of other briefs"):
        call_command("evaluate_matching", "--briefs", str(briefs), "--compare", str(kept))


def test_command_names_the_entry_at_fault(tmp_path: Path) -> None:
    path = tmp_path / "briefs.json"
    path.write_text('[{"id": 1}]')
    with pytest.raises(CommandError, match="entry 1"):
        call_command("evaluate_matching", "--briefs", str(path))
