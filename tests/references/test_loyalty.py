"""The classes of the Net Promoter question."""

import pytest

from references.loyalty import classify_score


def test_classify_score_has_its_edges_where_the_field_has_them() -> None:
    classes = [classify_score(score).value for score in range(11)]
    assert classes == ["detractor"] * 7 + ["passive"] * 2 + ["promoter"] * 2
    assert classify_score(None).value == "unknown"


@pytest.mark.parametrize("score", [-1, 11])
def test_classify_score_outside_its_range_raises(score: int) -> None:
    with pytest.raises(ValueError, match="0 to 10"):
        classify_score(score)
