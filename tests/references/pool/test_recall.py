"""Columns are worked out once, and the least recently asked give way."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from references.pool.recall import Arrays, Recall

asked: list[str] = []


def ask(recall: Recall, question: str, size: int = 10) -> Arrays:
    def work_out() -> Arrays:
        asked.append(question)
        return (np.full(size, len(question), dtype=np.uint8),)

    return recall.get(question, work_out)


def test_what_is_asked_again_is_not_worked_out_again() -> None:
    asked.clear()
    recall = Recall(most_bytes=100)
    first = ask(recall, "banks")
    assert ask(recall, "banks")[0] is first[0]
    assert asked == ["banks"]


def test_the_least_recently_asked_give_way() -> None:
    asked.clear()
    recall = Recall(most_bytes=25)
    for question in ("a", "b", "a", "c", "a", "b"):
        ask(recall, question)
    assert asked == ["a", "b", "c", "b"]  # c made b give way, and only b was worked out again


def test_what_is_larger_than_all_there_is_room_for_is_given_and_let_go() -> None:
    asked.clear()
    recall = Recall(most_bytes=25)
    ask(recall, "a")
    assert len(ask(recall, "wide", size=30)[0]) == 30
    ask(recall, "a")
    assert asked == ["a", "wide", "a"]


def test_what_fills_all_the_room_is_kept() -> None:
    asked.clear()
    recall = Recall(most_bytes=20)
    for question in ("a", "b", "a", "b"):
        ask(recall, question)
    assert asked == ["a", "b"]


@given(st.lists(st.sampled_from("abcde"), max_size=30), st.integers(0, 40))
def test_kept_are_the_latest_that_there_is_room_for(questions: list[str], room: int) -> None:
    """Against a plain list, the least recently asked first; every question has a size of its own."""
    asked.clear()
    recall = Recall(most_bytes=room)
    sizes = {"a": 3, "b": 7, "c": 10, "d": 15, "e": 25}
    kept: list[str] = []
    expected: list[str] = []
    for question in questions:
        ask(recall, question, size=sizes[question])
        if question not in kept:
            expected.append(question)
        kept = [each for each in kept if each != question] + [question]
        while sum(sizes[each] for each in kept) > room:
            kept.pop(0)
    assert asked == expected
