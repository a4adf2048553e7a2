"""The queue of approvals by API: what waits, for what deal and whom, soonest due first."""

from datetime import timedelta

from django.utils import timezone

from matching.models import Approval
from tests.api.conftest import client_of, ids
from tests.matching.factories import make_banker, submit
from users.models import User

URL = "/api/v1/approvals/"


def test_approval_tells_the_deal_and_the_match(rep: User, manager: User) -> None:
    make_banker("Nora Lindqvist")
    row = submit(rep, deal_value=1000, currency="USD", urgency="urgent")
    (told,) = client_of(manager).get(URL).json()["results"]
    assert (told["request"], told["deal"], told["deal_value"], told["currency"]) == (
        row.pk, "Harbor Bank", "1000.00", "USD",
    )  # fmt: skip
    assert (told["urgency"], told["requester"], told["step"]) == ("urgent", "Robin Rep", "manager")
    assert (told["match"]["name"], told["match"]["can"][0]) == ("Nora Lindqvist", "decide")


def test_soonest_due_comes_first_and_filters_narrow(rep: User, manager: User) -> None:
    make_banker()
    make_banker()
    submit(rep)
    submit(rep, deal="Second")
    late, soon = Approval.objects.order_by("id")
    now = timezone.now()
    Approval.objects.filter(pk=late.pk).update(due_at=now + timedelta(days=5))
    Approval.objects.filter(pk=soon.pk).update(due_at=now - timedelta(hours=1))
    client = client_of(manager)
    assert ids(client.get(URL).json()) == [soon.pk, late.pk]
    assert ids(client.get(URL, {"overdue": "true"}).json()) == [soon.pk]
    due = (now + timedelta(hours=72)).isoformat()
    assert ids(client.get(URL, {"due_before": due, "step": "manager", "activity": "call"}).json()) == [soon.pk]
    assert ids(client.get(URL, {"step": "owner"}).json()) == []
