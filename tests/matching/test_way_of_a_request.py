"""The whole way of a request, from a pasted deal to the letter that tells the promoter how it ended."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core import mail
from django.utils import timezone

from delivery import outbox
from delivery.models import OutboxMessage
from matching.services.answering import accept_match
from matching.services.approving import approve_match
from matching.services.closing import give_feedback, report_outcome
from matching.services.meeting import schedule_match
from references.models import ContactGrant, Engagement
from references.services.disclosures import disclose_contact
from tests.matching.factories import make_banker, submit, the_match
from users.models import User

pytestmark = pytest.mark.django_db(transaction=True)


def deliver_all() -> None:
    """Deliver everything due, as the worker does, until nothing is."""
    while waiting := list(OutboxMessage.objects.waiting().values_list("pk", flat=True)):
        for each in waiting:
            assert outbox.deliver(each), OutboxMessage.objects.get(pk=each).last_error


def letters_to(address: str) -> list[str]:
    return [str(message.subject) for message in mail.outbox if message.to == [address]]


def test_way_of_a_request_from_deal_to_outcome(rep: User, manager: User) -> None:
    nora = make_banker("Nora Lindqvist", owner=manager)
    request = submit(rep, deal_value=Decimal(250_000), currency="EUR")
    match = the_match(request)
    assert (request.status, match.status, match.contact) == ("open", "owner_review", nora)
    assert match.engagement is not None
    assert (match.engagement.status, match.engagement.source) == ("held", f"match:{match.pk}")
    assert sum(term["points"] for term in match.terms) == pytest.approx(match.score)

    approve_match(match=match, by=manager)
    match.refresh_from_db()
    assert (match.status, match.engagement.status) == ("invited", "asked")
    deliver_all()
    assert any("can you help" in subject for subject in letters_to(nora.email))
    assert "Nora" not in " ".join(letters_to(rep.email))

    at = timezone.now() + timedelta(days=5)
    accept_match(match=match, times=[at])
    match.refresh_from_db()
    assert match.status == "accepted"
    assert ContactGrant.objects.in_force().filter(user=rep, contact=nora).exists()
    assert disclose_contact(user=rep, contact=nora, why="arrange the call").email == nora.email

    schedule_match(match=match, at=at, by=rep)
    deliver_all()
    calendars = [each for each in mail.outbox if each.attachments]
    assert {each.to[0] for each in calendars} == {rep.email, nora.email}

    give_feedback(match=match, side="promoter", data={"happened": True, "hours": Decimal("0.75"), "helpful": 5})
    match.refresh_from_db()
    request.refresh_from_db()
    assert (match.status, request.status) == ("completed", "fulfilled")
    row = Engagement.objects.get(source=f"match:{match.pk}")
    assert (row.status, row.effort_hours, row.was_thanked) == ("completed", Decimal("0.75"), True)

    report_outcome(request=request, result="won", value=Decimal(240_000), currency="EUR", by=rep)
    deliver_all()
    request.refresh_from_db()
    assert request.status == "closed"
    assert letters_to(nora.email)[-1] == "How it ended"
    assert OutboxMessage.objects.filter(gave_up_at__isnull=False).count() == 0
