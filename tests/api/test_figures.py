"""The figures by API: for managers, as the home page has them, over the periods there are."""

from collections.abc import Callable
from typing import Any

import pytest

from matching.models import UnmetDemand
from tests.api.conftest import client_of, codes
from tests.matching.factories import make_banker, submit
from users.models import User

pytestmark = pytest.mark.django_db


def test_figures_tell_what_waits_and_how_it_goes(manager: User, rep: User, get: Callable[..., Any]) -> None:
    make_banker()
    submit(rep)
    submit(rep, brief="Nobody has this.", activity="speaking", deal_value=5_000, currency="EUR")
    found = get("figures/", manager, days=30)
    assert found["work"]["waiting"] == 1
    assert (found["unmet_this_month"]["noted"], found["unmet_this_month"]["values"]) == (1, {"EUR": 5_000})
    assert found["bands"] == {"fresh": 1, "soft": 0, "approval": 0, "stop": 0}
    standing = {stage["code"]: stage["count"] for stage in found["pipeline"]["standing"] if stage["count"]}
    assert standing == {"manager_review": 1, "unmet": 1}
    assert (found["period"]["days"], found["period"]["submitted"]) == (30, 2)
    assert found["period"]["fill"] == {"part": 0, "whole": 1, "value": None}
    assert found["period"]["to_proposal"] == {"hours": None, "n": 1}
    assert (found["activation"]["part"], found["activation"]["whole"]) == (0, 1)
    assert found["load"]["people"] == 0
    assert UnmetDemand.objects.count() == 1


def test_figures_are_for_managers(rep: User, marketer: User) -> None:
    for user in (rep, marketer):
        assert client_of(user).get("/api/v1/figures/").status_code == 403


def test_figures_look_back_ninety_days_unless_told(manager: User, get: Callable[..., Any]) -> None:
    assert get("figures/", manager)["period"]["days"] == 90


@pytest.mark.parametrize(
    ("query", "code"),
    [({"days": "31"}, "invalid_choice"), ({"day": "30"}, "unknown_parameter"), ({"days": "x"}, "invalid_choice")],
)
def test_figures_of_no_period_are_refused(query: dict[str, str], code: str, manager: User) -> None:
    response = client_of(manager).get("/api/v1/figures/", query)
    assert response.status_code == 400
    assert codes(response) == [(code, next(iter(query)))]
