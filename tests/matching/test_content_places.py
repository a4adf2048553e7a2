"""Requests in the list of where content is used."""

import pytest

from matching.services.requests import note_content_used
from references.where_used import where_used
from tests.factories import make_case_study, make_testimonial
from tests.matching.factories import make_banker, submit
from users.models import User

pytestmark = pytest.mark.django_db


def test_requests_that_a_piece_served_are_named_to_those_who_see_them(rep: User, outsider: User, manager: User) -> None:
    banker = make_banker("Nora Lindqvist")
    request = submit(rep, deal="Harbor Bank")
    quote = make_testimonial(banker, status="approved")
    story = make_case_study(banker.customer, pk=quote.pk, status="approved")
    note_content_used(request=request, title="A quote", kind="quote", content_id=quote.pk, by=rep)
    assert [(each.name, each.url) for each in where_used(quote, manager)] == [
        ("Harbor Bank", f"/requests/{request.pk}/")
    ]
    assert where_used(quote, outsider) == []
    assert where_used(story, manager) == []
    note_content_used(request=request, title="A story", kind="case_study", content_id=story.pk, by=rep)
    assert [each.name for each in where_used(story, rep)] == ["Harbor Bank"]
