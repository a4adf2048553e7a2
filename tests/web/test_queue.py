"""The approver's queue, the swap beside the next best, and choosing by hand."""

from datetime import timedelta

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from matching.models import Approval, Match, Request
from references.pool.writing import pool_write
from tests.factories import make_engagement
from tests.matching.factories import invite, make_banker, submit, the_match
from tests.web.conftest import LogIn, read_page
from users.models import User

pytestmark = pytest.mark.django_db(transaction=True)
QUEUE = reverse("web:request-queue")


@pytest.fixture
def waiting(rep: User) -> Match:
    """A match that waits for a manager."""
    make_banker("Nora Lindqvist", title="Head of Risk")
    return the_match(submit(rep))


def text_of(client: Client, address: str = QUEUE) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return read_page(response.content.decode()).text


def decide(client: Client, name: str, match: Match, **data: object) -> list[str]:
    """Post a decision from the queue and give the notices that follow it."""
    data = {"next": QUEUE, "version": match.version, **data}
    response = client.post(reverse(f"web:{name}", args=[match.pk]), data)
    assert (response.status_code, response.headers["Location"]) == (302, QUEUE)
    return [str(each) for each in get_messages(client.get(QUEUE).wsgi_request)]


def test_queue_tells_all_that_a_decision_takes(waiting: Match, manager: User, log_in: LogIn) -> None:
    text = text_of(log_in(manager))
    for words in ("Harbor Bank", "Nora Lindqvist", "Standard", "Fresh", "Banking", "Reference manager", "due"):
        assert words in text


def test_queue_holds_what_is_the_viewers_to_decide(
    rep: User, manager: User, outsider: User, marketer: User, log_in: LogIn
) -> None:
    make_banker("Nora Lindqvist", owner=outsider)
    submit(rep)
    assert "Harbor Bank" in text_of(log_in(outsider))
    assert "Nothing waits for you" in text_of(log_in(rep))
    assert "Nothing waits for you" in text_of(log_in(marketer))


def test_menu_counts_what_waits(waiting: Match, rep: User, manager: User, log_in: LogIn) -> None:
    assert "Queue 1 to decide" in text_of(log_in(manager), "/pool/")
    assert "Queue" not in text_of(log_in(rep), "/pool/")


def test_queue_is_filtered_by_what_is_due(waiting: Match, manager: User, log_in: LogIn) -> None:
    client = log_in(manager)
    assert "Harbor Bank" not in text_of(client, f"{QUEUE}?overdue=true")
    Approval.objects.update(due_at=timezone.now() - timedelta(hours=1))
    assert "overdue" in text_of(client, f"{QUEUE}?overdue=true")
    assert "Harbor Bank" in text_of(client, f"{QUEUE}?step=manager&activity=call")
    assert "Nothing here" in text_of(client, f"{QUEUE}?step=owner")
    assert "Nothing here" in text_of(client, f"{QUEUE}?activity=speaking")


def test_approving_from_the_queue_asks_the_promoter(waiting: Match, manager: User, log_in: LogIn) -> None:
    assert "Approved: Harbor Bank." in decide(log_in(manager), "match-approve", waiting)
    waiting.refresh_from_db()
    assert waiting.status == "invited"


def test_approving_twice_says_that_it_is_decided(waiting: Match, manager: User, log_in: LogIn) -> None:
    client = log_in(manager)
    decide(client, "match-approve", waiting)
    assert "Somebody has changed this meanwhile" in " ".join(decide(client, "match-approve", waiting))


def test_approval_of_somebody_taken_meanwhile_is_explained(waiting: Match, manager: User, log_in: LogIn) -> None:
    with pool_write() as touched:
        waiting.contact.has_opted_out = True
        waiting.contact.save(update_fields=["has_opted_out"])
        touched.add(waiting.contact.customer_id)
    assert "Asked not to be contacted." in decide(log_in(manager), "match-approve", waiting)
    waiting.refresh_from_db()
    assert waiting.status == "manager_review"


def test_tired_promoter_needs_a_reason(waiting: Match, manager: User, log_in: LogIn) -> None:
    Match.objects.filter(pk=waiting.pk).update(band="approval")
    client = log_in(manager)
    assert "Tired: why ask all the same?" in client.get(QUEUE).content.decode()
    assert "is tired" in " ".join(decide(client, "match-approve", waiting))
    decide(client, "match-approve", waiting, reason="They offered it.")
    waiting.refresh_from_db()
    assert waiting.status == "invited"


def test_rejecting_takes_a_reason_and_puts_the_next_best_forward(waiting: Match, manager: User, log_in: LogIn) -> None:
    other, client = make_banker("Owen Marsh"), log_in(manager)
    assert "Say why not" in " ".join(decide(client, "match-reject", waiting, reason=" "))
    decide(client, "match-reject", waiting, reason="Their audit is on.")
    waiting.refresh_from_db()
    assert (waiting.status, the_match(waiting.request).contact) == ("rejected", other)


def test_bulk_decides_each_by_itself(rep: User, manager: User, log_in: LogIn) -> None:
    matches = []
    for name in ("Nora Lindqvist", "Owen Marsh", "Ada Voss"):
        make_banker(name)
        matches.append(the_match(submit(rep, deal=f"Deal of {name[:3]}")))
    Match.objects.filter(pk=matches[0].pk).update(band="approval")
    client, address = log_in(manager), reverse("web:queue-decide")
    ticked = [match.pk for match in matches]
    response = client.post(address, {"match": ticked, "act": "approve", "next": QUEUE})
    told = " ".join(str(each) for each in get_messages(response.wsgi_request))
    assert "2 decided." in told
    assert "Deal of Nor: This promoter is tired" in told
    assert sorted(Match.objects.values_list("status", flat=True)) == ["invited", "invited", "manager_review"]


def test_bulk_rejection_takes_one_reason(waiting: Match, manager: User, log_in: LogIn) -> None:
    client, address = log_in(manager), reverse("web:queue-decide")
    client.post(address, {"match": [waiting.pk], "act": "reject"})
    waiting.refresh_from_db()
    assert waiting.status == "manager_review"
    client.post(address, {"match": [waiting.pk, "x", 10**25], "act": "reject", "reason": "A freeze."})
    waiting.refresh_from_db()
    assert (waiting.status, waiting.approvals.get().reason) == ("rejected", "A freeze.")


def test_bulk_decides_nothing_that_is_not_ones_own(waiting: Match, rep: User, outsider: User, log_in: LogIn) -> None:
    for user in (rep, outsider):
        log_in(user).post(reverse("web:queue-decide"), {"match": [waiting.pk], "act": "approve"})
    waiting.refresh_from_db()
    assert waiting.status == "manager_review"


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"])
def test_decisions_lead_back_only_to_our_own_pages(target: str, waiting: Match, manager: User, log_in: LogIn) -> None:
    client = log_in(manager)
    one = client.post(reverse("web:match-approve", args=[waiting.pk]), {"next": target})
    bulk = client.post(reverse("web:queue-decide"), {"next": target})
    assert "evil" not in one.headers["Location"] + bulk.headers["Location"]
    assert one.headers["Location"].startswith("/requests/")


def test_swap_shows_the_next_best_with_the_difference_and_swaps(waiting: Match, manager: User, log_in: LogIn) -> None:
    other = make_banker("Owen Marsh")
    client, address = log_in(manager), reverse("web:match-swap", args=[waiting.pk])
    text = text_of(client, address)
    assert ("Nora Lindqvist" in text, "Owen Marsh" in text, "Difference" in text) == (True, True, True)
    response = client.post(address, {"contact": other.pk, "reason": "Knows them.", "version": waiting.version})
    assert response.status_code == 302
    waiting.refresh_from_db()
    new = the_match(waiting.request)
    assert (waiting.status, new.contact, new.chosen_by) == ("withdrawn", other, "manager")


def test_swap_against_a_rule_takes_a_managers_reason(waiting: Match, manager: User, log_in: LogIn) -> None:
    other = make_banker("Owen Marsh")
    make_engagement(other, "call", on=timezone.localdate())
    client, address = log_in(manager), reverse("web:match-swap", args=[waiting.pk])
    assert "Why override the rule?" in client.get(address).content.decode()
    refused = client.post(address, {"contact": other.pk})
    assert refused.status_code == 422
    assert "Rests" in refused.content.decode()
    waiting.refresh_from_db()
    assert waiting.status == "manager_review"
    client.post(address, {"contact": other.pk, "override_reason": "They offered it."})
    assert the_match(waiting.request).override_reason == "They offered it."


def test_swap_is_for_managers_and_account_owners(
    waiting: Match, rep: User, manager: User, outsider: User, log_in: LogIn
) -> None:
    address = reverse("web:match-swap", args=[waiting.pk])
    assert log_in(rep).get(address).status_code == 403
    assert log_in(outsider).get(address).status_code == 404


def test_swap_names_nobody_whom_the_account_owner_may_not_see(rep: User, outsider: User, log_in: LogIn) -> None:
    make_banker("Nora Lindqvist", owner=outsider)
    match = the_match(submit(rep))
    make_banker("Owen Marsh", owner=rep)  # the requester sees him, the one who swaps does not
    text = text_of(log_in(outsider), reverse("web:match-swap", args=[match.pk]))
    assert ("Nora Lindqvist" in text, "Owen" in text) == (True, False)


def test_swap_comes_too_late_once_the_promoter_is_asked(rep: User, manager: User, log_in: LogIn) -> None:
    make_banker("Nora Lindqvist")
    match = invite(rep, manager)
    response = log_in(manager).get(reverse("web:match-swap", args=[match.pk]))
    assert (response.status_code, "/requests/" in response.headers["Location"]) == (302, True)


def test_manager_puts_somebody_forward_for_an_unmet_request(rep: User, manager: User, log_in: LogIn) -> None:
    row = submit(rep)
    assert row.status == "unmet"
    tired = make_banker("Nora Lindqvist")
    make_engagement(tired, "call", on=timezone.localdate())
    client = log_in(manager)
    assert "Harbor Bank" in text_of(client, f"{QUEUE}?show=by-hand")
    address = reverse("web:request-propose", args=[row.pk])
    assert "Nora Lindqvist" in text_of(client, address)
    refused = client.post(address, {"contact": tired.pk})
    assert (refused.status_code, "Rests" in refused.content.decode()) == (422, True)
    row.refresh_from_db()
    assert row.status == "unmet"
    client.post(address, {"contact": tired.pk, "override_reason": "They offered it."})
    row.refresh_from_db()
    assert (row.status, row.matches.get().contact) == ("open", tired)


@pytest.mark.parametrize("given", ["", "x", "0", "99999"])
def test_putting_nobody_forward_is_refused(given: str, rep: User, manager: User, log_in: LogIn) -> None:
    row = submit(rep)
    response = log_in(manager).post(reverse("web:request-propose", args=[row.pk]), {"contact": given})
    assert response.status_code == 422
    assert Request.objects.get().status == "unmet"
