"""The filters of requests and of what follows from them: each narrows to just its rows, for whoever asks."""

from datetime import timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from django.http import QueryDict
from django.utils import timezone
from django_filters import FilterSet

from matching.enums import TaskStatus
from matching.filters import ApprovalFilter, DemandFilter, RequestFilter, TaskFilter
from matching.models import Approval, RecruitingTask, Request, UnmetDemand
from matching.services.requests import watch_request
from tests.matching.factories import make_banker, make_request, submit
from users.models import User

pytestmark = pytest.mark.django_db


def find(filterset: type[FilterSet], rows: Any, user: User, **query: Any) -> list[Any]:
    data = QueryDict(mutable=True)
    for name, value in query.items():
        data.setlist(name, value if isinstance(value, list) else [value])
    asked = filterset(data, queryset=rows, request=SimpleNamespace(user=user))
    assert asked.form.is_valid(), asked.form.errors
    return list(asked.qs)


def requests(user: User, **query: Any) -> list[str]:
    return [row.deal for row in find(RequestFilter, Request.objects.all(), user, **query)]


@pytest.fixture
def three(rep: User, manager: User, outsider: User) -> None:
    """One by each of the cast: a draft, an urgent one that waits for approval, one that found nobody."""
    soon = timezone.localdate() + timedelta(days=3)
    make_request(rep, deal="Draft", deal_id="CRM-1", deal_value=Decimal(100), currency="USD", prospects=["Müller"])
    submit(outsider, deal="Alone", activity="speaking")
    make_banker()
    submit(manager, deal="Rush", urgency="urgent", needed_by=soon, brief="A bank wants a call with 50% of the board.")


@pytest.mark.usefixtures("three")
def test_requests_are_found_by_each_filter(rep: User, manager: User, outsider: User) -> None:
    assert requests(rep, ordering="created_at") == ["Draft", "Alone", "Rush"]
    assert requests(rep, status="draft") == requests(rep, owner="me") == requests(rep, owner=rep.pk) == ["Draft"]
    assert requests(rep, status=["draft", "unmet"]) == ["Alone", "Draft"]
    assert requests(rep, activity="speaking") == requests(manager, owner=outsider.pk) == ["Alone"]
    assert requests(rep, urgency="urgent") == ["Rush"]
    assert requests(rep, deal_id="CRM-1") == requests(rep, min_value="99.5") == ["Draft"]
    assert requests(rep, min_value="100.01") == []
    day = timezone.localdate() + timedelta(days=4)
    assert requests(rep, needed_by_before=str(day)) == ["Rush"]
    assert requests(rep, needed_by_after=str(day)) == ["Alone", "Draft"]
    assert requests(rep, step="draft") == ["Draft"]
    assert requests(rep, step="unmet") == ["Alone"]
    assert requests(rep, reached="proposed") == ["Rush"]
    assert requests(rep, reached="yes") == requests(rep, served_by_story="true") == []
    assert len(requests(rep, served_by_story="false")) == 3
    hour_ago = (timezone.now() - timedelta(hours=1)).isoformat()
    assert requests(rep, submitted_since=hour_ago) == ["Rush", "Alone"]
    assert requests(rep, submitted_since=timezone.now().isoformat()) == requests(rep, ended_since=hour_ago) == []
    assert requests(rep, created_after=str(day)) == requests(rep, created_before="2020-01-01") == []
    assert requests(rep, updated_since=timezone.now().isoformat()) == []
    assert len(requests(rep, updated_since=(timezone.now() - timedelta(hours=1)).isoformat())) == 3


@pytest.mark.usefixtures("three")
def test_team_is_the_viewers_own_or_named(rep: User, outsider: User) -> None:
    assert requests(rep, team="mine") == requests(outsider, team=rep.team_id) == ["Rush", "Draft"]
    assert requests(outsider, team="mine") == requests(outsider, team=999_999) == requests(rep, team="9" * 18) == []


@pytest.mark.usefixtures("three")
def test_watched_are_those_of_the_viewer(rep: User, manager: User) -> None:
    watch_request(request=Request.objects.get(deal="Rush"), user=rep, is_watching=True)
    assert requests(rep, watched="true") == ["Rush"]
    assert requests(rep, watched="false") == ["Alone", "Draft"]
    assert requests(manager, watched="true") == []


@pytest.mark.usefixtures("three")
def test_due_and_needing_are_found(rep: User) -> None:
    Request.objects.filter(deal="Alone").update(needs_manager="Three were asked.")
    assert requests(rep, needs_manager="true") == ["Alone"]
    assert requests(rep, needs_manager="false") == ["Rush", "Draft"]
    far = (timezone.now() + timedelta(days=30)).isoformat()
    assert requests(rep, due_before=far) == list(
        Request.objects.filter(due_at__isnull=False).values_list("deal", flat=True)
    )
    assert requests(rep, due_before="2020-01-01T00:00:00Z") == []


@pytest.mark.usefixtures("three")
@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("draft", ["Draft"]),
        ("crm-1", ["Draft"]),
        ("Müller", ["Draft"]),
        ("müll harbor", []),
        ("board", ["Rush"]),
        ("50%", ["Rush"]),
        ("%", ["Rush"]),
        ("olly", ["Alone"]),
        ('"', ["Rush", "Alone", "Draft"]),
    ],
)
def test_words_must_all_occur(words: str, found: list[str], rep: User) -> None:
    assert requests(rep, search=words) == found


@pytest.mark.usefixtures("three")
def test_order_puts_rows_without_the_value_last(rep: User) -> None:
    assert requests(rep, ordering="-deal_value")[0] == requests(rep, ordering="deal_value")[0] == "Draft"
    assert requests(rep, ordering="needed_by")[0] == "Rush"


@pytest.mark.parametrize("value", ["you", "-1", "1.5", "mine", "²", "9" * 19])
def test_owner_that_is_no_user_is_an_error(value: str, rep: User) -> None:
    asked = RequestFilter(
        QueryDict(f"owner={value}"), queryset=Request.objects.all(), request=SimpleNamespace(user=rep)
    )
    assert [error.code for error in asked.form.errors.as_data()["owner"]] == ["invalid"]


def test_approvals_are_found_by_step_and_time(rep: User, manager: User, outsider: User) -> None:
    make_banker(owner=outsider)
    submit(rep)
    rows = Approval.objects.pending()
    (row,) = rows

    def found(**query: Any) -> list[Any]:
        return find(ApprovalFilter, rows, manager, **query)

    assert found(step=row.step) == found(activity="call") == found(urgency="normal") == found(overdue="false") == [row]
    assert found(activity="quote") == found(urgency="urgent") == found(overdue="true") == []
    assert found(due_before=timezone.now().isoformat()) == found(needs_manager="true") == []
    Approval.objects.update(due_at=timezone.now() - timedelta(hours=1))
    assert found(overdue="true") == found(due_before=timezone.now().isoformat()) == [row]
    assert found(overdue="false") == []


def test_demands_and_tasks_are_found(rep: User, manager: User) -> None:
    request = submit(rep, deal_value=Decimal("2e6"), currency="USD")
    demand, task = UnmetDemand.objects.get(), RecruitingTask.objects.get()

    def demands(**query: Any) -> list[Any]:
        return find(DemandFilter, UnmetDemand.objects.all(), manager, **query)

    def tasks(**query: Any) -> list[Any]:
        return find(TaskFilter, RecruitingTask.objects.all(), manager, **query)

    today = str(timezone.localdate())
    assert demands(activity="call") == demands(since=today) == demands(min_value="2000000") == [demand]
    assert demands(met="false") == demands(request=request.pk) == [demand]
    assert demands(met="true") == demands(min_value="2000001") == demands(request=request.pk + 1) == []
    assert tasks(status="open") == tasks(assignee="none") == tasks(activity="call") == [task]
    assert tasks(status=TaskStatus.DONE) == tasks(assignee="me") == tasks(assignee=rep.pk) == []
    RecruitingTask.objects.update(assignee=manager)
    assert tasks(assignee="me") == tasks(assignee=manager.pk) == [task]
    assert tasks(assignee="none") == []
