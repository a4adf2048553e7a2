"""Before a live reference a brief is offered content and group calls; what that saves is counted by deal."""

from datetime import timedelta

import pytest
from django.utils import timezone

from matching.enums import MatchStatus
from matching.ladder import read_ladder
from matching.models import Match, ProofUse
from matching.search import search_references
from matching.services.proof import log_proof_use, say_enough, use_meanwhile
from references.errors import DomainError
from tests.factories import make_consent, make_contact, make_customer, make_tag, make_testimonial
from tests.matching.factories import make_banker, make_request
from users.models import User

pytestmark = pytest.mark.django_db
NOW = timezone.now()


def make_group_call(rep: User, **fields: object) -> Match:
    """A group call of a banker that takes place in a fortnight."""
    banker = make_banker()
    request = make_request(rep, activity="group_call", prospects=["Northmill"])
    given = {"status": MatchStatus.ACCEPTED, "activity": "group_call", "on": NOW.date() + timedelta(days=14), **fields}
    return Match.objects.create(request=request, contact=banker, headline="Head of Risk, bank", **given)


def ladder(user: User, text: str = "A reference call with a bank.") -> tuple[list[int], list[int]]:
    """The ids of content and of group calls that are offered."""
    found = read_ladder(user, search_references(user=user, text=text, lists=["candidates", "content"]))
    return [each.content_id for each in found.content], [each.match_id for each in found.group_calls]


def test_ladder_offers_quotes_that_may_be_used_and_group_calls_that_fit(rep: User) -> None:
    bank = make_tag("industry", "Banking")
    contact = make_contact(make_customer(tags=[bank]), consents=("quote",))
    quote = make_testimonial(contact, "Banking made easy.")
    make_testimonial(make_contact(make_customer(tags=[bank])), "Banking, and nobody may say so.")
    call = make_group_call(rep)
    assert ladder(rep) == ([quote.pk], [call.pk])


@pytest.mark.parametrize("change", [{"status": MatchStatus.DECLINED}, {"on": NOW.date() - timedelta(days=1)}])
def test_group_call_that_does_not_take_place_is_not_offered(rep: User, change: dict[str, object]) -> None:
    make_group_call(rep, **change)
    assert ladder(rep)[1] == []


def test_group_call_of_somebody_who_does_not_fit_is_not_offered(rep: User) -> None:
    make_tag("industry", "Mining")
    make_group_call(rep)
    assert ladder(rep, "A reference call with a company in mining.")[1] == []


def test_use_is_noted_once_by_its_key_and_only_while_it_may_be_used(rep: User) -> None:
    contact = make_contact()
    quote = make_testimonial(contact)
    with pytest.raises(DomainError) as caught:
        log_proof_use(user=rep, piece=quote, creation_key="k")
    assert caught.value.code == "not_usable"
    make_consent(contact, "quote")
    first = log_proof_use(user=rep, piece=quote, creation_key="k", deal="Northmill")
    assert log_proof_use(user=rep, piece=quote, creation_key="k").pk == first.pk
    assert ProofUse.objects.get().deal == "Northmill"


def test_story_used_meanwhile_on_a_request_is_a_use_for_its_deal(rep: User) -> None:
    contact = make_contact(consents=("quote",))
    request = make_request(rep, deal_id="D-7")
    use_meanwhile(request=request, piece=make_testimonial(contact), title="A quote", by=rep)
    request.refresh_from_db()
    assert [used["title"] for used in request.content_used] == ["A quote"]
    use = ProofUse.objects.get()
    assert (use.request, use.deal_id, use.activity) == (request, "D-7", request.activity)


def saved() -> int:
    return ProofUse.objects.saving_calls(NOW).count_calls()


def make_use(rep: User, days: int, **fields: object) -> ProofUse:
    row = ProofUse.objects.create(user=rep, creation_key=f"use {ProofUse.objects.count()}", **fields)
    ProofUse.objects.filter(pk=row.pk).update(used_at=NOW - timedelta(days=days))
    return row


def test_call_is_saved_where_somebody_says_so(rep: User) -> None:
    use = make_use(rep, 1)
    assert saved() == 0
    say_enough(use=use)
    assert saved() == 1
    say_enough(use=use, was_enough=False)
    assert saved() == 0


def test_call_is_saved_where_its_deal_took_none_within_thirty_days(rep: User) -> None:
    make_use(rep, 29, deal_id="D-1")
    assert saved() == 0, "too early to say"
    make_use(rep, 31, deal_id="D-1")
    make_use(rep, 40, deal_id="D-1")
    assert saved() == 1, "several uses for a deal save one call"
    make_use(rep, 31)
    assert saved() == 1, "a deal without an id cannot be followed"


@pytest.mark.parametrize("days_after, still_saved", [(10, 0), (31, 1)])
def test_deal_that_took_a_live_reference_saved_none(rep: User, days_after: int, still_saved: int) -> None:
    make_use(rep, 50, deal_id="D-1")
    said_yes = NOW - timedelta(days=50 - days_after)
    request = make_request(rep, deal_id="D-1")
    Match.objects.create(
        request=request, contact=make_banker(), activity="call", on=NOW.date(), status=MatchStatus.COMPLETED,
        answered_at=said_yes,
    )  # fmt: skip
    assert saved() == still_saved


def test_only_what_stood_for_a_live_reference_saves_a_call(rep: User) -> None:
    make_use(rep, 31, deal_id="D-1", activity="quote", was_enough=True)
    assert saved() == 0
