"""Merging two rows that are one: nothing is lost, nothing is loosened, and all of it can be taken back."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from advocacy.models import AskAssignment, PointsAccount
from delivery.models import SignedLink, WebhookDelivery
from references.enums import ContactStatus, DuplicateStatus
from references.errors import DomainError
from references.models import (
    Blackout,
    Consent,
    Contact,
    Customer,
    DuplicatePair,
    Engagement,
    FormerIdentity,
    Merge,
    StateChange,
)
from references.pool.writing import pool_write
from references.services.consents import revoke_consent
from references.services.contacts import change_status
from references.services.erasing import erase_contact
from references.services.merging import (
    find_kept,
    forget_merges,
    merge_rows,
    preview_merge,
    undo_merge,
    why_no_undo,
)
from surveys.models import Invitation, SurveyOptOut
from tests.delivery.hooking import make_webhook
from tests.factories import make_consent, make_contact, make_customer, make_engagement, make_nomination
from tests.references.merging.world import PARTS, assign_both, campaign_of_both, furnish, make_twins, snapshot
from users.models import User

pytestmark = pytest.mark.django_db


def merge(kept: Contact | Customer, gone: Contact | Customer, by: User, taken: set[str] | None = None) -> Merge:
    return merge_rows(kind=kept._meta.model_name or "", kept=kept.pk, gone=gone.pk, taken=taken, by=by)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    mine=st.sets(st.sampled_from(sorted(PARTS))),
    theirs=st.sets(st.sampled_from(sorted(PARTS))),
    taken=st.none() | st.sets(st.sampled_from(["name", "email", "title", "phone"])),
    status=st.sampled_from(list(ContactStatus)),
)
def test_a_merge_of_contacts_undone_restores_every_row(
    manager: User, mine: set[str], theirs: set[str], taken: set[str] | None, status: str
) -> None:
    kept, gone = make_twins(external_id="", status=status, has_opted_out=status == ContactStatus.RETIRED)
    furnish(kept, manager, mine)
    furnish(gone, manager, theirs)
    campaign_of_both(kept, gone)
    before = snapshot()
    done = merge(kept, gone, manager, taken)
    assert not Contact.objects.filter(pk=gone.pk).exists()
    assert snapshot() != before
    undo_merge(merge=done, by=manager)
    assert snapshot() == before


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(parts=st.sets(st.sampled_from(sorted(PARTS))), taken=st.none() | st.sets(st.sampled_from(["name", "domain"])))
def test_a_merge_of_customers_undone_restores_every_row(manager: User, parts: set[str], taken: set[str] | None) -> None:
    one, two = make_contact(email="a@x.example"), make_contact(email="b@y.example")
    furnish(one, manager, parts)
    furnish(two, manager, parts)
    before = snapshot()
    done = merge(one.customer, two.customer, manager, taken)
    assert set(Contact.objects.filter(pk__in=[one.pk, two.pk]).values_list("customer", flat=True)) == {one.customer_id}
    undo_merge(merge=done, by=manager)
    assert snapshot() == before


def test_nothing_that_protects_somebody_is_loosened(manager: User) -> None:
    kept, gone = make_twins(
        status=ContactStatus.PAUSED, paused_until=timezone.localdate() + timedelta(days=30), sensitivity="sensitive",
        activities=["call", "quote"],
    )  # fmt: skip
    furnish(gone, manager, {"blackout", "stop", "consent"})
    merge(kept, gone, manager)
    kept.refresh_from_db()
    assert (kept.status, kept.paused_until) == (ContactStatus.PAUSED, gone.paused_until)
    assert (kept.sensitivity, kept.max_per_quarter, kept.activities) == ("sensitive", 1, ["quote", "call"])
    assert Blackout.objects.filter(contact=kept).count() == 1
    assert SurveyOptOut.objects.filter(contact=kept).exists()
    assert Consent.objects.get(contact=kept).activity == "call"


def test_a_pair_is_open_again_as_if_nobody_had_decided_once_its_merge_is_undone(manager: User) -> None:
    kept, gone = make_twins()
    pair = DuplicatePair.objects.create(kind="contact", first=kept.pk, second=gone.pk, score=90)
    before = snapshot()
    done = merge(kept, gone, manager)
    pair.refresh_from_db()
    assert (pair.status, pair.decided_by) == (DuplicateStatus.MERGED, manager)
    undo_merge(merge=done, by=manager)
    assert snapshot() == before


def test_whoever_opted_out_stays_out(manager: User) -> None:
    kept, gone = make_twins(status=ContactStatus.RETIRED, has_opted_out=True)
    merge(kept, gone, manager)
    kept.refresh_from_db()
    assert (kept.has_opted_out, kept.status) == (True, ContactStatus.RETIRED)


def test_customers_keep_the_stricter_flags_and_all_exclusions(manager: User) -> None:
    kept = make_customer("Acme", exclusions=["Foo"])
    gone = make_customer("Acme GmbH", is_named=False, is_referenceable=False, health="red", exclusions=["Bar"])
    merge(kept, gone, manager)
    kept.refresh_from_db()
    assert (kept.is_named, kept.is_referenceable, kept.health) == (False, False, "red")
    assert kept.exclusions == ["Foo", "Bar"]


def make_namesakes(**fields: Any) -> tuple[Contact, Contact]:
    """Two people of one name, without an address, at two customers."""
    kept = make_contact(make_customer("Acme"), "Ana Lopez", email="")
    return kept, make_contact(make_customer("Acme GmbH"), "Ana López", email="", **fields)


def test_namesakes_without_an_address_are_merged_with_their_customers(manager: User) -> None:
    kept, gone = make_namesakes(has_opted_out=True)
    furnish(kept, manager, {"points"})
    furnish(gone, manager, {"points", "touch", "consent", "link"})
    before = snapshot()
    done = merge(kept.customer, gone.customer, manager)
    assert Contact.objects.values_list("pk", "customer", "has_opted_out").get() == (kept.pk, kept.customer_id, True)
    assert Engagement.objects.get().contact == kept
    assert find_kept("contact", gone.pk) == kept.pk
    along = Merge.objects.get(kind="contact")
    with pytest.raises(DomainError, match="along with their customers"):
        undo_merge(merge=along, by=manager)
    undo_merge(merge=done, by=manager)
    assert snapshot() == before
    assert find_kept("contact", gone.pk) is None


def test_erasing_a_namesake_empties_the_journal_of_the_customers(manager: User) -> None:
    kept, gone = make_namesakes(phone="+49 30 1234567")
    merge(kept.customer, gone.customer, manager)
    erase_contact(contact=kept, by=manager)
    assert list(Merge.objects.values_list("journal", flat=True)) == [[], []]


def test_points_are_added_up_and_old_links_lead_to_who_stays(manager: User) -> None:
    kept, gone = make_twins()
    furnish(kept, manager, {"points"})
    furnish(gone, manager, {"points", "link"})
    merge(kept, gone, manager)
    assert PointsAccount.objects.values_list("contact", "balance", "lifetime").get() == (kept.pk, 60, 100)
    assert SignedLink.objects.get().subject == f"contact:{kept.pk}"
    assert find_kept("contact", gone.pk) == kept.pk


def test_of_two_invitations_to_one_campaign_one_stays(manager: User) -> None:
    kept, gone = make_twins()
    campaign_of_both(kept, gone)
    merge(kept, gone, manager)
    assert Invitation.objects.get().contact_id == kept.pk


@pytest.mark.parametrize("status", ["sent", "skipped"])
def test_of_two_invitations_the_further_one_stays_and_an_undo_gives_both_back(manager: User, status: str) -> None:
    kept, gone = make_twins()
    campaign_of_both(kept, gone)
    mine, other = (Invitation.objects.get(contact=each) for each in (kept, gone))
    Invitation.objects.filter(pk=other.pk).update(status=status)
    before = snapshot()
    done = merge(kept, gone, manager)
    stays = other if status == "sent" else mine
    assert Invitation.objects.values_list("pk", "contact").get() == (stays.pk, kept.pk)
    undo_merge(merge=done, by=manager)
    assert snapshot() == before


def test_what_is_open_for_both_must_be_ended_first(manager: User) -> None:
    kept, gone = make_twins()
    assign_both(kept, gone)
    before = snapshot()
    assert "assignment" in preview_merge(kind="contact", kept=kept.pk, gone=gone.pk).blocked
    with pytest.raises(DomainError, match="Both have the same") as refused:
        merge(kept, gone, manager)
    assert refused.value.code == "merge_blocked"
    assert snapshot() == before
    AskAssignment.objects.filter(contact=gone).update(status="declined")
    merge(kept, gone, manager)
    assert AskAssignment.objects.filter(contact=kept).count() == 2


def test_people_at_two_customers_wait_for_their_customers(manager: User) -> None:
    one, two = make_contact(), make_contact()
    with pytest.raises(DomainError) as refused:
        merge(one, two, manager)
    assert refused.value.code == "customers_first"


def test_a_preview_changes_nothing_and_tells_what_moves(manager: User) -> None:
    kept, gone = make_twins()
    furnish(gone, manager, {"touch", "consent"})
    before = snapshot()
    told = preview_merge(kind="contact", kept=kept.pk, gone=gone.pk)
    assert (told.blocked, told.moved) == ("", {"references.Consent": 1, "references.Engagement": 1})
    assert snapshot() == before
    assert {line.field: line.result for line in told.lines}["max_per_quarter"] == 1


def test_a_preview_tells_the_caps_that_one_person_then_exceeds(manager: User) -> None:
    kept, gone = make_twins(max_per_quarter=None)
    for contact in (kept, gone):
        for days in (20, 50, 80):
            make_engagement(contact, on=timezone.localdate() - timedelta(days=days))
    assert "per_quarter" in preview_merge(kind="contact", kept=kept.pk, gone=gone.pk).breaches


@pytest.mark.parametrize("is_kept_ones", [True, False])
def test_what_one_of_the_two_withdrew_the_older_word_of_the_other_does_not_allow(
    manager: User, is_kept_ones: bool
) -> None:
    kept, gone = make_twins()
    holder, other = (kept, gone) if is_kept_ones else (gone, kept)
    standing = make_consent(holder, "call")
    fine = make_consent(holder, "quote")
    revoke_consent(consent=make_consent(other, "call"), by=manager)
    assert preview_merge(kind="contact", kept=kept.pk, gone=gone.pk).ended == ["call"]
    before = snapshot()
    history = StateChange.objects.filter(subject=f"consent:{standing.pk}").order_by("-pk")
    done = merge(kept, gone, manager)
    assert list(Consent.objects.filter(revoked_at=None)) == [fine]
    assert (history[0].to_status, history[0].by) == ("revoked", manager)
    undo_merge(merge=done, by=manager)
    assert (history[0].to_status, history[0].by) == ("in_force", manager)
    assert snapshot() == before
    standing.refresh_from_db()
    assert standing.revoked_at is None


def test_subscribers_hear_of_a_consent_that_a_merge_ends_and_gives_back(manager: User) -> None:
    kept, gone = make_twins()
    standing = make_consent(kept, "call")
    revoke_consent(consent=make_consent(gone, "call"), by=manager)
    make_webhook(manager, events=["consent.given", "consent.revoked"])
    preview_merge(kind="contact", kept=kept.pk, gone=gone.pk)
    assert not WebhookDelivery.objects.exists()
    done = merge(kept, gone, manager)
    undo_merge(merge=done, by=manager)
    told = list(WebhookDelivery.objects.order_by("pk").values_list("event", "subject"))
    assert told == [("consent.revoked", f"consent:{standing.pk}"), ("consent.given", f"consent:{standing.pk}")]


def test_a_consent_given_after_the_withdrawal_stands(manager: User) -> None:
    kept, gone = make_twins()
    revoke_consent(consent=make_consent(gone, "call"), by=manager)
    revoke_consent(consent=make_consent(gone, "logo"), by=manager)
    make_consent(kept, "call")
    make_consent(gone, "logo")
    merge(kept, gone, manager)
    assert Consent.objects.filter(contact=kept, revoked_at=None).count() == 2


def test_an_undo_is_refused_after_somebody_opted_out(manager: User) -> None:
    kept, gone = make_twins()
    done = merge(kept, gone, manager)
    change_status(contact=Contact.objects.get(pk=kept.pk), to=ContactStatus.RETIRED, has_opted_out=True, by=manager)
    before = snapshot()
    with pytest.raises(DomainError) as refused:
        undo_merge(merge=done, by=manager)
    assert refused.value.code == "changed_since"
    assert snapshot() == before


def test_an_undo_is_refused_after_a_new_blackout_or_spent_points(manager: User) -> None:
    kept, gone = make_twins()
    furnish(kept, manager, {"points"})
    furnish(gone, manager, {"points"})
    done = merge(kept, gone, manager)
    PointsAccount.objects.update(balance=10)
    with pytest.raises(DomainError, match="used since"):
        undo_merge(merge=done, by=manager)
    PointsAccount.objects.update(balance=60)
    furnish(kept, manager, {"blackout"})
    with pytest.raises(DomainError, match="added since"):
        undo_merge(merge=done, by=manager)
    assert Merge.objects.get().undone_at is None


def test_merges_are_undone_last_first_and_only_for_a_time(manager: User) -> None:
    kept, gone = make_twins()
    third = make_contact(kept.customer, "A. Lopez")
    first, second = merge(kept, gone, manager), merge(third, kept, manager)
    assert find_kept("contact", gone.pk) == third.pk
    with pytest.raises(DomainError) as refused:
        undo_merge(merge=first, by=manager)
    assert refused.value.code == "merged_on"
    undo_merge(merge=second, by=manager)
    assert why_no_undo([first]) == {first.pk: ""}
    Merge.objects.filter(pk=first.pk).update(undo_until=timezone.localdate() - timedelta(days=1))
    forget_merges()
    first.refresh_from_db()
    assert first.journal == []
    assert "30 days" in why_no_undo([first])[first.pk]


def test_what_was_said_of_the_one_who_goes_is_said_of_the_one_who_stays(manager: User) -> None:
    kept, gone = make_twins()
    other = make_contact(kept.customer, "Anna Lopes")
    DuplicatePair.objects.create(kind="contact", first=kept.pk, second=gone.pk, score=90)
    DuplicatePair.objects.create(kind="contact", first=gone.pk, second=other.pk, score=75, status="dismissed")
    done = merge(kept, gone, manager)
    assert DuplicatePair.objects.get(first=kept.pk, second=gone.pk).status == DuplicateStatus.MERGED
    assert DuplicatePair.objects.get(first=kept.pk, second=other.pk).status == DuplicateStatus.DISMISSED
    undo_merge(merge=done, by=manager)
    assert DuplicatePair.objects.get(first=kept.pk, second=gone.pk).status == DuplicateStatus.OPEN


def test_what_the_one_who_goes_was_known_by_is_kept_and_the_history_tells(manager: User) -> None:
    kept, gone = make_twins()
    merge(kept, gone, manager)
    known = set(FormerIdentity.objects.filter(contact=kept).values_list("kind", "value"))
    assert ("email", "ana.lopez@acme.example") in known
    assert Contact.objects.get(pk=kept.pk).external_id == "C-9"
    subjects = {f"contact:{kept.pk}", f"contact:{gone.pk}"}
    assert set(StateChange.objects.filter(to_status="merged").values_list("subject", flat=True)) == subjects


def test_ledger_and_moments_move(manager: User) -> None:
    kept, gone = make_twins()
    make_engagement(gone)
    make_nomination(gone)
    with pool_write():
        Engagement.objects.update(note="called")
    assert merge(kept, gone, manager).moved == {"references.Engagement": 1, "references.Nomination": 1}
