"""Ranking the pool for a request: who is found is its owner's view, which names are shown the reader's."""

import pytest

from matching.proposing import rank_request
from tests.matching.factories import make_banker, make_request
from users.models import User

pytestmark = pytest.mark.django_db


def test_ranking_shows_the_names_that_its_reader_may_see(rep: User, outsider: User, manager: User) -> None:
    make_banker("Nora Lindqvist", owner=rep)
    request = make_request(rep)
    seen = {
        user.email: rank_request(request, viewer=user).candidates[0].card.promoter_name
        for user in (rep, outsider, manager)
    }
    assert seen == {rep.email: "Nora Lindqvist", outsider.email: None, manager.email: "Nora Lindqvist"}
