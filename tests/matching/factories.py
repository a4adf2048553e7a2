"""Factories of requests: a small pool in which one brief finds somebody, and requests at any point of their way."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.utils import timezone

from matching.models import Approval, Match, RecruitingCandidate, RecruitingTask, Request, UnmetDemand
from matching.services.answering import accept_match
from matching.services.approving import approve_match
from matching.services.filling import fill_request
from matching.services.meeting import schedule_match
from matching.services.requests import RequestData, create_request, submit_request
from references.models import Contact, Tag
from tests.factories import make_contact, make_customer, make_tag
from users.models import User

BRIEF = "A bank wants a reference call."


def banking() -> Tag:
    """The tag that BRIEF names."""
    there = Tag.objects.filter(facet="industry", slug="banking").first()
    return there or make_tag("industry", "Banking", synonyms=["bank", "banks"])


def make_banker(name: str | None = None, *, owner: User | None = None, **fields: Any) -> Contact:
    """An active promoter at a bank of their own, who consents to calls; `customer_…` fields are the customer's."""
    of_customer = {
        key.removeprefix("customer_"): fields.pop(key) for key in list(fields) if key.startswith("customer_")
    }
    customer = make_customer(tags=[banking()], account_owner=owner, **of_customer)
    fields = {"consents": ["call", "group_call", "quote"], "email": f"{customer.pk}@customer.test", **fields}
    return make_contact(customer, name, **fields)


def make_request(owner: User, **data: Any) -> Request:
    """A draft for BRIEF, needed in ten days."""
    given: RequestData = {
        "deal": "Harbor Bank",
        "brief": BRIEF,
        "prospects": ["Harbor Bank"],
        "needed_by": timezone.localdate() + timedelta(days=10),
        **data,  # type: ignore[typeddict-item]
    }
    return create_request(owner=owner, data=given)


def submit(owner: User, chosen: Sequence[int] = (), **data: Any) -> Request:
    """A request sent off, its slots filled at once."""
    request = submit_request(request=make_request(owner, **data), by=owner, chosen=chosen)
    fill_request(request=request, by=owner)
    request.refresh_from_db()
    return request


def the_match(request: Request) -> Match:
    """The latest match of a request."""
    return request.matches.order_by("-id")[0]


def make_waiting(contact: Contact, owner: User, *, assignee: User | None = None) -> dict[str, int]:
    """An open request by `owner` that waits for the account owner's yes to a contact, and lacks one more person."""
    request = make_request(owner, quantity=2)
    now = timezone.now()
    Request.objects.filter(pk=request.pk).update(status="open", submitted_at=now, due_at=now)
    fields = {"status": "owner_review", "activity": "call", "on": request.needed_by, "headline": "CFO · Banking"}
    match = Match.objects.create(request=request, contact=contact, **fields)
    approval = Approval.objects.create(match=match, step="owner", assignee=assignee, why="Theirs.", due_at=now)
    demand = UnmetDemand.objects.create(request=request, activity="call", segment={"industry": ["Banking"]})
    task = RecruitingTask.objects.create(demand=demand, assignee=assignee)
    lacks = [{"code": "no_consent", "sentence": "No consent."}]
    RecruitingCandidate.objects.create(task=task, contact=contact, lacks=lacks)
    return {
        "request": request.pk, "match": match.pk, "approval": approval.pk, "unmet-demand": demand.pk,
        "recruiting-task": task.pk,
    }  # fmt: skip


def invite(owner: User, manager: User, **data: Any) -> Match:
    """A match whose promoter has been asked: a banker must be in the pool."""
    match = the_match(submit(owner, **data))
    while match.status in {"owner_review", "manager_review"}:
        approve_match(match=match, by=manager, reason="fits")
        match.refresh_from_db()
    return match


def accept(owner: User, manager: User, **data: Any) -> Match:
    """A match whose promoter has said yes, with two times to choose from."""
    match = invite(owner, manager, **data)
    times = [timezone.now() + timedelta(days=days) for days in (4, 5)]
    return accept_match(match=match, times=times)


def schedule(owner: User, manager: User, **data: Any) -> Match:
    """A match with a time set, in four days."""
    match = accept(owner, manager, **data)
    return schedule_match(match=match, at=timezone.now() + timedelta(days=4), by=owner)
