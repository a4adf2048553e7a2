"""Opening a request in one step: made and sent or neither, the same deal not twice, and for whom."""

import pytest

from matching.models import Match, Request
from matching.services.opening import DuplicateRequestError, open_request, owner_by_email
from matching.services.requests import RequestData, create_request
from references.errors import DomainError
from tests.factories import make_policy
from tests.matching.factories import BRIEF, make_banker
from users.models import User

pytestmark = pytest.mark.django_db(transaction=True)
DATA: RequestData = {"deal": "Harbor Bank", "deal_id": "CRM-1", "brief": BRIEF}


def open_for(user: User, key: str = "k1", *, submit: bool = True, allow_duplicate: bool = False) -> Request:
    return open_request(
        owner=user,
        by=user,
        data=DATA,
        via="api",
        creation_key=key,
        submit=submit,
        allow_duplicate=allow_duplicate,
    )


def test_call_that_broke_off_goes_on_where_it_was(rep: User) -> None:
    make_banker()
    draft = create_request(owner=rep, data=DATA, via="api", creation_key="k1")
    row = open_for(rep)
    assert (row.pk, row.status) == (draft.pk, "open")
    assert open_for(rep).pk == draft.pk
    assert Match.objects.count() == 1


def test_what_cannot_be_sent_is_not_made(rep: User) -> None:
    make_policy({"service": {"rush_per_month": 0}})
    with pytest.raises(DomainError) as caught:
        open_request(owner=rep, by=rep, data={**DATA, "urgency": "urgent"}, via="api", creation_key="k1")
    assert caught.value.code == "rush_budget"
    assert not Request.objects.exists()


def test_twin_is_refused_with_the_request_that_is_there(rep: User) -> None:
    first = open_for(rep, submit=False)
    with pytest.raises(DuplicateRequestError) as caught:
        open_for(rep, key="k2")
    assert caught.value.request_id == first.pk
    assert open_for(rep, key="k3", allow_duplicate=True).pk != first.pk


def test_owner_is_whoever_calls_unless_a_manager_says_otherwise(rep: User, manager: User) -> None:
    assert owner_by_email(" REP@example.test", by=rep) == rep
    assert owner_by_email("rep@example.test", by=manager) == rep
    for by, email in ((rep, manager.email), (manager, "")):
        with pytest.raises(DomainError) as caught:
            owner_by_email(email, by=by)
        assert (caught.value.code, caught.value.field) == ("unknown_owner", "owner_email")
