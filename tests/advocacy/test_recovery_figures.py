"""The share of those won back, and how sure it is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advocacy.models import RecoveryPlay
from advocacy.recovery_figures import read_recovered, wilson_interval
from tests.advocacy.recovery_plays import make_play
from tests.factories import make_contact


@given(st.integers(1, 500), st.data())
def test_interval_holds_its_share_and_stays_a_share(tries: int, data: st.DataObject) -> None:
    won = data.draw(st.integers(0, tries))
    low, high = wilson_interval(won, tries)
    assert 0 <= low <= won / tries + 1e-12
    assert won / tries - 1e-12 <= high <= 1


def test_interval_is_the_published_one() -> None:
    low, high = wilson_interval(81, 263)  # Newcombe 1998, table I, method 3
    assert (round(low, 4), round(high, 4)) == (0.2553, 0.3662)


def test_share_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="share"):
        wilson_interval(0, 0)


@pytest.mark.django_db
def test_given_up_plays_and_those_without_a_next_score_do_not_count() -> None:
    results = ["recovered", "worse", "same", "", ""]
    for number, result in enumerate(results):
        play = make_play(make_contact(name=f"Person {number}"))
        status = "abandoned" if number == 4 else "done"
        RecoveryPlay.objects.filter(pk=play.pk).update(result=result, status=status)
    found = read_recovered(RecoveryPlay.objects.all())
    assert (found.measured, found.recovered, found.waiting) == (3, 1, 1)
    assert found.share == pytest.approx(1 / 3)
