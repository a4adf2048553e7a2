"""What a request corrects of its brief is proposed to the manager, once beside what the find page told."""

import pytest

from matching.services.requests import create_request, edit_request
from references.models import SynonymProposal
from references.services.synonym_proposals import propose_misreading
from tests.factories import make_tag
from users.models import User

pytestmark = pytest.mark.django_db
BRIEF = "A telecomunications group that runs trains."


def proposed() -> list[tuple[str, str, bool, int]]:
    """Words, tag, whether they read wrongly, and how often."""
    return list(SynonymProposal.objects.order_by("pk").values_list("text", "tag__name", "is_misreading", "times"))


def test_a_reading_that_is_left_out_or_confirmed_is_proposed(rep: User) -> None:
    make_tag("industry", "Telecommunications")
    make_tag("industry", "Rail", synonyms=["Trains"])
    corrections = {"added": ["industry:telecommunications"], "dropped": ["industry:rail"]}
    create_request(owner=rep, data={"deal": "Northmill", "brief": BRIEF, "corrections": corrections})
    assert sorted(proposed()) == [("Trains", "Rail", True, 1), ("telecomunications", "Telecommunications", False, 1)]


def test_what_was_told_before_counts_once(rep: User) -> None:
    rail = make_tag("industry", "Rail", synonyms=["Trains"])
    propose_misreading(tag=rail, text="trains")
    corrections = {"dropped": ["industry:rail"]}
    for _ in range(2):
        create_request(owner=rep, data={"deal": "Northmill", "brief": BRIEF, "corrections": corrections})
    assert proposed() == [("Trains", "Rail", True, 1)]


def test_an_edit_that_corrects_the_reading_teaches_and_another_does_not(rep: User) -> None:
    make_tag("industry", "Rail", synonyms=["Trains"])
    row = create_request(owner=rep, data={"deal": "Northmill", "brief": BRIEF})
    edit_request(request=row, data={"why": "It is large."}, by=rep)
    assert proposed() == []
    edit_request(request=row, data={"corrections": {"dropped": ["industry:rail", "industry:none"]}}, by=rep)
    assert proposed() == [("Trains", "Rail", True, 1)]


def test_what_was_read_by_name_or_is_not_wanted_teaches_nothing(rep: User) -> None:
    make_tag("industry", "Rail")
    make_tag("industry", "Telecommunications")
    corrections = {"dropped": ["industry:rail"], "excluded": ["industry:telecommunications"]}
    brief = "A telecomunications group in rail."
    create_request(owner=rep, data={"deal": "Northmill", "brief": brief, "corrections": corrections})
    assert proposed() == []
