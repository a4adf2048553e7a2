"""What other values would change for open requests: yeses, rules, bands, points and due times; never anything else."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from matching.models import Match
from matching.policy_preview import PersonEffect, preview_policy
from matching.services.answering import accept_match
from matching.services.proposing import approvals_for
from references.errors import DomainError
from references.policy import ProgramPolicy
from references.services.policies import save_policy
from tests.factories import make_engagement
from tests.matching.factories import invite, make_banker, submit, the_match
from users.models import User

pytestmark = pytest.mark.django_db(transaction=True)


def effect(values: dict[str, Any]) -> PersonEffect:
    """The one person for whom something would change."""
    ((person,),) = [request.people for request in preview_policy(values).requests]
    return person


def test_preview_of_what_holds_is_empty(rep: User, manager: User) -> None:
    make_banker(owner=manager)
    submit(rep)
    preview = preview_policy({})
    assert (preview.differences, preview.requests, preview.looked_at, preview.is_cut) == ((), (), 1, False)


def test_preview_refuses_what_does_not_hold() -> None:
    with pytest.raises(DomainError) as refusal:
        preview_policy({"caps": {"per_year": "x"}})
    assert (refusal.value.code, refusal.value.field) == ("wrong_setting", "caps.per_year")


def test_preview_tells_whose_yes_would_be_needed(rep: User, manager: User) -> None:
    make_banker(owner=manager)
    match = the_match(submit(rep, deal_value=Decimal(250_000), currency="EUR"))
    person = effect({"approvals": [{"approvers": "both", "min_value": 250_000}]})
    assert (person.match_id, person.before.approvers, person.after.approvers) == (
        match.pk,
        ("owner",),
        ("owner", "manager"),
    )
    assert tuple(each.step for each in approvals_for(match, ProgramPolicy())) == person.before.approvers
    assert (person.before.points, person.barred_by, person.freed_of) == (None, (), ())
    assert preview_policy({"approvals": [{"approvers": "owner"}]}).requests == ()


def test_preview_tells_who_could_no_longer_be_asked(rep: User, manager: User) -> None:
    nora = make_banker("Nora Lindqvist", owner=manager)
    make_engagement(nora, on=timezone.localdate() - timedelta(days=200))
    submit(rep)
    person = effect({"caps": {"per_year": 1}})
    assert (person.barred_by, person.freed_of, person.before.broken) == (("per_year",), (), ())
    assert "Nora" not in person.headline
    save_policy(values={"caps": {"per_year": 1}})
    assert effect({}).freed_of == ("per_year",)


def test_preview_leaves_out_the_hold_of_the_match_itself(rep: User, manager: User) -> None:
    make_banker(owner=manager)
    submit(rep)
    assert preview_policy({"caps": {"per_year": 1, "per_quarter": 1, "customer_per_year": 1}}).requests == ()


def test_preview_tells_of_bands_and_points(rep: User, manager: User) -> None:
    nora = make_banker(owner=manager)
    make_engagement(nora, on=timezone.localdate() - timedelta(days=40))
    match = the_match(submit(rep))
    person = effect({"fatigue": {"soft": 0.01, "needs_approval": 0.02}, "ranking": {"fit_points": 50}})
    assert (person.before.band, person.after.band) == ("fresh", "approval")
    assert person.after.approvers == ("owner", "manager")
    assert person.before.points == pytest.approx(match.score)
    assert person.after.points == pytest.approx(match.score - match.fit / 2)


def test_preview_tells_when_requests_would_be_due(rep: User, manager: User) -> None:
    make_banker(owner=manager)
    request = submit(rep)
    (found,) = preview_policy({"service": {"request_hours": 48}}).requests
    assert (found.request_id, found.due_before, found.people) == (request.pk, request.due_at, ())
    assert found.due_after is not None
    assert found.due_before is not None
    assert found.due_after - found.due_before >= timedelta(days=3)


def test_preview_leaves_alone_who_was_asked_and_what_is_not_open(rep: User, manager: User) -> None:
    make_banker(owner=manager)
    invite(rep, manager)
    preview = preview_policy({"caps": {"per_year": 0}, "service": {"request_hours": 48}})
    assert (preview.requests, preview.looked_at) == ((), 1)
    assert preview_policy({"caps": {"per_year": 0}}).differences[0].key == "caps.per_year"


def test_preview_compares_no_due_time_once_somebody_said_yes(rep: User, manager: User) -> None:
    make_banker(owner=manager)
    accept_match(match=invite(rep, manager), times=[timezone.now() + timedelta(days=5)])
    preview = preview_policy({"service": {"request_hours": 48}})
    assert (preview.requests, preview.looked_at) == ((), 1)


def test_preview_takes_a_constant_number_of_queries_and_writes_nothing(rep: User, manager: User) -> None:
    values: dict[str, Any] = {
        "ranking": {"fit_points": 50}, "caps": {"per_year": 0}, "approvals": [], "service": {"closes": "18:00"},
    }  # fmt: skip

    def count() -> int:
        preview_policy(values)  # the pool index refreshes first
        with CaptureQueriesContext(connection) as queries:
            assert preview_policy(values).requests
        assert all(query["sql"].startswith("SELECT") for query in queries.captured_queries)
        return len(queries)

    make_banker(owner=manager)
    submit(rep)
    once = count()
    for number in range(3):
        make_banker(owner=manager)
        submit(rep, deal=f"Deal {number}", quantity=1 + number)
    assert Match.objects.count() >= 4
    assert count() == once
