"""Which changes count in a run of mutations."""

import pytest

from mutations.__main__ import Outcome, is_about_strictness


@pytest.mark.parametrize(
    ("added", "is_left_out"),
    [
        ("for one, other in zip(ones, others, strict=False):", True),
        ("for one, other in zip(ones, others, strict=None):", True),
        ("for one, other in zip(ones, others, ):", True),
        ("for one, other in zip(ones, strict=True):", False),
        ("for one, other in zip(ones, None, strict=True):", False),
    ],
)
def test_changes_of_strictness_are_left_out(added: str, is_left_out: bool) -> None:
    removed = "for one, other in zip(ones, others, strict=True):"
    assert is_about_strictness(f"x_pair__mutmut_1\n    -    {removed}\n    +    {added}") == is_left_out


def test_change_that_adds_or_takes_away_lines_or_shows_none_counts() -> None:
    assert not is_about_strictness("x_stop__mutmut_1")
    assert not is_about_strictness("x_stop__mutmut_1\n    -    return 1\n    -    return 2\n    +    return 1")


def test_score_is_the_share_caught_killed_or_without_end() -> None:
    assert Outcome("a.py", 7, 1, ("x", "y"), 1.0).score == 0.8
    assert Outcome("a.py", 0, 0, (), 1.0).score == 0.0
