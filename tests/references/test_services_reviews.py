"""Giving drafts to the customer, and what comes of it."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from delivery.models import OutboxMessage, SignedLink
from references.errors import DomainError
from references.models import CaseStudy, Consent, ContentVersion, StateChange
from references.rights import Use, usable_case_studies
from references.services.content import save_case_study
from references.services.reviews import (
    Allowed,
    LineAnswer,
    approve_draft,
    give_to_customer,
    purpose_of,
    take_back_review,
    wish_changes,
)
from tests.factories import make_case_study, make_contact
from tests.references.reviewing import EVERYWHERE, make_draft, make_reader, make_review
from users.models import User

pytestmark = pytest.mark.django_db


def code_of(refusal: pytest.ExceptionInfo[DomainError]) -> str:
    return refusal.value.code


def test_draft_is_given_line_by_line_with_a_letter(marketer: User) -> None:
    review = make_review(marketer)
    story = CaseStudy.objects.get()
    assert story.status == "with_customer"
    assert list(review.lines.values_list("part", "text")) == [
        ("title", "Closing the books in two days"),
        ("challenge", "It took ten days."),
        ("challenge", "Nobody knew why."),
    ]
    assert purpose_of(review) == "For our web page"
    link = SignedLink.objects.get(purpose="content")
    [letter] = [
        each for each in OutboxMessage.objects.filter(kind="mail") if each.payload["letter"] == "content_review"
    ]
    assert letter.payload["link"] == str(link.pk)


def test_only_drafts_go_to_people_who_can_be_asked(marketer: User) -> None:
    contact = make_reader()
    draft = make_draft(contact, marketer)
    for wrong, code in (
        (make_contact(email="x@other.example"), "wrong_customer"),
        (make_contact(contact.customer, email=""), "no_address"),
        (make_contact(contact.customer, email="y@fjordbank.example", has_opted_out=True), "has_opted_out"),
    ):
        with pytest.raises(DomainError) as refusal:
            give_to_customer(piece=draft, contact=wrong, by=marketer)
        assert code_of(refusal) == code
    give_to_customer(piece=draft, contact=contact, by=marketer)
    with pytest.raises(DomainError) as refusal:
        give_to_customer(piece=draft, contact=contact, by=marketer)
    assert code_of(refusal) == "already_with_customer"
    with pytest.raises(DomainError) as refusal:
        give_to_customer(piece=make_case_study(contact.customer), contact=contact, by=marketer)
    assert code_of(refusal) == "not_a_draft"


def test_approval_records_a_consent_for_this_piece_alone(marketer: User) -> None:
    review = make_review(marketer)
    until = timezone.localdate() + timedelta(days=400)
    approve_draft(
        review=review,
        answers={1: LineAnswer("ok", "Nice.")},
        allowed=Allowed(channels=["web", "event"], is_attributed=False, valid_until=until),
    )
    story = CaseStudy.objects.get()
    assert story.status == "approved"
    consents = Consent.objects.filter(case_study=story, contact=review.contact)
    assert sorted(consents.values_list("channel", "is_attributed", "valid_until")) == [
        ("event", False, until),
        ("web", False, until),
    ]
    assert consents[0].evidence == f"Approved version 1 on {timezone.localdate().isoformat()}."
    assert list(review.lines.values_list("decision", flat=True)) == ["ok"] * 3
    today = timezone.localdate()
    assert not usable_case_studies(CaseStudy.objects.all(), Use(today, "print")).exists()
    assert not usable_case_studies(CaseStudy.objects.all(), Use(today, "web")).get().may_be_named  # type: ignore[attr-defined]
    assert StateChange.objects.filter(to_status="approved", actor="promoter").count() == 1


def test_review_is_answered_once(marketer: User) -> None:
    review = make_review(marketer)
    approve_draft(review=review, answers={}, allowed=EVERYWHERE)
    again: Callable[[], object]
    for again in (
        lambda: approve_draft(review=review, answers={}, allowed=EVERYWHERE),
        lambda: wish_changes(review=review, answers={}, note="No."),
        lambda: take_back_review(review=review, by=marketer),
    ):
        with pytest.raises(DomainError) as refusal:
            again()
        assert code_of(refusal) == "review_over"
    assert Consent.objects.count() == 1


def test_approval_asks_where_until_when_and_for_no_change(marketer: User) -> None:
    review = make_review(marketer)
    yesterday = timezone.localdate() - timedelta(days=1)
    for answers, allowed, code in (
        ({2: LineAnswer("change")}, EVERYWHERE, "changes_wished"),
        ({}, Allowed(channels=[]), "channel_required"),
        ({}, Allowed(channels=["web"], valid_until=yesterday), "until_in_past"),
    ):
        with pytest.raises(DomainError) as refusal:
            approve_draft(review=review, answers=answers, allowed=allowed)
        assert code_of(refusal) == code
    review.refresh_from_db()
    assert (review.status, Consent.objects.count()) == ("waiting", 0)


def test_wished_changes_make_it_a_draft_again(marketer: User) -> None:
    review = make_review(marketer)
    with pytest.raises(DomainError) as refusal:
        wish_changes(review=review, answers={1: LineAnswer("ok")})
    assert code_of(refusal) == "changes_required"
    wish_changes(review=review, answers={2: LineAnswer("change", "Nine.", "It took nine days.")}, note="Else fine.")
    line = review.lines.get(number=2)
    assert (line.decision, line.comment, line.suggestion) == ("change", "Nine.", "It took nine days.")
    assert (CaseStudy.objects.get().status, Consent.objects.count()) == ("draft", 0)


def test_draft_is_taken_back_and_its_link_closed(marketer: User) -> None:
    review = make_review(marketer)
    take_back_review(review=review, by=marketer)
    assert CaseStudy.objects.get().status == "draft"
    assert SignedLink.objects.get(purpose="content").revoked_at is not None
    with pytest.raises(DomainError) as refusal:
        approve_draft(review=review, answers={}, allowed=EVERYWHERE)
    assert code_of(refusal) == "review_over"


def test_every_wording_is_kept_and_the_approved_one_stays(marketer: User) -> None:
    contact = make_reader()
    story = make_draft(contact, marketer)
    save_case_study(case_study=story, customer=contact.customer, contact=contact, data={"results": "Better."})
    save_case_study(case_study=story, customer=contact.customer, contact=contact, data={"url": "https://x.example"})
    kept = ContentVersion.objects.filter(case_study=story).order_by("number").values_list("number", "values__results")
    assert list(kept) == [(1, ""), (2, "Better.")]
    review = give_to_customer(piece=story, contact=contact, by=marketer)
    with pytest.raises(DomainError) as refusal:
        save_case_study(case_study=story, customer=contact.customer, contact=contact, data={"results": "Best."})
    assert code_of(refusal) == "content_with_customer"
    approve_draft(review=review, answers={}, allowed=EVERYWHERE)
    story.refresh_from_db()
    with pytest.raises(DomainError) as refusal:
        save_case_study(case_study=story, customer=contact.customer, contact=contact, data={"results": "Best."})
    assert code_of(refusal) == "content_fixed"
    story.refresh_from_db()
    save_case_study(case_study=story, customer=contact.customer, contact=contact, data={"url": "https://y.example"})
    story.refresh_from_db()
    assert (story.results, story.url, story.status) == ("Better.", "https://y.example", "approved")


def test_words_without_any_approval_may_change_when_published(marketer: User) -> None:
    story = make_case_study(title="As logged", results="Old")
    save_case_study(case_study=story, customer=story.customer, data={"results": "New"})
    kept = ContentVersion.objects.filter(case_study=story).order_by("number").values_list("number", "values__results")
    assert list(kept) == [(1, "Old"), (2, "New")]
    assert CaseStudy.objects.get().status == "published"
